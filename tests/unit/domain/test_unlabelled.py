"""Blocks by labels that no body shows any more, and that no event lifted."""

from __future__ import annotations

import pytest

from monitor.domain.facts import (
    LABELLED,
    ON_CARD,
    UNLABELLED,
    UNNAMED,
    Fact,
    Fields,
    Kind,
)
from monitor.domain.flags import on_card
from monitor.domain.items import in_order
from monitor.domain.making import make_fact
from monitor.domain.unlabelled import with_unlabelled

# What is said, when, of which team: ``+`` blocks by a label, ``c`` by a card and ``!``
# otherwise, ``-`` lifts, ``l`` by a label and ``o`` by a card, ``u`` lifts nobody's
# alone, ``0`` shows that no label blocks. Of cards of two boards ``a`` and ``b`` block,
# ``A`` and ``B`` lift, ``1`` and ``2`` show no block; ``9`` does of an unknown one.
Story = tuple[tuple[str, int, str], ...]
_SAID = {
    "+": (Kind.TICKET_BLOCKED, LABELLED),
    "c": (Kind.TICKET_BLOCKED, ON_CARD),
    "!": (Kind.TICKET_BLOCKED, ""),
    "l": (Kind.TICKET_UNBLOCKED, LABELLED),
    "o": (Kind.TICKET_UNBLOCKED, ON_CARD),
    "-": (Kind.TICKET_UNBLOCKED, ""),
    "u": (Kind.TICKET_UNBLOCKED, UNNAMED),
    "0": (Kind.TICKET_UPDATED, UNLABELLED),
    "a": (Kind.TICKET_BLOCKED, on_card("first")),
    "b": (Kind.TICKET_BLOCKED, on_card("second")),
    "A": (Kind.TICKET_UNBLOCKED, on_card("first")),
    "B": (Kind.TICKET_UNBLOCKED, on_card("second")),
    "1": (Kind.TICKET_UPDATED, on_card("first")),
    "2": (Kind.TICKET_STARTED, on_card("second")),
    "9": (Kind.TICKET_UPDATED, ON_CARD),
}


def told(story: Story, entity: str = "shop#7", repo: str = "") -> tuple[Fact, ...]:
    found = []
    for sign, time, team in story:
        kind, how = _SAID[sign]
        fields: Fields = {}
        if repo:
            fields["repo"] = repo
        if team:
            fields["on_team"] = team
        if how:
            fields["how"] = how
        found.append(make_fact(kind, time, entity, "here", fields))
    return in_order(found)


def lifts(facts: tuple[Fact, ...]) -> list[tuple[int, str]]:
    """Those that no event told, by time and team; nobody's lifts no other."""
    known = {fact.identity for fact in facts}
    found = [fact for fact in with_unlabelled(facts) if fact.identity not in known]
    assert {fact.kind for fact in found} <= {Kind.TICKET_UNBLOCKED}
    assert all(fact.fields["automation"] for fact in found)
    blocks = [fact.fields for fact in facts if fact.kind is Kind.TICKET_BLOCKED]
    tellers = {said["how"] for said in blocks if "how" in said}
    assert all(fact.fields["how"] in tellers for fact in found)
    return sorted((fact.time, fact.fields.get("on_team", "")) for fact in found)


