"""Relate: every fact to its root item, whatever order things become known in.

Facts are kept in the row of the root item they belong to now. What is learned
later (a parent, a sha, an alias) moves sections between rows: retract there, add
here. Each decision is a pure function of facts, so the final place of a fact
does not depend on the order of arrival.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from monitor.domain.facts import Fact, Kind, preferred
from monitor.domain.items import EntityType
from monitor.pipeline.aliases import canonical_fact, learn_aliases, references
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.code_index import (
    Candidate,
    candidate_of,
    choose,
    choose_open,
    first_time,
    is_follower,
    keys_asked_for,
    keys_of,
)
from monitor.relate.parents import (
    PARENTS,
    branch_ticket,
    is_epic,
    names_several_items,
    parents_named,
    stated_changes,
    stated_parent,
)
from monitor.relate.rows import Dependents, Row, Section

_RELATING: Final = frozenset(
    {
        "item",
        "parent",
        "tickets",
        "change",
        "changes",
        "items",
        "shas",
        "sha",
        "branch",
        "epic",
        "blocker",
        "number",
    }
)
_RUNS: Final = frozenset(kind for kind in Kind if kind.startswith("run."))
_LINKS: Final = frozenset({Kind.LINK_ADDED, Kind.LINK_REMOVED})


class Related(NamedTuple):
    """How many facts were new, and how many were known already."""

    added: int
    duplicates: int


def relate(facts: Sequence[Fact], working: WorkingSet) -> Related:
    """Put the facts into the rows of their root items and touch what changed."""
    working.prefetch_homes({key for fact in facts for key in references(fact)})
    learn_aliases(facts, working)
    by_entity: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        # A link is in no number, and most of what would be stored.
        fact.fields.pop("url", None)
        known = canonical_fact(fact, working)
        by_entity[known.entity].append(known)
    working.prefetch_homes(by_entity)
    working.prefetch_rows(_places(by_entity, working))
    added = 0
    unsettled: dict[str, None] = {}
    working.prefetch_nodes(keys_asked_for(facts))
    for entity, found in by_entity.items():
        section = _place(entity, found, working)
        fresh = [fact for fact in found if _add(section, fact)]
        if fresh:
            added += len(fresh)
            working.touch(working.row(working.home(entity)))
            if any(_may_relate(fact, section) for fact in fresh):
                unsettled[entity] = None
        elif not section.facts:
            del working.row(working.home(entity)).sections[entity]
    _settle_all(unsettled, working)
    return Related(added, len(facts) - added)


def _may_relate(fact: Fact, section: Section) -> bool:
    """Whether the fact can change where its entity belongs, or tell it to others.

    A run that names the item it is kept with does neither, and most facts are such.
    """
    if _RELATING.isdisjoint(fact.fields):
        return False
    told = fact.fields.get("item")
    return told is None or told != section.parent or fact.kind not in _RUNS


def _places(
    by_entity: Mapping[str, Sequence[Fact]], working: WorkingSet
) -> Iterator[str]:
    """The entities whose rows will be asked for: of new ones, also their parents'."""
    yield from by_entity
    for entity, facts in by_entity.items():
        if working.home(entity) == entity:
            for fact in facts:
                if not PARENTS.isdisjoint(fact.fields):
                    yield from parents_named(fact)


def _place(entity: str, facts: Sequence[Fact], working: WorkingSet) -> Section:
    """The entity's section: of a new one, where its own facts say it belongs.

    Without this, a change or run would first be an item and then move.
    """
    row = working.row(working.home(entity))
    if row.key != entity or row.sections or row.dependents:
        return working.section(entity)
    section = Section(entity, None, {fact.identity: fact for fact in facts})
    parent = stated_parent(section)
    section.facts.clear()
    root = working.row(working.home(parent)) if parent is not None else row
    if parent is None or _is_epic_in(root, parent):
        row.sections[entity] = section
        return section
    section.parent = working.canonical(parent)
    root.sections[entity] = section
    working.set_home(entity, root.key)
    return section


def _add(section: Section, fact: Fact) -> bool:
    known = section.facts.get(fact.identity)
    if known is None:
        section.facts[fact.identity] = fact
        return True
    best = preferred(known, fact)
    if best is known or (best.fields, best.time) == (known.fields, known.time):
        return False
    section.facts[fact.identity] = best
    return True


