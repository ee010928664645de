"""From stretches to segments: one item, one second.

Between two neighbouring boundaries nothing changes, so each elementary interval
is judged once: response before waiting before active, or nothing accrues.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.domain.items import FOREVER
from monitor.domain.model import Model
from monitor.domain.teams import Directory
from monitor.domain.timeline import UNIT, Component, Segment, Sort
from monitor.domain.working_time import Calendar
from monitor.indicators.failures import OwnFailure
from monitor.indicators.flight import Flight, Mode
from monitor.indicators.handover import Charge
from monitor.indicators.intervals import LOOSE, TICKET_LEVEL, Stretch

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sweep:
    """Everything an item's sweep reads; all spans are in milliseconds UTC."""

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
    phase: str
    waits: tuple[Stretch, ...] = ()


@dataclass(slots=True)
class _Episode:
    """How much of the acute phase is left in the current run of waiting."""

    model: Model
    left: int = 0
    last_end: int | None = None

    def pause(self, start: int, end: int, calendar: Calendar) -> None:
        """A stale pause does not end an episode."""
        if self.last_end is not None and not calendar.between(self.last_end, start):
            self.last_end = end

    def take(self, start: int, end: int, calendar: Calendar) -> int:
        """Where in the waiting interval the acute phase ends."""
        if self.last_end is None or calendar.between(self.last_end, start) > 0:
            self.left = self.model.d0_ms
        self.last_end = end
        length = calendar.between(start, end)
        if length <= self.left:
            self.left -= length
            return end
        split = calendar.instant_after(start, self.left) if self.left else start
        self.left = 0
        return end if split is None else split


@dataclass(slots=True)
class Sweeper:
    """Walks the boundaries of one item in order and collects its segments."""

    sweep: Sweep
    directory: Directory
    model: Model
    segments: list[Segment] = field(default_factory=list)

    def run(self) -> list[Segment]:
        """The item's segments, flight by flight, in order of time."""
        bounds = _bounds(self.sweep)
        for flight in self.sweep.flights:
            episode = _Episode(self.model)
            inside = [b for b in bounds if flight.start < b < flight.end]
            edges = [flight.start, *inside, flight.end]
            for start, end in zip(edges, edges[1:], strict=False):
                self._judge(start, end, episode)
        return self.segments

    def _judge(self, start: int, end: int, episode: _Episode) -> None:
        charge = _latest(self.sweep.charged, start)
        team = self.sweep.origin if charge.pending else charge.owner
        calendar = self.directory.calendar(team)
        if calendar.between(start, end) == 0:
            return
        verdict = self._verdict(start, charge, team)
        if verdict.sort is Sort.WAIT:
            if verdict.phase == "response":
                names = [(Component.REOPEN, cause) for cause in verdict.waits[0].names]
                self._share(team, names, "response", start, end)
            else:
                self._wait(team, verdict.waits, start, end, episode, calendar)
            return
        if verdict.phase == "stale":
            episode.pause(start, end, calendar)
        if verdict.sort is Sort.ACTIVE:
            self._active(team, charge, start, end)
        elif verdict.sort is not None:
            self._add(Sort.UNACCRUED, team, "", "", verdict.phase, start, end, UNIT)

    def _verdict(self, start: int, charge: Charge, team: str) -> Verdict:
        mode = _latest_mode(self.sweep.modes, start)
        idle = _covers(self.sweep.idle, start)
        if mode is not None and not idle:
            foreign = tuple(n for n in _named(mode, self.directory) if n != team)
            if foreign:
                stretch = Stretch(Component.REOPEN, foreign, start, start, "", "")
                return Verdict(Sort.WAIT, "response", (stretch,))
        halting, pending = self._halting(start, team)
        if halting:
            accruing = tuple(s for s in halting if not self._is_stale(s, start))
            if accruing:
                return Verdict(Sort.WAIT, "", accruing)
            return Verdict(Sort.UNACCRUED, "stale")
        if not self.sweep.active:
            return Verdict(None, "")
        if pending:
            return Verdict(Sort.UNACCRUED, "pending")
        if charge.pending and self._to_origin(start):
            return Verdict(Sort.UNACCRUED, "internal")
        return Verdict(Sort.UNACCRUED, "idle") if idle else Verdict(Sort.ACTIVE, "")

    def _halting(self, start: int, team: str) -> tuple[list[Stretch], bool]:
        """The foreign waits that halt the item now, and whether a failure does."""
        live = [s for s in self.sweep.stretches if s.start <= start < s.end]
        if not live:
            return [], False
        foreign = [s for s in live if s.pending or any(n != team for n in s.names)]
        opened = {
            change
            for change, stretches in self.sweep.open_changes.items()
            if _covers(stretches, start)
        }
        if opened:
            covered = {s.level for s in foreign}
            levels = opened if opened <= covered else set()
            halting = [s for s in foreign if s.level in levels | {TICKET_LEVEL}]
        else:
            halting = foreign
        waits = [s for s in halting if not s.pending]
        return waits, len(waits) < len(halting)

    def _is_stale(self, stretch: Stretch, start: int) -> bool:
        if stretch.stale_by is None:
            return False
        return _covers(self.sweep.stale[stretch.stale_by], start)

    def _to_origin(self, start: int) -> bool:
        return any(
            s.component is Component.HANDOFF and s.names[0] == self.sweep.origin
            for s in self.sweep.stretches
            if s.start <= start < s.end
        )

    def _wait(
        self,
        team: str,
        waits: Sequence[Stretch],
        start: int,
        end: int,
        episode: _Episode,
        calendar: Calendar,
    ) -> None:
        names = sorted({(s.component, n) for s in waits for n in s.names if n != team})
        split = episode.take(start, end, calendar)
        if start < split:
            self._share(team, names, "acute", start, split)
        if split < end:
            self._share(team, names, "chronic", split, end)

    def _share(
        self,
        team: str,
        names: Sequence[tuple[Component, str]],
        phase: str,
        start: int,
        end: int,
    ) -> None:
        """O1: equally over the named teams, then over each team's components."""
        teams = sorted({name for _, name in names})
        for name, of_team in zip(teams, split_evenly(UNIT, len(teams)), strict=True):
            components = [c for c, n in names if n == name]
            parts = split_evenly(of_team, len(components))
            for component, part in zip(components, parts, strict=True):
                self._add(Sort.WAIT, team, name, component, phase, start, end, part)

    def _active(self, team: str, charge: Charge, start: int, end: int) -> None:
        work_class = self._class(start, charge, team)
        if work_class == "unclassified":
            self._add(Sort.UNCLASSIFIED, team, "", "", "", start, end, UNIT)
            known = self.directory.teams.get(team)
            if self.model.unclassified_as_feature and known and known.kind == "stream":
                work_class = "feature"
        self._add(Sort.ACTIVE, team, "", "", work_class, start, end, UNIT)
        if any(own.start <= start < own.end for own in self.sweep.own_failures):
            self._add(Sort.OWN_FAILURE, team, "", "", "ci", start, end, UNIT)

    def _class(self, start: int, charge: Charge, team: str) -> str:
        if _latest_mode(self.sweep.modes, start) is not None:
            return "rework"
        if not charge.pending and team != self.sweep.origin:
            return "request"
        found = self.sweep.classes[0][1]
        for since, work_class in self.sweep.classes:
            if since > start:
                break
            found = work_class
        return found

    def _add(
        self,
        sort: Sort,
        team: str,
        on_team: str,
        component: str,
        phase: str,
        start: int,
        end: int,
        share: int,
    ) -> None:
        segment = Segment(
            sort, team, on_team, component, phase, start, end, share, team
        )
        self.segments.append(segment)


