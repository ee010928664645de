"""What GitHub tells of a ticket's branch, with and without a pull request from it.

The ticket is the tracker's, told natively. What is expected is by the specification,
1.2 and 1.3, of the hours told.
"""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest

from monitor.decode.decode import decode
from monitor.decode.settings import NO_HINT, DecodeSettings
from monitor.directory.attribute import attribute
from monitor.domain.facts import Fact
from monitor.domain.opaque import branch_word
from monitor.domain.outcomes import Record
from monitor.domain.timeline import UNIT, Sort
from monitor.indicators.totals.instant import amount_between
from monitor.pipeline.recent import Recent
from monitor.pipeline.working_set import WorkingSet
from tests.harness.driving import Drive, directory_of
from tests.harness.plain_calendar import instant

DIRECTORY = directory_of("""
version: 1
organisation: {name: Acme}
teams:
  - {id: shop, owns: [{repo: acme/shop}, {jira: CHK}], members: ['github:ada']}
  - {id: search, owns: [{jira: SRCH}], members: ['github:sam']}
  - {id: platform, kind: platform, owns: [{pool: self-hosted}]}
""")
SETTINGS = DecodeSettings(projects=DIRECTORY.projects)
HOME = {"id": 11, "full_name": "acme/shop", "default_branch": "main"}
HOUR = 3_600
DAY = 8 * HOUR
Told = tuple[str | None, dict[str, Any]]


def at(clock: str, day: int = 2) -> str:
    return f"2026-03-{day:02}T{clock}:00Z"


def ticket(kind: str, time: str, entity: str = "CHK-1", **fields: Any) -> Told:
    stated = {"schema": "friction.event.v1", "id": "1", "source": "tracker.example"}
    return None, {**stated, "kind": kind, "time": time, "entity": entity, **fields}


def started(time: str) -> Told:
    return ticket("ticket.started", time, work_class="feature")


def push(time: str, sha: str, who: str = "ada", branch: str = "CHK-1-till") -> Told:
    return "push", {
        "ref": f"refs/heads/{branch}",
        "after": sha,
        "commits": [],
        "sender": {"login": who, "type": "User"},
        "repository": {**HOME, "pushed_at": time},
    }


def job(queued: str, ran: str, done: str, **fields: Any) -> Told:
    shown = {
        "id": 5,
        "name": "unit",
        "workflow_name": "CI",
        "status": "completed",
        "conclusion": "success",
        "created_at": queued,
        "started_at": ran,
        "completed_at": done,
        "head_sha": "ab",
        "head_branch": "CHK-1-till",
        "labels": ["self-hosted"],
        **fields,
    }
    return "workflow_job", {"action": "completed", "workflow_job": shown}


def facts_of(told: Told) -> list[Fact]:
    event, body = told
    headers = () if event is None else (("X-GitHub-Event", event.encode()),)
    if event is not None:
        body = {"repository": HOME, **body}
    record = Record("t", 0, 0, None, None, headers, json.dumps(body).encode())
    decoded = decode(record, NO_HINT, SETTINGS)
    assert not decoded.reasons, decoded.reasons
    return [attribute(fact, DIRECTORY) for fact in decoded.facts]


def spent(told: list[Told], end: str) -> dict[tuple[str, str, str], int]:
    """Seconds by team and what: of waits, of active time by class, and idle ones."""
    driven = Drive(DIRECTORY, instant(end))
    for body in told:
        driven.take(facts_of(body))
    found: dict[tuple[str, str, str], int] = {}
    for timeline in driven.timelines():
        for one in timeline.segments:
            if one.sort is Sort.WAIT:
                key = one.team, one.on_team, str(one.component)
            elif one.sort in (Sort.ACTIVE, Sort.UNACCRUED):
                key = one.team, "", one.phase
            else:
                continue
            amount = amount_between(one, DIRECTORY, 0, instant(end)) // UNIT // 1_000
            if amount:
                found[key] = found.get(key, 0) + amount
    return found


RUN = job(at("10:00"), at("10:20"), at("10:30"))


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_job_on_a_tickets_branch_brings_it_into_flight(
    order: tuple[int, ...],
) -> None:
    """In flight from "run on its branch" (1.2), and the run is queued at once."""
    told = [
        ticket("ticket.created", at("08:30"), work_class="feature"),
        RUN,
        ticket("ticket.done", at("12:00")),
    ]
    assert spent([told[place] for place in order], at("17:00")) == {
        ("shop", "platform", "ci_queue"): 20 * 60,
        ("shop", "", "feature"): 2 * HOUR - 20 * 60,
    }


def test_a_job_on_the_branch_of_a_started_ticket_halts_it() -> None:
    told = [started(at("09:00")), RUN, ticket("ticket.done", at("12:00"))]
    assert spent(told, at("17:00")) == {
        ("shop", "platform", "ci_queue"): 20 * 60,
        ("shop", "", "feature"): 3 * HOUR - 20 * 60,
    }


WEEKDAYS = (2, 3, 4, 5, 6, 9, 10, 11)


def test_a_push_a_day_to_a_tickets_branch_keeps_it_from_being_idle() -> None:
    told = [started(at("09:00"))]
    told += [push(at("15:00", day), f"c{day}") for day in WEEKDAYS]
    told.append(ticket("ticket.done", at("17:00", 12)))
    assert spent(told, at("17:00", 13)) == {("shop", "", "feature"): 9 * DAY}


def test_who_pushes_to_the_branch_of_a_ticket_handed_over_accepts_it() -> None:
    told = [
        started(at("09:00")),
        ticket("ticket.assigned", at("10:00"), to_team="search"),
        push(at("11:00"), "c1", "sam"),
        ticket("ticket.done", at("12:00")),
    ]
    assert spent(told, at("17:00")) == {
        ("shop", "search", "handoff"): HOUR,
        ("shop", "", "feature"): HOUR,
        ("search", "", "request"): HOUR,
    }


PULL: Told = (
    "pull_request",
    {
        "action": "opened",
        "pull_request": {
            "number": 7,
            "title": "SRCH-2: move the till",
            "created_at": at("09:30"),
            "updated_at": at("09:30"),
            "head": {"ref": "CHK-1-till", "sha": "a0"},
            "user": {"login": "sam", "type": "User"},
        },
    },
)
# The change states its item itself, which counts before any branch.
EXPLICIT = ticket(
    "change.opened", at("09:30"), "github.com:11#7", item="SRCH-2", repo="acme/shop"
)
BESIDE = [
    PULL,
    EXPLICIT,
    ticket("ticket.created", at("08:30"), work_class="feature"),
    push(at("10:00"), "b1", "sam"),
    job(at("11:00"), at("11:20"), at("11:30"), head_sha="b1"),
]


@pytest.mark.parametrize("order", list(permutations(range(5))))
@pytest.mark.slow
def test_what_is_told_of_an_open_pull_requests_branch_is_its_items(
    order: tuple[int, ...],
) -> None:
    driven = Drive(DIRECTORY, instant(at("17:00")))
    for place in order:
        driven.take(facts_of(BESIDE[place]))
    working = WorkingSet(driven.state, Recent())
    pushed = f"github.com:11@{branch_word('CHK-1-till')}@b1"
    assert working.home(pushed) == "SRCH-2"
    assert working.home("github.com:job/5") == "SRCH-2"
