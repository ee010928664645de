"""Forms: what an item adds to its teams' sums while its window moves.

Between two instants at which a segment begins, ends, or meets the start of the
window, what it accrues inside is ``share * (W(end) - W(start))``: linear in the working
time of the window's two ends, or of one, or constant. So an item is a sum of a few
terms that need not change as time passes, and so are products of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from monitor.domain.teams import EXTERNAL, UNKNOWN, Directory
from monitor.domain.timeline import WALL, Segment, Sort, Timeline
from monitor.domain.working_time import Calendar

FULL: Final = 0
CHRONIC: Final = 1
FEATURE: Final = 2
# The constant, and the working time of a calendar at an end of the window.
ONE: Final = ("", "")
END: Final = "end"
START: Final = "start"

# Which of the three quantities, and what the amount is to be multiplied by.
Term = tuple[int, str, str]
# By team as shown; a team without terms has the item, which weighs nothing.
Form = dict[str, dict[Term, int]]

_ACCRUES: Final = frozenset({Sort.WAIT, Sort.ACTIVE})
# After every instant.
NEVER: Final = 2**62


@dataclass(slots=True)
class Placed:
    """The form of an item, and the last instant (ms) until which it stays the same."""

    form: Form = field(default_factory=dict)
    until: int = NEVER


def form_of(
    timelines: Iterable[Timeline],
    directory: Directory,
    shown: Mapping[str, str],
    window: int,
    instant: int,
) -> Placed:
    """What the item adds in the ``window`` (ms) that ends at the instant.

    ``shown`` are the names of teams that are not shown by their own: what an item is
    charged to several of one name is one item's.
    """
    placed = Placed()
    for timeline in timelines:
        for segment in timeline.segments:
            # Most segments of old items are told apart by this alone.
            if segment[0] in _ACCRUES and segment[6] > instant - window:
                team = shown.get(segment[1], segment[1])
                _place(placed, team, segment, directory, window, instant)
    return placed


def _place(
    placed: Placed,
    team: str,
    segment: Segment,
    directory: Directory,
    window: int,
    instant: int,
) -> None:
    sort, _, on_team, _, phase, start, end, share, name, _ = segment
    calendar = None if name == WALL else directory.calendar(name)
    worked_from, worked_to = _worked(calendar, start), _worked(calendar, end)
    if worked_from >= worked_to:
        return
    opened = start if calendar is None else calendar.opening(start)
    if instant <= opened:
        placed.until = min(placed.until, opened)
        return
    began_inside = instant - window <= opened
    if began_inside:
        placed.until = min(placed.until, opened + window)
    else:
        closed = end if calendar is None else calendar.closing(end)
        if instant - window >= closed:
            return
        placed.until = min(placed.until, closed + window - 1)
    ended = instant > end
    if not ended:
        placed.until = min(placed.until, end)
    terms = placed.form.setdefault(team, {})
    quantity = _quantity(sort, on_team, phase)
    if quantity is None:
        return
    one = share * (worked_to * ended - worked_from * began_inside)
    _add(terms, (quantity, *ONE), one)
    if not ended:
        _add(terms, (quantity, name, END), share)
    if not began_inside:
        _add(terms, (quantity, name, START), -share)


def _worked(calendar: Calendar | None, instant: int) -> int:
    return instant if calendar is None else calendar.working(instant)


def _quantity(sort: str, on_team: str, phase: str) -> int | None:
    """What a segment weighs; None for what only shows that the item was there."""
    if sort == Sort.ACTIVE:
        return FEATURE if phase == "feature" else None
    if on_team in (UNKNOWN, EXTERNAL):
        return None
    return CHRONIC if phase == "chronic" else FULL


def _add(terms: dict[Term, int], term: Term, amount: int) -> None:
    amount += terms.get(term, 0)
    if amount:
        terms[term] = amount
    else:
        terms.pop(term, None)
