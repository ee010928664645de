"""Is coordination costing more than features, for whom, and how certain is that?"""

from __future__ import annotations

from typing import Final

from grafana_foundation_sdk.builders.common import GraphThresholdsStyleConfig
from grafana_foundation_sdk.models.common import GraphThresholdsStyleMode

from grafana.boards.platform_pm import comparing
from grafana.boards.promql import (
    BURN,
    CAPPED_COST,
    CAPPED_FEATURE,
    CHOSEN,
    COST,
    COST_LOWER,
    COST_UPPER,
    MONTH,
    ORGANISATION_RATIO,
    RATIO,
    SHARE,
    hours,
    select,
)
from grafana.boards.queries import now, over_time
from grafana.boards.style import (
    CAPPED,
    COUNT,
    PERSON_HOURS,
    About,
    Panel,
    bars_panel,
    lines_panel,
    mark_at,
    stat_panel,
)
from grafana.boards.style import RATIO as PLAIN
from grafana.boards.style import SHARE as PERCENT
from grafana.boards.tables import Column, table_panel

TITLE: Final = "Is coordination costing more than features?"


def panels() -> list[Panel]:
    """The row's panels: the organisation, how many teams, which teams, the trend."""
    return [_organisation(), _how_many(), _trend(), _teams()]


def _organisation() -> Panel:
    about = About(
        101,
        "All stream teams, 28 days",
        "R = coordination cost / feature cost of all stream teams in the last 28 days,"
        " whichever teams are chosen above: the sum of one divided by the sum of the"
        " other, never an average of ratios. Above 1, coordination costs more than"
        " features. Lower counts a wait for its first 15 working minutes, upper in"
        " full and with unknown owners, central a quarter of what follows.",
        6,
        8,
    )
    central = select(ORGANISATION_RATIO, window=MONTH)
    return (
        stat_panel(
            about,
            PLAIN,
            now("A", comparing.organisation_ratio(COST_LOWER), "lower"),
            now("B", f"max({central})", "central"),
            now("C", comparing.organisation_ratio(COST_UPPER), "upper"),
        )
        .thresholds(mark_at(1))
        .decimals(2)
    )


def _how_many() -> Panel:
    about = About(
        102,
        "Chosen teams by how certain it is",
        "How many of the chosen teams spend more on coordination than on features in"
        " 28 days, by the weights at which that holds. Without a word on R: fewer than"
        f" {comparing.LEAST_ITEMS} items or features under 5 % of capacity, over 30 %"
        " of waiting on unknown, or of work unclassified where that is not counted as"
        " features, no feature work, and teams that serve other teams.",
        6,
        8,
    )
    targets = [
        now(ref, comparing.teams_with(verdict), verdict.text)
        for ref, verdict in zip("ABCDEFGH", comparing.VERDICTS, strict=True)
    ]
    return bars_panel(about, COUNT, *targets)


def _trend() -> Panel:
    about = About(
        103,
        "Ratio per team, 28 days trailing",
        "Central R = coordination cost / feature cost of the 28 days before each"
        " instant. The dashed line is 1: above it coordination costs more. Teams that"
        " serve other teams have no R. Read a team against its own past, not against"
        " other teams.",
        12,
        8,
    )
    lines = over_time("A", comparing.compared(comparing.of_month(RATIO)), "{{team}}")
    dashed = GraphThresholdsStyleConfig().mode(GraphThresholdsStyleMode.DASHED)
    panel = lines_panel(about, PLAIN, lines, by="team").decimals(2).axis_soft_max(1.2)
    return panel.thresholds(mark_at(1)).thresholds_style(dashed)


def _teams() -> Panel:
    about = About(
        104,
        "Team by team, 28 days",
        "Per chosen team, by name: this is no ranking. R with its bounds as above."
        " Share = coordination / (coordination + features). Budget burn ="
        " coordination, capped at capacity, over the part of capacity that may go into"
        " it: 100 % is all of it; absent without a stated headcount. Hours are"
        " person-hours by the cost model, opportunity cost and not cash."
        f"{CAPPED}",
        24,
        10,
    )
    columns = (
        Column(
            "R above 1?",
            comparing.verdict_code(),
            COUNT,
            words=comparing.VERDICTS,
        ),
        Column("R lower", comparing.ratio(COST_LOWER), PLAIN, 2),
        Column("R", comparing.ratio(COST), PLAIN, 2),
        Column("R upper", comparing.ratio(COST_UPPER), PLAIN, 2),
        Column("Share", comparing.compared(comparing.of_month(SHARE)), PERCENT, 1),
        Column("Budget burn", _by_team(BURN), PERCENT, 0, gauge=True),
        Column("Coordination", hours(_by_team(CAPPED_COST)), PERSON_HOURS, 1),
        Column("Features", hours(_by_team(CAPPED_FEATURE)), PERSON_HOURS, 1),
        Column("Items", comparing.items(), COUNT),
    )
    return table_panel(about, {"team": "Team"}, columns, sort="Team")


def _by_team(recorded: str) -> str:
    return f"max by (team) ({select(recorded, window=MONTH, team=CHOSEN)})"
