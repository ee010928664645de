"""CDviz's CDEvents of other tools than GitHub are what the tools' bodies say."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.decode.settings import DecodeSettings
from monitor.domain.facts import Fact, Kind
from monitor.domain.outcomes import Decoded
from tests.unit.decode.records import cdevent, of, only_fact

SETTINGS = DecodeSettings(bots=frozenset({"sweeper"}))
TOUCHED, PUSHED = Kind.TICKET_UPDATED, Kind.CHANGE_PUSHED
READY, DRAFTED = Kind.CHANGE_READY, Kind.CHANGE_DRAFTED
REVIEWED, COMMENTED = Kind.CHANGE_REVIEWED, Kind.TICKET_COMMENTED
TOKEN = "project_246765_bot_75d5fb2b096a67c668541ae88aa22385"
FORGES = ("gitea", "forgejo")


def seen(kind: str, tool: str, **body: Any) -> Decoded:
    return of(cdevent(kind, customData={tool: body}), settings=SETTINGS)


def fact(kind: str, tool: str, **body: Any) -> Fact:
    return only_fact(seen(kind, tool, **body))


def of_gitlab(action: str | None, **body: Any) -> dict[str, Any]:
    about = {"action": action, **body.pop("about", {})}
    return {"object_attributes": about, **body}


def merge_request(action: str | None, **body: Any) -> Fact:
    return fact("change.updated", "gitlab", **of_gitlab(action, **body))


def pull_request(tool: str, action: str, **body: Any) -> Decoded:
    return seen("change.updated", tool, action=action, **body)


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("reopen", Kind.CHANGE_OPENED),
        ("approval", REVIEWED),
        ("update", TOUCHED),
        ("unapproved", TOUCHED),
        ("unapproval", TOUCHED),
        # Nobody says that it was a push.
        ("never_heard_of", TOUCHED),
        (None, TOUCHED),
    ],
)
def test_update_of_a_merge_request_is_what_its_action_says(
    action: str | None, kind: Kind
) -> None:
    assert merge_request(action).kind is kind


def test_merge_request_is_pushed_to_where_it_tells_the_commit_before() -> None:
    """GitLab has ``oldrev`` in updates by new commits alone."""
    assert merge_request("update", about={"oldrev": "ab12cd3"}).kind is PUSHED
    assert merge_request("update", about={"oldrev": ""}).kind is TOUCHED
    assert merge_request("unapproved", about={"oldrev": "ab12cd3"}).kind is TOUCHED


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"draft": {"previous": False, "current": True}}, DRAFTED),
        ({"draft": {"previous": True, "current": False}}, READY),
        ({"title": {"previous": "Draft: x", "current": "x"}}, READY),
        ({"title": {"previous": "[WIP] x", "current": "x"}}, READY),
        ({"title": {"previous": "x", "current": "(draft) x"}}, DRAFTED),
        ({"title": {"previous": "Draft: x", "current": "Draft: y"}}, TOUCHED),
        ({"title": {"previous": "Drafty: x", "current": "x"}}, TOUCHED),
        ({"labels": {"previous": [], "current": []}}, TOUCHED),
        ({"draft": None, "title": "x"}, TOUCHED),
        (None, TOUCHED),
    ],
)
def test_merge_request_turns_draft_or_ready_by_its_changes(
    changes: object, kind: Kind
) -> None:
    """Older GitLabs tell it by the title alone, which always marks it."""
    assert merge_request("update", changes=changes).kind is kind


@pytest.mark.parametrize(
    "about", [{"draft": True}, {"work_in_progress": True}, {"draft": False}]
)
def test_merge_request_opened_as_a_draft_is_one(about: dict[str, bool]) -> None:
    drafted = [DRAFTED] if True in about.values() else []
    for told in (
        seen("change.created", "gitlab", **of_gitlab("open", about=about)),
        seen("change.updated", "gitlab", **of_gitlab("reopen", about=about)),
    ):
        kinds = [one.kind for one in told.facts]
        assert kinds == [Kind.CHANGE_OPENED, *drafted]


@pytest.mark.parametrize("tool", FORGES)
@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("synchronized", PUSHED),
        ("reopened", Kind.CHANGE_OPENED),
        ("label_updated", TOUCHED),
        ("edited", TOUCHED),
        ("review_requested", TOUCHED),
        ("never_heard_of", TOUCHED),
    ],
)
def test_update_of_a_pull_request_is_what_its_action_says(
    tool: str, action: str, kind: Kind
) -> None:
    assert only_fact(pull_request(tool, action)).kind is kind


@pytest.mark.parametrize("tool", FORGES)
def test_comment_on_a_pull_request_is_one_when_it_is_made(tool: str) -> None:
    for comment in ({"id": 5}, None):
        made = only_fact(pull_request(tool, "created", comment=comment))
        assert made.kind is COMMENTED
        assert pull_request(tool, "edited", comment=comment).ignored
        assert pull_request(tool, "deleted", comment=comment).ignored


@pytest.mark.parametrize("tool", FORGES)
@pytest.mark.parametrize(
    ("before", "draft", "kind"),
    [
        ("WIP: x", False, READY),
        ("x", True, DRAFTED),
        ("WIP: y", True, TOUCHED),
        ("y", False, TOUCHED),
    ],
)
def test_pull_request_turns_draft_or_ready_by_its_title(
    tool: str, before: str, draft: bool, kind: Kind
) -> None:
    told = pull_request(
        tool,
        "edited",
        changes={"title": {"from": before}},
        pull_request={"draft": draft},
    )
    assert only_fact(told).kind is kind


@pytest.mark.parametrize("tool", FORGES)
def test_pull_request_opened_as_a_draft_is_one(tool: str) -> None:
    told = seen("change.created", tool, pull_request={"draft": True})

    assert [one.kind for one in told.facts] == [Kind.CHANGE_OPENED, DRAFTED]


@pytest.mark.parametrize("tool", FORGES)
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"action": "reviewed", "review": {"type": "x"}}, REVIEWED),
        ({"action": "reviewed"}, REVIEWED),
        ({"action": "opened", "review": None}, Kind.CHANGE_OPENED),
        ({"action": "label_updated", "review": None}, TOUCHED),
        ({"action": "synchronized", "review": None}, PUSHED),
        ({"action": "closed", "review": None}, Kind.CHANGE_CLOSED),
        (
            {"action": "closed", "review": None, "pull_request": {"merged": True}},
            Kind.CHANGE_MERGED,
        ),
    ],
)
def test_review_is_one_if_the_body_has_one(
    tool: str, body: dict[str, Any], kind: Kind
) -> None:
    """Gitea's bodies of all pull requests have the key, which CDviz looks for."""
    assert fact("change.reviewed", tool, **body).kind is kind


