"""Jira's bodies through the pipeline: numbers, keys, moves and owners come together."""

from __future__ import annotations

import json
import random
from itertools import permutations
from typing import Any

import pytest

from monitor.decode.decode import decode
from monitor.decode.jira.rules import JiraRules
from monitor.decode.settings import NO_HINT, DecodeSettings
from monitor.directory.attribute import attribute
from monitor.domain.facts import Fact, Kind
from monitor.domain.making import make_fact
from monitor.domain.outcomes import Record
from monitor.domain.timeline import UNIT, Sort
from monitor.indicators.totals.instant import amount_between
from monitor.pipeline.recent import Recent
from monitor.pipeline.working_set import WorkingSet
from tests.harness.driving import Drive, directory_of
from tests.harness.plain_calendar import instant

TEAMS = """
version: 1
organisation: {name: Acme}
teams:
  - id: checkout
    owns: [{jira: CHK}]
    members: ["jira:ada"]
  - id: payments
    owns: [{group: "jira:team:t-7"}, {group: "jira:component:chk/pay*"}, {jira: PAY}]
    members: ["jira:grace"]
  - {id: platform, kind: platform, owns: [{jira: PLT}]}
"""
DIRECTORY = directory_of(TEAMS)
RULES = JiraRules(
    team_fields=("customfield_10001",), waiting={"waiting for infra": "platform"}
)
SETTINGS = DecodeSettings(jira=RULES)
DAY = "2026-03-02"
END = instant(f"{DAY}T20:00:00Z")
STATUSES = {
    "To Do": ("1", "new"),
    "In Progress": ("3", "indeterminate"),
    "Done": ("6", "done"),
    "Blocked": ("11", "indeterminate"),
    "Waiting for infra": ("12", "indeterminate"),
}
Body = dict[str, Any]


def at(clock: str) -> int:
    return instant(f"{DAY}T{clock}:00Z")


def status(name: str) -> Body:
    number, category = STATUSES[name]
    return {"id": number, "name": name, "statusCategory": {"key": category}}


def event(
    key: str, number: str, clock: str, standing: str, *items: Body, **more: Any
) -> Body:
    """An issue at a time, how it stands then, and what has changed."""
    user = more.pop("user", "ada")
    fields = {
        "created": f"{DAY}T08:00:00.000+0000",
        "updated": f"{DAY}T{clock}:00.000+0000",
        "status": status(standing),
        "issuetype": more.pop("type", {"name": "Story"}),
        "project": {"key": key.partition("-")[0]},
        **more,
    }
    return {
        "webhookEvent": "jira:issue_updated",
        "timestamp": at(clock),
        "user": {"name": user},
        "issue": {"id": number, "key": key, "fields": fields},
        "changelog": {"id": f"{number}{clock.replace(':', '')}", "items": list(items)},
    }


def moved(before: str, after: str) -> Body:
    numbers = {"from": STATUSES[before][0], "to": STATUSES[after][0]}
    return {"field": "status", "fromString": before, "toString": after, **numbers}


def changed(field: str, before: str | None, after: str | None, **more: Any) -> Body:
    return {"field": field, "fromString": before, "toString": after, **more}


def facts_of(bodies: list[Body]) -> list[Fact]:
    facts: list[Fact] = []
    for body in bodies:
        record = Record("t", 0, 0, None, None, (), json.dumps(body).encode())
        found = decode(record, NO_HINT, SETTINGS)
        assert found.facts
        assert not found.reasons
        facts += [attribute(fact, DIRECTORY) for fact in found.facts]
    return facts


