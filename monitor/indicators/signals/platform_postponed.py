"""Signal 5: platform work is put off for the sake of features.

``index = (postponed, lowered in rank, dropped from a sprint, per open platform
item-month) / (the same for feature items)`` over 84 days, a month being 30 days; and
``gap``, the 28-day completion probability of feature items less that of platform items
(Kaplan-Meier: what is still open, or was cancelled, is censored). On at index >= 1.5 or
gap >= 0.25, with at least 10 items on each side. Unit: none. Source: indicators 3,
row 5.

A backlog that is an idea store is no sign: only triaged items count, from triage on
(begun, decided, planned for a sprint or a date, needed by an item, or labelled so).

Three postponements in 4 platform item-months, against 2 in 8 feature item-months:

>>> index(3, Fraction(4), 2, Fraction(8))
Fraction(3, 1)

Five items, done after 7 and 20 days, one still open after 10, two after 40: the first
leaves 4/5, the second, of the 3 then at risk, 2/3 of that:

>>> finished_within(28, [(7, True), (10, False), (20, True), (40, False), (40, False)])
Fraction(7, 15)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from monitor.domain.marks import DONE, FEATURE, PLATFORM, Mark, Sort
from monitor.domain.working_time import DAY
from monitor.indicators.signals.history import History, Window, window
from monitor.indicators.signals.judging import (
    Evidence,
    Reading,
    at_least,
    either,
    listed,
)

DAYS: Final = 84
WITHIN: Final = 28
THRESHOLD: Final = Fraction(3, 2)
GAP: Final = Fraction(1, 4)
FEWEST: Final = 10
_MONTH: Final = 30 * DAY


def index(
    platform: int, platform_months: Fraction, feature: int, feature_months: Fraction
) -> Fraction | None:
    """How much more often platform items are put off than feature items.

    Where no feature item ever was, as if one had been: the index is then at most what
    it would be, and finite.
    """
    if not platform_months or not feature_months:
        return None
    usual = max(feature, 1) / feature_months
    return platform / platform_months / usual


def finished_within(limit: int, ages: Sequence[tuple[int, bool]]) -> Fraction:
    """The Kaplan-Meier probability of being done within ``limit``, ends included.

    Of each item: how long it was seen for, and whether it was done then. Where some end
    as others are done, they were still there.
    """
    remaining, at_risk = Fraction(1), len(ages)
    seen = Counter(age for age, _ in ages)
    done = Counter(age for age, ended in ages if ended)
    for instant in sorted(seen):
        if instant > limit:
            break
        if done[instant]:
            remaining *= Fraction(at_risk - done[instant], at_risk)
        at_risk -= seen[instant]
    return 1 - remaining


def reading(history: History, day: int) -> Reading:
    """The signal when the day has ended."""
    span = window(day, DAYS)
    items: dict[str, list[Mark]] = {PLATFORM: [], FEATURE: []}
    for mark in history.open_in(Sort.BACKLOG, span):
        items[mark.word].append(mark)
    put_off: dict[str, list[Mark]] = {PLATFORM: [], FEATURE: []}
    for mark in history.began(Sort.POSTPONED, span):
        put_off[mark.word].append(mark)
    enough = all(len(found) >= FEWEST for found in items.values())
    ratio = gap = None
    if enough:
        ratio = index(
            len(put_off[PLATFORM]),
            _months(items[PLATFORM], span),
            len(put_off[FEATURE]),
            _months(items[FEATURE], span),
        )
        gap = _gap(items, span)
    parts = (at_least("index", ratio, THRESHOLD), at_least("gap", gap, GAP))
    judged = either(*(part.judged for part in parts))
    evidence = _evidence(put_off[PLATFORM]) if enough else ()
    return Reading(ratio, THRESHOLD, parts, judged, evidence)


def _months(marks: Sequence[Mark], span: Window) -> Fraction:
    start, end = span.start, span.end
    open_for = (min(mark.end, end) - max(mark.start, start) for mark in marks)
    return Fraction(sum(open_for), _MONTH)


def _gap(items: dict[str, list[Mark]], span: Window) -> Fraction | None:
    """Of the items triaged inside the window, whatever they have come to at its end."""
    finished: dict[str, Fraction] = {}
    start, end = span.start, span.end
    for group, marks in items.items():
        ages = [_age(mark, end) for mark in marks if mark.start >= start]
        if len(ages) < FEWEST:
            return None
        finished[group] = finished_within(WITHIN, ages)
    return finished[FEATURE] - finished[PLATFORM]


def _age(mark: Mark, now: int) -> tuple[int, bool]:
    """In days begun: as many factors as days, however many items there are.

    ``now`` is the next day's: what ends then was open when this one had ended.
    """
    seen = min(mark.end, now) - mark.start
    return -(-seen // DAY), mark.end < now and mark.detail == DONE


def _evidence(marks: Sequence[Mark]) -> tuple[Evidence, ...]:
    by_way: dict[str, list[Mark]] = {}
    for mark in marks:
        by_way.setdefault(mark.detail, []).append(mark)
    return tuple(
        Evidence(
            f"platform items put off ({how or 'said so'})",
            listed(sorted({mark.team for mark in some})),
            listed(mark.item for mark in reversed(some)),
            len(some),
        )
        for how, some in sorted(by_way.items())
    )
