"""Which names series are shown under: few counterparts, and no team of two.

Pure. Applied to totals at exposition, so that what is stored stays exact: a
team of fewer than three people is shown as its domain, and counterparts beyond
the fifteenth of a team as ``other``. Sums over what was merged do not change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from monitor.adapters.prometheus.labels import COUNTERPARTS
from monitor.adapters.prometheus.metric import Metric
from monitor.domain.snapshot import Family, HistogramSample, Sample
from monitor.domain.teams import OTHER, RESERVED, Team

# The family whose seconds say which counterparts matter most.
WEIGHT: Final = "friction_wait_seconds_total"

# Below this a team's numbers would be a person's.
SMALLEST_TEAM: Final = 3

# Per team as shown, the counterparts as shown that have a name of their own.
# Plain data, to be kept in the state: a published pair keeps its name for good.
Seats = Mapping[str, frozenset[str]]


class Seating(NamedTuple):
    """The seats after a look at all pairs, and how many pairs share ``other``."""

    seats: Seats
    folded: int


@dataclass(frozen=True, slots=True)
class Naming:
    """Names as shown: of teams merged into their domain, and of pairs."""

    merged: Mapping[str, str] = field(default_factory=dict)
    seats: Seats = field(default_factory=dict)

    def team(self, team: str) -> str:
        """The team's name as shown."""
        return self.merged.get(team, team)

    def pair(self, team: str, on_team: str) -> tuple[str, str]:
        """Both names as shown; the second is ``other`` when it has no seat.

        A pair of merged members stays a pair of the domain with itself.
        """
        charged, named = self.team(team), self.team(on_team)
        if named in RESERVED or named in self.seats.get(charged, ()):
            return charged, named
        return charged, OTHER


def merged_names(teams: Iterable[Team], instant: int) -> dict[str, str]:
    """Small teams to ``domain:<name>``, by the headcounts stated as of an instant (ms).

    Teams without a stated headcount are not small: nothing is known about them.
    """
    return {
        team.id: f"domain:{team.domain or 'none'}"
        for team in teams
        if (people := headcount_at(team, instant)) is not None
        and people < SMALLEST_TEAM
    }


def headcount_at(team: Team, instant: int) -> float | None:
    """The headcount stated for an instant (ms); ``None`` before or without any."""
    people = None
    for start, value in team.headcount or ():
        if start <= instant:
            people = value
    return people


def seated(
    before: Seats,
    weights: Mapping[tuple[str, str], float],
    *,
    limit: int = COUNTERPARTS,
) -> Seating:
    """Give free seats to pairs (team, on_team as shown), the heaviest first.

    Equal weights go by name, so that the same totals always give the same
    seats. ``external``, ``unknown`` and ``other`` need none: folding one of them
    would change what it counts in.
    """
    wanting: dict[str, list[tuple[float, str]]] = {}
    for (team, on_team), weight in weights.items():
        if on_team not in RESERVED and on_team not in before.get(team, ()):
            wanting.setdefault(team, []).append((-weight, on_team))
    if not wanting:
        return Seating(before, 0)
    seats = dict(before)
    folded = 0
    for team, queue in wanting.items():
        taken = seats.get(team, frozenset())
        free = max(0, limit - len(taken))
        newly = [on_team for _, on_team in sorted(queue)[:free]]
        if newly:
            seats[team] = taken.union(newly)
        folded += len(queue) - len(newly)
    return Seating(seats, folded)


class Folded(NamedTuple):
    """Families under the names as shown, the seats to keep, the pairs folded."""

    families: tuple[Family, ...]
    seats: Seats
    folded: int


def fold(
    families: Sequence[Family],
    catalogue: Mapping[str, Metric],
    merged: Mapping[str, str],
    seats: Seats,
) -> Folded:
    """Show the families under few names; ``seats`` are those kept from before.

    Info families are left alone: ``team_info`` makes the one with teams.
    """
    unseated = unseated_pairs(families, catalogue, merged, seats)
    weights = pair_weights(families, catalogue, merged) if unseated else {}
    seating = seated(seats, weights)
    if not merged and not seating.folded:
        return Folded(tuple(families), seating.seats, 0)
    naming = Naming(merged, seating.seats)
    shown = tuple(renamed(one, catalogue[one.name], naming) for one in families)
    return Folded(shown, seating.seats, seating.folded)


