"""Change lead time: a change's first commit to the first deploy that contains it.

Wall clock, from when a commit of the change is first known (by a push or its opening)
to the first lasting success in production of a deploy that names one of its commits,
or names its item once the change has merged, or brings what was merged later in its
repository (indicators 4). Its item is whatever it belongs to: a sub-task, the ticket.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from monitor.domain.deploys import CONTAINED
from monitor.domain.facts import Fact, Kind
from monitor.domain.items import ItemFacts, Merge, Shipped
from monitor.domain.model import Model
from monitor.domain.repositories import (
    Repository,
    repository_of,
    repository_of_word,
)
from monitor.domain.timeline import Measure, Measured
from monitor.indicators.delivery.shipping import (
    carried,
    contains_of,
    in_production,
    named_by,
)
from monitor.indicators.delivery.turns import Orders, lasting, orders_of

_COMMITS: Final = frozenset({Kind.CHANGE_PUSHED, Kind.CHANGE_OPENED, Kind.CHANGE_READY})


class _Change(NamedTuple):
    entity: str
    began: int
    merged: int | None
    shas: frozenset[str]
    repo: Repository | None
    items: frozenset[str]


class Load(NamedTuple):
    """A successful deploy of the item itself, with the commits and items it names."""

    shipped: Sequence[Shipped]
    shas: frozenset[str]
    items: frozenset[str]
    contains: Sequence[Merge]


def load_of(item: ItemFacts, facts: Sequence[Fact], shipped: Sequence[Shipped]) -> Load:
    """What one of the item's deploys carried."""
    shas, items = named_by(facts)
    contains = contains_of(item, facts)
    return Load(shipped, frozenset(shas), frozenset(items), contains)


def lead_times(
    item: ItemFacts, loads: Sequence[Load], model: Model
) -> Iterator[Measure]:
    """One observation for each change of the item that has reached production."""
    told = any(profile.shipped for profile in item.blockers.values())
    if not (loads or told):
        return
    orders = orders_of(item) if told else {}
    for change in _changes(item):
        reached = [
            (one.time, one.team)
            for one in (*_own(change, loads), *_told(item, change, orders))
            if one.time >= change.began
            and in_production(one.environments, model, told=one.production)
        ]
        if reached:
            time, team = min(reached)
            yield Measure(Measured.LEAD_TIME, team, "", time, time - change.began)


def _own(change: _Change, loads: Sequence[Load]) -> Iterator[Shipped]:
    for load in loads:
        by_commit = not load.shas.isdisjoint(change.shas)
        by_item = not load.items.isdisjoint(change.items)
        for one in load.shipped:
            if by_commit or _is_in(change, one.time, load.contains, by_item=by_item):
                yield one


def _told(item: ItemFacts, change: _Change, orders: Orders) -> Iterator[Shipped]:
    commits = set(map(carried, change.shas))
    items = set(map(carried, change.items))
    for entity, profile in item.blockers.items():
        if not profile.shipped:
            continue
        by_commit = not commits.isdisjoint(profile.carries)
        by_item = not items.isdisjoint(profile.carries)
        for one in lasting(entity, profile, orders):
            if by_commit or _is_in(change, one.time, profile.contains, by_item=by_item):
                yield one


def _is_in(
    change: _Change, time: int, contains: Sequence[Merge], *, by_item: bool
) -> bool:
    """Whether the merged change is in a deploy of its item, or of a later tip."""
    merged, repo = change.merged, change.repo
    if merged is None:
        return False
    return (by_item and merged <= time) or any(
        repo is not None
        and repo.is_same(repository_of_word(merge.repo))
        and merged <= merge.time <= min(time, merged + CONTAINED)
        for merge in contains
    )


def _changes(item: ItemFacts) -> list[_Change]:
    """The item's changes that were opened, in that order, each with its pushes."""
    facts: dict[str, list[Fact]] = {}
    for fact in item.facts:
        if fact.kind.startswith("change."):
            facts.setdefault(fact.entity, []).append(fact)
    opened = {
        entity: own
        for entity, own in facts.items()
        if any(fact.kind is not Kind.CHANGE_PUSHED for fact in own)
    }
    commits = {entity: [*own] for entity, own in opened.items()}
    for entity, pushes in facts.items():
        change = item.placed_with.get(entity)
        if entity not in opened and change in commits:
            commits[change] += pushes
    found = (_change(item, entity, own) for entity, own in commits.items())
    return [change for change in found if change is not None]


def _change(item: ItemFacts, entity: str, facts: Sequence[Fact]) -> _Change | None:
    """The change; None where neither a push nor its opening is known."""
    commits = [fact.time for fact in facts if fact.kind in _COMMITS]
    merged = [fact.time for fact in facts if fact.kind is Kind.CHANGE_MERGED]
    shas = {fact.fields["sha"] for fact in facts if "sha" in fact.fields}
    if not commits:
        return None
    own = (fact for fact in facts if fact.entity == entity)
    return _Change(
        entity,
        min(commits),
        min(merged, default=None),
        frozenset(shas),
        repository_of(own),
        _items_of(item, entity),
    )


def _items_of(item: ItemFacts, change: str) -> frozenset[str]:
    """By which names a deploy can mean the change: its own, and what it belongs to."""
    found = {item.key}
    above: str | None = change
    # Two sub-tasks may each name the other.
    while above is not None and above not in found:
        found.add(above)
        above = item.placed_with.get(above)
    return frozenset(found)
