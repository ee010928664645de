"""Opening a state file: durability settings, schema, version, and readable errors."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from monitor.adapters.state import keyed, ledger
from monitor.adapters.state.lock import holder_of
from monitor.adapters.state.log_origin import SCHEMA as ORIGIN
from monitor.adapters.state.log_origin import refuse_strange_log
from monitor.adapters.state.place import refuse_no_file, refuse_unfit
from monitor.adapters.state.rights import (
    forbidden_to_read,
    forbidden_to_write,
    unindexed,
    unreadable,
    unwritable,
)
from monitor.errors import FrictionError, StateCorrupt
from monitor.pipeline.ports import LOOKED_UP, TABLES, StateUnavailable

# Written into the file's header: what kind of file it is, and of which version.
APPLICATION_ID: Final = 0x46524943  # "FRIC"
SCHEMA_VERSION: Final = 6
# What a version has not is made when the file is opened for writing.
_WITHOUT_LEDGER: Final = 2
_WITHOUT_SEALED: Final = 3
_WITH_ALL_KEYS: Final = 4
_WITHOUT_ORIGIN: Final = 5

# How long a commit waits for someone who looks into the file with SQL tools.
_BUSY_SECONDS: Final = 5.0
_CACHE_KIB: Final = 32 * 1024
_WAL_KEPT_BYTES: Final = 64 * 1024 * 1024

_OTHERS: Final = """
CREATE TABLE offsets (
    topic TEXT NOT NULL, number INTEGER NOT NULL, next INTEGER NOT NULL,
    PRIMARY KEY (topic, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE boundaries (
    hour INTEGER NOT NULL, place INTEGER NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (hour, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE dead_letters (
    id INTEGER PRIMARY KEY, topic TEXT NOT NULL, number INTEGER NOT NULL,
    record INTEGER NOT NULL, timestamp INTEGER, reasons TEXT NOT NULL,
    sha256 TEXT NOT NULL, body BLOB
) STRICT;
CREATE INDEX unsent ON dead_letters (id) WHERE body IS NOT NULL;
"""
# Read and written by whoever made it, and by nobody else.
_OWNERS: Final = 0o600
_GONE: Final = "CREATE TABLE gone (id INTEGER PRIMARY KEY) STRICT"


def open_for_writing(path: Path) -> sqlite3.Connection:
    """The connection of the one writer; creates and prepares a new file.

    Every commit is on the disk when it returns (WAL, synchronous=FULL). A file of
    an earlier version is brought up to date, which may read all timelines once. Raises
    StateUnavailable, StateCorrupt. The caller has the lock.
    """
    refuse_strange_log(path)
    _make_for_owner(path)
    with readable_errors(path):
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        with contextlib.ExitStack() as undo:
            undo.callback(connection.close)
            _prepare(connection, path)
            undo.pop_all()
        return connection


def _make_for_owner(path: Path) -> None:
    """Make a file that is missing so that its owner alone may read it, and its log.

    Rejected records wait in it as they came, persons in them. SQLite gives its log and
    index the mode of the file; one that is there keeps its own.
    """
    if not path.exists():
        # What cannot be made SQLite tells better.
        with contextlib.suppress(OSError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _OWNERS))


def checkpoint_at(connection: sqlite3.Connection, pages: int) -> None:
    """From now on a commit copies the log into the file when it has so many pages."""
    connection.execute(f"PRAGMA wal_autocheckpoint={pages}")


def empty_log(connection: sqlite3.Connection) -> None:
    """Copy the log into the file it belongs to, and leave nothing in it.

    Somebody who still reads keeps it from being emptied; that is no error.
    """
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that sees one commit only, the last one when it first reads.

    Beside a running writer or alone.

    Takes no lock a writer would wait for. Raises StateUnavailable, StateCorrupt.
    """
    # Without a write-ahead log beside it nobody writes, and the directory may be
    # one we cannot write to, where SQLite refuses the ordinary read-only mode.
    try:
        alone = not path.with_name(path.name + "-wal").exists()
    except PermissionError:
        raise StateUnavailable(unreadable(path)) from None
    if alone:
        refuse_unfit(path)
    else:  # a log beside it says that this is the writer's name
        refuse_no_file(path)
    if not path.is_file():
        raise StateUnavailable(
            f"there is no state file {path}: run `friction run` first"
        )
    if not os.access(path, os.R_OK):
        raise StateUnavailable(unreadable(path))
    if not alone and holder_of(path) is None:
        refuse_strange_log(path)  # whoever has the file has asked
    mode = "immutable=1" if alone else "mode=ro"
    with readable_errors(path, reads_only=True):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?{mode}",
            uri=True,
            timeout=_BUSY_SECONDS,
            isolation_level=None,
        )
        with contextlib.ExitStack() as undo:
            undo.callback(connection.close)
            _refuse_strangers(connection, path, must_exist=True)
            connection.execute("BEGIN")
            undo.pop_all()
        return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    _refuse_strangers(connection, path, must_exist=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"PRAGMA journal_size_limit={_WAL_KEPT_BYTES}")
    connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
    version = _header(connection, "user_version")
    if version == 0:
        _create(connection)
    elif version < SCHEMA_VERSION:
        _bring_up_to_date(connection, version)
    if version < SCHEMA_VERSION:
        empty_log(connection)  # from here on the file itself names its last commit


def _create(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for table in TABLES:
        connection.execute(keyed.schema_of(table))
    for statements in (_OTHERS, ledger.SCHEMA, _GONE, ORIGIN):
        _execute_all(connection, statements)
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
    connection.execute("COMMIT")


def _bring_up_to_date(connection: sqlite3.Connection, version: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    if version <= _WITHOUT_LEDGER:
        _execute_all(connection, ledger.SCHEMA)
        ledger.fill(connection)
    if version <= _WITHOUT_SEALED:
        connection.execute(keyed.schema_of("sealed"))
        connection.execute(_GONE)
    if version <= _WITH_ALL_KEYS:
        _leave_keys_out(connection)
    if version <= _WITHOUT_ORIGIN:
        _execute_all(connection, ORIGIN)
    connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
    connection.execute("COMMIT")


def _execute_all(connection: sqlite3.Connection, statements: str) -> None:
    for statement in statements.split(";"):
        connection.execute(statement)


def _leave_keys_out(connection: sqlite3.Connection) -> None:
    """Put what verifies a key in the place of keys that nobody reads back."""
    connection.create_function("check_of", 1, keyed.check_of, deterministic=True)
    for table in LOOKED_UP:
        connection.execute(f"ALTER TABLE {table} RENAME TO with_keys")
        connection.execute(keyed.schema_of(table))
        connection.execute(
            f"INSERT INTO {table} SELECT id, check_of(key), value FROM with_keys "  # noqa: S608
            "ORDER BY id"
        )
        connection.execute("DROP TABLE with_keys")


def _refuse_strangers(
    connection: sqlite3.Connection, path: Path, *, must_exist: bool
) -> None:
    version = _header(connection, "user_version")
    application = _header(connection, "application_id")
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    empty = not (version or application or tables)
    if empty and not must_exist:
        return
    if application != APPLICATION_ID:
        raise StateCorrupt(
            f"{path} is not a state file of friction-monitor; it was left untouched. "
            f"Give another [state] path."
        )
    if _WITHOUT_LEDGER <= version < SCHEMA_VERSION and must_exist:
        raise StateCorrupt(
            f"state file {path} has version {version}, made by an older "
            f"friction-monitor. Start `friction run` once: it brings it up to date."
        )
    if version < _WITHOUT_LEDGER:
        raise StateCorrupt(
            f"state file {path} has version {version}, made by a friction-monitor "
            f"before the first release; this one knows {SCHEMA_VERSION}. Give another "
            f"[state] path to start anew from the topics."
        )
    if version > SCHEMA_VERSION:
        raise StateCorrupt(
            f"state file {path} has version {version}, made by a newer "
            f"friction-monitor; this one knows up to {SCHEMA_VERSION}. Use the newer "
            f"program, or another [state] path to start anew from the topics."
        )


def _header(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


@contextlib.contextmanager
def readable_errors(path: Path, *, reads_only: bool = False) -> Iterator[None]:
    """Turn SQLite's errors into StateUnavailable or StateCorrupt with what to do."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # a mistake of ours, not of the file
    except sqlite3.DatabaseError as problem:
        raise _readable(path, problem, reads_only=reads_only) from problem


def _refused(path: Path, name: str, said: str, *, reads_only: bool) -> str | None:
    """What rights are missing, if that is why SQLite refuses."""
    if name.startswith("SQLITE_READONLY"):
        return (unindexed if reads_only else unwritable)(path, said)
    if name.startswith("SQLITE_CANTOPEN"):
        return (forbidden_to_read if reads_only else forbidden_to_write)(path, said)
    return None


def _readable(
    path: Path, problem: sqlite3.DatabaseError, *, reads_only: bool
) -> FrictionError:
    name = getattr(problem, "sqlite_errorname", "SQLITE_ERROR")
    said = f"{problem} ({name})"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StateUnavailable(
            f"state file {path} is locked by another program: {said}. Close whatever "
            f"has it open, then start again; nothing half-written."
        )
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return StateUnavailable(
            f"the disk of state file {path} is full or failing: {said}. Make room (or "
            f"allow larger files, where `ulimit -f` limits them), then start again; "
            f"nothing half-written."
        )
    if text := _refused(path, name, said, reads_only=reads_only):
        return StateUnavailable(text)
    if name == "SQLITE_NOTADB":
        # Any file that was named by mistake; its first page being lost looks the same.
        return StateCorrupt(
            f"{path} is not a state file of friction-monitor: {said}. Give another "
            f"[state] path. If it was one, it is damaged: move it away together with "
            f"{path}-wal and {path}-shm, then restore it from a backup or start anew "
            f"from the topics."
        )
    if isinstance(problem, sqlite3.OperationalError):
        return StateUnavailable(f"state file {path} cannot be used: {said}")
    return StateCorrupt(
        f"state file {path} is damaged: {said}. Move it away together with {path}-wal "
        f"and {path}-shm, then restore it from a backup or start anew from the topics."
    )
