"""The catalogue: every metric this program can show, by name.

A metric exists only if it is here. ``docs/metrics.md`` is made from it, and the
renderer, the meters and the boards take names and labels from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from monitor.adapters.prometheus import (
    business_metrics,
    delivery_metrics,
    health_metrics,
    signal_metrics,
)
from monitor.adapters.prometheus.metric import Metric

METRICS: Final = (
    *business_metrics.WINDOWS,
    *business_metrics.JUDGED,
    *business_metrics.COUNTERS,
    *business_metrics.PRESENT,
    *delivery_metrics.DELIVERY,
    *business_metrics.MODEL,
    *signal_metrics.SIGNALS,
    *health_metrics.INFO,
    *health_metrics.FRESHNESS,
    *health_metrics.INTAKE,
    *health_metrics.WORK,
    *health_metrics.PROCESS,
)

CATALOGUE: Final[Mapping[str, Metric]] = MappingProxyType(
    {metric.name: metric for metric in METRICS}
)
