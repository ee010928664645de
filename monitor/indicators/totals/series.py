"""Series: what totals are kept of, and the entries a timeline makes in them.

A total at T is a sum over segments clipped at T. With W the working time of the
segment's calendar, a segment adds ``share * (W(T) - W(start))`` once T has passed
its start, and ``-share * (W(T) - W(end))`` once T has passed its end. So a segment
is two signed entries, a total is ``W(T) * A - B`` with A the sum of the shares and
B the sum of ``share * W(entry)`` of all entries up to T, and replacing a timeline
is adding the difference of its entries. Counts are entries with a B alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise, zip_longest
from typing import Final, NamedTuple, TypeVar

from monitor.domain.teams import Directory
from monitor.domain.timeline import (
    TIMED,
    Measure,
    Measured,
    Segment,
    Sort,
    Tally,
    Timeline,
    Wait,
)
from monitor.domain.working_time import FOREVER, SECOND
from monitor.indicators.totals.presence import (
    WINDOW_DAYS,
    WINDOWS,
    Presence,
    latest_of,
    presence_of,
)

BUCKETS: Final = tuple(
    seconds * SECOND
    for seconds in (300, 900, 3_600, 14_400, 28_800, 86_400, 144_000, 288_000)
)
# Wall time of what is delivered: 5 minutes to 90 days.
SPAN_BUCKETS: Final = tuple(
    seconds * SECOND
    for seconds in (
        *(300, 900, 3_600, 14_400, 43_200, 86_400, 172_800, 345_600, 604_800),
        *(1_209_600, 2_419_200, 7_776_000),
    )
)
# What is timed has a family of buckets, `lead_time bucket`, beside that of sums.
SPANS: Final = {name: f"{name} bucket" for name in TIMED}


class Family:
    """The families of series; the first part of a series' key."""

    WAIT: Final = "wait"
    ACTIVE: Final = "active"
    OWN_FAILURE: Final = "own_failure"
    UNCLASSIFIED: Final = "unclassified"
    WAITS: Final = "waits"
    HANDOFFS: Final = "handoff"
    PINGPONGS: Final = "pingpong"
    NEGATIVES: Final = "negative"
    OPEN: Final = "open"
    BUCKET: Final = "bucket"
    DURATION: Final = "duration"
    STALE: Final = "stale"
    ITEM_FIRST: Final = "item_first"
    ITEM_LAST: Final = "item_last"
    ITEM_GAP: Final = "item_gap"


_SEGMENTS: Final[Mapping[Sort, str]] = {
    Sort.WAIT: Family.WAIT,
    Sort.ACTIVE: Family.ACTIVE,
    Sort.OWN_FAILURE: Family.OWN_FAILURE,
    Sort.UNCLASSIFIED: Family.UNCLASSIFIED,
}
# A member of an enumeration costs ten times a global name.
_WAIT: Final = Sort.WAIT
_UNSTARTED: Final = Measured.UNSTARTED
# Families whose total grows with working time; all others count.
ACCRUING: Final = frozenset(_SEGMENTS.values())

# (family, calendar, labels...): the calendar is a team or `wall`, empty for counts.
Key = tuple[str, ...]


class Entry(NamedTuple):
    """A signed amount in one series from an instant (ms) on."""

    time: int
    key: Key
    amount: int


_Part = TypeVar("_Part", Segment, Wait, Tally, Measure)
_NOTHING: Final = Timeline("")
# Signed amounts by series and instant: entries of many items, summed.
Moves = dict[Key, dict[int, int]]


def replacing(
    old: Sequence[Timeline], new: Sequence[Timeline], directory: Directory
) -> list[Entry]:
    """What has to be entered to replace an item's old timelines by its new ones."""
    moves: Moves = {}
    replace_in(moves, old, new, directory)
    return [
        Entry(time, key, amount)
        for key, amounts in moves.items()
        for time, amount in amounts.items()
        if amount
    ]


def replace_in(
    moves: Moves,
    old: Sequence[Timeline],
    new: Sequence[Timeline],
    directory: Directory,
) -> None:
    """Add to the moves what replaces an item's old timelines by its new ones.

    An item mostly grows at its end, so what both begin with is not looked at.
    """
    commons: list[int] = []
    for before, after in zip_longest(old, new, fillvalue=_NOTHING):
        commons.append(_replace(moves, before.segments, after.segments, _add_segment))
        _replace(moves, before.waits, after.waits, _add_wait)
        _replace(moves, before.tallies, after.tallies, _add_tally)
        _replace(moves, before.measures, after.measures, _add_measure)
    if len(commons) == 1:
        # Presence goes on from where what both begin with ends.
        common = commons[0]
        was, now = (
            [*timelines[0].segments] if timelines else [] for timelines in (old, new)
        )
        known = latest_of(now[:common])
        was[:common], now[:common] = known, known
    else:
        # What deploys wait for lies between the segments of the item.
        was, now = (
            [segment for timeline in timelines for segment in timeline.segments]
            for timelines in (old, new)
        )
    _replace_items(moves, presence_of(was, directory), presence_of(now, directory))


