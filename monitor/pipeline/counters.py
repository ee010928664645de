"""Counters: the series of the books that may not fall."""

from __future__ import annotations

from typing import Final

from monitor.domain.timeline import EXPOSED, Measured
from monitor.indicators.totals.series import SPANS, Family

# They may be looked at with rate().
COUNTERS: Final = frozenset(
    {
        Family.WAIT,
        Family.ACTIVE,
        Family.OWN_FAILURE,
        Family.WAITS,
        Family.HANDOFFS,
        Family.PINGPONGS,
        Family.NEGATIVES,
        Family.BUCKET,
        Family.DURATION,
        *SPANS.values(),
        *({*Measured} - {Measured.IN_FLIGHT, *EXPOSED}),
    }
)
