"""What is asked again before the topics are known, and what is no answer."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from kafka.errors import KafkaConnectionError, KafkaError

from monitor.adapters.kafka.reader import Reader
from monitor.pipeline.ports import Partition

NOT_REACHED = KafkaConnectionError("111 ECONNREFUSED")


class Asked(Reader):
    """A reader without a client: each request comes to what the test says.

    None is an answer. The topic is there from the answer of that number on.
    """

    def __init__(self, *outcomes: KafkaError | None, there_from: int = 1) -> None:
        self.outcomes = list(outcomes)
        self._answers_missing = there_from

    def _no_answer(self, topics: Collection[str]) -> KafkaError | None:
        del topics
        outcome = self.outcomes.pop(0)
        self._answers_missing -= outcome is None
        return outcome

    def forbidden(self) -> set[str]:
        return set()

    def partitions(self, topics: Collection[str]) -> set[Partition]:
        return set() if self._answers_missing > 0 else {(one, 0) for one in topics}


def test_a_topic_that_is_told_is_asked_for_no_more() -> None:
    reader = Asked(None, None)
    reader.await_metadata(["friction.ci"])
    assert len(reader.outcomes) == 1


def test_where_a_broker_cannot_be_reached_another_one_is_asked() -> None:
    reader = Asked(NOT_REACHED, NOT_REACHED, None)
    reader.await_metadata(["friction.ci"])
    assert reader.partitions(["friction.ci"])


def test_where_none_can_be_reached_it_is_not_said_that_no_topic_is_there() -> None:
    with pytest.raises(KafkaConnectionError):
        Asked(NOT_REACHED, NOT_REACHED, NOT_REACHED).await_metadata(["friction.ci"])
    # One answered without it, and which is right nobody knows.
    with pytest.raises(KafkaConnectionError):
        Asked(None, None, NOT_REACHED, there_from=9).await_metadata(["friction.ci"])


def test_a_topic_that_no_answer_tells_is_not_there() -> None:
    reader = Asked(None, None, None, there_from=9)
    reader.await_metadata(["friction.ci"])
    assert not reader.partitions(["friction.ci"])
