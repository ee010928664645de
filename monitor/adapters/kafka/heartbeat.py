"""Whether the broker still answers: asked every few seconds, never waited for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final

from kafka.errors import TopicAuthorizationFailedError, UnknownTopicOrPartitionError

from monitor.adapters.kafka.reader import Reader

_EVERY_SECONDS: Final = 5.0
# The answer is in, and it is about a topic.
_ANSWERS: Final = (UnknownTopicOrPartitionError, TopicAuthorizationFailedError)


class Heartbeat:
    """Asks for metadata in the background; its answer also tells new partitions.

    A consumer whose broker is away just returns nothing, as on a quiet topic: this
    tells the two apart within ten seconds.
    """

    def __init__(
        self, reader: Reader, topics: Collection[str], monotonic: Callable[[], float]
    ) -> None:
        """Begin to count now."""
        self._reader = reader
        self._topics = topics
        self._monotonic = monotonic
        self._since = monotonic()
        self._asked: Any = None

    def beat(self) -> bool | None:
        """Whether the broker answered; None when there is no news."""
        late = self._monotonic() - self._since >= _EVERY_SECONDS
        if self._asked is None:
            if late:
                self._since = self._monotonic()
                self._asked = self._reader.ask_metadata(self._topics)
            return None
        if self._asked.is_done:
            asked, self._asked = self._asked, None
            return asked.exception is None or isinstance(asked.exception, _ANSWERS)
        if late:
            self._since = self._monotonic()
            return False
        return None
