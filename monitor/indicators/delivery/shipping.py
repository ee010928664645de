"""Deploys to production as DORA counts them, and what each carried (indicators 4).

Wall clock, production only, for the team whose the deploy is. Deployment frequency
and rates are counts of these; recovery runs from a failed deploy to the next successful
one of its service there, or to its own rollback.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from monitor.domain.deploys import (
    Ended,
    ended_of,
    environments_of,
    is_success,
    is_told_production,
    lane_name_of,
    lanes_met,
)
from monitor.domain.facts import Fact, Kind, digest
from monitor.domain.items import ItemFacts, Merge, Shipped
from monitor.domain.model import Model
from monitor.domain.opaque import environment_word
from monitor.domain.repositories import repository_of
from monitor.domain.teams import EXTERNAL, Directory, Schedule, team_at
from monitor.domain.timeline import Measure, Measured
from monitor.indicators.waits.told import ToldLanes

# Why a deploy failed, seen by the owner of its service; and the word for a success.
OWN: Final = "own"
OTHER_TEAM: Final = "other_team"
NO_CAUSE: Final = "none"
_PUSHED: Final = Kind.CHANGE_PUSHED
_OF_CHANGES: Final = frozenset(k for k in Kind if k.startswith("change.")) - {_PUSHED}


def in_production(environments: Sequence[str], model: Model, *, told: bool) -> bool:
    """Whether a deploy counts: told to be in production, or by an environment's name.

    That it is told is enough. That it is not says nothing: who names the environments
    in the configuration tells the sources nothing. Of a name that is kept as a word the
    configured name makes the same one.
    """
    named = {*model.production, *map(environment_word, model.production)}
    return told or not named.isdisjoint(environments)


def deploy_measures(
    entity: str,
    facts: Sequence[Fact],
    told: ToldLanes,
    owner: Schedule,
    directory: Directory,
) -> Iterator[Measure]:
    """One deploy's ends, unplanned ones again, and how long each failure lasted.

    A failure of the outside world has no recovery: nobody here could end it.
    """
    lane = lane_name_of(facts)
    place = "/".join(lanes_met(lane)[0]) if lane is not None else entity
    unplanned = any(fact.fields.get("unplanned") for fact in facts)
    own = [fact.time for fact in facts if is_success(fact)]
    others = told.of(lane)
    for end in ended_of(facts):
        team = team_at(owner, end.time)
        cause = cause_of(end, team, directory)
        yield Measure(Measured.DEPLOYS, team, cause, end.time, place=place)
        if unplanned:
            yield Measure(Measured.UNPLANNED, team, "", end.time)
        if end.is_success or cause == EXTERNAL:
            continue
        later = others.success(end.time, entity)
        over = _over(end, own if later is None else [*own, later])
        if over is not None and over > end.time:
            yield Measure(Measured.RECOVERY, team, "", over, over - end.time)


def cause_of(end: Ended, team: str, directory: Directory) -> str:
    """Whose fault a failure is for the team whose the deploy is.

    ``own`` where nobody is named, or the team is among those named; else the other
    team's, and external only where nobody else is named.
    """
    if end.is_success:
        return NO_CAUSE
    named = {directory.named(name) for name in end.causes}
    if not named or team in named:
        return OWN
    return EXTERNAL if named == {EXTERNAL} else OTHER_TEAM


def _over(end: Ended, fixes: Sequence[int]) -> int | None:
    """When the failure was over: a success that came next, or the own rollback.

    What seemed to succeed does harm until it is rolled back.
    """
    ends = [] if end.over is None else [end.over]
    if not end.seemed:
        ends += [fix for fix in fixes if fix >= end.time]
    return min(ends, default=None)


def shipped_of(facts: Sequence[Fact], owner: Schedule) -> tuple[Shipped, ...]:
    """The deploy's successes, without those that were rolled back."""
    good = [end.time for end in ended_of(facts) if end.is_success]
    where, told = environments_of(facts), is_told_production(facts)
    return tuple(Shipped(time, where, team_at(owner, time), told) for time in good)


def named_by(facts: Sequence[Fact]) -> tuple[set[str], set[str]]:
    """The commits and the items a deploy names itself."""
    shas: set[str] = set()
    items: set[str] = set()
    for fact in facts:
        shas.update(fact.fields.get("shas", ()))
        items.update(fact.fields.get("items", ()))
        if "sha" in fact.fields:
            shas.add(fact.fields["sha"])
        if "item" in fact.fields:
            items.add(fact.fields["item"])
    return shas, items


def contains_of(item: ItemFacts, facts: Sequence[Fact]) -> tuple[Merge, ...]:
    """Up to when a deploy of a tip contains what was merged in its repository.

    It names one commit, that with which the one change was merged that has it, and
    neither a service, which may be one of many in a repository, nor items.
    """
    shas, items = named_by(facts)
    if items or len(shas) != 1 or any("service" in fact.fields for fact in facts):
        return ()
    tips = [f for f in item.of(Kind.CHANGE_MERGED) if f.fields.get("sha") in shas]
    if not tips:
        return ()
    # A push of its own asks for its change: a branch may begin at the tip.
    changes = {fact.entity for fact in item.facts if fact.kind in _OF_CHANGES}
    having = {f.entity for f in item.facts if f.fields.get("sha") in shas} & changes
    repo = repository_of(f for f in item.facts if f.entity == tips[0].entity)
    if len(having) > 1 or repo is None:
        return ()
    return (Merge(repo.word, tips[0].time),)


def carried(name: str) -> int:
    """The short hash by which a deploy tells what it carries: 32 bits are enough.

    Only changes that a deploy may carry are told of it.
    """
    return digest(name) >> 31
