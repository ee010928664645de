"""``docs/metrics.md``, made from the catalogue.

``python -m monitor.adapters.prometheus.reference_page > docs/metrics.md``
writes it anew; a test holds the committed page to it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from monitor.adapters.prometheus.catalogue import CATALOGUE, METRICS
from monitor.adapters.prometheus.health_metrics import LATER
from monitor.adapters.prometheus.metric import Group, Label, Metric, Size, series_bound

_MEDIUM: Final = Size(teams=20)
_LARGE: Final = Size(teams=200)


def _later() -> str:
    """The health families that are not there from the start, and until when."""
    return "\n".join(f"- `{name}`: until {when}" for name, when in LATER.items())


_SECTIONS: Final = {
    Group.BUSINESS: (
        "What waiting costs",
        (
            "Absent while catching up. Windows are exact in event time at "
            "`friction_evaluated_at_timestamp_seconds` and right at once after a late "
            "event, in either direction; boards and alerts read them. Counters never "
            "fall: after a correction they stand still until the true total has caught "
            "up, and the difference is the debt. A team that is shown by another name "
            "from then on (its headcount crosses 3) leaves behind what it added under "
            "the old one and begins at 0 under the new one: counters less their debt "
            "are true of the time in which a name was shown; windows are of the names "
            "of now. Limits and verdicts are exact at "
            "`friction_refreshed_at_timestamp_seconds`, at most a minute before. "
            "Replicas are reduced by `max` over all labels before anything else."
        ),
    ),
    Group.MODEL: (
        "The cost model as data",
        (
            "Absent while catching up. Rules multiply by these, so a changed weight "
            "prices the past anew without a restart."
        ),
    ),
    Group.INFO: (
        "What is in force",
        "Always there. The value is 1, of `friction_directory_provisional` 0 or 1.",
    ),
    Group.HEALTH: (
        "Whether the numbers can be trusted",
        (
            "Always there, also while catching up, but for what is absent until there "
            f"is something to tell:\n\n{_later()}\n\n"
            "These count since the process started. The `process_` metrics are made "
            "from the operating system's data."
        ),
    ),
}

_HEAD: Final = """\
<!-- Generated from monitor/adapters/prometheus/catalogue.py. Do not edit by hand:
     python -m monitor.adapters.prometheus.reference_page > docs/metrics.md -->
# Metrics

Every metric `friction` can show at `/metrics`, in the Prometheus text format and in
OpenMetrics 1.0. All durations are in seconds; divide by 3,600 in the panel. No label
ever holds a ticket, change, run, commit, service instance or person.

"At most" is every label at its bound at once, for 20 and for 200 teams with
12 partitions; real organisations have far fewer pairs (about 40,000 series of
`friction_window_wait_seconds` for 200 teams).
"""


def metrics_page() -> str:
    """The whole page, ending with a newline."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _HEAD
    for group, (title, text) in _SECTIONS.items():
        yield f"## {title}\n"
        yield f"{text}\n"
        yield "| metric | type | labels | definition | at most, 20 / 200 teams |"
        yield "| --- | --- | --- | --- | --- |"
        yield from (_row(metric) for metric in METRICS if metric.group is group)
        yield ""
    yield "## Histogram buckets\n"
    yield "| metric | upper bounds in seconds |"
    yield "| --- | --- |"
    for metric in METRICS:
        if metric.buckets:
            bounds = ", ".join(f"{bound:g}" for bound in metric.buckets)
            yield f"| `{metric.name}` | {bounds} |"
    yield "\n## Labels\n"
    yield "| label | values at most | meaning |"
    yield "| --- | --- | --- |"
    yield from (_label_row(label) for label in _labels())
    yield ""


def _row(metric: Metric) -> str:
    labels = ", ".join(f"`{name}`" for name in metric.label_names) or "none"
    most = " / ".join(
        f"{series_bound(metric, CATALOGUE, size):,}" for size in (_MEDIUM, _LARGE)
    )
    return f"| `{metric.name}` | {metric.type} | {labels} | {metric.help} | {most} |"


def _labels() -> list[Label]:
    seen = {label: None for metric in METRICS for label in metric.labels}
    return sorted(seen, key=lambda label: label.name)


def _label_row(label: Label) -> str:
    bound = (
        f"{label.bound}" if isinstance(label.bound, int) else f"as many {label.bound}"
    )
    values = ", ".join(f"`{value}`" for value in label.values)
    meaning = f"{label.help} {values}" if values else label.help
    return f"| `{label.name}` | {bound} | {meaning} |"


if __name__ == "__main__":
    sys.stdout.write(metrics_page())
