"""When a troubled world is calm, when troubled, and when calm again.

Before the trouble every window of the signals has to be full, and after it empty: the
longest are 112 and 90 days, and a signal takes 14 days to turn.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from monitor.domain.working_time import DAY
from monitor.simulate.settings import Simulation

_CALM: Final = 112
_TROUBLED: Final = 56
# The fewest days in which every signal turns on and off.
FEWEST_DAYS: Final = 280
# Of usual work so much that the calm is calm, and the trouble is seen beside it.
LOAD: Final = 0.05


class Phase(NamedTuple):
    """From one instant to another, in milliseconds."""

    start: int
    end: int


def phases_of(config: Simulation) -> tuple[Phase, Phase, Phase]:
    """The calm before, the trouble, and the calm after it: UTC days."""
    if config.days < FEWEST_DAYS:
        raise ValueError(f"a troubled world takes {FEWEST_DAYS} days at least")
    first = config.from_ms - config.from_ms % DAY
    edges = (first, first + _CALM * DAY, first + (_CALM + _TROUBLED) * DAY)
    ends = (*edges[1:], config.until_ms)
    before, trouble, after = map(Phase, edges, ends)
    return before, trouble, after
