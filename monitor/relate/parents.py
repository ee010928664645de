"""To which entity an entity directly belongs, from its own facts alone.

Explicit item first; then, for a change, the tickets its latest text names; for a
run or a push, the changes it names, else those known by its sha or branch, else the
ticket that its branch names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, cast

from monitor.domain.facts import Fact
from monitor.domain.items import EntityType, fact_order
from monitor.relate.code_index import is_push
from monitor.relate.rows import Section
from monitor.relate.said import Said

# The tracker's projects that are known now; None: all that were when a text was read.
Projects = frozenset[str] | None

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


def stated_parents(section: Section, projects: Projects) -> Iterator[str]:
    """The parents the entity's own facts state, the one that counts first."""
    said = section.said
    if said.type in _ROOTS:
        return
    item = said.latest.get("item")
    if item and item != section.entity:
        yield item  # mostly nobody asks for another
    parent = _parent_by_kind(section, projects)
    if parent and parent != section.entity:
        yield parent


def _parent_by_kind(section: Section, projects: Projects) -> str | None:
    said = section.said
    if said.type is EntityType.RUN:
        return said.latest.get("change")
    if said.type is EntityType.CHANGE:
        return None if said.only_pushed else ticket_named(section, projects)
    if said.type is EntityType.TICKET:
        return said.latest.get("parent")
    if said.type is EntityType.DEPLOY:
        return next(iter(said.items)) if len(said.items) == 1 else None
    return None


def stated_changes(section: Section) -> set[str]:
    """The candidate changes a run names itself."""
    return section.said.changes


def branch_ticket(section: Section, projects: Projects) -> str | None:
    """The ticket a run's or a push's branch names, for one without a change."""
    said = section.said
    if said.on_default:
        return None
    if is_push(said) or said.type is EntityType.RUN:
        return ticket_named(section, projects)
    return None


def is_epic(said: Said) -> bool:
    """Whether the ticket is above story level: its children are items themselves."""
    return bool(said.latest.get("epic"))


def is_deleted(said: Said) -> bool:
    """Whether it was a mistake: work that was linked to it is linked to nothing."""
    return bool(said.latest.get("deleted"))


def only_names(section: Section, projects: Projects) -> bool:
    """Whether it is a change that belongs where it does because its text says so."""
    stated = section.said.latest.get("item")
    return _names_a_ticket(section, projects) and stated in (None, "", section.entity)


def _names_a_ticket(section: Section, projects: Projects) -> bool:
    """Whether it is a change whose text names a ticket; a push has no text."""
    said = section.said
    is_change = said.type is EntityType.CHANGE and not said.only_pushed
    return is_change and ticket_named(section, projects) is not None


def ticket_named(section: Section, projects: Projects) -> str | None:
    """The first ticket that its latest text names, of a project that is known now.

    A text that names no such ticket says nothing, as if it were read now.
    """
    latest = cast("Sequence[str]", section.said.latest.get("tickets", ()))
    found = _known_first(latest, projects)
    if found is not None or not latest:
        return found
    naming = [
        fact
        for fact in section.facts.values()
        if _known_first(fact.fields.get("tickets", ()), projects) is not None
    ]
    if not naming:
        return None
    last = max(naming, key=fact_order)
    return _known_first(last.fields["tickets"], projects)


def _known_first(tickets: Sequence[str], projects: Projects) -> str | None:
    for key in tickets:
        project = project_named(key)
        if projects is None or project is None or project in projects:
            return key
    return None


def project_named(ticket: str) -> str | None:
    """The project of a ticket that a text names; a repository's issue is of none."""
    return None if "#" in ticket else ticket.rpartition("-")[0]
