"""Deployments that CDviz asks GitHub for, from its CDEvents to what is counted."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.domain.timeline import Measured
from tests.unit.decode.records import cdevent
from tests.unit.pipeline.renamed_repositories import (
    SHOP,
    Told,
    at,
    deployed,
    measured,
    merged,
    orders,
)

SHA = "e" * 40
API = "https://api.github.com/repos/acme/shop/deployments"


def polled(number: int, clock: str, environment: str = "production") -> Told:
    """What CDviz makes of a deployment, as of when it was created."""
    shown = {"id": number, "sha": SHA, "environment": environment}
    event: dict[str, Any] = cdevent(
        "service.deployed", customData={"github": {"deployment": shown}}
    )
    event["context"]["timestamp"] = at(clock)
    where = {"id": f"/acme/shop/environments/{environment}"}
    content = {"artifactId": f"pkg:github/acme/shop@{SHA}", "environment": where}
    event["subject"] = {"id": f"{API}/{number}", "content": content}
    return None, event


@pytest.mark.parametrize(("environment", "counts"), [("production", 1), ("staging", 0)])
def test_production_is_production(environment: str, counts: int) -> None:
    found = measured([polled(1, "12:00", environment)], Measured.DEPLOYS)

    assert [clock for _, clock, _ in found] == ["12:00"] * counts


def test_a_change_is_delivered_by_the_deployment_of_its_commit() -> None:
    """Opened at nine, merged at ten, in production at noon."""
    told = [merged(SHOP, at("10:00"), merge_commit_sha=SHA), polled(1, "12:00")]
    for order in orders(told):
        assert measured(order, Measured.LEAD_TIME) == [
            ("github.com:11#7", "12:00", 3 * 60)
        ]


def test_it_follows_what_githubs_own_bodies_tell_of_the_environment() -> None:
    """One lane: what failed at eleven is made good at noon."""
    told = [deployed(SHOP, 1, at("11:00"), "failure", "d" * 40), polled(2, "12:00")]
    for order in orders(told):
        found = measured(order, Measured.RECOVERY)
        assert [(clock, minutes) for _, clock, minutes in found] == [("12:00", 60)]


def test_a_deployment_told_by_a_webhook_and_by_cdviz_is_one() -> None:
    told = [
        polled(1, "11:30"),
        deployed(SHOP, 1, at("11:40"), "success", SHA, created=at("11:30")),
    ]
    for order in orders(told):
        assert len(measured(order, Measured.DEPLOYS)) == 1
