"""A sub-task that first appeared without its parent, in whatever order it is read."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from monitor.directory.attribute import attribute
from monitor.domain.working_time import HOUR
from tests.harness.driving import Drive, directory_of
from tests.harness.plain_calendar import instant
from tests.unit.decode.jira.jira_bodies import (
    DOING,
    TODO,
    facts_of,
    issue,
    item,
    moved,
    updated,
)
from tests.unit.decode.records import TEN_O_CLOCK

TEAMS = """
version: 1
teams:
  - {id: checkout, owns: [{jira: CHK}]}
  - {id: platform, kind: platform, owns: [{jira: PLT}]}
"""
DIRECTORY = directory_of(TEAMS)
ELEVEN, NOON = TEN_O_CLOCK + HOUR, TEN_O_CLOCK + 2 * HOUR
SUB_TASK: Any = {"name": "Sub-task", "subtask": True}
STORY = issue(DOING) | {"id": "499", "key": "CHK-0"}


def linked(text: str) -> Any:
    return item("Link", None, text, **{"from": None, "to": "PLT-1"})


@pytest.mark.parametrize(
    ("text", "waits"),
    [
        # What holds it up is the other ticket then, and not the flag beside it.
        ("This issue is blocked by PLT-1", [("CHK-0", "dependency_link", ELEVEN)]),
        ("This issue blocks PLT-1", [("CHK-0", "ticket_blocked", NOON)]),
    ],
)
def test_what_holds_it_up_holds_up_its_parent_in_any_order(
    text: str, waits: list[tuple[str, str, int]]
) -> None:
    """Its parent is in progress from eleven, and it is linked then; flagged at noon.

    By the body of its creation it is no part of anything, and only the body of the link
    shows that it is.
    """
    shown = issue(TODO, issuetype=SUB_TASK, parent={"id": "499", "key": "CHK-0"})
    flag = {"fieldId": "customfield_10021", "from": "", "to": "[1]"}
    flagged = item("Flagged", "", "Impediment", **flag)
    alone = issue(TODO)
    created = updated(alone) | {"webhookEvent": "jira:issue_created"}
    bodies = [
        created,
        updated(shown, linked(text), at=ELEVEN),
        updated(STORY, moved(TODO, DOING), at=ELEVEN),
        updated(alone, flagged, at=NOON),
    ]
    told = [[attribute(one, DIRECTORY) for one in facts_of(body)] for body in bodies]
    for order in permutations(told):
        driven = Drive(DIRECTORY, instant("2026-03-02T20:00:00Z"))
        for facts in order:
            driven.take(facts)
        found = [
            (one.item, each.component, each.start)
            for one in driven.timelines()
            for each in one.waits
        ]
        assert found == waits
