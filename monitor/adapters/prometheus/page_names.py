"""The page under the names as shown: small teams are in their domain's row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from monitor.adapters.prometheus.naming import team_info
from monitor.domain.model import Model
from monitor.domain.snapshot import Judgement, PageModel, TeamRow
from monitor.domain.teams import Directory
from monitor.indicators.totals.series import ACCRUING, Key
from monitor.indicators.totals.series import Family as Kept
from monitor.pipeline.showing.page_numbers import (
    NOT_COMPARED,
    SERVING,
    Freshness,
    organisation_numbers,
    page_model,
    team_row,
)
from monitor.pipeline.showing.readings import Reading


def page_as_shown(
    reading: Reading,
    directory: Directory,
    model: Model,
    fresh: Freshness,
    merged: Mapping[str, str],
    judgements: Mapping[str, Judgement],
) -> PageModel:
    """The page's numbers, with the ``merged`` teams under the name they stand for.

    ``judgements`` are the verdicts on teams as shown.
    The organisation's ratio and trend are of the teams as they are. A merged row has
    the capacity of its members together, each by its own calendar, as in ``/metrics``.
    """
    if not merged:
        return page_model(reading, directory, model, fresh, judgements, merged)
    ratio, trend = organisation_numbers(reading, directory, model)
    names = renamed(reading, merged)
    shown = page_model(names, directory, model, fresh, judgements, merged)
    kinds = _kinds(directory, merged)
    rows = (row for row in shown.teams if row.team not in merged)
    return replace(
        shown,
        teams=tuple(_row(row, directory, kinds) for row in rows),
        organisation_ratio=ratio,
        trend=trend,
    )


def team_as_shown(
    team: str,
    reading: Reading,
    directory: Directory,
    model: Model,
    merged: Mapping[str, str],
    judgements: Mapping[str, Judgement],
) -> TeamRow:
    """The row of one team as shown: the same as on the page."""
    names = renamed(reading, merged)
    row = team_row(team, names, directory, model, judgements, merged)
    return _row(row, directory, _kinds(directory, merged))


def _kinds(directory: Directory, merged: Mapping[str, str]) -> dict[str, str]:
    info = team_info(directory.teams.values(), merged)
    return {name: kind for (name, _, kind), _ in info}


def _row(row: TeamRow, directory: Directory, kinds: Mapping[str, str]) -> TeamRow:
    shown = replace(row, kind=kinds.get(row.team, row.kind))
    if directory.team(row.team) is not None or shown.kind not in SERVING:
        return shown
    trend = tuple(replace(step, ratio=None) for step in shown.trend)
    bare = replace(shown, ratio=None, limits=None, share=None, trend=trend)
    return replace(bare, verdict=NOT_COMPARED)


def renamed(reading: Reading, merged: Mapping[str, str]) -> Reading:
    """The reading with teams under the names as shown; sums of items add up."""
    if not merged:
        return reading
    items: dict[Key, tuple[int, ...]] = {}
    for key, sums in reading.items.items():
        shown = _key(key, merged)
        held = items.get(shown)
        items[shown] = (
            sums
            if held is None
            else tuple(a + b for a, b in zip(held, sums, strict=True))
        )
    tables = {
        kind: table._replace(keys=[_key(key, merged) for key in table.keys])
        for kind, table in reading.tables.items()
        if kind in ACCRUING
    }
    return replace(reading, tables=tables, items=items)


def _key(key: Key, merged: Mapping[str, str]) -> Key:
    """The series' key with its team, and the team waited for, as shown."""
    family, calendar, team, *rest = key
    if family == Kept.WAIT:
        rest[0] = merged.get(rest[0], rest[0])
    return (family, calendar, merged.get(team, team), *rest)
