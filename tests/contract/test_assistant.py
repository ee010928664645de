"""An assistant's process reads and evaluates what this one would, until it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping

import pytest

from monitor.adapters.assistant import process
from monitor.adapters.assistant.process import AssistantProcess
from monitor.adapters.assistant.wire import Errand
from monitor.adapters.kafka.connection import Connection
from monitor.decode.settings import DecodeSettings
from monitor.domain.facts import Fact
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.outcomes import Record
from monitor.pipeline.catching_up.tasks import Stored, Task, evaluate_stored, task_of
from monitor.pipeline.decoding import Decoding, Hints
from monitor.pipeline.intake import Taking
from monitor.pipeline.ports import Partition
from tests.harness.driving import Drive, directory_of, facts_of
from tests.harness.processes import is_running
from tests.harness.reference_data import REPOSITORY
from tests.harness.scenarios import THREE_TEAMS, WORLD, teams_yaml
from tests.harness.topics import Topic
from tests.harness.waiting import eventually

pytestmark = pytest.mark.kafka

AT = 1_772_800_000_000
DIRECTORY = directory_of(teams_yaml(WORLD))
BODIES = [json.dumps(event).encode() for event in THREE_TEAMS] + [b"{}", b"\xff"]
TIMES = 100


@pytest.fixture
def log(topic: Callable[..., Topic]) -> Topic:
    made = topic()
    made.produce_values(BODIES * TIMES)
    return made


@pytest.fixture
def assistant(log: Topic) -> Iterator[AssistantProcess]:
    made = assistant_of(log)
    yield made
    made.dismiss()


def taking() -> Taking:
    settings = DecodeSettings(projects=DIRECTORY.projects)
    return Taking(Decoding(DIRECTORY, settings, Hints({})), 10**6)


def assistant_of(
    log: Topic, is_told_to_stop: Callable[[], bool] = lambda: False
) -> AssistantProcess:
    return assistant_at(log.bootstrap, log.name, is_told_to_stop)


def assistant_at(
    bootstrap: str, name: str, is_told_to_stop: Callable[[], bool] = lambda: False
) -> AssistantProcess:
    connection = Connection(bootstrap)
    errand = Errand(connection, (name,), taking(), DEFAULT_MODEL, 8_000_000, 100)
    return AssistantProcess(errand, is_told_to_stop)


def begin(beside: AssistantProcess, at: Partition, first: int, end: int) -> None:
    beside.call({})
    eventually(lambda: beside.reads({at: first}, {at: end}), 30, "it reads")


def program(beside: AssistantProcess) -> subprocess.Popen[bytes]:
    assert beside._program is not None
    return beside._program


def read_all(
    beside: AssistantProcess, at: Partition, end: int
) -> tuple[list[Fact], int, Mapping[Partition, int]]:
    """Facts and rejections of everything it read or left to us, and where it ended."""
    facts: list[Fact] = []
    letters = 0
    positions: Mapping[Partition, int] = {}
    own = taking()
    while positions.get(at, 0) < end:
        chunk = beside.next(30_000)
        assert chunk is not None
        taken = own.take(chunk.records) if chunk.records else chunk.taken
        facts += taken.facts
        letters += len(taken.letters)
        positions = chunk.positions
    return facts, letters, positions


@pytest.mark.parametrize("skipped", [0, 7])
def test_it_reads_from_where_it_is_told_to_the_end(
    assistant: AssistantProcess, log: Topic, skipped: int
) -> None:
    at, end = (log.name, 0), len(BODIES) * TIMES
    begin(assistant, at, skipped, end)
    facts, letters, positions = read_all(assistant, at, end)
    bodies = (BODIES * TIMES)[skipped:]
    records = [
        Record(log.name, 0, n, AT, None, (), b) for n, b in enumerate(bodies, skipped)
    ]
    alone = taking().take(records)
    assert facts == alone.facts
    assert letters == len(alone.letters)
    assert positions == {at: end}
    assert not any(fact.people for fact in facts)


def test_when_all_is_read_it_evaluates(assistant: AssistantProcess, log: Topic) -> None:
    drive = Drive(DIRECTORY, AT)
    drive.take(facts_of(THREE_TEAMS, DIRECTORY), deferring=True)
    names = [key for key, _ in drive.state.scan("items")]
    task = task_of([*names, "gone"], drive.state, AT)
    other = task_of(names[:1], drive.state, AT)
    assert not assistant.is_here()
    assert not assistant.give(task)
    at, end = (log.name, 0), len(BODIES) * TIMES
    begin(assistant, at, 0, end)
    assert assistant.is_here()
    # One is given while it reads, and done afterwards.
    assert assistant.give(task)
    read_all(assistant, at, end)
    assert assistant.give(other)
    for number, given in enumerate((task, other)):
        if number:  # the first is waited for, past the word that all is read
            eventually(assistant.is_done, 10, "it is done")
        outcome = assistant.outcome()
        assert outcome == evaluate_stored(given, DIRECTORY, DEFAULT_MODEL)
        assert outcome is not None
        assert outcome.timelines
    assert not assistant.is_done()


def test_it_ends_when_it_is_dismissed(assistant: AssistantProcess, log: Topic) -> None:
    begin(assistant, (log.name, 0), 0, len(BODIES) * TIMES)
    started = program(assistant)
    assistant.dismiss()
    assert started.returncode == 0
    assert not assistant.reads({}, {})
    assistant.dismiss()


@pytest.mark.parametrize("evaluating", [False, True])
def test_of_one_that_died_nothing_more_comes(
    assistant: AssistantProcess, log: Topic, evaluating: bool
) -> None:
    at, end = (log.name, 0), len(BODIES) * TIMES
    drive = Drive(DIRECTORY, AT)
    task = task_of((), drive.state, AT)
    begin(assistant, at, 0, end)
    started = program(assistant)
    if evaluating:
        read_all(assistant, at, end)
        eventually(lambda: assistant.give(task), 10, "it takes a task")
        assistant.outcome()
    os.kill(started.pid, signal.SIGKILL)
    started.wait(10)
    if evaluating:
        # It may be found dead when it is given something, or only afterwards.
        assistant.give(task)
        assert assistant.outcome() is None
    else:
        eventually(lambda: not assistant.reads({}, {}) or drained(assistant), 10, "end")
        assert not assistant.reads({}, {})
    assert not assistant.give(task)


def gone(beside: AssistantProcess, started: subprocess.Popen[bytes]) -> bool:
    """Whether it does not read, and was seen to have ended."""
    return not beside.reads({}, {}) and started.returncode is not None


def drained(beside: AssistantProcess) -> bool:
    """Take what it had sent; whether that was all."""
    return beside.next(0) is None and not beside.reads({}, {})


def test_one_that_is_stopped_is_sent_away_however_much_it_is_to_take(
    assistant: AssistantProcess, log: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_LONGEST_SILENCE_SECONDS", 0.5)
    begin(assistant, (log.name, 0), 0, len(BODIES) * TIMES)
    started = program(assistant)
    os.kill(started.pid, signal.SIGSTOP)
    large = Stored("x" * 2_000_000, None, None)  # more than a line holds
    assert not assistant.give(Task([large], AT))
    assert started.returncode == -signal.SIGKILL
    assert assistant.outcome() is None


def test_one_that_is_stopped_is_not_waited_for_by_who_is_told_to_stop(
    log: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_LONGEST_GOODBYE_SECONDS", 0.5)
    told = threading.Event()
    beside = assistant_of(log, told.is_set)
    begin(beside, (log.name, 0), 0, len(BODIES) * TIMES)
    read_all(beside, (log.name, 0), len(BODIES) * TIMES)
    started = program(beside)
    os.kill(started.pid, signal.SIGSTOP)
    assert beside.give(Task([], AT))
    told.set()  # else it would be waited for two minutes
    assert beside.outcome() is None
    assert started.returncode == -signal.SIGKILL


def test_signals_to_all_leave_its_end_to_the_service(
    assistant: AssistantProcess, log: Topic
) -> None:
    at, end = (log.name, 0), len(BODIES) * TIMES
    begin(assistant, at, 0, end)
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(program(assistant).pid, number)
    facts, _, _ = read_all(assistant, at, end)
    assert facts


def test_what_cannot_be_read_is_left_to_the_service(log: Topic) -> None:
    beside = assistant_of(log)
    beside.call({(log.name, 0): 10**9})  # beyond the end: truncated, to a reader
    started = program(beside)
    eventually(lambda: gone(beside, started), 30, "end")
    assert started.returncode == 0


def test_it_does_not_outlive_a_service_that_is_killed(log: Topic) -> None:
    script = (
        "import sys\n"
        "from tests.contract.test_assistant import assistant_at, program\n"
        "beside = assistant_at(sys.argv[1], sys.argv[2])\n"
        "beside.call({})\n"
        "print(program(beside).pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, log.bootstrap, log.name]
    with subprocess.Popen(
        command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as service:
        assert service.stdout is not None
        started = int(service.stdout.readline())
        service.kill()
    eventually(lambda: not is_running(started), 30, "the assistant ends too")
