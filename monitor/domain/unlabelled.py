"""Blocks whose label is gone, which no event told: only later bodies show it.

A label may be renamed while it is on an issue, and then taken off by its new name; or
it is deleted, or the word that it was taken off is lost. A body that shows no label
that blocks tells that every block by a label is over by then. It knows nothing of
those that cards and other sources tell, nor of what begins in that very second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from monitor.domain.facts import (
    LABELLED,
    UNLABELLED,
    UNNAMED,
    Fact,
    Fields,
    Kind,
    digest,
)
from monitor.domain.items import in_order, instants
from monitor.domain.opaque import flag_name

# A member of an enumeration costs ten times a global name.
_BLOCKED: Final = Kind.TICKET_BLOCKED
_UNBLOCKED: Final = Kind.TICKET_UNBLOCKED

# By what name a thing is blocked, the facts that say so and that nothing lifted.
_Standing = dict[str, list[Fact]]


def with_unlabelled(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """The facts of an item in its order, and the lifts that are only shown."""
    # Fields by their place: of every fact asked, their name takes five times as long.
    blocks = [fact for fact in facts if fact[0] is _BLOCKED]
    entities = {fact.entity for fact in blocks if _how(fact) == LABELLED}
    if not entities:
        return facts
    by_entity: dict[str, list[Fact]] = {entity: [] for entity in entities}
    for fact in facts:
        if fact.entity in entities and _tells(fact):
            by_entity[fact.entity].append(fact)
    lifts = [fact for own in by_entity.values() for fact in _lifts(own)]
    return in_order([*facts, *lifts]) if lifts else facts


def _tells(fact: Fact) -> bool:
    return fact.kind in (_BLOCKED, _UNBLOCKED) or _how(fact) == UNLABELLED


def _how(fact: Fact) -> str:
    return fact.fields.get("how", "")


def _lifts(own: Sequence[Fact]) -> Iterator[Fact]:
    """Of one thing's facts, in order."""
    standing: _Standing = {}
    for facts in instants(own):
        begun: _Standing = {}
        for fact in facts:
            if fact.kind is _BLOCKED:
                begun.setdefault(flag_name(fact.fields), []).append(fact)
        lifted = _told_lifted(facts, standing.keys() | begun.keys())
        shown = next((fact for fact in facts if _how(fact) == UNLABELLED), None)
        if shown is not None:
            gone = _by_labels_alone(standing) - begun.keys() - lifted
            for name in sorted(gone):
                yield _lift(shown, name, standing.pop(name)[0])
        for name in lifted:
            # What was open closes first, and may begin again; else it ends at once.
            if standing.pop(name, None) is None:
                begun.pop(name, None)
        for name, said in begun.items():
            standing.setdefault(name, []).extend(said)


def _by_labels_alone(standing: _Standing) -> set[str]:
    return {
        name
        for name, said in standing.items()
        if all(_how(fact) == LABELLED for fact in said)
    }


def _told_lifted(facts: Sequence[Fact], names: set[str]) -> set[str]:
    """Which of these blocks the facts of an instant lift: without a name, all."""
    lifted: set[str] = set()
    for fact in facts:
        if fact.kind is _UNBLOCKED:
            name = flag_name(fact.fields)
            lifted |= {name} & names if name or _how(fact) == UNNAMED else names
    return lifted


def _lift(shown: Fact, name: str, block: Fact) -> Fact:
    """What a body shows, as the event that told it would: it is nobody's activity."""
    said = block.fields
    fields: Fields = {"automation": True}
    if name:
        fields["on_team"] = said["on_team"]
    else:
        fields["how"] = UNNAMED
    if "request" in said:
        fields["request"] = said["request"]
    if "repo" in shown.fields:
        fields["repo"] = shown.fields["repo"]
    identity = digest(str(shown.identity), _UNBLOCKED, name)
    return shown._replace(kind=_UNBLOCKED, fields=fields, identity=identity)
