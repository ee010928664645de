"""To which entity an entity directly belongs, from its own facts alone.

Explicit item first; then, for a change, the tickets its latest text names; for a
run or a push, the changes it names, else those known by its sha or branch, else the
ticket that its branch names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, cast

from monitor.domain.facts import Fact
from monitor.domain.items import EntityType
from monitor.relate.rows import Section
from monitor.relate.said import Said

PARENTS: Final = frozenset({"item", "parent", "change", "tickets"})
# What belongs to nothing else.
_ROOTS: Final = frozenset(
    {EntityType.INCIDENT, EntityType.FREEZE, EntityType.FINDING, None}
)


def parents_named(fact: Fact) -> Iterator[str]:
    """Every entity the fact alone may make the parent of its own."""
    fields = fact.fields
    for name in ("item", "parent", "change"):
        if name in fields:
            yield cast("dict[str, str]", fields)[name]
    yield from fields.get("tickets", ())[:1]


def stated_parents(section: Section) -> Iterator[str]:
    """The parents the entity's own facts state, the one that counts first."""
    said = section.said
    if said.type in _ROOTS:
        return
    for parent in (said.latest.get("item"), _parent_by_kind(said)):
        if parent and parent != section.entity:
            yield parent


def _parent_by_kind(said: Said) -> str | None:
    if said.type is EntityType.RUN:
        return said.latest.get("change")
    if said.type is EntityType.CHANGE:
        return None if said.only_pushed else _latest_ticket(said)
    if said.type is EntityType.TICKET:
        return said.latest.get("parent")
    if said.type is EntityType.DEPLOY:
        return next(iter(said.items)) if len(said.items) == 1 else None
    return None


def stated_changes(section: Section) -> set[str]:
    """The candidate changes a run names itself."""
    return section.said.changes


def branch_ticket(section: Section) -> str | None:
    """The ticket a run's or a push's branch names, for one without a change."""
    said = section.said
    if said.on_default:
        return None
    is_push = said.type is EntityType.CHANGE and said.only_pushed
    return _latest_ticket(said) if is_push or said.type is EntityType.RUN else None


def is_epic(section: Section) -> bool:
    """Whether the ticket is above story level: its children are items themselves."""
    return bool(section.said.latest.get("epic"))


def is_deleted(section: Section) -> bool:
    """Whether it was a mistake: work that was linked to it is linked to nothing."""
    return bool(section.said.latest.get("deleted"))


def only_names(section: Section) -> bool:
    """Whether it is a change that belongs where it does because its text says so."""
    stated = section.said.latest.get("item")
    return _names_tickets(section) and stated in (None, "", section.entity)


def _names_tickets(section: Section) -> bool:
    """Whether it is a change whose text names a ticket; a push has no text."""
    said = section.said
    is_change = said.type is EntityType.CHANGE and not said.only_pushed
    return is_change and bool(said.latest.get("tickets"))


def _latest_ticket(said: Said) -> str | None:
    tickets = said.latest.get("tickets")
    return tickets[0] if tickets else None
