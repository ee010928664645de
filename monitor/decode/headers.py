"""A record's headers under one spelling, whatever bridge wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monitor.decode.envelope import knative
from monitor.domain.memos import memoised

NONE: Final[Mapping[str, str]] = {}
_CLOUDEVENT_TYPE: Final = "ce-type"


def headers_of(
    pairs: tuple[tuple[str, bytes], ...], prefixes: tuple[str, ...]
) -> Mapping[str, str]:
    """Names in lower case without a bridge's prefixes, ``-`` for ``_``; first wins.

    ``http_X_GitHub_Event``, ``X-GitHub-Event`` and ``x-github-event`` are one name.
    A CloudEvent's type that stands for a provider's event adds that event's header.
    """
    if not pairs:
        return NONE
    named: dict[str, str] = {}
    for name, value in pairs:
        # A header without a value is legal in Kafka, whatever the type says.
        text = (value or b"").decode("utf-8", "replace").strip().strip('"')
        named.setdefault(_spelled(name, prefixes), text)
    if _CLOUDEVENT_TYPE not in named:
        return named
    return knative(named) | named


def added(
    headers: Mapping[str, str], more: Mapping[str, str], prefixes: tuple[str, ...]
) -> Mapping[str, str]:
    """The headers of a record and those its envelope carried; the envelope's win."""
    if not more:
        return headers
    spelled = {_spelled(name, prefixes): text for name, text in more.items()}
    return {**headers, **knative(spelled), **spelled}


@memoised
def _spelled(name: str, prefixes: tuple[str, ...]) -> str:
    lower = name.strip().lower()
    # One bridge may write several, one before the other: ``http.headers.``.
    while prefix := next(
        (one for one in prefixes if one and lower.startswith(one)), ""
    ):
        lower = lower[len(prefix) :]
    return lower.replace("_", "-")
