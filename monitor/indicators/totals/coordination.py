"""Required against actual coordination (indicators 1.11): context, by month.

Cataldo and others: teams whose items touch components that change together have to
coordinate, CR = TA x TD x TA^T, with TA[t,c] the items of t that touch component c and
TD[c,d] whether any item touched both. Congruence is the share of the pairs that have to
coordinate which are seen to. It says nothing of how well they do it, nor of people.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from statistics import median_low
from typing import Final, NamedTuple

from monitor.domain.facts import Fact, Kind
from monitor.domain.items import ItemFacts
from monitor.domain.model import Model
from monitor.domain.teams import RESERVED, Directory
from monitor.domain.timeline import Component, Measured, Timeline
from monitor.indicators.totals.cost import Waited
from monitor.indicators.totals.instant import Totals

ARCHITECTURE: Final = "architecture or team boundary"
PROCESS: Final = "process"
# A pair that costs less than half a working day says nothing (as in NewDependency).
HIGH_COST: Final = Fraction(4 * 3_600)

Matrix = Mapping[str, Mapping[str, int]]
Pair = tuple[str, str]
# Waits that show that two teams dealt with each other.
_DEALT: Final = frozenset(
    {
        Component.REVIEW_WAIT,
        Component.TICKET_REQUEST,
        Component.TICKET_BLOCKED,
        Component.DEPENDENCY_LINK,
        Component.HANDOFF,
    }
)
_TOUCHING: Final = frozenset(
    {Kind.CHANGE_OPENED, Kind.CHANGE_READY, Kind.CHANGE_PUSHED, Kind.CHANGE_MERGED}
)


class PairOfTeams(NamedTuple):
    """What two teams have to coordinate, what they do, and what the first pays."""

    team: str
    on_team: str
    required: int
    actual: int
    cost: Fraction
    kind: str | None


@dataclass(slots=True)
class Touched:
    """Which components each team's items touched, which together, and who dealt."""

    assigned: Counter[tuple[str, str]] = field(default_factory=Counter)
    together: set[Pair] = field(default_factory=set)
    dealt: Counter[Pair] = field(default_factory=Counter)

    def add(
        self,
        item: ItemFacts,
        timelines: Iterable[Timeline],
        directory: Directory,
        start: int | None,
        at: int,
    ) -> None:
        """Take in an item's touches and dealings in (start, at]."""
        timelines = list(timelines)
        within = [
            fact
            for fact in item.facts
            if fact.time <= at and (start is None or fact.time > start)
        ]
        teams = _teams(timelines)
        touched: set[str] = set()
        mine: set[tuple[str, str]] = set()
        for fact in within:
            parts = components_of(fact, directory)
            if parts:
                touched |= parts
                team = _team_at(teams, fact.time)
                mine.update((team, part) for part in parts if team not in RESERVED)
        self.assigned.update(mine)
        self.together.update((one, other) for one in touched for other in touched)
        self._deal(within, teams, timelines, directory, start, at)

    def _deal(
        self,
        facts: Sequence[Fact],
        teams: Sequence[tuple[int, str]],
        timelines: Sequence[Timeline],
        directory: Directory,
        start: int | None,
        at: int,
    ) -> None:
        for fact in facts:
            team = _team_at(teams, fact.time)
            for name in fact.fields.get("reviewed_by", ()):
                self._note(team, directory.named(name))
            if "requester_team" in fact.fields:
                self._note(directory.named(fact.fields["requester_team"]), team)
        for begun, team, other in chain.from_iterable(map(_dealings, timelines)):
            if begun <= at and (start is None or begun > start):
                self._note(team, other)

    def _note(self, team: str, other: str) -> None:
        if team != other and RESERVED.isdisjoint((team, other)):
            self.dealt[(team, other)] += 1


def _dealings(timeline: Timeline) -> Iterator[tuple[int, str, str]]:
    """When two teams began to deal with each other, by waits and by links.

    A link that is no wait shows it as well.
    """
    for wait in timeline.waits:
        if wait.component in _DEALT:
            yield wait.start, wait.team, wait.on_team
    for name, team, label, time, value, _ in timeline.measures:
        if name is Measured.OPEN_LINKS and value > 0:
            yield time, team, label


def components_of(fact: Fact, directory: Directory) -> set[str]:
    """What a fact touches: a repository, a claimed part of it, or a service."""
    fields = fact.fields
    if fact.kind.startswith("deploy.") and "service" in fields:
        return {f"service:{fields['service'].strip().casefold()}"}
    if fact.kind not in _TOUCHING or "repo" not in fields:
        return set()
    repo = fields["repo"]
    whole = directory.repository(repo)
    found: set[str] = set()
    for path in fields.get("paths", ()):
        claimed = directory.owner({"repo": repo, "paths": [path]})
        top = path.strip("/").partition("/")[0]
        found.add(f"{repo}/{top}" if claimed != whole else repo)
    return found or {repo}


