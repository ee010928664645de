"""The native event as a table of fields, and the validator made from it.

The table is the one source of the format: the validator, the published JSON
Schema and the list of known fields follow from it. Records go from bytes straight
through the validator, because a full parse into objects first would double the
cost of a record.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic_core import SchemaValidator, core_schema

from monitor.domain.facts import OUTCOMES, WORK_CLASSES, Kind

SCHEMA_NAME: Final = "friction.event.v1"

# Names become keys of state and labels; nothing real is longer.
LONGEST_NAME: Final = 1_000
LONGEST_LIST: Final = 10_000
_LARGEST_REVISION: Final = 2**63 - 1
_LARGEST_ATTEMPT: Final = 2**31 - 1
_MOST_RESPONDERS: Final = 10_000

POSTPONED_BY: Final = ("sprint", "rank", "date")
TEAM_OR_TEAMS: Final = "team_or_teams"


def _text(case: Literal["kept", "lower", "upper"] = "kept") -> core_schema.CoreSchema:
    return core_schema.str_schema(
        strict=True,
        min_length=1,
        max_length=LONGEST_NAME,
        strip_whitespace=True,
        to_lower=case == "lower",
        to_upper=case == "upper",
    )


def _whole(low: int, high: int) -> core_schema.CoreSchema:
    return core_schema.int_schema(strict=True, ge=low, le=high)


def _texts() -> core_schema.CoreSchema:
    return core_schema.list_schema(_text(), strict=True, max_length=LONGEST_LIST)


def _one_of(*words: str) -> core_schema.CoreSchema:
    return core_schema.literal_schema(list(words))


_TEXT: Final = _text()
_TEXTS: Final = _texts()
_FLAG: Final = core_schema.bool_schema(strict=True)

# Always there.
_ALWAYS: Final[dict[str, core_schema.CoreSchema]] = {
    "schema": _one_of(SCHEMA_NAME),
    "id": _TEXT,
    "source": _TEXT,
    "kind": core_schema.enum_schema(Kind, list(Kind), sub_type="str"),
    # Read by times.py, which says more than "not text" of a number.
    "time": core_schema.any_schema(),
    "entity": _TEXT,
}
# May be left out or null, which say the same; which kind needs which is a rule.
_OPTIONAL: Final[dict[str, core_schema.CoreSchema]] = {
    "revision": _whole(0, _LARGEST_REVISION),
    "item": _TEXT,
    "team": _TEXT,
    "by_team": _TEXT,
    "on_team": _TEXT,
    "to_team": _TEXT,
    "requester_team": _TEXT,
    "cause_team": core_schema.union_schema(
        [_TEXT, _TEXTS],
        custom_error_type=TEAM_OR_TEAMS,
        custom_error_message="a team or a list of teams",
    ),
    "teams": _TEXTS,
    "repo": _text("lower"),
    "service": _TEXT,
    "services": _TEXTS,
    "project": _text("upper"),
    "labels": _TEXTS,
    "url": core_schema.str_schema(strict=True),
    "work_class": _one_of(*WORK_CLASSES),
    "needed_by": _TEXT,
    "automation": _FLAG,
    "how": _one_of(*POSTPONED_BY),
    "decision": _TEXT,
    "actor_role": _TEXT,
    "blocker": _TEXT,
    "change": _TEXT,
    "sha": _TEXT,
    "branch": _TEXT,
    "pipeline": _TEXT,
    "attempt": _whole(0, _LARGEST_ATTEMPT),
    "outcome": _one_of(*OUTCOMES),
    "default_branch": _FLAG,
    "environment": _TEXT,
    "items": _TEXTS,
    "shas": _TEXTS,
    "unplanned": _FLAG,
    "responders": _whole(1, _MOST_RESPONDERS),
    "class": _TEXT,
}

# Of the optional fields those that most events have some of.
_USUAL: Final = frozenset(
    {"item", "team", "by_team", "on_team", "repo", "service", "labels", "url"}
    | {"revision", "work_class", "sha", "branch", "pipeline", "attempt", "change"}
    | {"outcome"}
)

ALWAYS: Final = frozenset(_ALWAYS)
OPTIONAL: Final = frozenset(_OPTIONAL)
KNOWN: Final = ALWAYS | OPTIONAL
USUAL: Final = ALWAYS | _USUAL
PLACES: Final = {name: at for at, name in enumerate([*_ALWAYS, *_OPTIONAL])}


def _optional_fields(
    names: frozenset[str] = OPTIONAL,
) -> dict[str, core_schema.TypedDictField]:
    return {
        name: core_schema.typed_dict_field(
            core_schema.nullable_schema(schema), required=False
        )
        for name, schema in _OPTIONAL.items()
        if name in names
    }


def event_schema(names: frozenset[str] = OPTIONAL) -> core_schema.CoreSchema:
    """An event with these optional fields; others are kept as they are, to be told."""
    always = {
        name: core_schema.typed_dict_field(schema, required=True)
        for name, schema in _ALWAYS.items()
    }
    return core_schema.typed_dict_schema(
        {**always, **_optional_fields(names)}, extra_behavior="allow"
    )


EVENT: Final = SchemaValidator(event_schema())
# Every field of a schema is looked for in every event, so fewer cost less.
USUAL_EVENT: Final = SchemaValidator(event_schema(_USUAL))
# What another format may carry beside its own fields, such as customData.friction.
EXTRAS: Final = SchemaValidator(
    core_schema.typed_dict_schema(_optional_fields(), extra_behavior="allow")
)
