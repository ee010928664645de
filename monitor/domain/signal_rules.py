"""What is judged in the signals: names, exemptions, and ways of doing one thing."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, NamedTuple

from monitor.domain.behind_words import names_behind
from monitor.domain.working_time import DAY


class Signal(enum.StrEnum):
    """The seven signals of a platform that nobody looks after (indicators 3)."""

    DIFFERENT_WAYS = "different_ways"
    SLOW_TOOLING = "slow_tooling"
    HARD_INTERFACES = "hard_interfaces"
    LEADERS_DECIDE = "leaders_decide"
    PLATFORM_POSTPONED = "platform_postponed"
    UPKEEP_NEGLECTED = "upkeep_neglected"
    SYSTEMIC_FINDINGS = "systemic_findings"


SIGNALS: Final = tuple(Signal)


class Exemption(NamedTuple):
    """What is known and allowed for a while: a migration, a dated push, a new service.

    From ``start`` to ``until`` (milliseconds). ``team`` and ``subject`` (a
    capability, a component, a provider, a class of findings) narrow it; with neither
    the whole signal is annotated and not judged meanwhile. What labels say is lower
    case, and so is a ``subject`` that is no provider.
    """

    signal: Signal
    start: int
    until: int
    why: str
    team: str = ""
    subject: str = ""


class Way(NamedTuple):
    """Pipelines whose name matches the pattern do the capability in this way.

    Both are lower case, as on labels that tell ways.
    """

    capability: str
    pattern: str
    implementation: str


@dataclass(frozen=True, slots=True)
class SignalRules:
    """Exemptions with their end dates, and what pipelines tell of ways."""

    exemptions: tuple[Exemption, ...] = ()
    ways: tuple[Way, ...] = ()

    def why_not_judged(self, signal: Signal, day: int) -> str:
        """Why the whole signal is not judged on this day; empty where it is."""
        whole = (one for one in self._on(signal, day) if not (one.team or one.subject))
        return next((one.why for one in whole), "")

    def is_exempt(
        self, signal: Signal, day: int, *, team: str = "", subject: str = ""
    ) -> bool:
        """Whether this team, with this subject, is left out of the signal that day."""
        return any(
            (one.team or one.subject)
            and one.team in ("", team)
            and one.subject in ("", subject)
            for one in self._on(signal, day)
        )

    def ways_of(self, pipeline: str) -> tuple[tuple[str, str], ...]:
        """The capabilities a pipeline serves, each with its implementation.

        Of several patterns of one capability the first that matches counts.
        """
        found: dict[str, str] = {}
        for way in self.ways:
            if _matches(pipeline.lower(), way.pattern.lower()):
                found.setdefault(way.capability, way.implementation)
        return tuple(found.items())

    def _on(self, signal: Signal, day: int) -> Iterable[Exemption]:
        ends = (day + 1) * DAY
        return (
            one
            for one in self.exemptions
            if one.signal is signal and one.start < ends <= one.until
        )


USUAL_RULES: Final = SignalRules()


def _matches(pipeline: str, pattern: str) -> bool:
    """Also where a word stands for what the pattern has: it may be a branch's."""
    names = (pipeline, *names_behind(pipeline, pattern))
    return any(fnmatchcase(name, pattern) for name in names)
