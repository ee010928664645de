"""One turn of the loop, and what a process leaves to the next one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence

import pytest
from structlog.testing import capture_logs

from monitor.adapters.kafka.memory import MemorySource, MemoryTopics
from monitor.domain.outcomes import Record
from monitor.errors import SourceUnavailable
from monitor.pipeline import restating
from monitor.pipeline.catching_up import sharing
from monitor.pipeline.policies import Batching
from monitor.pipeline.ports import (
    MAX_PUBLISHED_BYTES,
    FencedError,
    LogTruncated,
    Partition,
)
from tests.unit.pipeline.running import (
    HOUR,
    MONDAY,
    TEAMS,
    CountingState,
    FailingSource,
    Process,
    event,
    mistaken,
)

WAIT = "friction_wait_seconds_total"
DEBT = "friction_correction_debt_seconds"
CAPACITY = "friction_capacity_seconds_total"
AWAY = "version: 1\nteams: [{{id: checkout, headcount: 4, absence_share: {}}}]\n"
STARTED = event("ticket.started", 0, team="checkout", work_class="feature")
BLOCKED = event("ticket.blocked", 1, on_team="platform")
UNBLOCKED = event("ticket.unblocked", 1.5, on_team="platform")
CHRONIC = ("checkout", "platform", "ticket_blocked", "chronic")


def total(process: Process) -> float:
    return process.shown(WAIT).get(CHRONIC, 0)


# 13:00 less five minutes to settle: blocked since 10:00, 900 seconds of it acute.
AT_ONE = 3 * 3_600 - 300 - 900


def test_a_turn_stores_the_offsets_with_what_the_records_say() -> None:
    process = Process()
    process.send(STARTED, BLOCKED)
    process.caught_up()
    assert process.state.offsets() == {("t", 0): 2}
    assert total(process) == AT_ONE


def test_nothing_is_stored_when_nothing_happened() -> None:
    process = Process()
    process.send(STARTED)
    process.caught_up()
    process.runner.turn()
    before = process.state.commits
    process.runner.turn()
    assert process.state.commits == before


def test_a_topic_no_longer_configured_is_left_as_it_was_and_costs_no_commit() -> None:
    process = Process()
    process.state._offsets["gone", 0] = 7
    process.start()
    process.caught_up()
    process.runner.turn()
    before = process.state.commits
    process.runner.turn()
    assert process.state.commits == before
    assert process.state.offsets()["gone", 0] == 7


def test_catching_up_ends_at_the_ends_read_at_the_start() -> None:
    process = Process(batching=Batching(catch_up_records=1))
    process.send(STARTED, BLOCKED)
    process.begin()
    process.runner.turn()
    process.send(UNBLOCKED)
    assert not process.runner.watch.ready
    process.runner.turn()
    assert process.runner.watch.ready


def test_while_catching_up_items_are_evaluated_once_at_the_end() -> None:
    process = Process(batching=Batching(catch_up_records=1))
    process.send(STARTED, BLOCKED)
    process.begin()
    process.runner.turn()
    assert dict(process.state.scan("timelines")) == {}
    assert [key for key, _ in process.state.scan("deferred")] == ["T-1"]
    process.runner.turn()
    assert [key for key, _ in process.state.scan("timelines")] == ["T-1"]
    assert dict(process.state.scan("deferred")) == {}


class StuckSource(MemorySource):
    """Leaves its second partition out at the first record, after a poll."""

    polls = 0

    def poll(
        self, max_records: int, max_bytes: int, timeout_ms: int
    ) -> Sequence[Record]:
        self.polls += 1
        read = super().poll(max_records, max_bytes, timeout_ms)
        self.skip_to({("t", 1): 0})
        return [record for record in read if record.partition == 0]

    def left_out(self) -> Collection[Partition]:
        return {("t", 1)} if self.polls else set()


def test_a_partition_that_cannot_be_read_does_not_hold_up_the_others() -> None:
    process = Process(MemoryTopics({"t": 2}))
    process.topics.append("t", 1, [b"{}"] * 3)
    process.start(source=StuckSource(process.topics))
    process.send(STARTED, BLOCKED)
    process.begin()
    process.runner.turn()
    assert process.runner.watch.ready
    assert total(process) == AT_ONE
    assert process.state.offsets() == {("t", 0): 2, ("t", 1): 0}


class BusySource(MemorySource):
    """Whenever it is asked, something has just happened. Gives ``most`` a poll."""

    polls = 0
    most = 1_000
    happens: Callable[[], None]

    def poll(
        self, max_records: int, max_bytes: int, timeout_ms: int
    ) -> Sequence[Record]:
        self.polls += 1
        self.happens()
        return super().poll(min(max_records, self.most), max_bytes, timeout_ms)


def test_a_topic_that_never_falls_silent_is_caught_up_with() -> None:
    process = Process()
    source = BusySource(process.topics)
    source.happens = lambda: process.send(BLOCKED)
    process.start(source=source)
    process.send(STARTED)
    process.begin()
    process.runner.turn()
    assert process.runner.watch.ready
    assert source.polls == 1


def test_told_to_stop_a_batch_ends_with_the_poll_that_has_begun() -> None:
    """What a poll brought is stored, and the next start goes on behind it."""
    process = Process()
    source = BusySource(process.topics)
    process.start(source=source)
    source.most, source.happens = 1, process.runner.stop.set
    process.send(STARTED, BLOCKED, UNBLOCKED)
    process.begin()
    process.runner.turn()
    assert process.state.offsets() == {("t", 0): 1}
    process.start()
    process.caught_up()
    assert total(process) == 900


def test_what_was_deferred_before_a_crash_is_evaluated_after_it() -> None:
    process = Process(batching=Batching(catch_up_records=1))
    process.send(STARTED, BLOCKED, UNBLOCKED)
    process.begin()
    process.runner.turn()
    process.start()
    process.caught_up()
    whole = Process()
    whole.send(STARTED, BLOCKED, UNBLOCKED)
    whole.caught_up()
    assert list(process.state.scan("timelines")) == list(whole.state.scan("timelines"))
    assert dict(process.state.scan("deferred")) == {}


def test_an_empty_topic_is_caught_up_at_once() -> None:
    process = Process()
    process.begin()
    process.runner.turn()
    assert process.runner.watch.ready


def test_no_number_is_seen_before_it_is_stored() -> None:
    process = Process()
    process.caught_up()
    process.state.lock = process.runner.lock
    process.send(STARTED, BLOCKED)
    process.runner.turn()
    assert process.state.commits > 0
    assert process.state.unlocked == 0


def test_what_was_shown_before_a_crash_is_held_after_it() -> None:
    process = Process()
    process.send(STARTED, BLOCKED)
    process.caught_up()
    # An hour passes without a commit; somebody looks; the process is killed.
    process.clock.ms += HOUR
    process.runner.turn()
    shown = total(process)
    assert shown == AT_ONE + 3_600
    # While it is away the block turns out to have ended after half an hour.
    process.send(UNBLOCKED)
    process.start()
    process.caught_up()
    assert total(process) == shown
    assert process.shown(DEBT)[*CHRONIC, "", ""] == shown - 900


@pytest.mark.parametrize("first", ["falling", "rising"])
def test_what_nobody_saw_while_catching_up_is_not_held(
    first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Item after item is evaluated and stored; numbers are shown at the end."""
    monkeypatch.setattr(sharing, "_MINE", 1)
    monkeypatch.setattr(sharing, "_AT_ONCE", 1)
    process = Process()
    process.send(STARTED, BLOCKED)
    process.caught_up()
    assert total(process) == AT_ONE
    other = {"entity": "CHK-9", "id": "other"}
    rising = [STARTED | other, BLOCKED | other | {"time": "2026-03-02T09:30:00Z"}]
    parts = [[UNBLOCKED], rising]
    for part in parts if first == "falling" else parts[::-1]:
        process.send(*part)
    process.start()
    process.caught_up()
    # Blocked until 10:30, and from 09:30 on.
    assert total(process) == 900 + AT_ONE + 1_800
    assert process.shown(DEBT) == {}


