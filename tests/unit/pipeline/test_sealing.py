"""Items that are closed for long lose their facts, and no number changes by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest

from monitor.adapters.state.sqlite import SqliteState
from monitor.domain.deflated import is_deflated
from monitor.domain.facts import Kind
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.sealed import unseal
from monitor.domain.working_time import DAY
from monitor.indicators.explaining.explain import Question
from monitor.indicators.totals.report import rfc3339
from monitor.pipeline.explaining import explained, item_named
from monitor.pipeline.policies import Batching
from monitor.pipeline.ports import Named
from monitor.pipeline.relating.relate import Related
from monitor.pipeline.sealing import Retention, Sealing
from monitor.pipeline.showing.families import business_families
from monitor.pipeline.watching import Counted, Timed
from monitor.relate.packed_rows import unpack
from tests.harness.driving import Samples, directory_of
from tests.unit.pipeline.running import (
    HOUR,
    MONDAY,
    TEAMS,
    CountingState,
    Process,
    event,
)
from tests.unit.pipeline.test_relating import drive, github

KEPT = Retention(90 * DAY, 400 * DAY)
CLOSED = (
    event("ticket.started", 0, team="checkout", work_class="feature"),
    event("change.opened", 0.5, "shop!7", item="T-1", sha="abc", branch="fix"),
    event("run.queued", 1, "r-1", change="shop!7", on_team="platform", sha="abc"),
    event("run.started", 1.5, "r-1", change="shop!7"),
    event("ticket.blocked", 2, on_team="platform"),
    event("ticket.unblocked", 5),
    event("change.merged", 5.5, "shop!7"),
    event("ticket.done", 6),
)
OPEN = (
    event("ticket.started", 0, "T-2", team="checkout", work_class="feature"),
    event("ticket.blocked", 1, "T-2", on_team="platform"),
)
LATER = MONDAY + 91 * DAY + 12 * HOUR


@pytest.fixture(params=["sqlite", "memory"])
def process(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Process]:
    made = CountingState()
    if request.param == "sqlite":
        made = cast("CountingState", SqliteState(tmp_path / "friction.db"))
    process = Process(state=made, retention=KEPT)
    yield process
    made.close()


def heard(process: Process, *bodies: Any, time: int = MONDAY + 8 * HOUR) -> None:
    """Events that the broker stamped with a time, read and accounted."""
    process.send(*bodies, timestamp=time)
    process.clock.ms = max(process.clock.ms, time)
    process.runner.turn()


def settled(process: Process, time: int = LATER) -> None:
    """The broker's clock has come to a time, and the walk is done."""
    process.clock.ms = max(process.clock.ms, time)
    beat = event("ticket.commented", 9, f"BEAT-{time}")
    process.send(beat, timestamp=time)
    for _ in range(8):
        process.runner.turn()


def shown(process: Process) -> dict[str, Samples]:
    runner = process.runner
    families = business_families(runner.books, runner.directory, runner.model)
    return {family.name: dict(family.samples) for family in families}


def keys(process: Process, table: Named) -> set[str]:
    return {key for key, _ in process.state.scan(table)}


@dataclass
class Counting:
    """Adds up what is counted, whatever the labels."""

    counted: Counter[str] = field(default_factory=Counter)

    def count(self, name: Counted, *labels: str, amount: float = 1) -> None:
        del labels
        self.counted[name] += int(amount)

    def took(self, name: Timed, seconds: float) -> None:
        """Of no interest here."""


def lately(kind: str, hours: float, entity: str, **fields: Any) -> dict[str, Any]:
    """An event so many hours after the day on which the first items are sealed."""
    time = rfc3339(LATER + round(hours * HOUR))
    return {**event(kind, 0, entity, **fields), "time": time}


def waited(process: Process) -> float:
    return sum(process.shown("friction_wait_seconds_total").values())


def test_sealing_changes_no_number_nor_does_a_restart(process: Process) -> None:
    plain = Process()
    for one in (process, plain):
        one.caught_up()
        heard(one, *CLOSED, *OPEN)
        settled(one)
    assert keys(process, "sealed") == {"T-1"}
    assert keys(plain, "sealed") == set()
    assert shown(process) == shown(plain)
    for one in (process, plain):
        one.start()
        one.caught_up()
    assert shown(process) == shown(plain)
    assert waited(process) > 0


