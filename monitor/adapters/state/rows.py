"""Reading and writing rows of a state file; transactions are the caller's.

Keys become 63-bit integers (``digest``), so that SQLite sorts and looks them up as
row numbers; the key itself is stored beside and verified, because two keys may one
day share a number, and mixing up two items must stop the program, not happen. Keys
are stored as bytes, because they are entities as tools name them, and a lone
surrogate is no text for SQLite.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Final

from monitor.domain.facts import digest
from monitor.errors import StateCorrupt
from monitor.pipeline.ports import (
    KEPT_DEAD_LETTERS,
    DeadLetter,
    FencedError,
    Partition,
    Stored,
    Table,
    Unsent,
)

# Marks of one query: SQLite allows more, and many small queries cost more.
_AT_ONCE: Final = 1000
# Row numbers remembered; then all are forgotten.
_MOST_NUMBERS: Final = 65_536
_NUMBER: Final = itemgetter(0)
_LETTER: Final = "topic, number, record, timestamp, reasons, sha256"


class Numbers(dict[str, int]):
    """The row number of each key, hashed once: what is read is mostly written."""

    def __missing__(self, key: str) -> int:
        """Hash a key that was not asked about lately."""
        if len(self) >= _MOST_NUMBERS:
            self.clear()
        number = self[key] = digest(key)
        return number


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
    for start in range(0, len(numbers), _AT_ONCE):
        chunk = numbers[start : start + _AT_ONCE]
        marks = ",".join("?" * len(chunk))
        query = f"SELECT id, key, value FROM {table} WHERE id IN ({marks})"  # noqa: S608
        for number, stored, value in connection.execute(query, chunk):
            key = wanted[number]
            if stored.decode("utf-8", "surrogatepass") != key:
                raise _collision(table, key)
            found[key] = value
    return found


def everything(
    connection: sqlite3.Connection, table: Table
) -> Iterator[tuple[str, bytes]]:
    """Every key and value of a table, streamed."""
    query = f"SELECT key, value FROM {table}"  # noqa: S608
    for key, value in connection.execute(query):
        yield key.decode("utf-8", "surrogatepass"), value


def page(
    connection: sqlite3.Connection, table: Table, after: int, limit: int
) -> list[Stored]:
    """So many rows of a table after a row number, in row order."""
    query = f"SELECT id, key, value FROM {table} WHERE id > ? ORDER BY id LIMIT ?"  # noqa: S608
    return [
        Stored(number, key.decode("utf-8", "surrogatepass"), value)
        for number, key, value in connection.execute(query, (after, limit))
    ]


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
    rows = [
        (number_of[key], key.encode("utf-8", "surrogatepass"), value)
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
        raise _collision(table, "one of the keys of this batch")
    gone = [key for key, value in changes.items() if value is None]
    _delete(connection, table, gone, number_of)


def _delete(
    connection: sqlite3.Connection,
    table: Table,
    keys: Iterable[str],
    number_of: Numbers,
) -> None:
    rows = sorted(
        (number_of[key], key.encode("utf-8", "surrogatepass")) for key in keys
    )
    connection.executemany(f"DELETE FROM {table} WHERE id = ? AND key = ?", rows)  # noqa: S608


def offsets(connection: sqlite3.Connection) -> dict[Partition, int]:
    """The next offset to read of each partition."""
    query = "SELECT topic, number, next FROM offsets"
    return {
        (topic, number): after for topic, number, after in connection.execute(query)
    }


def move_offsets(
    connection: sqlite3.Connection,
    moves: Mapping[Partition, tuple[int | None, int]],
) -> None:
    """Compare and set each offset: the fence. Raises FencedError on any mismatch."""
    for (topic, number), (expected, new) in moves.items():
        if expected is None:
            changed = connection.execute(
                "INSERT OR IGNORE INTO offsets VALUES (?, ?, ?)", (topic, number, new)
            )
        else:
            changed = connection.execute(
                "UPDATE offsets SET next = ? "
                "WHERE topic = ? AND number = ? AND next = ?",
                (new, topic, number, expected),
            )
        if changed.rowcount != 1:
            raise FencedError(
                f"topic {topic}, partition {number}: another writer has moved the "
                f"stored offset from {expected}; nothing was stored. Stop one of them."
            )


def boundaries(
    connection: sqlite3.Connection, first_hour: int, last_hour: int
) -> Iterator[tuple[int, bytes]]:
    """What was appended for the hours, by hour and then by order of appending."""
    yield from connection.execute(
        "SELECT hour, value FROM boundaries WHERE hour BETWEEN ? AND ? "
        "ORDER BY hour, place",
        (first_hour, last_hour),
    )


def change_boundaries(
    connection: sqlite3.Connection,
    replaced: Mapping[int, bytes],
    appended: Iterable[tuple[int, bytes]],
    drop_before: int | None,
) -> None:
    """Replace whole hours, then append, then drop the hours below a limit."""
    connection.executemany(
        "DELETE FROM boundaries WHERE hour = ?", [(hour,) for hour in replaced]
    )
    connection.executemany(
        "INSERT INTO boundaries SELECT ?1, coalesce(max(place), 0) + 1, ?2 "
        "FROM boundaries WHERE hour = ?1",
        [*sorted(replaced.items()), *sorted(appended, key=lambda entry: entry[0])],
    )
    if drop_before is not None:
        connection.execute("DELETE FROM boundaries WHERE hour < ?", (drop_before,))


def bury(connection: sqlite3.Connection, letters: Collection[DeadLetter]) -> None:
    """Keep the dead letters; of all, the newest KEPT_DEAD_LETTERS stay."""
    if not letters:
        return
    connection.executemany(
        f"INSERT INTO dead_letters ({_LETTER}, body) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        [
            (
                letter.topic,
                letter.partition,
                letter.offset,
                letter.timestamp,
                json.dumps(letter.reasons),
                letter.sha256,
                letter.body,
            )
            for letter in letters
        ],
    )
    connection.execute(
        "DELETE FROM dead_letters WHERE id <= "
        "(SELECT id FROM dead_letters ORDER BY id DESC LIMIT 1 OFFSET ?)",
        (KEPT_DEAD_LETTERS,),
    )


def mark_sent(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Forget the bodies of published dead letters; the pointers stay."""
    connection.executemany(
        "UPDATE dead_letters SET body = NULL WHERE id = ?",
        [(number,) for number in ids],
    )


