"""The books as families of samples, at the instant the accountants stand at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import accumulate
from operator import sub, truediv
from typing import Final

from monitor.domain.model import Model
from monitor.domain.snapshot import Family, HistogramSample, Sample
from monitor.domain.teams import Directory
from monitor.indicators.explaining.open_waits import UNSTARTED
from monitor.indicators.totals.series import BUCKETS
from monitor.indicators.totals.series import Family as Kept
from monitor.pipeline.books import Books
from monitor.pipeline.showing.capacities import Capacities
from monitor.pipeline.showing.columns import Column, Labels
from monitor.pipeline.showing.delivery_families import delivery_families
from monitor.pipeline.showing.exposure_families import exposure_families
from monitor.pipeline.showing.page_numbers import item_counts
from monitor.pipeline.showing.readings import Reading, reading_of
from monitor.pipeline.showing.sums import WINDOW_NAMES, Table

_MILLISECONDS: Final = 1_000

# Series kept -> (counter, window gauge); counts have no window.
_ACCRUED: Final = {
    Kept.WAIT: ("friction_wait_seconds_total", "friction_window_wait_seconds"),
    Kept.ACTIVE: ("friction_active_seconds_total", "friction_window_active_seconds"),
    Kept.OWN_FAILURE: ("friction_own_failure_seconds_total", ""),
    Kept.UNCLASSIFIED: ("", "friction_window_unclassified_seconds"),
}
_COUNTED: Final = {
    Kept.WAITS: "friction_waits_total",
    Kept.HANDOFFS: "friction_handoffs_total",
    Kept.PINGPONGS: "friction_pingpongs_total",
}
_PRESENT: Final = {
    Kept.OPEN: "friction_open_waits",
    Kept.STALE: "friction_stale_items",
}
_DEBT: Final = "friction_correction_debt_seconds"
_DEBT_COUNTS: Final = "friction_correction_debt_occurrences"
# Where a series' labels stand among those of the debt family:
# team, on_team, component, phase, work_class, kind.
_DEBT_LABELS: Final = {
    Kept.WAIT: (0, 1, 2, 3),
    Kept.ACTIVE: (0, 4),
    Kept.OWN_FAILURE: (0, 5),
}


class _Collector:
    """Samples by family, in the order they were made."""

    def __init__(self) -> None:
        self.columns: dict[str, Column] = {}
        self.samples: defaultdict[str, list[Sample]] = defaultdict(list)

    def add(self, family: str, labels: Labels, value: float) -> None:
        self.samples[family].append((labels, value))

    def families(self) -> Iterator[Family]:
        for name, column in self.columns.items():
            yield Family(name, column)
        for name, samples in self.samples.items():
            yield Family(name, samples)


def business_families(
    books: Books, directory: Directory, model: Model
) -> tuple[Family, ...]:
    """Every business and model family of the books as they are now."""
    return families_of(reading_of(books), directory, model)


def families_of(
    reading: Reading, directory: Directory, model: Model
) -> tuple[Family, ...]:
    """Every business and model family, consistent at one instant."""
    out = _Collector()
    for kind, table in reading.tables.items():
        if kind in _ACCRUED:
            _accrued(out, kind, table)
        elif kind in _COUNTED:
            _counted(out, _COUNTED[kind], table)
        elif kind in _PRESENT:
            out.columns[_PRESENT[kind]] = _floats(table, table.totals[0])
        elif kind == Kept.NEGATIVES:
            _negatives(out, table)
    _items(out, reading)
    _teams(out, reading, directory)
    _oldest(out, reading)
    _model(out, directory, model)
    _complete(out, directory)
    debts, delivery = delivery_families(reading)
    out.samples[_DEBT_COUNTS].extend(debts)
    lengths = tuple(_histograms(reading))
    histogram = Family("friction_wait_duration_seconds", (), lengths)
    return (*out.families(), histogram, *exposure_families(reading), *delivery)


def _accrued(out: _Collector, kind: str, table: Table) -> None:
    counter, gauge = _ACCRUED[kind]
    if counter:
        shown = _shown(table)
        out.columns[counter] = Column(table.labels, _seconds(shown, table))
        if kind in _DEBT_LABELS:
            for labels, debt, units in _debts(shown, table):
                _debt(out, kind, labels, debt / units)
    if gauge:
        out.columns[gauge] = _windowed(table)


def _windowed(table: Table) -> Column:
    """What lies between each instant and the present, a row for each window."""
    now, *before = table.totals
    values = [0.0] * (len(before) * len(now))
    for k, outside in enumerate(before):
        values[k :: len(before)] = _seconds(map(sub, now, outside), table)
    return Column(table.windowed, values)


def _shown(table: Table) -> list[int]:
    """What counters show: never less than they ever showed."""
    rows = zip(table.floors, table.totals[0], strict=True)
    # A call for each row would cost twice as much.
    return [total if total > floor else floor for floor, total in rows]  # noqa: FURB136


def _seconds(amounts: Iterable[int], table: Table) -> list[float]:
    return list(map(truediv, amounts, table.units))


def _floats(table: Table, numbers: Iterable[int]) -> Column:
    return Column(table.labels, list(map(float, numbers)))


def _debts(shown: list[int], table: Table) -> Iterator[tuple[Labels, int, int]]:
    """How far counters are above their true totals, where they are."""
    totals = table.totals[0]
    if shown == totals:
        return
    rows = zip(table.labels, shown, totals, table.units, strict=False)
    for labels, number, total, units in rows:
        if number > total:
            yield labels, number - total, units


def _debt(out: _Collector, kind: str, labels: Labels, value: float) -> None:
    placed = [""] * 6
    for place, label in zip(_DEBT_LABELS[kind], labels, strict=True):
        placed[place] = label
    out.add(_DEBT, tuple(placed), value)


def _counted(out: _Collector, counter: str, table: Table) -> None:
    shown = _shown(table)
    out.columns[counter] = _floats(table, shown)
    for labels, debt, _ in _debts(shown, table):
        padded = (*labels, *[""] * (6 - len(labels)))
        out.add(_DEBT_COUNTS, (counter, *padded), float(debt))


def _negatives(out: _Collector, table: Table) -> None:
    """One sample a team, whatever it waited for."""
    counter, shown = "friction_negative_lengths_total", _shown(table)
    numbers: defaultdict[Labels, float] = defaultdict(float)
    owed: defaultdict[str, float] = defaultdict(float)
    for labels, number in zip(table.labels, shown, strict=False):
        numbers[labels[:1]] += number
    for labels, debt, _ in _debts(shown, table):
        owed[labels[0]] += debt
    out.samples[counter].extend(numbers.items())
    for team, debts in owed.items():
        out.add(_DEBT_COUNTS, (counter, team, *[""] * 5), debts)


def _gauge(out: _Collector, family: str, labels: Labels, number: int) -> None:
    if number:
        out.add(family, labels, float(number))


def _items(out: _Collector, reading: Reading) -> None:
    for k, name in enumerate(WINDOW_NAMES, start=1):
        for team, number in item_counts(reading, k):
            _gauge(out, "friction_window_items", (name, team), number)


def _teams(out: _Collector, reading: Reading, directory: Directory) -> None:
    """Capacity and size of the teams that state a headcount."""
    now, *before = reading.instants
    first = now if reading.first is None else reading.first
    capacities = Capacities(now, [first, *(max(first, start) for start in before)])
    stated = [team for team in directory.teams.values() if team.headcount is not None]
    # What was shown of those that state none any more is held like any counter.
    for name in reading.capacity_floors.keys() - {team.id for team in stated}:
        _capacity(out, reading, name, Fraction(0))
    for team in stated:
        people = [value for since, value in team.headcount or () if since <= now]
        if people:
            out.add("friction_team_size", (team.id,), float(people[-1]))
        (total, *windows), units = capacities.of(team)
        _capacity(out, reading, team.id, Fraction(total, units))
        if first < now:
            for name, amount in zip(WINDOW_NAMES, windows, strict=True):
                labels = (name, team.id)
                out.add("friction_window_capacity_seconds", labels, amount / units)


def _capacity(out: _Collector, reading: Reading, team: str, true: Fraction) -> None:
    shown = max(true, reading.capacity_floors.get(team, true))
    if shown:
        out.add("friction_capacity_seconds_total", (team,), float(shown))
    if shown > true:
        out.add(_DEBT, (team, *[""] * 5), float(shown - true))


def _oldest(out: _Collector, reading: Reading) -> None:
    out.samples["friction_oldest_open_wait_timestamp_seconds"].extend(
        (pair, start / _MILLISECONDS)
        for pair, start in reading.oldest.items()
        if pair[1] != UNSTARTED
    )


def _histograms(reading: Reading) -> Iterator[HistogramSample]:
    buckets: defaultdict[Labels, dict[int, int]] = defaultdict(dict)
    for (team, component, index), count in _numbers(reading, Kept.BUCKET):
        buckets[(team, component)][int(index)] = count
    durations = dict(_numbers(reading, Kept.DURATION))
    for labels, counts in buckets.items():
        single = [counts.get(index, 0) for index in range(len(BUCKETS) + 1)]
        *cumulative, everything = accumulate(single)
        total = durations.get(labels, 0) / _MILLISECONDS
        yield HistogramSample(labels, tuple(cumulative), total, everything)


def _numbers(reading: Reading, kind: str) -> Iterable[tuple[Labels, int]]:
    table = reading.tables.get(kind)
    return zip(table.labels, _shown(table), strict=False) if table else ()


def _model(out: _Collector, directory: Directory, model: Model) -> None:
    omega = {
        "lower": model.omega_lower,
        "central": model.omega_central,
        "upper": model.omega_upper,
    }
    for bound, weight in omega.items():
        for phase, value in (
            ("acute", Fraction(1)),
            ("chronic", weight),
            ("response", Fraction(1)),
        ):
            out.add("friction_phase_weight", (phase, bound), float(value))
    organisation = directory.organisation
    out.add("friction_budget_ratio", (), float(organisation.budget))
    if organisation.engineer_cost_per_hour is not None:
        rate = organisation.engineer_cost_per_hour / 3_600
        out.add("friction_engineer_cost_per_second", (), rate)


def _complete(out: _Collector, directory: Directory) -> None:
    """Feature cost is there for every team, 0 if there is none."""
    family = "friction_window_active_seconds"
    samples = out.samples[family] = list(out.columns.pop(family, ()))
    known = {labels for labels, _ in samples}
    teams = sorted({*directory.teams, *(labels[1] for labels in known)})
    for name in WINDOW_NAMES:
        features = ((name, team, "feature") for team in teams)
        samples.extend((labels, 0.0) for labels in features if labels not in known)


def info_families(directory: Directory, model: Model, version: str) -> Iterable[Family]:
    """What the numbers were made with."""
    yield Family("friction_costing_model_info", (((model.version,), 1.0),))
    made = f"provisional-{directory.hash}" if directory.provisional else directory.hash
    yield Family("friction_directory_info", (((made,), 1.0),))
    provisional = 1.0 if directory.provisional else 0.0
    yield Family("friction_directory_provisional", (((), provisional),))
    yield Family("friction_build_info", (((version,), 1.0),))
