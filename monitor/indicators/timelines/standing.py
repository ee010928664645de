"""What is open of an item at one instant after the other, and what of it halts.

Waits of the ticket halt always; those of changes where every open change of the item
has one, or none is open (indicators 1.2). `crowd.py` finds the same where it is many.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final, NamedTuple, Protocol

from monitor.domain.timeline import Component, Sort
from monitor.indicators.waits.intervals import TICKET_LEVEL, Span, Stretch, covers
from monitor.indicators.waits.shares import Named, Share, shares_of

_BEGINS: Final = attrgetter("start")
# A member of an enumeration costs ten times a global name.
_WAITS: Final = Sort.WAIT


class Verdict(NamedTuple):
    """What an instant of an item is: a state, and who is waited for."""

    sort: Sort | None
    phase: str = ""
    shares: Sequence[Share] = ()


STALE: Final = Verdict(Sort.UNACCRUED, "stale")
PENDING: Final = Verdict(Sort.UNACCRUED, "pending")
NOTHING: Final = Verdict(None)


class Standing(Protocol):
    """The open waits of one item; instants are asked for in order."""

    def advance(self, instant: int) -> bool:
        """Go on to an instant; whether any wait is open there."""

    def halt(self, team: str) -> Verdict:
        """What halts the item now while the team is charged.

        It waits, is STALE where all of its waits pause, PENDING where it only has
        failures that nobody is charged for yet, and else NOTHING.
        """

    def gives_to(self, team: str) -> bool:
        """Whether an open handoff gives the item to the team."""


def by_start(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The stretches, of which the last one begins first."""
    return sorted(stretches, key=_BEGINS, reverse=True)


@dataclass(slots=True)
class Few:
    """Looks at every open wait at every instant: the fastest for a few dozen."""

    stale: Mapping[str, Sequence[Span]]
    open_changes: Mapping[str, Sequence[Span]]
    _ahead: list[Stretch]
    _live: list[Stretch] = field(default_factory=list)
    _instant: int = 0

    def advance(self, instant: int) -> bool:
        """Go on to an instant; whether any wait is open there."""
        self._instant = instant
        ahead, live = self._ahead, self._live
        while ahead and ahead[-1].start <= instant:
            live.append(ahead.pop())
        if live:
            self._live = live = [s for s in live if s.end > instant]
        return bool(live)

    def halt(self, team: str) -> Verdict:
        """What halts the item now while the team is charged."""
        halting = self._halting(team)
        waits = [s for s in halting if not s.pending]
        if not waits:
            return PENDING if halting else NOTHING
        accruing = [s for s in waits if not self._is_stale(s)]
        if not accruing:
            return STALE
        return Verdict(_WAITS, "", shares_of(_named(accruing, team)))

    def gives_to(self, team: str) -> bool:
        """Whether an open handoff gives the item to the team."""
        return any(
            s.component is Component.HANDOFF and s.names[0] == team for s in self._live
        )

    def _halting(self, team: str) -> list[Stretch]:
        foreign = [s for s in self._live if s.pending or _names_other(s, team)]
        if _halt_all(foreign):
            return foreign
        instant, changes = self._instant, self.open_changes
        opened = {change for change, at in changes.items() if covers(at, instant)}
        if not opened:
            return foreign
        covered = opened <= {s.level for s in foreign}
        return [
            s
            for s in foreign
            if s.level == TICKET_LEVEL or (covered and s.level in opened)
        ]

    def _is_stale(self, stretch: Stretch) -> bool:
        if stretch.stale_by is None:
            return False
        paused = self.stale[stretch.stale_by]
        return bool(paused) and covers(paused, self._instant)


def _names_other(stretch: Stretch, team: str) -> bool:
    names = stretch.names
    if len(names) == 1:
        return names[0] != team
    return any(name != team for name in names)


def _halt_all(stretches: Sequence[Stretch]) -> bool:
    """Whether each of them halts the whole item, whatever changes are open."""
    for stretch in stretches:  # noqa: SIM110 - a generator takes twice the time
        if stretch.level != TICKET_LEVEL:
            return False
    return True


def _named(waits: Sequence[Stretch], team: str) -> Sequence[Named]:
    if len(waits) == 1 and len(waits[0].names) == 1:
        return ((waits[0].component, waits[0].names[0]),)
    return sorted({(s.component, n) for s in waits for n in s.names if n != team})
