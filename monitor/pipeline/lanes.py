"""Which deploys tell each other of their results, and which freezes tell deploys.

Each pair that may matter is entered among a blocker's dependents, whatever order the
facts come in; whether it does is decided in evaluation. Nobody is ever taken out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Final

from monitor.domain.deploys import (
    Frozen,
    LaneName,
    Waiting,
    failed_by_nobody,
    frozen_of,
    lanes_of,
    results_of,
    waiting_of,
)
from monitor.domain.facts import Fact, Kind
from monitor.domain.items import FOREVER, EntityType
from monitor.domain.teams import BEGINNING
from monitor.domain.working_time import DAY
from monitor.pipeline.placing import depend
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.lanes import (
    COMPARED,
    Failure,
    Lane,
    Success,
    add_sorted,
    lane_of,
    nearest_days,
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
_FREEZES: Final = "freezes"


def may_meet(facts: Sequence[Fact]) -> bool:
    """Whether facts (at least one) can bring their deploy or freeze to others."""
    # All are of one entity, and most entities are neither.
    kind = facts[0].kind
    return kind in _TYPES and any(fact.kind in _KINDS for fact in facts)


def meet(section: Section, working: WorkingSet) -> None:
    """Bring a deploy or a freeze together with the others that may matter to it."""
    facts = section.facts.values()
    if section.type is EntityType.FREEZE:
        frozen = frozen_of(facts)
        if frozen is not None:
            _freeze(section.entity, frozen, working)
        return
    waiting = waiting_of(facts)
    if waiting is not None:
        _wait(section.entity, waiting, working)
    results = sorted(set(results_of(facts)))
    for name in sorted(lanes_of(facts)) if results else ():
        for time, is_success in results:
            if is_success:
                _succeed(name, Success(time, section.entity), working)
            else:
                _fail(name, time, section.entity, working)
    _await(section.entity, facts, working)


def _freeze(entity: str, frozen: Frozen, working: WorkingSet) -> None:
    freezes, days = _freezes(working)
    if freezes.get(entity) == _plain(frozen):
        return
    freezes[entity] = _plain(frozen)
    working.put_plain(_FREEZES, (freezes, days))
    last = frozen.end // DAY
    keys = [_ready_on(day) for day in days if day <= last]
    working.prefetch_plain(keys)
    for key in keys:
        for deploy, stored in (working.plain(key) or {}).items():
            if frozen.may_hold(_waiting(stored)):
                depend(deploy, entity, working)


def _freezes(working: WorkingSet) -> tuple[dict[str, Any], list[int]]:
    """All freezes as plain data, and the days on which any deploy was ready."""
    return working.plain(_FREEZES) or ({}, [])


def _wait(entity: str, waiting: Waiting, working: WorkingSet) -> None:
    day = waiting.ready // DAY
    key = _ready_on(day)
    known = working.plain(key) or {}
    if known.get(entity) != _plain(waiting):
        known[entity] = _plain(waiting)
        working.put_plain(key, known)
    freezes, days = _freezes(working)
    if add_sorted(days, day):
        working.put_plain(_FREEZES, (freezes, days))
    for freeze, (start, end, services) in freezes.items():
        if Frozen(start, end, tuple(services)).may_hold(waiting):
            depend(entity, freeze, working)


def _await(entity: str, facts: Iterable[Fact], working: WorkingSet) -> None:
    """A failure that holds nobody up still ends with the next success of its lane."""
    failed = sorted(set(failed_by_nobody(facts)))
    for name in sorted(lanes_of(facts)) if failed else ():
        lane = _lane(name, working)
        days = working.plain(_awaited(name)) or []
        for time in failed:
            if not _enter(_failed_on(name, time // DAY), entity, time, working):
                continue
            if add_sorted(days, time // DAY):
                working.put_plain(_awaited(name), days)
            _, after = _successes_beside(name, lane, time, working)
            if after is not None:
                depend(entity, after.entity, working)


def _answer(name: LaneName, lane: Lane, success: Success, working: WorkingSet) -> None:
    """A success tells those that failed since the one before it."""
    days = working.plain(_awaited(name)) or []
    if not days or days[0] > success.time // DAY:
        return
    before, _ = _successes_beside(name, lane, success.time, working)
    since = before.time if before else BEGINNING
    first = bisect_left(days, since // DAY)
    asked = days[first : bisect_right(days, success.time // DAY)]
    keys = [_failed_on(name, day) for day in asked]
    working.prefetch_plain(keys)
    for key in keys:
        for entity, times in (working.plain(key) or {}).items():
            if any(since < time <= success.time for time in times):
                depend(entity, success.entity, working)


def _enter(key: str, entity: str, time: int, working: WorkingSet) -> bool:
    """Keep an instant of an entity under a key; whether it was not there."""
    known = working.plain(key) or {}
    times = known.setdefault(entity, [])
    if time in times:
        return False
    times.append(time)
    working.put_plain(key, known)
    return True


def _succeed(name: LaneName, success: Success, working: WorkingSet) -> None:
    lane, day = _lane(name, working), success.time // DAY
    if not _enter(_successes_on(name, day), success.entity, success.time, working):
        return
    _answer(name, lane, success, working)
    parted = lane.divide(success)
    for failure in parted:
        depend(failure.entity, success.entity, working)
    if add_sorted(lane.days, day) or parted:
        working.put_plain(_name(name), lane)


def _fail(name: LaneName, time: int, entity: str, working: WorkingSet) -> None:
    lane = _lane(name, working)
    if lane.has(time, entity):
        return
    before, after = _successes_beside(name, lane, time, working)
    failure = Failure(
        time,
        entity,
        before.time if before else BEGINNING,
        after.time if after else FOREVER,
    )
    for success in (before, after):
        if success is not None:
            depend(entity, success.entity, working)
    for known in islice(lane.between(failure.before, failure.after), COMPARED):
        if known.time <= time:
            depend(entity, known.entity, working)
        if known.time >= time:
            depend(known.entity, entity, working)
    insort(lane.failures, failure)
    working.put_plain(_name(name), lane)


def _successes_beside(
    name: LaneName, lane: Lane, time: int, working: WorkingSet
) -> tuple[Success | None, Success | None]:
    """The last success before an instant, and the first from it on."""
    earlier, later = nearest_days(lane.days, time)
    before = [one for one in _successes(name, earlier, working) if one.time < time]
    after = [one for one in _successes(name, later, working) if one.time >= time]
    return max(before, default=None), min(after, default=None)


def _successes(
    name: LaneName, days: Iterable[int], working: WorkingSet
) -> list[Success]:
    return [
        Success(time, entity)
        for day in days
        for entity, times in (working.plain(_successes_on(name, day)) or {}).items()
        for time in times
    ]


def _lane(name: LaneName, working: WorkingSet) -> Lane:
    """The lane, of which a batch has one: to make it anew takes time."""
    lane = lane_of(working.plain(_name(name)))
    working.hold_plain(_name(name), lane)
    return lane


def _waiting(stored: tuple[int, int, list[str]]) -> Waiting:
    ready, begun, services = stored
    return Waiting(ready, begun, tuple(services))


def _plain(one: Waiting | Frozen) -> list[object]:
    return [one[0], one[1], list(one.services)]


def _name(name: LaneName) -> str:
    return "\x1f".join(("lane", *name))


def _successes_on(name: LaneName, day: int) -> str:
    return "\x1f".join(("lane", *name, str(day)))


def _awaited(name: LaneName) -> str:
    return "\x1f".join(("failed", *name))


def _failed_on(name: LaneName, day: int) -> str:
    return "\x1f".join(("failed", *name, str(day)))


def _ready_on(day: int) -> str:
    return f"ready\x1f{day}"
