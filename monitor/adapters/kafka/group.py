"""Tells the broker's consumer group how far we are, so that lag tools work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import structlog
from kafka import OffsetAndMetadata, TopicPartition
from kafka.errors import GroupAuthorizationFailedError, KafkaError

from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.reader import open_consumer
from monitor.adapters.kafka.trouble import group_not_allowed
from monitor.errors import SourceUnavailable
from monitor.pipeline.ports import Partition

_LOG = structlog.get_logger()
_EVERY_SECONDS: Final = 1.0
_LAST_MS: Final = 2_000


class GroupOffsets:
    """Publishes offsets to a group at most once a second: best effort, never raises.

    The offsets that count are in the state; nobody reads these back. Without the
    right to use the group, ``failures`` grows and everything else works; that it is
    refused is told once, and that it works again.
    """

    def __init__(
        self,
        connection: Connection,
        group: str | None,
        answer_ms: int,
        monotonic: Callable[[], float],
    ) -> None:
        """Remember how to connect; without a group nobody is told anything.

        ``open`` makes a connection of its own, so that reading never waits for it.
        """
        self._connection = connection
        self._group = group
        self._answer_ms = answer_ms
        self._monotonic = monotonic
        self._last = -_EVERY_SECONDS
        self._latest: Mapping[Partition, int] = {}
        self._is_told = True
        self._is_refused = False
        self.failures = 0
        self._consumer: Any = None

    def open(self) -> None:
        """Connect, unless connected."""
        if self._consumer is not None or self._group is None:
            return
        try:
            self._consumer = open_consumer(
                self._connection, self._answer_ms, group_id=self._group
            )
        except SourceUnavailable:
            self.failures += 1

    def drop(self) -> None:
        """Let the connection go, because the brokers have moved; ``open`` follows."""
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            consumer.close(autocommit=False, timeout_ms=0)

    def publish(self, offsets: Mapping[Partition, int]) -> None:
        """Send the offsets, or keep them for ``tell`` when some were just sent."""
        self._latest, self._is_told = dict(offsets), False
        self.tell()

    def tell(self) -> None:
        """Send the newest offsets once, when it is time; called again and again."""
        now = self._monotonic()
        if self._is_told or now - self._last < _EVERY_SECONDS or self._consumer is None:
            return
        self._last, self._is_told = now, True
        try:
            self._consumer.commit_async(_as_kafka(self._latest), self._answered)
        except KafkaError as problem:
            self._failed(problem)

    def close(self) -> None:
        """Send the last offsets once more, now waiting for the answer, and close."""
        if self._consumer is None:
            return
        consumer, self._consumer = self._consumer, None
        try:
            if self._latest:
                consumer.commit(_as_kafka(self._latest), timeout_ms=_LAST_MS)
        except KafkaError as problem:
            self._failed(problem)
        finally:
            consumer.close(autocommit=False, timeout_ms=1_000)

    def _answered(self, _: object, answer: object) -> None:
        # The library calls this from a later commit, so a failure is counted late.
        if isinstance(answer, Exception):
            self._failed(answer)
        elif self._is_refused:
            self._is_refused = False
            _LOG.info("offsets are published to the group", group=self._group)

    def _failed(self, problem: Exception) -> None:
        self.failures += 1
        if self._is_refused or not isinstance(problem, GroupAuthorizationFailedError):
            return
        self._is_refused = True
        _LOG.warning(
            "offsets cannot be published to the group",
            group=self._group,
            problem=group_not_allowed(self._group or ""),
        )


def _as_kafka(offsets: Mapping[Partition, int]) -> dict[Any, Any]:
    """Offsets as the library's commit wants them."""
    return {
        TopicPartition(*partition): OffsetAndMetadata(offset, "", -1)
        for partition, offset in offsets.items()
    }
