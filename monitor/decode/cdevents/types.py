"""Which CDEvent a type names, and which of them are ignored, with the reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from monitor.decode.cdevents.subjects import IGNORED, KINDS

_PREFIX: Final = "dev.cdevent"
_CUSTOM_PREFIX: Final = "dev.cdeventsx."
_TYPE: Final = re.compile(r"dev\.cdevents\.([a-z]+)\.([a-z]+)(?:\.|$)", re.ASCII)
# A closed list, because a raw kind becomes a label.
_PREDICATES: Final = frozenset(
    {
        "created",
        "modified",
        "updated",
        "deleted",
        "queued",
        "started",
        "finished",
        "skipped",
        "packaged",
        "published",
        "signed",
        "downloaded",
        "removed",
    }
)
_LINK_TYPES: Final = frozenset({"START", "PATH", "RELATION", "END"})


def recognise(keys: frozenset[str], body: Mapping[str, object]) -> str | None:
    """``subject.predicate`` of a CDEvent, ``link`` of a stand-alone link."""
    if "context" in keys:
        context = body["context"]
        kind = context.get("type") if isinstance(context, dict) else None
        return _raw_kind(kind) if isinstance(kind, str) else None
    link = body.get("linkType")
    return "link" if isinstance(link, str) and link in _LINK_TYPES else None


def named_around(headers: Mapping[str, str]) -> str | None:
    """``subject.predicate`` by the type of the CloudEvent around a body, as above."""
    return _raw_kind(headers.get("ce-type", ""))


def nameless(headers: Mapping[str, str]) -> str:
    """What is wrong with a body that names no CDEvent, and what to do."""
    around = named_around(headers)
    if around is None:
        return "names no CDEvent; write dev.cdevents.<subject>.<predicate>.<version>"
    return (
        f"names no CDEvent, though the CloudEvent's type does ({around}): put the whole"
        " CDEvent, with its context and subject, into it"
    )


def _raw_kind(type_: str) -> str | None:
    lower = type_.lower()
    if not lower.startswith(_PREFIX):
        return None
    if lower.startswith(_CUSTOM_PREFIX):
        return "custom"
    match = _TYPE.match(lower)
    if match is None:
        return "other"
    known = match[1] in IGNORED and match[2] in _PREDICATES
    raw_kind = f"{match[1]}.{match[2]}"
    return raw_kind if known or raw_kind in KINDS else "other"


def why_ignored(raw_kind: str) -> str:
    """Why nothing is made of a raw kind; empty where something is."""
    if raw_kind == "link":
        return "a CDEvents link joins events, not work"
    if raw_kind == "custom":
        return "a custom CDEvent means nothing outside its tool"
    if raw_kind == "other":
        return "a CDEvents type this version does not know"
    if raw_kind in KINDS:
        return ""
    return IGNORED.get(raw_kind.partition(".")[0], "")
