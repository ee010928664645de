"""What automation rules of Jira send: an issue as it stands, without a change.

The bodies are those of the action *Send web request*, in the format of automation
(the issue alone, its times in milliseconds) and in that of Jira (inside ``issue``),
and of the older rules of Service Management, which add when and about what.
"""

from __future__ import annotations

from typing import Any

import pytest

from monitor.decode.settings import TopicHint
from tests.unit.decode.jira.jira_bodies import (
    DOING,
    HOUR,
    PERSON,
    SHIPPED,
    SITE,
    TODO,
    fact_of,
    facts_of,
    issue,
    item,
    kinds_of,
    status,
    updated,
)
from tests.unit.decode.records import TEN_O_CLOCK, codes, of

SAID = {
    "self": f"{SITE}/500/comment/31",
    "id": "31",
    "author": PERSON,
    "created": "2026-03-02T12:00:00.000+0000",
}
# No change was asked for: automation writes what it would be in, and nothing in it.
NOT_ASKED = {"startAt": 0, "maxResults": 0, "total": 0, "histories": None}


def stands(shown: tuple[str, str, str] = DOING, **fields: Any) -> dict[str, Any]:
    """CHK-1 as automation writes it: ids are numbers, and so are most times."""
    told: dict[str, Any] = {
        "created": TEN_O_CLOCK,
        "updated": TEN_O_CLOCK + 3 * HOUR,
        "statuscategorychangedate": "2026-03-02T12:00:00.000+0100",
        "issuelinks": [],
        "comment": {"total": 0, "comments": [], "last": False},
        "subtasks": [],
    }
    body = issue(shown, **(told | fields))
    return body | {"id": 500, "changelog": NOT_ASKED, "renderedFields": None}


def of_service_management(shown: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "timestamp": TEN_O_CLOCK + 4 * HOUR,
        "issue": shown,
        "comment": None,
        "user": PERSON,
        "action": {"id": 1},
        **more,
    }


BODIES = [stands(), {"issue": stands()}, of_service_management(stands())]


@pytest.mark.parametrize("body", BODIES)
def test_the_issue_was_created_and_is_in_progress_since_then(
    body: dict[str, Any],
) -> None:
    told = [(fact.kind, fact.time, fact.entity) for fact in facts_of(body)]
    assert told == [
        ("ticket.created", TEN_O_CLOCK, "CHK-1"),
        ("ticket.started", TEN_O_CLOCK + HOUR, "CHK-1"),
    ]


@pytest.mark.parametrize("body", BODIES)
def test_its_creation_is_the_one_that_a_webhook_tells(body: dict[str, Any]) -> None:
    hook = fact_of("ticket.created", updated(issue(TODO), item("labels", "", "x")))
    assert fact_of("ticket.created", body).identity == hook.identity


def test_a_changelog_that_was_asked_for_and_is_empty_is_whole() -> None:
    unchanged = {"startAt": 0, "maxResults": 0, "total": 0, "histories": []}
    shown = issue(DOING) | {"changelog": unchanged}
    assert fact_of("ticket.started", shown).time == TEN_O_CLOCK


def test_a_comment_that_a_rule_adds_is_the_one_of_its_own_event() -> None:
    said = fact_of("ticket.commented", of_service_management(stands(), comment=SAID))
    assert said.time == TEN_O_CLOCK + 2 * HOUR
    hook = {"webhookEvent": "comment_created", "comment": SAID}
    assert fact_of("ticket.commented", hook).identity == said.identity


def test_that_a_rule_ran_is_no_activity() -> None:
    """It may run every day on what nobody touches."""
    assert kinds_of(of_service_management(stands())) == ["ticket.started"]


def test_a_blocker_that_is_done_held_up_until_the_rule_ran_at_the_latest() -> None:
    blocker = {"id": 7, "key": "PLAT-7", "fields": {"status": status(SHIPPED)}}
    words = {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"}
    link = {"id": 9, "type": words, "inwardIssue": blocker}
    body = of_service_management(stands(issuelinks=[link]))
    gone = fact_of("link.removed", body)
    assert (gone.time, gone.fields["blocker"]) == (TEN_O_CLOCK + 4 * HOUR, "PLAT-7")


def test_what_a_rule_makes_up_itself_is_told_what_to_send() -> None:
    body = {"issue": {"key": "CHK-1", "fields": {"status": "Doing"}}}
    assert codes(of(body)) == [("unrecognised", "")]
    found = of(body, hint=TopicHint(provider="jira"))
    assert codes(found) == [("wrong_hint", "")]
    (reason,) = found.reasons
    assert "forward its webhooks whole, or send native events" in reason.text
