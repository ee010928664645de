"""The form of ``[decode.jira]``: what a Jira site calls things, and where it is."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from monitor.config.addresses import Sites
from monitor.config.scalars import Section
from monitor.config.words import Words, as_compared
from monitor.decode.jira.rules import word


def _field_names(words: tuple[str, ...]) -> tuple[str, ...]:
    for name in words:
        if name.isdecimal():
            raise ValueError(f"'{name}' is a number: write customfield_{name}")
    return words


def _spelled(words: Any, validated: ValidatorFunctionWrapHandler) -> dict[str, Any]:
    return as_compared(words, validated, word)


StatusClasses = Annotated[
    dict[str, Literal["todo", "in_progress", "done"]], WrapValidator(_spelled)
]
LinkEnds = Annotated[
    dict[str, Literal["blocks", "blocked", "none"]], WrapValidator(_spelled)
]
TeamNames = Annotated[
    dict[str, Annotated[str, Field(min_length=1)]], WrapValidator(_spelled)
]
FieldNames = Annotated[Words, AfterValidator(_field_names)]


class JiraSection(Section, BaseModel):  # BaseModel: ruff looks for it (RUF012)
    """What a Jira site calls things. Lists replace the defaults, tables add to them.

    A custom field is best named by its id, ``customfield_10021``. ``sites``: another
    address of a site, and the one that its webhooks show.
    """

    statuses: StatusClasses = {}
    blocked_statuses: Words | None = None
    waiting_statuses: TeamNames = {}
    cancelled_statuses: Words | None = None
    cancelled_resolutions: Words | None = None
    team_fields: FieldNames | None = None
    flagged_fields: FieldNames | None = None
    link_types: LinkEnds = {}
    sites: Sites = {}
