"""`friction dead-letters list`: where rejected records are, and every reason."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.adapters.state.sqlite import SqliteState
from monitor.pipeline.ports import Changes, DeadLetter

Typed = Callable[..., int]
Captured = pytest.CaptureFixture[str]
AT = 1_772_445_600_000  # 2026-03-02T10:00:00Z
LETTERS = [
    DeadLetter("friction.ci", 3, 41, AT, ("not JSON",), "ab12"),
    DeadLetter("issues", 0, 7, None, ("kind: is\x1b[2J no", "time: [b]?"), "cd34"),
    DeadLetter("friction.ci", 3, 42, AT + 1, ("no value",), "ef56", b"the body"),
]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[SqliteState]:
    """The state of a service that has it open."""
    state = SqliteState(tmp_path / "friction.db")
    yield state
    state.close()


@pytest.fixture
def path(running: SqliteState, tmp_path: Path) -> Path:
    """The file of a state with three dead letters."""
    running.commit(Changes(dead_letters=LETTERS))
    return tmp_path / "friction.db"


def test_everything_that_is_kept_of_a_rejected_record_is_told(
    typed: Typed, path: Path, capsys: Captured
) -> None:
    asked = ("dead-letters", "list", "--state", path, "--format", "json")
    assert typed(*asked) == 0
    told = capsys.readouterr()
    newest, second, oldest = json.loads(told.out)
    assert newest == {
        "topic": "friction.ci",
        "partition": 3,
        "offset": 42,
        "time": "2026-03-02T10:00:00.001000Z",
        "reasons": ["no value"],
        "sha256": "ef56",
        "waits_to_be_published": True,
    }
    assert (second["time"], second["reasons"]) == (None, list(LETTERS[1].reasons))
    assert (oldest["offset"], oldest["waits_to_be_published"]) == (41, False)
    assert "the body" not in told.out
    assert told.err == ""


def test_a_table_has_a_row_for_each_and_nothing_that_steers_the_terminal(
    typed: Typed, path: Path, capsys: Captured
) -> None:
    config = path.with_name("friction.toml")
    config.write_text('[state]\npath = "friction.db"\n')
    assert typed("dead-letters", "list", "--config", config) == 0
    text = capsys.readouterr().out
    places = [
        text.index(f"{one.topic}/{one.partition}/{one.offset}") for one in LETTERS
    ]
    assert places == sorted(places, reverse=True)
    assert "2026-03-02T10:00:00Z" in text
    assert "kind: is\\x1b[2J no" in text
    assert "time: [b]?" in text
    assert text.count("waits") == 1
    assert "\x1b" not in text


def test_a_stored_time_that_is_none_is_told_as_none(
    typed: Typed, running: SqliteState, path: Path, capsys: Captured
) -> None:
    """Of a version that took a record's microseconds for milliseconds."""
    running.commit(Changes(dead_letters=[replace(LETTERS[0], timestamp=1000 * AT)]))
    asked = ("dead-letters", "list", "--state", path, "--last", 1, "--format", "json")
    assert typed(*asked) == 0
    assert [one["time"] for one in json.loads(capsys.readouterr().out)] == [None]


def test_a_topic_and_a_number_bound_the_list(
    typed: Typed, path: Path, capsys: Captured
) -> None:
    asked = ("dead-letters", "list", "--state", path, "--format", "json")
    assert typed(*asked, "--topic", "friction.ci") == 0
    assert [one["offset"] for one in json.loads(capsys.readouterr().out)] == [42, 41]
    assert typed(*asked, "--last", 2) == 0
    told = capsys.readouterr()
    assert [one["offset"] for one in json.loads(told.out)] == [42, 7]
    assert told.err == "friction: the newest 2; --last N shows more\n"
    assert typed(*asked, "--last", 3) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("form", ["table", "json"])
def test_that_there_is_none_is_no_failure(
    form: str, typed: Typed, running: SqliteState, path: Path, capsys: Captured
) -> None:
    asked = ("dead-letters", "list", "--format", form, "--state")
    assert typed(*asked, path, "--topic", "friction.cii") == 0
    of_others = "no rejected records of topic friction.cii are kept; of other topics "
    said = {"table": f"{of_others}there are 3\n", "json": "[]\n"}
    assert capsys.readouterr().out == said[form]
    running.close()
    path.unlink()
    SqliteState(path).close()
    assert typed(*asked, path) == 0
    said = {"table": "no rejected records are kept\n", "json": "[]\n"}
    assert capsys.readouterr().out == said[form]


def test_looking_changes_no_file(
    typed: Typed, running: SqliteState, path: Path
) -> None:
    running.close()
    before = {one.name: one.read_bytes() for one in path.parent.iterdir()}
    assert typed("dead-letters", "list", "--state", path) == 0
    assert {one.name: one.read_bytes() for one in path.parent.iterdir()} == before


@pytest.mark.parametrize("name", ["nowhere.db", ".", "n" * 5_000])
def test_a_state_that_is_not_there_is_wrong_input(
    name: str, typed: Typed, tmp_path: Path, capsys: Captured
) -> None:
    assert typed("dead-letters", "list", "--state", tmp_path / name) == 2
    assert capsys.readouterr().err.startswith(f"--state {tmp_path / name}: is no file")


def test_a_configured_state_that_is_not_there_is_told(
    typed: Typed, tmp_path: Path, capsys: Captured
) -> None:
    config = tmp_path / "friction.toml"
    config.touch()
    assert typed("dead-letters", "list", "--config", config) == 1
    assert "run `friction run` first" in capsys.readouterr().err


def test_one_state_is_asked_for(typed: Typed, path: Path, capsys: Captured) -> None:
    both = ("--state", path, "--config", path)
    for given in ((), both):
        assert typed("dead-letters", "list", *given) == 2
        assert "give --config for the configured state" in capsys.readouterr().err
