"""The state file: one owner, refusals that leave it alone, readers beside it."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.adapters.state import keyed
from monitor.adapters.state.opening import SCHEMA_VERSION
from monitor.adapters.state.place import misplaced
from monitor.adapters.state.sqlite import SqliteReader, SqliteState
from monitor.domain.facts import digest
from monitor.errors import StateCorrupt
from monitor.pipeline.ports import (
    NAMED,
    Changes,
    DeadLetter,
    State,
    StateUnavailable,
)
from tests.harness.reference_data import REPOSITORY


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "friction.db"


def letter(offset: int, body: bytes | None = None) -> DeadLetter:
    return DeadLetter("ci", 0, offset, 1_700_000_000_000, ("no", "bad"), "ab12", body)


def device_at(path: Path) -> None:
    """A link to something that takes all and keeps nothing."""
    path.symlink_to("/dev/null")


def stored(state: State) -> dict[str, dict[str, bytes]]:
    return {table: dict(state.scan(table)) for table in NAMED}


def test_a_reopened_file_holds_what_was_committed(path: Path) -> None:
    before = SqliteState(path)
    before.commit(
        Changes(
            puts={"items": {"a": b"1"}, "meta": {"k": b"v"}},
            offsets={("ci", 3): (None, 7)},
            boundaries=[(2, b"x")],
            dead_letters=[letter(1, b"body")],
        )
    )
    expected = stored(before)
    before.close()
    after = SqliteState(path)
    assert stored(after) == expected
    assert after.offsets() == {("ci", 3): 7}
    assert list(after.boundaries(0, 9)) == [(2, b"x")]
    assert [each.letter for each in after.unsent(9)] == [letter(1, b"body")]
    after.close()


@pytest.fixture
def usual_umask() -> Iterator[None]:
    """Others may read what is made anew, unless its maker thinks of it."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(path: Path) -> dict[str, int]:
    beside = {name: path.with_name(path.name + name) for name in ("", "-wal", "-shm")}
    return {name: one.stat().st_mode & 0o777 for name, one in beside.items()}


@pytest.mark.usefixtures("usual_umask")
def test_a_new_file_and_its_log_are_read_by_their_owner_alone(path: Path) -> None:
    state = SqliteState(path)
    state.commit(Changes(dead_letters=[letter(1, b"body")]))
    assert modes(path) == {"": 0o600, "-wal": 0o600, "-shm": 0o600}
    state.close()


@pytest.mark.usefixtures("usual_umask")
def test_a_file_that_is_there_keeps_its_mode(path: Path) -> None:
    SqliteState(path).close()
    path.chmod(0o640)
    state = SqliteState(path)
    state.commit(Changes(dead_letters=[letter(1, b"body")]))
    assert modes(path) == {"": 0o640, "-wal": 0o640, "-shm": 0o640}
    state.close()


