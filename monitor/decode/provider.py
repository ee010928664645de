"""What a provider brings: how its bodies are told apart, and how they are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from monitor.decode.envelope import TIME
from monitor.decode.settings import DecodeSettings
from monitor.decode.times import read_time
from monitor.domain.outcomes import Decoded


class Context(NamedTuple):
    """What a provider may use beside the body.

    ``receipt`` is the record's timestamp in milliseconds, ``None`` when the
    record has none. Header names are lower case, without a bridge's prefix,
    with ``-`` for ``_``.
    """

    settings: DecodeSettings
    receipt: int | None
    headers: Mapping[str, str]

    @property
    def outer_time(self) -> int | None:
        """When the event happened by the CloudEvent or bus event around the body.

        For bodies that tell no time. What is no time says nothing: that of receipt is
        left.
        """
        time = read_time(self.headers.get(TIME))
        return time if isinstance(time, int) else None


class Provider(NamedTuple):
    """One row of the table of providers.

    ``event_headers``: lower-case names of the headers that carry the raw kind.
    ``recognise``: from the body alone (its top-level keys, and the body), the raw
    kind, or ``None`` when it is not this provider's.
    ``decode``: the body's bytes (valid UTF-8 JSON is not promised) and the raw
    kind (``None`` when nobody named one) to facts, reasons or a stated ignore.
    It must not raise for any input. Future times and NUL are checked after it.
    ``events``: the raw kinds that it knows by name. What is around a body may call it
    anything, and only one of these says more than the body itself.
    """

    name: str
    event_headers: tuple[str, ...]
    recognise: Callable[[frozenset[str], Mapping[str, object]], str | None]
    decode: Callable[[bytes, str | None, Context], Decoded]
    events: frozenset[str] = frozenset()

    def named(self, name: str | None) -> str | None:
        """The event of that name, ``None`` where it is none that is known."""
        event = name.strip().lower() if name else ""
        return event if event in self.events else None
