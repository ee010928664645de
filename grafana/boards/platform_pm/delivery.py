"""How does delivery go beside it: DORA's five and flow."""

from __future__ import annotations

from typing import Final

from grafana.boards.promql import (
    CHANGE_FAIL,
    CHOSEN,
    DEPLOYS,
    EFFICIENCY,
    MONTH,
    OWN_CHANGE_FAIL,
    REWORK,
    SPANS,
    SPANS_P50,
    SPANS_P90,
    select,
    share,
)
from grafana.boards.queries import over_time
from grafana.boards.style import COUNT, SECONDS, SHARE, About, Panel, lines_panel
from grafana.boards.tables import Column, table_panel

TITLE: Final = "How does delivery go beside it?"

_DAY_SECONDS: Final = 86_400
# What no closed request counts as, so that even one opened is above 1.1.
_NONE_CLOSED: Final = 0.5
_NO_DEPLOYS: Final = "no deploys to production in 28 days, or no data: catching up?"

_ESTIMATED: Final = (
    " Medians and 90th are estimates, right to the range of lengths that they fall in:"
    " of one from 28 to 90 days they may be weeks off. `friction evaluate` has the"
    " exact ones."
)


def panels() -> list[Panel]:
    """The row's panels: a table of teams, failures by cause, lead time, requests."""
    return [_teams(), _failures(), _lead_time(), _requests()]


def _teams() -> Panel:
    about = About(
        601,
        "Delivery by team, 28 days",
        "By the wall clock, production only, for the owner of the service. Deploys ="
        " successful ones a day, of the days of which anything is known; from one day"
        " on. Failed = deploys that failed or were rolled back, of"
        " all; by own = those that no other team and nothing outside caused. Rework ="
        " unplanned deploys, of all. Lead = first commit of a change to the deploy"
        " that contains it, median and 90th of 100. Recovery = failed deploy to the"
        " next success there, median. Done = items first done; flow = their median time"
        " from start. Efficiency = active over active and waiting, in working time."
        " In flight = items now. No team is to be compared with another."
        f"{_ESTIMATED}",
        24,
        10,
        empty="nothing delivered in 28 days, or no data: catching up?",
    )
    done = select("friction_window_items_done", window=MONTH, team=CHOSEN)
    flying = select("friction_items_in_flight", team=CHOSEN)
    columns = (
        Column("Deploys a day", _deploys_a_day(), COUNT, 2),
        Column("Failed", _by_team(CHANGE_FAIL), SHARE, 0),
        Column("By own", _by_team(OWN_CHANGE_FAIL), SHARE, 0),
        Column("Rework", _by_team(REWORK), SHARE, 0),
        Column("Lead p50", _span(SPANS_P50, "lead_time"), SECONDS, 0),
        Column("Lead p90", _span(SPANS_P90, "lead_time"), SECONDS, 0),
        Column("Recovery p50", _span(SPANS_P50, "recovery"), SECONDS, 0),
        Column(
            "Done", f"sum by (team) (max by (team, work_class) ({done})) > 0", COUNT
        ),
        Column("Flow p50", _span(SPANS_P50, "flow_time"), SECONDS, 0),
        Column("Efficiency", _by_team(EFFICIENCY), SHARE, 0),
        Column("In flight", f"max by (team) ({flying})", COUNT),
    )
    return table_panel(about, {"team": "Team"}, columns, sort="Team")


def _deploys_a_day() -> str:
    """As ``deploys_per_day`` of ``friction evaluate``: 0 of a team that only failed."""
    name = "friction_window_deploys"
    good = select(name, window=MONTH, team=CHOSEN, cause="none")
    every = select(name, window=MONTH, team=CHOSEN)
    known = select("friction_window_known_seconds", window=MONTH)
    days = f"(max({known}) / {_DAY_SECONDS} >= 1)"
    counted = f"(max by (team) ({good}) or max by (team) ({every}) * 0)"
    return f"{counted} / on () group_left () {days}"


def _failures() -> Panel:
    about = About(
        602,
        "Failed deploys by cause, 28 days back",
        "Of the chosen teams' deploys to production in the 28 days before, the share"
        " that failed for any reason, and the share that failed by the doing of the"
        " service's own team. The gap is what other teams and the outside broke.",
        8,
        9,
        empty=_NO_DEPLOYS,
    )
    every = select(DEPLOYS, window=MONTH, team=CHOSEN)
    failed = select(DEPLOYS, window=MONTH, team=CHOSEN, outcome="failure")
    own = select(DEPLOYS, window=MONTH, team=CHOSEN, cause="own")
    return (
        lines_panel(
            about,
            SHARE,
            over_time("A", share(failed, every), "any cause"),
            over_time("B", share(own, every), "own cause"),
        )
        .min(0)
        .max(1)
    )


def _lead_time() -> Panel:
    about = About(
        603,
        "Change lead time, 28 days back",
        "First commit of a change to the first successful deploy to production that"
        " contains it, by the wall clock: half of the chosen teams' changes, and nine"
        " of ten, took at most so long. From the summed distribution, never a mean of"
        " teams; changes that have not reached production are not in it."
        f"{_ESTIMATED}",
        8,
        9,
        empty="no change reached production in 28 days, or no data: catching up?",
    )
    spans = select(SPANS, window=MONTH, team=CHOSEN, measure="lead_time")
    buckets = f"sum by (le) ({spans})"
    return lines_panel(
        about,
        SECONDS,
        over_time("A", f"histogram_quantile(0.5, {buckets})", "half"),
        over_time("B", f"histogram_quantile(0.9, {buckets})", "nine of ten"),
    ).decimals(0)


def _requests() -> Panel:
    about = About(
        604,
        "Requests opened for each one closed, 28 days back",
        "Tickets filed with a team for another, opened over closed. Above 1.1 their"
        " age must grow, whatever priority they are given: waits on the team then"
        " point to its load before its manners. Where none was closed, as if half a one"
        " had been: no queue grows faster, and there is no dividing by nothing.",
        8,
        9,
        empty="no request was opened in 28 days, or no data: catching up?",
    )
    opened = _queue("opened")
    closed = _queue("closed")
    grown = f"{opened} / ({closed} > 0) or {opened} / {_NONE_CLOSED}"
    return lines_panel(about, COUNT, over_time("A", grown, "{{team}}"), by="team")


def _queue(state: str) -> str:
    name = "friction_window_requests"
    requests = select(name, window=MONTH, team=CHOSEN, state=state)
    return f"max by (team) ({requests})"


def _by_team(recorded: str) -> str:
    return f"max by (team) ({select(recorded, window=MONTH, team=CHOSEN)})"


def _span(recorded: str, measure: str) -> str:
    spans = select(recorded, window=MONTH, team=CHOSEN, measure=measure)
    return f"max by (team) ({spans})"