def split_evenly(whole: int, parts: int) -> list[int]:
    """Integer parts that differ by at most one and sum to the whole."""
    share, rest = divmod(whole, parts)
    return [share + (index < rest) for index in range(parts)]


def _bounds(sweep: Sweep) -> list[int]:
    points: set[int] = {charge.start for charge in sweep.charged}
    points.update(mode.start for mode in sweep.modes)
    points.update(since for since, _ in sweep.classes)
    for stretch in sweep.stretches:
        points.update((stretch.start, stretch.end))
    for own in sweep.own_failures:
        points.update(own)
    spans = [sweep.idle, *sweep.stale.values(), *sweep.open_changes.values()]
    for found in spans:
        for span in found:
            points.update(span)
    return sorted(points)


def _latest(charged: Sequence[Charge], instant: int) -> Charge:
    found = charged[0]
    for charge in charged:
        if charge.start > instant:
            break
        found = charge
    return found


def _latest_mode(modes: Sequence[Mode], instant: int) -> Mode | None:
    found = None
    for mode in modes:
        if mode.start > instant:
            break
        found = mode
    return found


def _named(mode: Mode, directory: Directory) -> list[str]:
    return sorted({directory.named(name) for name in mode.causes})


def _covers(spans: Sequence[Span], instant: int) -> bool:
    return any(start <= instant < end for start, end in spans)


def merged(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The same segments with neighbours of one kind joined, sorted by start."""
    found: list[Segment] = []
    last: dict[tuple[object, ...], int] = {}
    for segment in segments:
        if segment.start >= FOREVER:
            continue
        key = (*segment[:5], segment.share, segment.calendar)
        index = last.get(key)
        if index is not None and found[index].end == segment.start:
            found[index] = found[index]._replace(end=segment.end)
            continue
        last[key] = len(found)
        found.append(segment)
    return tuple(found)


__all__ = ["LOOSE", "Sweep", "Sweeper", "merged", "split_evenly"]
