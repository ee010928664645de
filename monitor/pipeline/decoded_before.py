"""Whether what is stored was read by a program that decodes as this one does.

Facts are stored as they were decoded and related when they were read. A later program
works out its numbers from them, and cannot read them as it would read the records: a
state that goes on under another decoding differs from ``evaluate`` over the same
records until all is read anew.
"""

from __future__ import annotations

from typing import Final

from monitor.domain.stored_values import reading_stored
from monitor.pipeline.ports import Changes, StateReader

# Raised where the same records come to other facts than before, or to facts that are
# kept elsewhere (decode, attribution, relate): what is stored stays as it is, and a
# start on a state of before says so. Where only what facts come to is another,
# ``restating`` has a number.
DECODING: Final = 8
# States from before there was a number.
_UNKNOWN: Final = 0
_KEY: Final = "decoding"

READ_OTHERWISE: Final = (
    "a friction-monitor of another version read some of the records, and made other "
    "facts of them than this one: numbers may differ from those of `friction evaluate` "
    "over the same records. For equal ones: stop, move the state file away and start "
    "anew from the oldest record"
)


def is_read_otherwise(state: StateReader) -> bool:
    """Whether other decoding than this program's read some of what is stored."""
    return _oldest(state) != DECODING


def put_decoding(state: StateReader, changes: Changes) -> None:
    """Store which decoding is the oldest, from now on this program's too."""
    oldest = str(min(_oldest(state), DECODING)).encode()
    if state.get_many("meta", [_KEY]).get(_KEY) != oldest:
        changes.put("meta", _KEY, oldest)


def _oldest(state: StateReader) -> int:
    """The oldest decoding of what is stored; this program's where nothing was read."""
    if not state.offsets():
        return DECODING
    stored = state.get_many("meta", [_KEY]).get(_KEY)
    with reading_stored("the decoding"):
        return _UNKNOWN if stored is None else int(stored)
