"""What teams waited and worked on each UTC day: timelines cut at midnight.

The unit is ``millisecond x UNIT``; waits are weighed as the central cost is (acute and
response 1, chronic omega), times ``weight_unit`` so that they stay whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, NamedTuple, TypeVar

from monitor.domain.model import Model
from monitor.domain.teams import EXTERNAL, UNKNOWN, Directory, is_stream
from monitor.domain.timeline import Segment, Sort, Timeline
from monitor.domain.working_time import DAY
from monitor.indicators.totals.instant import SECOND_UNITS, amount_between
from monitor.indicators.waits.intervals import united, within

# Days that a segment is looked at for.
_LONGEST: Final = 366
# In no central cost: nobody's, or somebody's who is no team of ours.
_UNWEIGHED: Final = frozenset({UNKNOWN, EXTERNAL})
_Key = TypeVar("_Key")


class Wait(NamedTuple):
    """Whose work waited, for whom and why; and whether as for a service."""

    team: str
    on_team: str
    component: str
    is_promised: bool = False


class Share(NamedTuple):
    """What a segment adds to a day: to what is waited, or to a class of work."""

    day: int
    key: Wait | str
    amount: int


@dataclass(slots=True)
class Day:
    """One day of stream teams: waits in several ways, and active time by class.

    A reason is a component, and whether a platform team was waited for; a promise is a
    provider, and whether it served that team as a service then: these of all teams,
    since all that names a provider counts. Readings need no more, and there are
    few of these, however many teams wait for each other. ``waited`` is there for
    evidence, where that is asked for.
    """

    waited: Counter[Wait] = field(default_factory=Counter)
    by_team: Counter[str] = field(default_factory=Counter)
    by_reason: Counter[tuple[str, bool]] = field(default_factory=Counter)
    by_promise: Counter[tuple[str, bool]] = field(default_factory=Counter)
    worked: Counter[str] = field(default_factory=Counter)

    @property
    def is_known(self) -> bool:
        """Whether anything accrued to a stream team."""
        return bool(self.by_team or self.worked)


@dataclass(frozen=True, slots=True)
class Daily:
    """The days on which anything accrued, by number.

    ``detailed``: every wait is kept beside the sums, a hundred times as much.
    """

    directory: Directory
    model: Model
    detailed: bool = True
    days: dict[int, Day] = field(default_factory=dict)

    @property
    def first(self) -> int | None:
        """The first day on which anything accrued to a stream team."""
        known = (number for number, day in self.days.items() if day.is_known)
        return min(known, default=None)

    def cost_seconds(self, amount: int) -> Fraction:
        """An amount of waiting as exact seconds."""
        return Fraction(amount, self.model.omega_central.denominator * SECOND_UNITS)

    def add(self, share: Share) -> None:
        """Add an amount to a day; what comes to nothing is taken out."""
        day, key, amount = share
        found = self.days.setdefault(day, Day())
        if isinstance(key, str):
            _add(found.worked, key, amount)
        else:
            self._add_wait(found, key, amount)
        if not (found.is_known or found.by_promise):
            del self.days[day]

    def _add_wait(self, found: Day, key: Wait, amount: int) -> None:
        team, on_team, component, is_promised = key
        named = self.directory.team(on_team)
        is_platform = named is not None and named.kind == "platform"
        _add(found.by_promise, (on_team, is_promised), amount)
        if not is_stream(team, self.directory):
            return
        if self.detailed:
            _add(found.waited, key, amount)
        _add(found.by_team, team, amount)
        _add(found.by_reason, (component, is_platform), amount)

    def shares_of(self, timeline: Timeline, first: int) -> Iterator[Share]:
        """What a timeline adds to each day from ``first`` on, also those to come."""
        omega = self.model.omega_central
        chronic, full = omega.numerator, omega.denominator
        for segment in timeline.segments:
            if not self._is_counted(segment):
                continue
            if segment.sort is Sort.ACTIVE:
                for day, amount in self._cut(segment, first):
                    yield Share(day, segment.phase, amount)
            elif weight := chronic if segment.phase == "chronic" else full:
                for day, key, amount in self._waited(segment, first):
                    yield Share(day, key, amount * weight)

    def _waited(self, segment: Segment, first: int) -> Iterator[Share]:
        """The wait on each day, what was promised as a service apart from the rest.

        A promise begins and ends at midnight where the organisation is, not in UTC.
        """
        rest = Wait(segment.team, segment.on_team, segment.component)
        spans = self.directory.services(segment.on_team, segment.team)
        promises = united(spans) if spans else ()
        for day, amount in self._cut(segment, first):
            promised = 0
            for span in promises:
                for part in within(span, [(day * DAY, (day + 1) * DAY)]):
                    promised += amount_between(segment, self.directory, *part)
            if promised:
                yield Share(day, rest._replace(is_promised=True), promised)
            if amount > promised:
                yield Share(day, rest, amount - promised)

    def _is_counted(self, segment: Segment) -> bool:
        if segment.sort is Sort.ACTIVE:
            return is_stream(segment.team, self.directory)
        if segment.sort is not Sort.WAIT or segment.on_team in _UNWEIGHED:
            return False
        return self.directory.team(segment.team) is not None

    def _cut(self, segment: Segment, first: int) -> Iterator[tuple[int, int]]:
        begin = segment.start // DAY
        # Every segment ends, but on a calendar without working time it may end in a
        # century.
        end = min(begin + _LONGEST, (segment.end - 1) // DAY)
        for day in range(max(first, begin), end + 1):
            start = day * DAY
            amount = amount_between(segment, self.directory, start, start + DAY)
            if amount:
                yield day, amount


def daily_of(
    timelines: Iterable[Timeline], directory: Directory, model: Model, first: int
) -> Daily:
    """The days from ``first`` on, also those to come."""
    daily = Daily(directory, model)
    for timeline in timelines:
        for share in daily.shares_of(timeline, first):
            daily.add(share)
    return daily


def _add(counted: Counter[_Key], key: _Key, amount: int) -> None:
    counted[key] += amount
    if not counted[key]:
        del counted[key]
