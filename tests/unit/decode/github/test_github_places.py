"""Which repository a body of GitHub's is about, by what is left of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.decode.github.github_records import facts, job, of
from tests.unit.decode.records import codes

NAMELESS: dict[str, dict[str, Any]] = {
    "no owner": {"name": "Shop"},
    "an owner of null": {"name": "Shop", "owner": None},
    "an owner without a name": {"name": "Shop", "owner": {}},
    "an owner named null": {"name": "Shop", "owner": {"login": None, "name": None}},
    "an owner named by nothing": {"name": "Shop", "owner": {"login": ""}},
    "an owner of nothing": {"owner": {"login": "Acme"}},
}


@pytest.mark.parametrize("owner", [{"login": "Acme"}, {"name": "Acme"}])
def test_without_its_full_name_it_is_named_by_owner_and_name(
    owner: dict[str, str],
) -> None:
    (queued,) = facts("workflow_job", at({"id": 77, "name": "Shop", "owner": owner}))
    assert queued.fields["repo"] == "acme/shop"
    assert queued.fields["pipeline"] == "acme/shop/ci/unit"


@pytest.mark.parametrize("repository", NAMELESS.values(), ids=list(NAMELESS))
def test_what_names_no_owner_names_no_repository(repository: dict[str, Any]) -> None:
    (queued,) = facts("workflow_job", at({"id": 77, **repository}))
    assert "repo" not in queued.fields
    assert queued.fields["pipeline"] == "/ci/unit"
    assert codes(of("workflow_job", at(repository))) == [
        ("missing_field", "repository")
    ]


def at(repository: dict[str, Any]) -> dict[str, Any]:
    return {**job(status="queued"), "repository": repository}


@pytest.mark.parametrize(
    ("type_", "person"),
    [("User", "github:example-one"), ("Organization", None), (None, None)],
)
def test_a_repository_whose_body_calls_its_owner_a_person_is_that_persons(
    type_: str | None, person: str | None
) -> None:
    owner = {"login": "Example-One", "type": type_}
    repository = {"id": 77, "full_name": "Example-One/notes", "owner": owner}
    (queued,) = facts("workflow_job", at(repository))
    assert queued.people.get("owner") == person
    assert queued.fields["repo"] == "example-one/notes"


def test_an_account_without_a_repository_is_nobodys() -> None:
    repository = {"id": 77, "full_name": "notes", "owner": {"type": "User"}}
    (queued,) = facts("workflow_job", at(repository))
    assert "owner" not in queued.people
