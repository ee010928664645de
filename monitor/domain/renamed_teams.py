"""Stored results under the ids that teams have now, where facts can tell them no more.

Of a sealed item only its timelines are left, of a sealed blocker what it told those
who waited for it. Both name teams by the ids they had then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from monitor.domain.items import Profile
from monitor.domain.marks import Mark
from monitor.domain.sealed import Sealed
from monitor.domain.teams import Schedule, Since
from monitor.domain.timeline import Segment, Sort, Timeline

# The id of now by each that a team had before, folded.
Formerly = Mapping[str, str]


def name_under(formerly: Formerly, name: str) -> str:
    """The id that the team of this name has now; any other name as it is."""
    return formerly.get(name.strip().casefold(), name)


def sealed_under(formerly: Formerly, sealed: Sealed) -> Sealed:
    """The sealed item with the ids of now."""
    if not formerly:
        return sealed
    return sealed._replace(
        timelines=tuple(_timeline(formerly, one) for one in sealed.timelines),
        marks=_marks(formerly, sealed.marks),
    )


def profile_under(formerly: Formerly, profile: Profile) -> Profile:
    """What a blocker told, with the ids of now."""
    now = partial(name_under, formerly)
    return profile._replace(
        owner=_schedule(formerly, profile.owner),
        assignee=_schedule(formerly, profile.assignee),
        freezes=tuple(
            one._replace(team=now(one.team), teams=tuple(map(now, one.teams)))
            for one in profile.freezes
        ),
        reds=tuple(
            one._replace(teams=tuple(map(now, one.teams))) for one in profile.reds
        ),
        shipped=tuple(one._replace(team=now(one.team)) for one in profile.shipped),
    )


def _schedule(formerly: Formerly, schedule: Schedule) -> Schedule:
    return tuple(Since(one.start, name_under(formerly, one.team)) for one in schedule)


def _timeline(formerly: Formerly, timeline: Timeline) -> Timeline:
    """The timeline with the ids of now; of two that became one nothing between them."""
    now = partial(name_under, formerly)
    waits = (
        one._replace(team=now(one.team), on_team=now(one.on_team))
        for one in timeline.waits
    )
    tallies = (
        one._replace(team=now(one.team), on_team=now(one.on_team))
        for one in timeline.tallies
    )
    return Timeline(
        timeline.item,
        tuple(_segment(formerly, one) for one in timeline.segments),
        tuple(one for one in waits if one.team != one.on_team),
        tuple(one for one in tallies if one.team != one.on_team),
        tuple(one._replace(team=now(one.team)) for one in timeline.measures),
    )


def _segment(formerly: Formerly, segment: Segment) -> Segment:
    now = partial(name_under, formerly)
    named = segment._replace(
        team=now(segment.team),
        on_team=now(segment.on_team),
        calendar=now(segment.calendar),
    )
    if named.sort is not Sort.WAIT or named.team != named.on_team:
        return named
    return named._replace(
        sort=Sort.UNACCRUED, on_team="", component="", phase="internal"
    )


def _marks(formerly: Formerly, marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """The marks with the ids of now, without what a team says of itself."""
    now = partial(name_under, formerly)
    named = (
        mark._replace(team=now(mark.team), on_team=now(mark.on_team)) for mark in marks
    )
    return tuple(one for one in named if not one.on_team or one.team != one.on_team)
