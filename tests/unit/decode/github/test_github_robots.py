"""What a robot does on GitHub is nobody's activity, whatever it does it to."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.decode.github.github_records import (
    MS,
    REPOSITORY,
    T,
    facts,
    issue,
    pull,
    user,
)

Body = dict[str, Any]
ROBOT = user("stale[bot]", "Bot")
_OTHER = {"id": 88, "full_name": "acme/lib"}
_TWO = [{"number": number, "created_at": T[0], "updated_at": T[2]} for number in (1, 2)]
_LINKED: Body = {
    "action": "blocked_by_added",
    "blocked_issue": _TWO[0],
    "blocking_issue": _TWO[1],
    "blocking_issue_repo": _OTHER,
}
_JOINED: Body = {
    "action": "sub_issue_added",
    "parent_issue": _TWO[0],
    "sub_issue": _TWO[1],
    "sub_issue_repo": REPOSITORY,
}


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("pull_request", pull("closed", closed_at=T[4])),
        ("pull_request", pull("reopened")),
        ("pull_request", pull("review_requested", requested_reviewer=user("Eve"))),
        ("pull_request", pull("review_requested", requested_team={"slug": "search"})),
        ("issues", issue("closed", issue={"closed_at": T[2]})),
        ("issues", issue("reopened")),
        ("issue_dependencies", _LINKED),
        ("sub_issues", _JOINED),
    ],
)
def test_it_is_the_robots_if_the_robot_did_it(event: str, body: Body) -> None:
    by_person = facts(event, {**body, "sender": user("ada")})[-1]
    by_robot = facts(event, {**body, "sender": ROBOT})[-1]
    assert "automation" not in by_person.fields
    assert by_robot.fields["automation"] is True
    assert "actor" not in by_robot.people
    assert (by_person.kind, by_person.time) == (by_robot.kind, by_robot.time)


def test_whoever_opens_a_robots_pull_request_again_works_on_it() -> None:
    body = pull("reopened", user=ROBOT, sender=user("ada"))
    first, again = facts("pull_request", body)
    assert first.fields["automation"] is True
    assert again.people == {"actor": "github:ada"}
    assert "automation" not in again.fields
    assert again.fields["bot"] is True  # whose it is stays


def test_a_later_body_does_not_know_who_closed_it() -> None:
    body = pull("labeled", closed_at=T[1], sender=ROBOT)
    closed = facts("pull_request", body)[1]
    assert (closed.kind, closed.time) == ("change.closed", MS[1])
    assert "automation" not in closed.fields


def test_whoever_merged_it_did_although_a_robot_sent_that() -> None:
    merged = {"merged_at": T[4], "closed_at": T[4], "merged_by": user("sam")}
    done = facts("pull_request", pull("closed", sender=ROBOT, **merged))[-1]
    assert done.people == {"actor": "github:sam"}
    assert "automation" not in done.fields
