"""What bodies show that no event told: open again, made ready, made a draft.

Webhooks get lost, and nobody sends them again; but each body shows its thing as it is
at that instant. What has ended by then and is shown open was opened again by then, at
the latest; a draft that is shown ready was made ready. Whatever an event told of that
very instant outranks what is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.domain.facts import Fact, Fields, Kind, digest
from monitor.domain.items import in_order, instants

# The words of ``shown``.
OPEN: Final = "open"
READY: Final = "ready"
DRAFT: Final = "draft"
REOPENED: Final = "reopened"
CLOSED: Final = "closed"

# How earlier versions stored that a change is shown as a draft.
_STORED_DRAFT: Final = "draft"

_SHOWN_OPEN: Final = frozenset({OPEN, READY, DRAFT, REOPENED})
_BEGINS: Final = frozenset(
    {Kind.CHANGE_OPENED, Kind.TICKET_REOPENED, Kind.TICKET_STARTED}
)
_ENDS: Final = frozenset(
    {
        Kind.CHANGE_CLOSED,
        Kind.CHANGE_MERGED,
        Kind.TICKET_DONE,
        Kind.TICKET_CANCELLED,
    }
)
_DRAFTED: Final = Kind.CHANGE_DRAFTED
_MADE_READY: Final = Kind.CHANGE_READY
_TELLING: Final = _BEGINS | _ENDS | {_DRAFTED, _MADE_READY}
# What a lost event may have undone.
_UNDONE: Final = frozenset({Kind.CHANGE_CLOSED, _DRAFTED})


def with_untold(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """The facts of an item in its order, and those that are only shown by others."""
    # Fields by their place: of every fact asked, their name takes five times as long.
    showing = [fact for fact in facts if "shown" in fact[6] or _STORED_DRAFT in fact[6]]
    if not showing or not _may_be_untold(facts, showing):
        return facts
    by_entity: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact[0] in _TELLING or "shown" in fact[6] or _STORED_DRAFT in fact[6]:
            by_entity.setdefault(fact[2], []).append(fact)
    untold = [fact for own in by_entity.values() for fact in _untold(own)]
    return in_order([*facts, *untold]) if untold else facts


def _may_be_untold(facts: Iterable[Fact], showing: Iterable[Fact]) -> bool:
    """Cheap, because of most nothing is: few were drafts, or closed unmerged."""
    words = {fact[6].get("shown", DRAFT) for fact in showing}
    if DRAFT in words or {REOPENED, CLOSED} <= words:
        return True
    return not _UNDONE.isdisjoint([fact[0] for fact in facts])


def _untold(own: Sequence[Fact]) -> Iterator[Fact]:
    """Of one thing's facts, in order."""
    seen = _Seen()
    for facts in instants(own):
        words = {
            fact.fields.get("shown", DRAFT): fact
            for fact in facts
            if "shown" in fact.fields or _STORED_DRAFT in fact.fields
        }
        yield from seen.at(facts, {fact.kind for fact in facts}, words)


@dataclass(slots=True)
class _Seen:
    """What a thing was before an instant.

    ``again`` is what would open it again; None: it is open, or over for good.
    """

    again: Kind | None = None
    is_draft: bool = False

    def at(
        self, facts: Sequence[Fact], kinds: Collection[Kind], words: dict[str, Fact]
    ) -> Iterator[Fact]:
        """Go past an instant; what is shown of it and not told."""
        begins, ends = not _BEGINS.isdisjoint(kinds), not _ENDS.isdisjoint(kinds)
        shown = next((words[one] for one in sorted(_SHOWN_OPEN & words.keys())), None)
        if begins != ends:
            self.again = _opening_again(facts) if ends else None
        elif not ends and shown is not None and self.again is not None:
            yield _of(self.again, shown)
            self.again = None
        yield from self._drafts(kinds, words)

    def _drafts(
        self, kinds: Collection[Kind], words: dict[str, Fact]
    ) -> Iterator[Fact]:
        """Where it is shown both ways within a second, it became ready in it."""
        drafted, ready = _DRAFTED in kinds, _MADE_READY in kinds
        if drafted or ready:
            self.is_draft = drafted if drafted != ready else self.is_draft
        elif READY in words:
            if self.is_draft:
                yield _of(_MADE_READY, words[READY])
            self.is_draft = False
        elif DRAFT in words:
            if not self.is_draft:
                yield _of(_DRAFTED, words[DRAFT])
            self.is_draft = True


def _opening_again(facts: Sequence[Fact]) -> Kind | None:
    """What undoes an end: none undoes a merge, nor what a tracker's board called done.

    A body that shows an issue open says that it is not closed; it knows no board.
    """
    ends = [fact for fact in facts if fact.kind in _ENDS]
    if all(fact.kind is Kind.CHANGE_CLOSED for fact in ends):
        return Kind.CHANGE_OPENED
    if all(fact.fields.get("shown") == CLOSED for fact in ends):
        return Kind.TICKET_REOPENED
    return None


def _of(kind: Kind, shown: Fact) -> Fact:
    """What a body shows, as the event that told it would: it is nobody's activity."""
    fields: Fields = {"automation": True}
    if "repo" in shown.fields:
        fields["repo"] = shown.fields["repo"]
    identity = digest(str(shown.identity), kind)
    return shown._replace(kind=kind, fields=fields, identity=identity)
