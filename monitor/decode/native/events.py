"""Native events: facts published directly as JSON, ``friction.event.v1``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic_core import ValidationError

from monitor.decode.checks import BACKSLASH, future, misnamed
from monitor.decode.json_text import parse
from monitor.decode.native.fields import Said, fields_of, without_nothing
from monitor.decode.native.model import (
    ALWAYS,
    EVENT,
    KNOWN,
    SCHEMA_NAME,
    USUAL,
    USUAL_EVENT,
)
from monitor.decode.native.rules import (
    REQUIRED,
    in_field_order,
    kind_mistakes,
    type_mistakes,
)
from monitor.decode.provider import Context, Provider
from monitor.decode.settings import DecodeSettings
from monitor.decode.ticket_keys import folded_key
from monitor.decode.times import read_time
from monitor.decode.touches import TOUCHED, who_touched
from monitor.domain.facts import Fact, Fields, Kind
from monitor.domain.making import make_fact
from monitor.domain.outcomes import Decoded, Reason, ReasonCode

NAME: Final = "native"
MARK: Final = SCHEMA_NAME.encode()
_OF_TICKETS: Final = ("ticket.", "link.")
# A flaw, known by its number, is one thing that many teams have, each for itself.
_FOUND: Final = frozenset({Kind.FINDING_OPENED, Kind.FINDING_CLOSED})
# Kinds of which thing and time do not tell one event from another.
_WHOSE: Final = TOUCHED | _FOUND
_SAID: Final = ALWAYS - {"schema"}
_FAMILY: Final = "friction.event."
# Names, of which the rest of the program keeps nothing else. Of labels it keeps those
# that it knows.
_NAMES: Final = KNOWN - {"schema", "kind", "time", "labels"}
# At the top of a body it says that the body is a CloudEvent before all else.
_CLOUDEVENT: Final = "specversion"
_CLOUDEVENT_MARK: Final = _CLOUDEVENT.encode()

# Without the generated function around it a named tuple costs half.
_new: Final = tuple.__new__

_CHECKED: Final = frozenset(REQUIRED) | {Kind.INCIDENT_OPENED}
_KINDS: Final[Mapping[str, Kind]] = {str(kind): kind for kind in Kind}
# What the cheap way does not read: rare fields, and what makes a body a CloudEvent.
_UNUSUAL: Final = (KNOWN - USUAL) | {_CLOUDEVENT}


def decode(body: bytes, raw_kind: str | None, context: Context) -> Decoded:
    """One native event to one fact, or every mistake in it. Never raises."""
    del raw_kind
    try:
        said: Said = EVENT.validate_json(body)
    except ValidationError as error:
        return _rejected(body, error, context.settings, context.receipt)
    return _decoded(said, _forgotten(said), body, context.settings, context.receipt)


def decode_marked(
    body: bytes, settings: DecodeSettings, receipt: int | None
) -> Decoded | None:
    """As ``decode``, for a body that contains the format's name, and cheaper.

    ``None`` when it is too large, its own ``schema`` is another, or a CloudEvent may
    be around it. No name holds a NUL, and the time is not of the future.
    """
    if len(body) > settings.max_body_bytes:
        return None
    try:
        said: Said = USUAL_EVENT.validate_json(body)
    except ValidationError:
        return _decode_unusual(body, settings, receipt)
    # The validator writes fields it was not told of after those it was.
    unknown = 0
    name, value = said.popitem()
    while name not in USUAL:
        if name in _UNUSUAL:
            return _decode_unusual(body, settings, receipt)
        unknown += value is not None
        name, value = said.popitem()
    said[name] = value
    return _decoded(said, unknown, body, settings, receipt)


def _decode_unusual(
    body: bytes, settings: DecodeSettings, receipt: int | None
) -> Decoded | None:
    if _CLOUDEVENT_MARK in body:
        return None
    try:
        said: Said = EVENT.validate_json(body)
    except ValidationError as error:
        if _is_other(error):
            return None
        return _rejected(body, error, settings, receipt)
    return _decoded(said, _forgotten(said), body, settings, receipt)


def recognise(keys: frozenset[str], body: Mapping[str, object]) -> str | None:
    """``kind`` of a body whose ``schema`` names this format, in any version.

    One that forgot its ``schema`` and says all else as an event does is one, too: it is
    told what it lacks.
    """
    schema = body.get("schema")
    if schema is None:
        kind = body.get("kind") if keys >= _SAID else None
        return kind if isinstance(kind, str) and kind in _KINDS else None
    if isinstance(schema, str) and schema.startswith(_FAMILY):
        return str(body.get("kind", ""))
    return None


def _forgotten(said: Said) -> int:
    """Take out unknown fields; how many of them said something."""
    unknown = [name for name in said if name not in KNOWN]
    return sum(said.pop(name) is not None for name in unknown)


def _decoded(
    said: Said,
    unknown: int,
    body: bytes,
    settings: DecodeSettings,
    receipt: int | None,
) -> Decoded:
    """The outcome of an event whose fields, all of them known, have their types."""
    if None in said.values():
        said = without_nothing(said)
    kind: Kind = said.pop("kind")
    time = read_time(said.pop("time", None))
    id_ = said.pop("id")
    if (
        isinstance(time, str)
        or kind in _CHECKED
        or BACKSLASH in body
        or (receipt is not None and time > receipt)
    ):
        wrong = _mistakes(kind, time, said, settings, receipt)
        if BACKSLASH in body:
            wrong += _misnamed({"id": id_, **said})
        if wrong:
            return Decoded(reasons=in_field_order(wrong), provider=NAME, raw_kind=kind)
    assert isinstance(time, int)
    del said["schema"]
    fact = _fact(kind, time, said, settings)
    return _new(Decoded, ((fact,), (), "", NAME, kind, unknown, "", 0, 0))


def _fact(kind: Kind, time: int, said: Said, settings: DecodeSettings) -> Fact:
    """The fact of what is said.

    Who only touched a thing is a part of its identity, and so is who has a finding.
    """
    take = said.pop
    entity, source, revision = take("entity"), take("source"), take("revision", 0)
    if kind.startswith(_OF_TICKETS):
        # Only a ticket goes by a key of its tracker: a deploy may be called `pay-17`.
        entity = folded_key(entity, settings.projects)
    fields = fields_of(kind, said, settings)
    identified = None
    if kind in _WHOSE and (who := _whose(kind, fields)):
        identified = (entity, f"{time}|{who}")
    return make_fact(
        kind,
        time,
        entity,
        source,
        fields,
        revision=revision,
        identified=identified,
    )


def _whose(kind: Kind, fields: Fields) -> str:
    """The team that has a finding, or who touched a thing; empty: nobody is named."""
    if kind in _FOUND:
        return fields.get("team", "")
    return who_touched(fields, {})


def _mistakes(
    kind: Kind,
    time: int | str,
    said: Said,
    settings: DecodeSettings,
    receipt: int | None,
) -> list[Reason]:
    """What is wrong with an event whose fields all have the right types."""
    wrong = kind_mistakes(kind, said)
    if isinstance(time, str):
        return [Reason(ReasonCode.BAD_TIME, "time", time), *wrong]
    if _is_future(time, settings, receipt):
        wrong.append(future(settings.future_limit_ms))
    return wrong


def _misnamed(said: Mapping[str, object]) -> list[Reason]:
    return misnamed({name: said[name] for name in _NAMES.intersection(said)})


def _rejected(
    body: bytes,
    error: ValidationError,
    settings: DecodeSettings,
    receipt: int | None,
) -> Decoded:
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
    wrong += [reason for reason in _misnamed(parsed) if reason.where not in seen]
    if "time" not in seen:
        wrong += _time_mistakes(parsed.get("time"), settings, receipt)
    return Decoded(reasons=in_field_order(wrong), provider=NAME, raw_kind=kind or "")


def _time_mistakes(
    value: object, settings: DecodeSettings, receipt: int | None
) -> list[Reason]:
    time = read_time(value)
    if isinstance(time, str):
        return [Reason(ReasonCode.BAD_TIME, "time", time)]
    if _is_future(time, settings, receipt):
        return [future(settings.future_limit_ms)]
    return []


def _is_future(time: int, settings: DecodeSettings, receipt: int | None) -> bool:
    return receipt is not None and time > receipt + settings.future_limit_ms


def _kind(parsed: Said) -> Kind | None:
    kind = parsed.get("kind")
    return _KINDS.get(kind) if isinstance(kind, str) else None


def _is_other(error: ValidationError) -> bool:
    return any(
        detail["loc"] == ("schema",) or not detail["loc"]
        for detail in error.errors(include_url=False, include_input=False)
    )


PROVIDER: Final = Provider(NAME, (), recognise, decode)
