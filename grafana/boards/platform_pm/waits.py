"""Who waits on whom, and why?"""

from __future__ import annotations

from typing import Final

from grafana_foundation_sdk.builders import nodegraph

from grafana.boards.links import link_to_page, of_row, place_of
from grafana.boards.promql import (
    CAPPED_BY_CAUSE,
    CHOSEN,
    MONTH,
    WAITS,
    hours,
    select,
)
from grafana.boards.queries import over_time, rows
from grafana.boards.style import (
    CAPPED,
    COUNT,
    PERSON_HOURS,
    About,
    Panel,
    described,
    lines_panel,
    stacked,
)
from grafana.boards.tables import MOST_ROWS, Column, organised, table_panel

TITLE: Final = "Who waits on whom, and why?"

_SECTION: Final = "waits"
_CAUSE: Final = "team, on_team, component"
_NO_WAITS: Final = "no waits in 28 days, or no data: catching up?"


def panels() -> list[Panel]:
    """The row's panels: the causes as a table, the pairs as a graph, the weeks."""
    return [_causes(), _graph(), _weeks()]


def _causes() -> Panel:
    about = About(
        201,
        f"The {MOST_ROWS} longest waits, 28 days",
        "Delay = working hours in 28 days that work in flight of the team stood still"
        " for on_team, before any weight. Cost = the same as person-hours by the"
        " central weights; unknown counts in the upper bound only and external in"
        " none, so they have delay without cost. Open = such waits open now. Being"
        f" waited for is demand, not guilt.{CAPPED}",
        16,
        13,
        _SECTION,
        empty=_NO_WAITS,
    )
    waits = select(WAITS, window=MONTH, team=CHOSEN)
    costs = select(CAPPED_BY_CAUSE, window=MONTH, team=CHOSEN)
    opened = select("friction_open_waits", team=CHOSEN)
    longest = f"topk({MOST_ROWS}, sum by ({_CAUSE}) ({waits}) > 0)"
    among = f"and on ({_CAUSE}) {longest}"
    columns = (
        Column("Delay", hours(longest), PERSON_HOURS, 1, gauge=True),
        Column(
            "Cost",
            hours(f"sum by ({_CAUSE}) ({costs}) {among}"),
            PERSON_HOURS,
            1,
            gauge=True,
        ),
        Column("Open", f"max by ({_CAUSE}) ({opened}) {among}", COUNT),
    )
    labels = {"team": "Team", "on_team": "Waits on", "component": "Because of"}
    return table_panel(about, labels, columns, "Delay", descending=True)


def _graph() -> Panel:
    about = About(
        202,
        f"The {MOST_ROWS} costliest pairs, 28 days",
        "An arrow leads from a team to the team it waits on; its number is the"
        " coordination cost of 28 days in person-hours by the central weights. The"
        f" table beside it holds the same, for eyes and screen readers.{CAPPED}",
        8,
        13,
        _SECTION,
        empty=_NO_WAITS,
    )
    costs = select(CAPPED_BY_CAUSE, window=MONTH, team=CHOSEN)
    pairs = f"topk({MOST_ROWS}, sum by (team, on_team) ({costs}) > 0)"
    edges = f'label_join({hours(pairs)}, "id", "/", "team", "on_team")'
    panel = described(nodegraph.Panel(), about, PERSON_HOURS, rows("A", edges))
    names = {"id": "id", "team": "source", "on_team": "target", "Value": "mainstat"}
    edge = {"team": "source", "on_team": "target"}
    return (
        panel.with_transformation(organised(names, ["Time"]))
        .edges(nodegraph.EdgeOptions().main_stat_unit(PERSON_HOURS))
        .decimals(1)
        .data_links([link_to_page(place_of(of_row(edge), about.section))])
    )


def _weeks() -> Panel:
    about = About(
        203,
        "Coordination cost by cause, week by week",
        "Each bar is the coordination cost of the chosen teams in the seven days"
        " before it, in person-hours by the central weights, stacked by cause."
        f"{CAPPED}",
        24,
        8,
        _SECTION,
        empty=_NO_WAITS,
    )
    costs = select(CAPPED_BY_CAUSE, window="7d", team=CHOSEN)
    by_cause = hours(f"sum by (component) ({costs})")
    panel = lines_panel(about, PERSON_HOURS, over_time("A", by_cause, "{{component}}"))
    # One bar for each week: closer steps would count the same days again.
    return stacked(panel).interval("7d").decimals(1)
