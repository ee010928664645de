"""What a native event must say beside the types of its fields, kind by kind.

Every mistake of a record is reported at once, so that its sender needs one round.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic_core import ErrorDetails, ValidationError

from monitor.decode.native.model import LONGEST_NAME, PLACES, TEAM_OR_TEAMS
from monitor.domain.facts import Kind
from monitor.domain.outcomes import Reason, ReasonCode

REQUIRED: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.TICKET_ASSIGNED: ("to_team",),
    Kind.TICKET_ACCEPTED: ("team",),
    Kind.TICKET_REQUESTED: ("requester_team",),
    Kind.TICKET_DECIDED: ("actor_role", "decision"),
    Kind.LINK_ADDED: ("blocker",),
    Kind.LINK_REMOVED: ("blocker",),
    Kind.CHANGE_REVIEW_REQUESTED: ("on_team",),
    Kind.CHANGE_REVIEW_UNREQUESTED: ("on_team",),
    Kind.CHANGE_REVIEWED: ("team",),
    Kind.RUN_FINISHED: ("outcome",),
    Kind.DEPLOY_APPROVAL_REQUESTED: ("on_team",),
    Kind.DEPLOY_APPROVAL_DECIDED: ("decision",),
    Kind.DEPLOY_FINISHED: ("outcome",),
    Kind.FREEZE_STARTED: ("on_team",),
    Kind.FREEZE_ENDED: ("on_team",),
    Kind.FINDING_OPENED: ("class", "team"),
}
DECISIONS: Final = ("approved", "rejected", "cancelled")
# A member of an enumeration costs ten times a global name.
_INCIDENT_OPENED: Final = Kind.INCIDENT_OPENED
_APPROVAL_DECIDED: Final = Kind.DEPLOY_APPROVAL_DECIDED


def kind_mistakes(kind: Kind, said: Mapping[str, object]) -> list[Reason]:
    """What this kind needs and the event does not say. ``null`` says nothing."""
    mistakes = [
        Reason(ReasonCode.MISSING_FIELD, name, f"{kind} needs this field")
        for name in REQUIRED.get(kind, ())
        if name not in said
    ]
    if kind is _INCIDENT_OPENED and "team" not in said and "service" not in said:
        text = f"{kind} needs the owner's team, or the service it is about"
        mistakes.append(Reason(ReasonCode.MISSING_FIELD, "team", text))
    if (
        kind is _APPROVAL_DECIDED
        and said.get("decision", DECISIONS[0]) not in DECISIONS
    ):
        text = f"must be one of {', '.join(DECISIONS)}"
        mistakes.append(Reason(ReasonCode.BAD_VALUE, "decision", text))
    return mistakes


def type_mistakes(error: ValidationError) -> list[Reason]:
    """The validator's findings as reasons, without any of the body's content."""
    return [
        _reason(detail)
        for detail in error.errors(include_url=False, include_input=False)
    ]


def in_field_order(reasons: list[Reason]) -> tuple[Reason, ...]:
    """Each reason once, in the order of the format's table of fields."""
    last = len(PLACES)
    distinct = dict.fromkeys(reasons)
    return tuple(
        sorted(distinct, key=lambda it: PLACES.get(it.where.partition(".")[0], last))
    )


_TEXTS: Final[Mapping[str, tuple[ReasonCode, str]]] = {
    "missing": (ReasonCode.MISSING_FIELD, "every event needs this field"),
    "dict_type": (ReasonCode.WRONG_TYPE, "must be an object"),
    "string_type": (ReasonCode.WRONG_TYPE, "must be text"),
    "int_type": (ReasonCode.WRONG_TYPE, "must be a whole number"),
    "float_type": (ReasonCode.WRONG_TYPE, "must be a number"),
    "bool_type": (ReasonCode.WRONG_TYPE, "must be true or false, without quotes"),
    "list_type": (ReasonCode.WRONG_TYPE, "must be a list"),
    TEAM_OR_TEAMS: (ReasonCode.WRONG_TYPE, "must be a team or a list of teams"),
    "string_too_short": (
        ReasonCode.BAD_VALUE,
        "is empty; leave the field out or fill it",
    ),
    "string_too_long": (
        ReasonCode.BAD_VALUE,
        f"is longer than {LONGEST_NAME} characters",
    ),
    "too_long": (ReasonCode.BAD_VALUE, "has too many entries"),
}


def _reason(detail: ErrorDetails) -> Reason:
    where = ".".join(str(step) for step in detail["loc"])
    context = detail.get("ctx", {})
    match detail["type"]:
        case "enum":
            text = "is not a kind of this format; the list is in docs/decoding.md"
            return Reason(ReasonCode.UNKNOWN_KIND, where, text)
        case "literal_error":
            text = f"must be {str(context['expected']).replace(chr(39), '')}"
            return Reason(ReasonCode.BAD_VALUE, where, text)
        case "greater_than_equal":
            return Reason(
                ReasonCode.BAD_VALUE, where, f"must be at least {context['ge']}"
            )
        case "less_than_equal":
            return Reason(
                ReasonCode.BAD_VALUE, where, f"must be at most {context['le']}"
            )
        case other:
            code, text = _TEXTS.get(other, (ReasonCode.WRONG_TYPE, "has a wrong type"))
            return Reason(code, where, text)
