"""`deploy_failure`: what a failed deploy of another team's making holds up.

A lane is a service in an environment. The earliest failure by another team holds it
until the next success there, or its cap; failures meanwhile are the same wait. What
happened in the lane elsewhere the other deploys have told (indicators 1.3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from monitor.domain.deploys import is_failure, is_success, lanes_of
from monitor.domain.facts import Fact
from monitor.domain.items import FOREVER, ItemFacts, Result
from monitor.domain.teams import Directory
from monitor.domain.timeline import Component
from monitor.domain.working_time import WORKING_DAY
from monitor.indicators.intervals import TICKET_LEVEL, Stretch, capped

FAILURE_CAP: Final = 10 * WORKING_DAY
ChargedAt = Callable[[int], str]


class _Mark(NamedTuple):
    """A result in the lane; ``causes`` only of a failure of the deploy asked about."""

    time: int
    entity: str
    until: int
    causes: tuple[str, ...] = ()

    @property
    def is_success(self) -> bool:
        return self.until == self.time


def results_of(
    facts: Sequence[Fact], charged: ChargedAt, directory: Directory
) -> tuple[Result, ...]:
    """What a deploy tells the others of its lane."""
    lanes = lanes_of(facts)
    if not lanes:
        return ()
    place = min(lanes)
    marks = _marks(facts, charged, directory)
    return tuple(Result(mark.time, *place, mark.until) for mark in marks)


def failure_stretches(
    item: ItemFacts,
    entity: str,
    facts: Sequence[Fact],
    charged: ChargedAt,
    directory: Directory,
) -> Iterator[Stretch]:
    """The waits that this deploy opens: where it is the first to hold its lane."""
    own = _marks(facts, charged, directory)
    if not any(mark.causes for mark in own):
        return
    place = min(lanes_of(facts), default=None)
    told = [
        _Mark(time, other, until)
        for other, profile in item.blockers.items()
        for time, *where, until in profile.results
        if other != entity and tuple(where) == place
    ]
    for opened, end in _held(sorted([*own, *told])):
        if opened.entity == entity and opened.time < end:
            yield Stretch(
                Component.DEPLOY_FAILURE,
                opened.causes,
                opened.time,
                end,
                TICKET_LEVEL,
                entity,
            )


def _held(marks: Sequence[_Mark]) -> Iterator[tuple[_Mark, int]]:
    """Who holds the lane until when, one after the other.

    At one instant who held it lets go first; else the failure comes first.
    """
    holder: _Mark | None = None
    for time, group in groupby(marks, key=lambda mark: mark.time):
        results = list(group)
        succeeded = any(mark.is_success for mark in results)
        if holder is not None and (succeeded or holder.until <= time):
            yield holder, min(holder.until, time)
            succeeded, holder = succeeded and holder.until <= time, None
        failed = [mark for mark in results if not mark.is_success]
        if holder is None and failed and not succeeded:
            holder = failed[0]
    if holder is not None:
        yield holder, holder.until


def _marks(
    facts: Iterable[Fact], charged: ChargedAt, directory: Directory
) -> list[_Mark]:
    """The deploy's successes, and its failures by another team than the charged."""
    found: list[_Mark] = []
    for fact in facts:
        if is_success(fact):
            found.append(_Mark(fact.time, fact.entity, fact.time))
        elif is_failure(fact):
            named = fact.fields.get("cause_teams", ())
            causes = tuple(sorted({directory.named(name) for name in named}))
            team = charged(fact.time)
            if any(cause != team for cause in causes):
                calendar = directory.calendar(team)
                cap = capped(fact.time, FOREVER, calendar, FAILURE_CAP)
                found.append(_Mark(fact.time, fact.entity, cap, causes))
    return found