def hours_of(bodies: list[Body], batch: int = 1_000) -> dict[str, dict[str, float]]:
    """Working hours by item and by what they were spent on."""
    facts = facts_of(bodies)
    drive = Drive(DIRECTORY, END)
    for start in range(0, len(facts), batch):
        drive.take(facts[start : start + batch])
    found: dict[str, dict[str, float]] = {}
    for timeline in drive.timelines():
        hours = found.setdefault(timeline.item, {})
        for one in timeline.segments:
            amount = amount_between(one, DIRECTORY, 0, END) / UNIT / 3_600_000
            if one.sort is Sort.WAIT:
                name = f"{one.team}>{one.on_team} {one.component}"
            else:
                name = f"{one.team} {one.phase}"
            if amount and one.sort in (Sort.WAIT, Sort.ACTIVE, Sort.UNACCRUED):
                hours[name] = round(hours.get(name, 0) + amount, 6)
    return {item: hours for item, hours in found.items() if hours}


def started(key: str, number: str, clock: str = "09:00", **more: Any) -> Body:
    change = moved("To Do", "In Progress")
    return event(key, number, clock, "In Progress", change, **more)


def finished(key: str, number: str, clock: str, **more: Any) -> Body:
    return event(key, number, clock, "Done", moved("In Progress", "Done"), **more)


def link(event_: str, clock: str) -> Body:
    words = {"outwardName": "blocks", "inwardName": "is blocked by"}
    ends = {"sourceIssueId": 900, "destinationIssueId": 500}
    return {
        "webhookEvent": event_,
        "timestamp": at(clock),
        "issueLink": {"id": 7, **ends, "issueLinkType": words},
    }


LINKED = [
    started("CHK-1", "500"),
    link("issuelink_created", "10:00"),
    started("PLT-9", "900", "11:00"),
    finished("PLT-9", "900", "12:00"),
    finished("CHK-1", "500", "14:00"),
]


@pytest.mark.parametrize("order", list(permutations(range(5))))
@pytest.mark.slow
def test_a_link_by_numbers_waits_for_the_keys_of_both(order: tuple[int, ...]) -> None:
    hours = hours_of([LINKED[place] for place in order], batch=1)
    assert hours["CHK-1"] == {
        "checkout feature": 3.0,
        "checkout>platform dependency_link": 2.0,
    }


def test_a_link_that_is_taken_away_holds_nobody_up() -> None:
    bodies = [*LINKED, link("issuelink_deleted", "10:30")]
    assert hours_of(bodies)["CHK-1"] == {
        "checkout feature": 4.5,
        "checkout>platform dependency_link": 0.5,
    }


def shown(number: str = "900", key: str = "PLT-9", **more: Any) -> Body:
    """The link as the blocked issue shows it; of its blocker nothing else is told."""
    words = {"outward": "blocks", "inward": "is blocked by"}
    return {"id": "7", "type": words, "inwardIssue": {"id": number, "key": key} | more}


DONE: Body = {"fields": {"status": {"statusCategory": {"key": "done"}}}}


