"""Signal 1: the same problem is solved in different ways.

Per capability k, with p_j the share of the stream teams that use implementation j and
T_k their number: ``D_k = (1 / sum p_j^2 - 1) / (T_k - 1)``, from 0 (all alike) to 1
(all different). The ratio is the mean D_k over capabilities that at least three teams
use, in 90 days. On at D >= 0.5, or when three components each have platform tickets of
at least three teams. Unit: none. Source: indicators 3, row 1.

It does not say that teams should be alike: mobile and data may need other ways, and a
migration half done looks the same. Both are exempt while somebody declares it, with an
end date.

Two teams on one pipeline template, two on others of their own: shares 1/2, 1/4, 1/4,
so 1 / (3/8) = 8/3 effective ways among four teams, and D = (8/3 - 1) / 3:

>>> diversity({"a": ["shared"], "b": ["shared"], "c": ["own"], "d": ["other"]})
Fraction(5, 9)
>>> diversity({"a": ["shared"], "b": ["shared"], "c": ["shared"]})
Fraction(0, 1)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Final

from monitor.domain.marks import Mark, Sort
from monitor.domain.signal_rules import Signal
from monitor.indicators.signals.history import History, window
from monitor.indicators.signals.judging import (
    Evidence,
    Reading,
    at_least,
    either,
    listed,
)

DAYS: Final = 90
TEAMS: Final = 3
THRESHOLD: Final = Fraction(1, 2)
CLUSTERS: Final = Fraction(3)
_SIGNAL: Final = Signal.DIFFERENT_WAYS

# Of one capability: the implementations each team uses.
_Ways = Mapping[str, Collection[str]]


def diversity(ways: _Ways) -> Fraction:
    """D of one capability. A team that has several ways is split between them."""
    shares: dict[str, Fraction] = {}
    for used in ways.values():
        for implementation in used:
            share = shares.get(implementation, Fraction(0))
            shares[implementation] = share + Fraction(1, len(used) * len(ways))
    teams = len(ways)
    squares = sum((share * share for share in shares.values()), Fraction(0))
    return (1 / squares - 1) / (teams - 1)


def reading(history: History, day: int) -> Reading:
    """The signal when the day has ended."""
    ways = {
        capability: used
        for capability, used in _ways(history, day).items()
        if len(used) >= TEAMS
    }
    found = {capability: diversity(used) for capability, used in ways.items()}
    mean = sum(found.values(), Fraction(0)) / len(found) if found else None
    topics = _clusters(history, day)
    known = history.knows(Sort.TOPIC, window(day, DAYS))
    count = Fraction(len(topics)) if known else None
    parts = (
        at_least("diversity", mean, THRESHOLD),
        at_least("clusters", count, CLUSTERS),
    )
    judged = either(*(part.judged for part in parts))
    evidence = (*_different(ways, found), *_asked_for(topics))
    return Reading(mean, THRESHOLD, parts, judged, evidence)


def _different(
    ways: Mapping[str, _Ways], found: Mapping[str, Fraction]
) -> list[Evidence]:
    return [
        Evidence(
            f"{capability}: {', '.join(sorted(set().union(*used.values())))}",
            listed(sorted(used)),
            number=len(used),
            value=found[capability],
        )
        for capability, used in sorted(ways.items())
        if found[capability] > 0
    ]


def _asked_for(topics: Mapping[str, list[Mark]]) -> list[Evidence]:
    return [
        Evidence(
            f"component {component}",
            listed(sorted({mark.team for mark in marks})),
            listed(mark.item for mark in reversed(marks)),
            len(marks),
        )
        for component, marks in sorted(topics.items())
    ]


def _ways(history: History, day: int) -> dict[str, dict[str, set[str]]]:
    """Per capability the ways of each stream team that is not exempt."""
    found: dict[str, dict[str, set[str]]] = {}
    for mark in history.open_in(Sort.USE, window(day, DAYS)):
        if history.is_stream(mark.team) and not history.rules.is_exempt(
            _SIGNAL, day, team=mark.team, subject=mark.word
        ):
            teams = found.setdefault(mark.word, {})
            teams.setdefault(mark.team, set()).add(mark.detail)
    return found


def _clusters(history: History, day: int) -> dict[str, list[Mark]]:
    """Components for which at least three stream teams opened platform tickets."""
    found: dict[str, list[Mark]] = {}
    for mark in history.began(Sort.TOPIC, window(day, DAYS)):
        if history.is_stream(mark.team) and not history.rules.is_exempt(
            _SIGNAL, day, team=mark.team, subject=mark.word
        ):
            found.setdefault(mark.word, []).append(mark)
    return {
        component: marks
        for component, marks in found.items()
        if len({mark.team for mark in marks}) >= TEAMS
    }
