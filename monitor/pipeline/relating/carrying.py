"""Deploys that carry several things: they belong to an item if all of these do.

Nothing says so but where these belong, which may be known later or change. Such a
deploy is entered with each thing that it carries, and placed anew when one moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from monitor.domain.items import EntityType
from monitor.pipeline.working_set import WorkingSet

# What neither is carried nor holds what is: each stands for itself.
_APART: Final = frozenset({EntityType.DEPLOY, EntityType.RUN})


def _key(entity: str) -> str:
    """The key of the index under which deploys are found by what they carry."""
    return f"carried:{entity}"


def of_one_item(deploy: str, carried: Iterable[str], working: WorkingSet) -> str | None:
    """The first of what the deploy carries, if all of it belongs to one root item."""
    entities = sorted({working.canonical(entity) for entity in carried})
    if len(entities) > 1:
        _enter(deploy, entities, working)
    roots = {_root(entity, working) for entity in entities}
    return entities[0] if len(roots) == 1 else None


def _root(entity: str, working: WorkingSet) -> str:
    """The root of what is carried; what hangs on a deploy or run counts as that one's.

    Otherwise two deploys, or one and what hangs on it, could each follow the other.
    """
    row = working.row(working.home(entity))
    seen: set[str] = set()
    current: str | None = entity
    while current is not None and current not in seen:
        section = row.sections.get(current)
        if section is None:
            break
        if section.said.type in _APART:
            return current
        seen.add(current)
        current = section.parent
    return row.key


def _enter(deploy: str, entities: Iterable[str], working: WorkingSet) -> None:
    keys = [_key(entity) for entity in entities]
    working.prefetch_nodes(keys)
    for key in keys:
        node = working.node(key)
        if deploy not in node.followers:
            node.followers[deploy] = 0
            working.touch_node(key)


def carriers_of_moved(working: WorkingSet) -> Iterator[str]:
    """The deploys that carry, with other things, what has moved since the last call."""
    moved = [
        entity for entity in working.take_moved() if _may_be_carried(entity, working)
    ]
    keys = [_key(entity) for entity in moved]
    working.prefetch_nodes(keys)
    for key in keys:
        yield from list(working.node(key).followers)


def _may_be_carried(entity: str, working: WorkingSet) -> bool:
    """Runs and deploys are not, and most of what moves are runs."""
    section = working.row(working.home(entity)).sections.get(entity)
    return section is None or section.said.type not in _APART


def prefetch_carriers(entities: Iterable[str], working: WorkingSet) -> None:
    """Read with one look-up who carries each of the entities."""
    working.prefetch_nodes(map(_key, entities))


def carriers_of(entity: str, working: WorkingSet) -> list[str]:
    """The deploys that carry the entity with other things."""
    return list(working.node(_key(entity)).followers)


def rename_carried(alias: str, entity: str, working: WorkingSet) -> None:
    """Who carries the alias carries the entity."""
    old = working.node(_key(alias))
    if old.followers:
        working.node(_key(entity)).followers.update(old.followers)
        old.followers.clear()
        working.touch_node(_key(alias))
        working.touch_node(_key(entity))
        working.moved(entity)


def forget_carried(entity: str, working: WorkingSet) -> None:
    """Nobody is found by the entity any more: it moves no further."""
    if working.node(_key(entity)).followers:
        working.node(_key(entity)).followers.clear()
        working.touch_node(_key(entity))
