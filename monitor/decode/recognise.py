"""Whose body is it: the one table of providers, and how a row is chosen.

A new provider is one file (or a folder), and one row here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from monitor.decode.cdevents import events as cdevents
from monitor.decode.envelope import BUS_EVENT, BUS_SOURCE, EVENT
from monitor.decode.github import webhooks as github
from monitor.decode.jira import webhooks as jira
from monitor.decode.native import events as native
from monitor.decode.provider import Provider
from monitor.domain.outcomes import Decoded

# The formats that say themselves what they are, before any envelope is opened.
SELF_DESCRIBING: Final = (native.PROVIDER, cdevents.PROVIDER)
# The order in which bodies are tried.
PROVIDERS: Final = (*SELF_DESCRIBING, github.PROVIDER, jira.PROVIDER)

BY_NAME: Final[Mapping[str, Provider]] = {row.name: row for row in PROVIDERS}
# What a record's outcome may name as its source: one of them, or that none was seen.
SOURCES: Final = (*BY_NAME, Decoded().provider)
_EVENT_NAME: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_BY_EVENT_HEADER: Final = tuple(
    (name, provider) for provider in PROVIDERS for name in provider.event_headers
)


def by_header(headers: Mapping[str, str]) -> tuple[Provider, str] | None:
    """The provider whose event header is there, and the event it names."""
    for name, provider in _BY_EVENT_HEADER:
        event = _named_in(headers.get(name))
        if event is not None:
            return provider, event
    return None


def event_of(provider: Provider, headers: Mapping[str, str]) -> str | None:
    """The event of a provider that its own headers name, or else an envelope."""
    for name in provider.event_headers:
        event = _named_in(headers.get(name))
        if event is not None:
            return event
    return provider.named(headers.get(EVENT))


def _named_in(header: str | None) -> str | None:
    """The event that a provider's own header names.

    It may be one that this version does not know, whatever the body resembles; but what
    does not look like a name was put there by a relay.
    """
    event = header.strip().lower() if header is not None else ""
    return event if _EVENT_NAME.fullmatch(event) else None


def by_surroundings(headers: Mapping[str, str]) -> tuple[Provider, str] | None:
    """Whose body it may be that nobody recognises: whose bus is around it."""
    source = headers.get(BUS_SOURCE, "").lower()
    for provider in PROVIDERS:
        event = provider.named(headers.get(BUS_EVENT))
        if event is not None and provider.name in source:
            return provider, event
    return None


def by_body(
    body: Mapping[str, object], providers: tuple[Provider, ...]
) -> tuple[Provider, str] | None:
    """The first of the providers that recognises the body, and the raw kind."""
    keys = frozenset(body)
    for provider in providers:
        event = provider.recognise(keys, body)
        if event is not None:
            return provider, event
    return None
