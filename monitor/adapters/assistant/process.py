"""The service's end of its assistant: a process of its own, and a line to it."""

from __future__ import annotations

import contextlib
import os
import pickle
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Final

import structlog

from monitor.adapters.assistant.line import Line
from monitor.adapters.assistant.wire import (
    ALL_READ,
    CONNECTED,
    LOADED,
    Errand,
    Stretch,
    unpacked,
)
from monitor.pipeline.catching_up.assistant import Chunk
from monitor.pipeline.catching_up.tasks import Outcome, Task
from monitor.pipeline.ports import Partition

_LOG = structlog.get_logger()
_PROGRAM: Final = "monitor.adapters.assistant.program"
_NOBODY_COMES: Final = "no assistant can be started; all is done here"
_LONGEST_GOODBYE_SECONDS: Final = 2.0
# It says something several times a second; evaluating is silent for some seconds.
_LONGEST_SILENCE_SECONDS: Final = 120.0


def cores() -> int:
    """How many cores this process may use; where nobody says, how many there are."""
    told = hasattr(os, "sched_getaffinity")
    return len(os.sched_getaffinity(0)) if told else os.cpu_count() or 1


class _Stage(Enum):
    AWAY = auto()
    COMING = auto()
    READING = auto()
    FREE = auto()


class AssistantProcess:
    """Starts the process when it is called, and takes what it does.

    Who is silent for long, or takes nothing, is sent away: at once when this process
    ``is_told_to_stop``.
    """

    def __init__(
        self, errand: Errand, is_told_to_stop: Callable[[], bool] = lambda: False
    ) -> None:
        """Remember what there is to know; nothing is started."""
        self._errand = errand
        self._is_told_to_stop = is_told_to_stop
        self._stored: dict[Partition, int] = {}
        self._program: subprocess.Popen[bytes] | None = None
        self._line: Line | None = None
        self._stage = _Stage.AWAY
        self._silent = 0.0

    def call(self, stored: Mapping[Partition, int]) -> None:
        """Start the process; it loads and connects while this one goes on.

        Where none can be started, nobody helps: it is as away as one that ended.
        """
        self._stored = dict(stored)
        try:
            ours, theirs = socket.socketpair()
            with theirs, contextlib.ExitStack() as undo:
                undo.callback(ours.close)
                self._program = _started(theirs.fileno())
                undo.pop_all()
        except OSError as problem:
            _LOG.warning(_NOBODY_COMES, problem=str(problem))
        else:
            self._line = Line(ours, self._patience)
            self._stage = _Stage.COMING

    def reads(
        self, positions: Mapping[Partition, int], ends: Mapping[Partition, int]
    ) -> bool:
        """Whether it reads; the first time it can, it begins with these offsets."""
        while self._stage is _Stage.COMING and self._speaks(0):
            message = self._received()
            if message == LOADED:
                self._tell((self._errand, self._stored))
            elif message == CONNECTED:
                self._stage = _Stage.READING
                _LOG.info("far behind: an assistant process helps to catch up")
                self._tell(Stretch(dict(positions), dict(ends)))
        return self._stage is _Stage.READING

    def next(self, timeout_ms: int) -> Chunk | None:
        """What it read next; None when there is nothing within the time."""
        if not self._speaks(timeout_ms / 1000):
            return None
        message = self._received()
        if message is None or message == ALL_READ:
            return None
        return unpacked(message)

    def is_here(self) -> bool:
        """Whether it reads, or has read, and can be given something."""
        return self._stage in (_Stage.READING, _Stage.FREE)

    def give(self, task: Task) -> bool:
        """Let it evaluate, when it has read everything, if it is there."""
        if self.is_here():
            self._tell(task)
        return self.is_here()

    def is_done(self) -> bool:
        """Whether an outcome can be had without waiting."""
        if self._stage is _Stage.READING and self._speaks(0):
            self.next(0)  # that it has read everything
        return self._stage is _Stage.AWAY or self._speaks(0)

    def outcome(self) -> Outcome | None:
        """What the next task given came to; None: there will be nothing more."""
        message: bytes | None = ALL_READ
        while message == ALL_READ:
            if self._stage is _Stage.AWAY:
                return None
            message = self._received()
        return None if message is None else pickle.loads(message)  # noqa: S301 - ours

    def dismiss(self) -> None:
        """Let it end: it does so with its line."""
        program, self._program = self._program, None
        line, self._line = self._line, None
        self._stage = _Stage.AWAY
        if program is None or line is None:
            return
        line.close()
        try:
            ended = program.wait(_LONGEST_GOODBYE_SECONDS)
        except subprocess.TimeoutExpired:
            # It is still loading, or in the middle of a task that nobody needs.
            program.kill()
            program.wait()
            return
        if ended:
            _LOG.warning("the assistant ended early; all is done here", status=ended)

    def _patience(self) -> float:
        told = self._is_told_to_stop()
        return _LONGEST_GOODBYE_SECONDS if told else _LONGEST_SILENCE_SECONDS

    def _speaks(self, seconds: float) -> bool:
        """Whether it says something in time; who is silent for long is sent away."""
        if self._line is None:
            return False
        if self._line.speaks(seconds):
            self._silent = 0.0
            return True
        self._silent += seconds
        if self._silent >= self._patience():
            self.dismiss()
        return False

    def _received(self) -> bytes | None:
        if self._line is None:
            return None
        try:
            message = self._line.receive()
        except (EOFError, OSError):
            self.dismiss()
            return None
        if message == ALL_READ:
            self._stage = _Stage.FREE
        return message

    def _tell(self, order: object) -> None:
        if self._line is None:
            return
        try:
            self._line.send(pickle.dumps(order, protocol=5))
        except OSError:
            self.dismiss()


def _started(handle: int) -> subprocess.Popen[bytes]:
    """The assistant's process, with its end of the line. Raises OSError."""
    return subprocess.Popen(  # noqa: S603 - our own
        # Of this program's own path, whatever lies in the current folder; and a
        # terminal's interrupt is for the service alone.
        [sys.executable, "-P", "-m", _PROGRAM, str(handle)],
        stdin=subprocess.DEVNULL,
        pass_fds=[handle],
        process_group=0,
    )
