"""The state file: can it be used, who uses it, and how far it has read."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from monitor.adapters.doctor.check import Check, note, ok, wrong
from monitor.adapters.state.lock import holder_of
from monitor.adapters.state.sqlite import SqliteReader
from monitor.errors import StateCorrupt
from monitor.pipeline.deferring import deferred_in
from monitor.pipeline.ports import KEPT_DEAD_LETTERS, Partition, StateUnavailable

# A year of a large organisation stays well below it.
_LITTLE_ROOM: Final = 2 * 1024**3


def state_checks(path: Path) -> tuple[list[Check], dict[Partition, int], bool]:
    """What there is to say; the stored offsets; whether a service has the file."""
    what = f"state {path}"
    room = _room(path)
    if not path.exists():
        folder = path.absolute().parent
        if not os.access(folder, os.W_OK):
            text = f"the folder {folder} is missing or may not be written to"
            return [wrong(what, text)], {}, False
        text = "there is none yet: `friction run` makes it"
        return [note(what, text), *room], {}, False
    try:
        with contextlib.closing(SqliteReader(path)) as state:
            offsets, waiting = state.offsets(), deferred_in(state)
            letters = len(state.dead_letters(KEPT_DEAD_LETTERS))
    except (StateUnavailable, StateCorrupt) as problem:
        return [wrong(what, str(problem))], {}, False
    said = f"readable, offsets of {len(offsets)} partitions"
    if waiting:
        said += f", catching up: {waiting:,} items are to be evaluated"
    found = [ok(what, said), *room]
    if letters:
        found.append(note("dead letters", f"{letters:,} records were rejected"))
    holder = holder_of(path)
    if holder is not None:
        found.append(ok(f"{what}.lock", holder))
    return found, offsets, holder is not None


def _room(path: Path) -> Iterator[Check]:
    folder = path.absolute().parent
    free = shutil.disk_usage(folder).free
    said = f"{free / 1024**3:.1f} GiB free on the disk of {folder}"
    if free < _LITTLE_ROOM:
        text = f"{said}: a full disk stops the service; make room"
        yield note("disk", text)
    else:
        yield ok("disk", said)
