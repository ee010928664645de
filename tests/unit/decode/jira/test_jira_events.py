"""Jira's rarer bodies: old servers, imports, and what is left out of a body."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.decode.jira import webhooks as jira
from monitor.decode.provider import Context
from monitor.decode.settings import TopicHint
from tests.unit.decode.jira.jira_bodies import (
    BLOCKED,
    DOING,
    HOUR,
    PERSON,
    SHIPPED,
    TODO,
    fact_of,
    facts_of,
    issue,
    item,
    kinds_of,
    updated,
)
from tests.unit.decode.records import SETTINGS, TEN_O_CLOCK, codes, of, of_bytes


def created(shown: dict[str, Any]) -> dict[str, Any]:
    return {"webhookEvent": "jira:issue_created", "issue": shown}


class TestOldServers:
    """Their workflows send what they do, without naming an event."""

    def body(self, before: str, after: str, **more: Any) -> dict[str, Any]:
        return {
            "timestamp": TEN_O_CLOCK,
            "transition": {"from_status": before, "to_status": after},
            "comment": "",
            "user": {"name": "ada"},
            "issue": issue(DOING),
            **more,
        }

    def test_a_transition_is_read_by_its_names(self) -> None:
        started = fact_of("ticket.started", self.body("Open", "Doing"))
        assert started.time == TEN_O_CLOCK
        assert started.people == {"actor": "jira:ada"}

    def test_out_of_a_done_status_it_is_reopened(self) -> None:
        assert kinds_of(self.body("Closed", "Doing")) == ["ticket.reopened"]

    def test_to_a_status_the_issue_has_left_since_the_usual_name_counts(self) -> None:
        assert kinds_of(self.body("Doing", "Resolved")) == ["ticket.done"]

    def test_a_transition_to_nowhere_is_an_activity(self) -> None:
        assert kinds_of(self.body("Open", "")) == ["ticket.updated"]

    def test_an_update_without_its_name_is_known_by_its_changelog(self) -> None:
        body = updated(issue(TODO), item("labels", "", "x"))
        del body["webhookEvent"]
        assert kinds_of(body) == ["ticket.updated"]


class TestCreations:
    def test_an_import_may_be_done_from_the_start(self) -> None:
        assert fact_of("ticket.done", created(issue(SHIPPED))).time == TEN_O_CLOCK

    def test_or_dropped(self) -> None:
        dropped = issue(SHIPPED, resolution={"name": "Duplicate"})
        assert kinds_of(created(dropped)) == ["ticket.cancelled"]

    def test_or_blocked(self) -> None:
        assert kinds_of(created(issue(BLOCKED))) == ["ticket.started", "ticket.blocked"]

    def test_an_issue_that_does_not_say_when_it_was_created_says_nothing(self) -> None:
        body = issue(TODO, created=())
        assert codes(of(body)) == [("missing_field", "issue.fields.created")]

    @pytest.mark.parametrize(
        "event", ["jira:issue_created", "jira:issue_deleted", "jira:issue_updated"]
    )
    def test_without_an_issue_an_event_is_rejected(self, event: str) -> None:
        body = {"webhookEvent": event, "timestamp": TEN_O_CLOCK}
        assert codes(of(body)) == [("missing_field", "issue")]

    def test_without_key_and_number_it_is_rejected(self) -> None:
        assert codes(of(created({"fields": {}}))) == [("missing_field", "issue.key")]


class TestSnapshots:
    def test_the_comments_of_an_issue_that_was_asked_for_are_activities(self) -> None:
        comment = {
            "id": "31",
            "author": PERSON,
            "created": "2026-03-02T11:00:00.000+0000",
        }
        shown = issue(DOING, comment={"comments": [comment, {"id": "32"}]})
        said = fact_of("ticket.commented", shown)
        assert said.time == TEN_O_CLOCK + HOUR
        assert said.people == {"actor": "jira:5b10"}

    def test_a_page_of_a_search_is_its_issues(self) -> None:
        other = issue(TODO) | {"id": "501", "key": "CHK-2"}
        page = {"startAt": 0, "total": 2, "issues": [issue(TODO), other]}
        hint = TopicHint(unwrap=("issues",))
        keys = [fact.entity for fact in facts_of(page, hint=hint)]
        assert keys == ["CHK-1", "CHK-2"]

    def test_a_change_without_a_number_is_known_by_its_time(self) -> None:
        body = updated(issue(TODO), item("labels", "", "x"))
        del body["changelog"]["id"]
        one = fact_of("ticket.updated", body)
        other = fact_of("ticket.updated", body | {"timestamp": TEN_O_CLOCK})
        assert one.identity != other.identity

    def test_a_wrong_time_in_a_changelog_is_told_with_its_place(self) -> None:
        history = {"id": "1", "created": "yesterday", "items": []}
        body = {**issue(TODO), "changelog": {"total": 1, "histories": [history]}}
        assert codes(of(body)) == [("bad_time", "changelog.histories[0].created")]


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ("sprint_closed", "which sprint it is in"),
        ("worklog_created", "booked"),
        ("project_updated", "teams file"),
        ("user_created", "teams file"),
        ("board_created", "status"),
        ("jira:version_released", "released"),
        ("issue_property_set", "says nothing of work"),
        ("jira:issue_unknown", "knows no such event"),
    ],
)
def test_what_nothing_is_made_of_says_why(event: str, reason: str) -> None:
    found = of({"webhookEvent": event, "timestamp": TEN_O_CLOCK})
    assert (found.facts, found.reasons) == ((), ())
    assert reason in found.ignored
    assert found.raw_kind in (event, "other")


def test_a_name_nobody_knows_is_no_label() -> None:
    found = of({"webhookEvent": "ada@acme.example did it"})
    assert found.raw_kind == "other"
    assert "ada" not in found.ignored


def test_a_body_that_is_cut_off_says_where() -> None:
    assert codes(of_bytes(b'{"webhookEvent": "jira:issue_created"')) == [
        ("not_json", "")
    ]


def test_read_by_itself_a_body_that_is_no_json_is_refused() -> None:
    """Records are parsed before they get here; a promise of every provider."""
    found = jira.PROVIDER.decode(b'{"issue"', None, Context(SETTINGS, None, {}))
    assert [str(reason.code) for reason in found.reasons] == ["not_json"]
