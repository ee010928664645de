"""What CDviz tells of GitLab and Jira, from its CDEvents to hours."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from monitor.decode.settings import DecodeSettings
from monitor.decode.times import read_time
from tests.harness.measured import Measured, measured
from tests.unit.decode.records import cdevent, native

TEAMS = """
version: 1
organisation:
  name: Acme
  calendar: {zone: UTC, days: [mon, tue, wed, thu, fri], hours: ["09:00", "17:00"]}
teams:
  - {id: checkout, owns: [{repo: acme/shop}, {jira: CHK}]}
  - {id: platform, owns: [{pipeline: 'acme/shop/*'}]}
"""
SETTINGS = DecodeSettings(projects=frozenset({"CHK"}))
EVENING = 1_772_470_800_000  # 2026-03-02T17:00:00Z
ON_GITLAB = "https://gitlab.example/acme/shop"
CHANGE = f"{ON_GITLAB}/-/merge_requests/7"
ISSUE = f"{ON_GITLAB}/-/issues/5"
BROWSE = "https://acme.example/browse/CHK-1"
IN_SHOP = {"repository": {"id": ON_GITLAB}}


def told(
    kind: str, time: str, id_: str, custom: dict[str, Any], **content: Any
) -> dict[str, Any]:
    """A CDEvent as of this time of Monday, 2 March 2026."""
    event: dict[str, Any] = cdevent(kind, customData=custom)
    event["context"]["timestamp"] = f"2026-03-02T{time}:00Z"
    event["subject"] = {"id": id_, "content": content}
    return event


def change(predicate: str, time: str, **about: Any) -> dict[str, Any]:
    custom = {"gitlab": {"object_attributes": about}}
    return told(f"change.{predicate}", time, CHANGE, custom, **IN_SHOP)


def issue(predicate: str, time: str, action: str) -> dict[str, Any]:
    custom = {"gitlab": {"object_attributes": {"action": action}}}
    return told(f"ticket.{predicate}", time, ISSUE, custom, ticketType="story")


def started(time: str, entity: str) -> dict[str, object]:
    return native(kind="ticket.started", time=f"2026-03-02T{time}:00Z", entity=entity)


def figures(*bodies: dict[str, Any]) -> Measured:
    return measured(bodies, TEAMS, SETTINGS, at=EVENING)


def active(*bodies: dict[str, Any]) -> dict[str, int]:
    spent = figures(*bodies).active.items()
    return {work_class: int(seconds) for (_, work_class), seconds in spent}


def test_merge_request_that_is_reopened_is_open_again_in_any_order() -> None:
    """Open from nine to ten and from eleven to three: five hours."""
    bodies = [
        change("created", "09:00", action="open"),
        change("abandoned", "10:00", action="close"),
        change("updated", "11:00", action="reopen"),
        change("merged", "15:00", action="merge"),
    ]
    for order in permutations(bodies):
        assert sum(active(*order).values()) == 5 * 3_600


def run(predicate: str, time: str, number: int, **content: Any) -> dict[str, Any]:
    friction = {
        "change": "gitlab.example/acme/shop!7",
        "sha": "ab12cd3",
        "repo": "acme/shop",
    }
    id_ = f"{ON_GITLAB}/-/pipelines/{number}"
    content = {"pipelineName": "acme/shop/ci", **content}
    return told(
        f"pipelinerun.{predicate}", time, id_, {"friction": friction}, **content
    )


@pytest.mark.parametrize(
    ("about", "waited"),
    [
        # A label is no push: the same commit passed an hour later.
        ({"action": "update"}, 3_600),
        ({"action": "never_heard_of"}, 3_600),
        # New commits are: the failure was of the commit before, and the owner's.
        ({"action": "update", "oldrev": "ef56ab7"}, 0),
    ],
)
def test_failure_is_settled_by_a_push_and_by_no_other_update(
    about: dict[str, str], waited: int
) -> None:
    found = figures(
        change("created", "09:00", action="open"),
        run("started", "09:10", 1),
        run("finished", "09:30", 1, outcome="failure"),
        change("updated", "09:40", **about),
        run("started", "10:00", 2),
        run("finished", "10:30", 2, outcome="success"),
        change("merged", "11:00", action="merge"),
    )
    assert sum(found.waits.values()) == waited
    components = {component for _, _, component, *_ in found.waits}
    assert components <= {"ci_flaky"}


@pytest.mark.parametrize(
    ("status", "components"), [("canceled", set()), ("x", {"ci_shared_failure"})]
)
def test_pipeline_that_was_cancelled_is_nobodys_failure(
    status: str, components: set[str]
) -> None:
    """CDviz calls it an error, which is that of the pipeline's owner."""
    finished = run("finished", "09:30", 1, outcome="error")
    finished["customData"]["gitlab"] = {"object_attributes": {"status": status}}
    found = figures(
        change("created", "09:00", action="open"),
        run("started", "09:10", 1),
        finished,
        change("merged", "11:00", action="merge"),
    )
    assert {component for _, _, component, *_ in found.waits} == components


@pytest.mark.parametrize(
    ("result", "waited"), [("ABORTED", 0), ("NOT_BUILT", 0), ("FAILURE", 1_200)]
)
def test_build_that_jenkins_stopped_is_nobodys_failure(
    result: str, waited: int
) -> None:
    """A failure is from when the build was over, 20 minutes after it began, at 9:30.

    It is the pipeline's owner's until the commit succeeds, 10 minutes after 9:40.
    """

    def build(result: str, began: str, minutes: int, number: int) -> dict[str, Any]:
        event = run("finished", began, number, outcome="error")
        time = read_time(event["context"]["timestamp"])
        shown = {"result": result, "timestamp": time, "duration": minutes * 60_000}
        event["customData"]["jenkins"] = {"build": shown}
        return event

    found = figures(
        change("created", "09:00", action="open"),
        build(result, "09:10", 20, 1),
        build("SUCCESS", "09:40", 10, 2),
        change("merged", "11:00", action="merge"),
    )
    assert sum(found.waits.values()) == waited


def test_issue_that_is_reopened_is_rework_in_any_order() -> None:
    """An hour of a feature until ten; two of rework from eleven on."""
    bodies = [
        issue("created", "08:00", "open"),
        started("09:00", "gitlab.example/acme/shop#5"),
        issue("closed", "10:00", "close"),
        issue("updated", "11:00", "reopen"),
        issue("closed", "13:00", "close"),
    ]
    for order in permutations(bodies):
        assert active(*order) == {"feature": 3_600, "rework": 7_200}


@pytest.mark.parametrize(
    ("event", "spent"),
    [
        # "Deleted (mistake) items are removed by correction": not even three hours.
        ("jira:issue_deleted", {}),
        ("jira:issue_updated", {"feature": 3 * 3_600}),
    ],
)
def test_issue_that_was_deleted_in_jira_leaves_history_in_any_order(
    event: str, spent: dict[str, int]
) -> None:
    bodies = [
        told(
            f"ticket.{predicate}",
            time,
            BROWSE,
            {"jira": {"webhookEvent": name, "issue": {"key": "CHK-1"}}},
            ticketType="story",
            resolution="withdrawn",
        )
        for predicate, time, name in (
            ("created", "08:00", "jira:issue_created"),
            ("closed", "12:00", event),
        )
    ]
    for order in permutations([*bodies, started("09:00", "CHK-1")]):
        assert active(*order) == spent
