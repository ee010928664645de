"""The form of ``[decode.jira]``: what a Jira site calls things."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from monitor.config_words import Words, lower_case


def _field_names(words: tuple[str, ...]) -> tuple[str, ...]:
    for name in words:
        if name.isdecimal():
            raise ValueError(f"'{name}' is a number: write customfield_{name}")
    return words


StatusClasses = Annotated[
    dict[str, Literal["todo", "in_progress", "done"]], AfterValidator(lower_case)
]
LinkEnds = Annotated[
    dict[str, Literal["blocks", "blocked", "none"]], AfterValidator(lower_case)
]
TeamNames = Annotated[
    dict[str, Annotated[str, Field(min_length=1)]], AfterValidator(lower_case)
]
FieldNames = Annotated[Words, AfterValidator(_field_names)]


class JiraSection(BaseModel):
    """What a Jira site calls things. Lists replace the defaults, tables add to them.

    A custom field is best named by its id, ``customfield_10021``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    statuses: StatusClasses = {}
    blocked_statuses: Words | None = None
    waiting_statuses: TeamNames = {}
    cancelled_statuses: Words | None = None
    cancelled_resolutions: Words | None = None
    team_fields: FieldNames | None = None
    flagged_fields: FieldNames | None = None
    link_types: LinkEnds = {}
