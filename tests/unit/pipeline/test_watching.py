"""What the process says of itself."""

from __future__ import annotations

import dataclasses

import pytest
from structlog.testing import capture_logs

from monitor.domain.facts import Kind
from monitor.domain.making import make_fact
from monitor.domain.outcomes import Decoded, Reason, ReasonCode
from monitor.pipeline.ports import DeadLetter
from monitor.pipeline.relating.relate import Related
from monitor.pipeline.watching import Counted, Timed, Watch, silent_watch


class Sums:
    """Adds up by name and labels."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, ...], float] = {}
        self.spans: list[tuple[str, float]] = []

    def count(self, name: Counted, *labels: str, amount: float = 1) -> None:
        key = (name, *labels)
        self.counts[key] = self.counts.get(key, 0) + amount

    def took(self, name: Timed, seconds: float) -> None:
        self.spans.append((name, seconds))


def watch_at(*moments: float) -> tuple[Watch, Sums]:
    sums, remaining = Sums(), list(moments)
    return Watch(sums, lambda: remaining.pop(0)), sums


def letter(offset: int) -> DeadLetter:
    return DeadLetter("t", 2, offset, None, ("kind: is unknown",), "00", b"the body")


def test_it_is_not_ready_until_caught_up_and_says_both_reasons() -> None:
    watch = silent_watch()
    assert watch.condition().not_ready == ("starting", "catching up")
    watch.polled(5, None, silent=False)
    assert watch.condition().not_ready == ("catching up",)
    watch.caught_up()
    assert watch.condition().not_ready == ()


def test_a_broker_that_goes_away_makes_it_unready_with_the_reason() -> None:
    watch = silent_watch()
    watch.caught_up()
    watch.polled(5, None, silent=False)
    watch.polled(9, "unreachable", silent=True)
    assert watch.condition().not_ready == ("unreachable",)
    assert watch.poll_ms == 5


def test_a_broker_that_lets_only_some_be_read_has_answered() -> None:
    watch = silent_watch()
    watch.caught_up()
    watch.polled(5, None, silent=False)
    watch.polled(9, "not allowed to read topic shut", silent=False)
    assert watch.condition().not_ready == ("not allowed to read topic shut",)
    assert watch.poll_ms == 9


@pytest.mark.parametrize(("ahead_ms", "told"), [(60_000, False), (60_001, True)])
def test_numbers_ahead_of_the_clock_by_more_than_a_minute_are_told(
    ahead_ms: int, told: bool
) -> None:
    watch = silent_watch()
    watch.caught_up()
    watch.polled(5, None, silent=False)
    watch.stands_at(1_000_000 + ahead_ms, 1_000_000)
    assert bool(watch.condition().not_ready) is told


def test_the_age_of_the_turn_is_told_once_there_is_one() -> None:
    watch, _ = watch_at(10.0, 14.0)
    assert watch.condition().turn_age_seconds is None
    watch.turn()
    assert watch.condition().turn_age_seconds == 4


def test_work_that_fails_is_not_counted_as_work() -> None:
    watch, sums = watch_at(1.0, 3.0, 4.0)
    with watch.timing("friction_batch_seconds"):
        pass
    with pytest.raises(ZeroDivisionError), watch.timing("friction_batch_seconds"):
        raise ZeroDivisionError
    assert sums.spans == [("friction_batch_seconds", 2.0)]


def test_facts_reasons_and_ignored_records_are_counted_apart() -> None:
    watch, sums = watch_at()
    fact = make_fact(Kind.TICKET_DONE, 1, "t", "T-1")
    reasons = (
        Reason(ReasonCode.BAD_TIME, "time", "is none"),
        Reason(ReasonCode.MISSING_FIELD, "id", "is missing"),
    )
    watch.decoded(Decoded(facts=(fact,), provider="native", unknown_fields=3))
    watch.decoded(Decoded(reasons=reasons, provider="native", raw_kind="x"))
    watch.decoded(Decoded(ignored="a ping", provider="github", raw_kind="ping"))
    watch.decoded(Decoded(reasons=reasons[:1]))
    events = "friction_events_total"
    assert sums.counts == {
        (events, "native", "ticket.done", "fact"): 1,
        (events, "native", "x", "rejected"): 1,
        (events, "github", "ping", "ignored"): 1,
        (events, "unknown", "unknown", "rejected"): 1,
        ("friction_rejected_total", "native", "bad_time"): 1,
        ("friction_rejected_total", "native", "missing_field"): 1,
        ("friction_rejected_total", "unknown", "bad_time"): 1,
        ("friction_rejected_records_total", "native"): 1,
        ("friction_rejected_records_total", "unknown"): 1,
        ("friction_unknown_fields_total", "native"): 3,
    }


def test_duplicates_are_counted_only_when_there_are_any() -> None:
    watch, sums = watch_at()
    watch.related(Related(5, 0))
    assert sums.counts == {}
    watch.related(Related(1, 2))
    assert sums.counts == {("friction_events_total", "any", "any", "duplicate"): 2}


def test_a_body_that_is_not_kept_to_be_published_is_given_up() -> None:
    large = dataclasses.replace(letter(4), body=None)
    for publishing, given_up in ((True, 1), (False, 0)):
        watch, sums = watch_at()
        with capture_logs() as lines:
            watch.rejected([large, letter(9)], kept=2, publishing=publishing)
        name = "friction_dead_letters_given_up_total"
        assert sums.counts.get((name,), 0) == given_up
        assert lines[0].get("too_large_to_publish", 0) == given_up


def test_rejected_records_are_logged_once_a_batch_without_their_content() -> None:
    watch, _ = watch_at()
    with capture_logs() as lines:
        watch.rejected([letter(4), letter(9)], kept=7)
    assert [line["event"] for line in lines] == ["records were rejected"]
    assert (lines[0]["first"], lines[0]["records"]) == ("t/2/4", 2)
    assert lines[0]["listed_by"] == "friction dead-letters list"
    assert "the body" not in str(lines)
    assert watch.dead_letters == 7
