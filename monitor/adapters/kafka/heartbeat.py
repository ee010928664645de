"""Whether the broker still answers: asked every few seconds, never waited for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final, Protocol

from kafka.errors import (
    InvalidTopicError,
    LeaderNotAvailableError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)

_EVERY_SECONDS: Final = 5.0
# The answer is in, and it is about the only topic that was asked for. What else fails
# is the way to a broker.
ANSWERS: Final = (
    InvalidTopicError,
    LeaderNotAvailableError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)


class Asking(Protocol):
    """What asks the broker in the background, as ``Reader`` does."""

    def ask_metadata(self, topics: Collection[str]) -> Any:
        """A future that is done when the topics' partitions are known."""

    def is_throttled(self) -> bool:
        """Whether a broker has answered, and wants to hear nothing for a while."""


class Heartbeat:
    """Asks for metadata in the background; its answer also tells new partitions.

    A consumer whose broker is away just returns nothing, as on a quiet topic: this
    tells the two apart within ten seconds. A broker that throttles us has answered:
    with for how long it wants to hear nothing, so that what we ask is held back.
    ``is_held_back`` is whether the last answer was no other.
    """

    def __init__(
        self, reader: Asking, topics: Collection[str], monotonic: Callable[[], float]
    ) -> None:
        """Begin to count now."""
        self._reader = reader
        self._topics = topics
        self._monotonic = monotonic
        self._since = monotonic()
        self._throttled = monotonic()
        self._asked: Any = None
        self.is_held_back = False

    def beat(self) -> bool | None:
        """Whether the broker answered; None when there is no news."""
        if self._asked is None:
            if self._is_late():
                self._since = self._monotonic()
                self._asked = self._reader.ask_metadata(self._topics)
            return None
        if self._asked.is_done:
            asked, self._asked = self._asked, None
            self.is_held_back = False
            return asked.exception is None or isinstance(asked.exception, ANSWERS)
        return self._overdue()

    def _overdue(self) -> bool | None:
        now = self._monotonic()
        if is_throttled := self._reader.is_throttled():
            self._throttled = now
        elif now - self._throttled < _EVERY_SECONDS:
            return None  # what was held back is under way
        if not self._is_late():
            return None
        self._since = now
        self.is_held_back = is_throttled
        return is_throttled

    def _is_late(self) -> bool:
        return self._monotonic() - self._since >= _EVERY_SECONDS
