"""Addresses: any name of a team goes out in one and comes back whole."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.adapters.web import addresses

NAMES = ("a", "a/b", "domain:shop", "a b", "..", ".", "=..", "%2F", "Käse/☃", "?a#b")
ANY_NAME = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


def through_a_browser(address: str) -> list[str]:
    """The parts of the path, as a browser that resolves dots would ask for it."""
    return urlsplit(urljoin("http://x.example/", address)).path.split("/")[1:]


@given(ANY_NAME)
@example("..")
@example(".")
@example("=.")
@example("=a")
@example("a/../b")
@example("%2e%2e")
def test_every_name_comes_back(name: str) -> None:
    team, part = through_a_browser(addresses.team(name))
    assert team == "team"
    assert addresses.name_of(part) == name


@given(ANY_NAME)
@example("..")
@example("=a")
def test_every_name_comes_back_from_the_link_of_a_board(name: str) -> None:
    """A board cannot tell `..` from other names, so it puts the sign before any."""
    link = f"team/={quote(name, safe='')}"
    _, part = through_a_browser(link)
    assert addresses.name_of(part) == name


@given(ANY_NAME, ANY_NAME)
def test_a_pair_keeps_its_order(team: str, on_team: str) -> None:
    address = addresses.listing(team, on_team, "ci_queue", "1 &2")
    _, *names = map(addresses.name_of, through_a_browser(address))
    assert names == [team, on_team]
    asked = parse_qs(urlsplit(address).query)
    assert asked == {"component": ["ci_queue"], "after": ["1 &2"]}


def test_no_part_can_be_taken_for_dots_a_slash_or_a_scheme() -> None:
    for name in (*NAMES, "javascript:alert(1)", "//evil.example"):
        part = addresses.part_of(name)
        assert not {"/", ":", "?", "#"} & set(part)
        assert part not in {".", "..", "%2E", "%2E%2E"}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/x",
        "https://",
        " https://a.example",
        "java\nscript:alert(1)",
        "ftp://a.example",
    ],
)
def test_only_addresses_of_tools_are_led_to(url: str) -> None:
    assert addresses.outside(url) == ""
    assert addresses.outside("HTTPS://a.example/x") == "HTTPS://a.example/x"
