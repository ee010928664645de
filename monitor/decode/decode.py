"""Records to facts: the entry of the stage.

Order of recognition: tombstone, CloudEvents, native, CDEvents, envelope; then the
topic's hint decides the provider, else a header, else the body. What says what it
is beats what the configuration expects, so that a topic may mix senders.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from pydantic_core import to_json

from monitor.decode.batches import batch
from monitor.decode.cdevents import events as cdevents
from monitor.decode.cdevents.types import named_around
from monitor.decode.checks import BACKSLASH, checked, rejected
from monitor.decode.envelope import (
    BUS_EVENT,
    EVENT,
    Inner,
    at_path,
    cloudevent,
    envelope,
)
from monitor.decode.headers import NONE as NO_HEADERS
from monitor.decode.headers import added, headers_of
from monitor.decode.json_text import inner_text, parse, plain_text
from monitor.decode.native import events as native
from monitor.decode.provider import Context, Provider
from monitor.decode.recognise import (
    BY_NAME,
    PROVIDERS,
    SELF_DESCRIBING,
    by_body,
    by_header,
    by_surroundings,
    event_of,
)
from monitor.decode.settings import DecodeSettings, TopicHint
from monitor.domain.outcomes import Decoded, Reason, ReasonCode, Record

_CLOUDEVENT_MARK: Final = b'"specversion"'
_MARKS: Final = (native.MARK, cdevents.MARK, _CLOUDEVENT_MARK)
# Text inside text (a JSON string that holds JSON, or base64) is read this often.
_MOST_STRINGS: Final = 2
_MOST_LAYERS: Final = 8
# All texts of a record may unpack to so many times what one of them may: a few hundred
# bytes can hold gigabytes otherwise.
_MOST_TEXT: Final = 3
_MOST_EVENTS: Final = 10_000

_TOMBSTONE: Final = Reason(
    ReasonCode.TOMBSTONE, "", "no value; an event topic needs no deletions"
)
_WRAPPED_TOO_OFTEN: Final = Reason(
    ReasonCode.TOO_DEEP, "", f"wrapped in more than {_MOST_LAYERS} envelopes"
)
_TOO_MANY: Final = Reason(
    ReasonCode.TOO_LARGE, "", f"a batch of more than {_MOST_EVENTS} events; split it"
)
_UNPACKS_TO_TOO_MUCH: Final = Reason(
    ReasonCode.TOO_LARGE,
    "",
    f"unpacks to more than {_MOST_TEXT} times the largest body; send its events as"
    " records of their own",
)
_NO_OBJECT: Final = Reason(
    ReasonCode.NOT_AN_OBJECT, "", "an event is a JSON object, not a bare value"
)
_UNWRAP: Final = "of a body inside another, the topic's unwrap says where it lies"
_UNRECOGNISED: Final = Reason(
    ReasonCode.UNRECOGNISED,
    "",
    "no known format: send native events or CDEvents, keep the provider's event"
    f" header, or give the topic a provider; {_UNWRAP}",
)


# A provider, and the event that a header or the body names, if any does.
Named = tuple[Provider, str | None]


@dataclass(slots=True)
class _Allowance:
    """How many bytes of text one record may still come to, over all its layers."""

    left: int

    def open(self, value: bytes, limit: int) -> bytes | Reason:
        """The JSON text inside the bytes, taken off the allowance."""
        text = plain_text(value, min(limit, self.left))
        if not isinstance(text, Reason):
            self.left -= len(text)
        elif self.left < limit and text.code is ReasonCode.TOO_LARGE:
            self.left = 0
            return _UNPACKS_TO_TOO_MUCH
        return text


class _Task(NamedTuple):
    """Where the opening of one record has got to."""

    context: Context
    hint: TopicHint
    allowance: _Allowance
    layers: int = 0
    strings: int = 0
    path_done: bool = False

    def inside(self, inner: Inner) -> _Task:
        prefixes = self.context.settings.header_prefixes
        headers = added(self.context.headers, inner.headers, prefixes)
        return self._replace(
            context=self.context._replace(headers=headers), layers=self.layers + 1
        )


def decode(record: Record, hint: TopicHint, settings: DecodeSettings) -> Decoded:
    """What one record says: facts, reasons for a rejection, or a stated ignore.

    Pure, and never raises, whatever the bytes are. A batch may give facts and
    reasons at once.
    """
    value = record.value
    if value is None:
        return rejected(_TOMBSTONE)
    pairs, receipt = record.headers, record.timestamp
    headers = headers_of(pairs, settings.header_prefixes) if pairs else NO_HEADERS
    named = by_header(headers) if headers else None
    if named is None and native.MARK in value:
        found = native.decode_marked(value, settings, receipt)
        if found is not None:
            if BACKSLASH in value or found.reasons:
                found = checked(found, value, Context(settings, receipt, headers))
            return found
    allowance = _Allowance(_MOST_TEXT * settings.max_body_bytes)
    task = _Task(Context(settings, receipt, headers), hint, allowance)
    return _of_bytes(value, task, named)


def _of_bytes(value: bytes, task: _Task, named: Named | None) -> Decoded:
    """A body, and the provider and event its headers name, if any."""
    text = task.allowance.open(value, task.context.settings.max_body_bytes)
    if isinstance(text, Reason):
        return rejected(text)
    direct = None
    if named is not None and _is_direct(text, named[0], task.hint):
        # The cheap way for webhooks with their header: no parse before the model's.
        direct = _leaf(named, text, task.context)
        if _is_settled(direct, text):
            return direct
    parsed = parse(text)
    if isinstance(parsed, Reason):
        return rejected(parsed)
    if direct is not None and not (isinstance(parsed, dict) and _is_wrapped(parsed)):
        return direct
    return _of_value(parsed, text, task)


def _is_direct(text: bytes, provider: Provider, hint: TopicHint) -> bool:
    if hint.unwrap is not None or hint.provider not in (None, provider.name):
        return False
    return text.startswith(b"{") or text.lstrip().startswith(b"{")


def _is_settled(direct: Decoded, text: bytes) -> bool:
    """Whether the header was right: a body that gave facts is the provider's.

    One it refuses may be an envelope, and one it ignores by its name alone may be
    anything, which the marks of the formats that come first tell cheaply.
    """
    if direct.reasons:
        return False
    return bool(direct.facts) or not any(mark in text for mark in _MARKS)


def _is_wrapped(body: dict[str, object]) -> bool:
    """Whether a body belongs to a format that comes before a header's word."""
    return bool(cloudevent(body) or by_body(body, SELF_DESCRIBING) or envelope(body))