def test_who_may_not_read_the_file_is_told_who_may(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SqliteState(path).close()
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(StateUnavailable, match="as the user of the service"):
        SqliteReader(path)


def test_who_may_not_look_into_its_folder_is_told_as_well(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As the operating system answers one who is not the owner; root may everything.
    def refuse(asked: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(asked))

    monkeypatch.setattr(Path, "exists", refuse)
    with pytest.raises(StateUnavailable, match="may not read state file"):
        SqliteReader(path)


def test_a_second_process_is_told_which_file_and_who_has_it(path: Path) -> None:
    holder = SqliteState(path)
    with pytest.raises(StateUnavailable) as refusal:
        SqliteState(path)
    assert str(path) in str(refusal.value)
    assert f"process {os.getpid()}" in str(refusal.value)
    holder.close()
    SqliteState(path).close()


def test_a_missing_directory_is_said(tmp_path: Path) -> None:
    with pytest.raises(StateUnavailable, match="must exist and be writable"):
        SqliteState(tmp_path / "nowhere" / "friction.db")


def test_a_newer_file_is_refused_and_left_alone(path: Path) -> None:
    SqliteState(path).close()
    with_sqlite(path, f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(StateCorrupt, match="newer"):
        SqliteState(path)
    assert path.read_bytes() == before


def test_a_file_from_before_the_release_is_refused_and_left_alone(path: Path) -> None:
    SqliteState(path).close()
    with_sqlite(path, "PRAGMA user_version=1")
    before = path.read_bytes()
    with pytest.raises(StateCorrupt, match="before the first release"):
        SqliteState(path)
    assert path.read_bytes() == before


def test_a_foreign_database_is_refused_and_left_alone(path: Path) -> None:
    with_sqlite(path, "CREATE TABLE theirs (x)")
    before = path.read_bytes()
    with pytest.raises(StateCorrupt, match="not a state file"):
        SqliteState(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"hi", b"certainly not SQLite" * 400])
@pytest.mark.parametrize("opened", [SqliteState, SqliteReader])
def test_a_file_that_is_no_database_is_refused_and_left_alone(
    opened: Callable[[Path], object], content: bytes, path: Path
) -> None:
    """It may be any file that `[state] path` names by mistake."""
    path.write_bytes(content)
    with pytest.raises(StateCorrupt, match="not a state file of friction-monitor") as e:
        opened(path)
    assert "Give another [state] path" in str(e.value)
    assert path.read_bytes() == content


def test_a_refused_file_is_not_left_locked(path: Path) -> None:
    path.write_bytes(b"certainly not SQLite" * 400)
    with pytest.raises(StateCorrupt):
        SqliteState(path)
    path.unlink()
    SqliteState(path).close()


NO_TEXT = b"\xff\xfe\xfd"


@pytest.mark.parametrize("damaged", [b"onf", NO_TEXT])
def test_damaged_bytes_of_a_key_are_no_two_keys_of_one_number(
    path: Path, damaged: bytes
) -> None:
    state = SqliteState(path)
    state.commit(Changes(puts={"items": {"one": b"1"}}))
    with sqlite3.connect(path) as other:
        other.execute("UPDATE items SET key = ?", (damaged,))
    other.close()
    turns: list[Callable[[], object]] = [
        lambda: state.get_many("items", ["one"]),
        lambda: state.commit(Changes(puts={"items": {"one": b"2"}})),
    ]
    if damaged == NO_TEXT:
        turns += [lambda: stored(state), lambda: state.page("items", 0, 9)]
    for turn in turns:
        with pytest.raises(StateCorrupt, match="is damaged: a key of table items"):
            turn()
    state.close()


def test_two_keys_of_one_number_stop_the_program(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = SqliteState(path)
    monkeypatch.setattr(keyed, "digest", lambda _: 42)
    state.commit(Changes(puts={"items": {"one": b"1"}}))
    with pytest.raises(StateCorrupt, match="share a row number"):
        state.commit(Changes(puts={"items": {"other": b"2"}, "homes": {"h": b"3"}}))
    with pytest.raises(StateCorrupt, match="share a row number"):
        state.get_many("items", ["other"])
    state.commit(Changes(puts={"items": {"other": None}}))
    assert stored(state)["items"] == {"one": b"1"}
    assert state.numbered("homes", 0, 9) == []
    state.commit(Changes(puts={"homes": {"one": b"1"}}))
    with pytest.raises(StateCorrupt, match="share a row number"):
        state.commit(Changes(puts={"homes": {"other": b"2"}}))
    with pytest.raises(StateCorrupt, match="share a row number"):
        state.get_many("homes", ["other"])
    state.commit(Changes(puts={"homes": {"other": None}}))
    assert state.get_many("homes", ["one"]) == {"one": b"1"}
    state.close()


def test_another_programs_lock_ends_in_a_clear_error(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.adapters.state.opening._BUSY_SECONDS", 0.1)
    state = SqliteState(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StateUnavailable, match="locked by another program"):
        state.commit(Changes(puts={"items": {"a": b"1"}}))
    other.close()
    state.commit(Changes(puts={"items": {"a": b"1"}}))
    assert dict(state.scan("items")) == {"a": b"1"}
    state.close()


# A file that goes while it is open


@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_deleted_under_its_writer_takes_no_more_for_stored(
    path: Path, replaced: bool
) -> None:
    state = SqliteState(path)
    state.commit(Changes(offsets={("ci", 0): (None, 1)}))
    state.verify()
    path.unlink()
    if replaced:
        path.write_bytes(b"a backup, for example")
    with pytest.raises(StateUnavailable, match="deleted, moved or replaced"):
        state.verify()
    with pytest.raises(StateUnavailable, match=r"friction\.db was deleted"):
        state.commit(Changes(offsets={("ci", 0): (1, 2)}))
    state.close()


def test_a_file_moved_away_and_back_is_whole(path: Path) -> None:
    away = path.with_name("away.db")
    state = SqliteState(path)
    state.commit(Changes(offsets={("ci", 0): (None, 1)}))
    path.rename(away)
    with pytest.raises(StateUnavailable):
        state.verify()
    state.close()
    away.rename(path)
    after = SqliteState(path)
    assert after.offsets() == {("ci", 0): 1}
    after.close()


@pytest.mark.parametrize("name", ["friction.db", "."])
def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir(exist_ok=True)
    for opened in (SqliteState, SqliteReader):
        with pytest.raises(StateUnavailable, match="is a folder"):
            opened(folder)
    assert not list(tmp_path.glob("*.lock"))


@pytest.mark.parametrize("end", ["", "-wal", "-shm", ".lock"])
@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, device_at])
def test_what_is_no_ordinary_file_is_named_before_it_is_opened(
    path: Path, end: str, make: Callable[[Path], object]
) -> None:
    if end:
        SqliteState(path).close()
    odd = path.with_name(path.name + end)
    odd.unlink(missing_ok=True)
    make(odd)
    text = f"{odd} is a folder" if make is Path.mkdir and not end else "no ordinary"
    for opened in (SqliteState, SqliteReader):
        with pytest.raises(StateUnavailable, match=text):
            opened(path)
    assert (misplaced(path) or "").startswith(f"{odd} is ")


@pytest.mark.parametrize("lost", ["-wal", "-shm"])
def test_a_log_deleted_under_its_writer_stops_it_and_nothing_is_lost(
    path: Path, lost: str
) -> None:
    state = SqliteState(path)
    state.commit(Changes(puts={"items": {"a": b"1"}}))
    state.verify()
    path.with_name(path.name + lost).unlink()
    with pytest.raises(StateUnavailable, match="the log of the state file, was del"):
        state.verify()
    with pytest.raises(StateUnavailable, match="start again"):
        state.commit(Changes(puts={"items": {"b": b"2"}}))
    state.close()
    after = SqliteState(path)
    assert dict(after.scan("items")) == {"a": b"1", "b": b"2"}
    after.close()


# Other names of the file


@pytest.fixture
def link(path: Path) -> Path:
    """A symbolic link to the file, from another folder."""
    link = path.parent / "elsewhere" / "linked.db"
    link.parent.mkdir()
    link.symlink_to(path)
    return link


def test_what_is_written_through_a_symbolic_link_is_read_through_it(
    path: Path, link: Path
) -> None:
    writer = SqliteState(link)  # makes the file: there is none yet
    writer.commit(Changes(puts={"items": {"a": b"1"}}))
    writer.verify()
    for name in (link, path):
        reader = SqliteReader(name)
        assert dict(reader.scan("items")) == {"a": b"1"}
        reader.close()
    view = writer.view()
    assert dict(view.scan("items")) == {"a": b"1"}
    view.close()
    writer.close()
    assert [each.name for each in link.parent.iterdir()] == [link.name]


def test_a_second_process_is_refused_by_whichever_name_it_comes(
    path: Path, link: Path
) -> None:
    for first, second in ((path, link), (link, path)):
        holder = SqliteState(first)
        with pytest.raises(StateUnavailable, match=f"process {os.getpid()}"):
            SqliteState(second)
        holder.close()


def test_a_link_that_leads_elsewhere_is_a_file_that_was_replaced(
    path: Path, link: Path
) -> None:
    writer = SqliteState(link)
    link.unlink()
    link.symlink_to(path.with_name("other.db"))
    with pytest.raises(StateUnavailable, match="deleted, moved or replaced"):
        writer.verify()
    writer.close()


def test_a_link_that_leads_back_to_itself_is_refused(path: Path) -> None:
    path.symlink_to(path.with_name("other.db"))
    path.with_name("other.db").symlink_to(path)
    for opened in (SqliteState, SqliteReader):
        with pytest.raises(StateUnavailable, match="leads back to itself"):
            opened(path)
    assert sorted(one.name for one in path.parent.iterdir()) == sorted(
        ["other.db", path.name]
    )


def test_a_file_of_two_names_is_refused(path: Path) -> None:
    SqliteState(path).close()
    other = path.with_name("other.db")
    other.hardlink_to(path)
    for opened in (SqliteState, SqliteReader):
        with pytest.raises(StateUnavailable, match="one of 2 names of the same file"):
            opened(other)
    assert not list(path.parent.glob("other.db?*"))
    other.unlink()
    SqliteState(path).close()


def test_a_second_name_does_not_keep_the_running_service_from_reading(
    path: Path,
) -> None:
    writer = SqliteState(path)
    writer.commit(Changes(puts={"items": {"a": b"1"}}))
    path.with_name("other.db").hardlink_to(path)
    view = writer.view()
    assert dict(view.scan("items")) == {"a": b"1"}
    view.close()
    writer.close()


# Reading beside a writer


def test_a_reader_sees_one_commit_while_the_writer_goes_on(path: Path) -> None:
    writer = SqliteState(path)
    writer.commit(Changes(puts={"items": {"a": b"1"}}, offsets={("ci", 0): (None, 1)}))
    reader = SqliteReader(path)
    writer.commit(Changes(puts={"items": {"a": b"2"}}, offsets={("ci", 0): (1, 2)}))
    assert reader.get_many("items", ["a"]) == {"a": b"1"}
    assert dict(reader.scan("items")) == {"a": b"1"}
    assert reader.offsets() == {("ci", 0): 1}
    reader.close()
    later = SqliteReader(path)
    assert later.offsets() == {("ci", 0): 2}
    assert later.dead_letters(9) == []
    assert list(later.boundaries(0, 9)) == []
    later.close()
    writer.close()


def test_a_reader_reads_what_nobody_writes_without_touching_it(path: Path) -> None:
    writer = SqliteState(path)
    writer.commit(Changes(puts={"items": {"a": b"1"}}))
    writer.close()
    before = sorted(each.name for each in path.parent.iterdir())
    reader = SqliteReader(path)
    assert dict(reader.scan("items")) == {"a": b"1"}
    reader.close()
    assert sorted(each.name for each in path.parent.iterdir()) == before


def test_a_reader_needs_a_state_file(path: Path) -> None:
    with pytest.raises(StateUnavailable, match="no state file"):
        SqliteReader(path)
    path.touch()
    with pytest.raises(StateCorrupt, match="not a state file"):
        SqliteReader(path)


def with_sqlite(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.close()


def test_after_a_large_commit_the_log_is_copied_later(path: Path) -> None:
    state = SqliteState(path, checkpoint_pages=20)
    before = path.stat().st_size

    # Some 120 pages: more than 20, fewer than 16 times as many.
    state.commit(Changes(puts={"homes": {str(n): b"x" * 20 for n in range(10_000)}}))
    assert path.stat().st_size == before
    state.commit(Changes(puts={"homes": {"0": b"y" * 20}}))
    assert path.stat().st_size > before
    state.close()


def test_a_key_of_any_length_is_stored_but_not_remembered(path: Path) -> None:
    long = "k" * 1_001
    numbers = keyed.Numbers()
    assert (numbers[long], numbers["k"]) == (digest(long), digest("k"))
    assert list(numbers) == ["k"]
    state = SqliteState(path)
    state.commit(Changes(puts={"items": {long: b"1"}}))
    assert state.get_many("items", [long]) == {long: b"1"}


def test_what_is_documented_tells_how_far_a_backup_has_read(path: Path) -> None:
    """And leaves nothing beside it, which would be taken for the log of another."""
    written = (REPOSITORY / "docs" / "exactly-once.md").read_text()
    asked = re.search(r"^sqlite3 'file:backup\.db(\S*)' '(.+)'$", written, re.MULTILINE)
    assert asked
    how, question = asked.groups()
    state = SqliteState(path)
    state.commit(Changes(offsets={("ci", 0): (None, 5), ("ci", 3): (None, 7)}))
    backup = path.parent / "backups" / "backup.db"
    backup.parent.mkdir()
    with sqlite3.connect(path) as source, sqlite3.connect(backup) as copy:
        source.backup(copy)
    source.close()
    copy.close()
    state.commit(Changes(offsets={("ci", 3): (7, 9)}))
    state.close()
    looked = sqlite3.connect(f"file:{backup}{how}", uri=True)
    assert looked.execute(question).fetchall() == [("ci", 0, 5), ("ci", 3, 7)]
    looked.close()
    assert list(backup.parent.iterdir()) == [backup]
