"""The verdict on every team and its confidence limits: of 28 days, beside 7."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final, NamedTuple

from monitor.domain.model import Model
from monitor.domain.teams import Directory
from monitor.indicators.cost import Bounds, Waited, capacity_between
from monitor.indicators.moments import Moments
from monitor.indicators.series import WINDOWS, Family
from monitor.indicators.totals import seconds
from monitor.indicators.verdict import Interval, Word, interval_of, verdict_of
from monitor.pipeline.page_numbers import MONTH, costs_of
from monitor.pipeline.readings import Reading
from monitor.pipeline.window_totals import totals_by_team

# The accountant 7 days behind.
_WEEK: Final = 2
_NO_ITEMS: Final = Moments()


class Judged(NamedTuple):
    """The word for one team; the limits are absent where its items give none."""

    word: Word
    interval: Interval | None


class _Week(NamedTuple):
    """The ratio of the last week, which the verdict looks at, too."""

    ratio: Bounds | None


def judged(
    reading: Reading,
    moments: Mapping[str, Moments],
    directory: Directory,
    model: Model,
    shown: Mapping[str, str],
) -> Iterator[tuple[str, Judged]]:
    """Every team by its name in the reading, which has the names as ``shown``.

    A name that stands for several teams has what they have together, capacity
    included; an item of two of them counts once.
    """
    totals, weeks = totals_by_team(reading, MONTH), dict(_weeks(reading, model))
    own = directory.teams.keys() - shown.keys()
    members = {shown[team] for team in directory.teams.keys() & shown.keys()}
    teams = sorted({*own, *members, *totals})
    for team, cost in costs_of(totals, teams, reading, directory, model).items():
        items = moments.get(team, _NO_ITEMS)
        interval = interval_of(items, model)
        whole = cost
        if team in members:
            whole = replace(cost, capacity=_capacity(team, reading, directory, shown))
        week = _Week(weeks.get(team))
        word = verdict_of(whole, items.items, interval, WINDOWS[-1], model, week)
        yield team, Judged(word, interval)


def _weeks(reading: Reading, model: Model) -> Iterator[tuple[str, Bounds]]:
    """R of the last 7 days of every team that has feature work in them."""
    waited: dict[str, Waited] = {}
    features: dict[str, int] = {}
    for (family, _, team, *rest), amount in reading.accrued(_WEEK):
        if family == Family.WAIT:
            on_team, _, phase = rest
            waited.setdefault(team, Waited()).add(on_team, phase, amount)
        elif family == Family.ACTIVE and rest[0] == "feature":
            features[team] = features.get(team, 0) + amount
    for team, feature in features.items():
        costs = waited.get(team, Waited()).weighed(model)
        yield team, Bounds(*(cost / seconds(feature) for cost in costs))


def _capacity(
    name: str, reading: Reading, directory: Directory, shown: Mapping[str, str]
) -> Fraction | None:
    """Of all teams shown by the name that state a headcount."""
    now = reading.instants[0]
    start = max(
        reading.instants[MONTH], now if reading.first is None else reading.first
    )
    known = [
        capacity_between(team, start, now)
        for team in directory.teams.values()
        if shown.get(team.id) == name
    ]
    stated = [one for one in known if one is not None]
    return sum(stated, Fraction(0)) if stated else None
