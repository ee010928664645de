"""All seven signals at an instant: the last whole day's reading, and what is on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Final

from monitor.domain.signal_rules import Signal
from monitor.domain.working_time import DAY
from monitor.indicators.signals import (
    different_ways,
    hard_interfaces,
    leaders_decide,
    platform_postponed,
    slow_tooling,
    systemic_findings,
    upkeep_neglected,
)
from monitor.indicators.signals.history import History
from monitor.indicators.signals.hysteresis import standing
from monitor.indicators.signals.judging import Judged, Reading

READINGS: Final[Mapping[Signal, Callable[[History, int], Reading]]] = {
    Signal.DIFFERENT_WAYS: different_ways.reading,
    Signal.SLOW_TOOLING: slow_tooling.reading,
    Signal.HARD_INTERFACES: hard_interfaces.reading,
    Signal.LEADERS_DECIDE: leaders_decide.reading,
    Signal.PLATFORM_POSTPONED: platform_postponed.reading,
    Signal.UPKEEP_NEGLECTED: upkeep_neglected.reading,
    Signal.SYSTEMIC_FINDINGS: systemic_findings.reading,
}
# The days that are looked back over for when a signal was turned on. The longest
# window before each of them has to be in the history too.
DAYS_BACK: Final = 365
LONGEST_WINDOW: Final = 112


@dataclass(frozen=True, slots=True)
class Standing:
    """A signal: its newest reading, whether it is on, and since when (ms)."""

    signal: Signal
    reading: Reading
    active: bool
    since: int | None


def last_day(instant: int) -> int:
    """The newest UTC day that has ended at an instant."""
    return instant // DAY - 1


def oldest_day(instant: int) -> int:
    """The oldest day that any reading looked back for at an instant can see."""
    return last_day(instant) - DAYS_BACK - LONGEST_WINDOW


def standings(history: History, instant: int) -> tuple[Standing, ...]:
    """Every signal, when the newest whole day before the instant has ended."""
    day = last_day(instant)
    first = day + 1 if history.first is None else history.first
    return tuple(
        standing_of(signal, day, first, cache(partial(reading_on, signal, history)))
        for signal in Signal
    )


def standing_of(
    signal: Signal,
    day: int,
    first: int,
    on: Callable[[int], Reading],
    *,
    dated: bool = True,
) -> Standing:
    """A signal when the day has ended; ``on`` reads it, ``first`` is the oldest day.

    Not ``dated``: whether it is on, with far fewer readings of one that is.
    """

    def judged_on(day: int) -> Judged | None:
        return on(day).judged

    oldest = max(first, day - DAYS_BACK)
    found = standing(day, oldest, judged_on, dated=dated)
    since = None if found.since is None else (found.since + 1) * DAY
    return Standing(signal, on(day), found.active, since)


def reading_on(signal: Signal, history: History, day: int) -> Reading:
    """What the signal comes to on a day, not judged where it is exempt as a whole."""
    found = READINGS[signal](history, day)
    why = history.rules.why_not_judged(signal, day)
    return replace(found, judged=None, exempt=why) if why else found
