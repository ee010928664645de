"""Whether the write-ahead log beside a state file is the log of this file.

SQLite reads any log that bears the name into the file, also that of another file which
a kill left there before a backup was put in its place. So each commit names itself and
the commit before it, in a row with a page of its own. A log is the file's where the
file holds the commit before the log's first one, or one of the log's: it may have been
copied in part, and a backup made since the log was begun ends up the same. Neither
names nor inodes tell that: file and log may be copied and moved together.

The format is that of https://www.sqlite.org/fileformat2.html, with chapter 4 for logs.
"""

from __future__ import annotations

import shlex
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from monitor.adapters.open_files import shortage_of_files
from monitor.pipeline.ports import StateUnavailable

# One row, whose number no row of another table has; 8 random bytes name a commit.
SCHEMA: Final = """
CREATE TABLE last_commit (
    id INTEGER PRIMARY KEY, previous BLOB NOT NULL, name BLOB NOT NULL
) STRICT;
INSERT INTO last_commit VALUES (0x46524943, zeroblob(8), randomblob(8))
"""
_NEXT: Final = "UPDATE last_commit SET previous = name, name = randomblob(8)"
_NAME_BYTES: Final = 8
# Before the names in the row: its length, its number, its header of 4 bytes (an empty
# value, as the number is the row's own, and two blobs of 8 bytes).
_ROW_BEGINS: Final = bytes.fromhex("14 84b2c99243 04 00 1c 1c")
_LOG_BEGINS: Final = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
_LOG_HEADER: Final = 32
_FRAME_HEADER: Final = 24
_WRITTEN_WITHOUT_LOG: Final = b"\x01\x01"
_NOBODY: Final = bytes(_NAME_BYTES)


class _Commit(NamedTuple):
    """The name of a commit, and of the one before it."""

    previous: bytes
    name: bytes


_NO_COMMIT: Final = _Commit(_NOBODY, _NOBODY)


def go_on(connection: sqlite3.Connection) -> None:
    """Name the transaction at hand, and the commit it follows."""
    connection.execute(_NEXT)


def refuse_strange_log(path: Path) -> None:
    """Raise StateUnavailable where the log beside the file is another file's.

    To be asked while nobody writes: who does may begin the log anew meanwhile.
    """
    log, index = (path.with_name(path.name + end) for end in ("-wal", "-shm"))
    try:
        # Beside an empty file SQLite removes the log.
        if not log.is_file() or not path.is_file() or not path.stat().st_size:
            return
        with path.open("rb") as file, log.open("rb") as logged:
            if _belongs(file, logged):
                return
    except OSError as problem:
        raise StateUnavailable(
            f"cannot read state file {path} and its log {log}: {_remedy(problem)}"
        ) from problem
    raise StateUnavailable(
        f"{log} is the log of another file than state file {path}, which was replaced, "
        f"by a backup perhaps: read into it, the log would damage it. Nothing was "
        f"changed. To go on with the file as it is, remove the log, `rm "
        f"{shlex.quote(str(log))} {shlex.quote(str(index))}`, and start again: what "
        f"it has not is read anew from the topics. Or put the file back that was "
        f"here before, and leave the log."
    )


def _remedy(problem: OSError) -> str:
    return shortage_of_files(problem) or (
        f"{problem.strerror}. Both must be readable and writable for the user of the "
        f"service."
    )


def _belongs(file: BinaryIO, log: BinaryIO) -> bool:
    commits = _commits(log)
    place, first = next(commits, (0, _NO_COMMIT))
    if not place:
        return True  # nothing is in it, or what earlier programs wrote
    file.seek(18)
    if file.read(2) == _WRITTEN_WITHOUT_LOG:
        return False  # of VACUUM INTO: the same commit, on other pages
    file.seek(place)
    held = (_commit(file.read(65_536)) or _NO_COMMIT).name
    if held in first:
        return True
    return any(held == commit.name for _, commit in commits)


def _commits(log: BinaryIO) -> Iterator[tuple[int, _Commit]]:
    """The commits of a log, in order, each with where in the file its row belongs."""
    header = log.read(_LOG_HEADER)
    if header[:4] not in _LOG_BEGINS:
        return
    size, salts = int.from_bytes(header[8:12]), header[16:24]
    while len(frame := log.read(_FRAME_HEADER + size)) == _FRAME_HEADER + size:
        if frame[8:16] != salts:
            return  # left of a log before this one
        if commit := _commit(frame[_FRAME_HEADER:]):
            yield (int.from_bytes(frame[:4]) - 1) * size, commit


def _commit(page: bytes) -> _Commit | None:
    """What the one row of a page names, if it is the row of the last commit."""
    if (page[0:1], page[3:5]) != (b"\x0d", b"\x00\x01"):
        return None
    begin = int.from_bytes(page[8:10])
    names = begin + len(_ROW_BEGINS)
    if page[begin:names] != _ROW_BEGINS:
        return None
    after = names + _NAME_BYTES
    return _Commit(page[names:after], page[after : after + _NAME_BYTES])
