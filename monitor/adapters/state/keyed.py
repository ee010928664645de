"""Reading and writing rows of keys and values; transactions are the caller's.

Keys become 63-bit integers (``digest``), so that SQLite sorts and looks them up as
row numbers; the key itself is stored beside and verified, because two keys may one
day share a number, and mixing up two items must stop the program, not happen. Keys
are stored as bytes, because they are entities as tools name them, and a lone
surrogate is no text for SQLite. Tables whose keys nobody reads back hold 32 more bits
of each key instead, which verify it as well as is needed: of two keys that share a
number one in four thousand millions would share these, too.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Final

from monitor.domain.facts import digest
from monitor.errors import StateCorrupt
from monitor.pipeline.ports import (
    LOOKED_UP,
    LookedUp,
    Named,
    Stored,
    Table,
)

# Marks of one query: SQLite allows more, and many small queries cost more.
_AT_ONCE: Final = 1000
# Row numbers remembered; then all are forgotten.
_MOST_NUMBERS: Final = 65_536
_LONGEST_KEY: Final = 1_000
_NUMBER: Final = itemgetter(0)
_SCHEMA: Final = (
    "CREATE TABLE {table} (id INTEGER PRIMARY KEY, key {type} NOT NULL, "
    "value BLOB NOT NULL) STRICT"
)


class Numbers(dict[str, int]):
    """The row number of each key, hashed once: what is read is mostly written."""

    def __missing__(self, key: str) -> int:
        """Hash a key that was not asked about lately."""
        if len(key) > _LONGEST_KEY:
            return digest(key)
        if len(self) >= _MOST_NUMBERS:
            self.clear()
        number = self[key] = digest(key)
        return number


def schema_of(table: Table) -> str:
    """The statement that makes a table of keys and values."""
    return _SCHEMA.format(table=table, type="INT" if table in LOOKED_UP else "BLOB")


def check_of(key: bytes) -> int:
    """What verifies a key where the key itself is not kept."""
    return zlib.crc32(key)


def _stamp(table: Table) -> Callable[[str], bytes | int]:
    """What is stored of a key beside its number, to verify it by."""
    return _checked if table in LOOKED_UP else _encoded


def _encoded(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")


def _checked(key: str) -> int:
    return check_of(_encoded(key))


def values(
    connection: sqlite3.Connection,
    table: Table,
    keys: Collection[str],
    number_of: Numbers,
) -> dict[str, bytes]:
    """The stored values of those keys that have one. Raises StateCorrupt."""
    wanted = {number_of[key]: key for key in keys}
    numbers = sorted(wanted)
    found: dict[str, bytes] = {}
    stamp = _stamp(table)
    for start in range(0, len(numbers), _AT_ONCE):
        chunk = numbers[start : start + _AT_ONCE]
        marks = ",".join("?" * len(chunk))
        query = f"SELECT id, key, value FROM {table} WHERE id IN ({marks})"  # noqa: S608
        for number, stored, value in connection.execute(query, chunk):
            key = wanted[number]
            if stored != stamp(key):
                raise _other_key(table, number, stored)
            found[key] = value
    return found


def everything(
    connection: sqlite3.Connection, table: Named
) -> Iterator[tuple[str, bytes]]:
    """Every key and value of a table, streamed."""
    query = f"SELECT key, value FROM {table}"  # noqa: S608
    for key, value in connection.execute(query):
        yield _text(table, key), value


def page(
    connection: sqlite3.Connection, table: Named, after: int, limit: int
) -> list[Stored]:
    """So many rows of a table after a row number, in row order."""
    query = f"SELECT id, key, value FROM {table} WHERE id > ? ORDER BY id LIMIT ?"  # noqa: S608
    return [
        Stored(number, _text(table, key), value)
        for number, key, value in connection.execute(query, (after, limit))
    ]


def numbered(
    connection: sqlite3.Connection, table: LookedUp, after: int, limit: int
) -> list[tuple[int, bytes]]:
    """So many rows of a table without keys after a row number, in row order."""
    query = f"SELECT id, value FROM {table} WHERE id > ? ORDER BY id LIMIT ?"  # noqa: S608
    return connection.execute(query, (after, limit)).fetchall()


def gone(
    connection: sqlite3.Connection, keys: Collection[str], number_of: Numbers
) -> set[str]:
    """Those of the keys that are among the gone."""
    wanted = {number_of[key]: key for key in keys}
    numbers = sorted(wanted)
    found: set[str] = set()
    for start in range(0, len(numbers), _AT_ONCE):
        chunk = numbers[start : start + _AT_ONCE]
        marks = ",".join("?" * len(chunk))
        query = f"SELECT id FROM gone WHERE id IN ({marks})"  # noqa: S608
        found.update(wanted[number] for (number,) in connection.execute(query, chunk))
    return found


def any_gone(connection: sqlite3.Connection) -> bool:
    """Whether anything is gone: where nothing is, nobody has to be asked."""
    found: int = connection.execute("SELECT EXISTS (SELECT 1 FROM gone)").fetchone()[0]
    return bool(found)


def add_gone(
    connection: sqlite3.Connection, keys: Iterable[str], number_of: Numbers
) -> None:
    """Remember keys by their numbers alone: two with one number are both gone.

    That would drop the events of one in 2**62 others, and costs 12 bytes a key
    instead of 50.
    """
    numbers = sorted((number_of[key],) for key in keys)
    connection.executemany("INSERT OR IGNORE INTO gone VALUES (?)", numbers)


def put(
    connection: sqlite3.Connection,
    table: Table,
    changes: Mapping[str, bytes | None],
    number_of: Numbers,
    *,
    afresh: bool = False,
) -> None:
    """Store values and delete keys, in row order. Raises StateCorrupt.

    ``afresh`` takes all rows out before any is put in again: a row that is only made
    shorter leaves its page half empty for ever.
    """
    if afresh:
        _delete(connection, table, changes, number_of)
    stamp = _stamp(table)
    rows = [
        (number_of[key], stamp(key), value)
        for key, value in changes.items()
        if value is not None
    ]
    rows.sort(key=_NUMBER)
    written = connection.executemany(
        f"INSERT INTO {table} VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE "  # noqa: S608
        "SET value = excluded.value WHERE key = excluded.key",
        rows,
    ).rowcount
    if rows and written != len(rows):
        raise _found_other(connection, table, rows)
    gone = [key for key, value in changes.items() if value is None]
    _delete(connection, table, gone, number_of)


def _delete(
    connection: sqlite3.Connection,
    table: Table,
    keys: Iterable[str],
    number_of: Numbers,
) -> None:
    stamp = _stamp(table)
    rows = sorted([(number_of[key], stamp(key)) for key in keys], key=_NUMBER)
    connection.executemany(f"DELETE FROM {table} WHERE id = ? AND key = ?", rows)  # noqa: S608


def shrink(
    connection: sqlite3.Connection, table: Table, values: Mapping[int, bytes]
) -> None:
    """Put shorter values in the place of stored ones, by number, and close the gaps."""
    query = f"DELETE FROM {table} WHERE id = ? RETURNING id, key"  # noqa: S608
    taken = [connection.execute(query, (one,)).fetchone() for one in sorted(values)]
    rows = [(number, key, values[number]) for number, key in filter(None, taken)]
    connection.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", rows)  # noqa: S608


def _found_other(
    connection: sqlite3.Connection,
    table: Table,
    rows: Iterable[tuple[int, bytes | int, bytes]],
) -> Exception:
    """What is wrong with the first row that holds another key than it is to hold."""
    query = f"SELECT key FROM {table} WHERE id = ?"  # noqa: S608
    for number, stamp, _ in rows:
        (stored,) = connection.execute(query, (number,)).fetchone()
        if stored != stamp:
            return _other_key(table, number, stored)
    return _collision(table)


def _other_key(table: Table, number: int, stored: object) -> Exception:
    """What it means that a row holds another key: mostly that its bytes are damaged."""
    if isinstance(stored, bytes) and digest(_text(table, stored)) != number:
        return _damaged(table)
    return _collision(table)


def _text(table: Table, key: bytes) -> str:
    try:
        return key.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as problem:
        raise _damaged(table) from problem


def _damaged(table: Table) -> sqlite3.DatabaseError:
    """As SQLite tells of damage that it finds itself, for who knows the file."""
    problem = sqlite3.DatabaseError(f"a key of table {table} is not what was stored")
    problem.sqlite_errorname = "SQLITE_CORRUPT"
    return problem


def _collision(table: Table) -> StateCorrupt:
    either = " or the file is damaged" if table in LOOKED_UP else ""
    return StateCorrupt(
        f"two keys share a row number in table {table}{either}: the state cannot hold "
        f"both. Nothing was stored; report this."
    )
