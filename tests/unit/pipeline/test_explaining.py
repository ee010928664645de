"""Numbers of a stored state are opened down to the record, and items by any name."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import cast

import pytest

from monitor.adapters.state.memory import MemoryState
from monitor.adapters.state.sqlite import SqliteReader, SqliteState
from monitor.domain.facts import Kind
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.provenance import record_named, record_word
from monitor.indicators.explaining.evidence import Because
from monitor.indicators.explaining.explain import Question
from monitor.pipeline.explaining import Explained, explained, item_named
from monitor.pipeline.ports import StateReader
from tests.harness.driving import directory_of
from tests.unit.pipeline.running import (
    HOUR,
    MONDAY,
    TEAMS,
    CountingState,
    Process,
    event,
)
from tests.unit.pipeline.test_relating import drive, github

DIRECTORY = directory_of(TEAMS)
BLOCKED = (
    event("ticket.started", 0, team="checkout", work_class="feature"),
    event("ticket.blocked", 1, on_team="platform"),
    event("ticket.unblocked", 2),
    event("ticket.done", 3),
)


def opened(state: StateReader, teams: str = TEAMS) -> list[Explained]:
    asked = Question("checkout", "platform", None, MONDAY, MONDAY + 8 * HOUR)
    return explained(state, asked, directory_of(teams), DEFAULT_MODEL)


def records(found: Explained, state: StateReader) -> tuple[list[str], list[str]]:
    """The records of the facts that opened and closed the only wait of a line."""
    (reason,) = found.because.reasons
    opening = [record_named(one.source, state.offsets()) for one in reason.opened]
    closing = [record_named(one.source, state.offsets()) for one in reason.closed]
    return opening, closing


@pytest.mark.parametrize("live", [True, False])
def test_a_running_service_keeps_the_record_of_every_fact(live: bool) -> None:
    process = Process()
    process.send(b"no record of ours")
    if live:
        process.caught_up()
    process.send(*BLOCKED)
    process.caught_up() if not live else process.runner.turn()
    acute, chronic = opened(process.state)
    assert records(acute, process.state) == (["t/0/2"], ["t/0/3"])
    assert chronic.because.ended == "closed"
    assert sum(one.line.seconds for one in (acute, chronic)) == 3_600


def test_what_has_not_ended_goes_on() -> None:
    """Its segment runs to the stale limit, which is days away."""
    process = Process()
    process.send(*BLOCKED[:2])
    process.caught_up()
    acute, chronic = opened(process.state)
    assert [one.because.ended for one in (acute, chronic)] == [
        "acute phase used up",
        "goes on",
    ]
    asked = Question("checkout", None, "active", MONDAY, MONDAY + HOUR // 2)
    (active,) = explained(process.state, asked, DIRECTORY, DEFAULT_MODEL)
    assert active.because.ended == "goes on"


def test_a_fact_told_twice_keeps_the_record_that_told_it_first() -> None:
    process = Process()
    process.caught_up()
    process.send(*BLOCKED)
    process.runner.turn()
    process.send(*BLOCKED)
    process.runner.turn()
    acute, _ = opened(process.state)
    assert records(acute, process.state) == (["t/0/1"], ["t/0/2"])


def test_a_state_file_tells_the_same_as_one_in_memory(tmp_path: Path) -> None:
    process = Process()
    process.send(*BLOCKED)
    process.caught_up()
    path = tmp_path / "friction.db"
    state = SqliteState(path)
    filled = Process(state=cast("CountingState", state))
    filled.send(*BLOCKED)
    filled.caught_up()
    reader = SqliteReader(path)
    assert opened(reader) == opened(process.state)
    reader.close()
    state.close()


def test_another_teams_file_than_the_states_tells_no_wrong_reason() -> None:
    process = Process()
    process.send(*BLOCKED)
    process.caught_up()
    other = TEAMS.replace("- id: checkout", "- id: checkout2")
    found = opened(process.state, other)
    assert {one.because for one in found} == {Because()}
    assert sum((one.line.seconds for one in found), Fraction(0)) == 3_600


def test_the_facts_of_a_blocker_are_found_in_its_own_item() -> None:
    process = Process()
    process.send(
        event("ticket.started", 0, team="checkout"),
        event("ticket.started", 0, "PLT-1", team="platform"),
        event("link.added", 1, blocker="PLT-1"),
        event("ticket.done", 2, "PLT-1"),
        event("ticket.done", 3),
    )
    process.caught_up()
    acute, _ = opened(process.state)
    (reason,) = acute.because.reasons
    assert reason.rule == "blocking link"
    (closing,) = reason.closed
    assert (closing.kind, closing.entity) == (Kind.TICKET_DONE, "PLT-1")
    assert records(acute, process.state) == (["t/0/2"], ["t/0/3"])


def test_what_a_deploy_of_the_item_tells_it_is_told_once() -> None:
    """A deploy tells the change that it carries, and lies beside it."""
    process = Process()
    process.send(
        event("ticket.started", 0, team="checkout"),
        event("change.opened", 0, "c#3", item="T-1", repo="acme/shop", sha="a"),
        event("change.merged", 0.5, "c#3", repo="acme/shop", sha="m"),
        event("deploy.approval_requested", 1, "d", on_team="platform", shas=["m"]),
        event("deploy.approval_decided", 2, "d", decision="approved"),
        event("deploy.finished", 2.5, "d", outcome="success", repo="acme/shop"),
        event("ticket.done", 3),
    )
    process.caught_up()
    acute, _ = opened(process.state)
    assert records(acute, process.state) == (["t/0/3"], ["t/0/4"])


def test_lines_sum_to_every_published_number() -> None:
    process = Process()
    more = [
        {**body, "entity": f"{body['entity']}-{n}", "id": f"{body['id']}-{n}"}
        for n in range(3)
        for body in BLOCKED
    ]
    other = event("ticket.blocked", 1.5, "T-1-1", on_team="checkout")
    process.send(
        *BLOCKED, *more, other, event("ticket.started", 2, "P-1", team="platform")
    )
    process.caught_up()
    now = process.runner.books.accounts.instants[0]
    published = process.shown("friction_wait_seconds_total")
    assert published
    for (team, on_team, component, phase), value in published.items():
        asked = Question(team, on_team, component, -(2**62), now)
        lines = explained(process.state, asked, DIRECTORY, DEFAULT_MODEL)
        found = sum(one.line.seconds for one in lines if one.line.phase == phase)
        assert found == value
    for (team, work_class), value in process.shown(
        "friction_active_seconds_total"
    ).items():
        asked = Question(team, None, "active", -(2**62), now)
        lines = explained(process.state, asked, DIRECTORY, DEFAULT_MODEL)
        found = sum(one.line.seconds for one in lines if one.line.phase == work_class)
        assert found == value


def test_an_item_is_found_by_its_key_its_name_an_alias_or_a_part() -> None:
    driven = drive()
    driven.take(
        [
            github(Kind.CHANGE_OPENED, "09:00", "github.com:77#12", repo="acme/shop"),
            github(
                Kind.RUN_QUEUED, "09:10", "github.com:job/5", change="github.com:77#12"
            ),
            github(Kind.TICKET_STARTED, "09:00", "CHK-2", aliases=["jira:10042"]),
        ]
    )
    for name in (
        "github.com:77#12",
        "acme/shop#12",
        "Acme/Shop#12",
        "github.com:job/5",
    ):
        assert item_named(driven.state, name) == "github.com:77#12"
    assert item_named(driven.state, "jira:10042") == "CHK-2"
    assert item_named(driven.state, "acme/shop#13") is None
    assert item_named(MemoryState(), "CHK-2") is None


def test_the_word_of_a_record_is_that_of_its_place() -> None:
    process = Process()
    process.send(*BLOCKED[:1])
    process.caught_up()
    ((_, packed),) = process.state.scan("items")
    assert record_word("t", 0, 0).encode() in packed
