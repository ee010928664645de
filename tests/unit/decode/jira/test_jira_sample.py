"""What a sample's Jira bodies call things is counted once an issue, without values."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from monitor.decode.jira.sample import JiraSample
from tests.harness.jira_histories import issues_of
from tests.harness.reference_data import payloads_dir

Body = dict[str, Any]


def issue(number: int, **fields: Any) -> Body:
    """An issue as the interface shows it."""
    return {"id": str(number), "key": f"CHK-{number}", "fields": fields}


def webhook(number: int, *items: Body, **fields: Any) -> Body:
    """An update of an issue."""
    return {
        "webhookEvent": "jira:issue_updated",
        "issue": issue(number, **fields),
        "changelog": {"id": "7", "items": [*items]},
    }


def changed(field: str, field_id: str = "", before: str = "", after: str = "") -> Body:
    """One changed field; without an id as old servers write it."""
    item: Body = {"field": field, "fromString": before, "toString": after}
    return item | ({"fieldId": field_id, "fieldtype": "custom"} if field_id else {})


def status(name: str, category: str) -> Body:
    """A status as a body shows it."""
    return {"name": name, "statusCategory": {"key": category}}


def sampled(*bodies: Any) -> JiraSample:
    """What the bodies come to."""
    sample = JiraSample()
    for body in bodies:
        sample.add(body)
    return sample


def test_a_field_is_one_of_teams_by_what_a_changelog_calls_it() -> None:
    sample = sampled(
        issue(1, customfield_7={"id": "t", "name": "Payments"}, customfield_8="x"),
        issue(2, customfield_7=None),
        webhook(3, changed("Delivery team", "customfield_7", "", "Payments")),
        webhook(4, changed("Teammate", "customfield_8", "", "x")),
    )
    assert sample.holding("team") == ["customfield_7"]
    assert (sample.fields["customfield_7"], sample.titles) == (
        2,
        {"customfield_7": "Delivery team"},
    )


def test_a_field_is_one_of_teams_by_what_only_teams_have() -> None:
    team = {"id": "36885b3c", "title": "Payments", "isShared": True}
    assert sampled(issue(1, customfield_9=team)).holding("team") == ["customfield_9"]


@pytest.mark.parametrize("title", ["Team Lead", "Team size", "Sprint", "Steam"])
def test_other_fields_are_none_of_teams(title: str) -> None:
    assert sampled(webhook(1, changed(title, "customfield_7"))).holding("team") == []


def test_a_field_that_holds_a_person_is_none_of_teams() -> None:
    picked = {"accountId": "5b10", "displayName": "Somebody"}
    bodies = [
        webhook(1, changed("Team", "customfield_7", "", "Somebody")),
        issue(2, customfield_7=[picked]),
    ]
    assert sampled(bodies).holding("team") == []
    assert "Somebody" not in repr(sampled(bodies))


@pytest.mark.parametrize(
    "body",
    [
        webhook(1, changed("Flagged", "customfield_5", "", "Impediment")),
        issue(1, customfield_5=[{"value": "Impediment"}]),
    ],
)
def test_a_flag_is_known_by_its_name_or_by_its_one_option(body: Body) -> None:
    sample = sampled(body)
    assert (sample.holding("flag"), sample.holding("team")) == (["customfield_5"], [])


def test_statuses_count_once_an_issue_and_have_the_categories_bodies_give() -> None:
    other = {"id": "9", "fields": {"status": status("Parked", "new")}}
    sample = sampled(
        webhook(1, changed("status", "", "Triage", "Review"), status=status("R", "x")),
        webhook(1, changed("Statut", "status", "Review", "Done")),
        issue(2, status=status("Done", "done"), issuelinks=[{"inwardIssue": other}]),
    )
    seen = {"Triage": 1, "Review": 1, "R": 1, "Done": 2, "Parked": 1}
    assert sample.statuses == seen
    assert sample.untold == {"Triage", "Review", "Done"}
    assert sample.told == {"R": {"x"}, "Done": {"done"}, "Parked": {"new"}}


def test_a_link_counts_once_however_often_it_is_shown() -> None:
    both = {"outward": "Delays", "inward": "is delayed by"}
    own = {"id": 8, "issueLinkType": {"outwardName": "clones", "inwardName": "of"}}
    sample = sampled(
        issue(1, issuelinks=[{"id": "7", "type": both}]),
        issue(2, issuelinks=[{"id": "7", "type": both}]),
        {"webhookEvent": "issuelink_created", "issueLink": own},
    )
    assert sample.links == {("delays", "is delayed by"): 1, ("clones", "of"): 1}


def test_bodies_are_found_in_envelopes_and_batches() -> None:
    body = issue(1, customfield_5=[{"value": "Impediment"}])
    wrapped = {"headers": {}, "payload": [{"body": body}]}
    assert sampled(wrapped) == sampled(body)
    assert sampled(wrapped).holding("flag") == ["customfield_5"]
    deep: Any = body
    for _ in range(50):
        deep = [deep]
    assert sampled(deep, None, "text", 3, {"a": 1}) == JiraSample()


def test_a_name_that_no_line_can_hold_is_passed_over() -> None:
    odd = issue(1, **{"customfield_1\n[kafka]": [{"value": "Impediment"}]})
    odd["fields"]["status"] = status("a\nb", "new")
    assert sampled(odd) == JiraSample(_people=set(), _once=set())


def test_a_changelog_of_a_poller_is_read_too() -> None:
    polled = issue(1)
    items = [changed("Squad", "customfield_6"), changed("status", "", "Idea", "Doing")]
    polled["changelog"] = {"histories": [{"id": "1", "items": items}]}
    sample = sampled(polled)
    assert sample.holding("team") == ["customfield_6"]
    assert sample.untold == {"Idea", "Doing"}


def test_order_and_repetition_change_nothing() -> None:
    bodies = issues_of("apache_issues_with_changelog.jsonl.gz")
    expected = sampled(*bodies)
    again = bodies * 2
    random.Random(3).shuffle(again)
    assert sampled(*again) == expected
    # Counted by a plain reading.
    resolved = {
        one["id"]
        for one in bodies
        if one["fields"]["status"]["name"] == "Resolved"
        or any(
            "Resolved" in (item["fromString"], item["toString"])
            for change in one["changelog"]["histories"]
            for item in change["items"]
            if item["field"] == "status"
        )
    } | {
        other["id"]
        for one in bodies
        for link in one["fields"].get("issuelinks", [])
        if (other := link.get("inwardIssue") or link["outwardIssue"])
        and other["fields"]["status"]["name"] == "Resolved"
    }
    assert len(resolved) > 100
    assert expected.statuses["Resolved"] == len(resolved)


def test_no_real_body_raises_and_flags_of_real_ones_are_found() -> None:
    paths = [p for p in (payloads_dir() / "jira").rglob("*.json") if p.is_file()]
    sample = JiraSample()
    for path in paths:
        sample.add(json.loads(path.read_bytes()))
    assert len(paths) > 80
    assert sample.holding("flag")
