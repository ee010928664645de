"""Sealing: of items that are long closed the sums stay, and the facts go.

A walk over all items, some at a time between batches, once for each day of the broker's
clocks. What is closed is stored in fewer bytes. What was closed and quiet for
``after_ms``, and not touched since the walk before, is sealed: of its facts, homes and
index rows nothing is left but that they are gone, and its timelines stay until
``kept_ms`` after it closed. No total changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final, NamedTuple

from monitor.domain.deflated import deflate, is_deflated
from monitor.domain.items import EntityType, ItemFacts
from monitor.domain.model import Model
from monitor.domain.packed import unpack_timelines
from monitor.domain.sealed import Sealed, closed_at, seal
from monitor.domain.signal_rules import USUAL_RULES, SignalRules
from monitor.domain.teams import BEGINNING, Directory
from monitor.domain.working_time import DAY
from monitor.indicators.evaluate import sweeps_of
from monitor.indicators.signals.marks import marks_of
from monitor.indicators.timelines.closing import closed_since, is_unrepaired
from monitor.indicators.totals.ledger import moved
from monitor.pipeline.ports import Changes, StateReader, Stored, Table
from monitor.pipeline.relating.branches import unfollow
from monitor.pipeline.relating.called import forget_callers
from monitor.pipeline.relating.carrying import forget_carried
from monitor.pipeline.relating.containing import forget_contained
from monitor.pipeline.relating.freezes import wait_no_more
from monitor.pipeline.relating.jobs import forget_results
from monitor.pipeline.relating.keyed import forget_keys, other_keys, site_marks
from monitor.pipeline.relating.late import SEALED_BEFORE
from monitor.pipeline.relating.moving import is_epic_in
from monitor.pipeline.relating.names import forget_asking
from monitor.pipeline.relating.rollbacks import forget_taken_back
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.code_index import keys_of
from monitor.relate.packed_rows import unpack
from monitor.relate.rows import Row

# Looked at in one turn, about 15 ms of work; sealed of them, about as much to store.
_LOOKED_AT: Final = 50
_MOST_SEALED: Final = 25
_TABLES: Final[tuple[Table, ...]] = ("items", "indexes", "sealed")
_WALKED: Final = "sealing_walked"


@dataclass(frozen=True, slots=True)
class Retention:
    """For how long after closing facts, and then timelines, are kept (ms)."""

    after_ms: int = 90 * DAY
    kept_ms: int = 400 * DAY


class Chunk(NamedTuple):
    """What is to be stored, and the items whose open waits nobody asks for again."""

    changes: Changes
    sealed: list[str]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be stored."""
        return not any((*self.changes.puts.values(), *self.changes.shrunk.values()))


