"""Since when it is known what happened: since somebody tells of it.

A body about an old thing tells when that began. Of everything else that happened since
then the monitor knows nothing.
"""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any, Final

import pytest

from monitor.adapters.state.memory import MemoryState
from monitor.decode.decode import decode
from monitor.decode.settings import DecodeSettings, TopicHint
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.working_time import DAY, FOREVER
from monitor.pipeline.batch import Batch, report_at
from monitor.pipeline.books import BOOKS
from monitor.pipeline.catching_up.deferring import defer
from monitor.pipeline.ports import Changes
from tests.unit.pipeline.running import (
    HOUR,
    MONDAY,
    TEAMS,
    Process,
    event,
    record,
    rfc3339,
)

Body = dict[str, Any]
TILL: Final = TEAMS.replace(
    "id: checkout\n", "id: checkout\n    owns: [repo: acme/*]\n"
)
_DEPLOYED: Final = {"team": "checkout", "service": "till", "environment": "prod"}


def pull(action: str, hours: float, days: float = 98, **shown: Any) -> Body:
    """A pull request opened so many days ago, at so many hours after Monday 09:00."""
    told = MONDAY + round(hours * HOUR)
    about = {
        "number": 4,
        "created_at": rfc3339(told - round(days * DAY)),
        "updated_at": rfc3339(told),
        "user": {"login": "dev-a"},
        **shown,
    }
    return {
        "action": action,
        "pull_request": about,
        "repository": {"id": 5, "full_name": "acme/till"},
        "requested_team": {"slug": "platform", "id": 6},
    }


ASKED: Final = pull("review_requested", 0)


def told(*bodies: Body | list[Body], process: Process | None = None) -> Process:
    process = process or Process(teams=TILL)
    process.send(*(json.dumps(body).encode() for body in bodies))
    process.caught_up()
    return process


def known_hours(process: Process) -> float | None:
    """How many hours of the month are known, at Monday 12:55."""
    shown = process.shown("friction_window_known_seconds").get(("28d",))
    return None if shown is None else shown / 3_600


# From Monday 09:00 to the instant that the numbers are of.
MORNING: Final = 4 - 5 / 60


def test_a_body_about_an_old_thing_tells_of_no_time_before_it_was_sent() -> None:
    """Opened 14 weeks ago, which is in the capacity: 11.2 counts from the accrual."""
    process = told(ASKED)
    assert known_hours(process) == MORNING
    assert process.runner.books.first == MONDAY - 98 * DAY


@pytest.mark.parametrize("action", ["locked", "unlocked"])
def test_a_body_of_which_only_old_facts_are_made_is_as_new_as_what_it_shows(
    action: str,
) -> None:
    """A program that locks old conversations tells of today, when it did so."""
    body = pull(action, 0)
    made = decode(record(json.dumps(body).encode()), TopicHint(), DecodeSettings())
    assert {fact.time for fact in made.facts} <= {MONDAY - 98 * DAY}
    assert known_hours(told(ASKED, body)) == MORNING
    batch = [ASKED | {"action": "assigned"}, body]
    assert known_hours(told(ASKED, batch)) == MORNING


def test_evaluate_says_the_same() -> None:
    """A deploy on Monday 10:00, two days later: one in two days, not in 28."""
    deploy = event("deploy.finished", 1, "D-1", outcome="success", **_DEPLOYED)
    process = Process(teams=TILL)
    process.clock.ms = MONDAY + 2 * DAY + DEFAULT_MODEL.settle_ms
    told(ASKED, deploy, process=process)
    assert known_hours(process) == 48
    directory, at = process.runner.directory, process.runner.books.accounts.instants[0]
    batch = Batch(MemoryState(), directory, DecodeSettings(), DEFAULT_MODEL, at)
    batch.read(
        record(json.dumps(body).encode(), offset=place)
        for place, body in enumerate((ASKED, deploy))
    )
    document: Any = report_at(batch, 28 * DAY)
    assert document["teams"]["checkout"]["delivery"]["deploys_per_day"] == 0.5


HISTORY: Final = (
    ASKED,
    event("ticket.started", -120, "T-1", team="checkout", work_class="feature"),
    pull("closed", -72, merged=True, merged_at=rfc3339(MONDAY - 72 * HOUR)),
)