def test_what_falls_below_what_was_shown_is_held_in_whatever_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also when it is killed between two steps of evaluating."""
    monkeypatch.setattr(sharing, "_MINE", 1)
    monkeypatch.setattr(sharing, "_AT_ONCE", 1)
    process = Process()
    other = {"entity": "CHK-9", "id": "other"}
    process.send(STARTED, BLOCKED, STARTED | other, BLOCKED | other)
    process.caught_up()
    assert total(process) == 2 * AT_ONE
    process.send(UNBLOCKED, UNBLOCKED | other)
    process.start()
    process.runner.stop.set()  # it ends after the first step
    process.begin()
    process.runner.turn()
    assert not process.runner.watch.ready
    process.start()
    process.caught_up()
    assert total(process) == 2 * AT_ONE
    assert process.shown(DEBT)[*CHRONIC, "", ""] == 2 * AT_ONE - 2 * 900


def test_a_store_that_never_served_holds_nothing() -> None:
    process = Process(batching=Batching(catch_up_records=1))
    process.send(STARTED, BLOCKED, UNBLOCKED)
    process.caught_up()
    assert total(process) == 900
    assert process.shown(DEBT) == {}


def test_another_writer_stops_the_program() -> None:
    process = Process()
    process.send(STARTED)
    process.begin()
    process.state._offsets["t", 0] = 5
    with pytest.raises(FencedError, match="partition 0"):
        process.runner.turn()
    assert process.state.offsets() == {("t", 0): 5}


def test_a_truncated_log_stops_the_program_before_anything_is_stored() -> None:
    process = Process()
    process.send(STARTED)
    process.caught_up()
    process.send(BLOCKED, UNBLOCKED)
    process.topics.delete_before("t", 0, 2)
    process.start()
    commits = process.state.commits
    with pytest.raises(LogTruncated, match="1 records are lost"):
        process.runner.run(threading.Event())
    assert process.state.commits == commits


def test_told_to_stop_while_the_broker_is_away_it_ends_well() -> None:
    process, stop = Process(), threading.Event()
    process.start(source=FailingSource(SourceUnavailable("away"), stop))
    process.runner.run(stop)
    assert not process.runner.watch.ready


def test_a_broker_given_up_for_another_reason_is_an_error() -> None:
    process = Process()
    process.start(source=FailingSource(SourceUnavailable("away"), None))
    with pytest.raises(SourceUnavailable, match="away"):
        process.runner.run(threading.Event())


def test_the_number_of_dead_letters_is_that_of_the_store() -> None:
    process, stop = Process(), threading.Event()
    process.send(b"{}", b"no JSON", STARTED)
    process.caught_up()
    assert process.runner.watch.dead_letters == 2
    process.start()
    stop.set()
    process.runner.run(stop)
    assert process.runner.watch.dead_letters == 2


def test_the_number_of_dead_letters_does_not_pass_that_of_the_store() -> None:
    process = Process(state=CountingState(keep_letters=3))
    process.send(*[b"{}"] * 5)
    process.caught_up()
    assert process.runner.watch.dead_letters == 3
    process.send(b"{}")
    process.runner.turn()
    assert process.runner.watch.dead_letters == 3


def test_a_partition_found_later_is_read_from_its_beginning() -> None:
    process = Process()
    process.send(STARTED)
    process.caught_up()
    process.topics.grow("t", 2)
    process.topics.append("t", 1, [b"{}"])
    process.clock.ms += 60_000
    process.runner.turn()
    process.runner.turn()
    assert process.state.offsets() == {("t", 0): 1, ("t", 1): 1}


# Another teams file

SHORT_DAYS = TEAMS.replace(
    "{name: Acme}", '{name: Acme, calendar: {hours: ["12:00", "17:00"]}}'
)


def test_counters_are_held_when_the_calendar_of_their_sums_changes() -> None:
    process = Process()
    process.send(STARTED, BLOCKED)
    process.caught_up()
    process.start(SHORT_DAYS)
    process.caught_up()
    # Since 12:00, not 10:00: 55 minutes, 15 of them acute.
    true = 55 * 60 - 900
    assert total(process) == AT_ONE
    assert process.shown(DEBT)[*CHRONIC, "", ""] == AT_ONE - true
    window = process.shown("friction_window_wait_seconds")
    assert window["3d", *CHRONIC] == true


def test_a_state_made_by_other_rules_is_worked_out_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    process = Process()
    process.send(STARTED, BLOCKED)
    process.caught_up()
    monkeypatch.setattr(restating, "_RULES", 0)
    process.start()
    assert process.state.get_many("timelines", ["T-1"]) == {}
    process.caught_up()
    assert total(process) == AT_ONE


def test_a_crash_while_stating_anew_changes_nothing_of_that() -> None:
    process = Process()
    process.send(STARTED, BLOCKED)
    process.caught_up()
    stored = process.state.get_many("meta", ["basis"])["basis"]
    process.start(SHORT_DAYS)
    # As after a crash before the last chunk: the basis is still to be written.
    process.state._values["meta"]["basis"] = b"rebuilding"
    assert stored != b"rebuilding"
    process.start()
    process.caught_up()
    assert total(process) == AT_ONE
    assert process.shown(DEBT)[*CHRONIC, "", ""] == AT_ONE - (55 * 60 - 900)


def test_capacity_is_held_when_fewer_people_are_stated() -> None:
    process = Process()
    process.send(STARTED, BLOCKED)
    process.caught_up()
    # From the first accrual, 09:00, to 12:55.
    seconds = 4 * 3_600 - 300
    assert process.shown(CAPACITY)["checkout",] == 4 * seconds
    process.start(TEAMS.replace("headcount: 4", "headcount: 3"))
    process.caught_up()
    assert process.shown(CAPACITY)["checkout",] == 4 * seconds
    assert process.shown(DEBT)["checkout", "", "", "", "", ""] == seconds


def test_capacity_is_held_when_more_absence_is_stated() -> None:
    """What was shown was without a quarter: that is stored, not the whole."""
    process = Process(teams=AWAY.format(0.25))
    process.send(STARTED, BLOCKED)
    process.caught_up()
    seconds = 4 * 3_600 - 300
    assert process.shown(CAPACITY)["checkout",] == 3 * seconds
    process.start(AWAY.format(0.5))
    process.caught_up()
    assert process.shown(CAPACITY)["checkout",] == 3 * seconds
    assert process.shown(DEBT)["checkout", "", "", "", "", ""] == seconds


def test_capacity_is_held_when_the_first_item_moves_later() -> None:
    process = Process()
    process.send(mistaken("labeled", -24 * 3, label={"name": "in progress"}), STARTED)
    process.caught_up()
    # Four people for the whole of Friday, and on Monday until 12:55.
    shown = 4 * (8 * 3_600 + 4 * 3_600 - 300)
    assert process.shown(CAPACITY)["checkout",] == shown
    # What began on Friday is deleted as a mistake, and never was.
    process.send(mistaken("deleted", 3))
    process.runner.turn()
    assert process.shown(CAPACITY)["checkout",] == shown
    assert process.runner.books.first == MONDAY


def test_the_instant_never_goes_back() -> None:
    process = Process()
    process.caught_up()
    at = process.runner.books.accounts.instants[0]
    process.clock.ms = MONDAY
    process.runner.turn()
    assert process.runner.books.accounts.instants[0] == at
    # How far it got after it was stored, within a minute, the next one cannot know.
    process.start()
    assert at <= process.runner.books.accounts.instants[0] <= at + 60_000


class SilentSource(MemorySource):
    """A source whose broker answers, or does not, as the test says."""

    silent = False

    def problem(self) -> str | None:
        return "partition 1 has no leader"

    def is_silent(self) -> bool:
        return self.silent


def after_an_hour(*, silent: bool) -> float:
    """What is shown an hour after 13:00, where the broker has answered, or not."""
    process = Process()
    source = SilentSource(process.topics)
    process.start(source=source)
    process.send(STARTED, BLOCKED)
    process.caught_up()
    source.silent = silent
    process.clock.ms += HOUR
    process.runner.turn()
    return total(process)


def test_while_the_broker_does_not_answer_numbers_stand_where_it_last_did() -> None:
    """What happened since then nobody knows: the block may be over."""
    # It last did at 13:00, and what is told within the five minutes to settle is known.
    assert after_an_hour(silent=True) == AT_ONE + 300
    # Where single partitions cannot be read they go on.
    assert after_an_hour(silent=False) == AT_ONE + 3_600


@pytest.mark.parametrize("publishing", [True, False])
def test_bodies_too_large_to_be_published_are_told_where_any_are(
    publishing: bool,
) -> None:
    process = Process()
    process.runner.reading.intake.taking.publish_bodies = publishing
    process.send(b"x" * (MAX_PUBLISHED_BYTES + 1), b"x")
    with capture_logs() as lines:
        process.caught_up()
    told = [line.get("too_large_to_publish") for line in lines if "records" in line]
    assert told == [1 if publishing else None]