@dataclass(slots=True)
class Sealing:
    """The walk over what tables are left; ``_after`` is where it is in the first."""

    state: StateReader
    directory: Directory
    model: Model
    retention: Retention
    rules: SignalRules = USUAL_RULES
    _walked: int | None = None
    _tables: list[Table] = field(default_factory=list)
    _after: int = 0

    @property
    def is_walking(self) -> bool:
        """Whether there is more to look at, without waiting for another day."""
        return bool(self._tables)

    def step(self, instant: int) -> Chunk | None:
        """The next few items at an instant of the broker's clocks; None for a while."""
        chunk = Chunk(Changes(afresh=True), [])
        if not self._tables:
            if instant - self._last_walk() < DAY:
                return None
            self._walked, self._tables, self._after = instant, list(_TABLES), 0
            chunk.changes.put("meta", _WALKED, str(instant).encode())
        last = self._walk_on(self._tables[0], instant, chunk)
        if last is None:
            self._tables, self._after = self._tables[1:], 0
        else:
            self._after = last
        return chunk

    def _walk_on(self, table: Table, instant: int, chunk: Chunk) -> int | None:
        """The next rows of a table; returns the last one's number, None at its end."""
        if table == "indexes":
            nodes = self.state.numbered("indexes", self._after, _LOOKED_AT)
            _shrink_nodes(nodes, chunk.changes)
            return nodes[-1][0] if nodes else None
        if table == "items":
            items = self.state.page("items", self._after, _LOOKED_AT)
            looked_at = self._look(items, instant, chunk)
        else:
            looked_at = self.state.page("sealed", self._after, _LOOKED_AT)
            self._forget(looked_at, instant, chunk)
        return looked_at[-1].number if looked_at else None

    def _last_walk(self) -> int:
        """When the last walk began, also by an earlier process."""
        if self._walked is None:
            stored = self.state.get_many("meta", [_WALKED]).get(_WALKED)
            self._walked = int(stored) if stored is not None else 0
        return self._walked

    def _look(
        self, stored: Sequence[Stored], instant: int, chunk: Chunk
    ) -> Sequence[Stored]:
        """Seal or pack what is closed; returns how far it came."""
        packed = self.state.get_many("timelines", [one.key for one in stored])
        working = WorkingSet(self.state)
        looked_at: list[Stored] = []
        for one in stored:
            looked_at.append(one)
            row, before = unpack(one.value), packed.get(one.key)
            timelines = unpack_timelines(before) if before is not None else ()
            item = row.item(self.directory)
            closed = closed_since(item, timelines)
            # An epic is no item, and takes nothing in: that has to stay known.
            if closed is None or is_epic_in(row, row.key):
                continue
            # What was touched since the last walk is not packed: more may be coming.
            if self._is_over(item, closed, instant) and is_deflated(one.value):
                # What timelines tell by themselves is told by those that are kept.
                marks = marks_of(item, (), self.directory, self.rules)
                self._seal(row, Sealed(closed, (), timelines, marks), working, chunk)
                _leave_indexes(row, instant - self.retention.after_ms, working)
                if len(chunk.sealed) == _MOST_SEALED:
                    break
            else:
                _shrink(one, before, chunk.changes)
        working.collect_indexes(chunk.changes)
        return looked_at

    def _is_over(self, item: ItemFacts, closed: int, instant: int) -> bool:
        """Whether it was closed for long enough; a failed deploy is repaired later."""
        ages = self.retention
        after = ages.kept_ms if is_unrepaired(item) else ages.after_ms
        return closed < instant - max(after, ages.after_ms)

    def _seal(
        self, row: Row, sealed: Sealed, working: WorkingSet, chunk: Chunk
    ) -> None:
        key, changes = row.key, chunk.changes
        if sealed.marks or any(any(one[1:]) for one in sealed.timelines):
            breaks = self._breaks(row)
            changes.put("sealed", key, seal(key, sealed._replace(breaks=breaks)))
        changes.put("items", key, None)
        changes.put("timelines", key, None)
        entries = moved(key, sealed.timelines, ())
        if entries is not None:
            changes.ledger.append(entries)
        names = _names_of(row, working)
        changes.gone += names
        working.drop(names)
        changes.puts.setdefault("homes", {}).update(dict.fromkeys(names))
        chunk.sealed.append(key)

    def _breaks(self, row: Row) -> tuple[int, ...]:
        """Where flights begin, for who splits the waits anew."""
        sweeps = sweeps_of(row.item(self.directory), self.directory, self.model)
        starts = {flight.start for sweep in sweeps for flight in sweep.flights}
        return tuple(sorted(starts - {BEGINNING}))

    def _forget(self, stored: Iterable[Stored], instant: int, chunk: Chunk) -> None:
        """Drop timelines that are older than anybody asks for; sums stay."""
        for one in stored:
            if closed_at(one.value) < instant - self.retention.kept_ms:
                chunk.changes.put("sealed", one.key, None)


def _shrink(one: Stored, timelines: bytes | None, changes: Changes) -> None:
    """Store what is closed in fewer bytes; when it is touched it is written anew."""
    if not is_deflated(one.value):
        changes.shrink("items", one.number, deflate(one.value))
    if timelines is not None and not is_deflated(timelines):
        changes.shrink("timelines", one.number, deflate(timelines))


def _shrink_nodes(stored: Iterable[tuple[int, bytes]], changes: Changes) -> None:
    """Deflate index rows, where that makes them shorter."""
    for number, value in stored:
        if not is_deflated(value) and len(shorter := deflate(value)) < len(value):
            changes.shrink("indexes", number, shorter)


def _names_of(row: Row, working: WorkingSet) -> list[str]:
    """Every key that anything of the item is known by, aliases included."""
    facts = chain.from_iterable(one.facts.values() for one in row.sections.values())
    tickets = _tickets_of(row)
    names = {row.key, *row.sections}.union(
        *(other_keys(one, working) for one in tickets)
    )
    for fact in facts:
        names.update(fact.fields.get("aliases", ()))
    working.prefetch_homes(names)
    own = {name for name in names if working.home(name) == row.key}
    return sorted(own | site_marks(own))


def _tickets_of(row: Row) -> list[str]:
    """The root and its sub-tasks: what may have had several keys."""
    of_type = EntityType.TICKET
    return [key for key, one in row.sections.items() if one.said.type is of_type]


def _leave_indexes(row: Row, before: int, working: WorkingSet) -> None:
    """Take the item's things out of the indexes, and old results of its jobs.

    It had closed ``before``, as what was sealed until now.
    """
    known = working.plain(SEALED_BEFORE) or 0
    working.put_plain(SEALED_BEFORE, max(known, before))
    for ticket in _tickets_of(row):
        forget_keys(ticket, working)
    for section in row.sections.values():
        for key in chain.from_iterable(keys_of(section)):
            working.node(key).changes.pop(section.entity, None)
            working.touch_node(key)
            unfollow(key, section, working)
        forget_carried(section.entity, working)
        forget_asking(section, working)
        forget_callers(section, working)
        forget_results(section, before, working)
        forget_taken_back(section, working)
        wait_no_more(section, working)
        forget_contained(section, working)
