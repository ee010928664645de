"""CDviz's CDEvents say of an issue what GitHub's own bodies say of it."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.decode.settings import DecodeSettings
from monitor.domain.facts import Fact, Kind
from monitor.domain.outcomes import Decoded
from tests.unit.decode.github.github_records import MS, facts, issue
from tests.unit.decode.records import cdevent, codes, of, only_fact

SETTINGS = DecodeSettings(bots=frozenset({"sweeper"}))
ACTIONS = (
    *("reopened", "edited", "labeled", "unlabeled", "typed", "untyped"),
    *("assigned", "unassigned", "milestoned", "demilestoned"),
    *("locked", "unlocked", "pinned", "unpinned", "deleted", "never_heard_of"),
)
ADA = {"login": "ada", "type": "User"}
DEV_A = {"login": "dev-a", "type": "User"}
COPILOT = {"login": "Copilot", "type": "Bot"}
SWEEPER = {"login": "Sweeper", "type": "User"}
COMMENT = {"id": 5}
TOUCHED = Kind.TICKET_UPDATED


def seen(predicate: str, by: str = "ada", **github: Any) -> Decoded:
    content: dict[str, object] = {"creator": by, "updatedBy": by}
    event = cdevent(f"ticket.{predicate}", content, customData={"github": github})
    return of(event, settings=SETTINGS)


def fact(predicate: str, by: str = "ada", **github: Any) -> Fact:
    return only_fact(seen(predicate, by, **github))


@pytest.mark.parametrize("action", ACTIONS)
def test_an_update_is_what_github_makes_of_its_action(action: str) -> None:
    shown = facts("issues", issue(action))
    by_github = [
        (one.kind, one.fields.get("deleted")) for one in shown if one.time > MS[0]
    ]
    told = seen("updated", action=action, issue={"number": 12}, sender=ADA)

    assert [(one.kind, one.fields.get("deleted")) for one in told.facts] == by_github
    assert told.facts or told.ignored


def test_a_label_taken_off_is_an_activity_and_one_deleted_is_none() -> None:
    off: dict[str, Any] = {"action": "unlabeled", "sender": ADA}

    assert fact("updated", **off, issue={}, label={"name": "x"}).kind is TOUCHED
    assert fact("updated", **off).kind is TOUCHED
    assert seen("updated", **off, issue={}).ignored


def test_an_update_nothing_is_said_of_is_an_activity() -> None:
    for action in ({}, {"action": None}, {"action": ""}, {"action": 5}):
        assert fact("updated", **action).kind is TOUCHED


@pytest.mark.parametrize("comment", [{}, {"issue": {}, "comment": COMMENT}])
def test_a_comment_is_an_activity_when_it_is_made(comment: dict[str, Any]) -> None:
    made = fact("updated", action="created", **comment)

    assert (made.kind, made.fields) == (TOUCHED, {})


@pytest.mark.parametrize("action", ["edited", "deleted", "pinned"])
def test_what_becomes_of_a_comment_later_says_nothing(action: str) -> None:
    assert seen("updated", action=action, issue={}, comment=COMMENT).ignored


def test_what_was_deleted_is_no_issue_unless_that_is_told() -> None:
    """For spec 0.4 there is the action alone, of issues and of comments."""
    assert seen("updated", action="deleted", sender=ADA).ignored


@pytest.mark.parametrize("sender", [COPILOT, SWEEPER])
@pytest.mark.parametrize("predicate", ["created", "updated", "closed"])
def test_what_a_program_does_is_automation_whatever_its_name(
    predicate: str, sender: dict[str, str]
) -> None:
    told = fact(predicate, sender["login"], sender=sender, action="edited")

    assert told.fields == {"automation": True}
    assert fact(predicate, sender=ADA, action="edited").fields == {}


def test_an_issue_is_opened_by_whom_it_names_whoever_moved_it() -> None:
    by_program = fact("created", "Copilot", sender=ADA, issue={"user": COPILOT})
    moved = fact("created", sender=COPILOT, issue={"user": ADA})

    assert (by_program.fields, moved.fields) == ({"automation": True}, {})
    later = fact("updated", sender=ADA, action="edited", issue={"user": COPILOT})
    assert later.fields == {}


@pytest.mark.parametrize("predicate", ["created", "updated", "closed"])
@pytest.mark.parametrize("action", ["created", "edited", "reopened", "typed"])
def test_it_is_by_whom_it_names_as_in_githubs_own_bodies(
    predicate: str, action: str
) -> None:
    known: dict[str, Any] = {"action": action, "issue": {"number": 12}}
    assert fact(predicate, sender=DEV_A, **known).people == {"actor": "github:dev-a"}
    assert fact(predicate, sender=COPILOT, **known).people == {}
    assert fact(predicate, **known).people == {}


def test_who_opened_an_issue_did_whoever_moved_it() -> None:
    moved = fact("created", sender=SWEEPER, action="opened", issue={"user": DEV_A})
    by_program = fact("created", sender=DEV_A, action="opened", issue={"user": COPILOT})

    assert moved.people == {"actor": "github:dev-a"}
    assert by_program.people == {}


API = "https://api.github.com/repos/acme"


def moved(predicate: str, repo: str, number: int, **github: Any) -> Decoded:
    event = cdevent(f"ticket.{predicate}", customData={"github": github})
    event["subject"] = {"id": f"{API}/{repo}/issues/{number}", "content": {}}
    return of(event)


def test_a_transferred_issue_is_handed_to_its_new_repository() -> None:
    to = {"new_repository": {"full_name": "Acme/Infra"}, "new_issue": {"number": 2}}
    told = only_fact(moved("updated", "shop", 7, action="transferred", changes=to))

    assert told.kind is Kind.TICKET_ASSIGNED
    assert told.fields == {
        "number": 7,
        "aliases": ["acme/infra#2", "acme/shop#7"],
        "repo": "acme/infra",
        "repo_before": "acme/shop",
    }


def test_an_issue_opened_by_a_transfer_is_the_one_it_was_before() -> None:
    of_old = {"old_repository": {"full_name": "acme/shop"}, "old_issue": {"number": 7}}
    told = only_fact(moved("created", "infra", 2, action="opened", changes=of_old))

    assert told.kind is Kind.TICKET_CREATED
    assert told.fields == {
        "number": 2,
        "aliases": ["acme/infra#2", "acme/shop#7"],
        "repo": "acme/infra",
    }


@pytest.mark.parametrize(
    "changes",
    [
        None,
        {},
        {"new_repository": {"full_name": "acme/infra"}, "new_issue": None},
        {"new_repository": "acme/infra", "new_issue": {"number": 2}},
    ],
)
def test_a_transfer_to_nobody_knows_where_says_nothing(changes: object) -> None:
    assert moved("updated", "shop", 7, action="transferred", changes=changes).ignored


def test_the_name_of_a_repository_elsewhere_is_none_that_no_name_may_be() -> None:
    to = {"new_repository": {"full_name": "a/b\0"}, "new_issue": {"number": 2}}
    where = "customData.github.changes.new_repository.full_name"

    assert codes(moved("updated", "shop", 7, action="transferred", changes=to)) == [
        ("bad_value", where)
    ]
