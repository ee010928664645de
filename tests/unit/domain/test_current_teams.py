"""A person of a team that the file has no more counts as in no team."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.directory.attribute import attribute
from monitor.domain.current_teams import facts_under
from monitor.domain.facts import Fact, Fields, Kind, People
from monitor.domain.making import make_fact
from monitor.domain.teams import Directory
from tests.harness.driving import directory_of

HEAD = "version: 1\nteams:\n"
SHOP = "  - {id: shop, owns: [{repo: acme/shop}], members: [github:bob, github:both]}\n"
SEARCH = "  - {id: search, members: [github:ada, github:both]}\n"
BOTH = directory_of(HEAD + SHOP + SEARCH)
WITHOUT = directory_of(HEAD + SHOP)
PEOPLE: dict[str, People] = {
    "author": {"author": "github:ada"},
    "actor": {"actor": "github:ada"},
    "reviewer": {"reviewer": "github:ada"},
    "asked": {"asked": "github:ada"},
    "receiver": {"receiver": "github:ada", "beside": ["github:bob"]},
    "named": {"named": "ada"},
}


def told(people: People, fields: Fields | None = None) -> Fact:
    said: Fields = {"repo": "acme/shop", **(fields or {})}
    return make_fact(Kind.TICKET_UPDATED, 1, "acme/shop#1", "github.com", said, people)


def under(directory: Directory, fact: Fact) -> dict[str, object]:
    """What the fact says under this directory, whichever fields were persons'."""
    (found,) = facts_under(directory, [fact])
    return {name: each for name, each in found.fields.items() if name != "derived"}


@pytest.mark.parametrize("role", sorted(PEOPLE.keys() - {"receiver", "named"}))
def test_a_person_of_a_team_that_is_gone_is_in_none(role: str) -> None:
    stored = attribute(told(PEOPLE[role]), BOTH)
    assert "search" in str(under(BOTH, stored))
    assert under(WITHOUT, stored) == under(
        WITHOUT, attribute(told(PEOPLE[role]), WITHOUT)
    )


def test_a_ticket_given_to_a_person_of_a_team_that_is_gone_is_given_to_nobody() -> None:
    stored = attribute(told({"receiver": "github:ada"}), BOTH)
    assert under(BOTH, stored)["to_team"] == "search"
    assert "to_team" not in under(WITHOUT, stored)


@pytest.mark.parametrize(
    ("role", "field"), [("actor", "by_teams"), ("reviewer", "reviewed_by")]
)
def test_a_person_of_several_teams_is_in_those_that_are_left(
    role: str, field: str
) -> None:
    people: People = {role: "github:both"}  # type: ignore[misc]
    stored = attribute(told(people), BOTH)
    assert under(BOTH, stored)[field] == ["search", "shop"]
    assert under(WITHOUT, stored)[field] == ["shop"]
    assert "inferred" not in under(WITHOUT, stored)


def test_a_team_that_an_event_states_stays_as_it_was_stated() -> None:
    said: Fields = {
        "author_team": "ghosts",
        "by_teams": ["ghosts"],
        "reviewed_by": ["ghosts"],
        "on_team": "ghosts",
        "to_team": "ghosts",
    }
    everybody: People = {
        "author": "github:ada",
        "actor": "github:ada",
        "reviewer": "github:ada",
        "asked": "github:ada",
        "receiver": "github:ada",
    }
    for people in (People(), everybody):
        stored = attribute(told(people, said), BOTH)
        assert under(WITHOUT, stored) == {"repo": "acme/shop", **said}


def test_a_label_that_named_a_person_of_a_team_that_is_gone_names_nobody_known() -> (
    None
):
    stored = attribute(told({"named": "ada"}), BOTH)
    assert under(BOTH, stored)["on_team"] == "search"
    named = str(under(WITHOUT, stored)["on_team"])
    assert WITHOUT.named(named) == "unknown"


@given(st.lists(st.sampled_from(sorted(PEOPLE)), max_size=6, unique=True))
def test_a_file_that_still_has_the_team_changes_nothing(roles: list[str]) -> None:
    people = People()
    for role in roles:
        people.update(PEOPLE[role])
    stored = attribute(told(people), BOTH)
    assert facts_under(BOTH, [stored]) == [stored]


def test_facts_stored_before_this_was_told_stay_as_they_are() -> None:
    old = told({}, {"author_team": "search"})
    assert facts_under(WITHOUT, [old]) == [old]
