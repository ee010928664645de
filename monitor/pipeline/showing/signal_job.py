"""The seven signals and the Platform PMs as metrics, worked out aside.

Readings are of whole days, so what a batch brings changes none, unless it is late: then
the days from the earliest on that it touches are read anew. After a start the rows of
all items are read, so many at each refresh that other jobs do not wait for long; after
that those that changed. There are no signals before everything is read; where it has to
be read once more, those found last are shown until then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from typing import Final, TypeVar

from monitor.domain.model import Model
from monitor.domain.packed import unpack_timelines
from monitor.domain.sealed import unseal
from monitor.domain.signal_rules import Signal, SignalRules
from monitor.domain.snapshot import Family
from monitor.domain.teams import Directory
from monitor.indicators.signals.growing import GrowingHistory
from monitor.indicators.signals.history import History
from monitor.indicators.signals.judging import Reading
from monitor.indicators.signals.marks import marks_in, marks_of
from monitor.indicators.signals.staffing import Staffing, staffing_of
from monitor.indicators.signals.standings import (
    DAYS_BACK,
    Standing,
    last_day,
    oldest_day,
    reading_on,
    standing_of,
)
from monitor.pipeline.showing.refreshing import Pinned
from monitor.relate.packed_rows import unpack

_AT_ONCE: Final = 100
_Kept = TypeVar("_Kept")


@dataclass(slots=True)
class SignalJob:
    """Keeps marks and daily sums of a year, and the readings made of them."""

    directory: Directory
    model: Model
    rules: SignalRules
    most_at_a_refresh: int = 20_000
    _unread: dict[str, None] = field(default_factory=dict)
    _growing: GrowingHistory | None = None
    _readings: dict[tuple[Signal, int], Reading] = field(default_factory=dict)
    _first: int | None = None
    _shown: Sequence[Family] = ()

    def refresh(self, pinned: Pinned) -> Sequence[Family]:
        """Signals of the newest whole day, and what the patterns recommend."""
        growing = self._growing
        if growing is None or pinned.touched is None:
            growing = self._begin(pinned)
        else:
            growing.advance(oldest_day(pinned.instant))
            self._forget(self._follow(growing, pinned, pinned.touched))
        staffing = _staffing_families(staffing_of(self.directory))
        if self._read_on(growing, pinned):
            return [*self._shown, *staffing]
        history = growing.history()
        if history.first != self._first:
            # Whether a window is covered is another question than before.
            self._readings.clear()
            self._first = history.first
        self._shown = _signal_families(self._standings(history, pinned))
        return [*self._shown, *staffing]

    def _begin(self, pinned: Pinned) -> GrowingHistory:
        """Nothing is known, and every item is still to be read."""
        self._growing, self._readings = None, {}
        self._unread = {}
        kept = chain(pinned.view.scan("items"), pinned.view.scan("sealed"))
        for some in _chunks(kept, _AT_ONCE):
            pinned.rest()
            self._unread.update((key, None) for key, _ in some)
        oldest = oldest_day(pinned.instant)
        self._growing = GrowingHistory(self.directory, self.model, self.rules, oldest)
        return self._growing

    def _read_on(self, growing: GrowingHistory, pinned: Pinned) -> bool:
        """Read some of what is unread; whether any is left.

        As it is now: what was touched meanwhile is no different from the rest.
        """
        now = list(islice(self._unread, self.most_at_a_refresh))
        for some in _chunks(now, _AT_ONCE):
            self._replace(growing, pinned, some, {})
            for key in some:
                del self._unread[key]
        return bool(self._unread)

    def _follow(
        self, growing: GrowingHistory, pinned: Pinned, touched: Mapping[str, bytes]
    ) -> int | None:
        """Take in what was touched; the first day that it changes."""
        changed: list[int] = []
        read = [key for key in touched if key not in self._unread]
        for some in _chunks(read, _AT_ONCE):
            changed += self._replace(growing, pinned, some, touched)
        return min(changed, default=None)

    def _replace(
        self,
        growing: GrowingHistory,
        pinned: Pinned,
        keys: Collection[str],
        before: Mapping[str, bytes],
    ) -> list[int]:
        rows = pinned.view.get_many("items", keys)
        stored = pinned.view.get_many("timelines", keys)
        sealed = pinned.view.get_many(
            "sealed", [key for key in keys if key not in rows]
        )
        changed: list[int] = []
        for key in keys:
            pinned.rest()
            was, now = before.get(key, b""), stored.get(key, b"")
            new = unpack_timelines(now) if now else ()
            old = new if was == now else unpack_timelines(was) if was else ()
            row = unpack(rows[key]) if key in rows else None
            item = row.item(self.directory) if row else None
            marks = marks_of(item, new, self.directory, self.rules) if item else ()
            if key in sealed:
                _, _, new, kept = unseal(key, sealed[key])
                marks = (*kept, *marks_in(key, new))
            day = growing.replace(key, old, new, marks)
            if day is not None:
                changed.append(day)
        return changed

    def _forget(self, changed: int | None) -> None:
        """Readings of that day and later ones, and of days nobody will ask for."""
        if changed is not None:
            for known in [one for one in self._readings if one[1] >= changed]:
                del self._readings[known]

    def _standings(self, history: History, pinned: Pinned) -> tuple[Standing, ...]:
        day = last_day(pinned.instant)
        first = day + 1 if history.first is None else history.first

        def read(signal: Signal, on: int) -> Reading:
            known = self._readings.get((signal, on))
            if known is None:
                pinned.rest()
                known = reading_on(signal, history, on)
                self._readings[(signal, on)] = known
            return known

        for known in [one for one in self._readings if one[1] < day - DAYS_BACK]:
            del self._readings[known]
        return tuple(
            standing_of(signal, day, first, partial(read, signal), dated=False)
            for signal in Signal
        )


def _signal_families(found: Sequence[Standing]) -> list[Family]:
    active = [((str(one.signal),), float(one.active)) for one in found]
    ratios = [
        ((str(one.signal),), float(one.reading.ratio))
        for one in found
        if one.reading.ratio is not None
    ]
    return [
        Family("friction_signal_active", active),
        Family("friction_signal_ratio", ratios),
    ]


def _staffing_families(staffing: Staffing) -> list[Family]:
    current = staffing.current
    now = [] if current is None else [((), float(current))]
    patterns = [((name,), float(pms)) for name, pms in staffing.patterns.items()]
    return [
        Family("friction_platform_pm_current", now),
        Family("friction_platform_pm_recommended", patterns),
    ]


def _chunks(everything: Iterable[_Kept], size: int) -> Iterator[list[_Kept]]:
    iterator = iter(everything)
    while some := list(islice(iterator, size)):
        yield some
