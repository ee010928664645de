"""What tells two requests, or two flags, of one thing apart: by number, else by name.

A tool may number whom it asks, and a rename changes no number. What is told by name
alone is of the first number that was told beside that name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from monitor.domain.facts import Fact


def numbers_told(facts: Iterable[Fact]) -> dict[str, str]:
    """By the names of requests, the numbers told beside them, in order of time."""
    numbers: dict[str, str] = {}
    for fact in facts:
        if "request_number" in fact.fields:
            numbers.setdefault(_name(fact), fact.fields["request_number"])
    return numbers


def asked_by(fact: Fact, numbers: Mapping[str, str]) -> str:
    """The key of what a fact asks for, takes back or answers; by name tools differ."""
    name = _name(fact)
    return fact.fields.get("request_number") or numbers.get(name, name)


def _name(fact: Fact) -> str:
    """Tools spell one team in several ways."""
    fields = fact.fields
    named = fields.get("request") or fields.get("on_team") or fields.get("group", "")
    return named.casefold()
