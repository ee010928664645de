"""The costing model as data: every judgement of the specification, versioned."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from monitor.domain.working_time import SECOND, WORKING_DAY

# The environments whose deploys are counted, in lower case; empty: none was named.
PRODUCTION: Final = ("production", "prod", "live", "")
# The version of the specification's own parameters: raised when those change.
_SPECIFIED: Final = "1"
_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class Model:
    """The parameters of indicators 1.10; spans are working milliseconds.

    ``omega_*`` weigh the chronic phase of a wait; acute and response weigh 1.
    ``production`` are the environments whose deploys count as delivery.
    """

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

    @property
    def version(self) -> str:
        """The word of the conversion of time into cost: equal where that is equal.

        ``1`` for the parameters of the specification; for any others ``1-`` and digits
        of those that differ, which another machine and a later program make, too.
        """
        usual = DEFAULT_MODEL.pricing()
        others = {
            name: value
            for name, value in self.pricing().items()
            if value != usual[name]
        }
        if not others:
            return _SPECIFIED
        # Only what differs: a parameter that is added later changes no word.
        text = " ".join(f"{name}={value}" for name, value in sorted(others.items()))
        return f"{_SPECIFIED}-{hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]}"

    def pricing(self) -> dict[str, Fraction | int]:
        """What decides how many seconds of cost or of features some time is.

        Not when totals are published, whether there is a verdict, and what counts as
        delivery. The names are part of the version: they stay.
        """
        return {
            "omega_lower": self.omega_lower,
            "omega_central": self.omega_central,
            "omega_upper": self.omega_upper,
            "d0_ms": self.d0_ms,
            "idle_days": self.idle_days,
            "stale_days": self.stale_days,
            "link_blocks": int(self.link_blocks),
            "unclassified_as_feature": int(self.unclassified_as_feature),
        }


DEFAULT_MODEL = Model()
