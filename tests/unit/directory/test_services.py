"""Whom a team serves X-as-a-Service, as of when, and mistakes in it."""

from __future__ import annotations

from monitor.directory.teams_file import parse
from monitor.domain.teams import Directory
from tests.harness.driving import directory_of

TEAMS = """\
version: 1
teams:
  - {id: Shop}
  - {id: search}
  - {id: platform, as_a_service_to: SERVED}
"""
MARCH_1 = 1_772_323_200_000


def serving(served: str) -> Directory:
    return directory_of(TEAMS.replace("SERVED", served))


def is_service(directory: Directory, team: str, instant: int, of: str) -> bool:
    spans = directory.services(of, team)
    return any(start <= instant < end for start, end in spans)


def wrong(served: str) -> list[tuple[int, str, str]]:
    found = parse(TEAMS.replace("SERVED", served))
    assert isinstance(found, tuple)
    return [(mistake.line, mistake.path, mistake.text) for mistake in found]


def test_a_team_is_named_without_regard_to_case() -> None:
    directory = serving("[shop]")
    assert is_service(directory, "Shop", 0, of="platform")
    assert not is_service(directory, "search", 0, of="platform")
    assert not is_service(directory, "platform", 0, of="Shop")


def test_a_star_is_every_team() -> None:
    directory = serving('["*"]')
    assert is_service(directory, "search", 0, of="platform")
    assert is_service(directory, "unheard-of", 0, of="platform")


def test_a_declaration_is_dated() -> None:
    directory = serving("[{team: shop, from: 2026-03-01}]")
    told = [is_service(directory, "Shop", MARCH_1 + n, of="platform") for n in (-1, 0)]
    assert told == [False, True]


def test_without_a_word_nobody_is_served() -> None:
    assert not is_service(serving("[]"), "Shop", 0, of="platform")


def test_every_mistake_has_its_place() -> None:
    path = "teams[2].as_a_service_to"
    assert wrong("[shopp]") == [(5, f"{path}[0]", "'shopp' is no team of this file")]
    assert wrong("[shop, Shop]") == [
        (5, f"{path}[1]", "the team is served at that time already (line 5)")
    ]
    ((_, where, text),) = wrong("[{team: shop, from: 2026-03-01, to: 2026-02-01}]")
    assert where == f"{path}[0]"
    assert "is not before" in text
    ((_, where, _),) = wrong("[{teem: shop}]")[:1]
    assert where.startswith(path)


def test_how_many_product_managers_there_are_may_be_unknown() -> None:
    silent = serving("[]").organisation
    assert silent.platform_pms is None
    text = TEAMS.replace("SERVED", "[]")
    told = directory_of(text + "organisation: {platform: {pms: 0}}\n")
    assert told.organisation.platform_pms == 0
