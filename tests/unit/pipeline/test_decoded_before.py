"""A state that a program with other decoding read says so until all is read anew."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from monitor.errors import StateCorrupt
from monitor.pipeline import decoded_before
from monitor.pipeline.decoded_before import READ_OTHERWISE
from monitor.pipeline.ports import Changes
from tests.unit.pipeline.running import Process, event

STARTED = event("ticket.started", 0, team="checkout", work_class="feature")


def told(process: Process) -> bool:
    """Whether a start on what is stored tells of other decoding."""
    with capture_logs() as lines:
        process.start()
        process.caught_up()
    found = [one for one in lines if one["event"] == READ_OTHERWISE]
    assert all(one["log_level"] == "warning" for one in found)
    assert len(found) < 2
    return bool(found)


def read() -> Process:
    process = Process()
    process.send(STARTED)
    process.caught_up()
    return process


def test_one_program_has_nothing_to_tell() -> None:
    assert not told(read())


def test_each_start_after_other_decoding_tells_of_it_until_all_is_read_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    process = read()
    monkeypatch.setattr(decoded_before, "DECODING", decoded_before.DECODING + 1)
    assert told(process)
    process.send(event("ticket.done", 1))
    process.caught_up()
    assert told(process)
    anew = Process(topics=process.topics)
    anew.caught_up()
    assert not told(anew)


def test_a_state_from_before_decodings_had_numbers_is_told_of() -> None:
    process = read()
    process.state.commit(Changes(puts={"meta": {"decoding": None}}))
    assert told(process)
    assert told(process)


def test_what_an_older_program_read_in_between_is_told_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = decoded_before.DECODING
    process = read()
    monkeypatch.setattr(decoded_before, "DECODING", number - 1)
    assert told(process)
    monkeypatch.setattr(decoded_before, "DECODING", number)
    assert told(process)


def test_a_state_into_which_nothing_was_read_yet_is_of_the_program_that_reads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    process = Process()
    monkeypatch.setattr(decoded_before, "DECODING", decoded_before.DECODING + 1)
    assert not told(process)
    process.send(STARTED)
    process.caught_up()
    assert not told(process)


def test_a_damaged_number_is_damage_of_the_state() -> None:
    process = read()
    process.state.commit(Changes(puts={"meta": {"decoding": b"1x"}}))
    with pytest.raises(StateCorrupt, match="what it has of the decoding"):
        process.start()
