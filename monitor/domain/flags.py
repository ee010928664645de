"""A ticket's flags, by whom they wait for and by what tells them, and what lifts each.

A label and the cards of boards may say the same of one ticket: each blocks by itself,
until it is taken off or leaves. What tells of neither, as a native event, an issue of
Jira or a fact of an earlier version, lifts flags whoever told them, and its own flags
are lifted by whatever names the same. An issue has one card on a board. Where the
board is not told, as by an earlier version, its flag ends with any card's lift, and
its lift ends any card's flag.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from monitor.domain.facts import LABELLED, ON_CARD, UNNAMED, Fact, digest
from monitor.domain.memos import memoised
from monitor.domain.opaque import flag_name

_ANY_CARD: Final = f"{ON_CARD}:*"
_DIGITS: Final = 8


class Flag(NamedTuple):
    """By what is kept of its name, empty for none; ``teller`` is empty for others."""

    name: str
    teller: str


@memoised
def on_card(board: str) -> str:
    """``how`` of what the card of that board says; empty where it is not told."""
    return f"{ON_CARD}:{f'{digest(board):016x}'[:_DIGITS]}" if board else ON_CARD


def is_cards(how: str) -> bool:
    """Whether a card says it."""
    return how.startswith(ON_CARD)


def flag_of(fact: Fact) -> Flag:
    """The flag that the fact puts up or, a lift, names."""
    return Flag(flag_name(fact.fields), teller_of(fact))


def teller_of(fact: Fact) -> str:
    """By what it is told: a label, the card of a board, or empty for all others."""
    how = fact.fields.get("how", "")
    return how if how == LABELLED or is_cards(how) else ""


def lifted_by(lift: Fact) -> AbstractSet[Flag] | None:
    """What ends wherever it stands, as ``lifts_of`` a flag; ``None``: all flags."""
    name, teller = flag_of(lift)
    if not name and not teller and lift.fields.get("how") != UNNAMED:
        return None
    if not teller:
        tellers: tuple[str, ...] = ("", LABELLED, _ANY_CARD)
    elif teller == ON_CARD:
        tellers = ("", _ANY_CARD)
    else:
        tellers = ("", teller, ON_CARD) if is_cards(teller) else ("", teller)
    return {Flag(name, one) for one in tellers}


def lifts_of(flag: Flag) -> tuple[Flag, ...]:
    """By which of the lifted it ends: by itself, a card's also with those of all."""
    if not is_cards(flag.teller):
        return (flag,)
    return flag, Flag(flag.name, _ANY_CARD)
