"""The ledger in SQL: small rows in the order in which a page reads them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from monitor.adapters.state.keyed import Numbers
from monitor.domain.packed import unpack_timelines
from monitor.indicators.totals.ledger import Moved, Pair, moved
from monitor.pipeline.ports import Changes, Charged, Place

# A pair's number is short, and an item's is its row's in `timelines`: 25 bytes a row.
SCHEMA: Final = """
CREATE TABLE pairs (
    id INTEGER PRIMARY KEY, team BLOB NOT NULL, on_team BLOB NOT NULL,
    UNIQUE (team, on_team)
) STRICT;
CREATE TABLE ledger (
    pair INTEGER NOT NULL, until INTEGER NOT NULL, item INTEGER NOT NULL,
    what INTEGER NOT NULL, PRIMARY KEY (pair, until, item)
) STRICT, WITHOUT ROWID
"""
_FILLED_AT_ONCE: Final = 20_000
_CHARGED: Final = """
SELECT ledger.until, ledger.item, timelines.key, timelines.value
FROM ledger CROSS JOIN timelines ON timelines.id = ledger.item
WHERE pair = ? AND until > ? AND (until, item) < (?, ?) AND what & ? != 0
ORDER BY until DESC, item DESC
"""


class PairNumbers(dict[Pair, int]):
    """The number of each pair; another is given one when it is first asked for.

    To be emptied when a transaction fails, since its numbers are then nobody's.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Numbers as they are stored through this connection."""
        super().__init__()
        self._connection = connection

    def __missing__(self, pair: Pair) -> int:
        """Look the pair up, or store it."""
        if not self:
            self.update(numbered(self._connection))
            if pair in self:
                return self[pair]
        number = self._connection.execute(
            "INSERT INTO pairs (team, on_team) VALUES (?, ?)", tuple(map(_bytes, pair))
        ).lastrowid
        assert number is not None
        self[pair] = number
        return number


def numbered(connection: sqlite3.Connection) -> dict[Pair, int]:
    """Every stored pair with its number."""
    query = "SELECT id, team, on_team FROM pairs"
    return {
        (_text(team), _text(on_team)): number
        for number, team, on_team in connection.execute(query)
    }


def number_of(connection: sqlite3.Connection, pair: Pair) -> int:
    """The number of one pair; 0, which is none's, where it has none."""
    query = "SELECT id FROM pairs WHERE team = ? AND on_team = ?"
    found = connection.execute(query, tuple(map(_bytes, pair))).fetchone()
    return found[0] if found is not None else 0


def write(
    connection: sqlite3.Connection,
    changes: Changes,
    row_of: Numbers,
    pairs: PairNumbers,
) -> None:
    """Empty the ledger if asked to, then move entries, in row order."""
    if changes.empty_ledger:
        connection.execute("DELETE FROM ledger")
        connection.execute("DELETE FROM pairs")
        pairs.clear()
    _move(connection, changes.ledger, row_of, pairs)


def _move(
    connection: sqlite3.Connection,
    ledger: Iterable[Moved],
    row_of: Numbers,
    pairs: PairNumbers,
) -> None:
    gone: list[tuple[int, int, int]] = []
    put: list[tuple[int, int, int, int]] = []
    for item, left, come in ledger:
        number = row_of[item]
        gone += [(pairs[pair], until, number) for pair, until in left]
        put += [(pairs[pair], until, number, what) for pair, (until, what) in come]
    gone.sort()
    put.sort()
    connection.executemany(
        "DELETE FROM ledger WHERE pair = ? AND until = ? AND item = ?", gone
    )
    connection.executemany("INSERT OR REPLACE INTO ledger VALUES (?, ?, ?, ?)", put)


def charged(
    connection: sqlite3.Connection, pair: int, what: int, after_ms: int, before: Place
) -> Iterator[Charged]:
    """The items of a pair, the last place first, streamed."""
    bound = (pair, after_ms, *before, what)
    for until, number, key, value in connection.execute(_CHARGED, bound):
        yield Charged(Place(until, number), _text(key), value)


def fill(connection: sqlite3.Connection) -> None:
    """Make an empty ledger out of all timelines, in the transaction at hand."""
    pairs, numbers = PairNumbers(connection), Numbers()
    rows = connection.execute("SELECT key, value FROM timelines")
    while some := list(islice(rows, _FILLED_AT_ONCE)):
        found: list[Moved] = []
        for key, value in some:
            item = _text(key)
            entries = moved(item, (), unpack_timelines(value))
            if entries is not None:
                found.append(entries)
        _move(connection, found, numbers, pairs)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _text(stored: bytes) -> str:
    return stored.decode("utf-8", "surrogatepass")
