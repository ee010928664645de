"""Items to evaluate as bytes in and bytes out, so that any process can do it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from monitor.domain.items import Profile
from monitor.domain.model import Model
from monitor.domain.packed import pack_timelines, unpack_timelines
from monitor.domain.teams import Directory
from monitor.indicators.evaluate import evaluate
from monitor.pipeline.accounting import Accounted, accounted
from monitor.pipeline.evaluating import Replaced, news_of
from monitor.relate.rows import Row, unpack


class Stored(NamedTuple):
    """An item as it is stored: its row and its timelines, None where there is none."""

    key: str
    row: bytes | None
    timelines: bytes | None


class Task(NamedTuple):
    """Some items to evaluate; waits count as open that are at the instant (ms)."""

    items: Sequence[Stored]
    instant: int


class News(NamedTuple):
    """A profile that a blocker's dependents do not have yet, with its hash."""

    item: str
    blocker: str
    sent: int
    profile: Profile


class Outcome(NamedTuple):
    """What a task came to; ``timelines`` are those that changed, None for none."""

    keys: list[str]
    timelines: dict[str, bytes | None]
    accounted: Accounted
    news: list[News]


class Crew(Protocol):
    """Whoever evaluates tasks: this process, or several beside it."""

    def evaluate(self, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """The outcome of each task, in their order; tasks are drawn when needed."""

    def dismiss(self) -> None:
        """Nothing is to do for long; the next task calls everybody back."""


@dataclass(frozen=True, slots=True)
class Alone:
    """Evaluates in this process."""

    directory: Directory
    model: Model

    def evaluate(self, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """One task after the other."""
        for task in tasks:
            yield evaluate_task(task, self.directory, self.model)

    def dismiss(self) -> None:
        """There is nobody to dismiss."""


def evaluate_task(task: Task, directory: Directory, model: Model) -> Outcome:
    """Evaluate and account every item of the task. Pure."""
    replaced: list[Replaced] = []
    timelines: dict[str, bytes | None] = {}
    news: list[News] = []
    for key, packed, before in task.items:
        row = unpack(packed) if packed is not None else Row(key)
        old = unpack_timelines(before) if before is not None else ()
        item = row.item()
        new = evaluate(item, directory, model)
        if new != old:
            replaced.append(Replaced(key, old, new))
            timelines[key] = pack_timelines(new) if new else None
        for blocker, sent, profile in news_of(row, directory):
            news.append(News(key, blocker, sent, profile))
    found = accounted(replaced, directory, task.instant)
    return Outcome([one.key for one in task.items], timelines, found, news)
