"""Deployments that CDviz asks GitHub for are what GitHub's own bodies call them."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.domain.environments import is_ordinary
from monitor.domain.facts import Fact, Kind
from monitor.domain.opaque import environment_word
from tests.unit.decode.records import cdevent, codes, of, only_fact

API = "https://api.github.com/repos/Acme/Shop/deployments/900"
ENTERPRISE = "https://GHE.example/api/v3/repos/Acme/Shop/deployments/900"
SHA = "c1" * 20
HERS = "review/dev-a/till"


def event(
    id_: str = API, kind: str = "service.deployed", **deployment: Any
) -> dict[str, Any]:
    shown = {"id": 900, "sha": SHA, "environment": "production", **deployment}
    where = {"id": f"/Acme/Shop/environments/{shown['environment'] or ''}"}
    content = {"artifactId": f"pkg:github/Acme/Shop@{SHA}", "environment": where}
    made: dict[str, Any] = cdevent(kind, customData={"github": {"deployment": shown}})
    made["subject"] = {"id": id_, "content": content}
    return made


def fact(*id_: str, **deployment: Any) -> Fact:
    return only_fact(of(event(*id_, **deployment)))


def test_a_deployment_is_of_a_commit_of_the_repository_and_of_no_service() -> None:
    """Its address names no service, and the path of an environment is none's name."""
    found = fact()

    assert (found.kind, found.entity) == (
        Kind.DEPLOY_FINISHED,
        "github.com:deploy/900",
    )
    assert found.fields == {
        "environment": "production",
        "repo": "acme/shop",
        "shas": [SHA],
        "outcome": "success",
    }


@pytest.mark.parametrize(
    ("id_", "key"),
    [
        (ENTERPRISE, "ghe.example:deploy/900"),
        (API.replace("github.com", "acme.ghe.com"), "acme.ghe.com:deploy/900"),
    ],
)
def test_its_key_is_that_of_githubs_own_bodies_on_its_host(id_: str, key: str) -> None:
    assert fact(id_).entity == key


def test_an_environment_that_may_be_a_persons_is_a_word() -> None:
    assert not is_ordinary(HERS)
    assert fact(environment=HERS).fields["environment"] == environment_word(HERS)


@pytest.mark.parametrize("environment", [None, "", 5])
def test_a_deployment_may_name_no_environment(environment: object) -> None:
    """As in GitHub's own bodies; the path would be one of its own."""
    assert "environment" not in fact(environment=environment).fields


def test_what_is_stated_wins() -> None:
    made = event()
    stated = {"environment": "staging", "service": "tills", "repo": "acme/other"}
    made["customData"]["friction"] = stated

    found = only_fact(of(made)).fields
    assert stated.items() <= found.items()


@pytest.mark.parametrize(
    "id_", ["tills", "https://api.github.com/repos/Acme/Shop", f"{API}/statuses/1"]
)
def test_what_is_no_address_of_a_deployment_names_a_service(id_: str) -> None:
    found = fact(id_)

    assert found.fields["service"] == id_
    assert found.fields["deployed"] == f"https://ci.example#{id_}"


def test_what_has_no_deployment_beside_it_names_a_service() -> None:
    made = event()
    made["customData"] = {}

    assert only_fact(of(made)).fields["service"] == API


@pytest.mark.parametrize("name", ["environment", "sha"])
def test_a_name_is_no_longer_than_any_real_one(name: str) -> None:
    made = event()
    made["customData"]["github"]["deployment"][name] = "x" * 1_001

    where = f"customData.github.deployment.{name}"
    assert codes(of(made)) == [("bad_value", where)]
