"""The books as families of samples, at the instant the accountants stand at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from typing import Final

from monitor.domain.model import Model
from monitor.domain.snapshot import Family, HistogramSample, Sample
from monitor.domain.teams import Directory, Team
from monitor.domain.timeline import UNIT, Component
from monitor.indicators.cost import capacity_between
from monitor.indicators.series import BUCKETS, WINDOW_DAYS, WINDOWS, Key
from monitor.indicators.series import Family as Kept
from monitor.pipeline.books import Books
from monitor.pipeline.page_numbers import item_counts
from monitor.pipeline.readings import Accrued, Counted, Reading, copy_of, reading_of

WINDOW_NAMES: Final = tuple(f"{days}d" for days in WINDOW_DAYS)
_PER_SECOND: Final = 1_000 * UNIT
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
        self.samples: defaultdict[str, list[Sample]] = defaultdict(list)

    def add(self, family: str, labels: tuple[str, ...], value: float) -> None:
        self.samples[family].append((labels, value))

    def families(self) -> Iterator[Family]:
        for name, samples in self.samples.items():
            yield Family(name, samples)


def business_families(
    books: Books, directory: Directory, model: Model
) -> tuple[Family, ...]:
    """Every business and model family of the books as they are now."""
    return families_of(reading_of(copy_of(books)), directory, model)


def families_of(
    reading: Reading, directory: Directory, model: Model
) -> tuple[Family, ...]:
    """Every business and model family, consistent at one instant."""
    out = _Collector()
    buckets: defaultdict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    durations: dict[tuple[str, str], int] = {}
    for row in reading.accrued:
        _accrued(out, row)
    for counted in reading.counted:
        key, total, floor = counted
        family = key[0]
        if family in _COUNTED:
            _counted(out, counted)
        elif family == Kept.BUCKET:
            buckets[(key[2], key[3])][int(key[4])] = max(floor, total)
        elif family == Kept.DURATION:
            durations[(key[2], key[3])] = max(floor, total)
        elif family == Kept.OPEN:
            _open(out, labels_of(key)[0], total)
        elif family == Kept.STALE:
            _gauge(out, "friction_stale_items", key[2:], total)
        elif family == Kept.NEGATIVES:
            shown = float(max(floor, total))
            out.add("friction_negative_lengths_total", key[2:3], shown)
    _links(out)
    _items(out, reading)
    _teams(out, reading, directory)
    _oldest(out, reading)
    _model(out, directory, model)
    histogram = Family(
        "friction_wait_duration_seconds", (), _histograms(buckets, durations)
    )
    return (*_complete(out, directory).families(), histogram)


# Made once a series: a scrape would otherwise spend a third of its time on them.
@lru_cache(maxsize=2**17)
def labels_of(key: Key) -> tuple[tuple[str, ...], ...]:
    """The labels of a series, and those with each window before them."""
    labels = key[2:]
    return (labels, *((name, *labels) for name in WINDOW_NAMES))


def _accrued(out: _Collector, row: Accrued) -> None:
    key, (total, *before), floor = row
    counter, gauge = _ACCRUED[key[0]]
    labels, *windows = labels_of(key)
    if counter:
        shown = max(floor, total)
        if shown:
            out.add(counter, labels, shown / _PER_SECOND)
        if shown > total and key[0] in _DEBT_LABELS:
            _debt(out, key[0], labels, (shown - total) / _PER_SECOND)
    if gauge:
        add = out.samples[gauge].append
        for windowed, outside in zip(windows, before, strict=True):
            if total != outside:
                add((windowed, (total - outside) / _PER_SECOND))


def _debt(out: _Collector, family: str, labels: tuple[str, ...], value: float) -> None:
    placed = [""] * 6
    for place, label in zip(_DEBT_LABELS[family], labels, strict=True):
        placed[place] = label
    out.add(_DEBT, tuple(placed), value)


def _counted(out: _Collector, counted: Counted) -> None:
    key, total, floor = counted
    name, labels = _COUNTED[key[0]], labels_of(key)[0]
    shown = max(floor, total)
    if shown:
        out.add(name, labels, float(shown))
    if shown > total:
        padded = (*labels, *[""] * (3 - len(labels)))
        out.add(_DEBT_COUNTS, (name, *padded), float(shown - total))


def _open(out: _Collector, labels: tuple[str, ...], number: int) -> None:
    _gauge(out, "friction_open_waits", labels, number)
    if labels[2] == Component.DEPENDENCY_LINK:
        _gauge(out, "friction_open_dependency_links", labels[:2], number)


def _gauge(out: _Collector, family: str, labels: tuple[str, ...], number: int) -> None:
    if number:
        out.add(family, labels, float(number))


def _links(out: _Collector) -> None:
    """One sample a pair, whatever the calendars its series were kept by."""
    links: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for labels, value in out.samples.pop("friction_open_dependency_links", ()):
        links[labels] += value
    if links:
        out.samples["friction_open_dependency_links"] = list(links.items())


def _items(out: _Collector, reading: Reading) -> None:
    for k, name in enumerate(WINDOW_NAMES, start=1):
        for team, number in item_counts(reading, k):
            _gauge(out, "friction_window_items", (name, team), number)


def _teams(out: _Collector, reading: Reading, directory: Directory) -> None:
    """Capacity and size of the teams that state a headcount."""
    now = reading.instants[0]
    for team in directory.teams.values():
        if team.headcount is None:
            continue
        people = [value for since, value in team.headcount if since <= now]
        if people:
            out.add("friction_team_size", (team.id,), float(people[-1]))
        _capacity(out, reading, team)
        if reading.first is None or reading.first >= now:
            continue
        for name, window in zip(WINDOW_NAMES, WINDOWS, strict=True):
            capacity = capacity_between(team, max(now - window, reading.first), now)
            if capacity is not None:
                value = float(capacity)
                out.add("friction_window_capacity_seconds", (name, team.id), value)


def _capacity(out: _Collector, reading: Reading, team: Team) -> None:
    true = reading.capacity(team) or Fraction(0)
    shown = max(true, reading.capacity_floors.get(team.id, Fraction(0)))
    if shown:
        out.add("friction_capacity_seconds_total", (team.id,), float(shown))
    if shown > true:
        out.add(_DEBT, (team.id, *[""] * 5), float(shown - true))


def _oldest(out: _Collector, reading: Reading) -> None:
    for pair, start in reading.oldest.items():
        seconds = start / _MILLISECONDS
        out.add("friction_oldest_open_wait_timestamp_seconds", pair, seconds)


def _histograms(
    buckets: dict[tuple[str, str], dict[int, int]],
    durations: dict[tuple[str, str], int],
) -> Sequence[HistogramSample]:
    samples: list[HistogramSample] = []
    for labels, counts in buckets.items():
        single = [counts.get(index, 0) for index in range(len(BUCKETS) + 1)]
        *cumulative, everything = accumulate(single)
        total = durations.get(labels, 0) / _MILLISECONDS
        samples.append(HistogramSample(labels, tuple(cumulative), total, everything))
    return samples


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


def _complete(out: _Collector, directory: Directory) -> _Collector:
    """Feature cost is there for every team, 0 if there is none."""
    family = "friction_window_active_seconds"
    known = {labels for labels, _ in out.samples[family]}
    charged = {labels[1] for labels in known}
    for name in WINDOW_NAMES:
        for team in sorted({*directory.teams, *charged}):
            if (name, team, "feature") not in known:
                out.add(family, (name, team, "feature"), 0.0)
    return out


def info_families(directory: Directory, model: Model, version: str) -> Iterable[Family]:
    """What the numbers were made with."""
    yield Family("friction_costing_model_info", (((model.version,), 1.0),))
    yield Family("friction_directory_info", (((directory.hash,), 1.0),))
    provisional = 1.0 if directory.provisional else 0.0
    yield Family("friction_directory_provisional", (((), provisional),))
    yield Family("friction_build_info", (((version,), 1.0),))
