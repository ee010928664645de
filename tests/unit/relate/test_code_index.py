"""Which change a sha or a branch stands for."""

from __future__ import annotations

from typing import Any, cast

import pytest

from monitor.domain.facts import Fields, Kind
from monitor.domain.making import make_fact
from monitor.domain.opaque import branch_word
from monitor.domain.working_time import FOREVER
from monitor.relate.code_index import (
    Candidate,
    Node,
    candidate_of,
    choose,
    choose_next,
    choose_open,
    first_time,
    gaps_before,
    is_follower,
    is_opened,
    keys_asked_for,
    keys_of,
    pushes_on,
    unpack_node,
)
from monitor.relate.rows import Section

Said = tuple[Kind, int, dict[str, Any]]


def section(*said: Said) -> Section:
    facts = [
        make_fact(kind, time, "it", "s", cast("Fields", fields))
        for kind, time, fields in said
    ]
    return Section("it", None, {fact.identity: fact for fact in facts})


OPENED, READY = Kind.CHANGE_OPENED, Kind.CHANGE_READY
MERGED, CLOSED, PUSHED = Kind.CHANGE_MERGED, Kind.CHANGE_CLOSED, Kind.CHANGE_PUSHED
FIX = f"branch:acme/shop@{branch_word('fix')}"


def test_a_thing_is_known_by_every_sha_and_branch_it_names() -> None:
    thing = section(
        (OPENED, 1, {"sha": "b", "repo": "acme/shop", "branch": "fix"}),
        (PUSHED, 2, {"shas": ["a", "b"]}),
        (PUSHED, 3, {"branch": "nowhere"}),
    )
    assert keys_of(thing) == (["sha:a", "sha:b"], [FIX])


def test_a_default_branch_stands_for_no_change() -> None:
    thing = section(
        (PUSHED, 1, {"repo": "acme/shop", "branch": "main", "default_branch": True})
    )
    assert keys_of(thing) == ([], [])


def test_a_run_that_names_its_item_asks_for_no_change_but_a_change_does() -> None:
    where = {"sha": "a", "repo": "acme/shop", "branch": "fix"}
    keys = {"sha:a", FIX}
    run = section((Kind.RUN_QUEUED, 1, where))
    named = section((Kind.RUN_QUEUED, 1, {**where, "item": "CHK-1"}))
    change = section((OPENED, 1, {**where, "item": "CHK-1"}))
    assert keys_asked_for([run]) == keys
    # A change also tells those who pushed to its branch.
    assert keys_asked_for([change]) == keys | {pushes_on(FIX)}
    assert keys_asked_for([named, section((OPENED, 1, {}))]) == set()


def test_a_change_is_known_to_be_open_by_its_opening_only() -> None:
    assert is_opened(section((PUSHED, 1, {}), (READY, 2, {})))
    assert not is_opened(section((PUSHED, 1, {}), (Kind.CHANGE_REVIEWED, 2, {})))


@pytest.mark.parametrize(
    ("kinds", "follower"),
    [
        ([Kind.RUN_QUEUED], True),
        ([Kind.DEPLOY_STARTED], True),
        ([PUSHED], True),
        ([PUSHED, OPENED], False),
        ([Kind.TICKET_CREATED], False),
    ],
)
def test_runs_deploys_and_pushes_look_for_their_change(
    kinds: list[Kind], follower: bool
) -> None:
    assert is_follower(section(*((kind, 1, {}) for kind in kinds))) is follower


CANDIDATES: dict[str, tuple[Section, Candidate]] = {
    "open from opened to merged": (
        section((OPENED, 5, {"number": 7}), (MERGED, 9, {"number": 7})),
        Candidate(7, ((5, 9),)),
    ),
    "open to the latest close": (
        section((OPENED, 5, {}), (CLOSED, 7, {}), (MERGED, 9, {})),
        Candidate(2**53, ((5, 9),)),
    ),
    "open from the earliest of opened and ready": (
        section((READY, 6, {}), (OPENED, 5, {})),
        Candidate(2**53, ((5, FOREVER),)),
    ),
    "known only by its close": (
        section((CLOSED, 7, {"number": 3})),
        Candidate(3, ((7, 7),)),
    ),
    "known only by a push": (
        section((PUSHED, 4, {})),
        Candidate(2**53, ((4, FOREVER),)),
    ),
    "closed before it was opened again is open": (
        section((CLOSED, 3, {}), (OPENED, 5, {})),
        Candidate(2**53, ((5, FOREVER),)),
    ),
    "what is no change's word does not count": (
        section((Kind.TICKET_DONE, 1, {"number": 1}), (OPENED, 5, {"number": 7})),
        Candidate(7, ((5, FOREVER),)),
    ),
}


