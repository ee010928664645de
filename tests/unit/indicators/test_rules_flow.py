"""Indicators 4: what is done, how long it took, what is in flight, and requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.timeline import Measured
from monitor.indicators.evaluate import evaluate
from tests.unit.indicators.history import DIRECTORY, HOUR, done, fact, item_of, started
from tests.unit.indicators.test_rules_shipping import Found, measures_in

DONE = (Measured.DONE, Measured.FLOW_TIME)
REQUESTS = (Measured.REQUESTS_OPENED, Measured.REQUESTS_CLOSED)


def found(
    facts: Sequence[Fact], names: Sequence[Measured], key: str = "CHK-1"
) -> Found:
    timelines = evaluate(item_of(facts, key), DIRECTORY, DEFAULT_MODEL)
    return measures_in(timelines, names)


def of_class(
    work_class: str, when: str, hours: int | None, team: str = "checkout"
) -> Found:
    rows = [(team, "done", work_class, when, 1)]
    if hours is not None:
        rows.append((team, "flow_time", "", when, hours * HOUR))
    return rows


def state(kind: str, when: str, **said: Any) -> Fact:
    return fact(f"ticket.{kind}", when, "CHK-1", **said)


ITEMS = {
    "from start to done, nights included": (
        [started(), done("Tue 09:00")],
        of_class("feature", "33:00", 24),
    ),
    "not yet done": ([started()], []),
    "cancelled is not done": ([started(), state("cancelled", "Mon 12:00")], []),
    "done again after a reopening is not done twice": (
        [
            started(),
            done("Mon 12:00"),
            state("reopened", "Mon 13:00"),
            done("Mon 15:00"),
        ],
        of_class("feature", "12:00", 3),
    ),
    "parked in between still takes time": (
        [
            started(),
            state("parked", "Mon 10:00"),
            state("started", "Mon 14:00"),
            done("Mon 15:00"),
        ],
        of_class("feature", "15:00", 6),
    ),
    "never started has no flow time": (
        [state("created", "Mon 09:00", team="checkout"), done("Mon 12:00")],
        of_class("unclassified", "12:00", None),
    ),
    "started and done at one instant has none either": (
        [started("Mon 12:00"), done("Mon 12:00")],
        of_class("feature", "12:00", None),
    ),
    "the class is that of its end": (
        [
            started(),
            state("updated", "Mon 11:00", work_class="defect"),
            done("Mon 12:00"),
            state("updated", "Mon 13:00", work_class="risk"),
        ],
        of_class("defect", "12:00", 3),
    ),
    "done by whom it was handed to, for whom it is a request": (
        [
            started(),
            state("assigned", "Mon 10:00", to_team="search"),
            state("accepted", "Mon 11:00", team="search"),
            done("Mon 12:00"),
        ],
        of_class("request", "12:00", 3, "search"),
    ),
    "whoever takes it up again later never had it before it was done": (
        [
            state("created", "Mon 09:00", team="search", work_class="feature"),
            done("Mon 12:00"),
            started("Tue 09:00"),
        ],
        of_class("feature", "12:00", None, "search"),
    ),
    "done unbegun by whom it had come to, who takes it up again": (
        [
            state("created", "Mon 09:00", team="search", work_class="feature"),
            state("requested", "Mon 10:00", team="checkout", requester_team="search"),
            done("Mon 12:00"),
            started("Tue 09:00"),
        ],
        of_class("request", "12:00", None),
    ),
    "a merged change of a ticket does not make the ticket done": (
        [
            started(),
            fact("change.opened", "Mon 10:00", "PR-1"),
            fact("change.merged", "Mon 11:00", "PR-1"),
        ],
        [],
    ),
    "nor does a sub-task": (
        [started(), fact("ticket.done", "Mon 11:00", "CHK-2", parent="CHK-1")],
        [],
    ),
}


@pytest.mark.parametrize("name", ITEMS)
def test_an_item_is_done(name: str) -> None:
    facts, expected = ITEMS[name]
    assert found(facts, DONE) == expected


def test_a_change_without_a_ticket_is_done_when_it_merges() -> None:
    said: dict[str, Any] = {"repo": "acme/shop", "work_class": "debt"}
    facts = [
        fact("change.opened", "Mon 10:00", "PR-1", **said),
        fact("change.merged", "Mon 12:00", "PR-1"),
    ]
    assert found(facts, DONE, "PR-1") == of_class("debt", "12:00", 2)
    closed = [facts[0], fact("change.closed", "Mon 12:00", "PR-1")]
    assert found(closed, DONE, "PR-1") == []


FLIGHTS = {
    "until it is done": (
        [started(), done("Mon 12:00")],
        [("checkout", "09:00", 1), ("checkout", "12:00", -1)],
    ),
    "open for ever": ([started()], [("checkout", "09:00", 1)]),
    "not while parked": (
        [started(), state("parked", "Mon 10:00"), state("started", "Mon 14:00")],
        [("checkout", "09:00", 1), ("checkout", "10:00", -1), ("checkout", "14:00", 1)],
    ),
    "with whoever is charged: an open handoff stays with the origin": (
        [
            started(),
            state("assigned", "Mon 10:00", to_team="search"),
            state("accepted", "Mon 11:00", team="search"),
            done("Mon 12:00"),
        ],
        [
            ("checkout", "09:00", 1),
            ("checkout", "11:00", -1),
            ("search", "11:00", 1),
            ("search", "12:00", -1),
        ],
    ),
}


@pytest.mark.parametrize("name", FLIGHTS)
def test_an_item_is_in_flight(name: str) -> None:
    facts, expected = FLIGHTS[name]
    rows = [
        (team, when, value)
        for team, _, _, when, value in found(facts, (Measured.IN_FLIGHT,))
    ]
    assert rows == expected


def opened(when: str, team: str = "platform") -> tuple[object, ...]:
    return (team, "requests_opened", "", when, 1)


def closed(when: str, team: str = "platform") -> tuple[object, ...]:
    return (team, "requests_closed", "", when, 1)


ASKED = state("requested", "Mon 10:00", team="platform", requester_team="checkout")
QUEUE = {
    "asked, and not answered": ([ASKED], [opened("10:00")]),
    "asked and done": ([ASKED, done("Mon 12:00")], [opened("10:00"), closed("12:00")]),
    "asked and turned down": (
        [ASKED, state("cancelled", "Mon 12:00")],
        [opened("10:00"), closed("12:00")],
    ),
    "opened when it was filed, not when it was said to be a request": (
        [state("created", "Mon 09:00", team="platform"), ASKED],
        [opened("09:00")],
    ),
    "closed once": (
        [
            ASKED,
            done("Mon 12:00"),
            state("reopened", "Mon 13:00"),
            done("Mon 14:00"),
        ],
        [opened("10:00"), closed("12:00")],
    ),
    "by its class": (
        [started("Mon 10:00", team="platform", work_class="request")],
        [opened("10:00")],
    ),
    "features are none": ([started(), done("Mon 12:00")], []),
    "nor is what is for a request of another": (
        [started(), fact("ticket.requested", "Mon 10:00", "CHK-2", parent="CHK-1")],
        [],
    ),
}


@pytest.mark.parametrize("name", QUEUE)
def test_a_request_is_queued(name: str) -> None:
    facts, expected = QUEUE[name]
    assert found(facts, REQUESTS) == expected
