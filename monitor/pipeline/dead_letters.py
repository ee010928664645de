"""Dead letters: what is kept of a record that cannot be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A rejected record: where it is, and every reason. No content.

    ``body`` is set only while publishing to a dead-letter topic is on, up to
    MAX_PUBLISHED_BYTES, and is removed once the broker has it.
    """

    topic: str
    partition: int
    offset: int
    timestamp: int | None
    reasons: tuple[str, ...]
    sha256: str
    body: bytes | None = None


class KeptLetter(NamedTuple):
    """A dead letter as it is shown: without its body, and whether that ``waits``.

    It does until it is published, or the dead-letter topic refuses it.
    """

    letter: DeadLetter
    waits: bool
