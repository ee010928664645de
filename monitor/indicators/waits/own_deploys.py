"""Deploys that the item's own team broke: shown apart, as its own failed runs are.

Such a failure holds nobody up, so its time stays in the item's class (indicators 1.2).
It lasts as long as `deploy_failure` does: to the next success of that service there,
whoever's deploy that is; what other items' deploys did, they have told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Final

from monitor.domain.deploys import (
    LaneName,
    is_success,
    lane_name_of,
    lanes_apart,
    leaves_broken,
)
from monitor.domain.facts import Fact, Kind
from monitor.domain.items import ItemFacts
from monitor.domain.refused_deploys import without_refused
from monitor.domain.teams import Directory
from monitor.indicators.items.charges import Handover
from monitor.indicators.items.deploy_charge import deploys_in
from monitor.indicators.waits.failures import OwnFailure
from monitor.indicators.waits.intervals import Mark, spans
from monitor.indicators.waits.told import ToldLanes, told_of

_RESULTS: Final = frozenset({Kind.DEPLOY_FINISHED, Kind.DEPLOY_ROLLED_BACK})
_OPENS: Final = itemgetter(1)
# What deploys follow each other in; one that names no place is alone with its key.
_Place = LaneName | str


def own_deploys(
    item: ItemFacts, handover: Handover, directory: Directory
) -> Iterator[OwnFailure]:
    """Where a lane is broken by a deploy of the item, and by its own team.

    One lane is one failure, however many deploys of the item fail in it.
    """
    if _RESULTS.isdisjoint(item.kinds):
        return
    deploys = deploys_in(item)
    told = told_of(item)
    marks = _marks(deploys, handover, directory)
    for places in _together(marks):
        found = [mark for place in places for mark in marks[place]]
        if not any(map(_OPENS, found)):
            continue
        for place in places:
            found += [(time, False) for time in _elsewhere(place, told, deploys)]
        for start, end in spans(found):
            yield OwnFailure(start, end, "deploy")


def _together(places: Iterable[_Place]) -> Collection[Sequence[_Place]]:
    """The places, those together that are one under several names of a repository."""
    places = list(places)
    known_by = lanes_apart([place for place in places if not isinstance(place, str)])
    found: dict[_Place, list[_Place]] = {}
    for place in places:
        one = place if isinstance(place, str) else known_by[place]
        found.setdefault(one, []).append(place)
    return found.values()


def _marks(
    deploys: Mapping[str, Sequence[Fact]], handover: Handover, directory: Directory
) -> dict[_Place, list[Mark]]:
    """When the item's deploys broke a place, and when they made it good."""
    found: dict[_Place, list[Mark]] = {}
    for entity, facts in deploys.items():
        begun = without_refused(facts)
        marks = [(f.time, True) for f in begun if _is_own(f, handover, directory)]
        marks += [(fact.time, False) for fact in facts if is_success(fact)]
        if marks:
            found.setdefault(lane_name_of(facts) or entity, []).extend(marks)
    return found


def _is_own(fact: Fact, handover: Handover, directory: Directory) -> bool:
    """Whether a deploy failed then, by nobody who is named or by the item's team."""
    if not leaves_broken(fact):
        return False
    named = {directory.named(name) for name in fact.fields.get("cause_teams", ())}
    return not named or named == {handover.team_at(fact.time)}


def _elsewhere(
    place: _Place, told: ToldLanes, deploys: Mapping[str, object]
) -> Sequence[int]:
    """When deploys of other items succeeded there."""
    if isinstance(place, str):
        return ()
    return told.of(place).successes_but_of(deploys)
