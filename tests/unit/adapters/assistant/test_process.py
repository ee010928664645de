"""The service's end of its assistant, where there is no process."""

from __future__ import annotations

import errno
import socket
import subprocess
import sys
from typing import NoReturn

import pytest
from structlog.testing import capture_logs

from monitor.adapters.assistant.process import AssistantProcess
from monitor.adapters.assistant.wire import Errand
from monitor.adapters.kafka.connection import Connection
from monitor.decode.settings import DecodeSettings
from monitor.domain.model import DEFAULT_MODEL
from monitor.pipeline.batch import no_hint
from monitor.pipeline.decoding import Decoding
from monitor.pipeline.intake import Taking
from tests.harness.driving import directory_of
from tests.unit.pipeline.running import TEAMS


def assistant() -> AssistantProcess:
    decoding = Decoding(directory_of(TEAMS), DecodeSettings(), no_hint)
    nowhere = Connection("127.0.0.1:1")
    errand = Errand(nowhere, ("t",), Taking(decoding, 9), DEFAULT_MODEL, 1_000, 100)
    return AssistantProcess(errand)


def acts_as_nobody(called: AssistantProcess) -> bool:
    return (
        not called.reads({}, {("t", 0): 5})
        and not called.is_here()
        and called.is_done()
        and called.outcome() is None
    )


def test_where_no_process_can_be_started_nobody_helps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    beside = assistant()
    with capture_logs() as lines:
        beside.call({})
        assert acts_as_nobody(beside)
        beside.dismiss()
    (line,) = lines
    assert line["log_level"] == "warning"
    assert line["event"] == "no assistant can be started; all is done here"
    assert "No such file" in line["problem"]


def test_where_there_is_no_room_for_a_line_nobody_helps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full() -> NoReturn:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(socket, "socketpair", full)
    beside = assistant()
    with capture_logs() as lines:
        beside.call({})
        assert acts_as_nobody(beside)
    assert ["Too many open files" in line["problem"] for line in lines] == [True]


def test_a_process_that_could_not_be_started_leaves_nothing_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(*_: object, **__: object) -> NoReturn:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    ends = socket.socketpair()
    monkeypatch.setattr(socket, "socketpair", lambda: ends)
    monkeypatch.setattr(subprocess, "Popen", refused)
    beside = assistant()
    beside.call({})
    assert [end.fileno() for end in ends] == [-1, -1]
