"""The verdict on every team and its confidence limits: of 28 days, beside 7."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from monitor.domain.model import Model
from monitor.domain.teams import Directory
from monitor.indicators.totals.moments import Moments
from monitor.indicators.totals.series import WINDOWS
from monitor.indicators.totals.verdict import Interval, Word, interval_of, verdict_of
from monitor.pipeline.showing.page_numbers import MONTH, costs_of
from monitor.pipeline.showing.payroll import Payroll
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
    payroll = Payroll(reading, directory, shown)
    weeks = costs_of(of_week, teams, directory, model, payroll)
    for team, cost in costs_of(totals, teams, directory, model, payroll).items():
        items = moments.get(team, _NO_ITEMS)
        interval = interval_of(items, model)
        word = verdict_of(
            cost, items.items, interval, WINDOWS[-1], model, second=weeks[team]
        )
        yield team, Judged(word, interval)
