"""What a metric of the catalogue is: name, type, unit, labels, and how many series.

Pure data and arithmetic; the list itself is in ``catalogue``.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

Type = Literal["gauge", "counter", "histogram", "info"]
Unit = Literal["", "seconds", "bytes", "ratio"]

# How samples that get equal labels (merged teams, folded counterparts) become one.
Combine = Literal["sum", "min"]


class Group(enum.StrEnum):
    """Which families belong together: business and model wait for being caught up."""

    BUSINESS = "business"
    MODEL = "model"
    INFO = "info"
    HEALTH = "health"


# Shown while catching up too; the numbers of the others are not yet true then.
ALWAYS_SHOWN: Final = frozenset({Group.INFO, Group.HEALTH})


class Size(NamedTuple):
    """How big an organisation is, for multiplying bounds.

    ``topics`` and ``partitions`` (of all topics together) are those configured.
    """

    teams: int
    topics: int = 3
    partitions: int = 12


@dataclass(frozen=True, slots=True)
class Label:
    """A label and the most values it can have.

    ``bound`` is a number, or the field of ``Size`` it grows with. ``values``
    lists a closed set.
    """

    name: str
    bound: int | Literal["teams", "topics", "partitions"]
    help: str
    values: tuple[str, ...] = ()

    def most(self, size: Size) -> int:
        """The most distinct values in an organisation of this size."""
        match self.bound:
            case int():
                return self.bound
            case "teams":
                # The reserved ids `unknown` and `other` can be charged too.
                return size.teams + 2
            case "topics":
                return size.topics
            case "partitions":
                return size.partitions


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. ``name`` is what samples carry (``..._total``, ``..._info``).

    ``help`` is the definition in one sentence. ``follows`` names the families
    whose labels this one's series carry; labels that do not apply to a series
    are then empty, and left out.
    """

    name: str
    type: Type
    unit: Unit
    labels: tuple[Label, ...]
    help: str
    group: Group
    combine: Combine = "sum"
    buckets: tuple[float, ...] = ()
    follows: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        """The name without the suffix that OpenMetrics gives to samples only."""
        match self.type:
            case "counter":
                return self.name.removesuffix("_total")
            case "info":
                return self.name.removesuffix("_info")
            case "gauge" | "histogram":
                return self.name

    @property
    def label_names(self) -> tuple[str, ...]:
        """The names of the labels, in the order of a sample's values."""
        return tuple(label.name for label in self.labels)


# Labels that cannot vary freely together. Eleven components have an acute and a
# chronic phase; reopen and incident have the phase response only. A deploy's cause
# tells its outcome. A partition belongs to one topic, and `partitions` already counts
# those of all topics.
_PHASES_OF_COMPONENTS: Final = 11 * 2 + 2


def label_sets(metric: Metric, size: Size) -> int:
    """The most label sets a metric can have in an organisation of this size."""
    bounds = {label.name: label.most(size) for label in metric.labels}
    if "component" in bounds and "phase" in bounds:
        del bounds["component"]
        bounds["phase"] = _PHASES_OF_COMPONENTS
    if "cause" in bounds:
        del bounds["outcome"]
    if "partition" in bounds:
        bounds.pop("topic", None)
    return math.prod(bounds.values())


def series_bound(metric: Metric, catalogue: Mapping[str, Metric], size: Size) -> int:
    """The most series a metric can have: every label at its bound at once."""
    if metric.follows:
        return sum(label_sets(catalogue[name], size) for name in metric.follows)
    # A histogram adds +Inf, sum and count to its buckets.
    lines = len(metric.buckets) + 3 if metric.type == "histogram" else 1
    return label_sets(metric, size) * lines
