"""What replaced timelines come to in the books, worked out without the books."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from monitor.domain.teams import Directory
from monitor.indicators.explaining.open_waits import OpenWait, open_after
from monitor.indicators.totals.earliest import Firsts, firsts_of
from monitor.indicators.totals.series import Moves, replace_in
from monitor.pipeline.evaluating import Replaced


class Accounted(NamedTuple):
    """Signed amounts by series and instant; open waits and first instants by item."""

    moves: Moves
    waits: list[tuple[str, tuple[OpenWait, ...]]]
    firsts: list[tuple[str, Firsts]]


def accounted(
    replaced: Iterable[Replaced], directory: Directory, instant: int
) -> Accounted:
    """Subtract old timelines, add new ones; a wait is open if it is at the instant."""
    found = Accounted({}, [], [])
    account(found, list(replaced), directory, instant)
    return found


def account(
    found: Accounted, replaced: Collection[Replaced], directory: Directory, instant: int
) -> None:
    """Add to what is accounted what these replaced timelines come to."""
    for _, old, new in replaced:
        replace_in(found.moves, old, new, directory)
    for item, old, new in replaced:
        waits = open_after(new, instant)
        if waits or old:
            found.waits.append((item, waits))
        found.firsts.append((item, firsts_of(new, directory)))
