"""The page's numbers: the 28-day window of every team, out of the accounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from monitor.domain.model import Model
from monitor.domain.snapshot import (
    Bounds,
    Judgement,
    PageModel,
    SourceRow,
    TeamRow,
    TrendStep,
)
from monitor.domain.teams import Directory
from monitor.indicators.totals import cost
from monitor.indicators.totals.cost import TeamCost, cost_of, organisation_ratio
from monitor.indicators.totals.instant import SECOND_UNITS, Totals
from monitor.indicators.totals.series import WINDOW_DAYS, WINDOWS
from monitor.indicators.totals.series import Family as Kept
from monitor.indicators.totals.verdict import too_little
from monitor.pipeline.showing.page_gaps import shown_gaps
from monitor.pipeline.showing.page_waits import (
    MOST_WAITS,
    TeamsTotals,
    Wait,
    asked_for,
    by_team,
    longest_of,
    pairs_of,
    waits_in,
)
from monitor.pipeline.showing.payroll import Payroll
from monitor.pipeline.showing.readings import Reading
from monitor.pipeline.showing.trends import (
    TeamsCosts,
    costs_of_stretches,
    trend_of,
)
from monitor.pipeline.showing.window_totals import totals_by_team

MONTH: Final = len(WINDOWS)  # the accountant 28 days behind
_MOST_OF_TEAM: Final = 3
NOT_COMPARED: Final = "not compared"
# The team was met, or the service was started, after the last refresh.
NOT_YET: Final = Judgement("not yet known")
SERVING: Final = frozenset({"platform", "enabling"})


@dataclass(frozen=True, slots=True)
class Freshness:
    """How new the data are: watermarks (ms) and unread records by source."""

    now_ms: int
    watermarks: Mapping[str, int]
    lag_records: int | None
    gaps: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    version: str = ""
    dead_letters: int | None = None


def item_counts(reading: Reading, k: int) -> Iterator[tuple[str, int]]:
    """How many items each team has in the window of accountant k.

    Those that have begun, less those that ended before the window, less those in
    a gap that spans it.
    """
    days, items = WINDOW_DAYS[k - 1], reading.items
    for key, begun in items.items():
        if key[0] != Kept.ITEM_FIRST:
            continue
        team = key[2]
        ended = items.get((Kept.ITEM_LAST, "", team))
        away = items.get((Kept.ITEM_GAP, "", team, str(days)))
        number = begun[0] - (ended[k] if ended else 0) + (away[0] if away else 0)
        yield team, number


def costs_of(
    totals: TeamsTotals,
    teams: Iterable[str],
    directory: Directory,
    model: Model,
    payroll: Payroll,
) -> dict[str, TeamCost]:
    """What each team spent, out of the totals by team, of its capacity in 28 days."""
    none = Totals()
    return {
        team: cost_of(
            totals.get(team, none),
            team,
            directory,
            model,
            payroll.capacity(team, MONTH),
        )
        for team in teams
    }


def page_model(
    reading: Reading,
    directory: Directory,
    model: Model,
    fresh: Freshness,
    judgements: Mapping[str, Judgement],
    merged: Mapping[str, str],
) -> PageModel:
    """Everything the page shows, at the instant the accountants stand at.

    ``judgements`` are refreshed now and then: the same as in ``/metrics``. The
    reading has the ``merged`` teams by the names that they are shown by.
    """
    payroll = Payroll(reading, directory, merged)
    totals = totals_by_team(reading, MONTH)
    teams = {*directory.teams, *totals}
    costs = costs_of(totals, teams, directory, model, payroll)
    waits = waits_in(totals)
    stretches = costs_of_stretches(reading, model, payroll)
    gaps, others = shown_gaps(fresh.gaps, directory)
    return PageModel(
        window="28d",
        now_ms=fresh.now_ms,
        evaluated_at_ms=reading.instants[0],
        teams=tuple(
            _rows(costs, waits, stretches, reading, directory, model, judgements)
        ),
        top_waits=longest_of(waits.items(), MOST_WAITS),
        sources=tuple(
            SourceRow(source, mark) for source, mark in sorted(fresh.watermarks.items())
        ),
        lag_records=fresh.lag_records,
        organisation=directory.organisation.name,
        organisation_ratio=_bounds(organisation_ratio(costs, directory)),
        directory_hash=directory.hash,
        cost_model=model.version,
        provisional=directory.provisional,
        gaps=gaps,
        other_accounts=others,
        notices=fresh.notices,
        version=fresh.version,
        pairs=pairs_of(waits),
        asked=asked_for(totals, model, costs),
        trend=_organisation_trend(stretches, reading, directory),
        dead_letters=fresh.dead_letters,
        known_from_ms=reading.known_within(MONTH),
    )


def organisation_numbers(
    reading: Reading, directory: Directory, model: Model
) -> tuple[Bounds | None, tuple[TrendStep, ...]]:
    """The ratio and the trend of all stream teams."""
    payroll = Payroll(reading, directory, {})
    totals = totals_by_team(reading, MONTH)
    teams = {*directory.teams, *totals}
    costs = costs_of(totals, teams, directory, model, payroll)
    stretches = costs_of_stretches(reading, model, payroll)
    trend = _organisation_trend(stretches, reading, directory)
    return _bounds(organisation_ratio(costs, directory)), trend


def team_row(
    team: str,
    reading: Reading,
    directory: Directory,
    model: Model,
    judgements: Mapping[str, Judgement],
    merged: Mapping[str, str],
) -> TeamRow:
    """One team's row of the page, out of all series that are about it."""
    payroll = Payroll(reading, directory, merged)
    totals = totals_by_team(reading, MONTH)
    costs = costs_of(totals, [team], directory, model, payroll)
    stretches = costs_of_stretches(reading, model, payroll)
    (row,) = _rows(
        costs, waits_in(totals), stretches, reading, directory, model, judgements
    )
    return row


