"""The cards of GitHub's project boards, by the words of their statuses."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.domain.facts import Kind
from tests.unit.decode.github.github_records import MS, T, facts, of


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
    (fact,) = facts("projects_v2_item", card(None, "Waiting for Ada"))
    assert fact.kind is Kind.TICKET_BLOCKED
    assert fact.people["named"] == "ada"
    assert "ada" not in str(fact.fields)


def test_a_change_of_a_board_that_names_no_status_says_nothing() -> None:
    assert "names no status" in of("projects_v2_item", card(None, None)).ignored


def test_a_decorated_status_names_the_same_team() -> None:
    (fact,) = facts("projects_v2_item", card(None, "\U0001f6a7 Waiting for Ada"))
    assert (fact.kind, fact.people["named"]) == (Kind.TICKET_BLOCKED, "ada")
