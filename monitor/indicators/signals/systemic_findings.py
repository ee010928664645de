"""Signal 7: security, compliance and performance need systemic answers.

The share of findings, open at any time in 90 days, whose class (CWE, control, budget)
is open in at least three teams, with at least two distinct findings. On at 0.3 with at
least three such classes. Unit: none. Source: indicators 3, row 7.

It does not say that a team is unsafe. One famous flaw that hits everybody is one
finding in many teams, not a class that returns: hence the two.

Six findings; three teams have one of class A each, two of them the same flaw:

>>> recurring([("A", "x", "t1"), ("A", "x", "t2"), ("A", "y", "t3"),
...            ("B", "z", "t1"), ("B", "z", "t2"), ("B", "z", "t3")])
{'A'}
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from monitor.domain.marks import Mark, Sort
from monitor.domain.signal_rules import Signal
from monitor.domain.teams import RESERVED
from monitor.indicators.signals.history import History, window
from monitor.indicators.signals.judging import (
    Evidence,
    Reading,
    at_least,
    both,
    listed,
)

DAYS: Final = 90
TEAMS: Final = 3
FINDINGS: Final = 2
THRESHOLD: Final = Fraction(3, 10)
CLASSES: Final = Fraction(3)
_SIGNAL: Final = Signal.SYSTEMIC_FINDINGS


def recurring(findings: Iterable[tuple[str, str, str]]) -> set[str]:
    """The classes in enough teams, with enough findings: of (class, finding, team)."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for class_, finding, team in findings:
        whats, teams = found.setdefault(class_, (set(), set()))
        whats.add(finding)
        teams.add(team)
    return {
        class_
        for class_, (whats, teams) in found.items()
        if len(teams) >= TEAMS and len(whats) >= FINDINGS
    }


def reading(history: History, day: int) -> Reading:
    """The signal when the day has ended."""
    marks = _findings(history, day)
    classes = recurring((mark.word, mark.detail, mark.team) for mark in marks)
    by_class: dict[str, list[Mark]] = {class_: [] for class_ in sorted(classes)}
    for mark in marks:
        if mark.word in by_class:
            by_class[mark.word].append(mark)
    several = sum(map(len, by_class.values()))
    share = Fraction(several, len(marks)) if marks else None
    count = Fraction(len(classes)) if marks else None
    parts = (at_least("share", share, THRESHOLD), at_least("classes", count, CLASSES))
    judged = both(*(part.judged for part in parts))
    return Reading(share, THRESHOLD, parts, judged, _evidence(by_class))


def _findings(history: History, day: int) -> list[Mark]:
    """What was found at teams, each once however often it was opened again."""
    found: dict[tuple[str, str, str], Mark] = {}
    for mark in history.open_in(Sort.FINDING, window(day, DAYS)):
        exempt = history.rules.is_exempt(
            _SIGNAL, day, team=mark.team, subject=mark.word
        )
        if mark.team not in RESERVED and not exempt:
            found.setdefault((mark.word, mark.detail, mark.team), mark)
    return list(found.values())


def _evidence(by_class: dict[str, list[Mark]]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            f"class {class_}",
            listed(sorted({mark.team for mark in marks})),
            listed(mark.item for mark in reversed(marks)),
            len(marks),
        )
        for class_, marks in by_class.items()
    )