def test_a_history_that_is_read_in_any_order_is_known_from_its_beginning() -> None:
    """The ticket was started on Wednesday at 09:00."""
    for order in permutations(HISTORY):
        assert known_hours(told(*order, *order)) == 120 + MORNING
        process = told(order[0])
        for body in order[1:]:
            process.send(body)
            process.runner.turn()
        assert known_hours(process) == 120 + MORNING


def test_events_are_told_one_by_one_or_in_a_batch() -> None:
    """Each is as new as what it tells: the batch since the oldest, in any order."""
    started = event("ticket.started", -72, "T-1", team="checkout", work_class="debt")
    done = event("ticket.done", 1, "T-1")
    wrapped = {"specversion": "1.0", "id": "1", "source": "x", "type": "friction"}
    inside = wrapped | {"datacontenttype": "application/json", "data": [started, done]}
    assert known_hours(told(started, done)) == 72 + MORNING
    assert known_hours(told([started, done])) == 72 + MORNING
    assert known_hours(told([done, started])) == 72 + MORNING
    assert known_hours(told([inside, done])) == 72 + MORNING
    # What is told in it of no time of its own, or refused, takes nothing away.
    assert known_hours(told([{"zen": "x"}, done])) == MORNING - 1


def test_a_batch_of_a_body_about_an_old_thing_is_as_new_as_the_body() -> None:
    done = event("ticket.done", 1, "T-1", team="checkout")
    assert known_hours(told([ASKED, done])) == MORNING
    assert known_hours(told([done, ASKED])) == MORNING


def deploys_a_day(*bodies: Body | list[Body], days: int) -> float | None:
    """As evaluate has it so many days after Monday 09:00."""
    process = Process(teams=TILL)
    at = MONDAY + days * DAY
    settings = DecodeSettings()
    batch = Batch(MemoryState(), process.runner.directory, settings, DEFAULT_MODEL, at)
    batch.read(
        record(json.dumps(body).encode(), offset=place)
        for place, body in enumerate(bodies)
    )
    document: Any = report_at(batch, 28 * DAY)
    rate: float | None = document["teams"]["checkout"]["delivery"]["deploys_per_day"]
    return rate


def test_a_history_in_one_array_is_as_many_deploys_a_day_as_in_lines() -> None:
    """A deploy a day in 20 days, of which all is told on the day after the last."""
    deploys = [
        event("deploy.finished", 24 * day, f"D-{day}", outcome="success", **_DEPLOYED)
        for day in range(20)
    ]
    assert deploys_a_day(*deploys, days=20) == 1
    assert deploys_a_day(deploys, days=20) == 1
    assert deploys_a_day(deploys[10:], deploys[:10], days=20) == 1


def test_a_restart_and_other_teams_leave_it_as_it_was() -> None:
    process = told(ASKED)
    process.start()
    process.caught_up()
    assert known_hours(process) == MORNING
    process.start(TILL.replace("headcount: 4", "headcount: 7"))
    process.caught_up()
    assert known_hours(process) == MORNING


def from_before(process: Process, *, deferred: bool = False) -> None:
    """The state as an older program left it; perhaps while it worked all out anew."""
    stored = json.loads(process.state.get_many("meta", [BOOKS])[BOOKS])
    changes = Changes()
    if deferred:
        stored[6] = ({"T-9": MONDAY + HOUR}, FOREVER)
        items = dict(process.state.scan("items"))
        changes.puts["timelines"] = dict.fromkeys(items)
        defer(items, changes)
    changes.put("meta", BOOKS, json.dumps(stored[:7]).encode())
    process.state.commit(changes)
    process.start()


@pytest.mark.parametrize("deferred", [False, True])
def test_of_a_state_from_before_nothing_becomes_unknown(deferred: bool) -> None:
    """It had shown three days more than those in which anything was told."""
    process = told(pull("review_requested", 0, days=3))
    from_before(process, deferred=deferred)
    process.send(event("ticket.commented", 1, "T-2", team="checkout"))
    process.caught_up()
    assert known_hours(process) == 72 + MORNING


def test_a_state_from_before_learns_no_more_of_old_things() -> None:
    process = told(pull("review_requested", 0, days=3))
    from_before(process)
    process.send(pull("review_requested", 1, days=7, number=7))
    process.caught_up()
    assert process.runner.books.first == MONDAY + HOUR - 7 * DAY
    assert known_hours(process) == 72 + MORNING
