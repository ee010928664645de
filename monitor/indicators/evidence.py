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
from monitor.domain.timeline import Component, Segment, Sort
from monitor.indicators.intervals import Stretch
from monitor.indicators.rules import (
    CAPPED,
    CLOSES,
    OPENS,
    RESPONSES,
    name_of,
    state_name,
)
from monitor.indicators.sweep import Span, Sweep

CLOSED: Final = "closed"
PHASE: Final = "acute phase used up"
FLIGHT: Final = "left flight"
CAP: Final = "cap"
STALE: Final = "stale limit"
IDLE: Final = "idle limit"
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


@dataclass(slots=True)
class Evidence:
    """What one item was judged by, and its facts; ``others`` are its blockers'."""

    sweeps: Sequence[Sweep]
    facts: Sequence[Fact]
    others: Mapping[str, Sequence[Fact]] = field(default_factory=dict)

    def because(self, segment: Segment, beside: Iterable[Segment]) -> Because:
        """Why the segment is there, among all ``beside`` it of the same item."""
        stretches = self._behind(segment)
        if segment.sort is not Sort.WAIT:
            reasons = [self._state(segment)]
        elif segment.component in RESPONSES:
            reasons = [self._response(segment)]
        else:
            reasons = _once(map(self._reason, stretches))
        ended = self._ended(segment, stretches, reasons, beside)
        return Because(tuple(reasons), ended)

    def _behind(self, segment: Segment) -> list[Stretch]:
        """The stretches of the segment's component and team that lie under it."""
        found = [
            stretch
            for sweep in self.sweeps
            for stretch in sweep.stretches
            if not stretch.pending
            and stretch.component == segment.component
            and segment.on_team in stretch.names
            and stretch.start < segment.end
            and stretch.end > segment.start
        ]
        return sorted(found, key=lambda stretch: (stretch.start, stretch.entity))

    def _reason(self, stretch: Stretch) -> Reason:
        component = stretch.component
        about = {stretch.entity, stretch.stale_by or stretch.entity}
        opened = self._opened(component, stretch.start, about)
        closed = self._at(stretch.end, CLOSES[component], about)
        return Reason(name_of(component, opened), stretch.entity, opened, closed)

    def _response(self, segment: Segment) -> Reason:
        """The reason for people at work: the item's own facts begin and end it."""
        component = Component(segment.component)
        opened = self._opened(component, segment.start, ())
        closed = self._at(segment.end, CLOSES[component], ())
        entity = opened[0].entity if opened else ""
        return Reason(name_of(component, opened), entity, opened, closed)

    def _state(self, segment: Segment) -> Reason:
        """No wait: what it is, and what happened when it began and when it ended."""
        opened = self._at(segment.start, KINDS, ())
        closed = self._at(segment.end, KINDS, ())
        return Reason(state_name(segment), "", opened, closed)

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
            for fact in self._all()
            if fact.time < instant
            and fact.kind in kinds
            and (not about or fact.entity in about)
        ]
        first = sorted(before, key=lambda fact: fact.time)[-1:]
        return (*first, *there)

    def _at(
        self, instant: int, kinds: Collection[Kind], about: Collection[str]
    ) -> tuple[Fact, ...]:
        """The facts of an instant: of these kinds and things if there are any such."""
        there = [fact for fact in self._all() if fact.time == instant]
        fitting = [fact for fact in there if fact.kind in kinds]
        closest = [fact for fact in fitting if fact.entity in about]
        return tuple(closest or fitting or there)

    def _all(self) -> Iterator[Fact]:
        yield from self.facts
        for facts in self.others.values():
            yield from facts

    def _ended(
        self,
        segment: Segment,
        stretches: Sequence[Stretch],
        reasons: Sequence[Reason],
        beside: Iterable[Segment],
    ) -> str:
        end = segment.end
        if segment.phase == "acute" and any(_goes_on(segment, one) for one in beside):
            return PHASE
        closing = CLOSES.get(Component(segment.component)) if segment.component else ()
        if any(
            fact.kind in (closing or ()) and fact.time == end
            for reason in reasons
            for fact in reason.closed
        ):
            return CLOSED
        if any(flight.end == end for sweep in self.sweeps for flight in sweep.flights):
            return FLIGHT
        if any(stretch.end == end for stretch in stretches):
            told = any(reason.closed for reason in reasons)
            return CLOSED if told or segment.component not in CAPPED else CAP
        if segment.component in RESPONSES and not self.sweeps:
            return CAP
        return self._interrupted(segment, end)

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


def _goes_on(acute: Segment, other: Segment) -> bool:
    """Whether the other segment is the chronic rest of an acute one."""
    rest = acute._replace(phase="chronic", start=acute.end, end=other.end)
    return other == rest
