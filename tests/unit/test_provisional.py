"""Starting without a teams file: what is stored, what grows, and what is waited for."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest

from monitor import provisional
from monitor.adapters.state.memory import MemoryState
from monitor.decode.settings import DecodeSettings
from monitor.domain.teams import always
from monitor.errors import SourceUnavailable
from monitor.pipeline.batch import no_hint
from monitor.pipeline.surveying import Survey
from monitor.provisional import Sample, started_directory, stored_directory
from tests.unit.pipeline.running import event, record

Take = Callable[[], Sample]


def taking(*projects: str, stop: threading.Event | None = None) -> Take:
    """Takes a sample in which these projects have a ticket each."""

    def take() -> Sample:
        sample = Sample(Survey(DecodeSettings(), no_hint))
        for key in projects:
            body = event("ticket.created", 0, f"{key}-1", id=key)
            sample.survey.add(record(encoded(body)))
        if stop is not None:
            stop.set()
        return sample

    return take


def encoded(body: object) -> bytes:
    """The body as a record's value."""
    return json.dumps(body).encode()


def away() -> Sample:
    """A broker that does not answer."""
    raise SourceUnavailable("nobody answers")


@pytest.fixture
def stop() -> threading.Event:
    """Nobody tells to stop."""
    return threading.Event()


def test_the_first_teams_are_kept_and_later_ones_added(stop: threading.Event) -> None:
    state = MemoryState()
    first = started_directory(state, taking("CHK", "PAY"), stop)
    assert list(first.teams) == ["chk", "pay"]
    assert first.projects == {"CHK", "PAY"}
    # Newer records no longer name them.
    later = started_directory(state, taking("OPS"), stop)
    assert list(later.teams) == ["chk", "pay", "ops"]
    assert later.hash != first.hash
    same = started_directory(state, taking("PAY"), stop)
    assert same.hash == later.hash == stored_directory(state).hash


def test_empty_topics_leave_the_next_start_a_first_one(stop: threading.Event) -> None:
    state = MemoryState()
    empty = started_directory(state, taking(), stop)
    assert (empty.teams, empty.provisional) == ({}, True)
    assert empty.project("CHK") == always("chk")
    assert list(state.scan("meta")) == []
    assert list(started_directory(state, taking("CHK"), stop).teams) == ["chk"]


def test_without_the_broker_the_stored_teams_go_on(stop: threading.Event) -> None:
    state = MemoryState()
    first = started_directory(state, taking("CHK"), stop)
    assert started_directory(state, away, stop).hash == first.hash


def test_the_first_start_waits_for_the_broker(
    stop: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provisional, "_PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(provisional, "_PATIENCE_SECONDS", 0.003)
    answers = [away, away, taking("CHK"), away]

    def take() -> Sample:
        return answers.pop(0)()

    assert list(started_directory(MemoryState(), take, stop).teams) == ["chk"]
    assert answers == [away]
    # It does not wait for ever.
    assert started_directory(MemoryState(), away, stop).teams == {}


def test_a_part_of_a_sample_is_not_stored(stop: threading.Event) -> None:
    state = MemoryState()
    found = started_directory(state, taking("CHK", stop=stop), stop)
    assert found.teams == {}
    assert list(state.scan("meta")) == []
