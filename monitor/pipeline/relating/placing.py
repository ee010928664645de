"""Placing: to which entity each entity belongs, once all have told what they know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from monitor.domain.facts import Fact, Kind
from monitor.domain.items import EntityType, Profile
from monitor.pipeline.relating.branches import (
    all_followers,
    askers_at,
    follow,
    unfollow,
)
from monitor.pipeline.relating.carrying import carriers_of_moved, of_one_item
from monitor.pipeline.relating.containing import (
    Merged,
    contained_in,
    containers_of,
    merged_of,
)
from monitor.pipeline.relating.epics import kept_apart
from monitor.pipeline.relating.moving import holds_others, settle, strays
from monitor.pipeline.relating.names import looked_up, stated
from monitor.pipeline.relating.renames import keys_beside
from monitor.pipeline.relating.turns import followers_of, next_of
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.code_index import (
    Candidate,
    candidate_of,
    changed_spans,
    choose,
    choose_next,
    choose_open,
    first_time,
    gaps_before,
    is_branch,
    is_follower,
    keys_of,
    not_of_another,
    of_same_id,
)
from monitor.relate.parents import (
    branch_ticket,
    stated_changes,
)
from monitor.relate.rows import Dependents, Section
from monitor.relate.said import NO_NUMBER

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
    if section.said.has_links:
        _link(section, working)
    for needy in section.said.needed_by:
        depend(needy, section.entity, working)
    if section.said.type is EntityType.CHANGE:
        yield from _register(section, working)
    elif section.said.latest.get("epic") is False:
        yield from kept_apart(entity, working)


def _section(entity: str, working: WorkingSet) -> Section | None:
    return working.row(working.home(entity)).sections.get(entity)


def _place(entity: str, working: WorkingSet) -> None:
    """Decide the parent of one entity, and move what does not belong here."""
    row = working.row(working.home(entity))
    section = row.sections.get(entity)
    if section is None:
        return
    parent = _parent(section, working)
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
    carried = dict.fromkeys(_candidates(section, shas, working))
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


def forget(section: Section, working: WorkingSet) -> list[str]:
    """Nobody finds the entity by a sha or branch any more; who did, and itself.

    It turned out to be something else than it was taken for. What was kept apart from
    it may belong to it now.
    """
    working.moved(section.entity)
    misled = dict.fromkeys((section.entity, *kept_apart(section.entity, working)))
    for key in chain.from_iterable(keys_of(section)):
        changes = working.node(key).changes
        left = changes.pop(section.entity, None)
        if left is not None:
            gaps = gaps_before(changes.values(), left)
            misled.update(dict.fromkeys(askers_at(key, left.open, gaps, working)))
            working.touch_node(key)
        unfollow(key, section, working)
    return list(misled)


def _register(section: Section, working: WorkingSet) -> Iterator[str]:
    """Tell the index of a change's shas and branch; who asked for them follows."""
    if is_follower(section):
        return
    candidate = candidate_of(section)
    for key in chain.from_iterable(keys_of(section)):
        node = working.node(key)
        before = node.changes.get(section.entity)
        if before != candidate or node.vacated:
            node.changes[section.entity] = candidate
            working.touch_node(key)
            spans = [*changed_spans(before, candidate), *node.take_vacated()]
            gaps = gaps_before(node.changes.values(), candidate, before)
            yield from askers_at(key, spans, gaps, working)


def _parent(section: Section, working: WorkingSet) -> str | None:
    said = stated(section, working)
    is_kept = said is not None and not working.is_gone(working.canonical(said))
    if is_kept or not is_follower(section):
        return said
    shas, branches = keys_of(section)
    by_sha = _candidates(section, shas, working)
    if section.said.type is EntityType.DEPLOY:
        return of_one_item(section.entity, section.said.items or by_sha, working)
    named = {
        change: Candidate(_number(change), ())
        for change in stated_changes(section)
        if not working.is_gone(working.canonical(change))
    }
    instant = first_time(section)
    likely = {key: by_sha.get(key, named[key]) for key in named} or by_sha
    if len(likely) == 1:
        return next(iter(likely))
    on_branch = _candidates(section, _asked(branches, section), working)
    found = choose(likely, instant, on_branch) or choose_open(on_branch, instant)
    if found is None and section.said.type is EntityType.CHANGE:
        found = choose_next(on_branch, instant)
    # A run or push on a ticket's branch without a change is the ticket's own.
    ticket = branch_ticket(section, working.projects)
    if found is None and ticket is not None:
        found = looked_up(section, ticket, working)
    return found or said


def _asked(branches: Sequence[str], section: Section) -> Sequence[str]:
    """The branches by which it is found: the default one stands for no change."""
    return () if section.said.on_default else branches


def _number(change: str) -> int:
    digits = change.rpartition("#")[2]
    return int(digits) if digits.isdigit() else NO_NUMBER


def _candidates(
    section: Section, keys: Sequence[str], working: WorkingSet
) -> dict[str, Candidate]:
    found: dict[str, Candidate] = {}
    for key in keys:
        follow(key, section, working)
        known = working.node(key).changes
        found.update(known if not is_branch(key) else not_of_another(known, section))
        for other in keys_beside(key, working):
            found.update(of_same_id(working.node(other).changes, section))
    return found


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
