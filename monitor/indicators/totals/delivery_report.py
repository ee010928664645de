"""Delivery and flow as ``friction evaluate`` prints them: one object for each team.

All keys are always present; what cannot be known is ``None``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from monitor.domain.teams import EXTERNAL
from monitor.domain.timeline import Measured, Timeline
from monitor.domain.working_time import DAY, SECOND
from monitor.indicators.delivery.shipping import NO_CAUSE, OTHER_TEAM, OWN
from monitor.indicators.totals.deliveries import (
    LITTLE_WINDOW,
    QUEUE_LIMIT,
    QUEUE_WINDOW,
    Delivery,
    Little,
    deliveries_of,
    little_of,
    measures_until,
    quantile,
    together,
)
from monitor.indicators.totals.instant import Totals

Document = dict[str, object]

_HALF: Final = Fraction(1, 2)
_CAUSES: Final = (OWN, OTHER_TEAM, EXTERNAL)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What was delivered in a window, and in the windows that two checks have.

    ``deploying`` are the teams of which any deploy was told up to ``at``, in the
    window or before: of others nobody knows whether they deploy.
    """

    start: int | None
    at: int
    deploying: frozenset[str]
    teams: Mapping[str, Delivery]
    queues: Mapping[str, Delivery]
    little: Mapping[str, Little]

    @property
    def days(self) -> Fraction | None:
        """How long the window is by the wall, from when anything was known."""
        if self.start is None or self.start >= self.at:
            return None
        return Fraction(self.at - self.start, DAY)

    def a_day(self, one: Delivery) -> Fraction | None:
        """Successful deploys a day, of the days of which anything is known.

        Those of before are not counted, either. Of less than a day it would tell what
        a day might have been.
        """
        days = self.days
        if self.start is None or days is None or days < 1:
            return None
        return one.deploys_since(self.start) / days


def delivered_at(
    timelines: Sequence[Timeline],
    first: int | None,
    at: int,
    window: int | None,
    told_since: int = 0,
) -> Delivered:
    """What every team delivered; ``first`` is when anything first accrued.

    Nothing is taken to be known of the time before ``told_since``: what is told later
    of it is the past of what is told of.
    """
    measures = measures_until(timelines, at)
    known = [measure.time for measure in measures]
    begun = min([*known, *([first] if first is not None else [])], default=None)
    if begun is not None:
        begun = max(begun, told_since)
    since = None if window is None else at - window
    start = begun if since is None or begun is None else max(since, begun)
    checked = at if begun is None else max(begun, at - LITTLE_WINDOW)
    return Delivered(
        start,
        at,
        frozenset(one.team for one in measures if one.name is Measured.DEPLOYS),
        deliveries_of(timelines, since, at),
        deliveries_of(timelines, at - QUEUE_WINDOW, at),
        little_of(measures, checked, at) if checked < at else {},
    )


def team_delivery(found: Delivered, team: str) -> Document:
    """DORA's five of one team, by the wall."""
    one = found.teams.get(team, Delivery())
    return _delivery(one, found.a_day(one) if team in found.deploying else None)


def organisation_delivery(found: Delivered) -> Document:
    """The same of all teams together."""
    one = together(found.teams.values())
    return _delivery(one, found.a_day(one) if found.deploying else None)


def team_flow(found: Delivered, team: str, totals: Totals) -> Document:
    """The flow of one team; efficiency in its working time, all else by the wall."""
    little = found.little.get(team)
    return _flow(found.teams.get(team, Delivery()), *_worked(totals, team)) | {
        "queue": _queue(found.queues.get(team, Delivery())),
        "little": {
            "load": float(little.load) if little else None,
            "expected": float(little.expected) if little else None,
            "holds": little.holds if little else None,
        },
    }


def organisation_flow(found: Delivered, totals: Totals) -> Document:
    """Flow of all teams together; both checks are of single teams."""
    return _flow(together(found.teams.values()), *_worked(totals, None))


def _delivery(one: Delivery, a_day: Fraction | None) -> Document:
    """``a_day`` are its successful deploys; absent where none ever was known."""
    deploys = one.by_label(Measured.DEPLOYS)
    failed = {cause: deploys.get(cause, 0) for cause in _CAUSES}
    every = sum(deploys.values())
    unplanned = one.count(Measured.UNPLANNED)
    between = quantile(one.between_deploys(), _HALF)
    return {
        "deploys": {
            "succeeded": deploys.get(NO_CAUSE, 0),
            "failed": failed,
            "unplanned": unplanned,
        },
        "deploys_per_day": None if a_day is None else float(a_day),
        "median_seconds_between_deploys": _seconds(between),
        "change_fail_rate": _share(sum(failed.values()), every),
        "own_change_fail_rate": _share(failed[OWN], every),
        "rework_rate": _share(unplanned, every),
        "lead_time_seconds": _spans(one.timed(Measured.LEAD_TIME), 90),
        "recovery_seconds": _spans(one.timed(Measured.RECOVERY), 90),
    }


def _flow(one: Delivery, active: int, waited: int) -> Document:
    done = one.by_label(Measured.DONE)
    return {
        "done": sum(done.values()),
        "done_by_class": done,
        "time_seconds": _spans(one.timed(Measured.FLOW_TIME), 85),
        "efficiency": _share(active, active + waited),
        "in_flight": one.count(Measured.IN_FLIGHT),
    }


def _worked(totals: Totals, team: str | None) -> tuple[int, int]:
    """Active and waiting time of a team, or of all; response is neither."""
    active = sum(
        amount
        for (charged, _), amount in totals.active.items()
        if team in (None, charged)
    )
    waited = sum(
        amount
        for (charged, _, _, phase), amount in totals.waits.items()
        if team in (None, charged) and phase != "response"
    )
    return active, waited


def _queue(one: Delivery) -> Document:
    """Requests to the team in 28 days: more opened than closed makes age grow."""
    opened = one.count(Measured.REQUESTS_OPENED)
    closed = one.count(Measured.REQUESTS_CLOSED)
    return {
        "opened": opened,
        "closed": closed,
        "growth": _share(opened, closed),
        "growing": opened > QUEUE_LIMIT * closed,
    }


def _spans(spans: Sequence[int], high: int) -> Document:
    return {
        "count": len(spans),
        "p50": _seconds(quantile(spans, _HALF)),
        f"p{high}": _seconds(quantile(spans, Fraction(high, 100))),
    }


def _seconds(span: Fraction | None) -> float | None:
    return None if span is None else float(span / SECOND)


def _share(part: int, whole: int) -> float | None:
    return float(Fraction(part, whole)) if whole else None
