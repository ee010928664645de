"""What changed in four weeks?"""

from __future__ import annotations

from typing import Final

from grafana.boards.platform_pm import comparing
from grafana.boards.promql import (
    CAPPED_BY_CAUSE,
    CAPPED_FEATURE,
    CHOSEN,
    FEATURE,
    MONTH,
    RATIO,
    WAITS,
    hours,
    select,
    wholly_known,
)
from grafana.boards.style import CAPPED, PERSON_HOURS, About, Panel
from grafana.boards.style import RATIO as PLAIN
from grafana.boards.tables import Column, table_panel

TITLE: Final = "What changed in four weeks?"

_SECTION: Final = "changed"
_PAIR: Final = "team, on_team"
# A week of less than half a working day is chance, not a dependency.
_LEAST_SECONDS: Final = 4 * 3600


def panels() -> list[Panel]:
    """The row's panels: pairs now and before, new pairs, ratios now and before."""
    return [_pairs(), _new(), _ratios()]


def _pairs() -> Panel:
    about = About(
        401,
        "Pairs: 28 days against the 28 before",
        "Coordination cost of each pair in person-hours by the central weights, in"
        " the last 28 days and in the 28 days before; the largest rise first. A pair"
        " without waits counts as 0 where its team was measured at that time, and is"
        " empty where it was not. Prometheus must keep more than four weeks, and the"
        " monitor must have known all of the 28 days before."
        f"{CAPPED}",
        12,
        10,
        _SECTION,
    )
    current = _measured("")
    before = f"({_measured(' offset 4w')}) and on () {wholly_known(' offset 4w')}"
    # Pairs that never waited at either time are left out, not shown as 0 and 0.
    some = f"({current}) + ({before}) > 0"
    columns = (
        Column("Now", hours(f"({current}) > 0 or ({some}) * 0"), PERSON_HOURS, 1),
        Column(
            "Four weeks ago",
            hours(f"({before}) > 0 or ({some}) * 0"),
            PERSON_HOURS,
            1,
        ),
        Column(
            "Change",
            hours(f"({current}) - ({before}) and ({some})"),
            PERSON_HOURS,
            1,
        ),
    )
    labels = {"team": "Team", "on_team": "Waits on"}
    return table_panel(about, labels, columns, "Change", descending=True)


def _new() -> Panel:
    about = About(
        402,
        "New dependencies",
        "Pairs that waited more than four working hours in the last 7 days and not at"
        " all in the 28 days before these, of teams that were measured then, where all"
        " of those days are known. Delay, before any weight.",
        6,
        10,
        _SECTION,
        empty="none, or not yet five weeks of data",
    )
    week = select(WAITS, window="7d", team=CHOSEN, on_team="!~unknown|external|other")
    month = select(WAITS, window=MONTH, team=CHOSEN)
    known = select(FEATURE, window=MONTH, team=CHOSEN)
    fresh = (
        f"sum by ({_PAIR}) ({week}) > {_LEAST_SECONDS}"
        f" unless on ({_PAIR}) sum by ({_PAIR}) ({month} offset 7d) > 0"
        f" and on (team) {known} offset 7d"
        f" and on () {wholly_known(' offset 7d')}"
    )
    columns = (Column("Delay in 7 days", hours(fresh), PERSON_HOURS, 1),)
    labels = {"team": "Team", "on_team": "Waits on"}
    return table_panel(about, labels, columns, "Delay in 7 days", descending=True)


def _ratios() -> Panel:
    about = About(
        403,
        "Ratio: now and four weeks ago",
        "Central R of each team in the last 28 days and in the 28 before, by name."
        " Empty where a team had no feature work or was not measured, and before where"
        " not all of it is known.",
        6,
        10,
    )
    ratio = comparing.of_month(RATIO)
    current = comparing.compared(ratio)
    known = wholly_known(" offset 4w")
    before = f"({comparing.compared(f'{ratio} offset 4w')} and on () {known})"
    columns = (
        Column("Now", current, PLAIN, 2),
        Column("Four weeks ago", before, PLAIN, 2),
        Column("Change", f"{current} - {before}", PLAIN, 2),
    )
    return table_panel(about, {"team": "Team"}, columns, "Team")


def _measured(offset: str) -> str:
    """Cost of pairs at a time, 0 for pairs of the other time whose team was measured.

    Without the last condition a monitor installed last week would show every pair
    as new.
    """
    there, other = ("", " offset 4w") if not offset else (" offset 4w", "")
    costs = select(CAPPED_BY_CAUSE, window=MONTH, team=CHOSEN)
    known = select(CAPPED_FEATURE, window=MONTH, team=CHOSEN)
    return (
        f"sum by ({_PAIR}) ({costs}{there})"
        f" or sum by ({_PAIR}) ({costs}{other}) * 0 and on (team) {known}{there}"
    )
