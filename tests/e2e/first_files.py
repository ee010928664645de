"""Files made from a sample, edited as a person who knows the true teams would."""

from __future__ import annotations

import re
from collections.abc import Iterable

from monitor.directory.yaml_tree import read_tree

Line = str  # a claim as the simulator's file writes it: ``repo: acme/shop-api``

_CLAIM = re.compile(r" +- ((?:repo|jira|service|group|pool|pipeline): .*)")
# What no event tells. Without calendars all teams keep the organisation's hours.
UNTOLD = (
    "    headcount:",
    "    calendar:",
    "    members:",
    "      - pipeline:",
)


def claims_in(teams_yaml: str) -> dict[Line, str]:
    """The team that claims each reference, by the claim as it is written."""
    found: dict[Line, str] = {}
    team = ""
    for line in teams_yaml.splitlines():
        if line.startswith("  - id: "):
            team = line.removeprefix("  - id: ").partition("  #")[0]
        elif claim := _CLAIM.fullmatch(line.partition("  #")[0]):
            found[claim[1]] = team
    return found


def without_untold(teams_yaml: str, *, but: str = "") -> str:
    """The file without what no event tells, ``but`` one of ``UNTOLD``."""
    left_out = tuple(start for start in UNTOLD if start != but)
    lines = teams_yaml.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(left_out))


def ids_in(teams_yaml: str) -> set[str]:
    """The ids of the file's teams."""
    starts = [x for x in teams_yaml.splitlines() if x.startswith("  - id: ")]
    return {line.removeprefix("  - id: ").partition("  #")[0] for line in starts}


def with_claims(teams_yaml: str, claims: Iterable[Line]) -> str:
    """The file with only these of its claims."""
    kept = set(claims)
    lines = teams_yaml.splitlines(keepends=True)
    text = "".join(
        line
        for line in lines
        if not (claim := _CLAIM.fullmatch(line.rstrip())) or claim[1] in kept
    )
    # A team of which nothing is claimed owns nothing, said without the key.
    text = re.sub(r"    owns:\n(?!      - )", "", text)
    assert not read_tree(text).mistakes
    return text


def lines_of_gaps(printed: str) -> set[Line]:
    """The claims that ``friction teams gaps`` asks for."""
    found = {line.split("  #")[0].partition("- ")[2] for line in printed.splitlines()}
    return found - {""}
