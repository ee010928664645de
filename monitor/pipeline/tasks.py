"""Work as plain data in and plain data out, so that any process can do it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from monitor.domain.items import Profile
from monitor.domain.model import Model
from monitor.domain.outcomes import Decoded, Record
from monitor.domain.packed import pack_timelines, unpack_timelines
from monitor.domain.teams import Directory
from monitor.indicators.evaluate import evaluate
from monitor.pipeline.accounting import Accounted, accounted
from monitor.pipeline.decoding import Decoding, Plain, plain
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


class Bodies(NamedTuple):
    """Some records to decode, as plain tuples."""

    records: list[tuple[object, ...]]


Order = Task | Bodies
Answer = Outcome | list[Plain]
Slice = tuple[Sequence[Record], Iterable[Decoded]]


class Crew(Protocol):
    """Whoever decodes and evaluates: this process, or several beside it."""

    def decode(self, slices: Iterable[Sequence[Record]]) -> Iterator[Slice]:
        """Each slice with what its records say; slices are drawn when needed."""

    def evaluate(self, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """The outcome of each task, in their order; tasks are drawn when needed."""

    def dismiss(self) -> None:
        """Nothing is to do for long; the next call calls everybody back."""


@dataclass(frozen=True, slots=True)
class Worker:
    """Everything that is to be known for work on bytes, and the work itself."""

    decoding: Decoding
    model: Model

    @property
    def directory(self) -> Directory:
        """Who owns what."""
        return self.decoding.directory

    def do(self, order: Order) -> Answer:
        """Follow an order that came from another process."""
        if isinstance(order, Task):
            return self.evaluate(order)
        records = map(Record._make, order.records)
        return [plain(decoded) for decoded in self.decoding.each(records)]

    def evaluate(self, task: Task) -> Outcome:
        """Evaluate and account every item of the task. Pure."""
        replaced: list[Replaced] = []
        timelines: dict[str, bytes | None] = {}
        news: list[News] = []
        for key, packed, before in task.items:
            row = unpack(packed) if packed is not None else Row(key)
            old = unpack_timelines(before) if before is not None else ()
            new = evaluate(row.item(), self.directory, self.model)
            if new != old:
                replaced.append(Replaced(key, old, new))
                timelines[key] = pack_timelines(new) if new else None
            for blocker, sent, profile in news_of(row, self.directory):
                news.append(News(key, blocker, sent, profile))
        found = accounted(replaced, self.directory, task.instant)
        return Outcome([one.key for one in task.items], timelines, found, news)


@dataclass(frozen=True, slots=True)
class Alone:
    """Does everything in this process."""

    worker: Worker

    def decode(self, slices: Iterable[Sequence[Record]]) -> Iterator[Slice]:
        """One slice after the other."""
        for records in slices:
            yield records, self.worker.decoding.each(records)

    def evaluate(self, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """One task after the other."""
        return map(self.worker.evaluate, tasks)

    def dismiss(self) -> None:
        """There is nobody to dismiss."""
