"""What the doctor says of a state file, whoever has it open."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.adapters.doctor import state as examined
from monitor.adapters.doctor.check import Check, Mark
from monitor.adapters.doctor.state import state_checks
from monitor.adapters.state.sqlite import SqliteState
from monitor.domain.model import DEFAULT_MODEL
from monitor.pipeline.catching_up.deferring import defer
from monitor.pipeline.decoded_before import DECODING, READ_OTHERWISE
from monitor.pipeline.ports import Changes, DeadLetter
from monitor.pipeline.restating import OTHER_MODEL, OTHER_TEAMS, OTHER_ZONES, basis_of
from monitor.pipeline.stored_teams import put_teams
from tests.harness.driving import directory_of
from tests.unit.pipeline.running import TEAMS

OFFSETS = {("t", 0): 5, ("t", 1): 7}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A state that was left by a service that read something."""
    path = tmp_path / "friction.db"
    state = SqliteState(path)
    state.commit(Changes(offsets={at: (None, to) for at, to in OFFSETS.items()}))
    state.close()
    return path


def said(checks: list[Check], mark: Mark) -> str:
    return "\n".join(str(check) for check in checks if check.mark is mark)


def test_without_a_file_there_is_nothing_to_go_on_from(tmp_path: Path) -> None:
    checks, offsets, is_running = state_checks(tmp_path / "friction.db")
    assert "friction run` makes it" in said(checks, Mark.NOTE)
    assert not said(checks, Mark.WRONG)
    assert (offsets, is_running) == ({}, False)
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_is_wrong(tmp_path: Path) -> None:
    checks, _, _ = state_checks(tmp_path / "nowhere" / "friction.db")
    assert f"the folder {tmp_path / 'nowhere'} is missing" in said(checks, Mark.WRONG)


def test_a_file_that_nobody_has_tells_its_offsets(path: Path) -> None:
    checks, offsets, is_running = state_checks(path)
    assert "offsets of 2 partitions" in said(checks, Mark.OK)
    assert (offsets, is_running) == (OFFSETS, False)
    SqliteState(path).close()  # nothing of ours is left in the way


