"""Signal 4: leaders are the platform's product managers in fact.

Decisions on platform items (prioritise, approve, accept, reject, unblock) by somebody
in a role of manager, director, architect or staff, over all such decisions in 84 days.
On at 0.5 with at least 20 decisions. Unit: none. Source: indicators 3, row 4. Beside it
stands the median time a decision was waited for, by the wall.

It does not say who decided: only the role is kept. Where few decide anything (under 20)
it stays off. A PM who cannot edit the tracker is not seen: then exempt it, dated.

Roles have to be mapped; where no decision carries any, there is no ratio.

>>> share_of(["manager", "staff", "", "manager"])
Fraction(3, 4)
>>> share_of(["", ""]) is None
True
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from statistics import median
from typing import Final

from monitor.domain.decided import LEADERS, OTHER
from monitor.domain.marks import Mark, Sort
from monitor.indicators.signals.history import History, window
from monitor.indicators.signals.judging import (
    Evidence,
    Reading,
    at_least,
    listed,
)

DAYS: Final = 84
THRESHOLD: Final = Fraction(1, 2)
FEWEST: Final = 20
_HOUR: Final = 3_600_000
_WHO: Final = {"": "nobody with a role", OTHER: "another role"}


def share_of(roles: Sequence[str]) -> Fraction | None:
    """Decisions by leaders over all; without any role nobody's is known."""
    if not any(roles):
        return None
    return Fraction(sum(role in LEADERS for role in roles), len(roles))


def reading(history: History, day: int) -> Reading:
    """The signal when the day has ended."""
    marks = history.began(Sort.DECISION, window(day, DAYS))
    enough = len(marks) >= FEWEST
    share = share_of([mark.detail for mark in marks]) if enough else None
    part = at_least("share", share, THRESHOLD)
    evidence = _by_role(marks) if share is not None else ()
    return Reading(share, THRESHOLD, (part,), part.judged, evidence)


def _by_role(marks: Sequence[Mark]) -> tuple[Evidence, ...]:
    by_role: dict[str, list[Mark]] = {}
    for mark in marks:
        by_role.setdefault(mark.detail, []).append(mark)
    return tuple(
        Evidence(
            f"decisions by {_WHO.get(role, role)} (median hours waited)",
            listed(sorted({mark.team for mark in some})),
            listed(mark.item for mark in reversed(some)),
            len(some),
            median([Fraction(mark.amount, _HOUR) for mark in some]),
        )
        for role, some in sorted(by_role.items())
    )
