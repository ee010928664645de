"""The form of ``teams.yaml``: what a file may say, before anything is resolved.

These models judge each value alone; what several values say together (a team named
twice, two claims on one repository) is judged in ``consistency``. The JSON Schema
in ``schemas/`` is made from them.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from monitor.directory.teams_values import (
    Currency,
    Handle,
    Holiday,
    JiraProject,
    Moment,
    Opening,
    Project,
    Repository,
    TeamId,
    Text,
    Zone,
    with_more,
)
from monitor.domain.teams import TeamKind

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _dated_number(value: Any) -> Any:
    if isinstance(value, list) or value is None:
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError(
            "headcount_type", "should be a number, or a list of {from, value}"
        )
    return [{"value": value}]


def _dated_handle(value: Any) -> Any:
    if not isinstance(value, str | dict):
        text = "should be provider:id as in github:octocat, or {person, from, to}"
        raise PydanticCustomError("member_type", text)
    return {"person": value} if isinstance(value, str) else value


def _dated_consumer(value: Any) -> Any:
    if not isinstance(value, str | dict):
        text = "should be the id of a team, or {team, from, to}"
        raise PydanticCustomError("consumer_type", text)
    return {"team": value} if isinstance(value, str) else value


def _version(value: Any) -> Any:
    if type(value) is not int:
        raise PydanticCustomError("version_type", "should be 1")
    return value


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class CalendarEntry(_Strict):
    """Working hours; what is absent is taken from the organisation."""

    zone: Zone | None = None
    days: Annotated[list[Day], Field(min_length=1)] | None = None
    hours: Opening | None = None
    holidays: list[Holiday] | None = None


class Dated(_Strict):
    """Holds from its first day up to, not including, its last; absent: always."""

    since: Moment | None = Field(None, alias="from")
    until: Moment | None = Field(None, alias="to")


class PathEntry(_Strict):
    """A part of a repository, by a CODEOWNERS-like pattern."""

    repo: Repository
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


def _with_one_reference(schema: dict[str, Any]) -> None:
    """A key without a value is as one that is left out."""
    schema["oneOf"] = [
        {"required": [name], "properties": {name: {"not": {"type": "null"}}}}
        for name in REFERENCES
    ]


class OwnsEntry(Dated):
    """One reference the team owns; exactly one of the keys beside the dates."""

    model_config = ConfigDict(json_schema_extra=_with_one_reference)

    repo: Repository | None = Field(None, description="owner/name, may have * and ?")
    path: PathEntry | None = None
    jira: JiraProject | None = Field(None, description="tracker project key")
    project: Project | None = Field(None, description="tracker project key")
    service: Text | None = None
    pool: Text | None = Field(None, description="runner group or label")
    group: Text | None = Field(None, description="reviewer or approver group")
    pipeline: Text | None = Field(None, description="owner/repo/workflow/job")

    @model_validator(mode="wrap")
    @classmethod
    def _one_reference(
        cls, value: Any, judge: ModelWrapValidatorHandler[OwnsEntry]
    ) -> OwnsEntry:
        wrong = _named_wrongly(value) if isinstance(value, dict) else None
        try:
            entry = judge(value)
        except ValidationError as error:
            raise with_more(error, wrong, value) if wrong else error from None
        if wrong:
            raise ValueError(wrong)
        return entry


def _named_wrongly(entry: dict[Any, Any]) -> str | None:
    """What is wrong with the references an entry names, whatever their values."""
    named = [name for name in REFERENCES if entry.get(name) is not None]
    # An unknown key is told by itself, and may be the reference, misspelt.
    misspelt = not entry.keys() <= {*REFERENCES, "from", "to"}
    if len(named) == 1 or (misspelt and not named):
        return None
    given = f"not {', '.join(named)}" if named else "here is none"
    return f"names one of {', '.join(REFERENCES)}; {given}"


class MemberEntry(Dated):
    """A person's membership. The handle is used to find teams, and kept nowhere."""

    person: Handle


class ConsumerEntry(Dated):
    """Who is served X-as-a-Service, without having to wait; ``*``: every team."""

    team: Text


Absence = Annotated[
    float,
    Field(
        ge=0,
        lt=1,
        allow_inf_nan=False,
        description="share of working time that people are away, as 0.15",
    ),
]


People = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class HeadcountEntry(_Strict):
    """So many people from a day on; absent ``from``: from the beginning."""

    since: Moment | None = Field(None, alias="from")
    value: People


class TeamEntry(_Strict):
    """A team. ``formerly``: ids it had before, by which events and history name it."""

    id: TeamId
    formerly: list[TeamId] | None = None
    kind: TeamKind | None = None
    domain: Text | None = None
    headcount: (
        Annotated[
            list[HeadcountEntry],
            Field(min_length=1),
            BeforeValidator(
                _dated_number,
                json_schema_input_type=People
                | Annotated[list[HeadcountEntry], Field(min_length=1)],
            ),
        ]
        | None
    ) = None
    calendar: CalendarEntry | None = None
    absence_share: Absence | None = None
    owns: list[OwnsEntry] | None = None
    members: (
        list[
            Annotated[
                MemberEntry,
                BeforeValidator(
                    _dated_handle, json_schema_input_type=Handle | MemberEntry
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
                    _dated_consumer, json_schema_input_type=Text | ConsumerEntry
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
    currency: Currency = "EUR"
    budget: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = 0.20
    platform: PlatformEntry = PlatformEntry()
    calendar: CalendarEntry = CalendarEntry()
    absence_share: Absence = 0.0
    roles: RolesEntry = RolesEntry()


class TeamsFile(_Strict):
    """Teams, and what they own: the whole of ``teams.yaml``."""

    version: Annotated[Literal[1], BeforeValidator(_version)]
    organisation: OrganisationEntry = OrganisationEntry()
    teams: Annotated[list[TeamEntry], Field(min_length=1)]
