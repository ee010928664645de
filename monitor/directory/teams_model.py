"""The form of ``teams.yaml``: what a file may say, before anything is resolved.

These models judge each value alone; what several values say together (a team named
twice, two claims on one repository) is judged in ``consistency``. The JSON Schema
in ``schemas/`` is made from them.
"""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from monitor.directory.dates import instant_of
from monitor.directory.patterns import folded, is_glob
from monitor.domain.teams import RESERVED, TeamKind
from monitor.domain.timeline import WALL

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME_OF_DAY: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_HANDLE: Final = re.compile(r"[^:\s]+:\S+")
_UTC: Final = zoneinfo.ZoneInfo("UTC")

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("should not contain control characters")
    if text != text.strip() or not text:
        raise ValueError("should not be empty, nor begin or end with a blank")
    return text


def _team_id(text: str) -> str:
    if folded(text) in RESERVED | {WALL}:
        raise ValueError(f"'{text}' is a reserved id: choose another")
    if ":" in text:
        raise ValueError("should not contain a colon")
    return text


def _zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError) as error:
        raise ValueError(f"'{name}' is no time zone (as in Europe/Berlin)") from error
    return name


def _time_of_day(text: str) -> str:
    if not _TIME_OF_DAY.fullmatch(text):
        raise ValueError(f"'{text}' is no time of the day: write it as \"09:00\"")
    return text


def _opening(hours: list[str]) -> list[str]:
    if len(hours) != 2:
        raise ValueError('should be two times: ["09:00", "17:00"]')
    if hours[0] >= hours[1]:
        raise ValueError(f"{hours[0]} is not before {hours[1]}")
    return hours


def _holiday(text: str) -> str:
    if _DATE.fullmatch(text):
        try:
            dt.date.fromisoformat(text)
        except ValueError as error:
            raise ValueError(f"'{text}' is no day of the calendar") from error
        return text
    raise ValueError(f"'{text}' is no date (as in 2026-12-25)")


def _moment(text: str) -> str:
    found = instant_of(text, _UTC)
    if isinstance(found, int):
        return text
    raise ValueError(f"'{text}' {found}")


def _handle(text: str) -> str:
    if not _HANDLE.fullmatch(text):
        raise ValueError("should be provider:id, as in github:octocat")
    return text


def _dated_number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return [{"value": value}]


def _dated_handle(value: Any) -> Any:
    return {"person": value} if isinstance(value, str) else value


def _dated_consumer(value: Any) -> Any:
    return {"team": value} if isinstance(value, str) else value


def _project(text: str) -> str:
    if is_glob(text):
        raise ValueError("a project key has no wildcard")
    return text


Text = Annotated[str, Field(max_length=200), AfterValidator(_printable)]
TeamId = Annotated[Text, AfterValidator(_team_id)]
Handle = Annotated[Text, AfterValidator(_handle)]
Moment = Annotated[
    str,
    AfterValidator(_moment),
    Field(examples=["2026-01-31", "2026-01-31T09:00:00Z"]),
]
Project = Annotated[Text, AfterValidator(_project)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class CalendarEntry(_Strict):
    """Working hours; what is absent is taken from the organisation."""

    zone: Annotated[Text, AfterValidator(_zone)] | None = None
    days: Annotated[list[Day], Field(min_length=1)] | None = None
    hours: (
        Annotated[
            list[Annotated[str, AfterValidator(_time_of_day)]], AfterValidator(_opening)
        ]
        | None
    ) = None
    holidays: list[Annotated[str, AfterValidator(_holiday)]] | None = None


class _Dated(_Strict):
    """Holds from its first day up to, not including, its last; absent: always."""

    since: Moment | None = Field(None, alias="from")
    until: Moment | None = Field(None, alias="to")


class PathEntry(_Strict):
    """A part of a repository, by a CODEOWNERS-like pattern."""

    repo: Text
    pattern: Text


REFERENCES: Final = (
    "repo",
    "path",
    "jira",
    "project",
    "service",
    "pool",
    "group",
    "pipeline",
)


class OwnsEntry(_Dated):
    """One reference the team owns; exactly one of the keys beside the dates."""

    repo: Text | None = Field(None, description="owner/name, may have * and ?")
    path: PathEntry | None = None
    jira: Project | None = Field(None, description="tracker project key")
    project: Project | None = Field(None, description="tracker project key")
    service: Text | None = None
    pool: Text | None = Field(None, description="runner group or label")
    group: Text | None = Field(None, description="reviewer or approver group")
    pipeline: Text | None = Field(None, description="owner/repo/workflow/job")

    @model_validator(mode="after")
    def _one_reference(self) -> Self:
        named = [name for name in REFERENCES if getattr(self, name) is not None]
        if len(named) != 1:
            given = f"not {', '.join(named)}" if named else "here is none"
            raise ValueError(f"names one of {', '.join(REFERENCES)}; {given}")
        return self


class MemberEntry(_Dated):
    """A person's membership. The handle is used to find teams, and kept nowhere."""

    person: Handle


class ConsumerEntry(_Dated):
    """Who is served X-as-a-Service, without having to wait; ``*``: every team."""

    team: Text


class HeadcountEntry(_Strict):
    """So many people from a day on; absent ``from``: from the beginning."""

    since: Moment | None = Field(None, alias="from")
    value: Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class TeamEntry(_Strict):
    """A team."""

    id: TeamId
    kind: TeamKind | None = None
    domain: Text | None = None
    headcount: (
        Annotated[
            list[HeadcountEntry],
            Field(min_length=1),
            BeforeValidator(
                _dated_number, json_schema_input_type=float | list[HeadcountEntry]
            ),
        ]
        | None
    ) = None
    calendar: CalendarEntry | None = None
    owns: list[OwnsEntry] | None = None
    members: (
        list[
            Annotated[
                MemberEntry,
                BeforeValidator(
                    _dated_handle, json_schema_input_type=str | MemberEntry
                ),
            ]
        ]
        | None
    ) = None
    as_a_service_to: (
        list[
            Annotated[
                ConsumerEntry,
                BeforeValidator(
                    _dated_consumer, json_schema_input_type=str | ConsumerEntry
                ),
            ]
        ]
        | None
    ) = None


class PlatformEntry(_Strict):
    """The platform organisation: product managers, and the domains it serves.

    Without ``pms`` nobody knows whether there are too few.
    """

    pms: Annotated[int, Field(ge=0, le=10_000)] | None = None
    domains: list[Text] = []


class RolesEntry(_Strict):
    """Who decides, as a coarse role; only the role is ever kept."""

    manager: list[Handle] = []
    director: list[Handle] = []
    architect: list[Handle] = []
    staff: list[Handle] = []


class OrganisationEntry(_Strict):
    """What holds for all teams."""

    name: Text = "organisation"
    engineer_cost_per_hour: (
        Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)] | None
    ) = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "EUR"
    budget: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = 0.20
    platform: PlatformEntry = PlatformEntry()
    calendar: CalendarEntry = CalendarEntry()
    roles: RolesEntry = RolesEntry()


class TeamsFile(_Strict):
    """Teams, and what they own: the whole of ``teams.yaml``."""

    version: Literal[1]
    organisation: OrganisationEntry = OrganisationEntry()
    teams: Annotated[list[TeamEntry], Field(min_length=1)]
