"""Signal 3: internal interfaces are hard to use, undocumented or unstable.

Per provider u and consuming team, in 28 days: how-to tickets, reopenings that u caused,
and failed runs, failed deploys and incidents that u caused. The ratio is how many such
troubles each of at least three consumers of one provider had: the third-largest count,
of the worst provider. On at 2; or when at least 0.3 of the cost that names u is on
pairs declared X-as-a-Service, where nobody should have to wait. Unit: troubles per
consumer. Source: indicators 3, row 3.

It does not say that a much used service is a bad one: it is counted per consumer. A new
service has questions; exempt it by name until a date.

>>> spread([5, 3, 2, 1])
2
>>> spread([40, 1])
0
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Final

from monitor.domain.marks import Mark, Sort
from monitor.domain.signal_rules import Signal
from monitor.indicators.signals.history import History, Window, window
from monitor.indicators.signals.judging import (
    Evidence,
    Reading,
    at_least,
    either,
    listed,
)

DAYS: Final = 28
CONSUMERS: Final = 3
THRESHOLD: Final = Fraction(2)
SERVICE_SHARE: Final = Fraction(3, 10)
# Less cost than this on a provider's service pairs is no broken promise: 4 hours.
FEWEST_SECONDS: Final = 14_400
_SIGNAL: Final = Signal.HARD_INTERFACES

# Troubles by provider, then by consumer.
_Troubles = dict[str, dict[str, list[Mark]]]


def spread(counts: Iterable[int]) -> int:
    """What at least three consumers each reach; 0 with fewer consumers."""
    ordered = sorted(counts, reverse=True)
    return ordered[CONSUMERS - 1] if len(ordered) >= CONSUMERS else 0


def reading(history: History, day: int) -> Reading:
    """The signal when the day has ended."""
    span = window(day, DAYS)
    troubles = _troubles(history, span, day)
    spreads = {
        provider: spread(map(len, consumers.values()))
        for provider, consumers in troubles.items()
    }
    known = any(history.knows(sort, span) for sort in (Sort.TROUBLE, Sort.HOW_TO))
    worst = Fraction(max(spreads.values(), default=0)) if known else None
    shares = _service_shares(history, span, day)
    parts = (
        at_least("troubles per consumer", worst, THRESHOLD),
        at_least(
            "share on services", max(shares.values(), default=None), SERVICE_SHARE
        ),
    )
    judged = either(*(part.judged for part in parts))
    evidence = (*_troubled(troubles, spreads), *_broken(shares))
    return Reading(worst, THRESHOLD, parts, judged, evidence)


def _troubles(history: History, span: Window, day: int) -> _Troubles:
    found: _Troubles = {}
    for sort in (Sort.HOW_TO, Sort.TROUBLE):
        for mark in history.began(sort, span):
            provider = mark.on_team
            # Whom nobody knows may be many teams at once.
            if history.directory.team(mark.team) and not history.rules.is_exempt(
                _SIGNAL, day, team=mark.team, subject=provider
            ):
                consumers = found.setdefault(provider, {})
                consumers.setdefault(mark.team, []).append(mark)
    return found


def _service_shares(history: History, span: Window, day: int) -> dict[str, Fraction]:
    """Per provider the share of its named cost that is on declared service pairs."""
    waited = history.waited_by_promise(span)
    shares: dict[str, Fraction] = {}
    for (provider, is_promised), amount in waited.items():
        if not is_promised or history.rules.is_exempt(_SIGNAL, day, subject=provider):
            continue
        if history.daily.cost_seconds(amount) >= FEWEST_SECONDS:
            whole = amount + waited[(provider, False)]
            shares[provider] = Fraction(amount, whole)
    return shares


def _troubled(troubles: _Troubles, spreads: Mapping[str, int]) -> list[Evidence]:
    found: list[Evidence] = []
    for provider, consumers in sorted(troubles.items()):
        if spreads[provider] == 0:
            continue
        marks = [mark for some in consumers.values() for mark in some]
        marks.sort(key=lambda mark: (-mark.start, mark))
        found.append(
            Evidence(
                f"using {provider}",
                listed(sorted(consumers)),
                listed(mark.item for mark in marks),
                len(marks),
                Fraction(spreads[provider]),
            )
        )
    return found


def _broken(shares: Mapping[str, Fraction]) -> list[Evidence]:
    return [
        Evidence(f"waiting for {provider} as a service", (provider,), value=share)
        for provider, share in sorted(shares.items())
    ]
