"""Indicators 1.11 and 6.5: who has to coordinate, who does, and what it costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.domain.model import DEFAULT_MODEL, Model
from monitor.indicators.evaluate import evaluate
from monitor.indicators.totals.coordination import (
    Touched,
    congruence,
    coordination_report,
    cost_by_pair,
    pairs_of,
    required,
    required_of,
)
from monitor.indicators.totals.instant import SECOND_UNITS, Totals
from tests.unit.indicators.history import DIRECTORY, at, fact, item_of, started

ABC = "abc"


def matrix(rows: Sequence[Sequence[int]]) -> dict[str, dict[str, int]]:
    """Rows and columns by letter, without what is 0."""
    return {
        ABC[row]: {ABC[column]: value for column, value in enumerate(values) if value}
        for row, values in enumerate(rows)
    }


def test_the_vector_of_the_specification() -> None:
    assigned = matrix([[0, 1, 0], [0, 1, 1], [1, 1, 0]])
    depends = matrix([[1, 1, 0], [1, 1, 1], [0, 1, 1]])
    expected = matrix([[1, 2, 2], [2, 4, 3], [2, 3, 4]])
    assert required(assigned, depends) == expected


def change(entity: str, item: str, repo: str, when: str = "Mon 10:00") -> Fact:
    return fact("change.opened", when, entity, item=item, repo=repo)


def touched_by(
    *items: Sequence[Fact],
    since: str | None = None,
    until: str = "Mon 17:00",
    model: Model = DEFAULT_MODEL,
) -> Touched:
    found = Touched()
    for number, facts in enumerate(items, 1):
        item = item_of(facts, f"T-{number}")
        timelines = evaluate(item, DIRECTORY, model)
        start = at(since) if since else None
        found.add(item, timelines, DIRECTORY, start, at(until))
    return found


def ticket(number: int, team: str, *facts: Fact) -> list[Fact]:
    return [started("Mon 09:00", f"T-{number}", team), *facts]


# checkout's and search's items touch acme/shop; search's also acme/base, with which it
# hangs together, and so does platform's.
SHOP = ticket(1, "checkout", change("P-1", "T-1", "acme/shop"))
BOTH = ticket(
    2,
    "search",
    change("P-2", "T-2", "acme/shop"),
    change("P-3", "T-2", "acme/base"),
)
BASE = ticket(3, "platform", change("P-4", "T-3", "acme/base"))


def test_teams_whose_components_change_together_have_to_coordinate() -> None:
    touched = touched_by(SHOP, BOTH, BASE)
    assert touched.assigned == {
        ("checkout", "acme/shop"): 1,
        ("search", "acme/shop"): 1,
        ("search", "acme/base"): 1,
        ("platform", "acme/base"): 1,
    }
    # checkout and platform through search's change of both; search with each twice.
    once, twice = {("checkout", "platform")}, {("checkout", "search")}
    twice |= {("platform", "search")}
    expected = dict.fromkeys(once, 1) | dict.fromkeys(twice, 2)
    expected |= {(b, a): value for (a, b), value in expected.items()}
    assert required_of(touched) == expected


def test_without_a_common_component_nothing_is_required() -> None:
    assert required_of(touched_by(SHOP, ticket(2, "platform"))) == {}
    alone = touched_by(SHOP, ticket(2, "platform", change("P", "T-2", "acme/base")))
    assert required_of(alone) == {}
    assert congruence({}, {}) is None


def test_only_what_was_touched_in_the_window_counts() -> None:
    assert touched_by(SHOP, since="Mon 10:00").assigned == {}
    assert touched_by(SHOP, until="Mon 09:59").assigned == {}
    assert len(touched_by(SHOP, since="Mon 09:59", until="Mon 10:00").assigned) == 1


def test_an_item_counts_once_however_often_it_touches() -> None:
    facts = [*SHOP, change("P-9", "T-1", "acme/shop", "Mon 11:00")]
    assert touched_by(facts).assigned == {("checkout", "acme/shop"): 1}


def test_who_had_the_item_when_it_touched() -> None:
    handed = ticket(
        1,
        "checkout",
        change("P-1", "T-1", "acme/shop", "Mon 10:00"),
        fact("ticket.assigned", "Mon 11:00", "T-1", to_team="search"),
        fact("ticket.accepted", "Mon 12:00", "T-1", team="search"),
        change("P-2", "T-1", "acme/find", "Mon 13:00"),
    )
    touched = touched_by(handed)
    assert set(touched.assigned) == {("checkout", "acme/shop"), ("search", "acme/find")}
    assert touched.dealt == {("checkout", "search"): 1}


def test_a_claimed_part_of_a_repository_is_a_component_and_so_is_a_service() -> None:
    said: dict[str, Any] = {"repo": "acme/mono", "sha": "s", "branch": "b"}
    facts = [
        *ticket(1, "data"),
        fact("change.opened", "Mon 10:00", "P-1", repo="acme/mono"),
        fact(
            *("change.pushed", "Mon 10:00", "P-1"),
            paths=["/reports/a.sql", "/reports/b/c.sql"],
            **said,
        ),
        fact("change.pushed", "Mon 10:30", "P-1", paths=["/other/x"], **said),
        fact("deploy.finished", "Mon 11:00", "D-1", service="Till ", outcome="success"),
        fact("run.finished", "Mon 11:00", "R-1", repo="acme/find", outcome="success"),
    ]
    parts = {part for _, part in touched_by(facts).assigned}
    assert parts == {"acme/mono", "acme/mono/reports", "service:till"}


def test_nobody_has_to_coordinate_with_who_is_not_known() -> None:
    unknown = [
        fact("ticket.started", "Mon 09:00", "T-2", work_class="feature"),
        change("P-2", "T-2", "other/x"),
        fact("change.reviewed", "Mon 11:00", "P-2", reviewed_by=["search"]),
    ]
    found = touched_by([*SHOP, change("P-3", "T-1", "other/x")], unknown)
    assert required_of(found) == {}
    assert found.dealt == {}


def test_reviews_requests_and_links_are_what_teams_do() -> None:
    reviewed = ticket(
        1,
        "checkout",
        change("P-1", "T-1", "acme/shop"),
        fact("change.reviewed", "Mon 11:00", "P-1", reviewed_by=["search", "checkout"]),
        fact("ticket.blocked", "Mon 11:00", "T-1", on_team="data"),
        fact("run.queued", "Mon 12:00", "R-1", on_team="platform"),
    )
    asked = [
        *ticket(2, "platform"),
        fact("ticket.requested", "Mon 10:00", "T-2", requester_team="berlin"),
    ]
    assert touched_by(reviewed, asked).dealt == {
        ("checkout", "search"): 1,
        ("checkout", "data"): 1,
        ("berlin", "platform"): 1,
    }
    assert touched_by(reviewed, since="Mon 11:00").dealt == {}


@pytest.mark.parametrize("blocks", [True, False], ids=["charged", "exposure only"])
def test_a_link_shows_it_whether_it_is_charged_or_not(blocks: bool) -> None:
    linked = ticket(
        1,
        "checkout",
        fact("link.added", "Mon 10:00", "T-1", blocker="PLT-1"),
        fact("link.removed", "Mon 12:00", "T-1", blocker="PLT-1"),
    )
    model = Model(link_blocks=blocks)
    assert touched_by(linked, model=model).dealt == {("checkout", "platform"): 1}
    assert touched_by(linked, model=model, since="Mon 10:00").dealt == {}
    assert touched_by(linked, model=model, until="Mon 09:59").dealt == {}


def test_congruence_is_the_share_of_those_who_have_to_and_do() -> None:
    needed = {("a", "b"): 1, ("b", "a"): 1, ("a", "c"): 5, ("c", "a"): 5}
    assert congruence(needed, {("b", "a"): 1, ("b", "c"): 9}) == 0.5
    assert congruence(needed, {("b", "a"): 1, ("a", "c"): 1}) == 1


HIGH = Fraction(4 * 3_600)


@pytest.mark.parametrize(
    ("needed", "cost", "kind"),
    [
        (9, HIGH, "architecture or team boundary"),
        (3, HIGH, "architecture or team boundary"),
        (1, HIGH, "process"),
        (0, HIGH, "process"),
        (9, HIGH - 1, None),
        (0, HIGH - 1, None),
    ],
)
def test_a_pair_that_costs_much_is_of_one_kind(
    needed: int, cost: Fraction, kind: str | None
) -> None:
    """The others have to coordinate by 1, 3, 3 and 5: 3 is much."""
    shared = [f"part-{number}" for number in range(9)]
    touched = Touched(together={(part, part) for part in shared})
    for pair, many in (("ab", 5), ("cd", 1), ("ef", 3), ("gh", 3), ("xy", needed)):
        for part in shared[:many]:
            # Each pair has parts of its own.
            for team in pair:
                touched.assigned[team, pair + part] = 1
            touched.together.add((pair + part, pair + part))
    (found,) = [
        pair
        for pair in pairs_of(touched, {("x", "y"): cost})
        if (pair.team, pair.on_team) == ("x", "y")
    ]
    assert (found.required, found.kind) == (needed, kind)


def test_what_a_pair_costs_is_by_the_central_weights() -> None:
    totals = Totals(
        waits=Counter(
            {
                ("a", "b", "handoff", "acute"): 100 * SECOND_UNITS,
                ("a", "b", "review_wait", "chronic"): 400 * SECOND_UNITS,
                ("b", "a", "incident", "response"): 7 * SECOND_UNITS,
                ("a", "unknown", "handoff", "acute"): 9 * SECOND_UNITS,
            }
        )
    )
    costs = cost_by_pair(totals, DEFAULT_MODEL)
    assert costs == {("a", "b"): 200, ("b", "a"): 7}


def test_the_document_has_a_row_for_each_pair() -> None:
    document: Any = coordination_report(
        touched_by(SHOP, BOTH, BASE), {("checkout", "data"): HIGH}
    )
    assert document["congruence"] == 0
    assert document["pairs"][0] == {
        "team": "checkout",
        "on_team": "data",
        "required": 0,
        "actual": 0,
        "cost_seconds": 14_400,
        "kind": "process",
    }
    assert len(document["pairs"]) == 7
    nothing = coordination_report(Touched(), {})
    assert nothing == {"congruence": None, "pairs": []}
