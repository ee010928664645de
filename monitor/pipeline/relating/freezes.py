"""Which freezes tell which deploys that they are held up, whatever comes first."""

from __future__ import annotations

from typing import Any, Final

from monitor.domain.deploys import Frozen, Waiting
from monitor.domain.facts import Kind
from monitor.domain.working_time import DAY
from monitor.pipeline.relating.placing import depend
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.lanes import add_sorted
from monitor.relate.rows import Section

_FREEZES: Final = "freezes"


def freeze(entity: str, frozen: Frozen, working: WorkingSet) -> None:
    """Bring a freeze together with the deploys that it may hold up."""
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


def wait(entity: str, waiting: Waiting, working: WorkingSet) -> None:
    """Bring a deploy that is ready together with the freezes that may hold it up."""
    day = waiting.ready // DAY
    key = _ready_on(day)
    known = working.plain(key) or {}
    if known.get(entity) != _plain(waiting):
        known[entity] = _plain(waiting)
        working.put_plain(key, known)
    freezes, days = _freezes(working)
    if add_sorted(days, day):
        working.put_plain(_FREEZES, (freezes, days))
    for known_freeze, (start, end, services) in freezes.items():
        if Frozen(start, end, tuple(services)).may_hold(waiting):
            depend(entity, known_freeze, working)


def wait_no_more(section: Section, working: WorkingSet) -> None:
    """A sealed deploy is held up by no freeze that comes."""
    facts = section.facts.values()
    ready = {fact.time // DAY for fact in facts if fact.kind is Kind.DEPLOY_READY}
    for day in sorted(ready):
        key = _ready_on(day)
        known = working.plain(key) or {}
        if known.pop(section.entity, None) is None:
            continue
        working.put_plain(key, known)
        freezes, days = _freezes(working)
        if not known:
            left = [one for one in days if one != day]
            working.put_plain(_FREEZES, (freezes, left))


def _waiting(stored: tuple[int, int, list[str]]) -> Waiting:
    ready, begun, services = stored
    return Waiting(ready, begun, tuple(services))


def _plain(one: Waiting | Frozen) -> list[object]:
    return [one[0], one[1], list(one.services)]


def _ready_on(day: int) -> str:
    return f"ready\x1f{day}"
