"""To which entity an entity directly belongs, from its own facts alone.

Explicit item first; then, for a change, the tickets its latest text names; for a
run, the changes it names, else those known by its sha or branch.
"""

from __future__ import annotations

from collections.abc import Iterable

from monitor.domain.facts import Fact
from monitor.domain.items import EntityType, fact_order
from monitor.relate.rows import Section

NOBODY = ""


def stated_parent(section: Section) -> str | None:
    """The parent the entity's own facts state, ``None`` when they state none."""
    kind = section.type
    if kind in (EntityType.INCIDENT, EntityType.FREEZE, EntityType.FINDING, None):
        return None
    facts = sorted(section.facts.values(), key=fact_order)
    explicit = _latest(fact.fields.get("item") for fact in facts)
    if explicit and explicit != section.entity:
        return explicit
    parent = _parent_by_kind(kind, facts)
    return parent if parent and parent != section.entity else None


def _parent_by_kind(kind: EntityType | None, facts: list[Fact]) -> str | None:
    if kind is EntityType.TICKET:
        return _latest(fact.fields.get("parent") for fact in facts)
    if kind is EntityType.CHANGE:
        tickets = _latest_list(fact.fields.get("tickets") for fact in facts)
        return tickets[0] if tickets else None
    if kind is EntityType.RUN:
        return _latest(fact.fields.get("change") for fact in facts)
    if kind is EntityType.DEPLOY:
        items = {item for fact in facts for item in fact.fields.get("items", ())}
        return next(iter(items)) if len(items) == 1 else None
    return None


def names_several_items(section: Section) -> bool:
    """Whether a deploy names more than one item: it then attaches to none."""
    items = {
        item
        for fact in section.facts.values()
        for item in fact.fields.get("items", ())
    }
    return len(items) > 1


def stated_changes(section: Section) -> set[str]:
    """The candidate changes a run names itself."""
    return {
        change
        for fact in section.facts.values()
        for change in fact.fields.get("changes", ())
    }


def is_epic(section: Section) -> bool:
    """Whether the ticket is above story level: its children are items themselves."""
    facts = sorted(section.facts.values(), key=fact_order)
    stated = [fact.fields["epic"] for fact in facts if "epic" in fact.fields]
    return bool(stated) and stated[-1]


def _latest(values: Iterable[str | None]) -> str | None:
    found = None
    for value in values:
        if value is not None:
            found = value
    return found or None


def _latest_list(values: Iterable[list[str] | None]) -> list[str] | None:
    found = None
    for value in values:
        if value is not None:
            found = value
    return found
