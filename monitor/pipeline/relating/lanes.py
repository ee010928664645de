"""Which deploys tell each other of their results.

Each pair that may matter is entered among a blocker's dependents, whatever order the
facts come in; whether it does is decided in evaluation. No dependent is ever taken out,
but a result that its deploy says no more is: it would part failures of a lane.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import Final

from monitor.domain.deploys import (
    LaneName,
    failed_by_nobody,
    frozen_of,
    lane_name_of,
    lanes_met,
    results_of,
    waiting_of,
)
from monitor.domain.facts import Fact, Kind
from monitor.domain.items import EntityType
from monitor.domain.teams import BEGINNING
from monitor.domain.working_time import DAY, FOREVER
from monitor.pipeline.relating.by_day import enter, ordered, take_out
from monitor.pipeline.relating.freezes import freeze, wait
from monitor.pipeline.relating.placing import depend, take_turns
from monitor.pipeline.relating.rollbacks import take_back
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.lanes import (
    COMPARED,
    Beside,
    Failure,
    Lane,
    Reach,
    Success,
    add_sorted,
    beside,
    lane_of,
    nearest_days,
    within,
)
from monitor.relate.rows import Section

_KINDS: Final = frozenset(
    {
        Kind.DEPLOY_READY,
        Kind.DEPLOY_STARTED,
        Kind.DEPLOY_FINISHED,
        Kind.DEPLOY_ROLLED_BACK,
        Kind.FREEZE_STARTED,
        Kind.FREEZE_ENDED,
    }
)
_TYPES: Final = frozenset(
    kind for kind in Kind if kind.startswith(("deploy.", "freeze."))
)
# What tells the lanes of a deploy, whichever of its facts says it.
_NAMING: Final = frozenset({"service", "repo", "environment"})


def may_meet(facts: Iterable[Fact]) -> bool:
    """Whether any fact can bring its deploy or freeze to others."""
    for fact in facts:
        kind = fact.kind
        if kind in _TYPES and (kind in _KINDS or not _NAMING.isdisjoint(fact.fields)):
            return True
    return False


def meet(section: Section, before: Sequence[Fact], working: WorkingSet) -> None:
    """Bring a deploy or a freeze together with the others that may matter to it.

    ``before`` are its facts as they were known until now.
    """
    facts = section.facts.values()
    if section.type is EntityType.FREEZE:
        frozen = frozen_of(facts)
        if frozen is not None:
            freeze(section.entity, frozen, working)
        return
    waiting = waiting_of(facts)
    if waiting is not None:
        wait(section.entity, waiting, working)
    now = _entries(facts)
    for name, time, is_success in sorted(_entries(before) - now):
        if is_success:
            _succeed_not(name, Success(time, section.entity), working)
        else:
            _fail_not(name, Failure(time, section.entity), working)
    for name, time, is_success in sorted(now):
        if is_success:
            _succeed(name, Success(time, section.entity), working)
        else:
            _fail(name, Failure(time, section.entity), working)
    _await(section.entity, facts, working)
    take_turns(section, before, working)
    take_back(section, before, working)


def _entries(facts: Collection[Fact]) -> set[tuple[LaneName, int, bool]]:
    """The lanes of a deploy, with when it succeeded there and when it failed."""
    results = set(results_of(facts))
    names = _lanes_of(facts) if results else ()
    return {(name, *result) for name in names for result in results}


def _lanes_of(facts: Iterable[Fact]) -> tuple[LaneName, ...]:
    """By which names others of its lane find a deploy."""
    name = lane_name_of(facts)
    return lanes_met(name) if name is not None else ()


def _await(entity: str, facts: Iterable[Fact], working: WorkingSet) -> None:
    """A failure that holds nobody up still ends with the next success of its lane."""
    failed = sorted(set(failed_by_nobody(facts)))
    for name in _lanes_of(facts) if failed else ():
        _await_in(name, failed, entity, working)


def _await_in(
    name: LaneName, failed: Iterable[int], entity: str, working: WorkingSet
) -> None:
    lane, days = _lane(name, working), working.plain(_awaited(name)) or []
    for time in failed:
        if not enter(_failed_on(name, time // DAY), entity, time, working):
            continue
        if add_sorted(days, time // DAY):
            working.put_plain(_awaited(name), days)
        # One at its own instant may end what failed before, and not this.
        near = _beside(name, lane, time, working)
        for success in filter(None, (near.at, near.after)):
            depend(entity, success.entity, working)


def _answer(name: LaneName, lane: Lane, success: Success, working: WorkingSet) -> None:
    """A success tells those that failed since the one before it, or just with that."""
    days = working.plain(_awaited(name)) or []
    if not days or days[0] > success.time // DAY:
        return
    before = _beside(name, lane, success.time, working).before
    since = before.time if before is not None else BEGINNING
    first = bisect_left(days, since // DAY)
    asked = days[first : bisect_right(days, success.time // DAY)]
    keys = [_failed_on(name, day) for day in asked]
    working.prefetch_plain(keys)
    for key in keys:
        for entity in within(ordered(key, working), since - 1, success.time):
            depend(entity, success.entity, working)


def _succeed(name: LaneName, success: Success, working: WorkingSet) -> None:
    lane, (time, entity) = _lane(name, working), success
    if not enter(_successes_on(name, time // DAY), entity, time, working):
        return
    if add_sorted(lane.days, time // DAY):
        working.put_plain(_name(name), lane)
    _answer(name, lane, success, working)
    if lane.failures:
        reach = _reach(name, lane, time, working)
        for failure in lane.between(reach.start, reach.end):
            depend(failure.entity, entity, working)


def _succeed_not(name: LaneName, success: Success, working: WorkingSet) -> None:
    """Take a success out of its lane, and bring together those that it parted."""
    lane, (time, entity) = _lane(name, working), success
    left = take_out(_successes_on(name, time // DAY), entity, time, working)
    if left is None:
        return
    if left == 0:
        # The nearest day has to hold what is nearest.
        lane.days.remove(time // DAY)
        working.put_plain(_name(name), lane)
    following = _beside(name, lane, time, working).following
    if following is not None:
        _answer(name, lane, following, working)
    _bring_together(lane, _reach(name, lane, time, working), working)


def _fail(name: LaneName, failure: Failure, working: WorkingSet) -> None:
    lane, (time, entity) = _lane(name, working), failure
    if lane.has(failure):
        return
    joins = not lane.has_any_at(time) and _beside(name, lane, time, working).at
    insort(lane.failures, failure)
    working.put_plain(_name(name), lane)
    reach = _reach(name, lane, time, working)
    if joins:
        # The success of its instant parts those on both sides no more.
        _bring_together(lane, reach, working)
        return
    for success in reach.successes:
        depend(entity, success.entity, working)
    others = (one for one in lane.between(reach.start, reach.end) if one != failure)
    for known in islice(others, COMPARED):
        if known.time <= time:
            depend(entity, known.entity, working)
        if known.time >= time:
            depend(known.entity, entity, working)


def _fail_not(name: LaneName, failure: Failure, working: WorkingSet) -> None:
    """Take a failure out of its lane; others are compared with the next then."""
    lane = _lane(name, working)
    if lane.has(failure):
        lane.failures.remove(failure)
        working.put_plain(_name(name), lane)
        reach = _reach(name, lane, failure.time, working)
        _bring_together(lane, reach, working)


def _bring_together(lane: Lane, reach: Reach, working: WorkingSet) -> None:
    """Every failure in reach is told of the successes, and of the earliest ones."""
    found = list(lane.between(reach.start, reach.end))
    for failure in found:
        for success in reach.successes:
            depend(failure.entity, success.entity, working)
        for known in found[:COMPARED]:
            if known.time <= failure.time and known != failure:
                depend(failure.entity, known.entity, working)


def _reach(name: LaneName, lane: Lane, time: int, working: WorkingSet) -> Reach:
    """What has to be known together with an instant."""
    beside = _beside(name, lane, time, working)
    successes = [one for one in beside if one is not None]
    before, after = beside.before, beside.after
    while before is not None and lane.has_any_at(before.time):
        before = _beside(name, lane, before.time, working).before
        successes += [before] if before is not None else []
    while after is not None and lane.has_any_at(after.time):
        after = _beside(name, lane, after.time, working).after
        successes += [after] if after is not None else []
    return Reach(
        BEGINNING if before is None else before.time,
        FOREVER if after is None else after.time,
        tuple(successes),
    )


def _beside(name: LaneName, lane: Lane, time: int, working: WorkingSet) -> Beside:
    earlier, later = nearest_days(lane.days, time)
    return beside(
        [ordered(_successes_on(name, day), working) for day in earlier],
        [ordered(_successes_on(name, day), working) for day in later],
        time,
    )


def _lane(name: LaneName, working: WorkingSet) -> Lane:
    """The lane, of which a batch has one: to make it anew takes time."""
    lane = lane_of(working.plain(_name(name)))
    working.hold_plain(_name(name), lane)
    return lane


def _name(name: LaneName) -> str:
    return "\x1f".join(("lane", *name))


def _successes_on(name: LaneName, day: int) -> str:
    return "\x1f".join(("lane", *name, str(day)))


def _awaited(name: LaneName) -> str:
    return "\x1f".join(("failed", *name))


def _failed_on(name: LaneName, day: int) -> str:
    return "\x1f".join(("failed", *name, str(day)))
