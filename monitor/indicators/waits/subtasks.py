"""When the sub-tasks of an item are worked on: what they wait for counts only then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from monitor.domain.facts import Kind
from monitor.domain.items import FOREVER, ItemFacts
from monitor.indicators.items.flight import put_back
from monitor.indicators.waits.intervals import Mark, Span, spans

_FINAL: Final = (Kind.TICKET_DONE, Kind.TICKET_CANCELLED)
_LEAVES: Final = (*_FINAL, Kind.TICKET_PARKED)
_ENTERS: Final = (Kind.TICKET_STARTED, Kind.TICKET_ACCEPTED, Kind.TICKET_REOPENED)
_ALWAYS: Final[Sequence[Span]] = ((-FOREVER, FOREVER),)


class Subtask(NamedTuple):
    """Where a sub-task is not over and not parked; ``finals`` is when it was over."""

    spans: Sequence[Span]
    finals: Sequence[int]


# One that is never over, which the item itself is for this: it has its flights.
UNENDING: Final = Subtask(_ALWAYS, ())


def subtasks_of(item: ItemFacts) -> Mapping[str, Subtask]:
    """Those that were over or parked at any time, by entity; mostly none.

    Indicators 1.6: done and cancelled close all waits for good, parked suspends them,
    and links and requests, which are states, revive when it is taken up again.
    """
    marks: dict[str, list[Mark]] = {}
    finals: dict[str, list[int]] = {}
    for fact in item.of(*_LEAVES):
        if fact.entity != item.key:
            marks.setdefault(fact.entity, [(-FOREVER, True)]).append((fact.time, False))
            if fact.kind in _FINAL:
                finals.setdefault(fact.entity, []).append(fact.time)
    back = put_back(item.of(Kind.TICKET_REOPENED)) if marks else ()
    for fact in item.of(*_ENTERS) if marks else ():
        if fact.entity in marks and (fact.entity, fact.time) not in back:
            marks[fact.entity].append((fact.time, True))
    return {
        entity: Subtask(spans(own), finals.get(entity, ()))
        for entity, own in marks.items()
    }
