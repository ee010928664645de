"""What is said of whether coordination costs a team more than its features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from monitor.domain.snapshot import Bounds, TeamRow


def verdict_class(verdict: str) -> str:
    """Which of the page's styles a verdict has; unknown verdicts are plain."""
    known = {"established", "indicated", "possible", "no"}
    return f"verdict-{verdict}" if verdict in known else "verdict-none"


def certainty(bounds: Bounds) -> str:
    """What bounds of a ratio say of whether it exceeds 1."""
    if bounds.lower > 1:
        return "coordination costs more, at every weight"
    if bounds.central > 1:
        return "coordination costs more at the central weight, not at the lowest"
    if bounds.upper > 1:
        return "coordination costs more only at the highest weight"
    return "coordination costs less, at every weight"


_VERDICTS: Final = {
    "established": "Coordination costs more than features even if only the first"
    " minutes of every wait are lost, or by the central weights beyond chance.",
    "indicated": "Coordination costs more than features by the central weights, in"
    " four weeks and in the last one.",
    "possible": "Coordination costs more than features only by the higher weights.",
    "no": "Coordination costs less than features, however waits are weighed.",
    "too few items": "Too few items were seen to say it.",
    "withheld": "Too much of its waiting or work could not be told to say it.",
    "no feature work": "There is no feature work to compare with.",
    "not yet known": "It is worked out within a minute.",
    "not compared": "Who serves other teams is not compared with its feature work.",
}
# With a central ratio above 1 only the last week keeps `indicated` from being said.
_POSSIBLE_IN_FOUR_WEEKS: Final = (
    "Coordination costs more than features by the central weights in four weeks, but"
    " not so in the last one."
)
# Counted with few items (indicators 2.4), and no want of them.
_LITTLE_FEATURE: Final = (
    "There are items enough, but feature work is too small a part of its capacity to"
    " say it."
)


def verdict_words(team: TeamRow) -> str:
    """A team's verdict as a sentence; nothing for an unknown one."""
    if team.verdict == "possible" and team.ratio and team.ratio.central > 1:
        return _POSSIBLE_IN_FOUR_WEEKS
    if team.verdict == "too few items" and team.little_feature:
        return _LITTLE_FEATURE
    return _VERDICTS.get(team.verdict, "")


def scaled_words(team: TeamRow) -> str:
    """Why less of a team's hours is displayed than was measured."""
    if team.payroll_scale == 0:
        return "its people have no hours in this window: what was measured is below"
    return (
        "its items, several at once or incidents at any hour, took more hours than its"
        " people have"
    )


def exceeding(teams: Sequence[TeamRow]) -> list[TeamRow]:
    """The teams, by name, of which it can be said that coordination costs more."""
    found = [team for team in teams if team.verdict in {"established", "indicated"}]
    return sorted(found, key=lambda team: team.team)


def doubtful(teams: Sequence[TeamRow]) -> list[TeamRow]:
    """The teams, by name, whose waiting or work could not all be told."""
    found = [t for t in teams if t.unknown_share or t.unclassified_share]
    return sorted(found, key=lambda team: team.team)