def _rows(
    costs: Mapping[str, TeamCost],
    waits: Mapping[Wait, int],
    stretches: TeamsCosts,
    reading: Reading,
    directory: Directory,
    model: Model,
    judgements: Mapping[str, Judgement],
) -> Iterator[TeamRow]:
    """The rows of these teams, by name."""
    items = dict(item_counts(reading, MONTH))
    waits_of, asked = by_team(waits)
    for team, found in sorted(costs.items()):
        judgement = judgements.get(team, NOT_YET)
        exact = _team_row(found, judgement, items.get(team, 0), directory, model)
        row = replace(
            exact,
            waits=longest_of(waits_of.get(team, ()), _MOST_OF_TEAM),
            asked_seconds=asked.get(team, 0) / SECOND_UNITS,
        )
        trend = trend_of(
            [team],
            stretches,
            reading,
            directory.calendar(team),
            compared=row.verdict != NOT_COMPARED,
        )
        yield replace(row, trend=trend)


def _organisation_trend(
    stretches: TeamsCosts, reading: Reading, directory: Directory
) -> tuple[TrendStep, ...]:
    streams = [t for t, known in directory.teams.items() if known.kind == "stream"]
    # No team has an empty name: this is the organisation's own calendar.
    return trend_of(streams, stretches, reading, directory.calendar(""))


def _team_row(
    found: TeamCost,
    judgement: Judgement,
    items: int,
    directory: Directory,
    model: Model,
) -> TeamRow:
    known = directory.team(found.team)
    kind = known.kind if known is not None else "unknown"
    # Who serves other teams builds few features: a ratio would say nothing.
    compared = kind not in SERVING
    capacity, scale = found.capacity, found.scale
    displayed = Fraction(1) if scale is None else scale
    coordination = cost.Bounds(*(bound * displayed for bound in found.coordination))
    return TeamRow(
        team=found.team,
        kind=kind,
        verdict=judgement.word if compared else NOT_COMPARED,
        ratio=_bounds(found.ratio) if compared else None,
        limits=judgement.limits if compared else None,
        coordination_seconds=Bounds(*map(float, coordination)),
        feature_seconds=float(found.feature * displayed),
        share=float(found.share) if compared and found.share is not None else None,
        items=items,
        budget_burn=float(found.burn) if found.burn is not None else None,
        unknown_share=float(found.unknown_share),
        unclassified_share=float(found.unclassified_share),
        capacity_share=float(coordination.central / capacity) if capacity else None,
        payroll_scale=float(scale) if scale is not None else None,
        measured_feature_seconds=float(found.feature),
        little_feature=too_little(found, items, WINDOWS[-1], model) == "features",
    )


def _bounds(bounds: cost.Bounds | None) -> Bounds | None:
    if bounds is None:
        return None
    return Bounds(float(bounds.lower), float(bounds.central), float(bounds.upper))