class TestBlockersOfWhichNothingIsTold:
    """The number that a link's own event tells is that of the key an issue shows."""

    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_a_shown_link_ends_when_it_is_taken_away(
        self, order: tuple[int, ...]
    ) -> None:
        bodies = [
            started("CHK-1", "500", issuelinks=[shown()]),
            link("issuelink_deleted", "12:00"),
            finished("CHK-1", "500", "14:00"),
        ]
        assert hours_of([bodies[place] for place in order], batch=1) == {
            "CHK-1": {
                "checkout feature": 2.0,
                "checkout>platform dependency_link": 3.0,
            }
        }

    @pytest.mark.parametrize("order", list(permutations(range(4))))
    @pytest.mark.parametrize(("stub", "held"), [(shown(), 2.0), (shown(**DONE), 1.0)])
    def test_a_link_by_numbers_waits_for_the_owner_of_the_key_that_is_shown(
        self, stub: Body, held: float, order: tuple[int, ...]
    ) -> None:
        """Until it is taken away at twelve, or is shown to be done at eleven."""
        bodies = [
            link("issuelink_created", "10:00"),
            event("CHK-1", "500", "11:00", "In Progress", issuelinks=[stub]),
            link("issuelink_deleted", "12:00"),
            finished("CHK-1", "500", "14:00"),
        ]
        bodies = [started("CHK-1", "500"), *(bodies[place] for place in order)]
        assert hours_of(bodies, batch=1) == {
            "CHK-1": {
                "checkout feature": 5.0 - held,
                "checkout>platform dependency_link": held,
            }
        }

    @pytest.mark.parametrize("order", [(0, 1), (1, 0)])
    def test_so_does_the_blocked_issue_of_which_only_its_blocker_tells(
        self, order: tuple[int, ...]
    ) -> None:
        stub = shown("500", "CHK-1")
        stub["outwardIssue"] = stub.pop("inwardIssue")
        bodies = [
            started("PLT-9", "900", issuelinks=[stub]),
            link("issuelink_deleted", "12:00"),
        ]
        drive = Drive(DIRECTORY, END)
        for place in order:
            drive.take(facts_of([bodies[place]]))
        item = WorkingSet(drive.state, Recent()).row("CHK-1").item(DIRECTORY)
        assert [(fact.kind, fact.entity) for fact in item.facts] == [
            (Kind.LINK_ADDED, "CHK-1"),
            (Kind.LINK_REMOVED, "CHK-1"),
        ]

    @pytest.mark.parametrize("order", list(permutations(range(4))))
    def test_one_that_moves_is_shown_under_both_of_its_keys(
        self, order: tuple[int, ...]
    ) -> None:
        moves = changed("Key", "OPS-4", "PLT-9")
        linked = [shown(key="OPS-4")]
        bodies = [
            started("CHK-1", "500", issuelinks=linked),
            event("PLT-9", "900", "10:00", "In Progress", moves),
            event("CHK-1", "500", "11:00", "In Progress", issuelinks=[shown()]),
            link("issuelink_deleted", "12:00"),
        ]
        bodies = [bodies[place] for place in order]
        assert hours_of([*bodies, finished("CHK-1", "500", "14:00")], batch=1)[
            "CHK-1"
        ] == {
            "checkout feature": 2.0,
            "checkout>platform dependency_link": 3.0,
        }


MOVE = event(
    "PAY-3",
    "500",
    "12:00",
    "In Progress",
    changed("project", "Checkout", "Payments", **{"from": "10", "to": "11"}),
    changed("Key", "CHK-1", "PAY-3"),
)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_a_moved_issue_is_one_item_handed_over(order: tuple[int, ...]) -> None:
    bodies = [
        started("CHK-1", "500"),
        MOVE,
        event("PAY-3", "500", "13:00", "In Progress", user="grace"),
        finished("PAY-3", "500", "15:00", user="grace"),
    ]
    hours = hours_of([bodies[place] for place in order], batch=1)
    assert hours == {
        "PAY-3": {
            "checkout feature": 3.0,
            "checkout>payments handoff": 1.0,
            "payments request": 2.0,
        }
    }


def test_an_issue_moved_there_and_back_stays_one_item() -> None:
    back = event(
        "CHK-1",
        "500",
        "13:00",
        "In Progress",
        changed("project", "Payments", "Checkout", **{"from": "11", "to": "10"}),
        changed("Key", "PAY-3", "CHK-1"),
    )
    bodies = [
        started("CHK-1", "500"),
        MOVE,
        back,
        finished("CHK-1", "500", "14:00"),
    ]
    for seed in range(6):
        random.Random(seed).shuffle(bodies)
        (hours,) = hours_of(bodies, batch=1).values()
        assert hours == {
            "checkout feature": 4.0,
            "checkout>payments handoff": 1.0,
        }


KEY_CHANGE = changed("Key", "OLD-4", "CHK-1")


def team_change(before: tuple[str, str], after: tuple[str, str]) -> Body:
    ends = {"fieldId": "customfield_10001", "fieldtype": "custom"}
    numbers = {"from": before[0], "to": after[0]}
    return changed("Team", before[1], after[1], **ends, **numbers)


