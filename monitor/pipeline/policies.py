"""Policies as values: how much is read at once, and what stops the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

_LIVE_BYTES: Final = 8_000_000
# Enough to be worth passing on, few enough to share out.
_SLICE_RECORDS: Final = 1_000


class Limits(NamedTuple):
    """The bounds of one poll, and of all polls of a batch."""

    max_records: int
    max_bytes: int
    timeout_ms: int
    batch_records: int


@dataclass(frozen=True, slots=True)
class Batching:
    """Small commits when live, big batches while catching up.

    While catching up a batch is read in slices, which are decoded as they come, beside
    each other; ``catch_up_bytes`` bounds the bodies of a slice, because fifty thousand
    webhook bodies are most of a gigabyte.
    """

    live_ms: int = 250
    live_records: int = 2_000
    catch_up_records: int = 20_000
    catch_up_bytes: int = 2_000_000

    def limits(self, *, live: bool) -> Limits:
        """The bounds that hold now."""
        if live:
            most = self.live_records
            return Limits(most, _LIVE_BYTES, self.live_ms, most)
        most = self.catch_up_records
        return Limits(
            min(_SLICE_RECORDS, most), self.catch_up_bytes, self.live_ms, most
        )


CATCH_UP = Batching()
