"""What counts as an item at all, and what of it can be in flight."""

from __future__ import annotations

from typing import Final

from monitor.domain.items import EntityType, ItemFacts
from monitor.indicators.items.flight import Flights, flights_of

# What may say that a thing is no item.
_UNCOUNTED: Final = frozenset({"deleted", "epic", "bot"})
# Roots that are work, or deploys of it.
_WORK: Final = (EntityType.TICKET, EntityType.CHANGE, EntityType.DEPLOY)


def is_work(item: ItemFacts) -> bool:
    """Whether it is work that counts, or a deploy of it."""
    return bool(item.facts) and item.root in _WORK and is_item(item)


def flown(item: ItemFacts) -> Flights:
    """The item's flights: what is no work never is in flight, whatever hangs on it."""
    flights = flights_of(item)
    return flights if is_work(item) else flights._replace(flights=())


def is_item(item: ItemFacts) -> bool:
    """Whether the thing counts at all (indicators 1.2).

    Epics do not, nor does a change a bot opened that no ticket claims, nor what was
    deleted as a mistake. Of the type of a ticket the latest word holds.
    """
    epic = False
    for fact in () if _UNCOUNTED.isdisjoint(item.field_names) else item.facts:
        if _UNCOUNTED.isdisjoint(fact[6]) or fact.entity != item.key:
            continue
        if fact.fields.get("deleted"):
            return False
        epic = fact.fields.get("epic", epic)
        if fact.fields.get("bot") and item.root is EntityType.CHANGE:
            return False
    if epic and item.root is EntityType.TICKET:
        return False
    return item.root is not EntityType.RUN
