"""The log beside a state file: replayed where it is the file's, else refused."""

from __future__ import annotations

import contextlib
import errno
import shutil
import sqlite3
from itertools import islice
from pathlib import Path

import pytest

from monitor.adapters.state.log_origin import refuse_strange_log
from monitor.adapters.state.sqlite import SqliteReader, SqliteState
from monitor.pipeline.ports import Changes, StateUnavailable

LOG = "friction.db-wal"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "friction.db"


def commit(state: SqliteState, batch: int) -> None:
    """Batch n stores n items of that batch, and the offset n."""
    changes = Changes(offsets={("ci", 0): (batch - 1 or None, batch)})
    for number in range(batch):
        changes.put("items", f"item-{number}", str(batch).encode() * 200)
    state.commit(changes)


def batch_in(path: Path) -> int:
    """Which batch a file holds when it is opened, whole."""
    with contextlib.closing(SqliteState(path)) as state:
        batch = state.offsets().get(("ci", 0), 0)
        expected = {f"item-{n}": str(batch).encode() * 200 for n in range(batch)}
        assert dict(state.scan("items")) == expected
        checked = state._connection.execute("PRAGMA integrity_check").fetchall()
        assert checked == [("ok",)]
    return batch


def backed_up(path: Path, to: Path) -> Path:
    """A backup, as docs/exactly-once.md has it, beside the running writer."""
    with (
        contextlib.closing(sqlite3.connect(path)) as source,
        contextlib.closing(sqlite3.connect(to)) as backup,
    ):
        source.backup(backup)
    return to


def killed(path: Path, folder: Path) -> Path:
    """What a kill of the writer would leave now, in another folder."""
    folder.mkdir()
    for end in ("", "-wal"):
        shutil.copy(path.with_name(path.name + end), folder / (path.name + end))
    return folder / path.name


