"""From stretches to segments: one item, one second.

Between two neighbouring boundaries nothing changes, so each elementary interval
is judged once: response before waiting before active, or nothing accrues.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final

from monitor.domain.items import FOREVER
from monitor.domain.model import Model
from monitor.domain.teams import Directory
from monitor.domain.timeline import UNIT, Component, FailureKind, Segment, Sort
from monitor.indicators.items.charges import Charge, charges_between
from monitor.indicators.items.flight import Flight, Mode
from monitor.indicators.timelines.crowd import crowd
from monitor.indicators.timelines.episode import Episode
from monitor.indicators.timelines.standing import (
    NOTHING,
    PENDING,
    STALE,
    Few,
    Standing,
    Verdict,
    by_start,
)
from monitor.indicators.waits.failures import OwnFailure
from monitor.indicators.waits.intervals import Span, Stretch, covers, united
from monitor.indicators.waits.shares import Share, shares_of, split_evenly


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


# A member of an enumeration costs ten times a global name.
_WAITS: Final = Sort.WAIT
_WORKS: Final = Sort.ACTIVE
_ACTIVE: Final = Verdict(_WORKS)
_IDLE: Final = Verdict(Sort.UNACCRUED, "idle")
_INTERNAL: Final = Verdict(Sort.UNACCRUED, "internal")
_SINCE: Final = itemgetter(0)
# Of more stretches or changes it is faster to keep counts than to look at each.
FEW: Final = 32

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
    _standing: Standing = field(init=False)
    _own: Sequence[tuple[FailureKind, Sequence[Span]]] = ()

    def run(self) -> tuple[Segment, ...]:
        """The item's segments, neighbours of one kind joined, by first instant."""
        sweep = self.sweep
        bounds = _bounds(sweep)
        self._standing = _standing(sweep)
        self._own = _by_kind(sweep.own_failures) if sweep.own_failures else ()
        for flight in sweep.flights:
            episode = Episode(self.model.d0_ms)
            for start, end, charge in charges_between(sweep.charged, *flight[:2]):
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
                elif verdict.sort is _WAITS and not verdict.phase:
                    split = episode.take(start, end, after - before, calendar)
                    self._share(team, verdict.shares, "acute", start, split)
                    self._share(team, verdict.shares, "chronic", split, end)
                else:
                    if verdict is not STALE:
                        episode.stop()
                    self._record(verdict, team, start, end)
            start, before = end, after

    def _record(self, verdict: Verdict, team: str, start: int, end: int) -> None:
        if verdict.sort is _WAITS:
            self._share(team, verdict.shares, verdict.phase, start, end)
        elif verdict.sort is not None:
            self._add((verdict.sort, team, "", "", verdict.phase, UNIT), start, end)

    def _verdict(self, start: int, charge: Charge, team: str) -> Verdict:
        sweep = self.sweep
        mode = _latest_mode(sweep.modes, start) if sweep.modes else None
        idle = covers(sweep.idle, start) if sweep.idle else False
        if mode is not None and not idle:
            # Handed on or not, whose doing it is does not change.
            own = (team, charge.owner)
            foreign = [name for name in blamed(mode, self.directory) if name not in own]
            if foreign:
                named = [(Component.REOPEN, name) for name in foreign]
                return Verdict(Sort.WAIT, "response", shares_of(named))
        standing = self._standing
        if not standing.advance(start) and sweep.active and not charge.pending:
            return _IDLE if idle else _ACTIVE
        verdict = standing.halt(team)
        if verdict is STALE or verdict.sort is _WAITS:
            return verdict
        if not sweep.active:
            return NOTHING
        internal = charge.pending and standing.gives_to(sweep.origin)
        stale = internal and covers(sweep.stale[""], start)
        return _unwaited(verdict is PENDING, internal, stale=stale, idle=idle)

    def _share(
        self, team: str, shares: Sequence[Share], phase: str, start: int, end: int
    ) -> None:
        if start < end:
            for component, name, share in shares:
                kind = (_WAITS, team, name, component, phase, share)
                self._add(kind, start, end)

    def _active(self, team: str, charge: Charge, start: int, end: int) -> None:
        work_class = self._class(start, charge, team)
        if work_class == "unclassified":
            self._add((Sort.UNCLASSIFIED, team, "", "", "", UNIT), start, end)
            known = self.directory.team(team)
            if self.model.unclassified_as_feature and known and known.kind == "stream":
                work_class = "feature"
        self._add((_WORKS, team, "", "", work_class, UNIT), start, end)
        if self._own:
            self._own_failure(team, start, end)

    def _own_failure(self, team: str, start: int, end: int) -> None:
        """O1: where runs and deploys are broken at once, each kind has its part."""
        kinds = [kind for kind, spans in self._own if covers(spans, start)]
        for kind, part in zip(kinds, split_evenly(UNIT, len(kinds) or 1), strict=False):
            self._add((Sort.OWN_FAILURE, team, "", "", kind, part), start, end)

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


def _standing(sweep: Sweep) -> Standing:
    stretches, changes = sweep.stretches, sweep.open_changes
    if len(stretches) > FEW or len(changes) > FEW:
        return crowd(stretches, sweep.stale, changes)
    return Few(sweep.stale, changes, by_start(stretches))


def _bounds(sweep: Sweep) -> list[int]:
    points: set[int] = {charge.start for charge in sweep.charged}
    points.update(mode.start for mode in sweep.modes)
    points.update(since for since, _ in sweep.classes)
    for stretch in sweep.stretches:
        points.add(stretch.start)
        points.add(stretch.end)
    spans = [sweep.idle, *sweep.stale.values(), *sweep.open_changes.values()]
    points.update(*(failure[:2] for failure in sweep.own_failures))
    for found in spans:
        for span in found:
            points.update(span)
    return sorted(points)


def _by_kind(
    failures: Sequence[OwnFailure],
) -> list[tuple[FailureKind, Sequence[Span]]]:
    kinds = sorted({failure.kind for failure in failures})
    return [
        (kind, united(one[:2] for one in failures if one.kind == kind))
        for kind in kinds
    ]


def _latest_mode(modes: Sequence[Mode], instant: int) -> Mode | None:
    known = bisect_right(modes, instant, key=_SINCE)
    return modes[known - 1] if known else None


def blamed(mode: Mode, directory: Directory) -> list[str]:
    """The teams that caused a reopening, each once."""
    return sorted({directory.named(name) for name in mode.causes})


def _unwaited(pending: bool, internal: bool, *, stale: bool, idle: bool) -> Verdict:
    if pending:
        return PENDING
    if internal:
        return STALE if stale else _INTERNAL
    return _IDLE if idle else _ACTIVE
