"""Simulated Jira bodies look like those of the site they are said to be of."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from itertools import chain
from typing import Any

import pytest

from monitor.simulate.bodies.jira_things import Site
from monitor.simulate.settings import ORDERLY, Simulation
from monitor.simulate.world import simulate

EVENTS = {
    "jira:issue_created",
    "jira:issue_updated",
    "comment_created",
    "issuelink_created",
    "issuelink_deleted",
}


@cache
def told(site: Site, share: float = 1.0) -> dict[str, list[dict[str, Any]]]:
    """The Jira bodies of a world, by event."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    config = Simulation(
        teams=6, days=25, seed=7, disorder=ORDERLY, jira_share=share, jira_site=site
    )
    for record in simulate(config).records():
        body = json.loads(record.value or b"null")
        if "webhookEvent" in body:
            found[body["webhookEvent"]].append(body)
    return found


@pytest.fixture(params=["cloud", "server"])
def bodies(request: pytest.FixtureRequest) -> dict[str, list[dict[str, Any]]]:
    """The bodies of either site."""
    return told(request.param)


def items_of(bodies: dict[str, list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    updates = bodies["jira:issue_updated"]
    return [body["changelog"]["items"] for body in updates if "changelog" in body]


def test_every_event_and_field_a_tracker_tells_occurs(
    bodies: dict[str, list[dict[str, Any]]],
) -> None:
    assert set(bodies) == EVENTS
    fields = {item["field"] for item in chain.from_iterable(items_of(bodies))}
    assert fields == {
        *("status", "resolution", "assignee", "Sprint", "Team"),
        *("Flagged", "Link", "Rank", "labels"),
    }
    assert max(len(items) for items in items_of(bodies)) >= 3


def test_issues_are_as_large_as_real_ones(
    bodies: dict[str, list[dict[str, Any]]],
) -> None:
    for body in (*bodies["jira:issue_created"], *bodies["jira:issue_updated"]):
        assert 4_500 <= len(json.dumps(body, separators=(",", ":"))) <= 9_000


def test_a_server_tells_a_comment_twice_and_without_its_issue() -> None:
    alone = {body["comment"]["id"]: body for body in told("server")["comment_created"]}
    assert not any("issue" in body for body in alone.values())
    again = [b for b in told("server")["jira:issue_updated"] if "comment" in b]
    assert sorted(body["comment"]["id"] for body in again) == sorted(alone)
    for body in again:
        address = alone[body["comment"]["id"]]["comment"]["self"]
        assert f"/issue/{body['issue']['id']}/comment/" in address


def test_cloud_tells_a_comment_once_with_a_short_issue() -> None:
    assert not any("comment" in body for body in told("cloud")["jira:issue_updated"])
    for body in told("cloud")["comment_created"]:
        assert "status" in body["issue"]["fields"]
        assert "created" not in body["issue"]["fields"]


def test_rules_of_a_board_change_a_ticket_twice_in_one_millisecond() -> None:
    by_robot: dict[tuple[str, int], list[int]] = defaultdict(list)
    for body in told("server")["jira:issue_updated"]:
        if body["user"]["name"].startswith("addon_"):
            number = int(body["changelog"]["id"])
            by_robot[body["issue"]["key"], body["timestamp"]].append(number)
    assert by_robot
    assert all(len(set(numbers)) == 2 for numbers in by_robot.values())


def test_a_change_has_a_number_of_its_own() -> None:
    numbers = [
        body["changelog"]["id"]
        for body in told("cloud")["jira:issue_updated"]
        if "changelog" in body
    ]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.slow
def test_a_world_without_jira_has_none_of_its_bodies() -> None:
    assert told("cloud", share=0.0) == {}


def test_accounts_are_nobody() -> None:
    for body in (
        *told("cloud")["jira:issue_updated"],
        *told("server")["jira:issue_updated"],
    ):
        assert body["user"]["displayName"].startswith(("dev-", "addon_"))


def test_a_link_taken_away_is_shown_by_neither_end(
    bodies: dict[str, list[dict[str, Any]]],
) -> None:
    gone = {b["issueLink"]["id"]: b["timestamp"] for b in bodies["issuelink_deleted"]}
    assert gone
    for body in bodies["jira:issue_updated"]:
        for link in body["issue"]["fields"]["issuelinks"]:
            assert body["timestamp"] < gone.get(int(link["id"]), float("inf"))
