"""The signals of the board's history, and its Platform PMs: before, and now.

Fourteen platform teams in four domains now; before, eight teams in one.
"""

from typing import NamedTuple

from tests.harness.board_rules import Put


class Sign(NamedTuple):
    """Whether a signal is on, and its ratio; none: not known."""

    on: bool
    ratio: float | None


BEFORE = {
    "different_ways": Sign(on=False, ratio=0.4),
    "slow_tooling": Sign(on=True, ratio=0.7),
    "hard_interfaces": Sign(on=False, ratio=1),
    "leaders_decide": Sign(on=False, ratio=None),
    "platform_postponed": Sign(on=False, ratio=None),
    "upkeep_neglected": Sign(on=True, ratio=0.1),
    "systemic_findings": Sign(on=False, ratio=0),
}
NOW = {
    # Turned on.
    "different_ways": Sign(on=True, ratio=0.62),
    # On below its threshold: not below 80 % of it for long enough.
    "slow_tooling": Sign(on=True, ratio=0.39),
    # Off at its threshold: not for long enough.
    "hard_interfaces": Sign(on=False, ratio=2),
    "leaders_decide": Sign(on=False, ratio=None),
    # On by another condition than its ratio.
    "platform_postponed": Sign(on=True, ratio=None),
    "upkeep_neglected": Sign(on=False, ratio=0.25),
    "systemic_findings": Sign(on=False, ratio=0),
}
PATTERNS_BEFORE = {
    "single": 1,
    "domain": 1,
    "teams_low": 1,
    "teams_high": 2,
    "minimum": 1,
}
PATTERNS_NOW = {"single": 1, "domain": 4, "teams_low": 2, "teams_high": 3, "minimum": 2}
# Before, nobody said how many there are.
CURRENT = 1


def put_signals(put: Put, *, before: bool) -> None:
    """What the monitor itself shows."""
    for name, sign in (BEFORE if before else NOW).items():
        put("friction_signal_active", int(sign.on), signal=name)
        if sign.ratio is not None:
            put("friction_signal_ratio", sign.ratio, signal=name)
    for pattern, pms in (PATTERNS_BEFORE if before else PATTERNS_NOW).items():
        put("friction_platform_pm_recommended", pms, pattern=pattern)
    if not before:
        put("friction_platform_pm_current", CURRENT)
