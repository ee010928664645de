"""A state file through kill -9, a full disk and damage: one commit or none."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from monitor.adapters.state.opening import readable_errors
from monitor.adapters.state.place import misplaced
from monitor.adapters.state.sqlite import SqliteReader, SqliteState
from monitor.errors import StateCorrupt
from monitor.pipeline.ports import (
    Changes,
    StateUnavailable,
)
from tests.harness.reference_data import REPOSITORY


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "friction.db"


def test_a_lock_dies_with_its_process(path: Path) -> None:
    child = _child(path, "print('open', flush=True); sys.stdin.read()")
    assert child.stdout is not None
    assert child.stdout.readline() == "open\n"
    with pytest.raises(StateUnavailable, match="in use"):
        SqliteState(path)
    child.kill()
    child.communicate()
    SqliteState(path).close()


def test_a_lock_of_another_user_is_told_by_whom_it_has_to_be_had(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the kernel refuses it; whoever runs tests may be allowed everything."""
    SqliteState(path).close()

    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(StateUnavailable, match="give it, and the state file, to"):
        SqliteState(path)


def test_a_directory_of_another_user_is_told_as_that(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system tells nothing of what is in it, not even whether it is there."""
    stat = Path.stat

    def refuse(self: Path, **options: bool) -> os.stat_result:
        if self.parent == path.parent:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return stat(self, **options)

    monkeypatch.setattr(Path, "stat", refuse)
    assert str(path.parent) in (misplaced(path) or "")
    with pytest.raises(StateUnavailable, match="may not be looked into by this user"):
        SqliteState(path)


def test_of_folders_of_other_users_the_first_on_the_way_is_named(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies in it may be this user's own: to give that away would not help."""
    outer = path.parent

    def refuse(*_: object, **__: object) -> os.stat_result:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "stat", refuse)
    monkeypatch.setattr(os, "access", lambda one, _: not one.is_relative_to(outer))
    text = misplaced(outer / "inner" / "deep" / "friction.db") or ""
    assert text.startswith(f"{outer}, in which the state's folder {outer}/inner/deep")
    assert "give it" not in text


def refused(monkeypatch: pytest.MonkeyPatch, name: str, *, shut: set[str]) -> None:
    """Let SQLite refuse to open, as it does; these files' names may not be used."""

    def connect(*_: object, **__: object) -> sqlite3.Connection:
        problem = sqlite3.OperationalError("unable to open database file")
        problem.sqlite_errorname = name
        raise problem

    def access(one: Path, right: int) -> bool:
        return not (Path(one).name in shut and right & ~os.R_OK)

    monkeypatch.setattr(sqlite3, "connect", connect)
    monkeypatch.setattr(os, "access", access)


CANTOPEN, CANTINIT = "SQLITE_CANTOPEN", "SQLITE_READONLY_CANTINIT"
MAKE_INDEX, ANYTHING = "make and write .*-shm", "cannot be used: unable to open"
FOLDER, LOG, INDEX = "state", "friction.db-wal", "friction.db-shm"


@pytest.mark.parametrize(
    ("beside", "name", "shut", "told"),
    [
        # A copy without its index, in a folder that may only be read.
        ([LOG], CANTOPEN, {FOLDER}, MAKE_INDEX),
        ([LOG, INDEX], CANTINIT, {FOLDER, INDEX}, MAKE_INDEX),
        # Nothing is missing that rights could give: file descriptors, for example.
        ([LOG], CANTOPEN, set(), ANYTHING),
        ([LOG, INDEX], CANTOPEN, {FOLDER}, ANYTHING),
        ([], CANTOPEN, {FOLDER}, ANYTHING),
    ],
)
def test_a_reader_is_told_which_rights_it_needs_if_any(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    beside: list[str],
    name: str,
    shut: set[str],
    told: str,
) -> None:
    path = tmp_path / FOLDER / "friction.db"
    path.parent.mkdir()
    SqliteState(path).close()
    for one in beside:
        path.with_name(one).touch()
    refused(monkeypatch, name, shut=shut)
    with pytest.raises(StateUnavailable, match=told):
        SqliteReader(path)


def test_a_reader_that_may_not_read_the_log_is_told_who_may(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SqliteState(path).close()
    log = path.with_name(f"{path.name}-wal")
    log.touch()
    refused(monkeypatch, CANTOPEN, shut=set())
    monkeypatch.setattr(os, "access", lambda one, _: one != log)
    with pytest.raises(StateUnavailable, match="may not read state file"):
        SqliteReader(path)


@pytest.mark.parametrize(
    ("shut", "told"),
    [(set(), ANYTHING), ({"friction.db"}, "Give it"), ({FOLDER}, "Give it")],
)
def test_the_service_is_told_to_be_given_the_file_only_where_that_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shut: set[str], told: str
) -> None:
    path = tmp_path / FOLDER / "friction.db"
    path.parent.mkdir()
    SqliteState(path).close()
    refused(monkeypatch, CANTOPEN, shut=shut)
    with pytest.raises(StateUnavailable, match=told):
        SqliteState(path)


