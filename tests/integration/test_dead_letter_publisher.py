"""The outbox of dead letters against a real broker."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.publisher import DeadLetterPublisher
from monitor.adapters.state.memory import MemoryState
from monitor.pipeline.ports import Changes, DeadLetter
from tests.harness.broker import Broker
from tests.harness.topics import Topic
from tests.harness.waiting import eventually

pytestmark = pytest.mark.kafka


def test_published_dead_letters_carry_the_bytes_and_leave_the_store(
    topic: Callable[..., Topic],
) -> None:
    made = topic()
    state = MemoryState()
    letters = [
        DeadLetter("ci", 3, 41, 1, ("not JSON",), "ab12", b"\xffpoison"),
        DeadLetter("ci", 3, 42, 1, ("too large",), "cd34"),
        DeadLetter("ci", 3, 43, 1, ("no",), "ef56", b"y" * 900_000),
    ]
    state.commit(Changes(dead_letters=letters))
    publisher = DeadLetterPublisher(
        Connection(made.bootstrap), made.name, state, time.monotonic
    )
    eventually(lambda: publisher.step() and not state.unsent(9), 20)
    publisher.close()
    got = made.read()
    assert [each.value for each in got] == [b"\xffpoison", b"y" * 900_000]
    assert got[0].key == b"ci/3/41"
    assert dict(got[0].headers) == {
        "friction.topic": b"ci",
        "friction.partition": b"3",
        "friction.offset": b"41",
        "friction.sha256": b"ab12",
        "friction.reasons": b'["not JSON"]',
    }
    assert len(state.dead_letters(9)) == 3
    assert (publisher.failures, publisher.given_up) == (0, 0)


def test_a_letter_sent_but_not_forgotten_is_sent_again_with_the_same_key(
    topic: Callable[..., Topic],
) -> None:
    made = topic()
    state = MemoryState()
    state.commit(Changes(dead_letters=[DeadLetter("ci", 0, 1, 1, ("no",), "ab", b"x")]))
    killed = DeadLetterPublisher(
        Connection(made.bootstrap), made.name, state, time.monotonic
    )
    killed.step()
    eventually(lambda: made.offsets()[0][1] == 1, 20)
    after = DeadLetterPublisher(
        Connection(made.bootstrap), made.name, state, time.monotonic
    )
    eventually(after.step, 20)
    after.close()
    killed.close()
    assert {each.key for each in made.read()} == {b"ci/0/1"}
    assert state.unsent(9) == []


def test_a_topic_that_cannot_take_letters_keeps_them_and_is_tried_again_later(
    broker: Broker,
) -> None:
    state = MemoryState()
    state.commit(Changes(dead_letters=[DeadLetter("ci", 0, 1, 1, ("no",), "ab", b"x")]))
    now = 0.0
    publisher = DeadLetterPublisher(
        Connection(broker.bootstrap), "no.such.topic", state, lambda: now
    )
    eventually(lambda: publisher.step() == 0 and publisher.failures, 20)
    failed = publisher.failures
    publisher.step()
    assert publisher.failures == failed
    now = 31.0
    publisher.step()
    assert len(state.unsent(9)) == 1
    publisher.close()


def test_a_body_the_topic_refuses_is_given_up_and_does_not_block_the_rest(
    topic: Callable[..., Topic],
) -> None:
    made = topic(settings={"max.message.bytes": "2000"})
    state = MemoryState()
    state.commit(
        Changes(
            dead_letters=[
                DeadLetter("ci", 0, 1, 1, ("no",), "ab", bytes(range(256)) * 100),
                DeadLetter("ci", 0, 2, 1, ("no",), "cd", b"small"),
            ]
        )
    )
    now = 0.0
    publisher = DeadLetterPublisher(
        Connection(made.bootstrap), made.name, state, lambda: now
    )

    def empty() -> bool:
        nonlocal now
        now += 31
        publisher.step()
        return not state.unsent(9)

    eventually(empty, 30)
    publisher.close()
    assert [each.value for each in made.read()] == [b"small"]
    assert publisher.given_up == 1
