"""Who pays for a deploy's waits: its item in flight, else whose the deploy is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Final

from monitor.domain.facts import Fact
from monitor.domain.items import EntityType, ItemFacts, entity_type
from monitor.domain.teams import Directory, Schedule, Since, always, team_at
from monitor.indicators.items.charges import Handover
from monitor.indicators.items.flight import Flights
from monitor.indicators.items.owners import repository_owner_in

_START: Final = attrgetter("start")


def deploys_in(item: ItemFacts) -> dict[str, list[Fact]]:
    """The facts of each deploy of the item, in the item's order."""
    deploys: dict[str, list[Fact]] = {}
    for fact in item.facts:
        if entity_type(fact) is EntityType.DEPLOY:
            deploys.setdefault(fact.entity, []).append(fact)
    return deploys


def owner_outside(
    facts: Sequence[Fact], handover: Handover, directory: Directory
) -> Schedule:
    """Whose the deploy is: the team's that it names, whatever it hangs on.

    Else the service's owner's, else the repository's, else the item's last as of then.
    """
    for fact in facts:
        if "team" in fact.fields:
            return always(directory.named(fact.fields["team"]))
    return owner_unstated(facts, handover, directory)


def owner_unstated(
    facts: Sequence[Fact], handover: Handover, directory: Directory
) -> Schedule:
    """Whose it is outside the item's flight, whatever team it names."""
    for fact in facts:
        service = fact.fields.get("service")
        found = directory.service(service) if service is not None else None
        if found is not None:
            return found
    found = repository_owner_in(facts, directory)
    return found or tuple(Since(start, owner) for start, owner, _ in handover.charged)


def charged_at(
    facts: Sequence[Fact],
    flights: Flights,
    handover: Handover,
    directory: Directory,
) -> Callable[[int], str]:
    """The team that pays for a wait of this deploy at an instant (ms)."""
    outside = owner_outside(facts, handover, directory)

    def team(instant: int) -> str:
        later = bisect_right(flights.flights, instant, key=_START)
        if later and instant < flights.flights[later - 1].end:
            return handover.team_at(instant)
        return team_at(outside, instant)

    return team
