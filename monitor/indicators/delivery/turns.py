"""Deploys without a name of their own: which of them a rollback took back.

A tool that names what it deploys, but no deploy of it (CDEvents), cannot say which one
it rolled back: it is the last that ended before, in the same environment. That one has
failed then, as if the rollback had named it, and the rollback is no deploy beside it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from monitor.domain.deploys import ROLLED_BACK, turns_of
from monitor.domain.facts import Fact, Fields, Kind
from monitor.domain.items import ItemFacts, Profile, Shipped, Turn
from monitor.domain.making import make_fact
from monitor.indicators.items.deploy_charge import deploys_in


class Turned(NamedTuple):
    """A turn and whose it is, in the order in which they follow each other."""

    time: int
    rank: int
    entity: str
    causes: tuple[str, ...]


# By what is deployed, and the environment.
Orders = Mapping[tuple[str, str], Sequence[Turned]]


def orders_of(item: ItemFacts) -> Orders:
    """The turns of all that is deployed, as far as the item has or was told of them."""
    found: dict[tuple[str, str], set[Turned]] = {}
    told = {name: profile.turns for name, profile in item.blockers.items()}
    if "deployed" in item.field_names:
        told |= {name: turns_of(facts) for name, facts in deploys_in(item).items()}
    for entity, turns in told.items():
        for time, deployed, environment, rank, causes in turns:
            turned = Turned(time, rank, entity, causes)
            found.setdefault((deployed, environment), set()).add(turned)
    return {where: sorted(turned) for where, turned in found.items()}


def as_named(entity: str, facts: Sequence[Fact], orders: Orders) -> Sequence[Fact]:
    """The deploy's facts as they were if rollbacks named the deploy they undo.

    What was rolled back says so itself; the rollback of what was seen says nothing.
    """
    said = list(facts)
    for turn in turns_of(facts):
        before, after = _beside(entity, turn, orders)
        if turn.rank != ROLLED_BACK and after is not None:
            said += [_undone(facts[0], after)] if after.rank == ROLLED_BACK else []
        elif turn.rank == ROLLED_BACK and before is not None:
            said = [
                fact
                for fact in said
                if (fact.kind, fact.time) != (Kind.DEPLOY_ROLLED_BACK, turn.time)
            ]
    return said


def lasting(entity: str, profile: Profile, orders: Orders) -> Iterator[Shipped]:
    """What another deploy shipped, unless it was rolled back."""
    undone: set[int] = set()
    for turn in profile.turns:
        _, after = _beside(entity, turn, orders)
        if after is not None and after.rank == ROLLED_BACK:
            undone.add(turn.time)
    for shipped in profile.shipped:
        if shipped.time not in undone:
            yield shipped


def _beside(
    entity: str, turn: Turn, orders: Orders
) -> tuple[Turned | None, Turned | None]:
    """The turns before and after one."""
    order = orders.get((turn.deployed, turn.environment), ())
    place = bisect_left(order, (turn.time, turn.rank, entity))
    after = order[place + 1] if place + 1 < len(order) else None
    return order[place - 1] if place else None, after


def _undone(deploy: Fact, rollback: Turned) -> Fact:
    fields: Fields = {"cause_teams": list(rollback.causes)} if rollback.causes else {}
    return make_fact(
        Kind.DEPLOY_ROLLED_BACK, rollback.time, deploy.entity, deploy.source, fields
    )
