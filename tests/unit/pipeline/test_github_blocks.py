"""Blocks that GitHub's labels and cards tell, of one second and when bodies are lost.

What is expected is by the specification of the hours told: a block begins and ends
with its label or status (1.3), and each key by itself (1.7).
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.pipeline.test_github_items import HOUR, Told, closed, issue, spent, time
from tests.unit.pipeline.test_github_lost import orders

BLOCKED, ON_SEARCH, HELD = "blocked", "blocked-by:search", "on hold"
FOR_SEARCH = "waiting-on:Search"
BEGUN = issue("labeled", "09:00", label={"name": "in progress"})


def shows(labels: tuple[str, ...]) -> dict[str, Any]:
    return {"labels": [{"name": name} for name in labels]}


def put_on(clock: str, label: str | None, *shown: str) -> Told:
    return labelling("labeled", clock, label, shown)


def taken_off(clock: str, label: str | None, *shown: str) -> Told:
    """Of one that was deleted from the repository GitHub sends no ``label``."""
    return labelling("unlabeled", clock, label, shown)


def labelling(
    action: str, clock: str, label: str | None, shown: tuple[str, ...]
) -> Told:
    told: dict[str, Any] = {} if label is None else {"label": {"name": label}}
    node = {"node_id": "I_3", **shows(shown)}
    return issue(action, clock, shown=node, **told)


def card(clock: str, before: str | None, after: str | None) -> Told:
    ends = {
        end: None if name is None else {"name": name}
        for end, name in (("from", before), ("to", after))
    }
    item = {"content_node_id": "I_3", "content_type": "Issue"}
    return "projects_v2_item", {
        "action": "edited",
        "projects_v2_item": {**item, "updated_at": time(clock)},
        "changes": {"field_value": {"field_name": "Status", **ends}},
    }


def waited(told: list[Told]) -> list[float]:
    """Hours of the shop's issue blocked, and active, in whatever order they come."""
    every = [spent(order) for order in orders([BEGUN, *told])]
    assert all(found == every[0] for found in every)
    wait = every[0].get(("shop", "wait", "ticket_blocked"), 0)
    rest = {key: n for key, n in every[0].items() if key[1] == "active"}
    return [wait / HOUR, sum(rest.values()) / HOUR]


SWAPS: dict[str, tuple[list[Told], list[int]]] = {
    "nobody in particular, then a team": (
        [
            put_on("10:00", BLOCKED, BLOCKED),
            taken_off("11:00", BLOCKED, ON_SEARCH),
            put_on("11:00", ON_SEARCH, ON_SEARCH),
            closed("14:00"),
        ],
        [4, 1],
    ),
    "a team, then nobody in particular": (
        [
            put_on("10:00", ON_SEARCH, ON_SEARCH),
            taken_off("11:00", ON_SEARCH, BLOCKED),
            put_on("11:00", BLOCKED, BLOCKED),
            closed("14:00"),
        ],
        [4, 1],
    ),
    "two that name nobody": (
        [
            put_on("10:00", BLOCKED, BLOCKED),
            taken_off("11:00", BLOCKED, HELD),
            put_on("11:00", HELD, HELD),
            closed("14:00"),
        ],
        [4, 1],
    ),
    "two that name nobody, both off": (
        [
            put_on("10:00", BLOCKED, BLOCKED),
            put_on("11:00", HELD, BLOCKED, HELD),
            taken_off("12:00", BLOCKED, HELD),
            taken_off("13:00", HELD),
            closed("14:00"),
        ],
        [3, 2],
    ),
    "two that name one team, both off": (
        [
            put_on("10:00", ON_SEARCH, ON_SEARCH),
            put_on("11:00", FOR_SEARCH, ON_SEARCH, FOR_SEARCH),
            taken_off("12:00", ON_SEARCH, FOR_SEARCH),
            taken_off("13:00", FOR_SEARCH),
            closed("14:00"),
        ],
        [3, 2],
    ),
    "a label and a card, and the card leaves first": (
        [
            put_on("10:00", BLOCKED, BLOCKED),
            card("10:30", None, "Blocked"),
            card("11:00", "Blocked", "In progress"),
            taken_off("13:00", BLOCKED),
            closed("14:00"),
        ],
        [3, 2],
    ),
    "a label and a card, and the label is taken off first": (
        [
            put_on("10:00", BLOCKED, BLOCKED),
            card("10:30", None, "Blocked"),
            taken_off("11:00", BLOCKED),
            card("13:00", "Blocked", "In progress"),
            closed("14:00"),
        ],
        [3, 2],
    ),
    "a label and a card of one team": (
        [
            put_on("10:00", ON_SEARCH, ON_SEARCH),
            card("10:30", None, "Waiting for search"),
            taken_off("11:00", ON_SEARCH),
            card("13:00", "Waiting for search", "In progress"),
            closed("14:00"),
        ],
        [3, 2],
    ),
    "a card": (
        [
            put_on("09:30", "x", "x"),
            card("10:00", None, "Blocked"),
            card("11:00", "Blocked", "Waiting for search"),
            card("13:00", "Waiting for search", "In progress"),
            closed("14:00"),
        ],
        [3, 2],
    ),
}


