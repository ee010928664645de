"""Which teams can be compared, and what the measured seconds say about R > 1."""

from __future__ import annotations

from typing import Final

from grafana.boards.promql import (
    CAPACITY,
    CHOSEN,
    COST,
    COST_LOWER,
    COST_UPPER,
    FEATURE,
    MONTH,
    WAITS,
    select,
)
from grafana.boards.style import BLUE, ORANGE
from grafana.boards.tables import Words

# Fewer items than this say nothing about a month.
LEAST_ITEMS: Final = 10
# Less feature work than this share of capacity is no work to compare with.
LEAST_FEATURE_SHARE: Final = 0.05
# More waiting on nobody knows whom, and no verdict is given.
MOST_UNKNOWN: Final = 0.3

_GREY: Final = "text"

EVERY_WEIGHT: Final = Words(3, "above 1 at every weight", ORANGE)
CENTRAL_WEIGHT: Final = Words(2, "above 1 at the central weight", ORANGE)
HIGHEST_WEIGHT: Final = Words(1, "above 1 only at the highest weight", BLUE)
BELOW: Final = Words(0, "no", BLUE)
WITHHELD: Final = Words(-1, "withheld: over 30 % unknown or unclassified", _GREY)
TOO_FEW: Final = Words(-2, "too few items", _GREY)
NO_FEATURE: Final = Words(-3, "no feature work", _GREY)
NOT_COMPARED: Final = Words(-4, "not compared: serves others, or no owner", _GREY)
VERDICTS: Final = (
    EVERY_WEIGHT,
    CENTRAL_WEIGHT,
    HIGHEST_WEIGHT,
    BELOW,
    WITHHELD,
    TOO_FEW,
    NO_FEATURE,
    NOT_COMPARED,
)

# Teams that build for users. Others have little feature work, so R says nothing.
COMPARED_TEAMS: Final = select("friction_team_info", kind="!~platform|enabling")
STREAM_TEAMS: Final = select("friction_team_info", kind="stream")


def of_month(recorded: str) -> str:
    """A recorded sum of the chosen teams in the trailing 28 days."""
    return select(recorded, window=MONTH, team=CHOSEN)


def compared(expr: str) -> str:
    """Only the teams of an expression that can be compared, by team alone."""
    return f"max by (team) ({expr} and on (team) {COMPARED_TEAMS})"


def ratio(cost: str) -> str:
    """A coordination cost over feature cost of each team that can be compared."""
    return compared(f"({of_month(cost)} / ({of_month(FEATURE)} > 0))")


def organisation_ratio(cost: str) -> str:
    """A coordination cost over feature cost of all stream teams: sums, then divided."""
    above, below = (
        f"sum({select(name, window=MONTH)} and on (team) {STREAM_TEAMS})"
        for name in (cost, FEATURE)
    )
    return f"{above} / ({below} > 0)"


def items() -> str:
    """The items of each chosen team in the month, whatever replica counted them."""
    counted = select("friction_window_items", window=MONTH, team=CHOSEN)
    return f"max by (team) ({counted})"


def verdict_code() -> str:
    """The code of ``VERDICTS`` of each chosen team; the first that fits.

    The order is that of the monitor's own verdict. It also knows the confidence
    interval, and the week beside the month; these words claim neither. Whether
    unclassified work withholds a verdict is its configuration, so it is asked.
    """
    feature = of_month(FEATURE)
    bounds = " + ".join(
        f"({of_month(cost)} > bool {feature})"
        for cost in (COST_LOWER, COST, COST_UPPER)
    )
    little = f"{LEAST_FEATURE_SHARE} * {of_month(CAPACITY)}"
    enough = f"{items()} >= {LEAST_ITEMS}"
    withheld = select("friction_verdict", team=CHOSEN, verdict="withheld")
    cases = (
        _coded(f"{feature} unless on (team) {COMPARED_TEAMS}", NOT_COMPARED),
        _coded(f"{feature} == 0", NO_FEATURE),
        _coded(f"{feature} unless on (team) {enough}", TOO_FEW),
        _coded(f"{feature} < on (window, team) {little}", TOO_FEW),
        _coded(f"{_unknown_share()} > {MOST_UNKNOWN}", WITHHELD),
        _coded(f"max by (team) ({withheld}) == 1", WITHHELD),
        bounds,
    )
    return f"max by (team) ({' or on (team) '.join(cases)})"


def teams_with(verdict: Words) -> str:
    """How many chosen teams have this verdict; nothing when there are no teams."""
    return f"sum({verdict_code()} == bool {verdict.code})"


def _unknown_share() -> str:
    waits = select(WAITS, window=MONTH, team=CHOSEN)
    unowned = select(WAITS, window=MONTH, team=CHOSEN, on_team="unknown")
    return f"sum by (team) ({unowned}) / (sum by (team) ({waits}) > 0)"


def _coded(case: str, words: Words) -> str:
    """The code of the words for every team of the case."""
    return f"({case}) * 0 - {-words.code}"
