"""Reading and writing rows that have no keys; transactions are the caller's."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from monitor.pipeline.dead_letters import KeptLetter
from monitor.pipeline.ports import (
    WAITING_TIMES,
    DeadLetter,
    FencedError,
    Partition,
    Unsent,
)

_LETTER: Final = "topic, number, record, timestamp, reasons, sha256"


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


def bury(
    connection: sqlite3.Connection, letters: Collection[DeadLetter], keep: int
) -> None:
    """Keep the dead letters; of all, so many of the newest stay.

    Of those that wait to be published ten times as many do: as many may come at once.
    """
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
        "(SELECT id FROM dead_letters ORDER BY id DESC LIMIT 1 OFFSET ?) "
        "AND (body IS NULL OR id <= "
        "(SELECT id FROM dead_letters ORDER BY id DESC LIMIT 1 OFFSET ?))",
        (keep, WAITING_TIMES * keep),
    )


def mark_sent(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Forget the bodies of published dead letters; the pointers stay."""
    connection.executemany(
        "UPDATE dead_letters SET body = NULL WHERE id = ?",
        [(number,) for number in ids],
    )


def newest_letters(
    connection: sqlite3.Connection, limit: int, topic: str | None
) -> list[KeptLetter]:
    """The newest dead letters, of a topic or all, newest first, without bodies."""
    query = (
        f"SELECT body IS NOT NULL, {_LETTER} FROM dead_letters "  # noqa: S608
        "WHERE ?1 IS NULL OR topic = ?1 ORDER BY id DESC LIMIT ?2"
    )
    return [
        KeptLetter(_letter(tuple(rest), None), bool(waits))
        for waits, *rest in connection.execute(query, (topic, limit))
    ]


def letters_kept(connection: sqlite3.Connection) -> int:
    """How many dead letters are stored."""
    query = "SELECT count(*) FROM dead_letters"
    found: int = connection.execute(query).fetchone()[0]
    return found


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
