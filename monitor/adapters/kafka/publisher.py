"""Publishes dead letters from the store's outbox: each at least once.

The letter is in the store before it is sent and leaves it after the broker has it.
Sending first would publish letters of a batch that was never stored; forgetting
first would lose them. A crash between the two sends a letter again, with the same
key, so that a reader can tell.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from kafka import KafkaProducer
from kafka.errors import KafkaError, MessageSizeTooLargeError
from kafka.future import Future

from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.reader import open_client
from monitor.errors import SourceUnavailable
from monitor.pipeline.ports import MAX_PUBLISHED_BYTES, Changes, DeadLetter, State

_AT_ONCE: Final = 100
_RETRY_SECONDS: Final = 30.0
_BLOCK_MS: Final = 1_000
_ANSWER_MS: Final = 15_000
_ROOM_FOR_HEADERS: Final = 100_000


class DeadLetterPublisher:
    """Sends what waits in the outbox, a little at each ``step``; never raises for it.

    Used by the thread of the state. ``failures`` counts refused attempts, each tried
    again after half a minute; ``given_up`` counts bodies the topic does not take.
    """

    def __init__(
        self,
        connection: Connection,
        topic: str,
        state: State,
        monotonic: Callable[[], float],
    ) -> None:
        """Remember how to connect; the first letter opens the connection."""
        self._connection = connection
        self._topic = topic
        self._state = state
        self._monotonic = monotonic
        self._producer: Any = None
        self._flying: dict[int, Any] = {}
        self._not_before = monotonic()
        self._has_failed = False
        self.failures = 0
        self.given_up = 0

    def step(self) -> int:
        """Forget the bodies the broker now has, send the next; the number forgotten.

        Raises StateUnavailable or StateCorrupt, as the state's commit does.
        """
        done = self._landed()
        if done:
            self._state.commit(Changes(outbox_sent=done))
        if self._monotonic() >= self._not_before:
            self._let_go()
            self._send()
        return len(done)

    def close(self, timeout_seconds: float = 2.0) -> None:
        """Wait briefly for what is under way; the rest is sent at the next start."""
        if self._producer is None:
            return
        try:
            self._producer.flush(timeout=timeout_seconds)
        except KafkaError:
            self.failures += 1
        done = self._landed()
        if done:
            self._state.commit(Changes(outbox_sent=done))
        self._producer.close(timeout=1)
        self._producer = None

    def _landed(self) -> list[int]:
        done: list[int] = []
        for number, flight in list(self._flying.items()):
            if not flight.is_done:
                continue
            del self._flying[number]
            if flight.exception is None:
                done.append(number)
            elif isinstance(flight.exception, MessageSizeTooLargeError):
                self.given_up += 1
                done.append(number)
            else:
                self._failed()
        return done

    def _send(self) -> None:
        room = _AT_ONCE - len(self._flying)
        waiting = [
            each for each in self._state.unsent(_AT_ONCE) if each.id not in self._flying
        ]
        try:
            for each in waiting[:room]:
                self._flying[each.id] = self._launch(each.letter)
        except (KafkaError, SourceUnavailable):
            self._failed()

    def _launch(self, letter: DeadLetter) -> Any:
        if self._producer is None:
            self._producer = _open(self._connection)
        place = f"{letter.topic}/{letter.partition}/{letter.offset}"
        try:
            return self._producer.send(
                self._topic,
                value=letter.body,
                key=place.encode(),
                headers=_headers(letter),
            )
        except MessageSizeTooLargeError as problem:
            return Future().failure(problem)

    def _let_go(self) -> None:
        """After a failure connect anew: the brokers may have moved.

        The library asks only the addresses that it was told last.
        """
        if not self._has_failed or self._flying:
            return
        self._has_failed = False
        if self._producer is not None:
            self._producer.close(timeout=1)
            self._producer = None

    def _failed(self) -> None:
        self.failures += 1
        self._has_failed = True
        self._not_before = self._monotonic() + _RETRY_SECONDS


def _open(connection: Connection) -> Any:
    return open_client(
        KafkaProducer,
        connection,
        _BLOCK_MS,
        acks="all",
        # One letter that the topic refuses takes its whole batch with it, and an
        # idempotent producer for good; so each is a batch, and twice is allowed.
        batch_size=0,
        enable_idempotence=False,
        max_block_ms=_BLOCK_MS,
        request_timeout_ms=_ANSWER_MS,
        delivery_timeout_ms=_ANSWER_MS,
        max_request_size=MAX_PUBLISHED_BYTES + _ROOM_FOR_HEADERS,
    )


def _headers(letter: DeadLetter) -> list[tuple[str, bytes]]:
    return [
        ("friction.topic", letter.topic.encode()),
        ("friction.partition", str(letter.partition).encode()),
        ("friction.offset", str(letter.offset).encode()),
        ("friction.sha256", letter.sha256.encode()),
        ("friction.reasons", json.dumps(letter.reasons).encode()),
    ]
