"""Publishes dead letters from the store's outbox: each at least once.

The letter is in the store before it is sent and leaves it after the broker has it.
Sending first would publish letters of a batch that was never stored; forgetting
first would lose them. A crash between the two sends a letter again, with the same
key, so that a reader can tell.
"""

from __future__ import annotations

import json
from typing import Any, Final

import structlog
from kafka import KafkaProducer
from kafka.errors import (
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    UnknownTopicOrPartitionError,
)
from kafka.future import Future

from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.reader import open_client
from monitor.errors import SourceUnavailable
from monitor.pipeline.ports import MAX_PUBLISHED_BYTES, Changes, DeadLetter, State
from monitor.pipeline.watching import Watch

_LOG = structlog.get_logger()
_AT_ONCE: Final = 100
_RETRY_SECONDS: Final = 30.0
_BLOCK_MS: Final = 1_000
_ANSWER_MS: Final = 15_000
_ROOM_FOR_HEADERS: Final = 100_000
_NO_TOPIC: Final = (KafkaTimeoutError, UnknownTopicOrPartitionError)


class DeadLetterPublisher:
    """Sends what waits in the outbox, a little at each ``step``; never raises for it.

    Used by the thread of the state. Counted are refused attempts, each tried again
    after half a minute, and bodies the topic does not take. Of failures the first is
    told, then another kind, then that it works again; of bodies given up the first.
    """

    def __init__(
        self,
        connection: Connection,
        topic: str,
        state: State,
        watch: Watch,
    ) -> None:
        """Remember how to connect; the first letter opens the connection."""
        self._connection = connection
        self._topic = topic
        self._state = state
        self._watch = watch
        self._producer: Any = None
        self._flying: dict[int, tuple[str, Any]] = {}
        self._not_before = watch.monotonic()
        self._has_failed = False
        self._kind = ""
        self._has_given_up = False

    def step(self) -> int:
        """Forget the bodies the broker now has, send the next; the number forgotten.

        Raises StateUnavailable or StateCorrupt, as the state's commit does.
        """
        done = self._landed()
        if done:
            self._state.commit(Changes(outbox_sent=done))
        if self._watch.monotonic() >= self._not_before:
            self._let_go()
            self._send()
        return len(done)

    def close(self, timeout_seconds: float = 2.0) -> None:
        """Wait briefly for what is under way; the rest is sent at the next start."""
        if self._producer is None:
            return
        try:
            self._producer.flush(timeout=timeout_seconds)
        except KafkaError as problem:
            self._failed(problem)
        done = self._landed()
        self._producer.close(timeout=1)
        self._producer = None
        if done:
            self._state.commit(Changes(outbox_sent=done))

    def _landed(self) -> list[int]:
        done: list[int] = []
        for number, (place, flight) in list(self._flying.items()):
            if not flight.is_done:
                continue
            del self._flying[number]
            if flight.exception is None:
                self._sent()
                done.append(number)
            elif isinstance(flight.exception, MessageSizeTooLargeError):
                self._gave_up(place, flight.exception)
                done.append(number)
            else:
                self._failed(flight.exception)
        return done

    def _send(self) -> None:
        room = _AT_ONCE - len(self._flying)
        waiting = [
            each for each in self._state.unsent(_AT_ONCE) if each.id not in self._flying
        ]
        try:
            for each in waiting[:room]:
                place = _place(each.letter)
                self._flying[each.id] = place, self._launch(each.letter, place)
        except (KafkaError, SourceUnavailable) as problem:
            self._failed(problem)

    def _launch(self, letter: DeadLetter, place: str) -> Any:
        if self._producer is None:
            self._producer = _open(self._connection)
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

    def _sent(self) -> None:
        if self._kind:
            self._kind = ""
            _LOG.info("rejected records are published", topic=self._topic)

    def _gave_up(self, place: str, problem: Exception) -> None:
        self._watch.meter.count("friction_dead_letters_given_up_total")
        if not self._has_given_up:
            self._has_given_up = True
            _LOG.warning(
                "a rejected record is given up: the topic does not take it",
                topic=self._topic,
                first=place,
                problem=_words(problem),
            )

    def _failed(self, problem: Exception) -> None:
        self._watch.meter.count("friction_dead_letter_publish_failures_total")
        self._has_failed = True
        self._not_before = self._watch.monotonic() + _RETRY_SECONDS
        if self._kind != (kind := type(problem).__name__):
            self._kind = kind
            _LOG.warning(
                "rejected records cannot be published",
                topic=self._topic,
                problem=_why(problem, self._topic),
            )


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


def _place(letter: DeadLetter) -> str:
    return f"{letter.topic}/{letter.partition}/{letter.offset}"


def _words(problem: Exception) -> str:
    """What failed; the library's errors tell sizes and places, no bytes."""
    return f"{type(problem).__name__}: {problem}"


def _why(problem: Exception, topic: str) -> str:
    """What keeps letters from the topic; of one that is missing the library says none.

    It only waits for it in vain, or for the answer to a record, as it does where the
    topic refuses all records until more of its replicas are there.
    """
    if not isinstance(problem, _NO_TOPIC):
        return _words(problem)
    return (
        f"topic {topic} does not exist, or no broker answers for it: create it, or "
        f"correct [dead_letters] topic; or fewer of its replicas are in sync than its "
        f"min.insync.replicas: start the brokers that hold them ({_words(problem)})"
    )


def _headers(letter: DeadLetter) -> list[tuple[str, bytes]]:
    return [
        ("friction.topic", letter.topic.encode()),
        ("friction.partition", str(letter.partition).encode()),
        ("friction.offset", str(letter.offset).encode()),
        ("friction.sha256", letter.sha256.encode()),
        ("friction.reasons", json.dumps(letter.reasons).encode()),
    ]