def test_a_state_file_that_may_only_be_read_is_told_as_that(path: Path) -> None:
    SqliteState(path).close()
    with (
        contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as shut,
        pytest.raises(StateUnavailable, match="may not be read and written by this"),
        readable_errors(path),
    ):
        shut.execute("DELETE FROM meta")


# Faults. The child commits batches 1, 2, 3 ...: batch n sets 40 values and the offset
# to n, so every torn commit would show as two different numbers.

_COMMITTING = """
    import itertools
    batch = state.offsets().get(("ci", 0), 0)
    for batch in itertools.count(batch + 1):
        changes = Changes(offsets={("ci", 0): (batch - 1 or None, batch)})
        for number in range(40):
            value = str(batch).encode() * 50
            changes.put("items", f"item-{number}", value)
            changes.put("homes", f"home-{batch}-{number}", value)
        changes.boundaries.append((batch, str(batch).encode()))
        state.commit(changes)
        print(batch, flush=True)
"""


def _child(path: Path, body: str) -> subprocess.Popen[str]:
    head = """
    import sys
    from pathlib import Path
    from monitor.adapters.state.sqlite import SqliteState
    from monitor.pipeline.ports import Changes, StateUnavailable
    state = SqliteState(Path(sys.argv[1]), checkpoint_pages=50)
    """
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            textwrap.dedent(head) + textwrap.dedent(body),
            str(path),
        ],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _assert_whole(state: SqliteState) -> int:
    batch = state.offsets().get(("ci", 0), 0)
    expected = str(batch).encode() * 50
    items = dict(state.scan("items"))
    assert all(value == expected for value in items.values())
    assert len(items) == (40 if batch else 0)
    assert len(state.numbered("homes", 0, 40 * batch + 1)) == 40 * batch
    assert [hour for hour, _ in state.boundaries(0, batch + 9)] == [
        *range(1, batch + 1)
    ]
    return batch


@pytest.mark.slow
def test_kill_nine_at_any_moment_leaves_a_prefix_of_whole_commits(path: Path) -> None:
    reached = 0
    # Each round is killed a little later after its first commit, by what it printed.
    for round_number in range(25):
        child = _child(path, _COMMITTING)
        assert child.stdout is not None
        wanted = 1 + round_number % 5
        printed = [int(child.stdout.readline()) for _ in range(wanted)]
        sum(range(round_number * 4000))  # some way into the next commit
        child.kill()
        printed += [int(line) for line in child.communicate()[0].split()]
        state = SqliteState(path)
        batch = _assert_whole(state)
        state.close()
        assert batch >= printed[-1] > reached
        reached = batch
    assert reached >= 25


def test_a_full_disk_stops_with_nothing_half_written(path: Path) -> None:
    # No file of the process may grow beyond 300 kB, as a quota would have it.
    limited = """
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
    """
    child = _child(path, textwrap.dedent(limited) + textwrap.dedent(_COMMITTING))
    printed, complaint = child.communicate()
    assert child.returncode == 1
    assert "StateUnavailable" in complaint
    assert f"{path} is full or failing" in complaint
    assert "where `ulimit -f` limits them" in complaint
    state = SqliteState(path)
    assert _assert_whole(state) >= int(printed.split()[-1]) > 1
    state.commit(Changes(puts={"meta": {"goes": b"on"}}))
    state.close()


def test_a_commit_that_found_no_room_leaves_the_state_as_it_was(path: Path) -> None:
    state = SqliteState(path)
    state.commit(Changes(puts={"items": {"a": b"1"}}, offsets={("ci", 0): (None, 1)}))
    state._connection.execute("PRAGMA max_page_count=12")
    large = Changes(
        puts={"items": {"a": b"2", "b": b"x" * 400_000}}, offsets={("ci", 0): (1, 2)}
    )
    with pytest.raises(StateUnavailable, match="full or failing"):
        state.commit(large)
    assert dict(state.scan("items")) == {"a": b"1"}
    assert state.offsets() == {("ci", 0): 1}
    state._connection.execute("PRAGMA max_page_count=100000")
    state.commit(large)
    assert state.offsets() == {("ci", 0): 2}
    state.close()


def test_a_damaged_page_stops_the_program(path: Path) -> None:
    state = SqliteState(path)
    state.commit(Changes(puts={"items": {f"k{n}": b"x" * 900 for n in range(400)}}))
    state.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StateCorrupt, match="damaged"):
        dict(SqliteReader(path).scan("items"))
    with pytest.raises(StateCorrupt, match="damaged"):
        SqliteState(path).commit(Changes(puts={"items": {"k1": b"y"}}))
