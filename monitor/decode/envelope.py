"""What bridges put around a body: CloudEvents, webhook gateways, converters.

Every rule looks at the top-level keys only, and each is what one kind of bridge
really writes (docs/decoding.md names them).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Final, NamedTuple

from monitor.decode.json_text import parse
from monitor.decode.times import read_time
from monitor.domain.outcomes import Reason, ReasonCode

_KNATIVE_GITHUB: Final = "dev.knative.source.github."
_DEBEZIUM_TYPE: Final = "io.debezium."
_DEBEZIUM_KEYS: Final = frozenset({"before", "after", "op"})
_CLOUDEVENT_NAMES: Final = ("id", "source", "type", "time", "subject")
GITHUB_EVENT: Final = "x-github-event"
# The event name of an envelope that is not a header of any provider.
EVENT: Final = "event"
# What a bus calls the event, and whoever put it there: either may be called anything.
BUS_EVENT: Final = "bus-event"
BUS_SOURCE: Final = "bus-source"
# When the event happened, by what is around the body.
TIME: Final = "ce-time"

_DEBEZIUM: Final = Reason(
    ReasonCode.UNSUPPORTED,
    "",
    "a database change of Debezium: rows need a table mapping, which this version"
    " does not have; send the tool's webhooks or native events instead",
)


class Inner(NamedTuple):
    """What an envelope holds: bytes, or a JSON value; and headers it carried."""

    value: object
    headers: Mapping[str, str]


def cloudevent(body: Mapping[str, object]) -> Inner | Reason | None:
    """What a structured CloudEvent carries; its attributes become ``ce-`` headers."""
    if "specversion" not in body or not isinstance(body.get("type"), str):
        return None
    if not ("id" in body or "source" in body):
        return None
    headers = {
        f"ce-{name}": str(body[name])
        for name in _CLOUDEVENT_NAMES
        # Many write an attribute that is not there as null.
        if body.get(name) is not None
    }
    if headers["ce-type"].startswith(_DEBEZIUM_TYPE):
        return _DEBEZIUM
    headers |= knative(headers)
    held = _data(body)
    return held if isinstance(held, Reason) else Inner(held, headers)


def _data(body: Mapping[str, object]) -> object:
    encoded = body.get("data_base64")
    if body.get("data") is not None:
        return body["data"]
    if not isinstance(encoded, str):
        return Reason(ReasonCode.MISSING_FIELD, "data", "a CloudEvent without data")
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return Reason(ReasonCode.BAD_VALUE, "data_base64", "is not base64")


def knative(headers: Mapping[str, str]) -> dict[str, str]:
    """The provider's event header that a CloudEvent type stands for."""
    type_ = headers.get("ce-type", "")
    if type_.startswith(_KNATIVE_GITHUB):
        return {GITHUB_EVENT: type_.removeprefix(_KNATIVE_GITHUB)}
    return {}


def envelope(body: Mapping[str, object]) -> Inner | Reason | None:
    """What lies inside a known bridge's envelope; ``None``: this is no envelope."""
    for rule in (
        _debezium,
        _converter,
        _event_bridge,
        _argo,
        _headers_and_body,
        _event_and_payload,
        _message,
    ):
        inner = rule(body)
        if inner is not None:
            return inner
    return None


def at_path(body: Mapping[str, object], path: tuple[str, ...]) -> object:
    """The value at a configured path; ``None`` when there is none."""
    value: object = body
    for step in path:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def _debezium(body: Mapping[str, object]) -> Reason | None:
    is_row = body.keys() >= _DEBEZIUM_KEYS and isinstance(body.get("source"), dict)
    return _DEBEZIUM if is_row else None


def _converter(body: Mapping[str, object]) -> Inner | None:
    if body.keys() != {"schema", "payload"} or isinstance(body["schema"], str):
        return None
    return _holding(body["payload"], {})


def _event_bridge(body: Mapping[str, object]) -> Inner | None:
    if "detail-type" not in body or "detail" not in body:
        return None
    event, named = _header(body["detail-type"]), {}
    if event is not None:
        named = {BUS_EVENT: event, BUS_SOURCE: str(body.get("source", ""))}
    return _holding(body["detail"], named | _time_of(body))


def _argo(body: Mapping[str, object]) -> Inner | None:
    if not {"context", "data"} <= body.keys() or "subject" in body:
        return None
    return _holding(body["data"], _time_of(body["context"]))


def _time_of(event: object) -> dict[str, str]:
    """The ``time`` of what is around a body, if it is one."""
    time = event.get("time") if isinstance(event, dict) else None
    return {TIME: str(time)} if isinstance(read_time(time), int) else {}


def _headers_and_body(body: Mapping[str, object]) -> Inner | None:
    carried = body.get("headers", body.get("header"))
    if not isinstance(carried, dict):
        return None
    headers = {
        name: text
        for name, value in carried.items()
        if (text := _header(value)) is not None
    }
    for name in ("body", "payload", "value"):
        if name in body:
            return _holding(body[name], headers)
    return None


def _header(value: object) -> str | None:
    """A header's text, the first of several; ``None`` for what says nothing."""
    first = next(iter(value), None) if isinstance(value, list) else value
    return str(first) if type(first) in (str, int, float) else None


def _event_and_payload(body: Mapping[str, object]) -> Inner | None:
    if "payload" not in body:
        return None
    event = body.get("event", "")
    if body.keys() != {"payload"} and not (isinstance(event, str) and event):
        return None
    return _holding(body["payload"], {EVENT: str(event)} if event else {})


def _message(body: Mapping[str, object]) -> Inner | None:
    message = body.get("message")
    if not isinstance(message, str):
        return None
    begins = message.lstrip()
    if begins[:1] == "[":
        # "[CHK-1] till is slow" begins as JSON does, and is what somebody wrote.
        parsed = parse(message.encode("utf-8", "surrogatepass"))
        return None if isinstance(parsed, Reason) else Inner(message, {})
    # Markup begins with a brace, too; an object goes on with a name, or ends.
    is_object = begins[:1] == "{" and begins[1:].lstrip()[:1] in ('"', "}")
    return Inner(message, {}) if is_object else None


def _holding(value: object, headers: Mapping[str, str]) -> Inner | None:
    return Inner(value, headers) if isinstance(value, dict | list | str) else None
