"""The outbox of dead letters against a real broker."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.publisher import DeadLetterPublisher
from monitor.adapters.prometheus.catalogue import CATALOGUE
from monitor.adapters.prometheus.meters import Meters
from monitor.adapters.prometheus.metric import Size
from monitor.adapters.state.memory import MemoryState
from monitor.pipeline.ports import Changes, DeadLetter
from monitor.pipeline.watching import Watch, silent_watch
from tests.harness.broker import Broker
from tests.harness.reference_data import REPOSITORY
from tests.harness.topics import Topic
from tests.harness.waiting import eventually

pytestmark = pytest.mark.kafka

FAILURES = "friction_dead_letter_publish_failures_total"
GIVEN_UP = "friction_dead_letters_given_up_total"
NOBODY = Connection("127.0.0.1:1")


def counting() -> Meters:
    return Meters(CATALOGUE, Size(teams=1, topics=1))


def counted(meters: Meters, name: str) -> float:
    (found,) = (each for each in meters.families() if each.name == name)
    ((_, number),) = found.samples
    return number


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
    meters = counting()
    publisher = DeadLetterPublisher(
        Connection(made.bootstrap), made.name, state, Watch(meters, time.monotonic)
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
    told = (REPOSITORY / "docs" / "exactly-once.md").read_text()
    assert [name for name in dict(got[0].headers) if f"`{name}`" not in told] == []
    assert len(state.dead_letters(9)) == 3
    assert (counted(meters, FAILURES), counted(meters, GIVEN_UP)) == (0, 0)


def test_a_letter_sent_but_not_forgotten_is_sent_again_with_the_same_key(
    topic: Callable[..., Topic],
) -> None:
    made = topic()
    state = MemoryState()
    state.commit(Changes(dead_letters=[DeadLetter("ci", 0, 1, 1, ("no",), "ab", b"x")]))
    killed = DeadLetterPublisher(
        Connection(made.bootstrap), made.name, state, silent_watch()
    )
    killed.step()
    eventually(lambda: made.offsets()[0][1] == 1, 20)
    after = DeadLetterPublisher(
        Connection(made.bootstrap), made.name, state, silent_watch()
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
    meters = counting()
    publisher = DeadLetterPublisher(
        Connection(broker.bootstrap),
        "no.such.topic",
        state,
        Watch(meters, lambda: now),
    )
    with capture_logs() as logs:
        eventually(lambda: publisher.step() == 0 and counted(meters, FAILURES), 20)
    said = str(logs[0]["problem"])
    assert said.startswith("topic no.such.topic does not exist, or no broker answers")
    # The library says as little where the topic is there and takes nothing.
    assert "or fewer of its replicas are in sync than its min.insync.replicas" in said
    failed = counted(meters, FAILURES)
    publisher.step()
    assert counted(meters, FAILURES) == failed
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
    meters = counting()
    publisher = DeadLetterPublisher(
        Connection(made.bootstrap), made.name, state, Watch(meters, lambda: now)
    )

    def empty() -> bool:
        nonlocal now
        now += 31
        publisher.step()
        return not state.unsent(9)

    with capture_logs() as lines:
        eventually(empty, 30)
        publisher.close()
    assert [each.value for each in made.read()] == [b"small"]
    assert counted(meters, GIVEN_UP) == 1
    (line,) = (one for one in lines if "given up" in one["event"])
    assert (line["topic"], line["first"]) == (made.name, "ci/0/1")


def test_a_topic_that_cannot_be_reached_is_told_once_and_every_attempt_counted() -> (
    None
):
    state = MemoryState()
    letter = DeadLetter("ci", 0, 1, 1, ("no",), "ab", b"the body")
    state.commit(Changes(dead_letters=[letter]))
    now, meters = 0.0, counting()
    publisher = DeadLetterPublisher(
        NOBODY, "letters", state, Watch(meters, lambda: now)
    )
    with capture_logs() as lines:
        for _ in range(3):
            publisher.step()
            now += 31
    assert counted(meters, FAILURES) == 3
    (line,) = lines
    assert line["log_level"] == "warning"
    assert line["topic"] == "letters"
    assert line["problem"].startswith("SourceUnavailable")
    assert "the body" not in str(line)


def test_another_kind_of_failure_is_told_and_that_it_goes_on(
    topic: Callable[..., Topic],
) -> None:
    made, state, now = topic(), MemoryState(), 0.0
    state.commit(Changes(dead_letters=[DeadLetter("ci", 0, 1, 1, ("no",), "ab", b"x")]))
    publisher = DeadLetterPublisher(
        NOBODY, made.name, state, Watch(counting(), lambda: now)
    )

    def sent() -> bool:
        nonlocal now
        now += 31
        publisher.step()
        return not state.unsent(9)

    with capture_logs() as lines:
        publisher.step()
        publisher._connection = Connection(made.bootstrap)
        eventually(sent, 30)
        publisher._connection = NOBODY
        publisher.close()
        state.commit(
            Changes(dead_letters=[DeadLetter("ci", 0, 2, 1, ("no",), "ab", b"x")])
        )
        publisher.step()
        now += 31
        publisher.step()
    assert [line["event"] for line in lines] == [
        "rejected records cannot be published",
        "rejected records are published",
        "rejected records cannot be published",
    ]
