"""The state file: can it be used, who uses it, and how far it has read."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from monitor.adapters.doctor.check import Check, note, ok, wrong
from monitor.adapters.state.lock import holder_of, writer_of
from monitor.adapters.state.place import located, misplaced
from monitor.adapters.state.sqlite import SqliteReader
from monitor.domain.model import DEFAULT_MODEL, Model
from monitor.domain.teams import Directory
from monitor.errors import StateCorrupt
from monitor.pipeline.catching_up.deferring import deferred_in
from monitor.pipeline.decoded_before import READ_OTHERWISE, is_read_otherwise
from monitor.pipeline.ports import Partition, StateUnavailable
from monitor.pipeline.restating import start_due

# A year of a large organisation stays well below it.
_LITTLE_ROOM: Final = 2 * 1024**3


def state_checks(
    path: Path, directory: Directory | None = None, model: Model = DEFAULT_MODEL
) -> tuple[list[Check], dict[Partition, int] | None, bool]:
    """What there is to say; the stored offsets; whether a service has the file.

    The offsets are ``None`` where there is a file and this program cannot read it.
    ``directory``: of the teams file, where there is one; ``model``: of the
    configuration.
    """
    what = f"state {path}"
    if text := misplaced(path):
        return [wrong(what, text)], None, False
    path = located(path)
    holder = holder_of(path)
    # Whoever has it can write to it, whoever asks.
    closed = [wrong(what, text) for text in _closed(path)] if holder is None else []
    if not path.exists():
        missing = [_missing(path, holder)] if holder or not closed else []
        return [*missing, *closed, *_room(path)], {}, holder is not None
    try:
        found, offsets = _contents(what, path, directory, model)
    except (StateUnavailable, StateCorrupt) as problem:
        return [wrong(what, str(problem)), *closed], None, holder is not None
    found += [*closed, *_room(path)]
    if holder is not None:
        found.append(ok(f"{what}.lock", holder))
    elif (other := writer_of(path)) is not None:
        found.append(wrong(what, _held(other)))
    return found, offsets, holder is not None


def _missing(path: Path, holder: str | None) -> Check:
    what = f"state {path}"
    ways = (
        f"move it back, or remove {path}-wal and -shm and restore it from a backup, "
        f"then start the service"
    )
    if holder is not None:
        return wrong(
            what,
            f"it was deleted or moved under a running service ({holder}), which stops: "
            f"{ways} again",
        )
    log = path.with_name(path.name + "-wal")
    if log.is_file() and log.stat().st_size:
        return wrong(
            what,
            f"it was deleted or moved after a kill, without its log {log}: {ways}; "
            f"without it `friction run` reads everything anew",
        )
    return note(what, "there is none yet: `friction run` makes it")


def _held(other: str) -> str:
    return (
        f"{other} is writing to it, or has it locked: `friction run` would stop after "
        f"five seconds. End that program, or its transaction"
    )


def _contents(
    what: str, path: Path, directory: Directory | None, model: Model
) -> tuple[list[Check], dict[Partition, int]]:
    with contextlib.closing(SqliteReader(path)) as state:
        offsets, waiting = state.offsets(), deferred_in(state)
        letters = state.letters_kept()
        read_otherwise = is_read_otherwise(state)
        due = "" if directory is None else start_due(state, directory, model)
    said = f"readable, offsets of {len(offsets)} partitions"
    if waiting:
        said += f", catching up: {waiting:,} items are to be evaluated"
    found = [ok(what, said)]
    if read_otherwise:
        found.append(note(what, READ_OTHERWISE))
    if due:
        found.append(note("teams", due))
    if letters:
        said = f"{letters:,} records were rejected: `friction dead-letters list`"
        found.append(note("dead letters", f"{said} shows them"))
    return found, offsets


def _closed(path: Path) -> Iterator[str]:
    """What ``run`` would have to write to and may not; nothing is tried."""
    beside = (path.with_name(path.name + end) for end in ("", "-wal", "-shm", ".lock"))
    for needed in (path.absolute().parent, *beside):
        if needed.exists() and not os.access(needed, os.W_OK):
            yield (
                f"{needed} may not be written to by this user: `friction run` would "
                f"fail. Give the user of the service the right to write to it."
            )


def _room(path: Path) -> Iterator[Check]:
    folder = path.absolute().parent
    free = shutil.disk_usage(folder).free
    said = f"{free / 1024**3:.1f} GiB free on the disk of {folder}"
    if free < _LITTLE_ROOM:
        text = f"{said}: a full disk stops the service; make room"
        yield note("disk", text)
    else:
        yield ok("disk", said)
