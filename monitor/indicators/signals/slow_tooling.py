"""Signal 2: work is slow because of tooling, infrastructure and dependencies.

``share = (C that names platform teams + C of ci_* and deploy_*) / C`` of stream teams,
each wait once; ``burden = C / K``, K their capacity. The complaint rate is tickets of
stream teams labelled tooling, infra or dependency per 10 engineers and 28 days. On at
share >= 0.5 together with burden >= 0.10, or when the rate is twice that of the 84 days
before. Units: none; tickets. Source: indicators 3, row 2.

It does not say whose fault that is: being waited for is demand. All three figures are
those of the *median week* of the last four, so that one outage, or one week in which
everybody labels, does not turn it on. Labels count from when a ticket was opened.

Four weeks of which one had an outage that took all of the cost:

>>> weeks = [Fraction(1, 10), Fraction(9, 10), Fraction(1, 10), Fraction(1, 5)]
>>> median(weeks)
Fraction(3, 20)

12 tickets of 40 engineers, against 6 a month before:

>>> rate(12, Fraction(40)) / rate(6, Fraction(40))
Fraction(2, 1)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from statistics import median
from typing import Final

from monitor.domain.marks import Mark, Sort
from monitor.indicators.signals.history import History, Window, window
from monitor.indicators.signals.judging import (
    Evidence,
    Part,
    Reading,
    at_least,
    both,
    either,
    listed,
)

DAYS: Final = 28
BEFORE: Final = 84
THRESHOLD: Final = Fraction(1, 2)
BURDEN: Final = Fraction(1, 10)
GROWTH: Final = Fraction(2)
# Fewer complaints than these in the 28 days are no trend: 1 after 0 is not doubled.
FEWEST: Final = 5
_PER: Final = 10


def rate(tickets: int | Fraction, engineers: Fraction) -> Fraction:
    """Tickets per 10 engineers."""
    return Fraction(tickets) * _PER / engineers


def reading(history: History, day: int) -> Reading:
    """The signal when the day has ended."""
    span = window(day, DAYS)
    share = at_least("share", _share(history, span), THRESHOLD)
    burden = at_least("burden", _burden(history, span), BURDEN)
    complaints = [
        mark for mark in history.began(Sort.COMPLAINT, span) if _counts(mark, history)
    ]
    growth = _growth(history, day, complaints)
    judged = either(both(share.judged, burden.judged), growth.judged)
    evidence = (*_asked(history, span), *_complained(complaints))
    return Reading(share.value, THRESHOLD, (share, burden, growth), judged, evidence)


def _share(history: History, span: Window) -> Fraction | None:
    """Of the median week; a week without any cost has no share."""
    if not history.covers(span):
        return None
    shares: list[Fraction] = []
    for week in span.weeks:
        waited = history.waited_by_reason(week)
        whole = sum(waited.values())
        if whole:
            part = sum(
                amount
                for (component, is_platform), amount in waited.items()
                if is_platform or _is_delivery(component)
            )
            shares.append(Fraction(part, whole))
    return median(shares) if shares else None


def _is_delivery(component: str) -> bool:
    return component.startswith(("ci_", "deploy_"))


def _burden(history: History, span: Window) -> Fraction | None:
    """C / K of the median week, of the stream teams that state a headcount."""
    if not history.covers(span):
        return None
    found: list[Fraction] = []
    for week in span.weeks:
        capacity = history.capacity(week)
        if capacity:
            waited = history.waited_by_team(week)
            cost = sum(waited[team] for team in capacity)
            whole = sum(capacity.values(), Fraction(0))
            found.append(history.daily.cost_seconds(cost) / whole)
    return median(found) if found else None


def _growth(history: History, day: int, complaints: Sequence[Mark]) -> Part:
    """The median week's rate, times four, against 28 of the 84 days before."""
    span, before = window(day, DAYS), window(day - DAYS, BEFORE)
    value: Fraction | None = None
    now, then = history.engineers(span), history.engineers(before)
    if history.covers(before) and now and then and len(complaints) >= FEWEST:
        weeks = Counter(_week_of(mark, span) for mark in complaints)
        typical = median([Fraction(weeks[week]) for week in range(len(span.weeks))])
        earlier = sum(
            1
            for mark in history.began(Sort.COMPLAINT, before)
            if _counts(mark, history)
        )
        usual = rate(Fraction(earlier * DAYS, BEFORE), then)
        if usual:
            value = rate(typical * len(span.weeks), now) / usual
    return at_least("complaints against before", value, GROWTH)


def _week_of(mark: Mark, span: Window) -> int:
    week = (span.end - span.start) // len(span.weeks)
    return (mark.start - span.start) // week


def _counts(mark: Mark, history: History) -> bool:
    return history.is_stream(mark.team)


def _asked(history: History, span: Window) -> list[Evidence]:
    """Who and what was waited for most, with the hours that cost."""
    costs: Counter[tuple[str, str]] = Counter()
    teams: dict[tuple[str, str], set[str]] = {}
    for (team, on_team, component, _), amount in history.waited(span).items():
        asked = history.directory.team(on_team)
        is_platform = asked is not None and asked.kind == "platform"
        if is_platform or _is_delivery(component):
            costs[(on_team, component)] += amount
            teams.setdefault((on_team, component), set()).add(team)
    largest = sorted(costs.items(), key=lambda one: (-one[1], one[0]))[:3]
    return [
        Evidence(
            f"{key[1]} on {key[0]} (hours)",
            listed(sorted(teams[key])),
            number=len(teams[key]),
            value=history.daily.cost_seconds(amount) / 3_600,
        )
        for key, amount in largest
    ]


def _complained(complaints: Sequence[Mark]) -> list[Evidence]:
    by_label: dict[str, list[Mark]] = {}
    for mark in complaints:
        by_label.setdefault(mark.word, []).append(mark)
    return [
        Evidence(
            f"tickets labelled {label}",
            listed(sorted({mark.team for mark in marks})),
            listed(mark.item for mark in reversed(marks)),
            len(marks),
        )
        for label, marks in sorted(by_label.items())
    ]
