"""To which entity an entity directly belongs, from its own facts alone.

Explicit item first; then, for a change, the tickets its latest text names; for a
run, the changes it names, else those known by its sha or branch.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, cast

from monitor.domain.facts import Fact
from monitor.domain.items import EntityType, fact_order
from monitor.relate.rows import Section

NOBODY = ""


PARENTS: Final = frozenset({"item", "parent", "change", "tickets"})


def parents_named(fact: Fact) -> Iterator[str]:
    """Every entity the fact alone may make the parent of its own."""
    fields = fact.fields
    for name in ("item", "parent", "change"):
        if name in fields:
            yield cast("dict[str, str]", fields)[name]
    yield from fields.get("tickets", ())[:1]


def stated_parent(section: Section) -> str | None:
    """The parent the entity's own facts state, ``None`` when they state none."""
    kind = section.type
    if kind in (EntityType.INCIDENT, EntityType.FREEZE, EntityType.FINDING, None):
        return None
    explicit = _latest(section, "item")
    if explicit and explicit != section.entity:
        return explicit
    parent = _parent_by_kind(kind, section)
    return parent if parent and parent != section.entity else None


def _parent_by_kind(kind: EntityType | None, section: Section) -> str | None:
    if kind is EntityType.TICKET:
        return _latest(section, "parent")
    if kind is EntityType.CHANGE:
        return _latest_ticket(section)
    if kind is EntityType.RUN:
        return _latest(section, "change")
    if kind is EntityType.DEPLOY:
        items = _items(section)
        return next(iter(items)) if len(items) == 1 else None
    return None


def names_several_items(section: Section) -> bool:
    """Whether a deploy names more than one item: it then attaches to none."""
    return len(_items(section)) > 1


def _items(section: Section) -> set[str]:
    return {
        item for fact in section.facts.values() for item in fact.fields.get("items", ())
    }


def stated_changes(section: Section) -> set[str]:
    """The candidate changes a run names itself."""
    return {
        change
        for fact in section.facts.values()
        for change in fact.fields.get("changes", ())
    }


def branch_ticket(section: Section) -> str | None:
    """The ticket a run's branch names, for a run without a change."""
    return _latest_ticket(section) if section.type is EntityType.RUN else None


def is_epic(section: Section) -> bool:
    """Whether the ticket is above story level: its children are items themselves."""
    stating = _stating(section, "epic")
    return bool(stating) and stating[-1].fields["epic"]


def _latest(section: Section, name: Literal["item", "parent", "change"]) -> str | None:
    stating = _stating(section, name)
    return stating[-1].fields[name] or None if stating else None


def _latest_ticket(section: Section) -> str | None:
    stating = _stating(section, "tickets")
    tickets = stating[-1].fields["tickets"] if stating else ()
    return tickets[0] if tickets else None


def _stating(section: Section, name: str) -> list[Fact]:
    """The facts that say it, in order; as they mostly agree, any order often does."""
    stating = [fact for fact in section.facts.values() if name in fact.fields]
    if len(stating) > 1:
        values = [cast("dict[str, object]", fact.fields)[name] for fact in stating]
        if any(value != values[0] for value in values):
            stating.sort(key=fact_order)
    return stating