def _replace(
    moves: Moves,
    old: Sequence[_Part],
    new: Sequence[_Part],
    add: Callable[[Moves, _Part, int], None],
) -> int:
    """Enter what differs; how many of both begin alike."""
    if old == new:
        return len(new)
    common = 0
    for before, after in zip(old, new, strict=False):
        if before != after:
            break
        common += 1
    for part in old[common:]:
        add(moves, part, -1)
    for part in new[common:]:
        add(moves, part, 1)
    return common


def _replace_items(moves: Moves, was: Presence, now: Presence) -> None:
    for team in was.keys() | now.keys():
        if was.get(team) != now.get(team):
            _add_items(moves, team, was.get(team, ()), -1)
            _add_items(moves, team, now.get(team, ()), 1)


def move(moves: Moves, key: Key, time: int, amount: int) -> None:
    """Add a signed amount to a series at an instant."""
    amounts = moves.get(key)
    if amounts is None:
        moves[key] = {time: amount}
    else:
        amounts[time] = amounts.get(time, 0) + amount


def _stay(moves: Moves, key: Key, start: int, end: int, amount: int) -> None:
    """Add the amount at the start, and take it back at the end, if there is one."""
    amounts = moves.get(key)
    if amounts is None:
        amounts = moves[key] = {}
    amounts[start] = amounts.get(start, 0) + amount
    if end < FOREVER:
        amounts[end] = amounts.get(end, 0) - amount


def merged(several: Sequence[Moves]) -> Moves:
    """All the moves as one; what is given is used up.

    A series is booked once for all of them, and most of booking is finding it.
    """
    if not several:
        return {}
    whole, *rest = several
    for moves in rest:
        for key, amounts in moves.items():
            known = whole.setdefault(key, amounts)
            if known is not amounts:
                for time, amount in amounts.items():
                    known[time] = known.get(time, 0) + amount
    return whole


def _add_segment(moves: Moves, segment: Segment, sign: int) -> None:
    sort, team, on_team, component, phase, start, end, share, calendar, _ = segment
    family = _SEGMENTS.get(sort)
    key: Key
    if family is None:
        if phase != "stale":
            return
        key, amount = (Family.STALE, "", team), sign
    else:
        amount = sign * share
        if sort is _WAIT:
            key = (family, calendar, team, on_team, component, phase)
        elif phase:
            key = (family, calendar, team, phase)
        else:
            key = (family, calendar, team)
    _stay(moves, key, start, end, amount)


def _add_wait(moves: Moves, wait: Wait, sign: int) -> None:
    team, on_team, component, start, end, duration, _ = wait
    move(moves, (Family.WAITS, "", team, on_team, component), start, sign)
    _stay(moves, (Family.OPEN, "", team, on_team, component), start, end, sign)
    if end >= FOREVER:
        return
    bucket = str(bisect_left(BUCKETS, duration))
    move(moves, (Family.BUCKET, "", team, component, bucket), end, sign)
    move(moves, (Family.DURATION, "", team, component), end, sign * duration)


def _add_tally(moves: Moves, tally: Tally, sign: int) -> None:
    if tally.name != "return":
        key = (tally.name, "", tally.team, tally.on_team)
        move(moves, key, tally.time, sign)


def _add_measure(moves: Moves, measure: Measure, sign: int) -> None:
    name, team, label, time, value, _ = measure
    if name is _UNSTARTED:
        return  # of these the oldest is asked for, which no sum tells
    key = (str(name), "", team, label) if label else (str(name), "", team)
    move(moves, key, time, sign * value)
    if name in TIMED:
        bucket = str(bisect_left(SPAN_BUCKETS, value))
        move(moves, (SPANS[name], "", team, bucket), time, sign)


def _add_items(
    moves: Moves, team: str, spans: Sequence[tuple[int, int]], sign: int
) -> None:
    """Entries from which the items of a window are counted.

    An item is in a window when it accrues inside: it has begun, it has not ended
    before the window, and the window does not lie wholly in one of its gaps.
    """
    if not spans:
        return
    move(moves, (Family.ITEM_FIRST, "", team), spans[0][0] + 1, sign)
    move(moves, (Family.ITEM_LAST, "", team), spans[-1][1], sign)
    for (_, end), (start, _) in pairwise(spans):
        for days, window in zip(WINDOW_DAYS, WINDOWS, strict=True):
            if end + window <= start:
                key = (Family.ITEM_GAP, "", team, str(days))
                move(moves, key, end + window, -sign)
                move(moves, key, start + 1, sign)


__all__ = [
    "WINDOWS",
    "WINDOW_DAYS",
    "Entry",
    "Family",
    "Key",
    "Moves",
    "merged",
    "replacing",
]
