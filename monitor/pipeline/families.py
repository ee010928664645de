"""The books as families of samples, at the instant the accountants stand at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Final

from monitor.domain.model import Model
from monitor.domain.snapshot import Family, HistogramSample, Sample
from monitor.domain.teams import Directory
from monitor.domain.timeline import UNIT, Component
from monitor.indicators.accounts import Accounts, Series
from monitor.indicators.cost import capacity_between
from monitor.indicators.series import BUCKETS, WINDOW_DAYS, WINDOWS
from monitor.indicators.series import Family as Kept
from monitor.pipeline.books import Books
from monitor.pipeline.page_numbers import item_counts

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
    """Every business and model family, consistent at one instant."""
    out = _Collector()
    accounts = books.accounts
    buckets: defaultdict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    durations: dict[tuple[str, str], int] = {}
    for series in accounts.by_number:
        family, labels = series.key[0], series.key[2:]
        if family in _ACCRUED:
            _accrued(out, accounts, series)
        elif family in _COUNTED:
            _counted(out, accounts, series)
        elif family == Kept.BUCKET:
            place = (labels[0], labels[1])
            buckets[place][int(labels[2])] = accounts.published(series)
        elif family == Kept.DURATION:
            durations[(labels[0], labels[1])] = accounts.published(series)
        elif family == Kept.OPEN:
            _open(out, labels, accounts.total(series, 0))
        elif family == Kept.STALE:
            _gauge(out, "friction_stale_items", labels, accounts.total(series, 0))
        elif family == Kept.NEGATIVES:
            shown = float(accounts.published(series))
            out.add("friction_negative_lengths_total", labels[:1], shown)
    _links(out)
    _items(out, accounts)
    _teams(out, books, directory)
    _oldest(out, books)
    _model(out, directory, model)
    histogram = Family(
        "friction_wait_duration_seconds", (), _histograms(buckets, durations)
    )
    return (*_complete(out, directory).families(), histogram)


def _accrued(out: _Collector, accounts: Accounts, series: Series) -> None:
    family, labels = series.key[0], series.key[2:]
    counter, gauge = _ACCRUED[family]
    total = accounts.total(series, 0)
    if counter:
        shown = max(series.floor, total)
        if shown:
            out.add(counter, labels, shown / _PER_SECOND)
        if shown > total and family in _DEBT_LABELS:
            _debt(out, family, labels, (shown - total) / _PER_SECOND)
    if gauge:
        for k, name in enumerate(WINDOW_NAMES, start=1):
            inside = total - accounts.total(series, k)
            if inside:
                out.add(gauge, (name, *labels), inside / _PER_SECOND)


def _debt(
    out: _Collector, family: str, labels: tuple[str, ...], value: float
) -> None:
    placed = [""] * 6
    for place, label in zip(_DEBT_LABELS[family], labels, strict=True):
        placed[place] = label
    out.add(_DEBT, tuple(placed), value)


def _counted(out: _Collector, accounts: Accounts, series: Series) -> None:
    name, labels = _COUNTED[series.key[0]], series.key[2:]
    total = accounts.total(series, 0)
    shown = max(series.floor, total)
    if shown:
        out.add(name, labels, float(shown))
    if shown > total:
        padded = (*labels, *[""] * (3 - len(labels)))
        out.add(_DEBT_COUNTS, (name, *padded), float(shown - total))


def _open(out: _Collector, labels: tuple[str, ...], number: int) -> None:
    _gauge(out, "friction_open_waits", labels, number)
    if labels[2] == Component.DEPENDENCY_LINK:
        _gauge(out, "friction_open_dependency_links", labels[:2], number)


def _gauge(
    out: _Collector, family: str, labels: tuple[str, ...], number: int
) -> None:
    if number:
        out.add(family, labels, float(number))


def _links(out: _Collector) -> None:
    """One sample a pair, whatever the calendars its series were kept by."""
    links: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for labels, value in out.samples.pop("friction_open_dependency_links", ()):
        links[labels] += value
    if links:
        out.samples["friction_open_dependency_links"] = list(links.items())


def _items(out: _Collector, accounts: Accounts) -> None:
    for k, name in enumerate(WINDOW_NAMES, start=1):
        for team, number in item_counts(accounts, k):
            _gauge(out, "friction_window_items", (name, team), number)


def _teams(out: _Collector, books: Books, directory: Directory) -> None:
    """Capacity and size of the teams that state a headcount."""
    now = books.accounts.instants[0]
    for team in directory.teams.values():
        if team.headcount is None:
            continue
        people = [value for since, value in team.headcount if since <= now]
        if people:
            out.add("friction_team_size", (team.id,), float(people[-1]))
        if books.first is None or books.first >= now:
            continue
        for name, window in zip(WINDOW_NAMES, WINDOWS, strict=True):
            capacity = capacity_between(team, max(now - window, books.first), now)
            if capacity is not None:
                value = float(capacity)
                out.add("friction_window_capacity_seconds", (name, team.id), value)
        whole = capacity_between(team, books.first, now)
        if whole is not None:
            out.add("friction_capacity_seconds_total", (team.id,), float(whole))


def _oldest(out: _Collector, books: Books) -> None:
    oldest = books.open_waits.oldest(books.accounts.instants[0])
    for pair, start in oldest.items():
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
