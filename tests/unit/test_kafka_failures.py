"""Attempts that fail are all counted, and the same reason is told once."""

from __future__ import annotations

from typing import NoReturn, cast

import pytest
from kafka.errors import TopicAuthorizationFailedError, UnknownError

from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.reader import Reader
from monitor.adapters.kafka.refusals import Refusals
from monitor.adapters.kafka.source import KafkaSource
from monitor.adapters.kafka.telling import Telling
from monitor.errors import SourceUnavailable
from monitor.pipeline.ports import Partition


def test_every_failed_attempt_is_counted_and_one_reason_told_once() -> None:
    told: list[str | None] = []
    failures: list[None] = []
    source = KafkaSource(
        Connection("127.0.0.1:1"),
        ["friction.ci"],
        None,
        monotonic=lambda: 0.0,
        wait=lambda _: len(failures) == 3,
        tell=told.append,
        failed=lambda: failures.append(None),
    )
    with pytest.raises(SourceUnavailable, match="unreachable"):
        source.start({})
    assert len(failures) == 3
    assert len(told) == 1


class Failing:
    """A client whose every fetch fails, though a new one can be made at once."""

    def fetch(self, *_: object) -> NoReturn:
        raise UnknownError

    def ends(self) -> dict[Partition, int]:
        return {}

    def positions(self) -> dict[Partition, int]:
        return {("friction.ci", 0): 7}

    def epochs(self) -> dict[Partition, int]:
        return {}

    def close(self) -> None:
        """Nothing is held."""


def test_a_client_that_is_given_up_has_told_no_news() -> None:
    """Else one that fails again and again would look like one that reads."""
    source = KafkaSource(
        Connection("127.0.0.1:1"),
        ["friction.ci"],
        None,
        monotonic=lambda: 0.0,
        wait=lambda _: True,
    )
    source._reader = cast("Reader", Failing())
    assert not source.is_silent()
    assert source.poll(9, 9, 0) == []
    assert source.is_silent()
    assert source.positions() == {("friction.ci", 0): 7}


def test_that_all_is_well_again_is_no_failure() -> None:
    told: list[str | None] = []
    failures: list[None] = []
    telling = Telling(told.append, lambda: failures.append(None))
    telling.note(None)
    telling.failed("away")
    telling.failed("away")
    telling.note(None)
    assert (told, len(failures)) == (["away", None], 2)


class Readings:
    """What is read of three partitions, as a reader has it."""

    def __init__(self) -> None:
        self.read: set[Partition] = {("open", 0), ("shut", 0), ("shut", 1)}
        self._taken = set(self.read)

    def taken(self) -> set[Partition]:
        return self._taken

    def leave_out(self, partition: Partition) -> None:
        self.read.discard(partition)

    def go_on_with(self, partition: Partition) -> None:
        self.read.add(partition)


def test_a_refused_topic_is_told_and_tried_again_beside_the_others() -> None:
    refusals, reader = Refusals(), Readings()
    refusals.refused(reader, TopicAuthorizationFailedError({"shut"}), 100.0)
    assert reader.read == {("open", 0)}
    assert "not allowed to read topic shut: grant the user READ" in (
        refusals.text() or ""
    )
    # A partition with a damaged record is not what is tried again.
    refusals.try_again(reader, 105.0, but=[("shut", 1)])
    assert reader.read == {("open", 0), ("shut", 0)}
    assert refusals.text()
    refusals.refused(reader, TopicAuthorizationFailedError({"shut"}), 105.1)
    refusals.try_again(reader, 110.0)
    refusals.try_again(reader, 115.0)
    assert refusals.text()
    # Let in at last: nothing was refused since.
    refusals.try_again(reader, 120.0)
    assert refusals.text() is None