def with_sqlite(path: Path, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


# A log that is the file's


def test_file_and_log_of_a_kill_are_whole_wherever_they_are_copied_to(
    path: Path, tmp_path: Path
) -> None:
    """Under every state of the log: new, copied in part, begun anew."""
    batches = iter(range(1, 31))
    with contextlib.closing(SqliteState(path, checkpoint_pages=9)) as state:
        for _ in range(3):
            for batch in islice(batches, 5):
                commit(state, batch)
                assert batch_in(killed(path, tmp_path / str(batch))) == batch
            # Who reads keeps the log from being copied whole, and begun anew.
            with contextlib.closing(SqliteReader(path)):
                for batch in islice(batches, 5):
                    commit(state, batch)
                    assert batch_in(killed(path, tmp_path / str(batch))) == batch


def test_what_a_kill_leaves_of_the_first_start_is_whole(
    path: Path, tmp_path: Path
) -> None:
    with contextlib.closing(SqliteState(path)):
        assert batch_in(killed(path, tmp_path / "killed")) == 0


# A log that is another file's


def test_a_backup_beside_any_log_is_refused_or_comes_to_the_end_of_the_log(
    path: Path, tmp_path: Path
) -> None:
    """It is refused where the log was begun anew since; else all pages are there."""
    batches, refused, whole = range(1, 25), 0, 0
    with contextlib.closing(SqliteState(path, checkpoint_pages=25)) as state:
        for batch in batches:
            commit(state, batch)
            backed_up(path, tmp_path / f"{batch}.db")
            shutil.copy(tmp_path / LOG, tmp_path / f"{batch}.log")
    for backup in batches:
        for log in batches[backup - 1 :: 3]:
            shutil.copy(tmp_path / f"{backup}.db", path)
            shutil.copy(tmp_path / f"{log}.log", tmp_path / LOG)
            try:
                assert batch_in(path) == log
                whole += 1
            except StateUnavailable:
                refused += 1
    assert refused > 20
    assert whole > 20


@pytest.mark.parametrize("in_place", [False, True])
def test_a_backup_put_back_after_a_kill_is_refused_until_the_log_is_removed(
    path: Path, tmp_path: Path, in_place: bool
) -> None:
    state = SqliteState(path)
    commit(state, 1)
    backup = backed_up(path, tmp_path / "backup.db")
    commit(state, 2)
    state.close()
    state = SqliteState(path)
    commit(state, 3)
    left = killed(path, tmp_path / "killed")
    state.close()
    if not in_place:  # then it would be the same file with other content
        left.unlink()
    shutil.copy(backup, left)
    for opened in (SqliteState, SqliteReader):
        with pytest.raises(StateUnavailable) as refusal:
            opened(left)
        assert f"rm {left}-wal {left}-shm`" in str(refusal.value)
    assert left.read_bytes() == backup.read_bytes()
    left.with_name(LOG).unlink()
    assert batch_in(left) == 1


def test_the_file_of_another_state_is_refused(path: Path, tmp_path: Path) -> None:
    """Also one of an earlier version, which names no commit."""
    other = tmp_path / "other.db"
    SqliteState(other).close()
    state = SqliteState(path)
    commit(state, 1)
    for older in (False, True):
        if older:
            with_sqlite(other, "DROP TABLE last_commit", "PRAGMA user_version=5")
        left = killed(path, tmp_path / f"killed-{older}")
        shutil.copy(other, left)
        with pytest.raises(StateUnavailable, match="the log of another file"):
            SqliteState(left)
    state.close()


def test_a_copy_with_other_pages_of_the_same_commit_is_refused(
    path: Path, tmp_path: Path
) -> None:
    """Of two such copies in a row the second has the row in the same place."""
    first, second = tmp_path / "first.db", tmp_path / "second.db"
    SqliteState(path).close()
    with_sqlite(path, f"VACUUM INTO '{first}'")
    first.replace(path)
    state = SqliteState(path)
    for batch in range(1, 9):
        commit(state, batch)
    with_sqlite(path, f"VACUUM INTO '{second}'")
    commit(state, 9)
    left = killed(path, tmp_path / "killed")
    state.close()
    shutil.copy(second, left)
    with pytest.raises(StateUnavailable, match="the log of another file"):
        SqliteState(left)


# What a stop leaves


@pytest.mark.parametrize("replaced", [False, True])
def test_a_backup_put_back_after_a_file_was_lost_is_gone_on_with(
    path: Path, tmp_path: Path, replaced: bool
) -> None:
    state = SqliteState(path)
    commit(state, 1)
    backup = backed_up(path, tmp_path / "backup.db")
    commit(state, 2)
    state.close()
    state = SqliteState(path)
    commit(state, 3)
    path.unlink()
    if replaced:
        shutil.copy(backup, path)
    with pytest.raises(StateUnavailable, match="deleted, moved or replaced"):
        state.verify()
    state.close()
    state.close()
    assert path.exists() == replaced
    shutil.copy(backup, path)
    assert batch_in(path) == 1


def test_a_file_moved_without_its_log_has_all_after_the_stop(
    path: Path, tmp_path: Path
) -> None:
    state = SqliteState(path)
    commit(state, 1)
    away = path.rename(tmp_path / "away.db")
    with pytest.raises(StateUnavailable, match="deleted, moved or replaced"):
        commit(state, 2)
    state.close()
    assert batch_in(away) == 2


# Other versions


def test_a_file_that_names_no_commit_is_given_a_row_for_it(path: Path) -> None:
    with contextlib.closing(SqliteState(path)) as state:
        commit(state, 1)
    with_sqlite(path, "DROP TABLE last_commit", "PRAGMA user_version=5")
    for _ in range(2):  # the second start finds it made
        assert batch_in(path) == 1
    with contextlib.closing(SqliteState(path)) as state:
        commit(state, 2)
    assert batch_in(path) == 2


def test_a_process_without_descriptors_is_told_how_to_have_more(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = SqliteState(path)
    commit(state, 1)

    def open_none(*_: object, **__: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(Path, "open", open_none)
    with pytest.raises(StateUnavailable, match="ulimit -n") as refused:
        refuse_strange_log(path)
    assert "readable and writable" not in str(refused.value)
    state.close()
