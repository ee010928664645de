"""The durable store in one SQLite file; what it promises is in docs/exactly-once.md."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from monitor.adapters.state import keyed, ledger, log_origin, rows
from monitor.adapters.state.lock import FileLock
from monitor.adapters.state.opening import (
    checkpoint_at,
    empty_log,
    open_for_reading,
    open_for_writing,
    readable_errors,
)
from monitor.adapters.state.place import (
    inode_of,
    inodes_of_logs,
    located,
    refuse_unfit,
)
from monitor.indicators.totals.ledger import Pair
from monitor.pipeline.dead_letters import KeptLetter
from monitor.pipeline.ports import (
    KEPT_DEAD_LETTERS,
    LAST_PLACE,
    Changes,
    Charged,
    LookedUp,
    Named,
    Partition,
    Place,
    StateUnavailable,
    StateView,
    Stored,
    Table,
    Unsent,
)

# Pages of the write-ahead log at which a commit copies it into the file. When live,
# more are cheaper on the whole but stop one commit for longer, and the longest stop is
# what is limited. The large commits of catching up dirty more pages each, many of them
# the same, and nobody waits for one: there 16 times as many save a quarter.
CHECKPOINT_PAGES: Final = 1000
_LARGE_COMMIT: Final = 10_000
_TIMES_WHEN_LARGE: Final = 16


class _Readable:
    """What is read of a state file, by its one writer and by anybody else alike."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection
        self._numbers = keyed.Numbers()

    def get_many(self, table: Table, keys: Collection[str]) -> dict[str, bytes]:
        """The values of those keys that have one."""
        with readable_errors(self._path):
            return keyed.values(self._connection, table, keys, self._numbers)

    def scan(self, table: Named) -> Iterator[tuple[str, bytes]]:
        """Every key and value of a table. Do not commit while iterating."""
        with readable_errors(self._path):
            yield from keyed.everything(self._connection, table)

    def page(self, table: Named, after: int, limit: int) -> list[Stored]:
        """So many keys and values, in the order of their numbers, after a number."""
        with readable_errors(self._path):
            return keyed.page(self._connection, table, after, limit)

    def numbered(
        self, table: LookedUp, after: int, limit: int
    ) -> list[tuple[int, bytes]]:
        """As ``page``, of a table that keeps no keys: their numbers, and values."""
        with readable_errors(self._path):
            return keyed.numbered(self._connection, table, after, limit)

    def any_gone(self) -> bool:
        """Whether the facts of anything were dropped for good."""
        with readable_errors(self._path):
            return keyed.any_gone(self._connection)

    def gone(self, keys: Collection[str]) -> set[str]:
        """Those of the keys whose facts were dropped for good."""
        with readable_errors(self._path):
            return keyed.gone(self._connection, keys, self._numbers)

    def offsets(self) -> dict[Partition, int]:
        """The next offset to read of each partition."""
        with readable_errors(self._path):
            return rows.offsets(self._connection)

    def boundaries(
        self, first_hour: int, last_hour: int
    ) -> Iterator[tuple[int, bytes]]:
        """What was appended for the hours, both ends included, in order."""
        with readable_errors(self._path):
            yield from rows.boundaries(self._connection, first_hour, last_hour)

    def dead_letters(self, limit: int, topic: str | None = None) -> list[KeptLetter]:
        """The newest dead letters, of a topic or all, newest first, without bodies."""
        with readable_errors(self._path):
            return rows.newest_letters(self._connection, limit, topic)

    def letters_kept(self) -> int:
        """How many dead letters are stored."""
        with readable_errors(self._path):
            return rows.letters_kept(self._connection)

    def pairs(self) -> Collection[Pair]:
        """Every pair of the ledger, and maybe some that nothing is charged to now."""
        with readable_errors(self._path):
            return ledger.numbered(self._connection)

    def charged(
        self, pair: Pair, what: int, after_ms: int, before: Place = LAST_PLACE
    ) -> Iterator[Charged]:
        """Items of a pair charged for any of the bits, the last place first."""
        with readable_errors(self._path):
            number = ledger.number_of(self._connection, pair)
            yield from ledger.charged(self._connection, number, what, after_ms, before)


