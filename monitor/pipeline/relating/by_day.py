"""Instants of entities under a key for each day, in the store's indexes."""

from __future__ import annotations

from bisect import bisect_left, insort

from monitor.pipeline.working_set import WorkingSet


def enter(key: str, entity: str, time: int, working: WorkingSet) -> bool:
    """Keep an instant of an entity under a key; whether it was not there."""
    known = working.plain(key) or {}
    times = known.setdefault(entity, [])
    if time in times:
        return False
    times.append(time)
    working.put_plain(key, known)
    if key in working.orders:
        insort(working.orders[key], (time, entity))
    return True


def take_out(key: str, entity: str, time: int, working: WorkingSet) -> int | None:
    """Forget an instant; how many entities are left there, None if it was not there."""
    known = working.plain(key) or {}
    if time not in known.get(entity, ()):
        return None
    known[entity].remove(time)
    if not known[entity]:
        del known[entity]
    working.put_plain(key, known)
    if key in working.orders:
        order = working.orders[key]
        del order[bisect_left(order, (time, entity))]
    return len(known)


def ordered(key: str, working: WorkingSet) -> list[tuple[int, str]]:
    """What was entered under a key, in order of time.

    Sorted once in a batch, because a day may have thousands.
    """
    found = working.orders.get(key)
    if found is None:
        known = working.plain(key) or {}
        pairs = [(time, entity) for entity, times in known.items() for time in times]
        found = working.orders[key] = sorted(pairs)
    return found
