"""Relate: every fact to its root item, whatever order things become known in.

Facts are kept in the row of the root item they belong to now. What is learned
later (a parent, a sha, an alias) moves sections between rows: retract there, add
here. Each decision is a pure function of facts, so the final place of a fact
does not depend on the order of arrival.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from monitor.domain.facts import Fact
from monitor.domain.preference import preferred
from monitor.pipeline.relating.aliases import learn_aliases
from monitor.pipeline.relating.asking_anew import (
    is_retyped,
    lets_in,
    may_contain,
    may_relate,
    takes_back,
)
from monitor.pipeline.relating.canonical import by_entity, references, renamed
from monitor.pipeline.relating.epics import kept_apart
from monitor.pipeline.relating.finding import forget
from monitor.pipeline.relating.jobs import explain_failures, may_explain, prefetch_jobs
from monitor.pipeline.relating.lanes import may_meet, meet
from monitor.pipeline.relating.late import without_late
from monitor.pipeline.relating.moving import stands_apart
from monitor.pipeline.relating.names import stated
from monitor.pipeline.relating.placing import meet_containers, place_all
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.code_index import is_branch, keys_asked_for
from monitor.relate.parents import PARENTS, parents_named
from monitor.relate.rows import Row, Section


class Related(NamedTuple):
    """How many facts were new, were told before, and came after their sealing.

    The sum of ``added`` is the number of distinct facts: what turns out to have been
    told under two keys of one thing is taken off again.
    """

    added: int
    duplicates: int
    late: int = 0


def relate(facts: Sequence[Fact], working: WorkingSet) -> Related:
    """Put the facts into the rows of their root items and touch what changed."""
    named = references(facts)
    working.prefetch_homes(named)
    rekeyed, asking, anew = learn_aliases(facts, working)
    told = [*facts, *anew] if anew else facts
    if anew:
        named |= references(anew)
        working.prefetch_homes(named)
    found_by, late = without_late(
        by_entity(told, renamed(named, working), rekeyed, working), working
    )
    working.prefetch_homes(found_by)
    working.load_rows(_roots(found_by, working))
    news = _News(misled=asking)
    for entity, found in found_by.items():
        row, section, fresh = _kept(entity, found, news, working)
        if entity in rekeyed:
            # What it said under another key it says for the first time.
            fresh = list(section.facts.values())
            if rekeyed[entity]:
                news.settle_anew(section, working)
        if fresh or entity in news.unsettled:
            working.touch(row)
        if fresh:
            news.hear(section, fresh, working)
    _settle(news, working)
    added = news.distinct - sum(rekeyed.values()) - len(anew)
    return Related(added, len(facts) - added - late, late)


@dataclass(slots=True)
class _News:
    """Whose fresh facts matter elsewhere, and to what; settled once all are heard.

    ``replaced`` are facts as they were said before: what they answered is asked anew.
    ``misled`` are those that found something which turned out to be another thing.
    ``distinct`` counts the fresh facts that replace none.
    """

    unsettled: dict[str, Section] = field(default_factory=dict)
    misled: list[str] = field(default_factory=list)
    meeting: list[tuple[Section, list[Fact]]] = field(default_factory=list)
    ended: list[Section] = field(default_factory=list)
    explaining: list[tuple[Section, list[Fact]]] = field(default_factory=list)
    replaced: dict[str, list[Fact]] = field(default_factory=dict)
    distinct: int = 0

    def hear(
        self, section: Section, fresh: Sequence[Fact], working: WorkingSet
    ) -> None:
        """Take in what is fresh of one entity."""
        before = self.replaced.get(section.entity, ())
        if is_retyped(section, fresh):
            self.misled += forget(section, working)
        told = (*before, *fresh) if before else fresh
        if may_meet(told):
            self.meeting.append((section, _as_before(section, fresh, before)))
        if may_explain(fresh, chain(section.facts.values(), before)):
            self.explaining.append((section, _as_before(section, fresh, before)))
        if may_contain(told):
            self.ended.append(section)
        if may_relate(fresh, section) or takes_back(before, section):
            self.unsettled[section.entity] = section
        if lets_in(before, section):
            self.misled += kept_apart(section.entity, working)

    def settle_anew(self, section: Section, working: WorkingSet) -> None:
        """Of what was told under two keys some counts no more, whatever it said."""
        self.unsettled[section.entity] = section
        self.misled += kept_apart(section.entity, working)


def _settle(news: _News, working: WorkingSet) -> None:
    """Place what is new, then bring together what matters to each other.

    Deploys and freezes with those they hold up, changes with what shipped them, failed
    runs with what had turned the branch red.
    """
    asked = keys_asked_for(news.unsettled.values())
    working.prefetch_nodes(asked)
    shas = (key for key in asked if not is_branch(key))
    working.prefetch_homes({one for key in shas for one in working.node(key).followers})
    place_all((*news.unsettled, *news.misled), working)
    for section, before in news.meeting:
        meet(section, before, working)
    meet_containers(news.ended, working)
    if news.explaining:
        prefetch_jobs((section for section, _ in news.explaining), working)
    for section, before in news.explaining:
        explain_failures(section, before, working)


def _as_before(
    section: Section, fresh: Iterable[Fact], replaced: Iterable[Fact]
) -> list[Fact]:
    """The entity's facts as they were known before the fresh ones."""
    new = set(map(id, fresh))
    kept = (fact for fact in section.facts.values() if id(fact) not in new)
    return [*kept, *replaced]


