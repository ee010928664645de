"""What a blocker tells its dependents: where it is unresolved, whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from monitor.domain.deploys import turns_of
from monitor.domain.facts import Fact, Kind
from monitor.domain.items import (
    FOREVER,
    EntityType,
    ItemFacts,
    Need,
    Profile,
    type_of,
)
from monitor.domain.teams import BEGINNING, Directory
from monitor.indicators.delivery.shipping import (
    carried,
    contains_of,
    named_by,
    shipped_of,
)
from monitor.indicators.items.activity import activity_in, activity_of
from monitor.indicators.items.charges import Handover
from monitor.indicators.items.deploy_charge import charged_at, owner_outside
from monitor.indicators.items.eligible import flown, is_work
from monitor.indicators.items.flight import Flight, Flights
from monitor.indicators.items.handover import assignees, handover_of
from monitor.indicators.waits.blocks import NEVER_TOLD
from monitor.indicators.waits.causes import reds_of
from monitor.indicators.waits.freezes import freezes_of
from monitor.indicators.waits.lanes import results_of
from monitor.indicators.waits.run_owners import owners_of_pipelines

_RESOLVES: Final = frozenset(
    {
        Kind.TICKET_DONE,
        Kind.TICKET_CANCELLED,
        Kind.CHANGE_MERGED,
        Kind.CHANGE_CLOSED,
        Kind.INCIDENT_RESOLVED,
    }
)
_REVIVES: Final = frozenset(
    {
        Kind.TICKET_REOPENED,
        Kind.TICKET_STARTED,
        Kind.CHANGE_OPENED,
        Kind.INCIDENT_OPENED,
    }
)


@dataclass(slots=True)
class Telling:
    """What the entities of one item tell: what all of it says is worked out once."""

    item: ItemFacts
    directory: Directory
    _own: dict[str, list[Fact]] = field(default_factory=dict)
    _whole: tuple[Flights, Handover] | None = None

    def __post_init__(self) -> None:
        """Sort the facts by what they are about."""
        for fact in self.item.facts:
            self._own.setdefault(fact.entity, []).append(fact)

    def profile(self, entity: str) -> Profile:
        """What one entity tells those that depend on it.

        A blocker is unresolved until it is done, cancelled or, as an incident,
        resolved, and again from a reopening on. Its owner is its item's, also where
        only what works for it is known. A deploy tells its results, a freeze what it
        holds up, a run whose doing its failures of the default branch were.
        """
        own = self._own.get(entity, [])
        kind = type_of(own)
        if kind is EntityType.FREEZE:
            freezes = freezes_of(own, self.directory)
            return Profile((), (), tuple(activity_of(own)), freezes=freezes)
        flights, handover = self._flown()
        if kind is EntityType.RUN:
            change = self.item.changes_of_runs.get(entity, "")
            of_change = self._own.get(change, ())
            spans = flights.open_changes.get(change, ())
            merged = _after_the_merge(own, of_change, spans)
            owner = owners_of_pipelines(self.item, self.directory)
            reds = reds_of(merged, handover.team_at, self.directory, owner)
            return Profile((), (), (), reds=reds)
        if kind is EntityType.DEPLOY:
            return _of_deploy(self.item, own, flights, handover, self.directory)
        return _of_work(self.item, entity, own, flights, handover, self.directory)

    def _flown(self) -> tuple[Flights, Handover]:
        if self._whole is None:
            flights = flown(self.item)
            handover = handover_of(self.item, flights, self.directory)
            self._whole = (flights, handover)
        return self._whole


def _of_deploy(
    item: ItemFacts,
    own: Sequence[Fact],
    flights: Flights,
    handover: Handover,
    directory: Directory,
) -> Profile:
    charged = charged_at(own, flights, handover, directory)
    results = results_of(own, charged, directory)
    shipped = shipped_of(own, owner_outside(own, handover, directory))
    carries = tuple(sorted(map(carried, set().union(*named_by(own)))))
    return Profile(
        (),
        (),
        (),
        results=results,
        shipped=shipped,
        carries=carries if shipped else (),
        contains=contains_of(item, own) if shipped else (),
        turns=turns_of(own),
    )


def _of_work(
    item: ItemFacts,
    entity: str,
    own: Sequence[Fact],
    flights: Flights,
    handover: Handover,
    directory: Directory,
) -> Profile:
    owner = handover.owners
    in_flight = None
    activity = activity_of(own)
    if entity == item.key:
        # Work on a blocker shows on its changes as well as on its ticket.
        activity = activity_in(item, flights)
        in_flight = flights.flights if is_work(item) else None
    unresolved = _unresolved(own, in_flight) if own else NEVER_TOLD
    needs = _needs(own) if Kind.TICKET_REQUESTED in item.kinds else ()
    if not needs:
        return Profile(unresolved, owner, tuple(activity))
    assignee = assignees(item, own, handover, directory)
    return Profile(unresolved, owner, tuple(activity), needs, assignee)


def _after_the_merge(
    facts: Sequence[Fact], of_change: Sequence[Fact], spans: Sequence[tuple[int, int]]
) -> list[Fact]:
    """Those of a run's facts that are not of its change while that was open.

    Its commit is not on the default branch, whatever its branch is called: GitHub's
    jobs name the branch of a fork by its name alone. Nor is a fork's commit later:
    what was merged is another one.
    """
    if any("fork" in fact.fields for fact in of_change):
        merged = {
            fact.fields.get("sha")
            for fact in of_change
            if fact.kind is Kind.CHANGE_MERGED
        }
        facts = [fact for fact in facts if fact.fields.get("sha") in merged]
    return [
        fact
        for fact in facts
        if not any(start <= fact.time < end for start, end in spans)
    ]


def _needs(facts: Sequence[Fact]) -> tuple[Need, ...]:
    """Who needs the request, and when: the latest word on it holds until the next."""
    found: list[Need] = []
    for fact in facts:
        if fact.kind is not Kind.TICKET_REQUESTED or "needed_by" not in fact.fields:
            continue
        entity = fact.fields["needed_by"]
        if found and found[-1].entity == entity:
            continue
        if found:
            found[-1] = found[-1]._replace(end=fact.time)
        found.append(Need(entity, fact.time, FOREVER))
    return tuple(need for need in found if need.start < need.end)


def _unresolved(
    facts: Sequence[Fact], flights: Sequence[Flight] | None
) -> tuple[tuple[int, int], ...]:
    """Where the ticket is not resolved.

    At one instant, what was under way ends before it begins again; what was not,
    begins before it ends. A root was if it was in flight, a sub-task by its own facts.
    """
    found: list[tuple[int, int]] = []
    since: int | None = BEGINNING
    alive = False
    for instant, group in groupby(facts, key=lambda fact: fact.time):
        kinds = {fact.kind for fact in group}
        begins, ends = bool(kinds & _REVIVES), bool(kinds & _RESOLVES)
        if not (begins or ends):
            continue
        if flights is not None:
            alive = any(start < instant <= end for start, end, _ in flights)
        resolved = ends and not (begins and alive)
        if since is not None and ends:
            found.append((since, instant))
            since = None
        if Kind.CHANGE_MERGED in kinds:
            # Nothing merged comes back.
            break
        if since is None and not resolved:
            since = instant
        alive = not resolved
    if since is not None:
        found.append((since, FOREVER))
    return tuple(found)
