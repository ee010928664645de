"""What a provider brings: how its bodies are told apart, and how they are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from monitor.decode.settings import DecodeSettings
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


class Provider(NamedTuple):
    """One row of the table of providers.

    ``event_headers``: lower-case names of the headers that carry the raw kind.
    ``recognise``: from the body alone (its top-level keys, and the body), the raw
    kind, or ``None`` when it is not this provider's.
    ``decode``: the body's bytes (valid UTF-8 JSON is not promised) and the raw
    kind (``None`` when nobody named one) to facts, reasons or a stated ignore.
    It must not raise for any input. Future times and NUL are checked after it.
    """

    name: str
    event_headers: tuple[str, ...]
    recognise: Callable[[frozenset[str], Mapping[str, object]], str | None]
    decode: Callable[[bytes, str | None, Context], Decoded]
