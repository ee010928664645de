"""Native events: facts published directly as JSON, ``friction.event.v1``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic_core import ValidationError

from monitor.decode.checks import future
from monitor.decode.json_text import parse
from monitor.decode.native_fields import Said, fields_of, without_nothing
from monitor.decode.native_model import EVENT, KNOWN, SCHEMA_NAME
from monitor.decode.native_rules import (
    REQUIRED,
    in_field_order,
    kind_mistakes,
    type_mistakes,
)
from monitor.decode.provider import Context, Provider
from monitor.decode.times import read_time
from monitor.domain.facts import Kind, make_fact
from monitor.domain.outcomes import Decoded, Reason, ReasonCode

NAME: Final = "native"
MARK: Final = SCHEMA_NAME.encode()
_FAMILY: Final = "friction.event."

_CHECKED: Final = frozenset(REQUIRED) | {Kind.INCIDENT_OPENED}
_KINDS: Final[Mapping[str, Kind]] = {str(kind): kind for kind in Kind}
_PROVENANCE: Final = ("schema", "id")


def decode(body: bytes, raw_kind: str | None, context: Context) -> Decoded:
    """One native event to one fact, or every mistake in it. Never raises."""
    del raw_kind
    try:
        said: Said = EVENT.validate_json(body)
    except ValidationError as error:
        return _rejected(body, error, context)
    return _decoded(said, context)


def decode_marked(body: bytes, context: Context) -> Decoded | None:
    """As ``decode``, but ``None`` when the event's own ``schema`` is another.

    The cheap way for a body that only *contains* the format's name.
    """
    try:
        said: Said = EVENT.validate_json(body)
    except ValidationError as error:
        if _is_other(error):
            return None
        return _rejected(body, error, context)
    return _decoded(said, context)


_NUL: Final = "\x00"


def recognise(keys: frozenset[str], body: Mapping[str, object]) -> str | None:
    """``kind`` of a body whose ``schema`` names this format, in any version."""
    if "schema" not in keys:
        return None
    schema = body["schema"]
    if isinstance(schema, str) and schema.startswith(_FAMILY):
        return str(body.get("kind", ""))
    return None


def _decoded(said: Said, context: Context) -> Decoded:
    kind: Kind = said.pop("kind")
    time = read_time(said.pop("time"))
    said = without_nothing(said)
    if type(time) is str:
        wrong = [Reason(ReasonCode.BAD_TIME, "time", time), *kind_mistakes(kind, said)]
        return Decoded(reasons=in_field_order(wrong), provider=NAME, raw_kind=kind)
    assert isinstance(time, int)
    late = _is_future(time, context)
    nul = _NUL in said["id"]
    if late or nul or kind in _CHECKED:
        wrong = kind_mistakes(kind, said)
        if late:
            wrong.append(future(context.settings.future_limit_ms))
        if nul:
            text = "holds a NUL character, which no name has"
            wrong.append(Reason(ReasonCode.BAD_VALUE, "id", text))
        if wrong:
            return Decoded(reasons=in_field_order(wrong), provider=NAME, raw_kind=kind)
    unknown = [name for name in said if name not in KNOWN]
    for name in unknown:
        del said[name]
    for name in _PROVENANCE:
        del said[name]
    fact = make_fact(
        kind,
        time,
        said.pop("entity"),
        said.pop("source"),
        revision=said.pop("revision", 0),
        fields=fields_of(kind, said, context.settings),
    )
    return Decoded((fact,), (), "", NAME, kind, len(unknown))


def _rejected(body: bytes, error: ValidationError, context: Context) -> Decoded:
    parsed = parse(body)
    if isinstance(parsed, Reason):
        return Decoded(reasons=(parsed,), provider=NAME)
    if not isinstance(parsed, dict):
        text = "a native event is a JSON object"
        reason = Reason(ReasonCode.NOT_AN_OBJECT, "", text)
        return Decoded(reasons=(reason,), provider=NAME)
    wrong = type_mistakes(error)
    seen = {reason.where for reason in wrong}
    kind = _kind(parsed)
    if kind is not None:
        said = without_nothing(parsed)
        wrong += [
            reason for reason in kind_mistakes(kind, said) if reason.where not in seen
        ]
    if "time" not in seen:
        wrong += _time_mistakes(parsed.get("time"), context)
    return Decoded(reasons=in_field_order(wrong), provider=NAME, raw_kind=kind or "")


def _time_mistakes(value: object, context: Context) -> list[Reason]:
    time = read_time(value)
    if isinstance(time, str):
        return [Reason(ReasonCode.BAD_TIME, "time", time)]
    if _is_future(time, context):
        return [future(context.settings.future_limit_ms)]
    return []


def _is_future(time: int, context: Context) -> bool:
    receipt = context.receipt
    return receipt is not None and time > receipt + context.settings.future_limit_ms


def _kind(parsed: Said) -> Kind | None:
    kind = parsed.get("kind")
    return _KINDS.get(kind) if isinstance(kind, str) else None


def _is_other(error: ValidationError) -> bool:
    return any(
        detail["loc"] == ("schema",) or not detail["loc"]
        for detail in error.errors(include_url=False, include_input=False)
    )


PROVIDER: Final = Provider(NAME, (), recognise, decode)