def _settle_all(unsettled: Iterable[str], working: WorkingSet) -> None:
    """Decide parents anew, and follow what the decisions of some change for others."""
    queue = list(unsettled)
    queued = set(queue)
    while queue:
        entity = queue.pop()
        queued.discard(entity)
        row = working.row(working.home(entity))
        section = row.sections.get(entity)
        if section is None:
            continue
        _link(section, working)
        for follower in _register(section, working):
            if follower not in queued:
                queued.add(follower)
                queue.append(follower)
        parent = _parent(section, working)
        if parent is not None:
            parent = working.canonical(parent)
        if parent != section.parent or is_epic(section):
            section.parent = parent
            working.touch(row)
            settle(row, working)


def _register(section: Section, working: WorkingSet) -> list[str]:
    """Tell the index of a change's shas and branch; who asked for them follows."""
    if section.type is not EntityType.CHANGE or is_follower(section):
        return []
    candidate = candidate_of(section)
    followers: dict[str, None] = {}
    shas, branches = keys_of(section)
    for key in (*shas, *branches):
        node = working.node(key)
        if node.changes.get(section.entity) != candidate:
            node.changes[section.entity] = candidate
            working.touch_node(key)
            followers.update(dict.fromkeys(node.followers))
    return list(followers)


def _parent(section: Section, working: WorkingSet) -> str | None:
    stated = stated_parent(section)
    if stated is not None or not is_follower(section):
        return stated
    if section.type is EntityType.DEPLOY and names_several_items(section):
        return None
    shas, branches = keys_of(section)
    named = {
        change: Candidate(_number(change), ()) for change in stated_changes(section)
    }
    by_sha = _candidates(section, shas, working)
    if section.type is EntityType.DEPLOY:
        # A deploy belongs to an item only when it carries exactly one change.
        return next(iter(by_sha)) if len(by_sha) == 1 else None
    instant = first_time(section)
    if named:
        return choose({key: by_sha.get(key, named[key]) for key in named}, instant)
    found = choose(by_sha, instant)
    if found is not None:
        return found
    found = choose_open(_candidates(section, branches, working), instant)
    # A run on a ticket's branch without a change is the ticket's own.
    return found or branch_ticket(section)


def _number(change: str) -> int:
    digits = change.rpartition("#")[2]
    return int(digits) if digits.isdigit() else 2**53


def _candidates(
    section: Section, keys: Sequence[str], working: WorkingSet
) -> dict[str, Candidate]:
    found: dict[str, Candidate] = {}
    for key in keys:
        node = working.node(key)
        if section.entity not in node.followers:
            node.followers[section.entity] = first_time(section)
            working.touch_node(key)
        found.update(node.changes)
    return found


def _link(section: Section, working: WorkingSet) -> None:
    """Enter the ticket among the dependents of each of its blockers."""
    for fact in section.facts.values():
        if fact.kind not in _LINKS:
            continue
        blocker = fact.fields.get("blocker", "")
        row = working.row(working.home(blocker))
        dependents = row.dependents.setdefault(blocker, Dependents())
        if section.entity not in dependents.entities:
            dependents.entities.append(section.entity)
            dependents.sent = 0
            working.touch(row)


def settle(row: Row, working: WorkingSet) -> None:
    """Move every section whose root is no longer this row's."""
    moves: defaultdict[str, list[Section]] = defaultdict(list)
    for section in row.sections.values():
        root = _root(row, section.entity, working)
        if root != row.key:
            moves[root].append(section)
    for root, sections in moves.items():
        target = working.row(root)
        for section in sections:
            move(section.entity, row, target, working)


def move(entity: str, row: Row, target: Row, working: WorkingSet) -> None:
    """Move one entity's facts, and who depends on it, to another root's row."""
    section = row.sections.pop(entity)
    target.sections[entity] = section
    working.set_home(entity, target.key)
    if entity in row.dependents:
        target.dependents[entity] = row.dependents.pop(entity)
    for blocker, profile in row.blockers.items():
        target.blockers.setdefault(blocker, profile)
    working.touch(row)
    working.touch(target)


def _root(row: Row, entity: str, working: WorkingSet) -> str:
    seen = [entity]
    current = entity
    while True:
        section = row.sections.get(current)
        parent = section.parent if section is not None else None
        if parent is None:
            return current
        if parent in seen:
            return min(seen[seen.index(parent) :])
        if parent in row.sections or parent == row.key:
            if _is_epic_in(row, parent):
                return current
        else:
            root = working.home(parent)
            if _is_epic_in(working.row(root), parent):
                return current
            return root
        seen.append(parent)
        current = parent


def _is_epic_in(row: Row, entity: str) -> bool:
    section = row.sections.get(entity)
    return section is not None and is_epic(section)
