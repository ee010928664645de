"""What facts name and nobody claims, each combination of references asked about once.

Facts name the same few things again and again. A claim may begin or end, so that what
is remembered of a combination is when the answer holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from monitor.domain.facts import Fact, Fields, Kind
from monitor.domain.memos import Memo
from monitor.domain.references import references_of
from monitor.domain.teams import BEGINNING, Directory
from monitor.domain.working_time import FOREVER

# What facts name that a directory may not know: looked at in every fact, so only what
# many of them have.
_OFTEN: Final = ("team", "on_team", "repo", "service", "project")
_SELDOM: Final = ("to_team", "requester_team", "group")
_RARE: Final = frozenset((*_SELDOM, "cause_teams", "teams", "blocker"))
_NAMING: Final = _RARE.union(_OFTEN, ("pool",))
# Kinds of which the key may tell the project, or the repository.
_OF_TICKETS: Final = frozenset(k for k in Kind if k.startswith(("ticket.", "link.")))

_Named = tuple[object, ...]
# What is remembered as asked about weighs no more: some twenty thousand combinations.
_MOST: Final = 20_000_000
# A native event's name has 1,000 characters at most, and its kind stands before it.
_LONGEST: Final = 1_100


@dataclass(slots=True)
class Asking:
    """Remembers of what was asked about from when to when (ms) the answer is told."""

    directory: Directory
    _told: Memo[_Named, tuple[int, int]] = field(default_factory=lambda: Memo(_MOST))

    def add(self, facts: Iterable[Fact], unclaimed: set[str]) -> None:
        """Add what the facts name and nobody claims at their time, unless told before.

        Every reference is told at least once, in whatever order the facts come, but for
        those that are no names: they are kept, and longer than any.
        """
        told = self._told
        for fact in facts:
            kind, time, entity, _, _, _, fields, _ = fact
            is_ticket = kind in _OF_TICKETS
            if not _NAMING.isdisjoint(fields):
                named: _Named = tuple(map(fields.get, _OFTEN))
                if "pool" in fields:
                    named += ((fields.get("hosted"), *fields["pool"]),)
                if not _RARE.isdisjoint(fields):
                    named += _rare(fields)
            elif is_ticket:
                named = ()
            else:
                continue
            if is_ticket and "project" not in fields:
                named += (_place(entity),)
            span = told.get(named)
            if span is None or not span[0] <= time < span[1]:
                self._ask(named, fact, unclaimed)

    def _ask(self, named: _Named, fact: Fact, unclaimed: set[str]) -> None:
        since, until = BEGINNING, FOREVER
        for one in references_of(fact, self.directory):
            if one.is_gap(fact.time) and len(one.reference) <= _LONGEST:
                unclaimed.add(one.reference)
            for start, _ in one.schedule:
                if start > fact.time:
                    until = min(until, start)
                else:
                    since = max(since, start)
        self._told.keep(named, (since, until))


def _rare(fields: Fields) -> _Named:
    return (
        *map(fields.get, _SELDOM),
        tuple(fields.get("cause_teams", ())),
        tuple(fields.get("teams", ())),
        _place(fields.get("blocker", "")),
    )


def _place(key: str) -> str:
    """What a ticket's key tells of where it is: all of it but its number.

    With the sign before it, because a project and a repository may be called alike.
    """
    place = key.rstrip("0123456789")
    return place if place != key and place.endswith(("-", "#")) else ""
