"""The seam between totals and what is shown: samples, families, the page's numbers.

A snapshot is plain data, taken at one instant. Who renders it knows the
catalogue; who computes it knows the accountant; neither knows the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

# Label values in the catalogue's order, and the value in base units (seconds).
Sample = tuple[tuple[str, ...], float]


class HistogramSample(NamedTuple):
    """One histogram: cumulative counts of the catalogue's bounds, without +Inf.

    ``observations`` counts everything, ``total`` is the sum of what was observed.
    """

    labels: tuple[str, ...]
    buckets: tuple[int, ...]
    total: float
    observations: int


class Family(NamedTuple):
    """All samples of one metric of the catalogue.

    ``name`` is the name samples carry (``..._total``, ``..._info``). A family
    has either samples or, when its type is histogram, histograms. No two
    samples of a family have equal labels.
    """

    name: str
    samples: Sequence[Sample] = ()
    histograms: Sequence[HistogramSample] = ()


class Bounds(NamedTuple):
    """A number with what the cost model leaves open: lower, central, upper."""

    lower: float
    central: float
    upper: float


class Judgement(NamedTuple):
    """The verdict on a team, a word, and the confidence limits of its ratio.

    ``limits`` (lower, upper) are absent where its items give none.
    """

    word: str
    limits: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class WaitRow:
    """Seconds one team's work waited on another, for one reason, unweighted."""

    team: str
    on_team: str
    component: str
    seconds: float


@dataclass(frozen=True, slots=True)
class PairRow:
    """Seconds one team's work waited on another for any reason, unweighted."""

    team: str
    on_team: str
    seconds: float


@dataclass(frozen=True, slots=True)
class AskedRow:
    """What others wait on one team for: unweighted, and as central cost; seconds.

    ``teams`` counts those whose work waited on it. Cost is scaled to the capacity of
    each of them, as it is displayed of them.
    """

    on_team: str
    seconds: float
    cost_seconds: float
    teams: int


@dataclass(frozen=True, slots=True)
class TrendStep:
    """One stretch of the window between two accountants, the oldest first.

    ``working_seconds`` are those of the team's calendar since anything was measured,
    so that stretches of unequal length can be compared; ``ratio`` is absent where
    nothing is compared. Seconds are no more than capacity in the stretch, team by
    team; ``scaled`` where that makes them less than what was measured. Of a stretch
    that is not ``known`` no event tells anything: its zeros are missing numbers.
    """

    start_ms: int
    end_ms: int
    coordination_seconds: Bounds
    feature_seconds: float
    ratio: Bounds | None
    working_seconds: float
    scaled: bool = False
    known: bool = True


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One team in the page's window; absent numbers are ``None``, never 0.

    ``ratio`` is coordination over feature cost, ``share`` coordination over both
    (0 to 1), ``items`` those with anything charged in the window.
    ``coordination_seconds`` and ``feature_seconds`` are person-hours as displayed:
    times ``payroll_scale``, so that they fit into the team's capacity (at most 1,
    absent without a headcount). ``measured_feature_seconds`` are not.
    ``limits`` are the 95 % confidence limits of the central ratio, over its items.
    ``unknown_share`` is the part of waiting nobody could be named for.
    ``asked_seconds`` is what other teams spend waiting on this one (unweighted), and
    ``capacity_share`` coordination as displayed over capacity. ``little_feature``
    where there are items enough for a verdict, but too little feature work for one.
    """

    team: str
    kind: str
    verdict: str
    ratio: Bounds | None
    coordination_seconds: Bounds
    feature_seconds: float
    share: float | None
    items: int
    waits: tuple[WaitRow, ...] = ()
    budget_burn: float | None = None
    unknown_share: float | None = None
    unclassified_share: float | None = None
    asked_seconds: float = 0.0
    capacity_share: float | None = None
    trend: tuple[TrendStep, ...] = ()
    limits: tuple[float, float] | None = None
    payroll_scale: float | None = None
    measured_feature_seconds: float = 0.0
    little_feature: bool = False

    @property
    def scaled(self) -> bool:
        """Whether less is displayed than was measured."""
        return self.payroll_scale is not None and self.payroll_scale < 1


@dataclass(frozen=True, slots=True)
class SourceRow:
    """How fresh one source is: the newest event time (ms) and records still unread."""

    source: str
    watermark_ms: int | None
    lag_records: int | None = None


@dataclass(frozen=True, slots=True)
class PageModel:
    """What the page shows at one instant, ready to print but not formatted.

    ``now_ms`` is when the page was made, so that ages need no clock; ``window``
    a name of the catalogue (``28d``). ``top_waits`` and ``asked`` come with the most
    first, ``gaps`` (all references that nobody owns, but for repositories of accounts
    that may be a person's, which ``other_accounts`` counts) by name; ``pairs`` are all
    there are. ``trend`` is of all stream teams. ``notices`` are sentences for the
    reader, such as what a demo is. ``known_from_ms`` is from when on events
    tell what happened in the window; absent where they do of all of it, or of nothing.
    """

    window: str
    now_ms: int
    evaluated_at_ms: int | None
    teams: tuple[TeamRow, ...] = ()
    top_waits: tuple[WaitRow, ...] = ()
    sources: tuple[SourceRow, ...] = ()
    lag_records: int | None = None
    organisation: str = ""
    organisation_ratio: Bounds | None = None
    directory_hash: str = ""
    cost_model: str = ""
    provisional: bool = False
    gaps: tuple[str, ...] = ()
    other_accounts: int = 0
    notices: tuple[str, ...] = ()
    version: str = ""
    pairs: tuple[PairRow, ...] = ()
    asked: tuple[AskedRow, ...] = ()
    trend: tuple[TrendStep, ...] = ()
    dead_letters: int | None = None
    known_from_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything ``/metrics`` shows, consistent at one instant.

    ``ready`` is false while catching up: only health and info families are then
    shown, whatever the snapshot holds. ``business`` holds the business and model
    families, ``health`` the health and info families.
    """

    ready: bool
    evaluated_at_ms: int | None = None
    business: tuple[Family, ...] = ()
    health: tuple[Family, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """How the process is, cheap enough for a probe every second.

    ``not_ready`` holds every reason at once, empty when ready; ``turn_age_seconds``
    is the time since the consumer loop last began a turn, ``None`` before the first.
    """

    not_ready: tuple[str, ...] = field(default=())
    turn_age_seconds: float | None = None


class SnapshotSource(Protocol):
    """Gives the present numbers; called from the HTTP thread."""

    def snapshot(self) -> Snapshot:
        """Everything that is shown, as of one instant."""


class ConditionSource(Protocol):
    """Tells how the process is; never waits for the consumer loop."""

    def condition(self) -> Condition:
        """The present condition."""
