"""From stretches to segments: one item, one second.

Between two neighbouring boundaries nothing changes, so each elementary interval
is judged once: response before waiting before active, or nothing accrues.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter, itemgetter
from typing import Final, NamedTuple

from monitor.domain.items import FOREVER
from monitor.domain.model import Model
from monitor.domain.teams import Directory
from monitor.domain.timeline import UNIT, Component, Segment, Sort
from monitor.indicators.charges import Charge, charges_between
from monitor.indicators.episode import Episode
from monitor.indicators.failures import OwnFailure
from monitor.indicators.flight import Flight, Mode
from monitor.indicators.intervals import TICKET_LEVEL, Stretch, distinct
from monitor.indicators.shares import Named, shares_of

Span = tuple[int, int]


@dataclass(slots=True)
class Sweep:
    """Everything an item's sweep reads; all spans are in milliseconds UTC.

    Nobody changes one. Frozen it would take six times as long to make.
    """

    item: str
    flights: Sequence[Flight]
    modes: Sequence[Mode]
    charged: Sequence[Charge]
    origin: str
    classes: Sequence[tuple[int, str]]
    stretches: Sequence[Stretch]
    own_failures: Sequence[OwnFailure]
    open_changes: dict[str, tuple[Span, ...]]
    idle: Sequence[Span]
    stale: dict[str, Sequence[Span]]
    active: bool = True  # deploys accrue no active time


class Verdict(NamedTuple):
    """What one elementary interval is: a state, and who is waited for."""

    sort: Sort | None
    phase: str = ""
    named: Sequence[Named] = ()


_ACTIVE: Final = Verdict(Sort.ACTIVE)
_IDLE: Final = Verdict(Sort.UNACCRUED, "idle")
_STALE: Final = Verdict(Sort.UNACCRUED, "stale")
_PENDING: Final = Verdict(Sort.UNACCRUED, "pending")
_INTERNAL: Final = Verdict(Sort.UNACCRUED, "internal")
_NOTHING: Final = Verdict(None)
_BEGINS: Final = attrgetter("start")
_SINCE: Final = itemgetter(0)
# Of more stretches open at once it pays to look for those that say the same.
_MANY: Final = 32

# What segments that may be joined have in common, and where the last one lies.
_Kind = tuple[Sort, str, str, str, str, int]


@dataclass(slots=True)
class Sweeper:
    """Walks the boundaries of one item in order and collects its segments."""

    sweep: Sweep
    directory: Directory
    model: Model
    _found: list[tuple[_Kind, list[int]]] = field(default_factory=list)
    _last: dict[_Kind, list[int]] = field(default_factory=dict)
    # Stretches that begin later, the next one last; and those that are open.
    _ahead: list[Stretch] = field(default_factory=list)
    _live: list[Stretch] = field(default_factory=list)

    def run(self) -> tuple[Segment, ...]:
        """The item's segments, neighbours of one kind joined, by first instant."""
        bounds = _bounds(self.sweep)
        self._ahead = sorted(self.sweep.stretches, key=_BEGINS, reverse=True)
        for flight in self.sweep.flights:
            episode = Episode(self.model.d0_ms)
            for start, end, charge in charges_between(self.sweep.charged, *flight[:2]):
                inside = bounds[bisect_right(bounds, start) : bisect_left(bounds, end)]
                self._charge(charge, (start, *inside, end), episode)
        return tuple(
            map(
                Segment._make,
                [
                    (sort, team, on_team, component, phase, *span, share, team, "")
                    for (sort, team, on_team, component, phase, share), span in (
                        self._found
                    )
                ],
            )
        )

    def _charge(self, charge: Charge, edges: Sequence[int], episode: Episode) -> None:
        """Judge every elementary interval that one charge holds for."""
        team = self.sweep.origin if charge.pending else charge.owner
        calendar = self.directory.calendar(team)
        worked = calendar.working_each(edges)
        start, before = edges[0], worked[0]
        for end, after in zip(edges[1:], worked[1:], strict=True):
            if after > before:
                verdict = self._verdict(start, charge, team)
                if verdict is _ACTIVE:
                    episode.stop()
                    self._active(team, charge, start, end)
                elif verdict.sort is Sort.WAIT and not verdict.phase:
                    split = episode.take(start, end, after - before, calendar)
                    self._share(team, verdict.named, "acute", start, split)
                    self._share(team, verdict.named, "chronic", split, end)
                else:
                    if verdict is not _STALE:
                        episode.stop()
                    self._record(verdict, team, start, end)
            start, before = end, after

    def _record(self, verdict: Verdict, team: str, start: int, end: int) -> None:
        if verdict.sort is Sort.WAIT:
            self._share(team, verdict.named, verdict.phase, start, end)
        elif verdict.sort is not None:
            self._add((verdict.sort, team, "", "", verdict.phase, UNIT), start, end)

    def _verdict(self, start: int, charge: Charge, team: str) -> Verdict:
        sweep = self.sweep
        mode = _latest_mode(sweep.modes, start) if sweep.modes else None
        idle = _covers(sweep.idle, start) if sweep.idle else False
        if mode is not None and not idle:
            foreign = [name for name in _named(mode, self.directory) if name != team]
            if foreign:
                named = [(Component.REOPEN, name) for name in foreign]
                return Verdict(Sort.WAIT, "response", named)
        live = self._live_at(start) if sweep.stretches else []
        if not live and sweep.active and not charge.pending:
            return _IDLE if idle else _ACTIVE
        halting = self._halting(live, start, team) if live else live
        waits = [s for s in halting if not s.pending]
        if waits:
            accruing = [s for s in waits if not self._is_stale(s, start)]
            if accruing:
                return Verdict(Sort.WAIT, "", _foreign_names(accruing, team))
            return _STALE
        if not sweep.active:
            return _NOTHING
        internal = charge.pending and _to_team(live, sweep.origin)
        stale = internal and _covers(sweep.stale[""], start)
        return _unwaited(bool(halting), internal, stale=stale, idle=idle)

    def _live_at(self, start: int) -> list[Stretch]:
        """The stretches open at an instant; instants are asked for in order."""
        ahead, live = self._ahead, self._live
        while ahead and ahead[-1].start <= start:
            live.append(ahead.pop())
        if live:
            live = [s for s in live if s.end > start]
            if len(live) > _MANY:
                live = distinct(live, self.sweep.stale)
            self._live = live
        return live

    def _halting(self, live: Sequence[Stretch], start: int, team: str) -> list[Stretch]:
        """The foreign waits and pending failures that halt the item now."""
        foreign = [s for s in live if s.pending or _names_other(s, team)]
        if _halt_all(foreign):
            return foreign
        changes = self.sweep.open_changes
        opened = {change for change, at in changes.items() if _covers(at, start)}
        if not opened:
            return foreign
        covered = opened <= {s.level for s in foreign}
        return [
            s
            for s in foreign
            if s.level == TICKET_LEVEL or (covered and s.level in opened)
        ]

    def _is_stale(self, stretch: Stretch, start: int) -> bool:
        if stretch.stale_by is None:
            return False
        paused = self.sweep.stale[stretch.stale_by]
        return bool(paused) and _covers(paused, start)

    def _share(
        self, team: str, named: Sequence[Named], phase: str, start: int, end: int
    ) -> None:
        if start < end:
            for component, name, share in shares_of(named):
                kind = (Sort.WAIT, team, name, component, phase, share)
                self._add(kind, start, end)

    def _active(self, team: str, charge: Charge, start: int, end: int) -> None:
        work_class = self._class(start, charge, team)
        if work_class == "unclassified":
            self._add((Sort.UNCLASSIFIED, team, "", "", "", UNIT), start, end)
            known = self.directory.team(team)
            if self.model.unclassified_as_feature and known and known.kind == "stream":
                work_class = "feature"
        self._add((Sort.ACTIVE, team, "", "", work_class, UNIT), start, end)
        own = self.sweep.own_failures
        if own and _covers(own, start):
            self._add((Sort.OWN_FAILURE, team, "", "", "ci", UNIT), start, end)

    def _class(self, start: int, charge: Charge, team: str) -> str:
        modes = self.sweep.modes
        if modes and modes[0].start <= start:
            return "rework"
        if not charge.pending and team != self.sweep.origin:
            return "request"
        classes = self.sweep.classes
        if len(classes) == 1:
            return classes[0][1]
        return classes[max(bisect_right(classes, start, key=_SINCE) - 1, 0)][1]

    def _add(self, kind: _Kind, start: int, end: int) -> None:
        """One more segment, or the last of its kind made longer."""
        if start >= FOREVER:
            return
        last = self._last.get(kind)
        if last is not None and last[1] == start:
            last[1] = end
            return
        self._last[kind] = span = [start, end]
        self._found.append((kind, span))


