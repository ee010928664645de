"""Batch: the whole pipeline over records at hand, for ``evaluate`` and ``explain``.

The same stages as the live process, over a store in memory; ``at`` is an argument
and facts later than it are left out: for ``evaluate`` they were not knowable then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from monitor.decode.settings import NO_HINT, DecodeSettings, TopicHint
from monitor.domain.facts import Fact
from monitor.domain.items import ItemFacts
from monitor.domain.marks import Mark
from monitor.domain.model import Model
from monitor.domain.outcomes import Decoded, Record, told_at
from monitor.domain.packed import unpack_timelines
from monitor.domain.provenance import fact_of, record_word
from monitor.domain.signal_rules import USUAL_RULES, SignalRules
from monitor.domain.teams import Directory
from monitor.domain.timeline import Timeline
from monitor.domain.working_time import FOREVER
from monitor.indicators.explaining.explain import Question
from monitor.indicators.signals.marks import marks_of
from monitor.indicators.signals.report import Judging, signals_report
from monitor.indicators.totals.coordination import (
    Touched,
    coordination_report,
    cost_by_pair,
)
from monitor.indicators.totals.ledger import BITS, SUMMED
from monitor.indicators.totals.report import Document, numbers_at, report
from monitor.pipeline.catching_up.assistant import Nobody
from monitor.pipeline.catching_up.deferring import defer_touched, evaluate_deferred
from monitor.pipeline.catching_up.sharing import Sharing
from monitor.pipeline.decoding import Decoding
from monitor.pipeline.kept_timelines import (
    all_timelines,
    sealed_timelines,
    timelines_of,
)
from monitor.pipeline.ports import Changes, Partition, State, StateReader
from monitor.pipeline.relating.relate import relate
from monitor.pipeline.showing.item_names import naming_of
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.packed_rows import unpack

_BATCH = 20_000
_AT_ONCE = 1_000

_Move = tuple[int | None, int]
Hints = Callable[[str], TopicHint]


def no_hint(topic: str) -> TopicHint:  # noqa: ARG001 - the shape of Hints
    """No topic says anything about its records."""
    return NO_HINT


@dataclass(slots=True)
class Batch:
    """Records read into a store, with what became of them.

    ``told_since`` is the earliest instant that any of them was ``told_at``.
    """

    state: State
    directory: Directory
    settings: DecodeSettings
    model: Model
    at: int
    hints: Hints = no_hint
    rules: SignalRules = USUAL_RULES
    counts: Counter[str] = field(default_factory=Counter)
    told_since: int = FOREVER

    def read(self, records: Iterable[Record]) -> None:
        """Take every record through decode, attribute, relate and evaluate."""
        iterator = iter(records)
        decoding = Decoding(self.directory, self.settings, self.hints)
        while chunk := list(islice(iterator, _BATCH)):
            decoded = zip(chunk, decoding.each(chunk), strict=True)
            facts = [fact for pair in decoded for fact in self._of(*pair)]
            working = WorkingSet(self.state)
            related = relate(facts, working)
            self.counts["facts"] += related.added
            self.counts["duplicates"] += related.duplicates
            changes = Changes(offsets=self._places(chunk))
            defer_touched(working, changes)
            working.collect(changes)
            self.state.commit(changes)
        sharing = Sharing(self.state, self.directory, self.model, Nobody())
        for step in evaluate_deferred(sharing, self.at):
            self.state.commit(step.changes)

    def _places(self, records: Iterable[Record]) -> dict[Partition, _Move]:
        """Where these records are from, so that facts can name theirs."""
        stored = self.state.offsets()
        found = {(record.topic, record.partition) for record in records}
        return {at: (stored.get(at), stored.get(at, 0)) for at in found}

    def _of(self, record: Record, decoded: Decoded) -> Iterator[Fact]:
        word = record_word(record.topic, record.partition, record.offset)
        self.counts["read"] += 1
        self.counts["rejected"] += bool(decoded.reasons)
        self.counts["ignored"] += bool(decoded.ignored)
        self.told_since = min(self.told_since, told_at(decoded))
        return (fact_of(word, fact) for fact in decoded.facts if fact.time <= self.at)

    def timelines(self) -> list[Timeline]:
        """Every timeline of the store."""
        return stored_timelines(self.state)

    def records(self) -> dict[str, int]:
        """How many records and facts there were, by what became of them."""
        names = ("read", "facts", "rejected", "ignored", "duplicates")
        return {name: self.counts[name] for name in names}


def stored_timelines(state: StateReader) -> list[Timeline]:
    """Every timeline a state holds."""
    return [one for _, timelines in all_timelines(state) for one in timelines]


def timelines_behind(state: StateReader, question: Question) -> list[Timeline]:
    """The timelines that can add to a number: few of all, where the ledger leads.

    It leads to no time that does not accrue; for that, and for a team that it does
    not know, these are all there are. Nor does it lead to sealed items: all of them.
    """
    component = question.component
    if question.item is not None:
        return list(timelines_of(state, question.item))
    pairs = [pair for pair in state.pairs() if question.charges(pair[0])]
    what = SUMMED if component is None else BITS.get(component, 0)
    if not pairs or not what:
        return stored_timelines(state)
    packed = {
        one.item: one.timelines
        for pair in pairs
        if question.waits_for(*pair)
        for one in state.charged(pair, what, question.start)
    }
    found = [one for value in packed.values() for one in unpack_timelines(value)]
    return [*found, *(one for _, kept in sealed_timelines(state) for one in kept)]


def stored_items(
    state: StateReader, directory: Directory
) -> Iterator[tuple[ItemFacts, tuple[Timeline, ...]]]:
    """Every item that has a timeline, with its facts."""
    timelines = state.scan("timelines")
    while some := dict(islice(timelines, _AT_ONCE)):
        rows = state.get_many("items", list(some))
        for key, packed in some.items():
            if key in rows:
                item = unpack(rows[key]).item(directory)
                yield item, unpack_timelines(packed)


def stored_facts(
    state: StateReader, directory: Directory
) -> Callable[[str], Sequence[Fact]]:
    """Asks for the facts of an item by its key; of what is none there are none."""

    def facts_of(key: str) -> Sequence[Fact]:
        rows = state.get_many("items", [key])
        return unpack(rows[key]).item(directory).facts if key in rows else ()

    return facts_of


def stored_marks(
    state: StateReader, directory: Directory, rules: SignalRules
) -> Iterator[Mark]:
    """What every item says to the signals, also those that have no timeline."""
    items = state.scan("items")
    while some := dict(islice(items, _AT_ONCE)):
        timelines = state.get_many("timelines", list(some))
        for key, packed in some.items():
            found = unpack_timelines(timelines[key]) if key in timelines else ()
            item = unpack(packed).item(directory)
            yield from marks_of(item, found, directory, rules)


def report_at(batch: Batch, window: int | None) -> Document:
    """The document of ``friction evaluate`` for a batch that was read."""
    timelines: Sequence[Timeline] = batch.timelines()
    numbers = numbers_at(
        timelines, batch.directory, batch.model, batch.at, window, batch.told_since
    )
    document = report(numbers, batch.directory, batch.model, batch.records())
    marks = stored_marks(batch.state, batch.directory, batch.rules)
    judging = Judging(batch.directory, batch.model, batch.rules)

    def called(item: str) -> str:
        return naming_of(batch.state, (item,), batch.directory)(item)

    document |= signals_report(timelines, marks, judging, batch.at, called)
    touched = Touched()
    start = None if window is None else batch.at - window
    for item, found in stored_items(batch.state, batch.directory):
        touched.add(item, found, batch.directory, start, batch.at)
    costs = cost_by_pair(numbers.totals, batch.model)
    return document | {"coordination": coordination_report(touched, costs)}
