"""The costing model as data: every judgement of the specification, versioned."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from monitor.domain.working_time import SECOND, WORKING_DAY

# The environments whose deploys are counted, in lower case; empty: none was named.
PRODUCTION: Final = ("production", "prod", "live", "")


@dataclass(frozen=True, slots=True)
class Model:
    """The parameters of indicators 1.10; spans are working milliseconds.

    ``omega_*`` weigh the chronic phase of a wait; acute and response weigh 1.
    ``production`` are the environments whose deploys count as delivery.
    """

    version: str = "1"
    omega_lower: Fraction = Fraction(0)
    omega_central: Fraction = Fraction(1, 4)
    omega_upper: Fraction = Fraction(1)
    d0_ms: int = 900 * SECOND
    settle_ms: int = 300 * SECOND
    idle_days: int = 5
    stale_days: int = 10
    link_blocks: bool = True
    unclassified_as_feature: bool = True
    min_items_month: int = 10
    min_items_week: int = 5
    min_feature_share: Fraction = Fraction(1, 20)
    withhold_share: Fraction = Fraction(3, 10)
    production: tuple[str, ...] = PRODUCTION

    @property
    def idle_ms(self) -> int:
        """Working time without activity after which an item is idle."""
        return self.idle_days * WORKING_DAY

    @property
    def stale_ms(self) -> int:
        """Working time without a human event after which a wait pauses."""
        return self.stale_days * WORKING_DAY


DEFAULT_MODEL = Model()
