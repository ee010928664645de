"""When a broker counts as one that does not answer, and when it only throttles us."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from monitor.adapters.kafka.heartbeat import Heartbeat
from monitor.adapters.kafka.telling import Telling

WITHIN_SECONDS = 10


@dataclass
class Answer:
    """What was asked, answered or not."""

    is_done: bool = False
    exception: Exception | None = None


@dataclass
class Broker:
    """One that answers, throttles or keeps silent, and the time."""

    now: float = 0.0
    is_silent: bool = False
    throttles_until: float = 0.0
    asked: Answer = field(default_factory=Answer)

    def ask_metadata(self, _: Collection[str]) -> Answer:
        self.asked = Answer()
        return self.asked

    def is_throttled(self) -> bool:
        return self.now < self.throttles_until

    def told(self, heartbeat: Heartbeat, seconds: int) -> set[bool | None]:
        """What the beats of so many seconds say."""
        said: set[bool | None] = set()
        for _ in range(seconds):
            self.now += 1
            self.asked.is_done = not self.is_silent and not self.is_throttled()
            said.add(heartbeat.beat())
        return said


def beating(broker: Broker) -> Heartbeat:
    return Heartbeat(broker, ["friction.ci"], lambda: broker.now)


def test_a_broker_that_answers_is_well() -> None:
    broker = Broker()
    assert broker.told(beating(broker), 60) == {None, True}


def test_a_broker_that_does_not_answer_is_told_within_ten_seconds() -> None:
    broker = Broker()
    heartbeat = beating(broker)
    broker.told(heartbeat, 33)
    broker.is_silent = True
    assert False in broker.told(heartbeat, WITHIN_SECONDS)


def test_a_broker_that_throttles_has_answered_and_holds_back_what_is_asked() -> None:
    broker = Broker(throttles_until=300)
    heartbeat = beating(broker)
    assert broker.told(heartbeat, 299) == {None, True}
    assert heartbeat.is_held_back
    assert broker.told(heartbeat, 20) == {None, True}
    assert not heartbeat.is_held_back


def test_what_was_held_back_has_as_long_as_what_was_just_asked() -> None:
    # As a throttled client has it: what it asks goes out some seconds after.
    broker = Broker(throttles_until=11, is_silent=True)
    heartbeat = beating(broker)
    assert False not in broker.told(heartbeat, 14)
    broker.is_silent = False
    assert broker.told(heartbeat, 1) == {True}


def test_a_broker_that_is_silent_after_throttling_is_told_within_ten_seconds() -> None:
    broker = Broker(throttles_until=40)
    heartbeat = beating(broker)
    broker.told(heartbeat, 39)
    broker.is_silent = True
    assert False in broker.told(heartbeat, WITHIN_SECONDS)


def test_that_a_quota_is_met_is_told_once_and_is_no_failure() -> None:
    told: list[str] = []
    telling = Telling(
        lambda problem: told.append(f"problem {problem}"),
        lambda: told.append("failed"),
        lambda: told.append("throttled"),
    )
    telling.throttled()
    telling.throttled()
    assert told == ["throttled"]
    assert telling.problem is None
