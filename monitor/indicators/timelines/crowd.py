"""What is open of an item from one instant to the next, and what of it halts.

A wait that begins or ends changes some counts: nothing looks at all open waits again.
So thousands that are open at once cost no more than as many one after the other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Final

from monitor.domain.items import FOREVER
from monitor.domain.timeline import Component, Sort
from monitor.indicators.timelines.standing import (
    NOTHING,
    PENDING,
    STALE,
    Verdict,
    by_start,
)
from monitor.indicators.waits.intervals import TICKET_LEVEL, Span, Stretch
from monitor.indicators.waits.shares import shares_of

# What open waits have in common that say the same: for what, for which teams, whether
# it is pending and whether it pauses. With how many of them are open.
_Alike = tuple[Component, tuple[str, ...], bool, bool]
_Counts = dict[_Alike, int]
# An instant, whether the change closes there (else it opens), and the change.
_Turn = tuple[int, bool, str]

# Who covers a change: somebody else whoever asks; else one team, or (None) nobody.
_ANYBODY: Final = ""


@dataclass(slots=True)
class Crowd:
    """Keeps counts of what is open, by what says the same."""

    stale: Mapping[str, Sequence[Span]]
    # What begins later, the next one last; and a heap of what is open: until when it
    # says the same, its place in the order of entry, itself and whether it pauses.
    _ahead: list[Stretch]
    _turns: list[_Turn]
    _live: list[tuple[int, int, Stretch, bool]] = field(default_factory=list)
    _entered: int = 0
    _of_ticket: _Counts = field(default_factory=dict)
    _of_level: dict[str, _Counts] = field(default_factory=dict)
    # The levels together: of the changes that are open, and of all others.
    _of_open: _Counts = field(default_factory=dict)
    _of_rest: _Counts = field(default_factory=dict)
    _open: dict[str, int] = field(default_factory=dict)
    # Who covers each open change, and how many of them are covered by whom.
    _cover_of: dict[str, str | None] = field(default_factory=dict)
    _covered: dict[str | None, int] = field(default_factory=dict)
    _asked: str | None = None
    _answer: Verdict = NOTHING

    def advance(self, instant: int) -> bool:
        """Go on to an instant; whether any wait is open there."""
        ahead, live, turns = self._ahead, self._live, self._turns
        while turns and turns[-1][0] <= instant:
            self._turn(*turns.pop()[1:])
        while ahead and ahead[-1].start <= instant:
            self._enter(ahead.pop(), instant)
        while live and live[0][0] <= instant:
            _, _, stretch, paused = heappop(live)
            self._count(stretch, paused, -1)
            self._enter(stretch, instant)
        return bool(live)

    def halt(self, team: str) -> Verdict:
        """What halts the item now while the team is charged."""
        if team != self._asked:
            self._asked, self._answer = team, _halt(self._halting(team), team)
        return self._answer

    def gives_to(self, team: str) -> bool:
        """Whether an open handoff gives the item to the team."""
        return any(
            component is Component.HANDOFF and names[0] == team
            for component, names, _, _ in self._of_ticket
        )

    def _halting(self, team: str) -> Sequence[_Counts]:
        if not self._open:
            return (self._of_ticket, self._of_rest)
        covered = self._covered
        if covered.get(None) or covered.get(team):
            return (self._of_ticket,)
        return (self._of_ticket, self._of_open)

    def _enter(self, stretch: Stretch, instant: int) -> None:
        """Open the stretch, if it is not over, until it ends, pauses or goes on."""
        until, paused = stretch.end, False
        if until <= instant:
            return
        if stretch.stale_by is not None:
            pauses = self.stale[stretch.stale_by]
            if pauses:
                paused, turn = _pause(pauses, instant)
                until = min(until, turn)
        self._entered += 1
        heappush(self._live, (until, self._entered, stretch, paused))
        self._count(stretch, paused, 1)

    def _count(self, stretch: Stretch, paused: bool, by: int) -> None:
        alike = (stretch.component, stretch.names, stretch.pending, paused)
        level, together = stretch.level, self._of_ticket
        if level != TICKET_LEVEL:
            is_open = level in self._open
            together = self._of_open if is_open else self._of_rest
            counts = self._of_level.setdefault(level, {})
            if _added(counts, alike, by) and is_open:
                self._cover(level, _cover(counts))
        if _added(together, alike, by):
            self._asked = None

    def _turn(self, closes: bool, change: str) -> None:
        """Open or close a change; what closes and opens again has stayed open."""
        times = self._open.pop(change, 0) + (-1 if closes else 1)
        if times:
            self._open[change] = times
        if closes and not times:
            self._move(change, self._of_open, self._of_rest)
            self._uncover(change)
        elif times == 1 and not closes:
            self._move(change, self._of_rest, self._of_open)
            self._cover(change, _cover(self._of_level.get(change, ())))

    def _move(self, change: str, source: _Counts, target: _Counts) -> None:
        """Count what is open of a change among the changes that it belongs to now."""
        for alike, count in self._of_level.get(change, {}).items():
            _added(source, alike, -count)
            _added(target, alike, count)

    def _cover(self, change: str, by_whom: str | None) -> None:
        self._uncover(change)
        self._cover_of[change] = by_whom
        self._covered[by_whom] = self._covered.get(by_whom, 0) + 1

    def _uncover(self, change: str) -> None:
        """Forget who covers an open change, if it is known."""
        self._asked = None
        if change in self._cover_of:
            self._covered[self._cover_of.pop(change)] -= 1


def crowd(
    stretches: Iterable[Stretch],
    stale: Mapping[str, Sequence[Span]],
    open_changes: Mapping[str, Sequence[Span]],
) -> Crowd:
    """What is open of the stretches before any instant: nothing yet."""
    ahead = by_start(stretches)
    turns: list[_Turn] = []
    # Where only the ticket waits, it does not matter which changes are open.
    if open_changes and any(one.level != TICKET_LEVEL for one in ahead):
        for change, spans in open_changes.items():
            for start, end in spans:
                turns += ((start, False, change), (end, True, change))
        turns.sort(reverse=True)
    return Crowd(stale, ahead, turns)


def _pause(pauses: Sequence[Span], instant: int) -> tuple[bool, int]:
    """Whether an instant is in a pause, and when that is so no more."""
    following = bisect_right(pauses, (instant, FOREVER))
    if following and pauses[following - 1][1] > instant:
        return True, pauses[following - 1][1]
    return False, pauses[following][0] if following < len(pauses) else FOREVER


def _added(counts: _Counts, alike: _Alike, by: int) -> bool:
    """Count; whether there are any now and were none, or the other way round."""
    before = counts.get(alike, 0)
    if before + by:
        counts[alike] = before + by
        return not before
    del counts[alike]
    return True


def _cover(counts: Iterable[_Alike]) -> str | None:
    """Who is waited for at a change: its wait is foreign to everybody else."""
    names: set[str] = set()
    for _, named, pending, _ in counts:
        if pending:
            return _ANYBODY
        names.update(named)
    if len(names) == 1:
        return names.pop()
    return _ANYBODY if names else None


def _halt(halting: Iterable[_Counts], team: str) -> Verdict:
    found: set[tuple[Component, str]] = set()
    waits = pending = False
    for counts in halting:
        for component, names, is_pending, paused in counts:
            pending = pending or is_pending
            for name in names if not is_pending else ():
                if name != team:
                    waits = True
                    if not paused:
                        found.add((component, name))
    if found:
        return Verdict(Sort.WAIT, "", shares_of(sorted(found)))
    if waits:
        return STALE
    return PENDING if pending else NOTHING
