"""The content of a CDEvent, read leniently: what it refers to beside its subject.

A reference is an object with an ``id``. Real producers write a name alone, as text or
in an object; that is read, and counted as a break of the format.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

REFERENCES: Final = ("repository", "service", "environment")

Content = Mapping[str, object]


def text_of(value: object) -> str | None:
    """The text without surrounding space; ``None`` for empty or no text."""
    return (value.strip() or None) if isinstance(value, str) else None


def referred(content: Content, name: str) -> str | None:
    """The id of what is referred to, else its name; ``None``: neither is told."""
    reference = content.get(name)
    if isinstance(reference, dict):
        return text_of(reference.get("id")) or text_of(reference.get("name"))
    return text_of(reference)


def misshapen(content: Content) -> int:
    """How many references are there without an ``id``; ``null`` is as if left out."""
    stated = (content.get(name) for name in REFERENCES)
    return sum(
        not (isinstance(reference, dict) and text_of(reference.get("id")))
        for reference in stated
        if reference is not None
    )
