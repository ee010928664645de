"""A crew of processes: catching up uses every core, live work one.

Members are plain programs on pipes. Each holds one task at a time, and is given the
next before its outcome is used, so that all work while this process stores.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Final

import structlog

from monitor.domain.model import Model
from monitor.domain.teams import Directory
from monitor.pipeline.tasks import Outcome, Task, evaluate_task

_LOG = structlog.get_logger()
# Fewer tasks are done before a process has started.
_FEW: Final = 4


@dataclass(slots=True)
class Processes:
    """``most`` members, called when there are more than a few tasks.

    A member that dies is not replaced: its task and all others are done here.
    """

    directory: Directory
    model: Model
    most: int
    _members: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def evaluate(self, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """The outcome of each task, in their order."""
        first = list(islice(tasks := iter(tasks), _FEW))
        if len(first) < _FEW or self.most == 1:
            for task in chain(first, tasks):
                yield evaluate_task(task, self.directory, self.model)
            return
        self._call()
        rest = chain(first, tasks)
        busy = deque(zip(self._members, rest, strict=False))
        for member, task in busy:
            _give(member, task)
        while busy:
            member, task = busy.popleft()
            outcome = _taken(member)
            following = next(rest, None)
            if following is not None:
                _give(member, following)
                busy.append((member, following))
            if outcome is None:
                _LOG.warning("a process beside this one died; its work is done here")
                outcome = evaluate_task(task, self.directory, self.model)
            yield outcome

    def dismiss(self) -> None:
        """Let every member end."""
        for member in self._members:
            with suppress(OSError):
                member.communicate()
        self._members.clear()

    def _call(self) -> None:
        """Start who is missing."""
        while len(self._members) < self.most:
            member = subprocess.Popen(
                [sys.executable, "-m", "monitor.adapters.crew.member"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            self._members.append(member)
            _give(member, (self.directory, self.model))


def _give(member: subprocess.Popen[bytes], order: object) -> None:
    """Hand something over; that a member is dead shows when its answer is read."""
    assert member.stdin is not None
    with suppress(OSError):
        pickle.dump(order, member.stdin, protocol=5)
        member.stdin.flush()


def _taken(member: subprocess.Popen[bytes]) -> Outcome | None:
    """The member's answer; None when there will be none."""
    assert member.stdout is not None
    try:
        outcome: Outcome = pickle.load(member.stdout)  # noqa: S301 - our own program
    except (EOFError, pickle.UnpicklingError, OSError):
        return None
    return outcome
