"""The page under the names as shown: small teams are in their domain's row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from monitor.adapters.prometheus.naming import team_info
from monitor.domain.model import Model
from monitor.domain.snapshot import PageModel, TeamRow
from monitor.domain.teams import Directory
from monitor.indicators.series import ACCRUING, Key
from monitor.indicators.series import Family as Kept
from monitor.pipeline.page_numbers import Freshness, page_model
from monitor.pipeline.readings import Reading

# Kinds of teams that serve others: their ratio would say nothing.
_SERVING: Final = frozenset({"platform", "enabling"})


def page_as_shown(
    reading: Reading,
    directory: Directory,
    model: Model,
    fresh: Freshness,
    merged: Mapping[str, str],
) -> PageModel:
    """The page's numbers, with the ``merged`` teams under the name they stand for.

    The organisation's ratio is of the teams as they are. A merged row has no
    capacity, since its members may work by different calendars: no budget burn.
    """
    exact = page_model(reading, directory, model, fresh)
    if not merged:
        return exact
    shown = page_model(_renamed(reading, merged), directory, model, fresh)
    teams = tuple(_rows(shown, directory, merged))
    return replace(
        shown,
        teams=teams,
        organisation_ratio=exact.organisation_ratio,
        trend=exact.trend,
    )


def _rows(
    page: PageModel, directory: Directory, merged: Mapping[str, str]
) -> Iterator[TeamRow]:
    info = team_info(directory.teams.values(), merged)
    kinds = {name: kind for (name, _, kind), _ in info}
    for row in page.teams:
        if row.team in merged:
            continue
        shown = replace(row, kind=kinds.get(row.team, row.kind))
        if directory.team(row.team) is None and shown.kind in _SERVING:
            trend = tuple(replace(step, ratio=None) for step in shown.trend)
            shown = replace(
                shown, verdict="not compared", ratio=None, share=None, trend=trend
            )
        yield shown


def _renamed(reading: Reading, merged: Mapping[str, str]) -> Reading:
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
