"""Blocks whose label is gone, which no event told: only later bodies show it.

A label may be renamed while it is on an issue, and then taken off by its new name; or
it is deleted, or the word that it was taken off is lost. A body that shows no label
that blocks tells that every block by a label is over by then, whatever cards say. It
knows nothing of those that cards and other sources tell, nor of what begins in that
very second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from monitor.domain.facts import (
    LABELLED,
    UNLABELLED,
    Fact,
    Fields,
    Kind,
    digest,
)
from monitor.domain.flags import Flag, flag_of, lifted_by
from monitor.domain.items import in_order, instants

# A member of an enumeration costs ten times a global name.
_BLOCKED: Final = Kind.TICKET_BLOCKED
_UNBLOCKED: Final = Kind.TICKET_UNBLOCKED

# The flags of a thing that nothing lifted, with the first fact that says so.
_Standing = dict[Flag, Fact]


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
                begun.setdefault(flag_of(fact), fact)
        lifted = _told_lifted(facts, standing.keys() | begun.keys())
        shown = next((fact for fact in facts if _how(fact) == UNLABELLED), None)
        if shown is not None:
            gone = _of_labels(standing, begun) - lifted
            for flag in sorted(gone):
                yield _lift(shown, flag, standing.pop(flag))
        for flag in lifted:
            # What was open closes first, and may begin again; else it ends at once.
            if standing.pop(flag, None) is None:
                begun.pop(flag, None)
        for flag, fact in begun.items():
            standing.setdefault(flag, fact)


def _of_labels(standing: _Standing, begun: _Standing) -> set[Flag]:
    """What stands by labels, and is not said at this instant or by another source.

    A lift by a label ends what tells of neither label nor card, too.
    """
    others = {flag.name for flag in (*standing, *begun) if not flag.teller}
    return {
        flag
        for flag in standing.keys() - begun.keys()
        if flag.teller == LABELLED and flag.name not in others
    }


def _told_lifted(facts: Sequence[Fact], flags: set[Flag]) -> set[Flag]:
    """Which of these flags the facts of an instant lift."""
    lifted: set[Flag] = set()
    for fact in facts:
        if fact.kind is _UNBLOCKED:
            ended = lifted_by(fact)
            lifted |= flags if ended is None else ended & flags
    return lifted


def _lift(shown: Fact, flag: Flag, block: Fact) -> Fact:
    """What a body shows, as the event that told it would: it is nobody's activity."""
    said = block.fields
    fields: Fields = {"automation": True, "how": LABELLED}
    if flag.name:
        fields["on_team"] = said["on_team"]
    if "request" in said:
        fields["request"] = said["request"]
    if "repo" in shown.fields:
        fields["repo"] = shown.fields["repo"]
    identity = digest(str(shown.identity), _UNBLOCKED, flag.name)
    return shown._replace(kind=_UNBLOCKED, fields=fields, identity=identity)