def test_update_of_bitbucket_is_an_activity() -> None:
    """Its body is the same after new commits and after a new title."""
    told = fact("change.updated", "bitbucket", pullrequest={"title": "x"})
    assert told.kind is TOUCHED


DEV_A, DEV_B = {"login": "dev-a"}, {"login": "dev-b"}


@pytest.mark.parametrize(
    ("tool", "own", "anothers"),
    [
        (
            "gitlab",
            of_gitlab("approved", about={"author_id": 1}, user={"id": 1}),
            of_gitlab("approved", about={"author_id": 1}, user={"id": 2}),
        ),
        *(
            (
                tool,
                {"review": {}, "sender": DEV_A, "pull_request": {"user": DEV_A}},
                {"review": {}, "sender": DEV_B, "pull_request": {"user": DEV_A}},
            )
            for tool in FORGES
        ),
        (
            "bitbucket",
            {"actor": {"uuid": "{a}"}, "pullrequest": {"author": {"uuid": "{a}"}}},
            {"actor": {"uuid": "{b}"}, "pullrequest": {"author": {"uuid": "{a}"}}},
        ),
    ],
)
def test_what_the_author_reviews_is_a_comment(
    tool: str, own: dict[str, Any], anothers: dict[str, Any]
) -> None:
    """No name of these tools is a member's, so that a review is the owner's."""
    of_author = fact("change.reviewed", tool, **own)
    of_another = fact("change.reviewed", tool, **anothers)

    assert (of_author.kind, of_author.people) == (COMMENTED, {})
    assert (of_another.kind, of_another.people) == (REVIEWED, {})
    assert of_another.fields == {"inferred": True}
    assert fact("change.reviewed", tool).kind is REVIEWED


