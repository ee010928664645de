"""Moving: sections leave the row of one root item for that of another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from monitor.domain.items import EntityType
from monitor.pipeline.relating.epics import keep_apart
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.parents import is_deleted, is_epic, only_names
from monitor.relate.rows import Row, Section

# Work is a root itself, whatever incident it is done for.
_WORK: Final = frozenset({EntityType.TICKET, EntityType.CHANGE})
# What may be named as a parent by what does not belong to it.
_NAMED_ONLY: Final = frozenset({EntityType.INCIDENT, EntityType.CHANGE})


def settle(row: Row, working: WorkingSet) -> None:
    """Move every section whose root is no longer this row's."""
    moves: defaultdict[str, list[Section]] = defaultdict(list)
    known: dict[str, str] = {}
    for section in row.sections.values():
        root = root_of(row, section.entity, working, known)
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
    for blocker in list(row.blockers):
        _carry(blocker, entity, row, target, working)
    if not row.sections:
        # What was told before anything was known of the item has moved with it, but
        # for what its own key was told: nobody tells that again.
        for blocker in list(row.blockers):
            if not _is_told(row.key, blocker, working):
                del row.blockers[blocker]
    working.touch(row)
    working.touch(target)


def _is_told(key: str, blocker: str, working: WorkingSet) -> bool:
    if working.is_gone(blocker) or working.home(key) != key:
        return False
    dependents = working.row(working.home(blocker)).dependents.get(blocker)
    return dependents is not None and key in dependents.entities


def _carry(
    blocker: str, entity: str, row: Row, target: Row, working: WorkingSet
) -> None:
    """Take along what a blocker told; where another word of it is known, ask again.

    What deploys, freezes and runs tell is about those alone whom they told: with others
    it would be kept as it was, and never again be corrected.
    """
    profile = row.blockers[blocker]
    if working.is_gone(blocker):
        # A sealed one tells nobody again: what it told stays with both.
        target.blockers.setdefault(blocker, profile)
        return
    home = working.row(working.home(blocker))
    dependents = home.dependents.get(blocker)
    told = dependents.entities if dependents is not None else ()
    if profile.results or profile.freezes or profile.reds or profile.shipped:
        names = {working.canonical(one) for one in told}
        # Its own key may be told without having facts of its own.
        is_own = row.key in names and working.home(row.key) == row.key
        if not is_own and names.isdisjoint(row.sections):
            del row.blockers[blocker]
        if entity not in names:
            return
    if target.blockers.setdefault(blocker, profile) != profile and dependents:
        dependents.sent = 0
        working.touch(home)


def root_of(
    row: Row, entity: str, working: WorkingSet, known: dict[str, str] | None = None
) -> str:
    """The root of one entity of the row; what stands apart is its own, and kept so.

    ``known`` are roots found in the same row before: whoever asks for many gives it.
    """
    way: dict[str, None] = {}
    root = _follow(row, entity, working, way, {} if known is None else known)
    if known is not None:
        known.update(dict.fromkeys(way, root))
    return root


def _follow(
    row: Row,
    entity: str,
    working: WorkingSet,
    way: dict[str, None],
    known: Mapping[str, str],
) -> str:
    """From parent to parent up to the root; ``way`` is who was met."""
    current = entity
    while True:
        if current in known:
            return known[current]
        way[current] = None
        section = row.sections.get(current)
        if section is None or section.parent is None:
            return current
        parent = section.parent
        is_here = parent in row.sections or parent == row.key
        if not is_here:
            # What stood apart from it does not hear that it is kept by another key.
            parent = section.parent = working.canonical(parent)
            is_here = parent in row.sections or parent == row.key
        root = row.key if is_here else working.home(parent)
        if not is_here and working.is_gone(root):
            return current
        there = row if is_here else working.row(root)
        if stands_apart(section, parent, there, working):
            keep_apart(current, parent, section.said.first_time, working)
            return current
        if parent in way:
            circle = list(way)
            return min(circle[circle.index(parent) :])
        if not is_here:
            return root
        current = parent


def strays(section: Section, row: Row, working: WorkingSet) -> bool:
    """Whether it is kept elsewhere than with what it belongs to, as is known now.

    Of work what its text names may have become a change, or be stated as its item; or
    it is known by now to be work, and named an incident all the time. What stands apart
    from its parent is where it belongs.
    """
    parent = section.parent
    if parent is None:
        return False
    if section.said.type not in _WORK and working.home(parent) == row.key:
        return False
    return root_of(row, section.entity, working) != row.key


def is_epic_in(row: Row, entity: str) -> bool:
    """Whether the row keeps the entity, and it is above story level."""
    section = row.sections.get(entity)
    return section is not None and is_epic(section.said)


def stands_apart(section: Section, parent: str, row: Row, working: WorkingSet) -> bool:
    """Whether what it names as its parent is kept there, and nothing it belongs to.

    Nothing belongs to an epic, no work to an incident, which is no ticket, no change to
    a ticket that was a mistake, and to a change no other by its text alone: `Closes
    #12` may mean either on GitHub.
    """
    named = row.sections.get(parent)
    if named is None:
        return False
    said = named.said
    if is_epic(said):
        return True
    if said.type is EntityType.INCIDENT:
        return section.said.type in _WORK
    if is_deleted(said):
        return section.said.type is EntityType.CHANGE
    return said.type is EntityType.CHANGE and only_names(section, working.projects)


def holds_others(section: Section, row: Row, working: WorkingSet) -> bool:
    """Whether others of the row name it as their parent, and stand apart from it."""
    said = section.said
    may_hold = said.type in _NAMED_ONLY or is_epic(said) or is_deleted(said)
    return may_hold and any(
        one.parent == section.entity and stands_apart(one, section.entity, row, working)
        for one in row.sections.values()
    )