class SqliteState(_Readable):
    """A state file with its one writer, locked from construction to ``close``.

    Used by the thread that made it. Raises StateUnavailable when another process
    has the file, StateCorrupt when it is damaged, foreign or newer.
    """

    def __init__(
        self,
        path: Path,
        *,
        checkpoint_pages: int = CHECKPOINT_PAGES,
        keep_letters: int = KEPT_DEAD_LETTERS,
    ) -> None:
        """Lock, open, and create the file when there is none.

        Of dead letters the newest ``keep_letters`` stay.
        """
        self._pages = checkpoint_pages
        self._keep_letters = keep_letters
        refuse_unfit(path)
        self._name, path = path, located(path)
        self._lock = FileLock(path)
        with contextlib.ExitStack() as undo:
            undo.callback(self._lock.release)
            super().__init__(path, open_for_writing(path))
            undo.pop_all()
        self._inode = inode_of(self._name)
        self._logs = inodes_of_logs(path)
        self._pairs = ledger.PairNumbers(self._connection)
        self._any_gone = super().any_gone()

    def any_gone(self) -> bool:
        """Whether the facts of anything were dropped for good; asked for each fact."""
        return self._any_gone

    def unsent(self, limit: int) -> list[Unsent]:
        """The oldest dead letters whose body is still to be published."""
        with readable_errors(self._path):
            return rows.unsent(self._connection, limit)

    def commit(self, changes: Changes) -> None:
        """Store all changes in one transaction, on the disk when this returns.

        Raises FencedError, StateUnavailable, StateCorrupt.
        """
        rows_changed = sum(map(len, changes.puts.values()))
        times = _TIMES_WHEN_LARGE if rows_changed >= _LARGE_COMMIT else 1
        with readable_errors(self._path):
            checkpoint_at(self._connection, self._pages * times)
            try:
                with _transaction(self._connection):
                    log_origin.go_on(self._connection)
                    _write(self._connection, changes, self._numbers, self._keep_letters)
                    ledger.write(self._connection, changes, self._numbers, self._pairs)
            except BaseException:
                self._pairs.clear()
                raise
        self._any_gone = self._any_gone or bool(changes.gone)
        self.verify()

    def verify(self) -> None:
        """Nothing, while the open files bear their names; lost ones take every commit.

        Raises StateUnavailable. Costs microseconds.
        """
        if inode_of(self._name) != self._inode:
            raise StateUnavailable(
                f"state file {self._name} was deleted, moved or replaced while it was "
                f"in use: what is stored in it from now on would be lost. Move it "
                f"back, or remove {self._path}-wal and -shm and restore it from a "
                f"backup, then start again; without it everything is read anew, from "
                f"the oldest records of the topics."
            )
        if inodes_of_logs(self._path) != self._logs:
            raise StateUnavailable(
                f"{self._path}-wal or -shm, the log of the state file, was deleted, "
                f"moved or replaced while it was in use: a kill would lose what is "
                f"stored in it, and nobody else would see that. It is copied into "
                f"the state file at this stop: leave the log alone, and start again."
            )

    def view(self) -> StateView:
        """What is stored when the calling thread pins it; it is opened already."""
        return SqliteReader(self._path, pinned=False)

    def close(self) -> None:
        """Copy the log into the file and unlock it; a second call does nothing.

        SQLite leaves a file without its name alone, and the log, which would be read
        into whatever is put in the file's place.
        """
        with contextlib.ExitStack() as undo:
            undo.callback(self._lock.release)
            undo.enter_context(readable_errors(self._path))
            undo.callback(self._connection.close)
            if self._lock.is_held and inode_of(self._name) != self._inode:
                empty_log(self._connection)


class SqliteReader(_Readable):
    """A state file as of one commit, without its lock, for ``explain`` and pages.

    Sees the commit that was last when it was pinned, even while a writer goes on.
    """

    def __init__(self, path: Path, *, pinned: bool = True) -> None:
        """Open the file read-only. Raises StateUnavailable, StateCorrupt."""
        path = located(path)
        super().__init__(path, open_for_reading(path))
        if pinned:
            self.pin()

    def pin(self) -> None:
        """Stand at the last commit, unless something was read already."""
        self.offsets()

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self._connection.close()


def _write(
    connection: sqlite3.Connection,
    changes: Changes,
    numbers: keyed.Numbers,
    keep_letters: int,
) -> None:
    # The fence first: a fenced batch is then refused before it costs anything.
    rows.move_offsets(connection, changes.offsets)
    for table, values in changes.puts.items():
        keyed.put(connection, table, values, numbers, afresh=changes.afresh)
    for table, shorter in changes.shrunk.items():
        keyed.shrink(connection, table, shorter)
    rows.change_boundaries(
        connection,
        changes.replace_boundaries,
        changes.boundaries,
        changes.drop_boundaries_before,
    )
    rows.bury(connection, changes.dead_letters, keep_letters)
    rows.mark_sent(connection, changes.outbox_sent)
    keyed.add_gone(connection, changes.gone, numbers)


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A failing disk may already have ended the transaction, or fail again here;
        # the first error is the one to tell, and SQLite rolls back at the next open.
        with contextlib.suppress(sqlite3.Error):
            connection.rollback()
        raise
