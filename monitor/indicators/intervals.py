"""A wait as a stretch of time, before it is known whom and whether it charges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from monitor.domain.items import FOREVER
from monitor.domain.teams import Schedule, team_at
from monitor.domain.timeline import Component
from monitor.domain.working_time import Calendar

# The level of a wait that halts the whole item, and of one that no open change
# of the item stands for.
TICKET_LEVEL = ""
LOOSE = "*"


class Stretch(NamedTuple):
    """A wait open from ``start`` to ``end`` for each of ``names``.

    ``level`` is TICKET_LEVEL, the change it holds up, or LOOSE. ``stale_by`` is
    ``None`` where a cap of its own ends the wait, else the blocker whose activity
    also keeps it fresh (empty: the item's alone). ``pending`` marks a failure
    whose cause is not settled: it halts, but charges nobody.
    """

    component: Component
    names: tuple[str, ...]
    start: int
    end: int
    level: str
    entity: str
    stale_by: str | None = None
    pending: bool = False


def dated(stretch: Stretch, schedule: Schedule) -> Iterator[Stretch]:
    """The stretch cut where the team behind it changes."""
    points = [e.start for e in schedule if stretch.start < e.start < stretch.end]
    bounds = [stretch.start, *points, stretch.end]
    for start, end in zip(bounds, bounds[1:], strict=False):
        yield stretch._replace(names=(team_at(schedule, start),), start=start, end=end)


def spans(marks: Iterable[tuple[int, bool]]) -> list[tuple[int, int]]:
    """Open stretches of one wait key from its (instant, opens) marks, sorted.

    At one instant an open wait closes first and may open again; a closed one
    opens first and may close with zero length. A second open changes nothing, a
    second close neither, and a close without an open waits for its open in vain.
    """
    found: list[tuple[int, int]] = []
    since: int | None = None
    for instant, opens, closes in _by_instant(marks):
        if since is not None:
            if closes:
                found.append((since, instant))
                since = instant if opens else None
        elif opens:
            since = None if closes else instant
    if since is not None:
        found.append((since, FOREVER))
    return found


def _by_instant(
    marks: Iterable[tuple[int, bool]],
) -> list[tuple[int, bool, bool]]:
    grouped: dict[int, list[bool]] = {}
    for instant, opens in marks:
        state = grouped.setdefault(instant, [False, False])
        state[0 if opens else 1] = True
    return [(instant, *grouped[instant]) for instant in sorted(grouped)]  # type: ignore[misc]


def capped(start: int, end: int, calendar: Calendar, cap: int) -> int:
    """The end, or where ``cap`` working milliseconds after ``start`` lie."""
    if end - start <= cap:
        return end
    limit = calendar.instant_after(start, cap)
    return end if limit is None else min(end, limit)


def lapses(
    activity: Sequence[int], limit: int, calendar_at: Callable[[int], Calendar]
) -> list[tuple[int, int]]:
    """Where no activity came within ``limit``: from the limit to the next one.

    The limit is counted on the calendar of the team charged at the activity from
    which it counts, which ``calendar_at`` tells.
    """
    found: list[tuple[int, int]] = []
    following = [*activity[1:], FOREVER]
    for instant, nearest in zip(activity, following, strict=True):
        # Working time never runs faster than the clock.
        if nearest - instant <= limit:
            continue
        stop = calendar_at(instant).instant_after(instant, limit)
        if stop is not None and stop < nearest:
            found.append((stop, nearest))
    return found
