"""Who is asked for most: the order of a platform's backlog."""

from __future__ import annotations

from typing import Final

from grafana.boards.promql import CAPPED_BY_CAUSE, CHOSEN, MONTH, hours, select
from grafana.boards.queries import now
from grafana.boards.style import (
    CAPPED,
    COUNT,
    PERSON_HOURS,
    SECONDS,
    SHARE,
    About,
    Panel,
    bars_panel,
)
from grafana.boards.tables import Column, table_panel

TITLE: Final = "Who is asked for most?"

_SECTION: Final = "asked"
_MOST_BARS: Final = 15
_HOUR: Final = 3600
_NOBODY: Final = "nobody is waited for in 28 days, or no data: catching up?"


def panels() -> list[Panel]:
    """The row's panels: bars in the order of demand, and a table of who asks."""
    return [_bars(), _askers()]


def _bars() -> Panel:
    about = About(
        301,
        "Asked for most, 28 days",
        "Coordination cost of the chosen teams by whom they wait for, in person-hours"
        " by the central weights: what could be saved by removing the cause. Being"
        " asked for is demand, not guilt. Unknown and external owners are left out."
        f"{CAPPED}",
        10,
        10,
        _SECTION,
        empty=_NOBODY,
    )
    asked = f"topk({_MOST_BARS}, {_asked()} > 0)"
    return bars_panel(
        about,
        PERSON_HOURS,
        now("A", f"sort_desc({hours(asked)})", "{{on_team}}"),
        by="on_team",
    ).decimals(1)


def _askers() -> Panel:
    about = About(
        302,
        "How many teams ask",
        "For each team waited for: how many of the chosen teams it cost more than one"
        " person-hour in 28 days, its part of all their coordination cost, how many"
        " waits on it are open now, reopened items among them, and how long the oldest"
        f" of the others has been open by the wall clock.{CAPPED}",
        14,
        10,
        _SECTION,
        empty=_NOBODY,
    )
    costs = select(CAPPED_BY_CAUSE, window=MONTH, team=CHOSEN)
    pairs = f"sum by (team, on_team) ({costs})"
    waits = select("friction_open_waits", team=CHOSEN)
    oldest = select("friction_oldest_open_wait_timestamp_seconds", team=CHOSEN)
    each_wait = f"max by (team, on_team, component) ({waits})"
    columns = (
        Column("Teams that ask", f"count by (on_team) ({pairs} > {_HOUR})", COUNT),
        Column("Cost", hours(f"{_asked()} > 0"), PERSON_HOURS, 1, gauge=True),
        Column(
            "Part of all",
            f"({_asked()} > 0) / on () group_left () sum({costs})",
            SHARE,
            1,
        ),
        Column("Open now", f"sum by (on_team) ({each_wait}) > 0", COUNT),
        Column("Oldest open", f"time() - min by (on_team) ({oldest})", SECONDS, 0),
    )
    return table_panel(
        about, {"on_team": "Waited for"}, columns, "Cost", descending=True
    )


def _asked() -> str:
    costs = select(CAPPED_BY_CAUSE, window=MONTH, team=CHOSEN)
    return f"sum by (on_team) ({costs})"