@pytest.mark.parametrize("case", SWAPS)
@pytest.mark.slow
def test_one_block_goes_and_another_begins_at_once(case: str) -> None:
    told, hours = SWAPS[case]
    assert waited(told) == hours


X = "x"
UNSEEN: dict[str, tuple[list[Told], list[int]]] = {
    "its removal is lost, and another is put on": (
        [
            put_on("10:00", ON_SEARCH, ON_SEARCH),
            put_on("12:00", X, X),
            closed("14:00"),
        ],
        [2, 3],
    ),
    "renamed, and taken off by its new name": (
        [
            put_on("10:00", ON_SEARCH, ON_SEARCH),
            taken_off("11:00", "infra"),
            closed("14:00"),
        ],
        [1, 4],
    ),
    "nobody's, renamed to a team's": (
        [
            put_on("10:00", BLOCKED, BLOCKED),
            taken_off("11:00", ON_SEARCH),
            closed("14:00"),
        ],
        [1, 4],
    ),
    "a person's": (
        [
            put_on("10:00", "blocked-by:sam", "blocked-by:sam"),
            taken_off("11:00", X),
            closed("14:00"),
        ],
        [1, 4],
    ),
    "put on again later": (
        [
            put_on("10:00", ON_SEARCH, ON_SEARCH),
            taken_off("11:00", X),
            put_on("12:00", ON_SEARCH, ON_SEARCH),
            closed("14:00"),
        ],
        [3, 2],
    ),
    "deleted from the repository as another is put on": (
        [
            put_on("10:00", BLOCKED, BLOCKED),
            taken_off("11:00", None),
            put_on("11:00", ON_SEARCH, ON_SEARCH),
            closed("14:00"),
        ],
        [4, 1],
    ),
    "its removal is lost beside a card that stays": (
        [
            put_on("10:00", BLOCKED, BLOCKED),
            card("10:30", None, "Blocked"),
            taken_off("11:00", X),
            card("13:00", "Blocked", "In progress"),
            closed("14:00"),
        ],
        [3, 2],
    ),
    "its removal is lost after the card left": (
        [
            put_on("10:00", BLOCKED, BLOCKED),
            card("10:30", None, "Blocked"),
            card("11:00", "Blocked", "In progress"),
            taken_off("13:00", X),
            closed("14:00"),
        ],
        [3, 2],
    ),
    "deleted from the repository": (
        [
            put_on("10:00", ON_SEARCH, ON_SEARCH),
            put_on("11:00", BLOCKED, ON_SEARCH, BLOCKED),
            taken_off("12:00", None, BLOCKED),
            taken_off("13:00", None),
            closed("14:00"),
        ],
        [3, 2],
    ),
}


@pytest.mark.parametrize("case", UNSEEN)
def test_a_block_is_over_once_no_label_of_the_issue_blocks(case: str) -> None:
    told, hours = UNSEEN[case]
    assert waited(told) == hours


STAYS: dict[str, list[Told]] = {
    "of a card": [
        put_on("09:30", X, X),
        card("10:00", None, "Blocked"),
        taken_off("11:00", X),
    ],
    "of a card and a label": [
        put_on("09:30", BLOCKED, BLOCKED),
        card("10:00", None, "Blocked"),
        taken_off("11:00", X),
    ],
    "of a card, by a label that is deleted": [
        put_on("09:30", X, X),
        card("10:00", None, "Blocked"),
        taken_off("11:00", None),
    ],
    "of that second": [
        taken_off("10:00", X),
        put_on("10:00", BLOCKED, BLOCKED),
    ],
    "that is shown": [
        put_on("10:00", BLOCKED, BLOCKED),
        taken_off("11:00", X, BLOCKED),
    ],
    "of which the body knows nothing": [
        put_on("10:00", BLOCKED, BLOCKED),
        issue("unlabeled", "11:00", label={"name": X}),
    ],
}


@pytest.mark.parametrize("case", STAYS)
def test_a_block_goes_on(case: str) -> None:
    begun = 0.5 if case == "of a card and a label" else 1
    assert waited([*STAYS[case], closed("14:00")]) == [5 - begun, begun]