def unseated_pairs(
    families: Iterable[Family],
    catalogue: Mapping[str, Metric],
    merged: Mapping[str, str],
    seats: Seats,
) -> set[tuple[str, ...]]:
    """Pairs as known inside that may want a seat; mostly there are none."""
    pairs: set[tuple[str, ...]] = set()
    for name, samples, _ in families:
        names = catalogue[name].label_names
        if "on_team" in names and "window" not in names:
            named = _named(catalogue[name])
            pairs.update({labels[named] for labels, _ in samples})
    naming = Naming(merged, seats)
    return {
        pair
        for pair in pairs
        if pair[1]
        and (on_team := naming.team(pair[1])) not in RESERVED
        and on_team not in seats.get(naming.team(pair[0]), ())
    }


def pair_weights(
    families: Iterable[Family],
    catalogue: Mapping[str, Metric],
    merged: Mapping[str, str],
) -> dict[tuple[str, str], float]:
    """Every pair (team, on_team) as shown, with the seconds ever waited.

    Windows are not looked at: their pairs are among those of the counters.
    """
    weights: dict[tuple[str, str], float] = {}
    for name, samples, _ in families:
        names = catalogue[name].label_names
        if "on_team" not in names or "window" in names:
            continue
        at = names.index("team")
        weighs = name == WEIGHT
        for labels, value in samples:
            team, on_team = labels[at], labels[at + 1]
            if on_team:
                pair = (merged.get(team, team), merged.get(on_team, on_team))
                weights[pair] = weights.get(pair, 0) + (value if weighs else 0)
    return weights


def renamed(family: Family, metric: Metric, naming: Naming) -> Family:
    """The family under the names as shown; samples that meet become one.

    They add up, except where the metric says that the least counts (timestamps).
    """
    if metric.type == "info" or "team" not in metric.label_names:
        return family
    named = _named(metric)
    labels_of = (
        {one.labels[named] for one in family.histograms}
        | {labels[named] for labels, _ in family.samples}
    )  # fmt: skip
    shown = {names: _shown(names, naming) for names in labels_of}
    moved = {names: to for names, to in shown.items() if names != to}
    if not moved:
        return family
    # Most series neither move nor meet one that does: those are passed through.
    touched = moved.keys() | moved.values()
    samples = [one for one in family.samples if one[0][named] not in touched]
    moving = (one for one in family.samples if one[0][named] in touched)
    joined: dict[tuple[str, ...], float] = {}
    for labels, value in moving:
        key = _moved(labels, named, shown)
        held = joined.get(key)
        if held is None:
            joined[key] = value
        else:
            joined[key] = min(held, value) if metric.combine == "min" else held + value
    samples.extend(joined.items())
    return Family(family.name, samples, _joined(family.histograms, named, shown))


_Names = tuple[str, ...]


def _named(metric: Metric) -> slice:
    """Where a sample's labels hold the team, and the counterpart if there is one."""
    names = metric.label_names
    at = names.index("team")
    if "on_team" not in names:
        return slice(at, at + 1)
    if names.index("on_team") != at + 1:
        raise ValueError(f"{metric.name}: on_team must follow team")
    return slice(at, at + 2)


def _shown(names: _Names, naming: Naming) -> _Names:
    team, *rest = names
    if rest and rest[0]:
        return naming.pair(team, rest[0])
    # An empty counterpart is a label that does not apply to the series.
    return (naming.team(team), *rest)


def _moved(labels: _Names, named: slice, shown: Mapping[_Names, _Names]) -> _Names:
    return labels[: named.start] + shown[labels[named]] + labels[named.stop :]


def _joined(
    histograms: Sequence[HistogramSample], named: slice, shown: Mapping[_Names, _Names]
) -> tuple[HistogramSample, ...]:
    joined: dict[_Names, HistogramSample] = {}
    for one in histograms:
        key = _moved(one.labels, named, shown)
        held = joined.get(key)
        joined[key] = one._replace(labels=key) if held is None else _sum(held, one)
    return tuple(joined.values())


def _sum(one: HistogramSample, other: HistogramSample) -> HistogramSample:
    return HistogramSample(
        one.labels,
        tuple(a + b for a, b in zip(one.buckets, other.buckets, strict=True)),
        one.total + other.total,
        one.observations + other.observations,
    )


def team_info(teams: Collection[Team], merged: Mapping[str, str]) -> tuple[Sample, ...]:
    """Samples of ``friction_team_info``: one per team as shown.

    A domain that stands for several teams is a stream team when any of them is,
    because their feature cost belongs to the organisation's ratio.
    """
    kinds: dict[tuple[str, str], set[str]] = {}
    for team in teams:
        shown = merged.get(team.id, team.id)
        kinds.setdefault((shown, team.domain), set()).add(team.kind)
    return tuple(
        ((shown, domain, "stream" if "stream" in of else min(of)), 1)
        for (shown, domain), of in kinds.items()
    )
