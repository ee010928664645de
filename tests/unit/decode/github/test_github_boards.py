"""The cards of GitHub's project boards, by the words of their statuses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from monitor.decode.decode import decode
from monitor.decode.settings import NO_HINT
from monitor.domain.facts import ON_CARD, Kind
from monitor.domain.flags import on_card
from monitor.domain.outcomes import Record
from tests.unit.decode.github.github_records import (
    MS,
    RECEIPT,
    REPOSITORY,
    SETTINGS,
    T,
    facts,
    issue,
    of,
)


def card(before: str | None, after: str | None) -> dict[str, Any]:
    ends = {
        end: None if name is None else {"name": name}
        for end, name in (("from", before), ("to", after))
    }
    return {
        "action": "edited",
        "projects_v2_item": {
            "content_node_id": "I_12",
            "content_type": "Issue",
            "updated_at": T[3],
        },
        "changes": {"field_value": {"field_name": "Status", **ends}},
    }


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        (None, "In progress", ["ticket.started"]),
        ("Blocked", "In progress", ["ticket.unblocked", "ticket.started"]),
        ("In progress", "Backlog", ["ticket.parked"]),
        ("In progress", "In review", ["ticket.updated"]),
        ("In review", None, ["ticket.updated"]),
        (None, "\U0001f3d7 In progress", ["ticket.started"]),
        (None, "\u2705 Done", ["ticket.done"]),
        (None, "-- Done \U0001f389 --", ["ticket.done"]),
        (
            "\U0001f6a7 Blocked",
            "\U0001f4cb Backlog",
            ["ticket.unblocked", "ticket.parked"],
        ),
        (None, "\U0001f440 In review", ["ticket.updated"]),
        (None, "Done?", ["ticket.updated"]),
        (None, "\u2705", ["ticket.updated"]),
    ],
)
def test_a_boards_status_moves_the_issue_behind_the_card(
    before: str | None, after: str | None, kinds: list[str]
) -> None:
    found = facts("projects_v2_item", card(before, after))
    assert [fact.kind for fact in found] == kinds
    assert {(fact.entity, fact.time) for fact in found} == {("I_12", MS[3])}


def test_a_boards_status_names_whom_the_issue_waits_for() -> None:
    (fact,) = facts("projects_v2_item", card(None, "Waiting for Dev-A"))
    assert fact.kind is Kind.TICKET_BLOCKED
    assert fact.people["named"] == "dev-a"
    assert "dev-a" not in str(fact.fields)


def test_a_status_that_names_nobody_lifts_no_other_block() -> None:
    lifted, begun = facts("projects_v2_item", card("Blocked", "Waiting for Dev-A"))
    assert (lifted.kind, lifted.fields["how"]) == (Kind.TICKET_UNBLOCKED, ON_CARD)
    assert (begun.kind, begun.fields["how"]) == (Kind.TICKET_BLOCKED, ON_CARD)


def test_a_change_of_a_board_that_names_no_status_says_nothing() -> None:
    assert "names no status" in of("projects_v2_item", card(None, None)).ignored


def test_a_decorated_status_names_the_same_team() -> None:
    (fact,) = facts("projects_v2_item", card(None, "\U0001f6a7 Waiting for Dev-A"))
    assert (fact.kind, fact.people["named"]) == (Kind.TICKET_BLOCKED, "dev-a")


def on_board(action: str, **shown: Any) -> dict[str, Any]:
    """A card made at 11:00 and last changed at 13:00; all is received at 19:00."""
    body = {**card(None, None), "action": action, "changes": None}
    item = {**body["projects_v2_item"], "project_node_id": "PVT_1"}
    return body | {"projects_v2_item": {**item, "created_at": T[1], **shown}}


@pytest.mark.parametrize(
    ("body", "time"),
    [
        (on_board("created"), MS[1]),
        (on_board("created", created_at=None), MS[3]),
        (on_board("deleted"), RECEIPT),
    ],
)
def test_a_card_without_a_status_says_nothing_any_more(
    body: dict[str, Any], time: int
) -> None:
    """A card that is taken off still shows when it was last changed.

    As GitHub's own body does: made at 23:56:02, archived at :44 and brought back at
    :53, which is also what it shows when it was deleted later.
    """
    sender = {"login": "dev-a", "type": "User"}
    (fact,) = facts("projects_v2_item", {**body, "sender": sender})
    assert (fact.kind, fact.entity, fact.time) == (Kind.TICKET_UPDATED, "I_12", time)
    assert fact.fields["how"] == on_card("PVT_1") != on_card("PVT_2")
    assert fact.fields["automation"] is True
    assert fact.people.get("actor") is None


def test_without_receipt_a_card_was_taken_off_when_it_was_last_changed() -> None:
    headers = (("X-GitHub-Event", b"projects_v2_item"),)
    value = json.dumps(on_board("deleted")).encode()
    record = Record("t", 0, 0, None, None, headers, value)
    (fact,) = decode(record, NO_HINT, SETTINGS).facts
    assert fact.time == MS[3]


@pytest.mark.parametrize("action", ["archived", "restored", "reordered", "converted"])
def test_what_leaves_a_card_its_status_says_nothing(action: str) -> None:
    assert "no change" in of("projects_v2_item", on_board(action)).ignored


@pytest.mark.parametrize("action", ["created", "deleted"])
def test_a_card_of_a_draft_is_still_no_ticket(action: str) -> None:
    body = on_board(action, content_type="DraftIssue")
    assert "draft" in of("projects_v2_item", body).ignored


@pytest.mark.parametrize(
    ("before", "after"),
    [("Blocked", "In progress"), (None, "Waiting for Dev-A"), ("x", "y")],
)
def test_what_cards_of_two_boards_say_in_a_second_is_told_apart(
    before: str | None, after: str | None
) -> None:
    body = card(before, after)
    told = []
    for board in ("PVT_1", "PVT_2"):
        item = {**body["projects_v2_item"], "project_node_id": board}
        told.append(facts("projects_v2_item", body | {"projects_v2_item": item}))
    one, other = ({fact.identity for fact in each} for each in told)
    assert one
    assert one.isdisjoint(other)


NODE = "MDU6SXNzdWUxMg=="  # 05:Issue12, whatever the host


def on_host(host: str) -> dict[str, Any]:
    """An issue of that host, with the number 12 in its database."""
    repository = {**REPOSITORY, "html_url": f"https://{host}/acme/shop"}
    return issue("opened", repository=repository, issue={"node_id": NODE})


def moved_on(host: str) -> dict[str, Any]:
    body = card(None, "In progress")
    body["projects_v2_item"]["content_node_id"] = NODE
    sender = {"login": "dev-a", "html_url": f"https://{host}/dev-a"}
    return {**body, "sender": sender, "repository": None}


HOSTS = ["github.com", "ghe1.example", "ghe2.example"]


@pytest.mark.parametrize("card_on", HOSTS)
@pytest.mark.parametrize("issue_on", HOSTS)
def test_a_card_moves_the_issue_of_its_own_host(card_on: str, issue_on: str) -> None:
    (moved,) = facts("projects_v2_item", moved_on(card_on))
    opened = facts("issues", on_host(issue_on))[0]

    assert moved.source == card_on
    assert (moved.entity in opened.fields["aliases"]) is (card_on == issue_on)


def test_the_host_of_a_card_may_be_its_header() -> None:
    """Of a body that was cut short."""
    value = json.dumps(card(None, "Done")).encode()
    headers = (("X-GitHub-Enterprise-Host", b"ghe1.example"),)
    record = Record("t", 0, 0, None, None, headers, value)
    (moved,) = decode(record, NO_HINT, SETTINGS).facts
    assert (moved.source, moved.entity) == ("ghe1.example", "ghe1.example:I_12")


def test_a_transferred_issue_is_still_that_of_its_host() -> None:
    here = on_host("ghe1.example")
    changes = {"old_issue": {"number": 3, "node_id": "I_3"}}
    changes["old_repository"] = {**REPOSITORY, "id": 9}
    opened = facts("issues", here | {"changes": changes})[0]
    assert opened.fields["aliases"] == [
        f"ghe1.example:{NODE}",
        "ghe1.example:9#3",
        "ghe1.example:I_3",
    ]