PAYMENTS = {"id": "t-7", "name": "Payments"}


class TestTeams:
    def test_a_team_field_owns_before_the_project_does(self) -> None:
        team: Body = {"customfield_10001": PAYMENTS}
        bodies = [started("CHK-1", "500", **team), finished("CHK-1", "500", "11:00")]
        assert hours_of(bodies) == {"CHK-1": {"payments feature": 2.0}}

    def test_a_component_owns_before_the_project_does(self) -> None:
        part: Body = {"components": [{"name": "Pay-out"}]}
        bodies = [started("CHK-1", "500", **part), finished("CHK-1", "500", "11:00")]
        assert hours_of(bodies) == {"CHK-1": {"payments feature": 2.0}}

    def test_a_change_of_team_waits_until_the_other_team_begins(self) -> None:
        team: Body = {"customfield_10001": PAYMENTS}
        change = team_change(("", ""), ("t-7", "Payments"))
        bodies = [
            started("CHK-1", "500"),
            event("CHK-1", "500", "10:00", "In Progress", change, **team),
            # Nobody the teams file knows: but the team field says whose work begins.
            started("CHK-1", "500", "12:00", user="unmapped", **team),
            finished("CHK-1", "500", "13:00", user="unmapped", **team),
        ]
        assert hours_of(bodies) == {
            "CHK-1": {
                "checkout feature": 1.0,
                "checkout>payments handoff": 2.0,
                "payments request": 1.0,
            }
        }

    def test_work_begun_while_it_is_still_ours_accepts_for_nobody_else(self) -> None:
        given = changed("assignee", None, "x", **{"from": None, "to": "grace"})
        bodies = [
            started("CHK-1", "500"),
            event("CHK-1", "500", "10:00", "In Progress", given),
            started("CHK-1", "500", "11:00", user="unmapped"),
            finished("CHK-1", "500", "12:00"),
        ]
        assert hours_of(bodies) == {
            "CHK-1": {
                "checkout feature": 1.0,
                "checkout>payments handoff": 2.0,
            }
        }

    def test_into_hands_that_nobody_knows_is_no_handover(self) -> None:
        unknown = event(
            "XYZ-1",
            "500",
            "10:00",
            "In Progress",
            changed("Key", "CHK-1", "XYZ-1"),
        )
        bodies = [started("CHK-1", "500"), unknown, finished("XYZ-1", "500", "11:00")]
        assert hours_of(bodies) == {"XYZ-1": {"checkout feature": 2.0}}

    def test_a_team_nobody_claims_changes_nothing(self) -> None:
        change = team_change(("t-1", "One"), ("t-2", "Two"))
        bodies = [
            started("CHK-1", "500"),
            event("CHK-1", "500", "10:00", "In Progress", change),
            finished("CHK-1", "500", "11:00"),
        ]
        assert hours_of(bodies) == {"CHK-1": {"checkout feature": 2.0}}

    def test_a_component_of_the_same_owner_is_no_handover(self) -> None:
        """Also after a person of another team was given the issue."""
        given = changed("assignee", None, "x", **{"from": None, "to": "grace"})
        part = changed("Component", None, "Cart", fieldId="components")
        bodies = [
            started("CHK-1", "500"),
            event("CHK-1", "500", "10:00", "In Progress", given),
            event("CHK-1", "500", "11:00", "In Progress", user="grace"),
            event("CHK-1", "500", "12:00", "In Progress", part, user="grace"),
            finished("CHK-1", "500", "13:00", user="grace"),
        ]
        assert hours_of(bodies) == {
            "CHK-1": {
                "checkout feature": 1.0,
                "checkout>payments handoff": 1.0,
                "payments request": 2.0,
            }
        }


