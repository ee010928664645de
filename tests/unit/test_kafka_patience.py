"""How long a client without an answer is kept, and when a next attempt is made."""

from __future__ import annotations

from monitor.adapters.kafka.patience import Backoff, Patience

OLD, NEW = ("kafka", 9092), ("kafka", 9093)


def test_brokers_that_all_moved_end_it_at_once() -> None:
    assert Patience().is_over(0.0, {OLD}, {NEW})


def test_one_broker_that_stayed_is_enough_to_learn_where_the_others_are() -> None:
    assert not Patience().is_over(0.0, {OLD, ("k2", 1)}, {NEW, ("k2", 1)})


def test_at_the_same_addresses_the_client_has_a_minute_to_come_back() -> None:
    patience = Patience()
    assert not patience.is_over(100.0, {OLD}, {OLD})
    assert not patience.is_over(159.0, {OLD}, {OLD})
    assert patience.is_over(160.0, {OLD}, {OLD})


def test_the_minute_does_not_run_while_the_brokers_are_away() -> None:
    patience = Patience()
    assert not patience.is_over(0.0, {OLD}, {OLD})
    patience.brokers_are_away()
    assert not patience.is_over(90.0, {OLD}, {OLD})


def test_each_new_client_is_given_twice_as_long_until_one_has_an_answer() -> None:
    patience = Patience()
    ends = [
        second
        for second in range(60 + 120 + 240 + 3)
        if patience.is_over(float(second), {OLD}, {OLD})
    ]
    # Asked once a second; the next wait begins with the next question.
    assert ends == [60, 60 + 1 + 120, 60 + 1 + 120 + 1 + 240]
    patience.answered()
    assert not patience.is_over(1000.0, {OLD}, {OLD})
    assert patience.is_over(1060.0, {OLD}, {OLD})


def test_addresses_that_nobody_tells_are_no_move() -> None:
    assert not Patience().is_over(0.0, {OLD}, set())


def test_attempts_are_made_at_longer_and_longer_intervals() -> None:
    backoff = Backoff()
    assert backoff.is_over(0.0)
    backoff.failed(10.0)
    assert not backoff.is_over(10.4)
    assert backoff.is_over(10.5)  # after one failure half a second
    backoff.failed(10.5)
    assert not backoff.is_over(11.4)
    assert backoff.is_over(11.5)
