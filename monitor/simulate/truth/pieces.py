"""A plan's time cut into pieces in which nothing changes, each judged by itself."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final, NamedTuple

from monitor.domain.working_time import WORKING_DAY, Calendar
from monitor.simulate.life import (
    CI_CAP,
    INTERNAL,
    RESPONSE,
    Failure,
    Life,
    Stretch,
    Wait,
)

IDLE_LIMIT: Final = 5 * WORKING_DAY
STALE_LIMIT: Final = 10 * WORKING_DAY
PENDING_LIMIT: Final = WORKING_DAY
NEVER: Final = 2**62


class Piece(NamedTuple):
    """Between two instants the item is in one state.

    ``waits`` holds the (team, component) pairs that halt it and accrue; without
    any, ``state`` is active, response, internal, pending, stale or idle.
    ``flight`` is the instant at which the item last entered flight.
    """

    start: int
    end: int
    charged: str
    doing: str
    cause: str
    flight: int
    state: str
    waits: tuple[tuple[str, str], ...] = ()


class _Open(NamedTuple):
    """A wait with its end settled: closed, capped, or left by the item."""

    wait: Wait
    end: int
    pending: bool = False


class _Facts(NamedTuple):
    """What is known of a life at an instant, with every limit worked out."""

    life: Life
    calendars: Mapping[str, Calendar]
    activities: tuple[int, ...]
    waits: tuple[_Open, ...]


def pieces(
    life: Life, calendars: Mapping[str, Calendar], until: int
) -> Iterator[Piece]:
    """Every piece of the item's flights before ``until``, in order."""
    activities = tuple(at for at in life.activities() if at <= until)
    known = _Facts(life, calendars, activities, ())
    waits = tuple(_opened(known, until))
    known = known._replace(waits=waits)
    flight = previous = -1
    for stretch in life.stretches:
        if stretch.start != previous:
            flight = stretch.start
        previous = stretch.end
        cuts = _cuts(known, stretch, until)
        for start, end in pairwise(cuts):
            yield _judged(known, stretch, start, end, flight)


def _charged_at(life: Life, instant: int) -> str:
    """The team charged at an instant; before the first flight its first team."""
    charged = life.stretches[0].charged
    for stretch in life.stretches:
        if stretch.start > instant:
            break
        charged = stretch.charged
    return charged


def _limit(known: _Facts, instant: int, span: int) -> int:
    if instant < 0:
        return instant
    calendar = known.calendars[_charged_at(known.life, instant)]
    reached = calendar.instant_after(instant, span)
    return NEVER if reached is None else reached


def _opened(known: _Facts, until: int) -> Iterator[_Open]:
    for wait in known.life.waits:
        cap = _limit(known, wait.start, wait.cap) if wait.cap else NEVER
        yield _Open(wait, min(wait.end, cap))
    for failure in known.life.failures:
        yield from _settled(known, failure, until)


def _settled(known: _Facts, failure: Failure, until: int) -> Iterator[_Open]:
    """A failure is nobody's until it is settled, for at most a working day."""
    limit = _limit(known, failure.start, PENDING_LIMIT)
    in_time = failure.settled <= min(limit, until)
    if in_time and failure.flaky_of:
        cap = _limit(known, failure.start, CI_CAP)
        wait = Wait(
            "ci_flaky",
            failure.flaky_of,
            failure.start,
            failure.settled,
            failure.change,
        )
        yield _Open(wait, min(cap, failure.settled))
    elif not in_time:
        wait = Wait("", "", failure.start, limit, failure.change)
        yield _Open(wait, limit, pending=True)


def _cuts(known: _Facts, stretch: Stretch, until: int) -> list[int]:
    start, end = stretch.start, min(stretch.end, until)
    if end <= start:
        return []
    cuts = {start, end}
    for opened in known.waits:
        cuts.update((opened.wait.start, opened.end))
        for touched in opened.wait.blocker:
            cuts.update((touched, _limit(known, touched, STALE_LIMIT)))
    for change in known.life.changes:
        cuts.update((change.start, change.end))
    for touched in known.activities:
        cuts.add(touched)
        cuts.add(_limit(known, touched, IDLE_LIMIT))
        cuts.add(_limit(known, touched, STALE_LIMIT))
    return sorted(cut for cut in cuts if start <= cut <= end)


def _judged(
    known: _Facts, stretch: Stretch, start: int, end: int, flight: int
) -> Piece:
    state, waits = _state(known, stretch, start)
    return Piece(
        start, end, stretch.charged, stretch.doing, stretch.cause, flight, state, waits
    )


def _state(
    known: _Facts, stretch: Stretch, at: int
) -> tuple[str, tuple[tuple[str, str], ...]]:
    idle = at >= _limit(known, _last(known.activities, at), IDLE_LIMIT)
    if stretch.doing == RESPONSE:
        return ("idle" if idle else "response"), ()
    halting = _halting(known, stretch, at)
    named = [opened.wait for opened in halting if not opened.pending]
    accruing = [wait for wait in named if not _stale(known, wait, at)]
    if accruing:
        return "waiting", tuple((wait.on_team, wait.component) for wait in accruing)
    if named:
        return "stale", ()
    if halting:
        return "pending", ()
    if stretch.doing == INTERNAL:
        gone = at >= _limit(known, _last(known.activities, at), STALE_LIMIT)
        return ("stale" if gone else INTERNAL), ()
    return ("idle" if idle else "active"), ()


def _halting(known: _Facts, stretch: Stretch, at: int) -> list[_Open]:
    """A change's wait halts the item only when every open change has one."""
    standing = [
        opened
        for opened in known.waits
        if opened.wait.start <= at < opened.end
        and opened.wait.on_team != stretch.charged
    ]
    changes = [
        change.entity
        for change in known.life.changes
        if change.start <= at < change.end
    ]
    held = {opened.wait.change for opened in standing}
    all_held = all(entity in held for entity in changes)
    return [opened for opened in standing if _halts(opened.wait, all_held, changes)]


def _halts(wait: Wait, all_held: bool, changes: list[str]) -> bool:
    if wait.loose or (wait.change and wait.change not in changes):
        return not changes
    return all_held if wait.change else True


def _stale(known: _Facts, wait: Wait, at: int) -> bool:
    if wait.cap or wait.component == "ci_flaky":
        return False
    last = max(_last(known.activities, at), _last(wait.blocker, at))
    return at >= _limit(known, last, STALE_LIMIT)


def _last(instants: tuple[int, ...], at: int) -> int:
    """The last of the sorted instants that is not after ``at``."""
    index = bisect_right(instants, at)
    return instants[index - 1] if index else -NEVER
