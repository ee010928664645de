"""A team may have had other ids: whoever names it by one of them means it."""

from __future__ import annotations

import pytest

from monitor.directory.mistakes import Mistake
from monitor.directory.teams_file import parse
from monitor.domain.opaque import blocked_on
from tests.harness.driving import directory_of

HEAD = "version: 1\nteams:\n"
RENAMED = directory_of(
    HEAD + "  - {id: Finder, formerly: [Search, index]}\n  - {id: shop}\n"
)


@pytest.mark.parametrize("name", ["Search", "search ", "INDEX", "finder", "Finder"])
def test_a_team_is_found_by_every_id_it_had(name: str) -> None:
    assert RENAMED.named(name) == "Finder"
    assert RENAMED.listed(blocked_on(name)) == "Finder"


def test_an_id_that_a_team_had_is_no_team() -> None:
    assert list(RENAMED.teams) == ["Finder", "shop"]
    assert RENAMED.team("Search") is None
    assert RENAMED.named("searching") == "unknown"


def test_the_ids_of_now_are_told_by_those_of_before() -> None:
    before = ("search", "index", blocked_on("search"), blocked_on("index"))
    assert RENAMED.formerly == dict.fromkeys(before, "Finder")
    assert directory_of(HEAD + "  - id: shop\n").formerly == {}


@pytest.mark.parametrize(
    ("teams", "place", "text"),
    [
        (
            "  - {id: a, formerly: [b]}\n  - id: B\n",
            (3, "teams[0].formerly[0]"),
            "is or was a team's id (line 4)",
        ),
        (
            "  - {id: a, formerly: [A]}\n",
            (3, "teams[0].formerly[0]"),
            "is or was a team's id (line 3)",
        ),
        (
            "  - {id: a, formerly: [c]}\n  - {id: b, formerly: [C]}\n",
            (4, "teams[1].formerly[0]"),
            "is or was a team's id (line 3)",
        ),
        (
            "  - {id: a, formerly: [c, c]}\n",
            (3, "teams[0].formerly[1]"),
            "is or was a team's id (line 3)",
        ),
        (
            "  - {id: a, formerly: [external]}\n",
            (3, "teams[0].formerly[0]"),
            "'external' is a reserved id: choose another",
        ),
        (
            "  - {id: a, formerly: b}\n",
            (3, "teams[0].formerly"),
            "should be a list, not 'b'",
        ),
        (
            "  - {id: a, formerly: [3]}\n",
            (3, "teams[0].formerly[0]"),
            "should be text, not 3; write it in quotes",
        ),
    ],
)
def test_an_id_of_before_is_nobody_elses(
    teams: str, place: tuple[int, str], text: str
) -> None:
    assert parse(HEAD + teams) == (Mistake(*place, text),)


def test_two_teams_of_one_id_are_told_once() -> None:
    found = parse(HEAD + "  - {id: a, formerly: [c]}\n  - {id: A}\n")
    assert found == (Mistake(4, "teams[1].id", "another team has this id (line 3)"),)
