"""The seven signals, and Platform PMs: families of the catalogue."""

from __future__ import annotations

from functools import partial
from typing import Final

from monitor.adapters.prometheus import labels as by
from monitor.adapters.prometheus.metric import Group, Metric

_gauge = partial(Metric, type="gauge", unit="", group=Group.BUSINESS)

SIGNALS: Final = (
    _gauge(
        name="friction_signal_active",
        labels=(by.SIGNAL,),
        help="Whether the signal is on: 14 days at its threshold, until 14 days below "
        "80 % of it. Thresholds are judgement. 0 without data, too.",
    ),
    _gauge(
        name="friction_signal_ratio",
        unit="ratio",
        labels=(by.SIGNAL,),
        help="The signal's ratio on the newest whole UTC day, as docs/signals.md has "
        "it. Absent where it is not known.",
    ),
    _gauge(
        name="friction_platform_pm_current",
        labels=(),
        help="Platform product managers there are. Absent where nobody said.",
    ),
    _gauge(
        name="friction_platform_pm_recommended",
        labels=(by.PATTERN,),
        help="Platform product managers by each pattern: a range from minimum to the "
        "larger of domain and teams_high, and no law.",
    ),
)
