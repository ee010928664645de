"""Stored values that cannot be read, where the store itself found nothing amiss."""

from __future__ import annotations

import contextlib
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import Final

from monitor.errors import StateCorrupt

# What reading text, JSON and packed numbers can end with, and taking them apart.
UNREADABLE: Final = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    struct.error,
    zlib.error,
)

_WHOLE: Final = frozenset({int})


def unreadable(what: str, problem: Exception) -> StateCorrupt:
    """What is said of a stored value: what it is and what to do, not a word of it."""
    return StateCorrupt(
        f"the state file ([state] path) is damaged, or a newer friction-monitor "
        f"wrote it: what it has of {what} cannot be read "
        f"({type(problem).__name__}). Move it away together with its -wal and -shm, "
        f"then restore it from a backup or start anew from the topics."
    )


@contextlib.contextmanager
def reading_stored(what: str) -> Iterator[None]:
    """Read stored values, and nothing else, in the block.

    Raises StateCorrupt where they cannot be read.
    """
    try:
        yield
    except UNREADABLE as problem:
        raise unreadable(what, problem) from problem


def refuse_fractions(numbers: Iterable[object]) -> None:
    """Raise TypeError unless all are whole numbers, as all instants and sums are.

    Of JSON that was damaged some is JSON still, mostly with a point in a number.
    """
    if not _WHOLE.issuperset(map(type, numbers)):
        raise TypeError("not a whole number")