@pytest.mark.parametrize("version", [1, 1_000])
def test_offsets_of_another_programs_file_are_not_known(
    path: Path, version: int
) -> None:
    """It is not said that nothing is stored."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    checks, offsets, _ = state_checks(path)
    assert said(checks, Mark.WRONG)
    assert offsets is None


def test_looking_changes_no_file(path: Path) -> None:
    # Left by another process than this one.
    path.with_name(path.name + ".lock").write_text("4242")
    before = {one.name: one.read_bytes() for one in path.parent.iterdir()}
    state_checks(path)
    assert {one.name: one.read_bytes() for one in path.parent.iterdir()} == before


def test_without_a_lock_file_nobody_has_it(path: Path) -> None:
    lock = path.with_name(path.name + ".lock")
    lock.unlink()
    assert state_checks(path)[2] is False
    assert not lock.exists()


def test_a_running_service_is_named_and_not_disturbed(path: Path) -> None:
    state = SqliteState(path)
    checks, offsets, is_running = state_checks(path)
    assert "in use by another friction process (process" in said(checks, Mark.OK)
    assert (offsets, is_running) == (OFFSETS, True)
    state.commit(Changes(offsets={("t", 0): (5, 6)}))
    state.close()


def test_another_program_that_has_it_locked_is_wrong(path: Path) -> None:
    """As one has it that looks into it with SQL, and keeps its transaction open."""
    script = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('BEGIN IMMEDIATE'); print('locked', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        other.stdout.readline()
        checks, offsets, is_running = state_checks(path)
        assert f"process {other.pid} is writing to it" in said(checks, Mark.WRONG)
        assert (offsets, is_running) == (OFFSETS, False)
        other.stdin.close()
    assert not said(state_checks(path)[0], Mark.WRONG)


def test_a_running_service_is_found_through_a_symbolic_link(path: Path) -> None:
    state = SqliteState(path)
    state.commit(Changes(offsets={("t", 0): (5, 6)}))
    link = path.with_name("linked.db")
    link.symlink_to(path)
    checks, offsets, is_running = state_checks(link)
    assert not said(checks, Mark.WRONG)
    assert (offsets, is_running) == ({("t", 0): 6, ("t", 1): 7}, True)
    state.close()


def test_a_link_that_leads_back_to_itself_is_wrong(tmp_path: Path) -> None:
    link = tmp_path / "state.link"
    link.symlink_to(link)
    checks, _, is_running = state_checks(link)
    assert "leads back to itself" in said(checks, Mark.WRONG)
    assert not is_running


def test_a_second_name_of_the_file_is_wrong(path: Path) -> None:
    path.with_name("other.db").hardlink_to(path)
    checks, _, _ = state_checks(path)
    assert "one of 2 names of the same file" in said(checks, Mark.WRONG)


def test_what_is_rejected_or_not_evaluated_yet_is_told(path: Path) -> None:
    letter = DeadLetter("t", 0, 3, None, ("no JSON",), "00", None)
    changes = Changes(dead_letters=[letter])
    defer(["CHK-1", "CHK-2"], changes)
    state = SqliteState(path)
    state.commit(changes)
    state.close()
    checks, _, _ = state_checks(path)
    assert "catching up: 2 items" in said(checks, Mark.OK)
    assert "1 records were rejected" in said(checks, Mark.NOTE)
    assert "`friction dead-letters list` shows them" in said(checks, Mark.NOTE)


def test_records_that_an_older_program_read_otherwise_are_told(path: Path) -> None:
    assert READ_OTHERWISE in said(state_checks(path)[0], Mark.NOTE)
    changes = Changes()
    changes.put("meta", "decoding", str(DECODING).encode())
    state = SqliteState(path)
    state.commit(changes)
    state.close()
    assert READ_OTHERWISE not in said(state_checks(path)[0], Mark.NOTE)


def test_a_file_deleted_under_a_running_service_is_wrong(path: Path) -> None:
    state = SqliteState(path)
    path.unlink()
    checks, _, is_running = state_checks(path)
    assert "deleted or moved under a running service" in said(checks, Mark.WRONG)
    assert is_running
    state.close()


def logged(path: Path, offset: int) -> bytes:
    """The log after one commit from an offset on, which a kill would leave."""
    state = SqliteState(path)
    state.commit(Changes(offsets={("t", 0): (offset, offset + 1)}))
    left = path.with_name(path.name + "-wal").read_bytes()
    state.close()
    return left


def test_a_log_without_its_file_is_wrong(path: Path) -> None:
    """The file may have been moved without it, and is then not whole."""
    log = path.with_name(path.name + "-wal")
    left = logged(path, 5)
    path.unlink()
    log.write_bytes(left)
    found = said(state_checks(path)[0], Mark.WRONG)
    assert f"after a kill, without its log {log}" in found
    assert f"remove {log} and -shm and restore it from a backup" in found
    log.write_bytes(b"")  # as a stop leaves it that found its file gone
    assert not said(state_checks(path)[0], Mark.WRONG)


def test_a_log_of_another_file_is_wrong(path: Path) -> None:
    """A backup was put in the place of a file that a kill left with its log."""
    log = path.with_name(path.name + "-wal")
    backup = path.read_bytes()
    left = [logged(path, offset) for offset in (5, 6)][-1]
    path.write_bytes(backup)
    log.write_bytes(left)
    found = said(state_checks(path)[0], Mark.WRONG)
    assert f"{log} is the log of another file" in found
    assert f"`rm {log}" in found


def test_a_folder_in_the_place_of_the_file_is_wrong(tmp_path: Path) -> None:
    folder = tmp_path / "friction.db"
    folder.mkdir()
    checks, _, _ = state_checks(folder)
    assert "is a folder" in said(checks, Mark.WRONG)
    assert "is a folder" in said(state_checks(Path())[0], Mark.WRONG)


@pytest.mark.parametrize("closed", ["", "friction.db", "friction.db.lock"])
def test_what_the_service_could_not_write_to_is_wrong(
    path: Path, closed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As the operating system answers one who is not the owner; root may everything.
    shut = path.parent / closed
    monkeypatch.setattr(os, "access", lambda asked, _: Path(asked) != shut)
    found = said(state_checks(path)[0], Mark.WRONG)
    assert f"{shut} may not be written to" in found
    assert "`friction run` would fail" in found


def test_what_could_not_be_written_is_wrong_before_there_is_a_file_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "friction.db"
    lock = tmp_path / "friction.db.lock"
    lock.touch()
    monkeypatch.setattr(os, "access", lambda asked, _: Path(asked) != lock)
    checks, _, _ = state_checks(path)
    assert f"{lock} may not be written to" in said(checks, Mark.WRONG)


def test_a_foreign_file_is_wrong_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "friction.db"
    path.write_bytes(b"a diary" * 100)
    checks, offsets, _ = state_checks(path)
    assert said(checks, Mark.WRONG)
    assert offsets is None
    assert path.read_bytes() == b"a diary" * 100


def test_little_room_on_the_disk_is_worth_a_note(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "free on the disk" in said(state_checks(path)[0], Mark.OK)
    monkeypatch.setattr(examined, "_LITTLE_ROOM", 2**60)
    assert "make room" in said(state_checks(path)[0], Mark.NOTE)


def test_a_teams_file_that_waits_for_a_start_is_told(path: Path) -> None:
    directory = directory_of(TEAMS)
    assert OTHER_TEAMS not in said(state_checks(path, directory)[0], Mark.NOTE)
    changes = Changes()
    changes.put("meta", "basis", basis_of(directory, DEFAULT_MODEL))
    state = SqliteState(path)
    state.commit(changes)
    state.close()
    assert OTHER_TEAMS not in said(state_checks(path, directory)[0], Mark.NOTE)
    grown = directory_of(TEAMS.replace("headcount: 4", "headcount: 6"))
    assert OTHER_TEAMS in said(state_checks(path, grown)[0], Mark.NOTE)
    assert OTHER_TEAMS not in said(state_checks(path)[0], Mark.NOTE)


def test_time_zones_that_wait_for_a_start_are_told(path: Path) -> None:
    """Stored are rules by which the clocks of the organisation's zone never moved."""
    directory = directory_of(
        TEAMS.replace("{name: Acme}", "{name: Acme, calendar: {zone: Europe/Paris}}")
    )
    changes = Changes()
    changes.put("meta", "basis", basis_of(directory, DEFAULT_MODEL))
    state = SqliteState(path)
    put_teams(directory, None, state, changes)
    state.commit(changes)
    assert OTHER_ZONES not in said(state_checks(path, directory)[0], Mark.NOTE)
    stored = json.loads(changes.puts["meta"]["teams"] or b"")
    stored["zones"] = {"Europe/Paris": [[0, 0]]}
    changes.put("meta", "teams", json.dumps(stored).encode())
    state.commit(changes)
    state.close()
    assert OTHER_ZONES in said(state_checks(path, directory)[0], Mark.NOTE)


def test_a_model_that_waits_for_a_start_is_told(path: Path) -> None:
    directory = directory_of(TEAMS)
    changes = Changes()
    changes.put("meta", "basis", basis_of(directory, DEFAULT_MODEL))
    state = SqliteState(path)
    state.commit(changes)
    state.close()
    model = replace(DEFAULT_MODEL, d0_ms=60_000)
    for asked, is_told in ((DEFAULT_MODEL, False), (model, True)):
        notes = said(state_checks(path, directory, asked)[0], Mark.NOTE)
        assert (OTHER_MODEL in notes) == is_told
