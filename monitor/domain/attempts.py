"""Which attempt of a run each fact is of, also where it does not say so.

Some sources number only re-runs, or only some stages, and a gate knows no attempt.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from monitor.domain.facts import Fact, Kind
from monitor.domain.items import FOREVER

# A member of an enumeration costs ten times a global name.
_QUEUED: Final = frozenset({Kind.RUN_QUEUED})
_RAN: Final = frozenset({Kind.RUN_STARTED, Kind.RUN_FINISHED})
_ENDED: Final = frozenset({Kind.RUN_FINISHED})
_UNTOLD: Final = 0


def attempts_of(runs: Sequence[Fact]) -> Iterator[tuple[str, Sequence[Fact]]]:
    """The facts of each attempt, with their run; given and found in order of time.

    What names no attempt is of the first that is not over by then: that has not gone
    beyond this stage, and that no other has followed. If that one was queued later,
    it is of the attempt before; before a re-run that may be one that nobody names.
    """
    of_runs: dict[str, list[Fact]] = {}
    for run in runs:
        of_runs.setdefault(run.entity, []).append(run)
    for entity, facts in of_runs.items():
        for attempt in _attempts(facts):
            yield entity, attempt


def _attempts(facts: Sequence[Fact]) -> Iterator[Sequence[Fact]]:
    named: dict[int, list[Fact]] = {}
    for fact in facts:
        named.setdefault(_number(fact), []).append(fact)
    if len(named) == 1 or _UNTOLD not in named:
        yield from named.values()
        return
    del named[_UNTOLD]
    line = _line(named)
    numbers = [_number(fact) or line.number_of(fact) for fact in facts]
    placed = list(zip(numbers, facts, strict=True))
    if not any(n == _UNTOLD and fact.kind in _QUEUED for n, fact in placed):
        # Nothing opened an attempt before the first that is named.
        placed = [(number or min(named), fact) for number, fact in placed]
    found: dict[int, list[Fact]] = {}
    for number, fact in placed:
        found.setdefault(number, []).append(fact)
    yield from found.values()


def _number(fact: Fact) -> int:
    return fact.fields.get("attempt", _UNTOLD)


@dataclass(frozen=True, slots=True)
class _Line:
    """The named attempts of a run in order, and when the first so many were over."""

    numbers: Sequence[int]
    queued: Sequence[int]
    ran: Sequence[int]
    ended: Sequence[int]

    def number_of(self, fact: Fact) -> int:
        """The attempt of a fact that names none; 0 for one that nobody names."""
        over = self.ended if fact.kind in _ENDED else self.ran
        place = min(bisect_left(over, fact.time), len(over) - 1)
        if fact.time < self.queued[place] < FOREVER:
            place -= 1
        if place < 0:
            return _UNTOLD if self.numbers[0] > 1 else self.numbers[0]
        return self.numbers[place]


def _line(named: Mapping[int, Sequence[Fact]]) -> _Line:
    numbers = sorted(named)
    own = [named[number] for number in numbers]
    begun = [facts[0].time for facts in own]
    followed = [*accumulate(reversed(begun[1:]), min, initial=FOREVER)][::-1]

    def over(stage: frozenset[Kind]) -> list[int]:
        times = (_first(facts, stage) for facts in own)
        return [*accumulate(map(min, times, followed), max)]

    queued = [_first(facts, _QUEUED) for facts in own]
    return _Line(numbers, queued, over(_RAN), over(_ENDED))


def _first(facts: Sequence[Fact], stage: frozenset[Kind]) -> int:
    return min((fact.time for fact in facts if fact.kind in stage), default=FOREVER)
