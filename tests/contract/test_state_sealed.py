"""What every store keeps of sealed items: the file and its twin in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.adapters.state.memory import MemoryState
from monitor.adapters.state.sqlite import SqliteReader, SqliteState
from monitor.domain.facts import digest
from monitor.errors import StateCorrupt
from monitor.pipeline.ports import Changes, State, Stored, Table
from tests.contract.test_state_file import with_sqlite


@pytest.fixture(params=["sqlite", "memory"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[State]:
    made: State = (
        SqliteState(tmp_path / "friction.db")
        if request.param == "sqlite"
        else MemoryState()
    )
    yield made
    made.close()


def test_nothing_is_gone_at_first_and_what_is_stays_so(state: State) -> None:
    assert state.gone(["CHK-1"]) == set()
    assert not state.any_gone()
    state.commit(Changes(gone=["CHK-1", "gr\udcff"]))
    state.commit(Changes(gone=["CHK-1", "CHK-2"]))
    assert state.any_gone()
    asked = ["CHK-1", "CHK-2", "CHK-3", "gr\udcff"]
    assert state.gone(asked) == {"CHK-1", "CHK-2", "gr\udcff"}


def test_a_commit_in_which_nothing_goes_brings_nothing_back(state: State) -> None:
    state.commit(Changes(gone=["CHK-1"]))
    state.commit(Changes(puts={"items": {"CHK-2": b"1"}}))
    assert state.any_gone()
    assert state.gone(["CHK-1", "CHK-2"]) == {"CHK-1"}


def test_a_view_sees_what_was_gone_when_it_was_pinned(state: State) -> None:
    state.commit(Changes(gone=["CHK-1"]))
    view = state.view()
    view.pin()
    state.commit(Changes(gone=["CHK-2"]))
    assert view.gone(["CHK-1", "CHK-2"]) == {"CHK-1"}
    view.close()


def test_what_is_gone_is_gone_after_a_restart_too(tmp_path: Path) -> None:
    path = tmp_path / "friction.db"
    first = SqliteState(path)
    first.commit(Changes(gone=["CHK-1"]))
    first.close()
    second = SqliteState(path)
    assert second.any_gone()
    assert second.gone(["CHK-1", "CHK-2"]) == {"CHK-1"}
    second.close()


def test_a_table_is_walked_in_pages_also_while_it_changes(state: State) -> None:
    changes = Changes()
    for number in range(25):
        changes.put("items", f"CHK-{number}", str(number).encode())
    state.commit(changes)
    seen: list[Stored] = []
    while page := state.page("items", seen[-1].number if seen else 0, 4):
        assert len(page) <= 4
        seen += page
        gone = Changes()
        gone.put("items", page[0].key, None)
        state.commit(gone)
    assert [one.number for one in seen] == sorted(digest(one.key) for one in seen)
    assert {one.key: one.value for one in seen} == {
        f"CHK-{number}": str(number).encode() for number in range(25)
    }


def test_values_said_in_fewer_bytes_stand_under_their_keys(state: State) -> None:
    changes = Changes()
    for table in ("items", "homes", "indexes"):
        changes.puts[table] = {f"CHK-{n}": b"a long value" for n in range(9)}
    state.commit(changes)
    short = Changes()
    for one in state.page("items", 0, 4):
        short.shrink("items", one.number, one.key.encode())
    numbers = [number for number, _ in state.numbered("indexes", 0, 9)]
    assert numbers == sorted(digest(f"CHK-{n}") for n in range(9))
    short.shrink("indexes", digest("CHK-7"), b"7")
    short.shrink("homes", digest("nobody"), b"8")
    state.commit(short)
    shortened = {one.key for one in state.page("items", 0, 4)}
    assert state.get_many("items", [f"CHK-{n}" for n in range(9)]) == {
        key: key.encode() if key in shortened else b"a long value"
        for key in (f"CHK-{n}" for n in range(9))
    }
    assert state.get_many("indexes", ["CHK-7"]) == {"CHK-7": b"7"}
    assert [v for _, v in state.numbered("homes", 0, 99)] == [b"a long value"] * 9


OF_VERSION_4: tuple[Table, ...] = ("items", "homes", "indexes")


def test_a_file_that_keeps_all_keys_goes_on_without_some(tmp_path: Path) -> None:
    path = tmp_path / "friction.db"
    state = SqliteState(path)
    keys = ("sha:abc", "\ud800 lone", "")
    state.commit(Changes(puts={"items": dict.fromkeys(keys, b"1")}))
    state.close()
    for table in ("homes", "indexes"):
        with_sqlite(path, f"DROP TABLE {table}")
        # Of version 4 all tables of keys and values were as that of items still is.
        with_sqlite(path, f"CREATE TABLE {table} AS SELECT * FROM items")  # noqa: S608
    with_sqlite(path, "DROP TABLE last_commit")
    with_sqlite(path, "PRAGMA user_version=4")
    with pytest.raises(StateCorrupt, match="Start `friction run` once"):
        SqliteReader(path)
    for _ in range(2):  # the second start finds it done
        state = SqliteState(path)
        assert [state.get_many(table, keys) for table in OF_VERSION_4] == [
            dict.fromkeys(keys, b"1")
        ] * 3
        state.close()


def test_a_file_without_a_place_for_sealed_items_is_given_one(tmp_path: Path) -> None:
    path = tmp_path / "friction.db"
    SqliteState(path).close()
    for table in ("sealed", "gone", "last_commit"):
        with_sqlite(path, f"DROP TABLE {table}")
    with_sqlite(path, "PRAGMA user_version=3")
    with pytest.raises(StateCorrupt, match="Start `friction run` once"):
        SqliteReader(path)
    state = SqliteState(path)
    changes = Changes(gone=["part"])
    changes.put("sealed", "CHK-1", b"bytes")
    state.commit(changes)
    state.close()
    reader = SqliteReader(path)
    assert reader.get_many("sealed", ["CHK-1"]) == {"CHK-1": b"bytes"}
    assert reader.gone(["part"]) == {"part"}
    reader.close()


def test_values_put_afresh_are_those_put_and_close_their_gaps(tmp_path: Path) -> None:
    path = tmp_path / "friction.db"
    state = SqliteState(path)
    keys = [f"CHK-{number}" for number in range(400)]
    long = Changes()
    long.puts["items"] = {key: key.encode() * 400 for key in keys}
    state.commit(long)
    after = 0
    while page := state.page("items", after, 100):
        after = page[-1].number
        short = Changes(afresh=True)
        short.puts["items"] = {one.key: one.key.encode() * 100 for one in page[1:]}
        short.put("items", page[0].key, None)
        state.commit(short)
    left = dict(state.scan("items"))
    assert len(left) == 396
    assert all(value == key.encode() * 100 for key, value in left.items())
    state.close()
    with_pages = sqlite3.connect(path)
    (pages,) = with_pages.execute(
        "SELECT sum(pgsize) FROM dbstat WHERE name = 'items'"
    ).fetchone()
    with_pages.close()
    # A page that is only made shorter stays three quarters empty.
    assert pages < 1.6 * sum(map(len, left.values()))