@pytest.mark.parametrize("name", CANDIDATES)
def test_candidate(name: str) -> None:
    thing, expected = CANDIDATES[name]
    assert candidate_of(thing) == expected


def test_what_is_said_of_a_change_as_of_a_ticket_does_not_begin_it() -> None:
    """The index is not told of a comment, so it must not change what it knows."""
    closed = section((CLOSED, 9, {}))
    commented = section((Kind.TICKET_COMMENTED, 4, {}), (CLOSED, 9, {}))
    assert candidate_of(commented) == candidate_of(closed)


def test_the_first_time_is_that_of_any_fact() -> None:
    assert first_time(section((MERGED, 9, {}), (PUSHED, 4, {}))) == 4


TWO = {
    "late": Candidate(9, ((10, 20),)),
    "early": Candidate(3, ((0, 10),)),
}


@pytest.mark.parametrize(
    ("instant", "any_change", "open_change"),
    [(5, "early", "early"), (10, "late", "late"), (25, "early", None)],
)
def test_the_change_open_at_that_time_else_the_lowest_number(
    instant: int, any_change: str, open_change: str | None
) -> None:
    assert choose(TWO, instant) == any_change
    assert choose_open(TWO, instant) == open_change


@pytest.mark.parametrize(
    ("on_branch", "instant", "chosen"),
    [
        ({"b"}, 5, "b"),
        ({"a", "b"}, 5, "a"),
        (set(), 5, "a"),
        ({"closed"}, 5, "a"),
        ({"b"}, 25, "closed"),
        ({"elsewhere"}, 5, "a"),
    ],
)
def test_of_several_with_one_sha_the_one_whose_branch_was_open_then(
    on_branch: set[str], instant: int, chosen: str
) -> None:
    changes = {
        "closed": Candidate(1, ((0, 2),)),
        "a": Candidate(3, ((0, 10),)),
        "b": Candidate(9, ((0, 10),)),
    }
    assert choose(changes, instant, on_branch) == chosen


def test_among_none_there_is_none() -> None:
    assert choose({}, 5) is choose_open({}, 5) is None


def test_a_node_survives_its_bytes() -> None:
    node = Node({"shop#7": Candidate(7, ((1, 5), (9, FOREVER)))}, {"run-1": 4})
    assert unpack_node(node.pack()) == node
    assert unpack_node(None) == Node()


@pytest.mark.parametrize(
    ("instant", "following"),
    [(-5, "early"), (0, "late"), (5, "late"), (10, None), (25, None)],
)
def test_the_change_that_is_opened_next(instant: int, following: str | None) -> None:
    assert choose_next(TWO, instant) == following


def test_of_changes_opened_at_once_the_lowest_number_is_next() -> None:
    both = {"a": Candidate(9, ((10, 20),)), "b": Candidate(3, ((10, 20),))}
    assert choose_next(both, 5) == "b"


LATER = Candidate(9, ((50, 60),))
GAPS: dict[str, tuple[list[Candidate], Candidate | None, list[tuple[int, int]]]] = {
    "the first of a branch": ([], None, [(0, 50)]),
    "after one that had ended": ([Candidate(3, ((10, 20),))], None, [(20, 50)]),
    "while another was open": ([Candidate(3, ((10, 55),))], None, [(50, 50)]),
    "a later one is no end": ([Candidate(3, ((70, 80),))], None, [(0, 50)]),
    "opened as was known, and ended otherwise": ([], Candidate(9, ((50, 99),)), []),
    "opened at another time than was known": (
        [Candidate(3, ((10, 20),))],
        Candidate(9, ((40, 60),)),
        [(20, 40), (20, 50)],
    ),
}


@pytest.mark.parametrize("name", GAPS)
def test_the_gap_before_a_change(name: str) -> None:
    others, before, expected = GAPS[name]
    assert list(gaps_before([*others, LATER], LATER, before)) == expected
