"""What counts as an item at all."""

from __future__ import annotations

from typing import Final

from monitor.domain.items import EntityType, ItemFacts

# What may say that a thing is no item.
_UNCOUNTED: Final = frozenset({"deleted", "epic", "bot"})


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
