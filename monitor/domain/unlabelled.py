"""Blocks whose label or card is gone, which no event told: only later bodies show it.

A label may be renamed while it is on an issue, and then taken off by its new name; or
it is deleted, or the word that it was taken off is lost. A body that shows no label
that blocks tells that every block by a label is over by then, whatever cards say. It
knows nothing of those that cards and other sources tell, nor of what begins in that
very second. Likewise a card, which has one status: where it shows another, or is taken
off its board, what it said before is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from monitor.domain.facts import (
    LABELLED,
    ON_CARD,
    UNLABELLED,
    Fact,
    Fields,
    Kind,
    digest,
)
from monitor.domain.flags import (
    Flag,
    flag_of,
    is_cards,
    lifted_by,
    lifts_of,
    teller_of,
)
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
    entities = {fact.entity for fact in blocks if teller_of(fact)}
    if not entities:
        return facts
    by_entity: dict[str, list[Fact]] = {entity: [] for entity in entities}
    for fact in facts:
        if fact.entity in entities and _tells(fact):
            by_entity[fact.entity].append(fact)
    lifts = [fact for own in by_entity.values() for fact in _lifts(own)]
    return in_order([*facts, *lifts]) if lifts else facts


def _tells(fact: Fact) -> bool:
    return fact.kind in (_BLOCKED, _UNBLOCKED) or _shown_by(fact) is not None


def _shown_by(fact: Fact) -> str | None:
    """Of which teller it shows that nothing blocks but what begins in that instant.

    Of blocks by cards of no known board nobody knows whether they are one card's.
    """
    how = fact.fields.get("how", "")
    if how == UNLABELLED:
        return LABELLED
    if not is_cards(how):
        return None
    return None if how == ON_CARD and fact.kind in (_BLOCKED, _UNBLOCKED) else how


def _lifts(own: Sequence[Fact]) -> Iterator[Fact]:
    """Of one thing's facts, in order."""
    standing: _Standing = {}
    for facts in instants(own):
        begun: _Standing = {}
        for fact in facts:
            if fact.kind is _BLOCKED:
                begun.setdefault(flag_of(fact), fact)
        lifted = _told_lifted(facts, standing.keys() | begun.keys())
        # Of several that show the same the first.
        shown = {_shown_by(fact): fact for fact in reversed(facts)}
        for flag in sorted(_told_by(shown.keys(), standing, begun) - lifted):
            yield _lift(shown[flag.teller], flag, standing.pop(flag))
        for flag in lifted:
            # What was open closes first, and may begin again; else it ends at once.
            if standing.pop(flag, None) is None:
                begun.pop(flag, None)
        for flag, fact in begun.items():
            standing.setdefault(flag, fact)


def _told_by(
    tellers: AbstractSet[str | None], standing: _Standing, begun: _Standing
) -> set[Flag]:
    """What stands by these, and is not said at this instant or by another source.

    A lift by a label or a card ends what tells of neither, too.
    """
    others = {flag.name for flag in (*standing, *begun) if not flag.teller}
    return {
        flag
        for flag in standing.keys() - begun.keys()
        if flag.teller in tellers and flag.name not in others
    }


def _told_lifted(facts: Sequence[Fact], flags: set[Flag]) -> set[Flag]:
    """Which of these flags the facts of an instant lift."""
    ended: set[Flag] = set()
    for fact in facts:
        if fact.kind is _UNBLOCKED:
            lifted = lifted_by(fact)
            if lifted is None:
                return flags
            ended |= lifted
    return {flag for flag in flags if not ended.isdisjoint(lifts_of(flag))}


def _lift(shown: Fact, flag: Flag, block: Fact) -> Fact:
    """What a body shows, as the event that told it would: it is nobody's activity."""
    said = block.fields
    fields: Fields = {"automation": True, "how": flag.teller}
    if flag.name:
        fields["on_team"] = said["on_team"]
    if "request" in said:
        fields["request"] = said["request"]
    if "repo" in shown.fields:
        fields["repo"] = shown.fields["repo"]
    identity = digest(str(shown.identity), _UNBLOCKED, flag.name)
    return shown._replace(kind=_UNBLOCKED, fields=fields, identity=identity)
