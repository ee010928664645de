"""Jira tells one thing several times; it is one fact, at its own time."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.decode.jira.reading import read_jira_time
from monitor.domain.preference import preferred
from tests.unit.decode.jira.jira_bodies import (
    APP,
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
    moved,
    transition,
    updated,
)
from tests.unit.decode.records import TEN_O_CLOCK, codes, of, of_bytes

COMMENT = {
    "self": f"{SITE}/500/comment/31",
    "id": "31",
    "author": PERSON,
    "updateAuthor": PERSON,
    "created": "2026-03-02T11:00:00.123+0000",
    "updated": "2026-03-02T11:00:00.123+0000",
}


class TestTimes:
    @pytest.mark.parametrize(
        ("text", "time"),
        [
            ("2026-03-02T12:00:00.000+0200", TEN_O_CLOCK),
            ("2026-03-02T03:00:00.000-0700", TEN_O_CLOCK),
            ("2026-03-02T15:30:00+0530", TEN_O_CLOCK),
            ("2026-03-02T10:00:00.000Z", TEN_O_CLOCK),
            ("2026-03-02T10:00:00.000+00:00", TEN_O_CLOCK),
        ],
    )
    def test_an_offset_may_lack_its_colon(self, text: str, time: int) -> None:
        assert read_jira_time(text) == time

    @pytest.mark.parametrize("told", [TEN_O_CLOCK, f"{TEN_O_CLOCK}", "1772445600000 "])
    def test_milliseconds_are_a_time_as_a_number_and_as_text(
        self, told: int | str
    ) -> None:
        assert read_jira_time(told) == TEN_O_CLOCK
        shown = issue(DOING, created=told, statuscategorychangedate=told)
        for kind in ("ticket.created", "ticket.started"):
            assert fact_of(kind, shown).time == TEN_O_CLOCK
        change = history("900", "", moved(TODO, DOING)) | {"created": told}
        begun = fact_of("ticket.started", polled(issue(DOING), change))
        assert begun.time == TEN_O_CLOCK
        comment = COMMENT | {"created": told, "updated": None}
        body = {"webhookEvent": "comment_created", "timestamp": 1, "comment": comment}
        assert fact_of("ticket.commented", body).time == TEN_O_CLOCK

    @pytest.mark.parametrize("told", [1_772_445_600, "1772445600", 10**18, "9" * 5_000])
    def test_another_number_is_refused_where_a_time_is_needed(
        self, told: int | str
    ) -> None:
        found = of(issue(TODO, created=told))
        assert codes(found) == [("bad_time", "issue.fields.created")]

    def test_a_time_without_a_zone_is_refused_where_it_is_needed(self) -> None:
        body = updated(
            issue(TODO, created="2026-03-02 10:00:00.0"), item("x", "a", "b")
        )
        assert codes(of(body)) == [("bad_time", "issue.fields.created")]

    @pytest.mark.parametrize(
        "timestamp",
        [
            "2018-12-18 11:57:24,746",
            "2026-03-02T10:20:00.000",
            "0001-01-01T00:00:00Z",
            None,
            1_772_445_600,
            "1772445600",
            10**18,
        ],
    )
    def test_a_timestamp_that_is_no_time_yields_to_the_issues_own(
        self, timestamp: Any
    ) -> None:
        body = updated(issue(DOING), moved(TODO, DOING), at=timestamp)
        assert fact_of("ticket.started", body).time == TEN_O_CLOCK + HOUR

    @pytest.mark.parametrize(
        "timestamp",
        [
            "2026-03-02T11:20:00.000+0100",
            "2026-03-02T10:20:00Z",
            f"{TEN_O_CLOCK + HOUR // 3}",
        ],
    )
    def test_text_that_can_mean_one_instant_only_is_the_bodys(
        self, timestamp: str
    ) -> None:
        body = updated(issue(DOING), moved(TODO, DOING)) | {"timestamp": timestamp}
        twenty_past = TEN_O_CLOCK + HOUR // 3
        assert fact_of("ticket.started", body).time == twenty_past
        link = link_event("issuelink_created") | {"timestamp": timestamp}
        assert fact_of("link.added", link).time == twenty_past
        gone = {"webhookEvent": "comment_deleted", "comment": COMMENT}
        said = fact_of("ticket.updated", gone | {"timestamp": timestamp})
        assert said.time == twenty_past

    def test_without_any_time_that_of_receipt_counts_once(self) -> None:
        link = link_event("issuelink_created") | {"timestamp": "18.12.2026"}
        early = fact_of("link.added", link, timestamp=TEN_O_CLOCK)
        late = fact_of("link.added", link, timestamp=TEN_O_CLOCK + HOUR)
        assert early.fields["receipt"] is True
        assert early.identity == late.identity
        assert preferred(late, early).time == TEN_O_CLOCK

    def test_nor_that_of_receipt_is_a_rejection(self) -> None:
        link = link_event("issuelink_created")
        for timestamp, code in (("18.12.2026", "bad_time"), (None, "missing_field")):
            untimed = link | {"timestamp": timestamp}
            assert codes(of(untimed)) == [(code, "timestamp")]


def link_event(event: str) -> dict[str, Any]:
    words = {"outwardName": "blocks", "inwardName": "is blocked by", "name": "Blocks"}
    link = {"id": 9, "sourceIssueId": 1, "destinationIssueId": 500}
    return {
        "webhookEvent": event,
        "timestamp": TEN_O_CLOCK,
        "issueLink": {**link, "issueLinkType": words},
    }


class TestComments:
    def test_a_server_sends_a_comment_twice_and_it_is_said_once(self) -> None:
        bare = {"webhookEvent": "comment_created", "timestamp": TEN_O_CLOCK + HOUR}
        one = fact_of("ticket.commented", bare | {"comment": COMMENT})
        again = updated(issue(DOING), comment=COMMENT, at=TEN_O_CLOCK + HOUR + 9)
        two = fact_of("ticket.commented", again)
        assert (one.entity, two.entity) == ("jira:500", "CHK-1")
        assert (one.identity, one.time) == (two.identity, two.time)
        assert one.time == TEN_O_CLOCK + HOUR + 123

    def test_a_comment_that_names_no_issue_anywhere_is_rejected(self) -> None:
        comment = {"id": "31", "created": COMMENT["created"]}
        body = {"webhookEvent": "comment_created", "timestamp": 1, "comment": comment}
        assert codes(of(body)) == [("missing_field", "comment.self")]

    def test_a_comment_edited_is_another_activity(self) -> None:
        edited = COMMENT | {"updated": "2026-03-02T12:00:00.000+0000"}
        body = {"webhookEvent": "comment_updated", "timestamp": 1, "comment": edited}
        said = fact_of("ticket.commented", body)
        assert said.time == TEN_O_CLOCK + 2 * HOUR

    def test_a_comment_edited_is_by_who_edited_it_whoever_wrote_it(self) -> None:
        other = PERSON | {"accountId": "example-one"}
        body = {"webhookEvent": "comment_updated", "timestamp": 1}
        edited = COMMENT | {"updateAuthor": other}
        said = fact_of("ticket.commented", body | {"comment": edited})
        assert said.people == {"actor": "jira:example-one"}

    def test_a_short_issue_inside_tells_key_and_number(self) -> None:
        short = issue(DOING, created=(), updated=())
        body = {
            "webhookEvent": "comment_created",
            "timestamp": TEN_O_CLOCK,
            "comment": COMMENT,
            "issue": short,
        }
        (said,) = facts_of(body)
        assert said.entity == "CHK-1"
        assert said.fields["aliases"] == ["jira:500"]

    def test_the_comments_of_an_automation_are_marked(self) -> None:
        robot = COMMENT | {"author": APP, "updateAuthor": APP}
        body = {"webhookEvent": "comment_created", "timestamp": 1, "comment": robot}
        said = fact_of("ticket.commented", body)
        assert said.fields["automation"] is True
        assert said.people == {}


def polled(shown: dict[str, Any], *histories: Any) -> dict[str, Any]:
    """The issue as the interface shows it, with its whole changelog."""
    changelog = {"total": len(histories), "histories": list(histories)}
    return {**shown, "changelog": changelog}


def history(number: str, created: str, *items: Any) -> dict[str, Any]:
    return {"id": number, "created": created, "author": PERSON, "items": list(items)}


class TestPollers:
    def test_a_webhook_and_a_poller_tell_one_change(self) -> None:
        hook = fact_of("ticket.started", transition(TODO, DOING))
        change = history("900", "2026-03-02T11:00:00.025+0000", moved(TODO, DOING))
        poll = fact_of("ticket.started", polled(issue(DOING), change))
        assert hook.time != poll.time
        assert hook.identity == poll.identity

    def test_a_whole_changelog_tells_how_the_issue_began(self) -> None:
        changes = (
            history("902", "2026-03-02T13:00:00.000+0000", moved(DOING, SHIPPED)),
            history(
                "901",
                "2026-03-02T12:00:00.000+0000",
                item("issuetype", "Bug", "Story"),
                item("Key", "OLD-7", "CHK-1"),
            ),
        )
        created = fact_of("ticket.created", polled(issue(SHIPPED), *changes))
        assert created.fields["work_class"] == "defect"
        assert created.fields["project"] == "OLD"

    def test_of_a_changelog_cut_off_the_beginning_is_not_claimed(self) -> None:
        working = ("3", "In Progress", "indeterminate")
        change = history("902", "2026-03-02T13:00:00.000+0000", moved(working, SHIPPED))
        body = polled(issue(SHIPPED), change)
        assert fact_of("ticket.started", body).time == TEN_O_CLOCK
        body["changelog"]["total"] = 2
        assert kinds_of(body) == ["ticket.done"]

    def test_an_earlier_body_outranks_a_later_one_about_the_creation(self) -> None:
        early = issue(TODO, issuetype={"name": "Bug"})
        late = issue(
            TODO, issuetype={"name": "Story"}, updated="2026-03-03T10:00:00.000+0000"
        )
        one = fact_of("ticket.created", updated(early, item("labels", "", "x")))
        two = fact_of("ticket.created", updated(late, item("labels", "x", "y")))
        assert one.identity == two.identity
        for kept in (preferred(one, two), preferred(two, one)):
            assert kept.fields["work_class"] == "defect"

    def test_a_snapshot_without_a_changelog_tells_what_it_knows(self) -> None:
        shown = issue(DOING, statuscategorychangedate="2026-03-02T10:30:00.000+0000")
        assert kinds_of(shown) == ["ticket.started"]


def test_what_happened_at_one_instant_is_ordered_by_the_changes_numbers() -> None:
    first, second = transition(TODO, DOING), transition(DOING, TODO)
    second["changelog"]["id"] = "901"
    started, parked = fact_of("ticket.started", first), fact_of("ticket.parked", second)
    assert started.time == parked.time
    assert started.revision < parked.revision


def test_a_redelivery_gives_the_same_facts() -> None:
    body = transition(TODO, DOING)
    assert facts_of(body) == facts_of(json.loads(json.dumps(body)))


def test_two_issues_of_one_change_number_are_two_facts() -> None:
    one, other = transition(TODO, DOING), transition(TODO, DOING)
    other["issue"] = other["issue"] | {"id": "501", "key": "CHK-2"}
    assert (
        fact_of("ticket.started", one).identity
        != fact_of("ticket.started", other).identity
    )


def test_an_issue_with_neither_key_nor_number_is_rejected() -> None:
    body = transition(TODO, DOING)
    del body["issue"]["id"], body["issue"]["key"]
    assert codes(of(body)) == [("missing_field", "issue.key")]


def test_an_envelopes_name_for_the_event_gives_way_to_the_bodys() -> None:
    wrapped = {"event": "tracker", "payload": transition(TODO, DOING)}
    assert kinds_of(wrapped) == ["ticket.started"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "key", "name", "x"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)
PLACES = [
    ("timestamp",),
    ("user",),
    ("changelog",),
    ("changelog", "id"),
    ("changelog", "items"),
    ("changelog", "items", 0, "from"),
    ("changelog", "items", 0, "toString"),
    ("changelog", "items", 0, "fieldId"),
    ("issue",),
    ("issue", "id"),
    ("issue", "key"),
    ("issue", "self"),
    ("issue", "fields"),
    ("issue", "fields", "status"),
    ("issue", "fields", "resolution"),
    ("issue", "fields", "created"),
    ("issue", "fields", "components"),
    ("issue", "fields", "customfield_10021"),
    ("issue", "fields", "issuelinks"),
    ("comment",),
    ("transition",),
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PLACES), JSON)
def test_no_pollution_raises(place: tuple[str | int, ...], value: object) -> None:
    body: Any = json.loads(json.dumps(transition(TODO, DOING)))
    part = body
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    found = of_bytes(json.dumps(body).encode())
    assert found.facts or found.reasons or found.ignored


def keyed(body: dict[str, Any]) -> dict[str, tuple[str, int]]:
    """The keys that the body shows numbers of its site by."""
    found: dict[str, tuple[str, int]] = {}
    for fact in facts_of(body):
        found |= fact.fields.get("keyed", {})
    return found


class TestKeys:
    def test_a_key_is_shown_as_of_when_its_issue_was_updated(self) -> None:
        body = updated(issue(TODO), item("x", "a", "b"), at=TEN_O_CLOCK + 9 * HOUR)
        (shown,) = keyed(body).values()
        assert shown == ("CHK-1", TEN_O_CLOCK + HOUR)

    def test_that_of_a_linked_issue_as_of_no_time(self) -> None:
        blocks = {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"}
        link = {"id": "7", "type": blocks, "outwardIssue": {"id": "9", "key": "PLT-9"}}
        body = updated(issue(TODO, issuelinks=[link]), item("x", "a", "b"))
        other, own = sorted(keyed(body).items(), key=lambda shown: shown[1][1])
        assert other[1] == ("PLT-9", 0)
        assert other[0].removesuffix("/9") == own[0].removesuffix("/500")

    @pytest.mark.parametrize(
        ("event", "time"),
        [
            ("comment_created", TEN_O_CLOCK + HOUR + 123),
            ("comment_deleted", TEN_O_CLOCK + 2 * HOUR),
        ],
    )
    def test_that_of_a_short_issue_as_of_its_comment(
        self, event: str, time: int
    ) -> None:
        body = {
            "webhookEvent": event,
            "timestamp": TEN_O_CLOCK + 2 * HOUR,
            "comment": COMMENT,
            "issue": issue(DOING, created=(), updated=()),
        }
        assert [*keyed(body).values()] == [("CHK-1", time)]

    @pytest.mark.parametrize(
        ("address", "is_same"),
        [
            ("http://ACME.example/rest/api/3/issue/500", True),
            ("https://acme.example/jira/rest/api/2/issue/500", False),
            ("https://other.example/rest/api/2/issue/500", False),
        ],
    )
    def test_a_number_is_one_of_its_site(self, address: str, is_same: bool) -> None:
        body = updated(issue(TODO), item("x", "a", "b"))
        other = updated(issue(TODO) | {"self": address}, item("x", "a", "b"))
        assert (keyed(other) == keyed(body)) is is_same

    def test_without_its_site_a_number_says_nothing(self) -> None:
        shown = {name: value for name, value in issue(TODO).items() if name != "self"}
        assert keyed(updated(shown, item("x", "a", "b"))) == {}
