"""``teams.yaml``: its text as a directory, or every mistake in it with its line.

A file with mistakes is refused whole: half a directory would move cost silently
from the teams that are left out to ``unknown``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import zoneinfo
from collections.abc import Callable
from fractions import Fraction
from typing import Final, TypeVar

from pydantic import ValidationError

from monitor.directory.claims import claims_of
from monitor.directory.consistency import mistakes_between
from monitor.directory.dates import instant_of
from monitor.directory.file_directory import FileDirectory
from monitor.directory.mistakes import Mistake, mistakes_of
from monitor.directory.patterns import folded
from monitor.directory.teams_model import CalendarEntry, TeamEntry, TeamsFile
from monitor.directory.teams_tree import zone_of
from monitor.directory.yaml_tree import Tree, read_tree
from monitor.domain.teams import BEGINNING, Organisation, Team
from monitor.domain.working_time import Hours, calendar_of

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Keys under which a value may be a person: never shown in a mistake.
_PEOPLE: Final = frozenset({"members", "roles"})


_Made = TypeVar("_Made", bound=FileDirectory)


def parse(text: str) -> FileDirectory | tuple[Mistake, ...]:
    """The directory a teams file describes, or all its mistakes by line.

    Never raises, whatever the text.
    """
    return parsed(text, FileDirectory, hash_of(text))


def parsed(
    text: str, make: Callable[..., _Made], hashed: str
) -> _Made | tuple[Mistake, ...]:
    """As ``parse``, for what takes the arguments of `FileDirectory`; ``hashed`` too."""
    tree = read_tree(text)
    if not tree.complete:
        return tuple(tree.mistakes)
    if not isinstance(tree.value, dict):
        form = "should be a mapping with the keys version, organisation and teams"
        return (*tree.mistakes, Mistake(1, "", form))
    claims, wrong = claims_of(tree)
    file, within = _validated(tree)
    between = mistakes_between(claims, tree)
    mistakes = {*tree.mistakes, *wrong, *within, *between}
    if file is None or mistakes:
        return tuple(sorted(mistakes))
    organisation = _organisation(file)
    return make(
        hash=hashed,
        organisation=organisation,
        teams=_teams(file, organisation, zone_of(tree.value)),
        claims=claims,
        roles=_roles(file),
    )


def hash_of(text: str) -> str:
    """Twelve hexadecimal digits that tell one file's text from another's."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _validated(tree: Tree) -> tuple[TeamsFile | None, list[Mistake]]:
    try:
        return TeamsFile.model_validate(tree.value), []
    except ValidationError as error:
        found = error.errors(include_url=False)
        wrong = mistakes_of(found, TeamsFile, tree.value, tree.lines, secret=_PEOPLE)
        return None, wrong


def _hours(entry: CalendarEntry, base: Hours) -> Hours:
    """The base calendar with every key the entry has put in its place."""
    opens, closes = base.opens, base.closes
    if entry.hours is not None:
        opens, closes = (_minutes(text) for text in entry.hours)
    days, holidays = base.days, base.holidays
    if entry.days is not None:
        days = tuple(sorted({_DAYS.index(day) for day in entry.days}))
    if entry.holidays is not None:
        holidays = frozenset(dt.date.fromisoformat(day) for day in entry.holidays)
    return Hours(entry.zone or base.zone, days, opens, closes, holidays)


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _organisation(file: TeamsFile) -> Organisation:
    entry = file.organisation
    return Organisation(
        name=entry.name,
        engineer_cost_per_hour=entry.engineer_cost_per_hour,
        currency=entry.currency,
        budget=entry.budget,
        platform_pms=entry.platform.pms,
        platform_domains=tuple(entry.platform.domains),
        calendar=calendar_of(_hours(entry.calendar, Hours())),
    )


def _teams(
    file: TeamsFile, organisation: Organisation, zone: zoneinfo.ZoneInfo
) -> dict[str, Team]:
    base = organisation.calendar.hours
    return {
        entry.id: Team(
            id=entry.id,
            kind=entry.kind or "stream",
            kind_defaulted=entry.kind is None,
            domain=entry.domain or "",
            headcount=_headcount(entry, zone),
            calendar=calendar_of(_hours(entry.calendar or CalendarEntry(), base)),
            absence_share=_absence_share(entry, file),
            formerly=tuple(entry.formerly or ()),
        )
        for entry in file.teams
    }


def _absence_share(entry: TeamEntry, file: TeamsFile) -> Fraction:
    own = entry.absence_share
    share = file.organisation.absence_share if own is None else own
    # As written: the float beside it is not that number.
    return Fraction(str(share))


def _headcount(
    entry: TeamEntry, zone: zoneinfo.ZoneInfo
) -> tuple[tuple[int, float], ...] | None:
    if entry.headcount is None:
        return None
    dated: list[tuple[int, float]] = []
    for part in entry.headcount:
        start = instant_of(part.since, zone) if part.since is not None else BEGINNING
        assert isinstance(start, int)
        dated.append((start, float(part.value)))
    return tuple(sorted(dated))


def _roles(file: TeamsFile) -> dict[str, str]:
    by_role = file.organisation.roles.model_dump()
    return {
        folded(person): role for role, people in by_role.items() for person in people
    }
