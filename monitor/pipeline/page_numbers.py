"""The page's numbers: the 28-day window of every team, out of the accounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.domain.model import Model
from monitor.domain.snapshot import (
    Bounds,
    PageModel,
    SourceRow,
    TeamRow,
    WaitRow,
)
from monitor.domain.teams import Directory
from monitor.indicators import cost
from monitor.indicators.cost import TeamCost, organisation_ratio, team_cost
from monitor.indicators.series import WINDOW_DAYS, WINDOWS
from monitor.indicators.series import Family as Kept
from monitor.indicators.totals import Totals, seconds
from monitor.indicators.verdict import verdict_of
from monitor.pipeline.readings import Reading

_MONTH: Final = len(WINDOWS)  # the accountant 28 days behind
_WEEK: Final = 2  # the accountant 7 days behind
_MOST_WAITS: Final = 15
_MOST_OF_TEAM: Final = 3
_MOST_GAPS: Final = 50
_SERVING: Final = frozenset({"platform", "enabling"})


@dataclass(frozen=True, slots=True)
class Freshness:
    """How new the data are: watermarks (ms) and unread records by source."""

    now_ms: int
    watermarks: Mapping[str, int]
    lag_records: int | None
    gaps: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    version: str = ""


def window_totals(reading: Reading, k: int) -> Totals:
    """The totals of the window between accountants 0 and k."""
    totals = Totals()
    for key, amount in reading.accrued(k):
        family, labels = key[0], key[2:]
        if family == Kept.OWN_FAILURE or not amount:
            continue
        if family == Kept.WAIT:
            team, on_team, component, phase = labels
            totals.waits[(team, on_team, component, phase)] += amount
        elif family == Kept.ACTIVE:
            totals.active[(labels[0], labels[1])] += amount
        else:
            totals.unclassified[labels[0]] += amount
    return totals


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


def _costs(
    reading: Reading, directory: Directory, model: Model, k: int
) -> tuple[Totals, dict[str, TeamCost]]:
    totals = window_totals(reading, k)
    now = reading.instants[0]
    start = max(
        now - WINDOWS[k - 1], reading.first if reading.first is not None else now
    )
    teams = [*directory.teams, *sorted(totals.teams() - set(directory.teams))]
    return totals, {
        team: team_cost(totals, team, directory, model, start, now) for team in teams
    }


def page_model(
    reading: Reading, directory: Directory, model: Model, fresh: Freshness
) -> PageModel:
    """Everything the page shows, at the instant the accountants stand at.

    The verdict is by the bounds alone: the interval over single items is in
    ``friction evaluate``.
    """
    totals, costs = _costs(reading, directory, model, _MONTH)
    _, week = _costs(reading, directory, model, _WEEK)
    items = dict(item_counts(reading, _MONTH))
    waits = list(_waits(totals, model))
    rows = tuple(
        _team_row(
            found,
            week.get(team),
            items.get(team, 0),
            waits,
            directory,
            model,
        )
        for team, found in sorted(costs.items())
    )
    return PageModel(
        window="28d",
        now_ms=fresh.now_ms,
        evaluated_at_ms=reading.instants[0],
        teams=rows,
        top_waits=tuple(waits[:_MOST_WAITS]),
        sources=tuple(
            SourceRow(source, mark) for source, mark in sorted(fresh.watermarks.items())
        ),
        lag_records=fresh.lag_records,
        organisation=directory.organisation.name,
        organisation_ratio=_bounds(organisation_ratio(costs, directory)),
        directory_hash=directory.hash,
        provisional=directory.provisional,
        gaps=fresh.gaps[:_MOST_GAPS],
        notices=fresh.notices,
        version=fresh.version,
    )


def _team_row(
    found: TeamCost,
    week: TeamCost | None,
    items: int,
    waits: Sequence[WaitRow],
    directory: Directory,
    model: Model,
) -> TeamRow:
    known = directory.team(found.team)
    kind = known.kind if known is not None else "unknown"
    # Who serves other teams builds few features: a ratio would say nothing.
    compared = kind not in _SERVING
    verdict = verdict_of(found, items, None, WINDOWS[-1], model, week)
    coordination = _bounds(found.coordination)
    capacity = found.capacity
    return TeamRow(
        team=found.team,
        kind=kind,
        verdict=verdict if compared else "not compared",
        ratio=_bounds(found.ratio) if compared else None,
        coordination_seconds=coordination or Bounds(0.0, 0.0, 0.0),
        feature_seconds=float(found.feature),
        share=float(found.share) if compared and found.share is not None else None,
        items=items,
        waits=tuple(wait for wait in waits if wait.team == found.team)[:_MOST_OF_TEAM],
        budget_burn=float(found.burn) if found.burn is not None else None,
        unknown_share=float(found.unknown_share),
        unclassified_share=float(found.unclassified_share),
        asked_seconds=sum(wait.seconds for wait in waits if wait.on_team == found.team),
        capacity_share=(
            float(found.coordination.central / capacity) if capacity else None
        ),
    )


def _waits(totals: Totals, model: Model) -> Iterator[WaitRow]:
    """Waits by pair and component, the costliest (central) first."""
    weighed: dict[tuple[str, str, str], float] = {}
    for (team, on_team, component, phase), amount in totals.waits.items():
        weight = float(model.omega_central) if phase == "chronic" else 1.0
        key = (team, on_team, component)
        weighed[key] = weighed.get(key, 0.0) + weight * float(seconds(amount))
    for (team, on_team, component), value in sorted(
        weighed.items(), key=lambda entry: (-entry[1], entry[0])
    ):
        yield WaitRow(team, on_team, component, value)


def _bounds(bounds: cost.Bounds | None) -> Bounds | None:
    if bounds is None:
        return None
    return Bounds(float(bounds.lower), float(bounds.central), float(bounds.upper))