def _of_value(value: object, text: bytes | None, task: _Task) -> Decoded:
    """A JSON value; ``text`` is its own when it is a whole body, else ``None``."""
    if task.layers > _MOST_LAYERS:
        return rejected(_WRAPPED_TOO_OFTEN)
    if isinstance(value, dict):
        return _of_object(value, text, task)
    if isinstance(value, list):
        return _of_batch(value, task)
    if isinstance(value, bytes):
        return _of_bytes(value, task, by_header(task.context.headers))
    inner = inner_text(value) if isinstance(value, str) else None
    if inner is None or task.strings >= _MOST_STRINGS:
        return rejected(_NO_OBJECT)
    inside = task._replace(layers=task.layers + 1, strings=task.strings + 1)
    return _of_bytes(inner, inside, by_header(inside.context.headers))


def _of_batch(events: list[object], task: _Task) -> Decoded:
    if len(events) > _MOST_EVENTS:
        return rejected(_TOO_MANY)
    inside = task._replace(layers=task.layers + 1)
    return batch(
        rejected(_NO_OBJECT) if isinstance(one, list) else _of_value(one, None, inside)
        for one in events
    )


def _of_object(body: dict[str, object], text: bytes | None, task: _Task) -> Decoded:
    if task.hint.unwrap is not None and not task.path_done:
        return _at_hinted_path(body, text, task)
    inner = cloudevent(body)
    if inner is None:
        found = by_body(body, SELF_DESCRIBING)
        if found is not None:
            return _leaf(found, text or to_json(body), task.context)
        inner = envelope(body)
    if isinstance(inner, Reason):
        return rejected(inner)
    if inner is not None:
        return _of_value(inner.value, None, task.inside(inner))
    chosen = _chosen(body, task)
    if isinstance(chosen, Reason):
        return rejected(chosen)
    return _leaf(chosen, text or to_json(body), task.context)


def _at_hinted_path(
    body: dict[str, object], text: bytes | None, task: _Task
) -> Decoded:
    """The body at the topic's configured path; a record without it as it is."""
    task = task._replace(path_done=True)
    headers = {}
    if task.hint.event_path is not None:
        event = at_path(body, task.hint.event_path)
        if isinstance(event, list) and event:
            event = event[0]
        if isinstance(event, str):
            headers = {EVENT: event}
    value = at_path(body, task.hint.unwrap or ())
    if value is None:
        return _of_object(body, text, task)
    return _of_value(value, None, task.inside(Inner(value, headers)))


def _chosen(body: dict[str, object], task: _Task) -> Named | Reason:
    headers = task.context.headers
    name = task.hint.provider
    if name is None:
        found = by_header(headers) or by_body(body, PROVIDERS)
        if found is None and named_around(headers) is not None:
            # What it lacks says more than that it is of no known format.
            return cdevents.PROVIDER, None
        return found or by_surroundings(headers) or _UNRECOGNISED
    provider = BY_NAME.get(name)
    if provider is None:
        text = f"the topic's provider is none of {', '.join(BY_NAME)}"
        return Reason(ReasonCode.WRONG_HINT, "", text)
    event = event_of(provider, headers) or provider.recognise(frozenset(body), body)
    event = event or provider.named(headers.get(BUS_EVENT))
    if event is None and provider not in SELF_DESCRIBING:
        text = (
            f"the topic's provider is {name}, but this is none of its bodies that are"
            f" known; forward its webhooks whole, or send native events; {_UNWRAP}"
        )
        return Reason(ReasonCode.WRONG_HINT, "", text)
    return provider, event


def _leaf(named: Named, text: bytes, context: Context) -> Decoded:
    provider, event = named
    return checked(provider.decode(text, event, context), text, context)