def _teams(timelines: Iterable[Timeline]) -> list[tuple[int, str]]:
    """Who has the item in flight, and since when."""
    return [
        (one.time, one.team)
        for timeline in timelines
        for one in timeline.measures
        if one.name is Measured.IN_FLIGHT and one.value > 0
    ]


def _team_at(teams: Sequence[tuple[int, str]], instant: int) -> str:
    found = teams[0][1] if teams else "unknown"
    for since, team in teams:
        if since <= instant:
            found = team
    return found


def required(assigned: Matrix, depends: Matrix) -> Matrix:
    """CR = TA x TD x TA^T: a row and a column for each row of TA.

    Matrices are sparse, because an organisation has thousands of components.
    """
    return times(times(assigned, depends), transposed(assigned))


def times(left: Matrix, right: Matrix) -> Matrix:
    """The product of two matrices, without what is 0."""
    product: dict[str, dict[str, int]] = {}
    for row, values in left.items():
        found = Counter[str]()
        for column, value in values.items():
            for name, other in right.get(column, {}).items():
                found[name] += value * other
        product[row] = {name: amount for name, amount in found.items() if amount}
    return product


def transposed(matrix: Matrix) -> Matrix:
    """Rows as columns."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row, values in matrix.items():
        for column, value in values.items():
            found[column][row] = value
    return dict(found)


def required_of(touched: Touched) -> dict[Pair, int]:
    """How much each two teams have to coordinate, where they have to at all."""
    assigned: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for (team, part), count in touched.assigned.items():
        assigned[team][part] = count
    depends: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for one, other in touched.together:
        depends[one][other] = 1
    return {
        (team, other): value
        for team, values in required(assigned, depends).items()
        for other, value in values.items()
        if team != other
    }


def congruence(needed: Mapping[Pair, int], dealt: Mapping[Pair, int]) -> float | None:
    """The share of pairs that have to coordinate and do; either may begin it."""
    if not needed:
        return None
    met = sum(1 for a, b in needed if dealt.get((a, b)) or dealt.get((b, a)))
    return float(Fraction(met, len(needed)))


def pairs_of(touched: Touched, costs: Mapping[Pair, Fraction]) -> list[PairOfTeams]:
    """Every pair that has to coordinate, does, or pays; by name.

    A pair that pays much is a matter of architecture or team boundaries where it has
    to coordinate as much as half of those that have to, and of process elsewhere.
    """
    needed = required_of(touched)
    dealt: defaultdict[Pair, int] = defaultdict(int)
    for (team, other), count in touched.dealt.items():
        dealt[(team, other)] += count
        dealt[(other, team)] += count
    much = median_low(needed.values()) if needed else 1
    paid = {pair for pair, cost in costs.items() if cost}
    return [
        PairOfTeams(
            *pair,
            needed.get(pair, 0),
            dealt.get(pair, 0),
            costs.get(pair, Fraction(0)),
            _kind(needed.get(pair, 0), much, costs.get(pair, Fraction(0))),
        )
        for pair in sorted(needed.keys() | dealt.keys() | paid)
    ]


def _kind(needed: int, much: int, cost: Fraction) -> str | None:
    if cost < HIGH_COST:
        return None
    return ARCHITECTURE if needed >= much else PROCESS


def cost_by_pair(totals: Totals, model: Model) -> dict[Pair, Fraction]:
    """What each team pays for each other at the central weights, in seconds."""
    waited: defaultdict[Pair, Waited] = defaultdict(Waited)
    for (team, on_team, _, phase), amount in totals.waits.items():
        waited[(team, on_team)].add(on_team, phase, amount)
    return {
        pair: one.weighed(model).central
        for pair, one in waited.items()
        if RESERVED.isdisjoint(pair)
    }


def coordination_report(
    touched: Touched, costs: Mapping[Pair, Fraction]
) -> dict[str, object]:
    """The part of ``friction evaluate`` about who has to coordinate with whom."""
    return {
        "congruence": congruence(required_of(touched), touched.dealt),
        "pairs": [
            {
                "team": pair.team,
                "on_team": pair.on_team,
                "required": pair.required,
                "actual": pair.actual,
                "cost_seconds": float(pair.cost),
                "kind": pair.kind,
            }
            for pair in pairs_of(touched, costs)
        ],
    }
