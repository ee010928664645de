"""Why a segment is there: the rule that made it, and the facts that began and ended it.

Nothing of this is stored. The item is judged once more from its facts, and each
segment is laid beside what it was judged by: stretches of waiting, flights, charges,
idle and stale spans. The numbers are none of this module's business.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from monitor.domain.facts import KINDS, Fact, Kind
from monitor.domain.timeline import Component, Segment, Sort, Wait
from monitor.indicators.explaining.rules import (
    CAPPED,
    CLOSES,
    OPENS,
    RESPONSES,
    name_of,
    state_name,
)
from monitor.indicators.timelines.sweep import Sweep
from monitor.indicators.waits.freezes import counting
from monitor.indicators.waits.incidents import INCIDENT_CAP
from monitor.indicators.waits.intervals import Span, Stretch

CLOSED: Final = "closed"
PHASE: Final = "acute phase used up"
FLIGHT: Final = "left flight"
CAP: Final = "cap"
STALE: Final = "stale limit"
IDLE: Final = "idle limit"
# After the last instant that is asked for.
GOES_ON: Final = "goes on"
OWNER: Final = "owner changed"
WAITS: Final = "waits changed"


class Reason(NamedTuple):
    """One wait behind a segment, or what else the segment is.

    ``entity`` is the thing that was waited at. ``opened`` and ``closed`` are facts,
    several where one instant has several, none where a limit is at that end.
    """

    rule: str
    entity: str
    opened: tuple[Fact, ...]
    closed: tuple[Fact, ...]


class Because(NamedTuple):
    """Every reason for a segment at once, and what ended it."""

    reasons: tuple[Reason, ...] = ()
    ended: str = ""


# What the acute and the chronic part of one wait have in common where they meet.
_Joint = tuple[str, str, str, int, int, str]


@dataclass(slots=True)
class Evidence:
    """What one item was judged by, and its facts; ``others`` are its blockers'.

    Sorted once, because an item may have thousands of each.
    """

    sweeps: Sequence[Sweep]
    facts: Sequence[Fact]
    segments: Sequence[Segment]
    others: Mapping[str, Sequence[Fact]] = field(default_factory=dict)
    _told: dict[str, Sequence[Fact]] = field(init=False)
    _at_instant: dict[int, list[Fact]] = field(init=False)
    _stretches: dict[tuple[str, str], list[Stretch]] = field(init=False)
    _chronic: set[_Joint] = field(init=False)

    def __post_init__(self) -> None:
        """Sort what was judged by, so that each segment finds its own."""
        self._at_instant, self._stretches = {}, {}
        self._told = {name: counting(told) for name, told in self.others.items()}
        for fact in self._all():
            self._at_instant.setdefault(fact.time, []).append(fact)
        found = (one for sweep in self.sweeps for one in sweep.stretches)
        for stretch in sorted(found, key=lambda one: (one.start, one.entity)):
            for name in () if stretch.pending else stretch.names:
                key = (stretch.component, name)
                self._stretches.setdefault(key, []).append(stretch)
        chronic = (one for one in self.segments if one.phase == "chronic")
        self._chronic = {_joint(one, one.start) for one in chronic}

    def because(self, segment: Segment) -> Because:
        """Why the segment, one of the item's, is there."""
        stretches = self._behind(segment)
        if segment.sort is not Sort.WAIT:
            reasons = [self._state(segment)]
        elif segment.component in RESPONSES:
            reasons = [self._response(segment)]
        else:
            reasons = _once(map(self._reason, stretches))
        return Because(tuple(reasons), self._ended(segment, stretches, reasons))

    def opening(self, wait: Wait) -> tuple[Reason, ...]:
        """Why the wait, one of the item's, is there: of all that may be behind it."""
        if wait.component in RESPONSES:
            return (self._response(wait),)
        alike = self._stretches.get((wait.component, wait.on_team), ())
        around = [s for s in alike if s.start <= wait.start < wait.end <= s.end]
        begun = [s for s in around if s.start == wait.start]
        return tuple(_once(map(self._reason, begun or around)))

    def _behind(self, segment: Segment) -> list[Stretch]:
        """The stretches of the segment's component and team that lie under it."""
        alike = self._stretches.get((segment.component, segment.on_team), ())
        return [
            one for one in alike if one.start < segment.end and one.end > segment.start
        ]

    def _reason(self, stretch: Stretch) -> Reason:
        component = stretch.component
        about = {stretch.entity, stretch.stale_by or stretch.entity}
        opened = self._opened(component, stretch.start, about)
        # A failure is over with a deploy of its lane, whatever item that is of.
        lane = self._told if component is Component.DEPLOY_FAILURE else ()
        closed = self._at(stretch.end, CLOSES[component], about, lane)
        return Reason(name_of(component, opened), stretch.entity, opened, closed)

    def _response(self, part: Segment | Wait) -> Reason:
        """The reason for people at work: the item's own facts begin and end it."""
        component = Component(part.component)
        opened = self._opened(component, part.start, ())
        closed = self._at(part.end, CLOSES[component], ())
        entity = opened[0].entity if opened else ""
        return Reason(name_of(component, opened), entity, opened, closed)

    def _state(self, segment: Segment) -> Reason:
        """No wait: what it is, and what happened when it began and when it ended."""
        start, end, rule = segment.start, segment.end, state_name(segment)
        if (segment.sort, segment.phase) == (Sort.OWN_FAILURE, "deploy"):
            failed = self._at(start, OPENS[Component.DEPLOY_FAILURE], ())
            # As one of another team's making.
            good = self._at(end, CLOSES[Component.DEPLOY_FAILURE], (), self._told)
            return Reason(rule, "", failed, good)
        opened = self._at(start, KINDS, (), self._waited_for(start))
        closed = self._at(end, KINDS, (), self._waited_for(end))
        return Reason(rule, "", opened, closed)

    def _waited_for(self, instant: int) -> set[str]:
        """Whom waits are about that are open at an instant, or begin or end there.

        Nobody, where nobody else said anything then.
        """
        there = self._at_instant.get(instant, ())
        if not any(fact.entity in self._told for fact in there):
            return set()
        open_then = (
            one
            for alike in self._stretches.values()
            for one in alike
            if one.start <= instant <= one.end
        )
        return {key for one in open_then for key in (one.entity, one.stale_by or "")}

    def _opened(
        self, component: Component, instant: int, about: Collection[str]
    ) -> tuple[Fact, ...]:
        """The facts that began a wait; where it began later, the last one before, too.

        As of a review that was asked for while the change was a draft.
        """
        kinds = OPENS[component]
        there = self._at(instant, kinds, about)
        if any(fact.kind in kinds for fact in there):
            return there
        before = [
            fact
            for fact in (self._all() if about else self.facts)
            if fact.time < instant
            and fact.kind in kinds
            and (not about or fact.entity in about)
        ]
        first = sorted(before, key=lambda fact: fact.time)[-1:]
        return (*first, *there)

    def _at(
        self,
        instant: int,
        kinds: Collection[Kind],
        about: Collection[str],
        beside: Collection[str] = (),
    ) -> tuple[Fact, ...]:
        """The facts of an instant: of these kinds and things if there are any such.

        Of others than the item only those it is about, and those beside them: what else
        happened elsewhere at that instant has nothing to do with it.
        """
        there = [
            fact
            for fact in self._at_instant.get(instant, ())
            if fact.entity not in self._told
            or fact.entity in about
            or fact.entity in beside
        ]
        fitting = [fact for fact in there if fact.kind in kinds]
        closest = [fact for fact in fitting if fact.entity in about]
        return tuple(closest or fitting or there)

    def _all(self) -> Iterator[Fact]:
        yield from self.facts
        for facts in self._told.values():
            yield from facts

    def _ended(
        self,
        segment: Segment,
        stretches: Sequence[Stretch],
        reasons: Sequence[Reason],
    ) -> str:
        end = segment.end
        if segment.phase == "acute" and _joint(segment, end) in self._chronic:
            return PHASE
        closing = CLOSES.get(Component(segment.component)) if segment.component else ()
        if any(
            fact.kind in (closing or ()) and fact.time == end
            for reason in reasons
            for fact in reason.closed
        ):
            return CLOSED
        if segment.component == Component.INCIDENT:
            return self._responded(segment)
        return self._left(segment, stretches, reasons)

    def _left(
        self,
        segment: Segment,
        stretches: Sequence[Stretch],
        reasons: Sequence[Reason],
    ) -> str:
        end = segment.end
        if self._lands(end, active=True):
            return FLIGHT
        # Outside its item's flight a deploy is in flight while it waits.
        if any(stretch.end == end for stretch in stretches):
            told = any(reason.closed for reason in reasons)
            return CLOSED if told or segment.component not in CAPPED else CAP
        if self._lands(end, active=False):
            return FLIGHT
        return self._interrupted(segment, end)

    def _lands(self, instant: int, *, active: bool) -> bool:
        """Whether a flight ends then: of the item, or of a deploy outside it."""
        flights = (one.flights for one in self.sweeps if one.active is active)
        return any(flight.end == instant for one in flights for flight in one)

    def _responded(self, segment: Segment) -> str:
        """What ended a part of an incident: its cap, a new owner, or new responders.

        The cap counts from an opening.
        """
        end = segment.end
        at_once = self._at_instant.get(end - INCIDENT_CAP, ())
        if any(fact.kind is Kind.INCIDENT_OPENED for fact in at_once):
            return CAP
        same = (end, segment.team, segment.component)
        after = ((one.start, one.team, one.component) for one in self.segments)
        return WAITS if same in after else OWNER

    def _interrupted(self, segment: Segment, end: int) -> str:
        """What ended a segment whose waits go on, or that is no wait."""
        for sweep in self.sweeps:
            stale = [span for spans in sweep.stale.values() for span in spans]
            if segment.sort is Sort.WAIT and _begins(stale, end):
                return STALE
            if _begins(sweep.idle, end):
                return IDLE
            if any(charge.start == end for charge in sweep.charged):
                return OWNER
        return WAITS


def _once(reasons: Iterable[Reason]) -> list[Reason]:
    """Each reason once: a deploy is judged in its item's flight and outside it."""
    found: list[Reason] = []
    for reason in reasons:
        if reason not in found:
            found.append(reason)
    return found


def _begins(spans: Iterable[Span], instant: int) -> bool:
    return any(start == instant for start, _ in spans)


def _joint(segment: Segment, instant: int) -> _Joint:
    """Where the acute part of a wait ends and its chronic rest begins."""
    _, team, on_team, component, _, _, _, share, calendar, _ = segment
    return team, on_team, component, instant, share, calendar