@pytest.mark.slow
def test_a_deleted_sub_task_was_a_mistake_with_all_that_it_did() -> None:
    """It is worked on before its parent is, and flagged for an hour and a half."""
    part: Body = {"type": {"subtask": True}, "parent": {"id": "500", "key": "CHK-1"}}
    flagged = {"field": "Flagged", "fromString": "", "toString": "Impediment"}
    gone = event("CHK-2", "501", "12:00", "In Progress", **part)
    bodies = [
        started("CHK-2", "501", "09:00", **part),
        event("CHK-2", "501", "10:30", "In Progress", flagged, **part),
        started("CHK-1", "500", "10:00"),
        gone | {"webhookEvent": "jira:issue_deleted"},
        finished("CHK-1", "500", "13:00"),
    ]
    for order in permutations(bodies):
        assert hours_of(list(order), batch=1) == {"CHK-1": {"checkout feature": 3.0}}


def test_a_sub_tasks_work_is_its_parents() -> None:
    part: Body = {"type": {"name": "Sub-task", "subtask": True}}
    parent: Body = {"parent": {"id": "500", "key": "CHK-1"}}
    bodies = [
        started("CHK-2", "501", **part, **parent),
        finished("CHK-2", "501", "11:00", **part, **parent),
        event("CHK-1", "500", "08:30", "To Do"),
    ]
    for order in permutations(bodies):
        assert hours_of(list(order), batch=1) == {"CHK-1": {"checkout feature": 2.0}}


def test_an_epic_has_no_hours() -> None:
    epic: Body = {"type": {"name": "Epic"}}
    bodies = [
        started("CHK-1", "500", **epic),
        finished("CHK-1", "500", "11:00", **epic),
    ]
    assert hours_of(bodies) == {}


def test_what_was_an_epic_is_an_item_once_it_is_none() -> None:
    epic: Body = {"type": {"name": "Epic"}}
    became = changed("issuetype", "Epic", "Story", **{"from": "6", "to": "7"})
    bodies = [
        started("CHK-1", "500", **epic),
        event("CHK-1", "500", "10:00", "In Progress", became),
        finished("CHK-1", "500", "11:00"),
    ]
    for order in permutations(bodies):
        assert hours_of(list(order), batch=1) == {"CHK-1": {"checkout feature": 2.0}}
    back = changed("issuetype", "Story", "Epic", **{"from": "7", "to": "6"})
    bodies.append(event("CHK-1", "500", "12:00", "Done", back, **epic))
    assert hours_of(bodies) == {}


def test_work_on_an_issue_reopened_into_a_list_waits_for_its_start() -> None:
    bodies = [
        started("CHK-1", "500"),
        finished("CHK-1", "500", "10:00"),
        event("CHK-1", "500", "11:00", "To Do", moved("Done", "To Do")),
        started("CHK-1", "500", "13:00"),
        finished("CHK-1", "500", "14:00"),
    ]
    assert hours_of(bodies) == {
        "CHK-1": {"checkout feature": 1.0, "checkout rework": 1.0}
    }


@pytest.mark.parametrize("old_knows_more", [True, False])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_fact_told_under_two_keys_counts_as_preferred_once_they_are_one(
    order: tuple[int, int], old_knows_more: bool
) -> None:
    def told(key: str, revision: int) -> Fact:
        return make_fact(
            Kind.TICKET_CREATED,
            at("08:00"),
            key,
            "acme.example",
            {"project": key.partition("-")[0]},
            revision=revision,
            identified=("jira:500", "0"),
        )

    both = [told("OLD-4", 2 if old_knows_more else 0), told("CHK-1", 1)]
    drive = Drive(DIRECTORY, END)
    for place in order:
        drive.take([both[place]])
    drive.take(facts_of([event("CHK-1", "500", "12:00", "To Do", KEY_CHANGE)]))
    section = WorkingSet(drive.state, Recent()).row("CHK-1").sections["CHK-1"]

    kept = section.facts[both[0].identity]

    assert kept.fields["project"] == ("OLD" if old_knows_more else "CHK")
    assert both[0].identity == both[1].identity
