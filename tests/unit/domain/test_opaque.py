"""Words in the place of names that may be a person's."""

from __future__ import annotations

import pytest

from monitor.domain.opaque import blocked_on, is_address, team_reference

ADDRESS = "example-one@acme.example"


@pytest.mark.parametrize(
    "name",
    [
        ADDRESS,
        f" {ADDRESS} ",
        "a.b+c@mail.acme.example",
        f"Example One <{ADDRESS}>",
        f"{ADDRESS};example-two@acme.example",
        f"{ADDRESS}.",
    ],
)
def test_an_address_is_listed_by_a_word(name: str) -> None:
    assert is_address(name)
    assert team_reference(name) == blocked_on(name)
    assert "@" not in team_reference(name)


@pytest.mark.parametrize(
    "name", ["search", "@acme/shop", "a@b", "@acme.example", "a@."]
)
def test_any_other_team_is_listed_by_its_name(name: str) -> None:
    assert not is_address(name)
    assert team_reference(name) == f"team:{name}"