def newest_letters(connection: sqlite3.Connection, limit: int) -> list[DeadLetter]:
    """The newest dead letters, newest first, without bodies."""
    query = f"SELECT {_LETTER} FROM dead_letters ORDER BY id DESC LIMIT ?"  # noqa: S608
    return [_letter(row, None) for row in connection.execute(query, (limit,))]


def unsent(connection: sqlite3.Connection, limit: int) -> list[Unsent]:
    """The oldest dead letters that still hold a body."""
    query = (
        f"SELECT id, body, {_LETTER} FROM dead_letters "  # noqa: S608
        "WHERE body IS NOT NULL ORDER BY id LIMIT ?"
    )
    return [
        Unsent(number, _letter(tuple(rest), body))
        for number, body, *rest in connection.execute(query, (limit,))
    ]


def _letter(
    row: tuple[str, int, int, int | None, str, str], body: bytes | None
) -> DeadLetter:
    topic, number, record, timestamp, reasons, sha256 = row
    return DeadLetter(
        topic, number, record, timestamp, tuple(json.loads(reasons)), sha256, body
    )


def _collision(table: Table, key: str) -> StateCorrupt:
    return StateCorrupt(
        f"two keys share a row number in table {table} ({key!r} is one of them): the "
        f"state cannot hold both. Nothing was stored; report this."
    )
