"""The signals and the need for a Platform PM as plain objects, for ``evaluate``.

Evidence names teams and items here and on no metric. What is not known is ``None``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from monitor.domain.marks import Mark
from monitor.domain.model import Model
from monitor.domain.signal_rules import SignalRules
from monitor.domain.teams import Directory
from monitor.domain.timeline import Timeline
from monitor.domain.working_time import DAY
from monitor.indicators.signals.daily import daily_of
from monitor.indicators.signals.history import History, history_of, seen_from
from monitor.indicators.signals.judging import Evidence, Part
from monitor.indicators.signals.need import SENTENCE, Need, judge
from monitor.indicators.signals.staffing import Staffing, staffing_of
from monitor.indicators.signals.standings import (
    Standing,
    oldest_day,
    standings,
)
from monitor.indicators.totals.cost import organisation_ratio
from monitor.indicators.totals.report import Document, numbers_at, rfc3339

_WEEK: Final = 7 * DAY
_MONTH: Final = 28 * DAY


# What an item is called, by its key.
Called = Callable[[str], str]


class Judging(NamedTuple):
    """By what is judged: teams, the costing model, exemptions and ways."""

    directory: Directory
    model: Model
    rules: SignalRules


def signals_report(
    timelines: Sequence[Timeline],
    marks: Iterable[Mark],
    by: Judging,
    at: int,
    called: Called = str,
) -> Document:
    """The keys ``signals`` and ``platform_pm`` of the document at an instant."""
    found = standings(history_at(timelines, marks, by, at), at)
    staffing = staffing_of(by.directory)
    need = judge(
        sum(one.active for one in found),
        _ratio(timelines, by, at, _MONTH),
        _ratio(timelines, by, at, _WEEK),
        staffing,
    )
    return {
        "signals": signals_document(found, called),
        "platform_pm": platform_pm_document(staffing, need),
    }


def history_at(
    timelines: Iterable[Timeline], marks: Iterable[Mark], by: Judging, at: int
) -> History:
    """As much history as the readings before an instant look at."""
    oldest = oldest_day(at)
    daily = daily_of(timelines, by.directory, by.model, oldest)
    return history_of(seen_from(marks, oldest), daily, by.directory, by.rules)


def _ratio(
    timelines: Sequence[Timeline], by: Judging, at: int, span: int
) -> Fraction | None:
    """The organisation's central R in the window, as the report has it."""
    numbers = numbers_at(timelines, by.directory, by.model, at, span)
    found = organisation_ratio(numbers.costs, by.directory)
    return None if found is None else found.central


def signals_document(found: Sequence[Standing], called: Called) -> Document:
    """Each signal by name, in the order of the specification."""
    return {str(one.signal): _signal(one, called) for one in found}


def platform_pm_document(staffing: Staffing, need: Need) -> Document:
    """The range, what it is made of, what is missing, and the judgement in words."""
    gap = staffing.gap
    return {
        "current": staffing.current,
        "minimum": staffing.minimum,
        "low": staffing.minimum,
        "high": staffing.high,
        "recommended": dict(staffing.patterns),
        "gap": None if gap is None else {"low": gap[0], "high": gap[1]},
        "needed": need.needed,
        "reason": need.reason,
        "sentence": SENTENCE,
    }


def _signal(one: Standing, called: Called) -> Document:
    reading = one.reading
    return {
        "ratio": _number(reading.ratio),
        "threshold": float(reading.threshold),
        "active": one.active,
        "since": None if one.since is None else rfc3339(one.since),
        "conditions": [_condition(part) for part in reading.parts],
        "evidence": [_evidence(found, called) for found in reading.evidence],
        "exempt": reading.exempt or None,
    }


def _condition(part: Part) -> Document:
    return {
        "name": part.name,
        "value": _number(part.value),
        "threshold": float(part.threshold),
        "holds": None if part.judged is None else part.judged.above,
    }


def _evidence(found: Evidence, called: Called) -> Document:
    return {
        "what": found.what,
        "teams": list(found.teams),
        "items": list(found.items),
        "number": found.number,
        "value": _number(found.value),
        "names": [called(item) for item in found.items],
    }


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
