"""The verdict on every team and its confidence limits: of 28 days, beside 7."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final, NamedTuple

from monitor.domain.model import Model
from monitor.domain.teams import Directory
from monitor.indicators.cost import capacity_between
from monitor.indicators.moments import Moments
from monitor.indicators.series import WINDOWS
from monitor.indicators.verdict import Interval, Word, interval_of, verdict_of
from monitor.pipeline.showing.page_numbers import MONTH, costs_of
from monitor.pipeline.showing.readings import Reading
from monitor.pipeline.showing.window_totals import totals_by_team

# The accountant 7 days behind.
_WEEK: Final = 2
_NO_ITEMS: Final = Moments()


class Judged(NamedTuple):
    """The word for one team; the limits are absent where its items give none."""

    word: Word
    interval: Interval | None


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
    totals, of_week = (totals_by_team(reading, ago) for ago in (MONTH, _WEEK))
    own = directory.teams.keys() - shown.keys()
    members = {shown[team] for team in directory.teams.keys() & shown.keys()}
    teams = sorted({*own, *members, *totals})
    weeks = costs_of(of_week, teams, reading, directory, model)
    for team, cost in costs_of(totals, teams, reading, directory, model).items():
        items = moments.get(team, _NO_ITEMS)
        interval = interval_of(items, model)
        whole = cost
        if team in members:
            whole = replace(cost, capacity=_capacity(team, reading, directory, shown))
        word = verdict_of(
            whole, items.items, interval, WINDOWS[-1], model, second=weeks[team]
        )
        yield team, Judged(word, interval)


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