PROGRAMS = [
    ("gitlab", {"user": {"username": TOKEN}}),
    ("gitlab", {"user": {"username": "group_7_bot"}}),
    ("gitlab", {"user": {"username": "sweeper"}}),
    ("gitlab", {"object_attributes": {"action": "unapproved", "system": True}}),
    ("gitea", {"sender": {"login": "Sweeper"}}),
    ("forgejo", {"sender": {"login": "renovate[bot]"}}),
    ("bitbucket", {"actor": {"nickname": "sweeper"}}),
    ("jira", {"user": {"accountId": "x", "accountType": "app"}}),
    ("jira", {"user": {"name": "addon_x"}}),
]
PERSONS = [
    ("gitlab", {"user": {"username": "dev-a"}}),
    ("gitlab", {"user": {"username": "project_1_botanist"}}),
    ("gitea", {"sender": {"login": "dev-a"}}),
    ("bitbucket", {"actor": {"nickname": "dev-a"}}),
    ("jira", {"user": {"accountId": "x", "accountType": "atlassian"}}),
]


@pytest.mark.parametrize(("tool", "body"), PROGRAMS)
def test_what_a_program_does_is_automation(tool: str, body: dict[str, Any]) -> None:
    assert fact("ticket.updated", tool, **body).fields == {"automation": True}
    if tool != "jira":
        assert fact("change.updated", tool, **body).fields == {"automation": True}
        assert fact("change.created", tool, **body).fields["bot"]
        assert seen("change.reviewed", tool, **body).ignored


@pytest.mark.parametrize(("tool", "body"), PERSONS)
def test_what_a_person_does_is_none_and_names_nobody(
    tool: str, body: dict[str, Any]
) -> None:
    for kind in ("ticket.updated", "change.created", "change.merged"):
        found = fact(kind, tool, **body)
        assert (found.fields, found.people) == ({}, {})


def test_change_that_a_program_opened_is_a_bots_whoever_did_the_rest() -> None:
    for tool, body in (
        ("gitea", {"sender": DEV_A, "pull_request": {"user": {"login": "sweeper"}}}),
        ("bitbucket", {"pullrequest": {"author": {"nickname": "sweeper"}}}),
    ):
        assert fact("change.merged", tool, **body).fields == {"bot": True}


def test_githubs_body_goes_before_that_of_another_tool() -> None:
    both = {"github": {"action": "labeled"}, "gitlab": of_gitlab("reopen")}
    assert only_fact(of(cdevent("change.updated", customData=both))).kind is TOUCHED


@pytest.mark.parametrize("body", [None, "x", [], 5])
def test_what_is_no_body_says_nothing(body: object) -> None:
    event = cdevent("change.updated", customData={"gitlab": body})
    assert only_fact(of(event)).kind is PUSHED


@pytest.mark.parametrize(
    ("tool", "body", "outcome"),
    [
        ("gitlab", {"object_attributes": {"status": "canceled"}}, "cancelled"),
        ("gitlab", {"object_attributes": {"status": "skipped"}}, "skipped"),
        ("bitbucket", {"commit_status": {"state": "STOPPED"}}, "cancelled"),
        ("gitea", {"workflow_run": {"conclusion": "action_required"}}, "neutral"),
        ("gitea", {"workflow_run": {"conclusion": "skipped"}}, "skipped"),
        ("forgejo", {"run": {"status": "cancelled"}}, "cancelled"),
        ("forgejo", {"run": {"status": "skipped"}}, "skipped"),
        # What is not one of these ended as CDviz says.
        ("gitlab", {"object_attributes": {"status": "failed"}}, "error"),
        ("gitlab", {"object_attributes": None}, "error"),
        ("bitbucket", {"commit_status": {"state": "FAILED"}}, "error"),
        ("forgejo", {"run": {"status": "failure"}}, "error"),
    ],
)
def test_run_that_was_stopped_or_skipped_is_no_error(
    tool: str, body: dict[str, Any], outcome: str
) -> None:
    """CDviz calls all of these errors, which would be the pipeline's owner's.

    Of Forgejo, which has a hook for success and one for all else, it says failure.
    """
    event = cdevent("pipelinerun.finished", {"outcome": "error"})
    told = of({**event, "customData": {tool: body}})

    assert only_fact(told).fields["outcome"] == outcome
