"""A ticket's flags, by whom they wait for and by what tells them, and what lifts each.

A label and the card of a board may say the same of one ticket: each blocks by itself,
until it is taken off or leaves. What tells of neither, as a native event, an issue of
Jira or a fact of an earlier version, lifts flags whoever told them, and its own flags
are lifted by whatever names the same.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from monitor.domain.facts import LABELLED, ON_CARD, UNNAMED, Fact
from monitor.domain.opaque import flag_name

_TELLERS: Final = (LABELLED, ON_CARD)


class Flag(NamedTuple):
    """By what is kept of its name, empty for none; ``teller`` is empty for others."""

    name: str
    teller: str


def flag_of(fact: Fact) -> Flag:
    """The flag that the fact puts up or, a lift, names."""
    how = fact.fields.get("how", "")
    return Flag(flag_name(fact.fields), how if how in _TELLERS else "")


def lifted_by(lift: Fact) -> AbstractSet[Flag] | None:
    """The flags that a lift ends wherever they stand; ``None``: all of the ticket."""
    name, teller = flag_of(lift)
    if not name and not teller and lift.fields.get("how") != UNNAMED:
        return None
    tellers = (teller,) if teller else _TELLERS
    return {Flag(name, ""), *(Flag(name, one) for one in tellers)}
