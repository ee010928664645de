"""Placing: to which entity each entity belongs, once all have told what they know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from monitor.domain.facts import Fact, Kind
from monitor.domain.items import EntityType, Profile
from monitor.pipeline.relating.branches import (
    all_followers,
)
from monitor.pipeline.relating.carrying import carriers_of_moved
from monitor.pipeline.relating.containing import (
    Merged,
    contained_in,
    containers_of,
    merged_of,
)
from monitor.pipeline.relating.epics import kept_apart
from monitor.pipeline.relating.finding import candidates, parent_of, register
from monitor.pipeline.relating.moving import holds_others, settle, strays
from monitor.pipeline.relating.turns import followers_of, next_of
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.code_index import (
    keys_of,
)
from monitor.relate.rows import Dependents, Section

# Rounds in which deploys follow what they carry. Should two ever follow each other,
# they hold up nobody, and stay where the last round left them.
_MOST_ROUNDS: Final = 100
# What a blocker tells of whose facts nothing is left.
_RESOLVED: Final = Profile((), (), ())
_LINKS: Final = frozenset({Kind.LINK_ADDED, Kind.LINK_REMOVED})


def place_all(unsettled: Iterable[str], working: WorkingSet) -> None:
    """Decide parents anew, also of those whose change is known better now.

    What a change tells the index depends on its own facts only, so all tell it
    before anybody asks.
    """
    entities = dict.fromkeys(unsettled)
    asked = dict.fromkeys(chain.from_iterable(_tell(one, working) for one in entities))
    if asked:
        working.prefetch_homes(asked)
        working.load_rows(dict.fromkeys(map(working.home, asked)))
    for entity in entities | asked:
        _place(entity, working)
    for _ in range(_MOST_ROUNDS):
        carriers = dict.fromkeys(carriers_of_moved(working))
        if not carriers:
            break
        for deploy in carriers:
            _place(deploy, working)


def _tell(entity: str, working: WorkingSet) -> Iterator[str]:
    """Tell others what they find the entity by; who may belong elsewhere by that."""
    section = _section(entity, working)
    if section is None:
        return
    said = section.said
    if said.has_links:
        _link(section, working)
    for needy in said.needed_by:
        depend(needy, section.entity, working)
    if said.type is EntityType.CHANGE:
        yield from register(section, working)
    elif said.latest.get("epic") is False:
        yield from kept_apart(entity, working)


def _section(entity: str, working: WorkingSet) -> Section | None:
    return working.row(working.home(entity)).sections.get(entity)


def _place(entity: str, working: WorkingSet) -> None:
    """Decide the parent of one entity, and move what does not belong here."""
    row = working.row(working.home(entity))
    section = row.sections.get(entity)
    if section is None:
        return
    parent = parent_of(section, working)
    if parent is not None:
        parent = working.canonical(parent)
        if working.is_gone(parent):
            parent = section.parent  # what was sealed takes nothing in
    was, section.parent = section.parent, parent
    if (
        parent != was
        or holds_others(section, row, working)
        or strays(section, row, working)
    ):
        working.touch(row)
        working.moved(*row.sections)
        settle(row, working)
    if section.said.type is EntityType.DEPLOY:
        ship(section, working)


def ship(section: Section, working: WorkingSet) -> None:
    """What a deploy carries elsewhere will be told of its success.

    A change that the deploy directly belongs to lies beside it wherever it moves. What
    comes next may be its rollback, where it has no name of its own.
    """
    shas, _ = keys_of(section)
    carried = dict.fromkeys(candidates(section, shas, working))
    carried.update(dict.fromkeys(section.said.items))
    told = (section.entity, *next_of(section, working)) if carried else ()
    for entity in carried:
        if entity != section.parent:
            for deploy in told:
                depend(entity, deploy, working)
    for change, deploy in contained_in(section, working):
        if change != section.parent or deploy != section.entity:
            depend(change, deploy, working)


def take_turns(section: Section, before: Iterable[Fact], working: WorkingSet) -> None:
    """Deploys without a name of their own tell each other in their order.

    So do they tell what the earlier one carries. ``before`` are the facts of this one
    as they were known until now.
    """
    for earlier, later in list(followers_of(section, before, working)):
        depend(earlier, later, working)
        depend(later, earlier, working)
        carrying = _section(earlier, working)
        if carrying is not None and carrying is not section:
            ship(carrying, working)


def meet_containers(sections: Iterable[Section], working: WorkingSet) -> None:
    """Merged changes, and deploys that ended, find those that matter to them."""
    merges: dict[str, Merged] = {}
    shipping: dict[str, Section] = {}
    for section in sections:
        if section.type is EntityType.DEPLOY:
            shipping[section.entity] = section
        elif (merged := merged_of(section)) is not None:
            merges[section.entity] = merged
            for deploy in _deploys_of(section, working):
                shipping[deploy.entity] = deploy
    for change, name in containers_of(merges, working):
        depend(change, name, working)
    for section in shipping.values():
        ship(section, working)


def _deploys_of(change: Section, working: WorkingSet) -> Iterator[Section]:
    """The deploys that belong to the change, known by one of its commits."""
    for key in sorted(change.said.shas):
        for follower in all_followers(key, working):
            deploy = _section(follower, working)
            if deploy is not None and _is_tip_of(deploy, change):
                yield deploy


def _is_tip_of(deploy: Section, change: Section) -> bool:
    return deploy.type is EntityType.DEPLOY and deploy.parent == change.entity


def _link(section: Section, working: WorkingSet) -> None:
    """Enter the ticket among the dependents of each of its blockers."""
    for fact in section.facts.values():
        if fact.kind not in _LINKS:
            continue
        depend(section.entity, fact.fields.get("blocker", ""), working)


def depend(entity: str, blocker: str, working: WorkingSet) -> None:
    """The blocker tells the entity from now on, also what it has told others.

    A sealed one has been resolved for long, and tells nobody anything.
    """
    blocker = working.canonical(blocker)
    if working.any_gone and working.gone([entity, blocker]):
        _depend_on_sealed(entity, blocker, working)
        return
    row = working.row(working.home(blocker))
    dependents = row.dependents.setdefault(blocker, Dependents())
    if entity not in dependents.entities:
        dependents.entities[entity] = None
        working.touch(row)


def _depend_on_sealed(entity: str, blocker: str, working: WorkingSet) -> None:
    if working.is_gone(entity):
        return
    row = working.row(working.home(entity))
    if blocker not in row.blockers:
        row.blockers[blocker] = _RESOLVED
        working.touch(row)