def test_of_a_sealed_item_only_its_timelines_are_left(process: Process) -> None:
    process.caught_up()
    heard(process, *CLOSED)
    homes, indexes = ("shop!7", "r-1"), ("sha:abc", "branch:shop@fix")
    assert process.state.get_many("homes", homes).keys() == {*homes}
    assert process.state.get_many("indexes", indexes).keys() == {"sha:abc"}
    settled(process)
    assert "T-1" not in keys(process, "items") | keys(process, "timelines")
    assert process.state.numbered("homes", 0, 1) == []
    assert process.state.get_many("indexes", indexes) == {}
    assert keys(process, "sealed") == {"T-1"}
    assert "open:T-1" not in keys(process, "series")
    assert process.state.gone(["T-1", "shop!7", "r-1", "T-2"]) == {
        "T-1",
        "shop!7",
        "r-1",
    }
    found = [
        one
        for pair in process.state.pairs()
        for one in process.state.charged(pair, 2**20 - 1, 0)
    ]
    assert "T-1" not in {one.item for one in found}


def test_an_item_is_sealed_by_the_slowest_partitions_clock(process: Process) -> None:
    process.topics.grow("t", 2)
    process.caught_up()
    process.topics.append("t", 1, [b"{}"], MONDAY + 80 * DAY)
    heard(process, *CLOSED)
    settled(process)
    assert keys(process, "sealed") == set()
    process.topics.append("t", 1, [b"{}"], LATER)
    settled(process, LATER + 2 * DAY)
    assert keys(process, "sealed") == {"T-1"}


def test_the_clock_of_a_quiet_partition_is_known_after_a_restart(
    process: Process,
) -> None:
    process.topics.grow("t", 2)
    process.caught_up()
    process.topics.append("t", 1, [b"{}"], MONDAY + 80 * DAY)
    heard(process, *CLOSED)
    process.start()
    process.caught_up()
    settled(process)
    assert keys(process, "sealed") == set()


def test_nothing_is_sealed_while_catching_up_nor_before_its_time(
    process: Process,
) -> None:
    process.batching = Batching(catch_up_records=3)
    process.start()
    process.send(*CLOSED, timestamp=MONDAY + 8 * HOUR)
    process.send(OPEN[0], timestamp=LATER)
    process.send(*[lately("ticket.commented", -9, "BEAT")] * 9, timestamp=LATER)
    process.begin()
    turns = 0
    while not process.runner.watch.ready:
        assert not process.state.any_gone()
        process.runner.turn()
        turns += 1
    assert turns > 3
    settled(process, MONDAY + 90 * DAY)
    assert keys(process, "sealed") == set()
    settled(process, MONDAY + 92 * DAY)
    assert keys(process, "sealed") == {"T-1"}


def test_a_day_before_its_time_an_item_keeps_its_facts(process: Process) -> None:
    process.caught_up()
    heard(process, *CLOSED)
    settled(process, MONDAY + 90 * DAY)
    assert keys(process, "sealed") == set()


@pytest.mark.parametrize(
    "last",
    [
        (),
        (event("ticket.parked", 6, "T-2"),),
        (event("ticket.done", 6, "T-2"), event("ticket.reopened", 7, "T-2")),
    ],
    ids=["in flight", "in the backlog", "reopened"],
)
def test_what_is_not_closed_is_never_sealed(process: Process, last: Any) -> None:
    process.caught_up()
    heard(process, *OPEN, *last)
    settled(process, LATER + 300 * DAY)
    assert "T-2" in keys(process, "items")


def test_what_is_closed_is_stored_in_fewer_bytes_and_goes_on_as_it_was(
    process: Process,
) -> None:
    plain = Process()
    for one in (process, plain):
        one.caught_up()
        heard(one, *CLOSED, *OPEN)
        settled(one, MONDAY + 3 * DAY)
    for table in ("items", "timelines"):
        stored = dict(process.state.scan(table))
        assert is_deflated(stored["T-1"])
        assert not is_deflated(stored["T-2"])
        assert len(stored["T-1"]) < len(dict(plain.state.scan(table))["T-1"]) / 2
    more = event("run.finished", 1.7, "r-1", change="shop!7", outcome="success")
    again = event("ticket.reopened", 7, cause_team="platform")
    for one in (process, plain):
        # By its sha it finds its change, and by that its item.
        found = event("run.queued", 3, "r-2", sha="abc", on_team="platform")
        heard(one, more, again, found, time=MONDAY + 3 * DAY)
    assert shown(process) == shown(plain)
    assert not is_deflated(dict(process.state.scan("items"))["T-1"])
    assert process.state.get_many("homes", ["r-2"]) == {"r-2": b"T-1"}


