"""How long to wait: between attempts, and for a client that gets no answer.

kafka-python goes on at the addresses that the brokers told last, and asks the
bootstrap servers never again. Brokers that have all moved are lost to it for good.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from monitor.adapters.kafka.connection import Address

_FIRST_DELAY_SECONDS: Final = 0.5
_LONGEST_DELAY_SECONDS: Final = 30.0
_FIRST_SECONDS: Final = 60.0
_LONGEST_SECONDS: Final = 960.0


def delay_seconds(failures: int) -> float:
    """How long to wait after so many failures in a row: doubling, at most 30 s."""
    doublings = min(failures - 1, 10)
    return min(_FIRST_DELAY_SECONDS * 2.0**doublings, _LONGEST_DELAY_SECONDS)


@dataclass(slots=True)
class Backoff:
    """When the next attempt may be made, by how many failed in a row."""

    _failures: int = 0
    _not_before: float = 0.0

    def failed(self, now: float) -> None:
        """Wait longer than the last time."""
        self._failures += 1
        self._not_before = now + delay_seconds(self._failures)

    def is_over(self, now: float) -> bool:
        """Whether it is time."""
        return now >= self._not_before


@dataclass(slots=True)
class Patience:
    """Patience with one client: at an end at once where the brokers have moved.

    A broker restarted at its address is found again by the same client. Where that
    has no answer for a minute although the brokers let others in, it is given up,
    too, and each time after twice as long: a slow line must not end all of them.
    ``is_tried`` from when an answer is overdue until there is one.
    """

    is_tried: bool = False
    _seconds: float = _FIRST_SECONDS
    _since: float | None = None

    def answered(self) -> None:
        """The client has an answer, or records: all is forgotten."""
        self.is_tried = False
        self._seconds = _FIRST_SECONDS
        self._since = None

    def unanswered(self) -> None:
        """An answer is overdue, or nobody is there to ask."""
        self.is_tried = True

    def brokers_are_away(self) -> None:
        """A new client would fare no better."""
        self._since = None

    def is_over(
        self, now: float, known: AbstractSet[Address], told: AbstractSet[Address]
    ) -> bool:
        """Whether to take a new client, while the brokers let others in.

        ``known`` are the addresses that the client goes on at, ``told`` those that the
        brokers tell now; one that is in both is enough to learn the others.
        """
        if told and known.isdisjoint(told):
            return True
        if self._since is None:
            self._since = now
        if now - self._since < self._seconds:
            return False
        self._seconds = min(self._seconds * 2, _LONGEST_SECONDS)
        self._since = None
        return True
