"""Dates of claims, and dated claims as a schedule of teams.

A date is local midnight in the organisation's zone; an instant is RFC 3339 with
its zone. A span holds from its start up to, not including, its end; an absent end
means always.
"""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from monitor.domain.teams import BEGINNING, UNKNOWN, Schedule, Since
from monitor.domain.working_time import to_ms

# After every instant: the end of what has no end.
ENDLESS: Final = 2**62

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
    r"([Zz]|[-+][0-9]{2}:[0-9]{2})"
)
EARLIEST: Final = 1970
LATEST: Final = 2199


class Span(NamedTuple):
    """From ``start`` up to ``end``, milliseconds UTC."""

    start: int = BEGINNING
    end: int = ENDLESS

    def covers(self, instant: int) -> bool:
        """Whether the instant is inside."""
        return self.start <= instant < self.end

    def overlaps(self, other: Span) -> bool:
        """Whether some instant is in both."""
        return self.start < other.end and other.start < self.end


ALWAYS: Final = Span()


def instant_of(text: str, zone: zoneinfo.ZoneInfo) -> int | str:
    """Milliseconds UTC of a date or an instant, or what is wrong with the text."""
    try:
        if _DATE.fullmatch(text):
            day = dt.date.fromisoformat(text)
            moment = dt.datetime(day.year, day.month, day.day, tzinfo=zone)
        elif _INSTANT.fullmatch(text):
            moment = dt.datetime.fromisoformat(text.upper())
        else:
            return "should be a date (2026-01-31) or an instant with its zone"
        if EARLIEST <= moment.year <= LATEST:
            return to_ms(moment.astimezone(dt.UTC))
    except ValueError:
        return "is no day of the calendar, or no time of the day"
    return f"should be between {EARLIEST} and {LATEST}"


class Held(NamedTuple):
    """A team holds something during a span; the greater strength wins."""

    strength: tuple[int, ...]
    span: Span
    team: str


def to_schedule(claims: Iterable[Held]) -> Schedule | None:
    """Who holds it when: of the claims in force the strongest.

    ``unknown`` where no claim is in force, and where equally strong claims name
    different teams; ``None`` without any claim.
    """
    held = sorted(claims, key=lambda claim: claim.strength, reverse=True)
    if not held:
        return None
    cuts = {BEGINNING}
    for claim in held:
        cuts.update((claim.span.start, claim.span.end))
    cuts.discard(ENDLESS)
    return joined((cut, _strongest(held, cut)) for cut in sorted(cuts))


def _strongest(held: Sequence[Held], instant: int) -> str:
    in_force = [claim for claim in held if claim.span.covers(instant)]
    if not in_force:
        return UNKNOWN
    best = in_force[0].strength
    teams = {claim.team for claim in in_force if claim.strength == best}
    return teams.pop() if len(teams) == 1 else UNKNOWN


def joined(entries: Iterable[tuple[int, str]]) -> Schedule:
    """Entries in order of time as a schedule: neighbours of one team are one."""
    schedule: list[Since] = []
    for start, team in entries:
        if not schedule or schedule[-1].team != team:
            schedule.append(Since(start, team))
    return tuple(schedule)
