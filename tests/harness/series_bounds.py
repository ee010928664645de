"""How many series the catalogue may come to at most."""

from monitor.adapters.prometheus.catalogue import CATALOGUE, METRICS
from monitor.adapters.prometheus.metric import Group, Size, series_bound


def bounds_by_group(size: Size) -> dict[Group, int]:
    """The bounds of all metrics of each group, for an organisation of this size."""
    return {
        group: sum(
            series_bound(metric, CATALOGUE, size)
            for metric in METRICS
            if metric.group is group
        )
        for group in Group
    }
