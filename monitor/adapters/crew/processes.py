"""A crew of processes: catching up uses every core, live work one.

Members are plain programs on pipes. Each holds one order at a time, and is given the
next before its answer is used, so that all work while this process reads and stores.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Final, TypeVar, cast

import structlog

from monitor.domain.outcomes import Record
from monitor.pipeline.decoding import Plain, named
from monitor.pipeline.tasks import Answer, Bodies, Order, Outcome, Slice, Task, Worker

_Work = TypeVar("_Work")

_LOG = structlog.get_logger()
# Less is done before a process has started.
_FEW: Final = 4


@dataclass(slots=True)
class Processes:
    """``most`` members, called when there is more than a little to do.

    A member that dies is not replaced: its order and all others are followed here.
    """

    worker: Worker
    most: int
    _members: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def decode(self, slices: Iterable[Sequence[Record]]) -> Iterator[Slice]:
        """Each slice with what its records say, in their order."""
        for records, answer in self._each(slices, _bodies):
            if answer is None:
                yield records, self.worker.decoding.each(records)
            else:
                yield records, map(named, cast("list[Plain]", answer))

    def evaluate(self, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """The outcome of each task, in their order."""
        for task, answer in self._each(tasks, _itself):
            yield cast("Outcome", answer) if answer else self.worker.evaluate(task)

    def _each(
        self, work: Iterable[_Work], order_of: Callable[[_Work], Order]
    ) -> Iterator[tuple[_Work, Answer | None]]:
        """Every piece of work with its answer; None where it is to be done here."""
        first = list(islice(work := iter(work), _FEW))
        if len(first) < _FEW or self.most == 1:
            for one in chain(first, work):
                yield one, None
            return
        self._call()
        rest = chain(first, work)
        busy = deque(zip(self._members, rest, strict=False))
        for member, one in busy:
            _give(member, order_of(one))
        while busy:
            member, one = busy.popleft()
            answer = _taken(member)
            following = next(rest, None)
            if following is not None:
                _give(member, order_of(following))
                busy.append((member, following))
            if answer is None:
                _LOG.warning("a process beside this one died; its work is done here")
            yield one, answer

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
            _give(member, self.worker)


def _give(member: subprocess.Popen[bytes], order: object) -> None:
    """Hand something over; that a member is dead shows when its answer is read."""
    assert member.stdin is not None
    with suppress(OSError):
        pickle.dump(order, member.stdin, protocol=5)
        member.stdin.flush()


def _taken(member: subprocess.Popen[bytes]) -> Answer | None:
    """The member's answer; None when there will be none."""
    assert member.stdout is not None
    try:
        answer: Answer = pickle.load(member.stdout)  # noqa: S301 - our own program
    except (EOFError, pickle.UnpicklingError, OSError):
        return None
    return answer


def _bodies(records: Sequence[Record]) -> Bodies:
    return Bodies([tuple(record) for record in records])


def _itself(task: Task) -> Task:
    return task
