"""The pipeline driven by hand: events in, books and timelines out, no broker."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from monitor.adapters.state.memory import MemoryState
from monitor.decode.decode import decode
from monitor.decode.settings import DecodeSettings, TopicHint
from monitor.directory.attribute import attribute
from monitor.directory.teams_file import parse
from monitor.domain.facts import Fact
from monitor.domain.model import DEFAULT_MODEL, Model
from monitor.domain.outcomes import Record
from monitor.domain.teams import Directory
from monitor.domain.timeline import Timeline
from monitor.domain.working_time import FOREVER
from monitor.pipeline.accounting import Accounted, accounted
from monitor.pipeline.batch import stored_timelines
from monitor.pipeline.books import Books
from monitor.pipeline.catching_up.assistant import Nobody
from monitor.pipeline.catching_up.deferring import defer_touched, evaluate_deferred
from monitor.pipeline.catching_up.sharing import Sharing
from monitor.pipeline.evaluating import evaluate_touched
from monitor.pipeline.ports import Changes
from monitor.pipeline.recent import Recent
from monitor.pipeline.relating.relate import Related, relate
from monitor.pipeline.restating import restated
from monitor.pipeline.showing.families import business_families
from monitor.pipeline.stored_books import fresh_books, load_books
from monitor.pipeline.working_set import WorkingSet

Samples = dict[tuple[str, ...], float]


@cache
def directory_of(text: str) -> Directory:
    """The directory of a teams file that has no mistakes."""
    found = parse(text)
    assert not isinstance(found, tuple), found
    return found


def facts_of(bodies: Iterable[Mapping[str, Any]], directory: Directory) -> list[Fact]:
    """Native events as facts without people; none may be rejected."""
    settings = DecodeSettings(projects=directory.projects)
    facts: list[Fact] = []
    for index, body in enumerate(bodies):
        record = Record("t", 0, index, None, None, (), json.dumps(body).encode())
        decoded = decode(record, TopicHint(), settings)
        assert not decoded.reasons, decoded.reasons
        facts += [attribute(fact, directory) for fact in decoded.facts]
    return facts


@dataclass
class Drive:
    """Books over a store in memory, told the time by the test.

    ``distinct`` sums up the facts that were counted as new.
    """

    directory: Directory
    now: int
    model: Model = DEFAULT_MODEL
    served: bool = False
    state: MemoryState = field(default_factory=MemoryState)
    recent: Recent = field(default_factory=Recent)
    distinct: int = 0
    books: Books = field(init=False)

    def __post_init__(self) -> None:
        self.books = fresh_books(self.directory, self.state, self.now)
        self.books.served = self.served
        restated(self.state, self.books, self.directory, self.model)

    def take(self, facts: list[Fact], *, deferring: bool = False) -> Related:
        """One batch, stored at its end; evaluated, or as while catching up."""
        projects = self.directory.projects
        working = WorkingSet(self.state, self.recent, projects)
        changes = Changes()
        related = relate(facts, working)
        self.distinct += related.added
        found: list[Accounted] = []
        if deferring:
            defer_touched(working, changes, self.recent)
        else:
            replaced = evaluate_touched(working, self.directory, self.model)
            now = self.books.accounts.instants[0]
            found.append(accounted(replaced, self.directory, now))
        working.collect(changes)
        # Each as a record by itself.
        self.books.tell(min((fact.time for fact in facts), default=FOREVER))
        self._store(found, changes)
        self.recent.keep(working.held())
        return related

    def catch_up(self) -> None:
        """Evaluate whatever was deferred."""
        self.recent.clear()
        now = self.books.accounts.instants[0]
        sharing = Sharing(self.state, self.directory, self.model, Nobody())
        for step in evaluate_deferred(sharing, now):
            self._store(step.accounted, step.changes)

    def _store(self, found: Sequence[Accounted], changes: Changes) -> None:
        self.books.enter(found, self.directory)
        self.books.collect(changes)
        self.state.commit(changes)
        self.books.find_first(self.state, self.directory)

    def advance(self, now: int) -> None:
        """Time goes on."""
        self.now = max(now, self.now)
        self.books.advance(self.now)

    def restart(self, directory: Directory | None = None) -> None:
        """Forget what is in memory and start from the store."""
        self.directory = directory or self.directory
        self.recent.clear()
        books = load_books(self.directory, self.state, self.now)
        self.books = restated(self.state, books, self.directory, self.model)
        self.books.begin_catching_up()
        self.catch_up()
        if self.books.served:
            self.books.caught_up()

    def timelines(self) -> list[Timeline]:
        """Every timeline of the store, in a fixed order."""
        return sorted(stored_timelines(self.state))

    def families(self) -> dict[str, Samples]:
        """The business families by name, those without samples left out."""
        found = business_families(self.books, self.directory, self.model)
        return {family.name: dict(family.samples) for family in found if family.samples}
