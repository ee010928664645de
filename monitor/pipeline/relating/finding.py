"""Finding: which change a run, push or deploy is of, by its commit and its branch.

Changes tell the index what they are known by, and whoever asked for that asks again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from monitor.domain.items import EntityType
from monitor.pipeline.relating.branches import askers_at, follow, unfollow
from monitor.pipeline.relating.carrying import of_one_item
from monitor.pipeline.relating.epics import kept_apart
from monitor.pipeline.relating.names import looked_up, stated
from monitor.pipeline.relating.renames import keys_beside
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
    of_its_repository,
    of_same_id,
)
from monitor.relate.parents import branch_ticket, stated_changes
from monitor.relate.rows import Section
from monitor.relate.said import NO_NUMBER


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
            gaps = gaps_before(of_its_repository(changes, section.entity), left)
            misled.update(dict.fromkeys(askers_at(key, left.open, gaps, working)))
            working.touch_node(key)
        unfollow(key, section, working)
    return list(misled)


def register(section: Section, working: WorkingSet) -> Iterator[str]:
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
            others = of_its_repository(node.changes, section.entity)
            gaps = gaps_before(others, candidate, before)
            yield from askers_at(key, spans, gaps, working)


def parent_of(section: Section, working: WorkingSet) -> str | None:
    """What it belongs to: what it states, else what its commit and branch say."""
    said = stated(section, working)
    is_kept = said is not None and not working.is_gone(working.canonical(said))
    if is_kept or not is_follower(section):
        return said
    shas, branches = keys_of(section)
    by_sha = candidates(section, shas, working)
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
    on_branch = candidates(section, _asked(branches, section), working)
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


def candidates(
    section: Section, keys: Sequence[str], working: WorkingSet
) -> dict[str, Candidate]:
    """The changes known under the keys, which the entity asks for from now on."""
    found: dict[str, Candidate] = {}
    for key in keys:
        follow(key, section, working)
        known = working.node(key).changes
        found.update(known if not is_branch(key) else not_of_another(known, section))
        for other in keys_beside(key, working):
            found.update(of_same_id(working.node(other).changes, section))
    return found
