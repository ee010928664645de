"""Instants of entities under a key for each day, in the store's indexes."""

from __future__ import annotations

from monitor.pipeline.working_set import WorkingSet


def enter(key: str, entity: str, time: int, working: WorkingSet) -> bool:
    """Keep an instant of an entity under a key; whether it was not there."""
    known = working.plain(key) or {}
    times = known.setdefault(entity, [])
    if time in times:
        return False
    times.append(time)
    working.put_plain(key, known)
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
    return len(known)