def _roots(found_by: Mapping[str, Sequence[Fact]], working: WorkingSet) -> set[str]:
    """The rows that will be asked for: of new entities, also their parents'."""
    roots = {entity: working.home(entity) for entity in found_by}
    new = (found_by[entity] for entity, root in roots.items() if root == entity)
    parents = {
        parent
        for fact in chain.from_iterable(new)
        if not PARENTS.isdisjoint(fact.fields)
        for parent in parents_named(fact)
    }
    return {*roots.values(), *map(working.home, parents)}


def _kept(
    entity: str, found: Sequence[Fact], news: _News, working: WorkingSet
) -> tuple[Row, Section, list[Fact]]:
    """The entity's row and section, with the facts, and those of them that are new.

    A new section begins where its own facts say that it belongs. Without this, a
    change or run would first be an item and then move.
    """
    row = working.row(working.home(entity))
    section = row.sections.get(entity)
    if section is not None:
        return row, section, _add(section, found, news)
    section = Section(entity)
    fresh = _add(section, found, news)
    if row.key == entity and row.is_unheard_of():
        row = _stated_root(section, row, working)
    row.sections[entity] = section
    return row, section, fresh


def _stated_root(section: Section, own: Row, working: WorkingSet) -> Row:
    parent = stated(section, working)
    if parent is None:
        return own
    root = working.row(working.home(parent))
    parent = working.canonical(parent)
    if working.is_gone(parent) or stands_apart(section, parent, root, working):
        return own
    section.parent = parent
    working.set_home(section.entity, root.key)
    return root


def _add(section: Section, found: Iterable[Fact], news: _News) -> list[Fact]:
    """Those of the facts that say something new; they are in the section now.

    What was said otherwise before is taken back elsewhere, too; but a change goes on by
    the names it had.
    """
    fresh: list[Fact] = []
    replaced: list[Fact] = []
    facts = section.facts
    before = len(facts)
    for fact in found:
        known = facts.get(fact.identity)
        if known is not None:
            same = known.fields == fact.fields and known.time == fact.time
            # Also what says the same again may come before others of its instant.
            if same and fact.revision <= known.revision:
                continue
            if not same and preferred(known, fact) is known:
                if section.keep_names(fact, known):
                    news.unsettled[section.entity] = section
                continue
            section.keep_names(known, fact)
            section.changed()
            replaced.append(known)
        facts[fact.identity] = fact
        fresh.append(fact)
    news.distinct += len(facts) - before
    if replaced:
        news.replaced[section.entity] = replaced
        # Of several words of one batch only the one that counts is news.
        return [fact for fact in fresh if facts[fact.identity] is fact]
    return fresh