def test_a_walk_goes_on_in_small_steps(process: Process) -> None:
    """50 items are looked at in a turn, 25 sealed."""
    process.caught_up()
    many = [
        body
        for number in range(60)
        for body in (
            event("ticket.started", 0, f"M-{number}", team="checkout"),
            event("ticket.done", 1, f"M-{number}"),
        )
    ]
    heard(process, *many)
    assert process.runner.sealing is not None
    while process.runner.sealing.is_walking:
        process.runner.turn()
    process.send(event("ticket.commented", 2, "BEAT"), timestamp=LATER)
    process.clock.ms = LATER
    sizes = []
    for _ in range(4):
        process.runner.turn()
        sizes.append(len(keys(process, "sealed")))
    assert sizes == [25, 50, 60, 60]
    process.runner.turn()
    assert not keys(process, "items") - {"BEAT"}


def test_a_walk_that_finds_nothing_stores_nothing() -> None:
    process = Process(retention=KEPT)
    process.caught_up()
    heard(process, *OPEN)
    commits, clock = process.state.commits, process.clock.ms
    for _ in range(8):
        process.runner.turn()
    assert process.clock.ms == clock
    assert process.state.commits == commits


LATE = {
    "the item": event("ticket.commented", 5.9),
    "reopened": event("ticket.reopened", 7),
    "a part": event("run.finished", 1.7, "r-1", outcome="failure", pipeline="ci"),
    "a new part": event("change.opened", 4, "shop!8", item="T-1"),
    "a new part of a part": event("run.queued", 4, "r-9", change="shop!7"),
    "a deploy of it": event("deploy.started", 4, "d-9", items=["T-1"]),
}


@pytest.mark.parametrize("late", LATE.values(), ids=LATE)
def test_a_late_event_of_a_sealed_item_is_counted_and_makes_no_item(
    process: Process, late: dict[str, Any]
) -> None:
    process.caught_up()
    heard(process, *CLOSED)
    settled(process)
    before, items = shown(process), keys(process, "items")
    counting = process.runner.watch.meter = Counting()
    for _ in range(2):
        heard(process, late, time=LATER)
    assert counting.counted["friction_late_dropped_total"] == 2
    assert keys(process, "items") == items
    assert (
        shown(process)["friction_wait_seconds_total"]
        == before["friction_wait_seconds_total"]
    )


def test_what_went_with_a_sealed_item_is_late_from_then_on(process: Process) -> None:
    process.caught_up()
    heard(process, *CLOSED)
    settled(process)
    items = keys(process, "items")
    heard(process, LATE["a new part"], time=LATER)
    heard(process, event("change.merged", 5, "shop!8"), time=LATER)
    assert keys(process, "items") == items


def test_what_comes_beside_a_late_event_is_no_later_for_it(process: Process) -> None:
    process.caught_up()
    heard(process, *CLOSED)
    settled(process)
    fresh = lately("ticket.started", -2, "T-5", team="checkout")
    heard(process, LATE["the item"], fresh, time=LATER)
    assert "T-5" in keys(process, "items")


def test_an_alias_of_a_sealed_item_is_late_too() -> None:
    driven = drive()
    driven.take(
        [
            github(Kind.TICKET_STARTED, "09:00", "T-1", aliases=["OLD-1"]),
            github(Kind.TICKET_DONE, "10:00", "T-1"),
        ]
    )
    walk = Sealing(driven.state, driven.directory, DEFAULT_MODEL, KEPT)
    sealed: list[str] = []
    for instant in (*[LATER] * 4, LATER + DAY):
        chunk = walk.step(instant)
        assert chunk is not None
        driven.state.commit(chunk.changes)
        sealed += chunk.sealed
    assert sealed == ["T-1"]
    driven.recent.clear()
    assert driven.state.gone(["T-1", "OLD-1"]) == {"T-1", "OLD-1"}
    assert driven.state.numbered("homes", 0, 1) == []
    late = driven.take([github(Kind.TICKET_COMMENTED, "09:30", "OLD-1")])
    assert late == Related(0, 0, 1)
    assert not list(driven.state.scan("items"))


def test_a_blocker_that_is_resolved_later_tells_no_sealed_item(
    process: Process,
) -> None:
    process.caught_up()
    blocking = event("ticket.started", 0, "PLT-1", team="platform")
    heard(process, *CLOSED, blocking, event("link.added", 1, "T-1", blocker="PLT-1"))
    settled(process)
    before = waited(process)
    assert "T-1" in keys(process, "sealed")
    heard(process, lately("ticket.done", -1, "PLT-1"), time=LATER)
    assert "T-1" not in keys(process, "items")
    assert waited(process) == before


