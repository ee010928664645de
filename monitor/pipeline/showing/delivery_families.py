"""Delivery and flow as families: counters, what lies in each window, and histograms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import accumulate
from operator import sub
from typing import Final, NamedTuple

from monitor.domain.snapshot import Family, HistogramSample, Sample
from monitor.domain.timeline import Measured
from monitor.indicators.totals.series import SPAN_BUCKETS, SPANS
from monitor.pipeline.showing.columns import Labels
from monitor.pipeline.showing.readings import Reading
from monitor.pipeline.showing.sums import WINDOW_NAMES, Table

_MILLISECONDS: Final = 1_000
# Distributions are shown of the longest window alone.
_LONGEST: Final = len(WINDOW_NAMES)
_AT_MOST: Final = (*(str(span // _MILLISECONDS) for span in SPAN_BUCKETS), "+Inf")
_HISTOGRAMS: Final = {
    Measured.LEAD_TIME: "friction_change_lead_time_seconds",
    Measured.RECOVERY: "friction_deploy_recovery_seconds",
    Measured.FLOW_TIME: "friction_flow_time_seconds",
}


class _Counted(NamedTuple):
    """Where a count is shown, and its labels there and among those of the debt.

    The latter are team, on_team, component, outcome, cause and work class.
    """

    counter: str
    window: str
    shown: Callable[[Labels], Labels]
    windowed: Callable[[Labels], Labels]
    owed: Callable[[Labels], Labels]


def _same(labels: Labels) -> Labels:
    return labels


def _of_team(labels: Labels) -> Labels:
    return (*labels, "", "", "", "", "")


def _by_outcome(labels: Labels) -> Labels:
    team, cause = labels
    return (team, "success" if cause == "none" else "failure", cause)


def _outcome_owed(labels: Labels) -> Labels:
    team, outcome, cause = _by_outcome(labels)
    return (team, "", "", outcome, cause, "")


def _class_owed(labels: Labels) -> Labels:
    team, work_class = labels
    return (team, "", "", "", "", work_class)


def _opened(labels: Labels) -> Labels:
    return (*labels, "opened")


def _closed(labels: Labels) -> Labels:
    return (*labels, "closed")


_DEPLOYS: Final = "friction_window_deploys"
_REQUESTS: Final = "friction_window_requests"
_COUNTED: Final = {
    Measured.DEPLOYS: _Counted(
        "friction_deploys_total", _DEPLOYS, _by_outcome, _by_outcome, _outcome_owed
    ),
    Measured.UNPLANNED: _Counted(
        "friction_unplanned_deploys_total",
        "friction_window_unplanned_deploys",
        _same,
        _same,
        _of_team,
    ),
    Measured.DONE: _Counted(
        "friction_items_done_total",
        "friction_window_items_done",
        _same,
        _same,
        _class_owed,
    ),
    Measured.REQUESTS_OPENED: _Counted(
        "friction_requests_opened_total", _REQUESTS, _same, _opened, _of_team
    ),
    Measured.REQUESTS_CLOSED: _Counted(
        "friction_requests_closed_total", _REQUESTS, _same, _closed, _of_team
    ),
}


def delivery_families(reading: Reading) -> tuple[list[Sample], list[Family]]:
    """What counters owe, with the name of the counter first, and every family.

    What is 0 is not shown, as in columns.
    """
    samples: defaultdict[str, list[Sample]] = defaultdict(list)
    debts: list[Sample] = []
    for name, counted in _COUNTED.items():
        table = reading.tables.get(name)
        if table is not None:
            _count(samples, debts, counted, table)
    flying = reading.tables.get(Measured.IN_FLIGHT)
    if flying is not None:
        now = zip(flying.labels, map(float, flying.totals[0]), strict=False)
        samples["friction_items_in_flight"] = [one for one in now if one[1]]
    samples["friction_window_known_seconds"].extend(_known(reading))
    samples["friction_window_spans"].extend(_distributions(reading))
    families = [Family(name, found) for name, found in samples.items()]
    for name, family in _HISTOGRAMS.items():
        families.append(Family(family, (), tuple(_histograms(reading, name))))
    return debts, families


def _count(
    samples: defaultdict[str, list[Sample]],
    debts: list[Sample],
    counted: _Counted,
    table: Table,
) -> None:
    now, *before = table.totals
    for place, labels in enumerate(table.labels[: len(now)]):
        total, shown = now[place], max(now[place], table.floors[place])
        if shown:
            samples[counted.counter].append((counted.shown(labels), float(shown)))
        if shown > total:
            owed = (counted.counter, *counted.owed(labels))
            debts.append((owed, float(shown - total)))
        windowed = counted.windowed(labels)
        samples[counted.window].extend(
            ((window, *windowed), float(total - outside[place]))
            for window, outside in zip(WINDOW_NAMES, before, strict=True)
            if total != outside[place]
        )


def _known(reading: Reading) -> Iterator[Sample]:
    """How much of each window is known, by the wall."""
    now, *before = reading.instants
    if reading.known_from is None or reading.known_from >= now:
        return
    for window, start in zip(WINDOW_NAMES, before, strict=True):
        yield (window,), (now - max(start, reading.known_from)) / _MILLISECONDS


def _distributions(reading: Reading) -> Iterator[Sample]:
    """How many spans of the longest window were at most so long."""
    window = WINDOW_NAMES[_LONGEST - 1]
    for name in _HISTOGRAMS:
        table = reading.tables.get(SPANS[name])
        if table is None:
            continue
        inside = map(sub, table.totals[0], table.totals[_LONGEST])
        for team, single in _by_bucket(table, list(inside)).items():
            if not any(single):
                continue
            for at_most, count in zip(_AT_MOST, accumulate(single), strict=True):
                yield (window, team, str(name), at_most), float(count)


def _by_bucket(table: Table, counts: list[int]) -> dict[str, list[int]]:
    """The counts of each team by bucket, not cumulated."""
    found: dict[str, list[int]] = {}
    for (team, index), count in zip(table.labels, counts, strict=False):
        single = found.setdefault(team, [0] * len(_AT_MOST))
        single[int(index)] = count
    return found


def _histograms(reading: Reading, name: Measured) -> Iterator[HistogramSample]:
    buckets, sums = reading.tables.get(SPANS[name]), reading.tables.get(name)
    if buckets is None:
        return
    # A team whose spans are all of no length has no sum.
    spent = dict(zip(sums.labels, _shown(sums), strict=False)) if sums else {}
    for team, single in _by_bucket(buckets, _shown(buckets)).items():
        if not any(single):
            continue
        *cumulative, everything = accumulate(single)
        total = spent.get((team,), 0) / _MILLISECONDS
        yield HistogramSample((team,), tuple(cumulative), total, everything)


def _shown(table: Table) -> list[int]:
    """What counters show: never less than they ever showed."""
    return list(map(max, table.totals[0], table.floors))