CASES: dict[str, tuple[Story, list[tuple[int, str]]]] = {
    "each of them": (
        (("+", 1, "data"), ("+", 2, ""), ("0", 3, ""), ("0", 4, "")),
        [(3, ""), (3, "data")],
    ),
    "lifted before": ((("+", 1, "data"), ("-", 2, "data"), ("0", 3, "")), []),
    "lifted at that instant": ((("+", 1, "data"), ("-", 2, "data"), ("0", 2, "")), []),
    "all lifted before": ((("+", 1, "data"), ("-", 2, ""), ("0", 3, "")), []),
    "nobody's lifted before": (
        (("+", 1, "data"), ("+", 1, ""), ("u", 2, ""), ("0", 3, "")),
        [(3, "data")],
    ),
    "of no length": ((("+", 1, "data"), ("-", 1, "data"), ("0", 2, "")), []),
    "lifted and begun at one instant": (
        (("+", 1, "data"), ("-", 2, "data"), ("+", 2, "data"), ("0", 3, "")),
        [(3, "data")],
    ),
    "of that instant": ((("+", 1, "data"), ("+", 2, "data"), ("0", 2, "")), []),
    "later": ((("0", 1, ""), ("+", 2, "data")), []),
    "told otherwise": ((("+", 1, "data"), ("!", 2, ""), ("0", 3, "")), [(3, "data")]),
    "told otherwise, too": ((("+", 1, "data"), ("!", 2, "data"), ("0", 3, "")), []),
    "told by a card, too": (
        (("+", 1, "data"), ("c", 2, "data"), ("0", 3, "")),
        [(3, "data")],
    ),
    "of a card alone": ((("c", 1, "data"), ("+", 1, ""), ("0", 2, "")), [(2, "")]),
    "of a card at that instant": (
        (("+", 1, "data"), ("c", 2, "data"), ("0", 2, "")),
        [(2, "data")],
    ),
    "told otherwise at that instant": (
        (("+", 1, "data"), ("!", 2, "data"), ("0", 2, "")),
        [],
    ),
    "whose card left": (
        (("+", 1, "data"), ("c", 2, "data"), ("o", 3, "data"), ("0", 4, "")),
        [(4, "data")],
    ),
    "whose label was taken off beside a card": (
        (("+", 1, ""), ("c", 2, ""), ("l", 3, ""), ("0", 4, "")),
        [],
    ),
    "told otherwise and lifted, then by a label": (
        (("!", 1, "data"), ("-", 2, "data"), ("+", 3, "data"), ("0", 4, "")),
        [(4, "data")],
    ),
    "a card that shows no block": (
        (("a", 1, "data"), ("a", 2, ""), ("1", 3, "")),
        [(2, "data"), (3, "")],
    ),
    "of another board's card": ((("a", 1, "data"), ("2", 2, ""), ("9", 3, "")), []),
    "of both": (
        (("a", 1, "data"), ("b", 2, "data"), ("2", 3, ""), ("1", 4, "")),
        [(3, "data"), (4, "data")],
    ),
    "a card that blocks from that instant": (
        (("a", 1, "data"), ("1", 2, ""), ("a", 2, "data"), ("1", 3, "")),
        [(3, "data")],
    ),
    "a card that left": ((("a", 1, "data"), ("A", 2, "data"), ("1", 3, "")), []),
    "a card that left another block": (
        (("a", 1, "data"), ("A", 2, ""), ("1", 3, "")),
        [(2, "data")],
    ),
    "a card, beside a label": ((("a", 1, ""), ("+", 2, ""), ("0", 3, "")), [(3, "")]),
    "a label, beside a card": ((("+", 1, ""), ("a", 2, ""), ("1", 3, "")), [(3, "")]),
    "a card, told otherwise, too": ((("a", 1, ""), ("!", 2, ""), ("1", 3, "")), []),
    "a card of no known board": ((("c", 1, "data"), ("9", 2, "")), [(2, "data")]),
    "cards of no known board, which may be two": (
        (("c", 1, "data"), ("c", 2, ""), ("o", 3, "")),
        [],
    ),
    "a card of an earlier version, by one of a known board": (
        (("c", 1, "data"), ("1", 2, ""), ("2", 2, "")),
        [],
    ),
    "a card of an earlier version, which any card's lift ends": (
        (("c", 1, "data"), ("B", 2, "data"), ("9", 3, "")),
        [],
    ),
    "any card, by a lift of an earlier version": (
        (
            ("a", 1, "data"),
            ("b", 2, "data"),
            ("o", 3, "data"),
            ("1", 4, ""),
            ("2", 4, ""),
        ),
        [],
    ),
    "spelled in two ways": (
        (("+", 1, "Data"), ("-", 2, "data"), ("0", 3, "")),
        [],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_no_label_says_any_more_is_lifted(case: str) -> None:
    story, expected = CASES[case]
    assert lifts(told(story)) == expected
    assert lifts(in_order(list(told(story))[::-1])) == expected


def test_one_thing_says_nothing_of_another() -> None:
    blocked = told((("+", 1, "data"),), "shop#8")
    assert lifts(in_order([*blocked, *told((("+", 2, ""), ("0", 3, "")))])) == [(3, "")]


def test_a_lift_is_of_the_repository_that_shows_it() -> None:
    facts = told((("+", 1, "data"), ("0", 2, "")), repo="acme/shop")
    (lift,) = [one for one in with_unlabelled(facts) if one not in facts]
    assert lift.fields["repo"] == "acme/shop"