def test_what_is_known_stays_where_it_is_when_it_names_a_sealed_item(
    process: Process,
) -> None:
    process.caught_up()
    heard(process, *CLOSED)
    heard(process, lately("change.opened", -8, "shop!9", team="checkout"), time=LATER)
    settled(process)
    assert keys(process, "sealed") == {"T-1"}
    heard(process, lately("change.pushed", -7, "shop!9", item="T-1"), time=LATER)
    row = unpack(dict(process.state.scan("items"))["shop!9"])
    assert len(row.sections["shop!9"].facts) == 2
    assert "T-1" not in keys(process, "items")


def test_a_sealed_blocker_holds_up_nobody(process: Process) -> None:
    process.caught_up()
    heard(process, *CLOSED)
    settled(process)
    before = waited(process)
    heard(
        process,
        lately("ticket.started", -2, "T-3", team="platform"),
        lately("link.added", -1, "T-3", blocker="T-1"),
        time=LATER,
    )
    assert "T-1" not in keys(process, "items")
    process.clock.ms += 30 * DAY
    process.runner.turn()
    assert waited(process) == before


def test_a_blocker_that_is_sealed_later_has_told_what_it_had_to(
    process: Process,
) -> None:
    process.caught_up()
    link = event("link.added", 1, "T-2", blocker="T-1")
    heard(process, *CLOSED, OPEN[0], link)
    settled(process)
    before = shown(process)
    assert keys(process, "sealed") == {"T-1"}
    heard(process, event("ticket.commented", 8, "T-2"), time=LATER)
    process.start()
    process.caught_up()
    now = shown(process)["friction_wait_seconds_total"]
    assert now == before["friction_wait_seconds_total"]


def test_explain_knows_a_sealed_item_without_its_reasons(process: Process) -> None:
    process.caught_up()
    heard(process, *CLOSED)
    asked = Question("checkout", "platform", None, MONDAY, MONDAY + 8 * HOUR)
    directory = directory_of(TEAMS)
    before = explained(process.state, asked, directory, DEFAULT_MODEL)
    settled(process)
    after = explained(process.state, asked, directory, DEFAULT_MODEL)
    assert [one.line for one in after] == [one.line for one in before]
    assert not any(one.because.reasons for one in after)
    assert all(one.because.reasons for one in before)
    assert item_named(process.state, "T-1") == "T-1"
    only = replace(asked, item="T-1")
    assert explained(process.state, only, directory, DEFAULT_MODEL) == after


def test_timelines_go_after_the_retention_and_sums_stay(process: Process) -> None:
    process.caught_up()
    heard(process, *CLOSED)
    settled(process)
    before = waited(process)
    settled(process, MONDAY + 401 * DAY)
    assert keys(process, "sealed") == set()
    assert waited(process) == before
    process.start()
    process.caught_up()
    assert waited(process) == before
    assert process.state.gone(["T-1"]) == {"T-1"}


OTHER_TEAMS = TEAMS.replace("headcount: 4", "headcount: 9")


def test_a_changed_teams_file_leaves_sealed_items_as_they_were(
    process: Process,
) -> None:
    process.caught_up()
    heard(process, *CLOSED, *OPEN)
    settled(process)
    before = shown(process)
    process.start(OTHER_TEAMS)
    process.caught_up()
    after = shown(process)
    for name in (
        "friction_wait_seconds_total",
        "friction_active_seconds_total",
        "friction_waits_total",
        "friction_window_wait_seconds",
    ):
        assert after[name] == before[name]
    assert "friction_correction_debt_seconds" not in {
        name for name, samples in after.items() if any(samples.values())
    }


def test_another_d0_prices_a_sealed_item_as_its_facts_would(process: Process) -> None:
    process.caught_up()
    heard(process, *CLOSED)
    settled(process)
    process.model = replace(DEFAULT_MODEL, d0_ms=2 * HOUR)
    process.start()
    process.caught_up()
    fresh = Process(model=process.model)
    fresh.caught_up()
    heard(fresh, *CLOSED)
    ((_, packed),) = process.state.scan("sealed")
    (repriced,) = unseal("T-1", packed).timelines
    asked = Question("checkout", "platform", None, 0, 2**62)
    expected = explained(fresh.state, asked, fresh.runner.directory, process.model)
    lines = explained(process.state, asked, process.runner.directory, process.model)
    assert [one.line for one in lines] == [one.line for one in expected]
    assert {one.line.phase for one in lines} == {"acute", "chronic"}
    acute = [one.line.seconds for one in lines if one.line.phase == "acute"]
    # Half an hour for a runner is an episode of its own; then two hours of three.
    assert sum(acute) == 1_800 + 7_200
    assert repriced.item == "T-1"
