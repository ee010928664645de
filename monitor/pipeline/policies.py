"""Policies as values: how much is read at once, and what stops the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Limits(NamedTuple):
    """The bounds of one poll."""

    max_records: int
    max_bytes: int
    timeout_ms: int


@dataclass(frozen=True, slots=True)
class Batching:
    """Small commits when live, big batches while catching up.

    Bytes bound one poll: its bodies are held until they are decoded, and fifty
    thousand webhook bodies are most of a gigabyte.
    """

    live_ms: int = 250
    live_records: int = 2_000
    catch_up_records: int = 100_000
    catch_up_bytes: int = 8_000_000
    # Fewer records are read before another process has started and connected.
    assistant_from_records: int = 20_000

    def limits(self, *, live: bool) -> Limits:
        """The bounds that hold now."""
        records = self.live_records if live else self.catch_up_records
        return Limits(records, self.catch_up_bytes, self.live_ms)


CATCH_UP = Batching()