def _bounds(sweep: Sweep) -> list[int]:
    points: set[int] = {charge.start for charge in sweep.charged}
    points.update(mode.start for mode in sweep.modes)
    points.update(since for since, _ in sweep.classes)
    for stretch in sweep.stretches:
        points.add(stretch.start)
        points.add(stretch.end)
    spans = [sweep.idle, *sweep.stale.values(), *sweep.open_changes.values()]
    for found in (sweep.own_failures, *spans):
        for span in found:
            points.update(span)
    return sorted(points)


def _latest_mode(modes: Sequence[Mode], instant: int) -> Mode | None:
    known = bisect_right(modes, instant, key=_SINCE)
    return modes[known - 1] if known else None


def _named(mode: Mode, directory: Directory) -> list[str]:
    return sorted({directory.named(name) for name in mode.causes})


def _unwaited(pending: bool, internal: bool, *, stale: bool, idle: bool) -> Verdict:
    if pending:
        return _PENDING
    if internal:
        return _STALE if stale else _INTERNAL
    return _IDLE if idle else _ACTIVE


def _names_other(stretch: Stretch, team: str) -> bool:
    names = stretch.names
    if len(names) == 1:
        return names[0] != team
    return any(name != team for name in names)


def _halt_all(stretches: Sequence[Stretch]) -> bool:
    """Whether each of them halts the whole item, whatever changes are open."""
    for stretch in stretches:  # noqa: SIM110 - as below
        if stretch.level != TICKET_LEVEL:
            return False
    return True


def _foreign_names(waits: Sequence[Stretch], team: str) -> Sequence[Named]:
    if len(waits) == 1 and len(waits[0].names) == 1:
        return ((waits[0].component, waits[0].names[0]),)
    return sorted({(s.component, n) for s in waits for n in s.names if n != team})


def _to_team(live: Sequence[Stretch], team: str) -> bool:
    """Whether an open handoff gives the item to the team."""
    return any(s.component is Component.HANDOFF and s.names[0] == team for s in live)


def _covers(spans: Sequence[Span], instant: int) -> bool:
    for start, end in spans:  # noqa: SIM110 - a generator takes twice the time
        if start <= instant < end:
            return True
    return False
