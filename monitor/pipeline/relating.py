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
from monitor.pipeline.aliases import (
    canonical_fact,
    learn_aliases,
    references,
    renamed,
)
from monitor.pipeline.moving import is_epic_in, settle
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.code_index import (
    Candidate,
    candidate_of,
    choose,
    choose_open,
    first_time,
    is_follower,
    is_opened,
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
from monitor.relate.said import NO_NUMBER

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
_REVIEWS: Final = frozenset(
    {
        Kind.CHANGE_REVIEW_REQUESTED,
        Kind.CHANGE_REVIEW_UNREQUESTED,
        Kind.CHANGE_REVIEWED,
    }
)
_LINKS: Final = frozenset({Kind.LINK_ADDED, Kind.LINK_REMOVED})


class Related(NamedTuple):
    """How many facts were new, and how many were known already."""

    added: int
    duplicates: int


def relate(facts: Sequence[Fact], working: WorkingSet) -> Related:
    """Put the facts into the rows of their root items and touch what changed."""
    named = references(facts)
    working.prefetch_homes(named)
    learn_aliases(facts, working)
    by_entity = _by_entity(facts, renamed(named, working), working)
    working.prefetch_homes(by_entity)
    working.load_rows(dict.fromkeys(_roots(by_entity, working)))
    added = 0
    unsettled: dict[str, Section] = {}
    for entity, found in by_entity.items():
        row, section, fresh = _kept(entity, found, working)
        if fresh:
            added += len(fresh)
            working.touch(row)
            if any(_may_relate(fact, section) for fact in fresh):
                unsettled[entity] = section
    asked = keys_asked_for(unsettled.values())
    working.prefetch_nodes(asked)
    working.prefetch_homes(
        {one for key in asked for one in working.node(key).followers}
    )
    _settle_all(unsettled, working)
    return Related(added, len(facts) - added)


def _by_entity(
    facts: Iterable[Fact], renames: Mapping[str, str], working: WorkingSet
) -> Mapping[str, Sequence[Fact]]:
    by_entity: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        fields = fact.fields
        # A link is in no number, and most of what would be stored.
        if "url" in fields:
            del fields["url"]
        plain = not renames and "branch" not in fields
        known = fact if plain else canonical_fact(fact, renames, working)
        by_entity[known.entity].append(known)
    return by_entity


def _may_relate(fact: Fact, section: Section) -> bool:
    """Whether the fact can change where its entity belongs, or tell it to others.

    A run that names the item it is kept with does neither, nor does a review of a
    change known to be open, and most facts are such.
    """
    fields = fact.fields
    if _RELATING.isdisjoint(fields):
        return False
    if section.parent is None or fields.get("item") != section.parent:
        return True
    if fact.kind in _RUNS:
        return False
    says_more = len(_RELATING.intersection(fields)) > 1
    return says_more or fact.kind not in _REVIEWS or not is_opened(section)


def _roots(
    by_entity: Mapping[str, Sequence[Fact]], working: WorkingSet
) -> Iterator[str]:
    """The rows that will be asked for: of new entities, also their parents'."""
    for entity, facts in by_entity.items():
        root = working.home(entity)
        yield root
        if root == entity:
            for fact in facts:
                if not PARENTS.isdisjoint(fact.fields):
                    yield from map(working.home, parents_named(fact))


def _kept(
    entity: str, found: Sequence[Fact], working: WorkingSet
) -> tuple[Row, Section, list[Fact]]:
    """The entity's row and section, with the facts, and those of them that are new.

    A new section begins where its own facts say that it belongs. Without this, a
    change or run would first be an item and then move.
    """
    row = working.row(working.home(entity))
    section = row.sections.get(entity)
    if section is not None:
        return row, section, _add(section, found)
    section = Section(entity)
    fresh = _add(section, found)
    if row.key == entity and not row.sections and not row.dependents:
        row = _stated_root(section, row, working)
    row.sections[entity] = section
    return row, section, fresh


def _stated_root(section: Section, own: Row, working: WorkingSet) -> Row:
    parent = stated_parent(section)
    if parent is None:
        return own
    root = working.row(working.home(parent))
    if is_epic_in(root, parent):
        return own
    section.parent = working.canonical(parent)
    working.set_home(section.entity, root.key)
    return root


def _add(section: Section, found: Iterable[Fact]) -> list[Fact]:
    """Those of the facts that say something new; they are in the section now."""
    fresh: list[Fact] = []
    facts = section.facts
    for fact in found:
        known = facts.get(fact.identity)
        if known is not None:
            best = preferred(known, fact)
            if best is known or (best.fields, best.time) == (known.fields, known.time):
                continue
        facts[fact.identity] = fact
        fresh.append(fact)
    if fresh:
        section.changed()
    return fresh


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
        if section.said.has_links:
            _link(section, working)
        if section.said.type is EntityType.CHANGE:
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
    if is_follower(section):
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
    is_deploy = section.said.type is EntityType.DEPLOY
    if is_deploy and names_several_items(section):
        return None
    shas, branches = keys_of(section)
    named = {
        change: Candidate(_number(change), ()) for change in stated_changes(section)
    }
    by_sha = _candidates(section, shas, working)
    if is_deploy:
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
    return int(digits) if digits.isdigit() else NO_NUMBER


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
