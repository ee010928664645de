"""Of every item of real Jira histories, parts included, time adds up to its flight.

active + waiting + idle + internal + stale + pending = in flight, for tickets with
sub-tasks, sub-tasks of tickets that are not there, and epics too. In flight is read
from the raw changelogs alone: a ticket is from its own start to its own end (done, or
back to do), and, where it is not done, as long as a sub-task that began is not over:
a sub-task counts as a change does (indicators 1.2, design 11.18).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

import pytest

from monitor.domain.timeline import Timeline
from tests.contract.test_jira_histories import (
    AT,
    HISTORIES,
    LARGE,
    issues,
    meaning,
    spent,
    timelines,
    working,
)
from tests.harness.jira_histories import Raw, changes_of, ms

# One group with what it takes the timelines from.
pytestmark = pytest.mark.xdist_group("jira_histories")

Move = Literal["begins", "ends", "parks", "comes back"]


class Step(NamedTuple):
    """One move of a ticket or of a part of it."""

    time: int
    entity: str
    move: Move


def moves_of(issue: Raw, name: str) -> Iterator[Step]:
    """What the raw statuses say of one issue, oldest first."""
    shown = issue["fields"]["status"]
    items = [
        (ms(change["created"]), item)
        for change in changes_of(issue)
        for item in change["items"]
        if item["field"] == "status"
    ]
    first = (shown["id"], shown["name"])
    if items:
        first = (items[0][1]["from"], items[0][1]["fromString"])
    created, key = ms(issue["fields"]["created"]), issue["key"]
    standing = meaning(issue, *first, name)
    if standing in ("in_progress", "done"):
        begun: Move = "begins" if standing == "in_progress" else "ends"
        yield Step(created, key, begun)
    for time, item in items:
        before = meaning(issue, item["from"], item["fromString"], name)
        after = meaning(issue, item["to"], item["toString"], name)
        if after is None or (before == after and after != "in_progress"):
            continue
        if before == "done":
            yield Step(time, key, "comes back")
        if after == "in_progress" and before != "done":
            yield Step(time, key, "begins")
        elif after != "in_progress":
            yield Step(time, key, "ends" if after == "done" else "parks")


def is_epic(issue: Raw) -> bool:
    return bool(issue["fields"]["issuetype"]["name"].lower() == "epic")


def root_of(issue: Raw, epics: set[str]) -> str:
    """The ticket itself, or the one it is a sub-task of; epics have none."""
    parent = issue["fields"].get("parent")
    is_part = issue["fields"]["issuetype"]["subtask"] and parent
    if is_part and parent["key"] not in epics:
        return str(parent["key"])
    return str(issue["key"])


def families(name: str) -> dict[str, list[Raw]]:
    """Every item of a history, with the issues it consists of."""
    epics = {issue["key"] for issue in issues(name) if is_epic(issue)}
    found: defaultdict[str, list[Raw]] = defaultdict(list)
    for issue in issues(name):
        if not is_epic(issue):
            found[root_of(issue, epics)].append(issue)
    return found


class Standing:
    """Where a ticket and its parts stand, moved step by step."""

    def __init__(self, root: str) -> None:
        """Nothing has begun."""
        self.root = root
        self.by_itself = self.by_parts = self.is_done = False
        self.open: set[str] = set()

    @property
    def in_flight(self) -> bool:
        """Whether the ticket is, by itself or by its parts alone."""
        return self.by_itself or self.by_parts

    def at(self, steps: Iterable[Step]) -> None:
        """All steps of one instant: what was in flight leaves before it enters."""
        told = list(steps)
        out = [step for step in told if step.move in ("ends", "parks")]
        into = [step for step in told if step not in out]
        order = [*out, *into] if self.in_flight else [*into, *out]
        for step in order:
            self._take(step)

    def _take(self, step: Step) -> None:
        is_in = step.move in ("begins", "comes back")
        if step.entity == self.root:
            if not is_in:
                self.by_itself = self.by_parts = False
                self.is_done = self.is_done or step.move == "ends"
            else:
                self.by_itself, self.is_done = True, False
        elif is_in and step.entity not in self.open:
            self.open.add(step.entity)
            self.by_parts = not self.is_done
        elif not is_in:
            self.open.discard(step.entity)
            self.by_parts = self.by_parts and bool(self.open)


def flown(root: str, members: list[Raw], name: str) -> int:
    """Working milliseconds in flight, by the raw statuses of the whole family."""
    steps = [step for issue in members for step in moves_of(issue, name)]
    standing, total, since = Standing(root), 0, 0
    for time in sorted({step.time for step in steps if step.time <= AT}):
        if standing.in_flight:
            total += working(time) - working(since)
        standing.at(step for step in steps if step.time == time)
        since = time
    return total + (working(AT) - working(since) if standing.in_flight else 0)


@pytest.mark.parametrize("name", HISTORIES)
def test_the_time_of_every_family_adds_up_to_its_time_in_flight(name: str) -> None:
    measured = {one.item: one for one in timelines(name)}
    expected = {
        root: flown(root, members, name) for root, members in families(name).items()
    }

    wrong = {
        root: (length, found)
        for root, length in expected.items()
        if length != (found := spent(measured.get(root, Timeline(""))))
    }

    assert wrong == {}
    # Neither an epic nor a sub-task has time of its own.
    assert {item for item, one in measured.items() if spent(one)} <= set(expected)


def test_the_histories_have_families_whose_parts_make_a_difference() -> None:
    found = families(LARGE)
    large = {root: members for root, members in found.items() if len(members) > 1}
    apart = {
        root
        for root, members in large.items()
        if flown(root, members, LARGE)
        != flown(root, [one for one in members if one["key"] == root], LARGE)
    }
    assert len(large) > 30
    assert len(apart) > 9
    # And epics whose status was in progress, which is no item's time.
    epics = [issue for issue in issues(LARGE) if is_epic(issue)]
    assert sum(bool(flown(one["key"], [one], LARGE)) for one in epics) > 2
