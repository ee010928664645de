"""Which names teams and pairs are shown under: few counterparts, no team of two.

Pure. A team of fewer than three people is shown as its domain, and counterparts
beyond the fifteenth of a team as ``other``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from monitor.adapters.prometheus.labels import COUNTERPARTS
from monitor.adapters.prometheus.metric import Metric
from monitor.domain.snapshot import Sample
from monitor.domain.teams import OTHER, RESERVED, Team
from monitor.pipeline.showing.columns import Labels

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

    def is_other(self, team: str, on_team: str) -> bool:
        """Whether the pair is in ``other`` as it is shown: no seat is left for it.

        While one is, nobody saw the pair, so it is in nothing that was shown.
        """
        folded = self.pair(team, on_team)[1] == OTHER
        return folded and not self.is_unseated((team, on_team), slice(0, 2))

    def row(self, labels: Labels, named: slice) -> Labels:
        """A row's labels as shown, ``named`` being where they hold its teams.

        The very same when nothing changes.
        """
        names = team, *rest = labels[named]
        # An empty counterpart is a label that does not apply to the series.
        if rest and rest[0]:
            shown: Labels = self.pair(team, rest[0])
        else:
            shown = (self.team(team), *rest)
        if shown == names:
            return labels
        return labels[: named.start] + shown + labels[named.stop :]

    def shows(self, labels: Labels, named: slice) -> bool:
        """Whether a row may be shown under these labels: no merged team is named."""
        return self.merged.keys().isdisjoint(labels[named])

    def is_unseated(self, labels: Labels, named: slice) -> bool:
        """Whether the row's pair has yet to find a seat, so that nobody saw it.

        Once all seats are taken, whoever has none is in ``other``.
        """
        team, *rest = labels[named]
        if not rest or not rest[0]:
            return False
        seats = self.seats.get(self.team(team), ())
        on_team = self.team(rest[0])
        return on_team not in {*RESERVED, *seats} and len(seats) < COUNTERPARTS


def names_at(metric: Metric) -> slice:
    """Where a sample's labels hold the team, and the counterpart if there is one."""
    names = metric.label_names
    at = names.index("team")
    if "on_team" not in names:
        return slice(at, at + 1)
    if names.index("on_team") != at + 1:
        raise ValueError(f"{metric.name}: on_team must follow team")
    return slice(at, at + 2)


def merged_names(teams: Iterable[Team], instant: int) -> dict[str, str]:
    """Small teams to ``domain:<name>``, by the headcounts stated as of an instant (ms).

    Teams without a stated headcount are not small: nothing is known about them.
    Before the first dated one there is nobody, which is fewer than three.
    """
    return {
        team.id: f"domain:{team.domain or 'none'}"
        for team in teams
        if (people := headcount_at(team, instant)) is not None
        and people < SMALLEST_TEAM
    }


def headcount_at(team: Team, instant: int) -> float | None:
    """The headcount as of an instant (ms): 0 before the first, ``None`` unstated."""
    if team.headcount is None:
        return None
    people = 0.0
    for start, value in team.headcount:
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
