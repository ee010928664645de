"""Blocks that cards of GitHub's boards tell, until the card has left or is gone.

What is expected is by the specification of the hours told: a block begins with a
status and ends once it is left (1.3), and each key by itself (1.7). The issue is in
progress from 09:00 and closed at 14:00, which are five hours.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.pipeline.test_github_blocks import BEGUN, put_on, taken_off
from tests.unit.pipeline.test_github_items import HOUR, Told, closed, spent, time

BLOCKED, ON_SEARCH = "Blocked", "Waiting for search"
DOING, REVIEW = "In progress", "In review"
HERE, THERE = "PVT_1", "PVT_2"


def card(action: str, clock: str, board: str = HERE, **changes: Any) -> Told:
    item = {"content_node_id": "I_3", "content_type": "Issue"}
    times = {"created_at": time(clock), "updated_at": time(clock)}
    body = {
        "action": action,
        "projects_v2_item": {**item, **times, "project_node_id": board},
    }
    return "projects_v2_item", body | ({"changes": changes} if changes else {})


def moved(clock: str, before: str | None, after: str | None, board: str = HERE) -> Told:
    ends = {
        end: None if name is None else {"name": name}
        for end, name in (("from", before), ("to", after))
    }
    return card("edited", clock, board, field_value={"field_name": "Status", **ends})


def archived(clock: str) -> Told:
    return card("archived", clock, archived_at={"from": None, "to": time(clock)})


def restored(clock: str) -> Told:
    return card("restored", clock, archived_at={"from": time("11:00"), "to": None})


def waited(told: list[Told]) -> list[float]:
    """Hours of the issue blocked, and active, in any order, also when bodies double."""
    every = [BEGUN, *told, closed("14:00")]
    found = spent(every)
    assert all(spent(order) == found for order in (every[::-1], every[1::2] + every))
    active = sum(n for (_, sort, _), n in found.items() if sort == "active")
    return [found.get(("shop", "wait", "ticket_blocked"), 0) / HOUR, active / HOUR]


KNOWN = put_on("09:00", "x", "x")  # tells the node id by which cards name the issue
OVER: dict[str, tuple[list[Told], list[float]]] = {
    "it is taken off its board": (
        [moved("10:00", DOING, BLOCKED), card("deleted", "11:00")],
        [1, 4],
    ),
    "it is taken off its board, whomever it waited for": (
        [moved("10:00", DOING, ON_SEARCH), card("deleted", "11:00")],
        [1, 4],
    ),
    "it is put on its board anew, and that it was taken off is lost": (
        [moved("10:00", DOING, BLOCKED), card("created", "11:00")],
        [1, 4],
    ),
    "it is put on its board anew as blocked": (
        [
            moved("10:00", DOING, BLOCKED),
            card("deleted", "11:00"),
            card("created", "12:00"),
            moved("12:00", None, BLOCKED),
            moved("13:00", BLOCKED, DOING),
        ],
        [2, 3],
    ),
    "it moves between others, and how it left is lost": (
        [moved("10:00", DOING, BLOCKED), moved("11:30", DOING, REVIEW)],
        [1.5, 3.5],
    ),
    "it moves to be done by others, and how it left is lost": (
        [moved("10:00", DOING, BLOCKED), moved("11:30", None, "Backlog?")],
        [1.5, 3.5],
    ),
    "it leaves another block, and how it got there is lost": (
        [moved("10:00", DOING, BLOCKED), moved("12:00", ON_SEARCH, DOING)],
        [2, 3],
    ),
    "it comes to wait for another, and how it left is lost": (
        [
            moved("10:00", DOING, BLOCKED),
            moved("11:00", DOING, ON_SEARCH),
            moved("12:00", ON_SEARCH, DOING),
        ],
        [2, 3],
    ),
    "it is taken off beside a label": (
        [
            put_on("10:00", "blocked", "x", "blocked"),
            moved("10:30", DOING, BLOCKED),
            card("deleted", "11:00"),
            taken_off("12:00", "blocked", "x"),
        ],
        [2, 3],
    ),
    "it is taken off after its label": (
        [
            put_on("10:00", "blocked", "x", "blocked"),
            moved("10:30", DOING, BLOCKED),
            taken_off("11:00", "blocked", "x"),
            card("deleted", "12:00"),
        ],
        [2, 3],
    ),
    "both of two cards left": (
        [
            moved("10:00", DOING, BLOCKED),
            moved("10:30", DOING, BLOCKED, THERE),
            moved("11:00", BLOCKED, DOING),
            moved("12:00", BLOCKED, DOING, THERE),
        ],
        [2, 3],
    ),
    "two cards, of which one is taken off, block and leave in one second": (
        [
            moved("10:00", DOING, BLOCKED),
            moved("10:00", DOING, BLOCKED, THERE),
            moved("11:00", BLOCKED, DOING),
            card("deleted", "12:00", THERE),
        ],
        [2, 3],
    ),
    "two cards leave in one second": (
        [
            moved("10:00", DOING, BLOCKED),
            moved("10:00", DOING, BLOCKED, THERE),
            moved("12:00", BLOCKED, DOING),
            moved("12:00", BLOCKED, DOING, THERE),
        ],
        [2, 3],
    ),
}


@pytest.mark.parametrize("case", OVER)
def test_a_cards_block_is_over_once(case: str) -> None:
    told, hours = OVER[case]
    assert waited([KNOWN, *told]) == hours


GOES_ON: dict[str, list[Told]] = {
    "the card of another board moves": [moved("11:00", DOING, REVIEW, THERE)],
    "the card of another board is taken off": [card("deleted", "11:00", THERE)],
    "another board gets one": [card("created", "11:00", THERE)],
    "it is moved within its column": [card("reordered", "11:00")],
    "it is archived, which leaves it its status": [archived("11:00")],
    "it is archived and comes back": [archived("11:00"), restored("12:00")],
    "another field changes": [
        card("edited", "11:00", field_value={"field_name": "Size", "to": {"name": "S"}})
    ],
    "the field is not told": [
        card("edited", "11:00", field_value={"field_type": "single_select"})
    ],
    "an option of a field without a name": [
        card("edited", "11:00", field_value={"from": {"name": "S"}, "to": None})
    ],
    "labels change": [put_on("11:00", "y", "x", "y")],
}


@pytest.mark.parametrize("case", GOES_ON)
def test_a_cards_block_goes_on_while(case: str) -> None:
    told = [moved("10:00", DOING, BLOCKED), *GOES_ON[case]]
    assert waited([KNOWN, *told]) == [4, 1]


def test_a_card_that_is_taken_off_ends_no_block_of_a_label() -> None:
    told = [put_on("10:00", "blocked", "x", "blocked"), card("deleted", "11:00")]
    assert waited([KNOWN, *told]) == [4, 1]
