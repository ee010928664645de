"""Items are shown as people know them, where the teams file knows the repository."""

from __future__ import annotations

from monitor.domain.facts import Fact, Kind
from monitor.pipeline.showing.item_names import Known, known_items, naming_of
from tests.harness.driving import directory_of
from tests.unit.pipeline.test_relating import TEAMS, drive, github


def known(*facts: Fact) -> dict[str, Known]:
    driven = drive()
    driven.take(list(facts))
    items = [key for key, _ in driven.state.scan("items")]
    return known_items(
        driven.state, [*items, "git.acme.example:1#404"], driven.directory
    )


def opened(entity: str, repo: str = "acme/shop", time: str = "09:00") -> Fact:
    return github(Kind.CHANGE_OPENED, time, entity, repo=repo)


def test_a_number_is_shown_under_its_repository_with_a_link() -> None:
    assert known(opened("git.acme.example:77#12")) == {
        "git.acme.example:77#12": Known(
            "acme/shop#12", "https://git.acme.example/acme/shop/issues/12"
        )
    }


def test_a_part_of_an_item_has_the_name_of_its_own_repository() -> None:
    ticket = github(Kind.TICKET_STARTED, "09:00", "github.com:77#11")
    part = github(
        Kind.CHANGE_OPENED,
        "10:00",
        "github.com:79#13",
        repo="acme/search",
        item="github.com:77#11",
    )
    driven = drive()
    driven.take([ticket, part])
    assert [key for key, _ in driven.state.scan("items")] == ["github.com:77#11"]

    things = ("github.com:77#11", "github.com:79#13", "github.com:79#14", "CHK-1")
    called = naming_of(driven.state, things, driven.directory)
    assert [*map(called, things)] == [
        "acme/shop#11",
        "acme/search#13",
        "github.com:79#14",
        "CHK-1",
    ]


def test_the_repository_is_called_as_it_was_last() -> None:
    renamed = github(
        Kind.CHANGE_PUSHED, "10:00", "github.com:77#12", repo="acme/search"
    )
    (found,) = known(renamed, opened("github.com:77#12")).values()
    assert found.name == "acme/search#12"


def test_a_repository_nobody_claims_keeps_its_number() -> None:
    """Its owner may be a person."""
    assert known(opened("github.com:78#1", "somebody/dotfiles")) == {}


def test_keys_of_other_tools_are_names_already() -> None:
    ticket = github(Kind.TICKET_STARTED, "09:00", "CHK-1", repo="acme/shop")
    assert known(ticket, opened("acme/shop!12")) == {}


def test_a_name_that_is_odd_in_an_address_is_escaped_there() -> None:
    teams = TEAMS + '  - {id: odd, owns: [{repo: "acme/a b?c"}]}\n'
    driven = drive()
    driven.take([opened("github.com:79#3", "acme/a b?c")])
    found = known_items(driven.state, ["github.com:79#3"], directory_of(teams))
    assert found["github.com:79#3"] == Known(
        "acme/a b?c#3", "https://github.com/acme/a%20b%3Fc/issues/3"
    )
