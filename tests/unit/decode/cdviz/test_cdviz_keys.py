"""CDviz's CDEvents of changes and issues are kept as GitHub's own bodies are."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.domain.facts import Fact
from tests.unit.decode.records import cdevent, of, only_fact

API = "https://api.github.com/repos/Acme/Shop"
SHOP = {"id": 77, "full_name": "Acme/Shop"}
ENTERPRISE = "https://ghe.example/api/v3/repos/Acme/Shop"
ON_ENTERPRISE = {**SHOP, "html_url": "https://ghe.example/Acme/Shop"}


def told(kind: str, id_: str, repository: object, **custom: dict[str, object]) -> Fact:
    whole: dict[str, object] = {"github": {"repository": repository}, **custom}
    event: dict[str, Any] = cdevent(kind, customData=whole)
    event["subject"] = {"id": id_, "content": {}}
    return only_fact(of(event))


@pytest.mark.parametrize(
    ("kind", "id_", "repository", "key"),
    [
        ("change.merged", f"{API}/pulls/7", SHOP, "github.com:77#7"),
        ("ticket.closed", f"{API}/issues/7", SHOP, "github.com:77#7"),
        ("change.merged", f"{ENTERPRISE}/pulls/7", ON_ENTERPRISE, "ghe.example:77#7"),
    ],
)
def test_a_number_is_one_of_the_repository_whatever_that_is_called(
    kind: str, id_: str, repository: object, key: str
) -> None:
    """The repository's facts tell its name, which as an alias would stay for good."""
    found = told(kind, id_, repository)

    assert (found.entity, found.fields["repo"]) == (key, "acme/shop")
    assert "aliases" not in found.fields


@pytest.mark.parametrize(
    ("id_", "repository"),
    [
        # Spec 0.4, and what CDviz asks GitHub for.
        (f"{API}/pulls/7", {"url": API}),
        (f"{API}/pulls/7", None),
        (f"{API}/pulls/7", {"id": "77", "full_name": "Acme/Shop"}),
        # Of another repository than the body.
        (f"{API}/pulls/7", {"id": 77, "full_name": "acme/other"}),
    ],
)
def test_what_tells_no_id_is_known_by_its_name(id_: str, repository: object) -> None:
    found = told("change.merged", id_, repository)

    assert found.entity == f"https://ci.example#{id_}"
    assert found.fields["aliases"] == ["acme/shop#7"]


def test_a_repository_that_is_stated_gets_no_id() -> None:
    """Its name would be a name of the other's, for everybody."""
    stated: dict[str, object] = {"repo": "acme/other"}
    found = told("change.merged", f"{API}/pulls/7", SHOP, friction=stated)

    assert found.entity == f"https://ci.example#{API}/pulls/7"
    assert found.fields["repo"] == "acme/other"


def test_an_issue_that_leaves_is_known_by_its_names() -> None:
    """The new repository's name is none of the old one's id."""
    event: dict[str, Any] = cdevent("ticket.updated", customData={})
    new = {"new_repository": {"full_name": "acme/pay"}, "new_issue": {"number": 9}}
    event["customData"]["github"] = {
        "action": "transferred",
        "repository": SHOP,
        "changes": new,
    }
    event["subject"] = {"id": f"{API}/issues/7", "content": {}}
    found = only_fact(of(event))

    assert found.entity == f"https://ci.example#{API}/issues/7"
    assert found.fields["aliases"] == ["acme/pay#9", "acme/shop#7"]
