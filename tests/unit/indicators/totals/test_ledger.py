"""The ledger names every pair an item is charged to, and the end of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.timeline import UNIT, Component, Segment, Sort, Timeline
from monitor.indicators.totals.ledger import (
    BITS,
    SUMMED,
    Entry,
    Moved,
    entries_of,
    moved,
)


def segment(
    sort: Sort, end: int, on_team: str = "", component: str = "", team: str = "checkout"
) -> Segment:
    return Segment(sort, team, on_team, component, "acute", 0, end, UNIT, team)


def test_a_pair_ends_with_the_last_of_its_segments_and_tells_all_it_is() -> None:
    blocked = Component.TICKET_BLOCKED
    found = entries_of(
        [
            Timeline(
                "CHK-1",
                (
                    segment(Sort.WAIT, 50, "platform", blocked),
                    segment(Sort.ACTIVE, 20),
                    segment(Sort.OWN_FAILURE, 30),
                ),
            ),
            Timeline("d", (segment(Sort.WAIT, 40, "platform", Component.CI_QUEUE),)),
        ]
    )
    assert found == {
        ("checkout", "platform"): Entry(50, BITS[blocked] | BITS[Component.CI_QUEUE]),
        ("checkout", ""): Entry(30, BITS["active"] | BITS["own_failure"]),
    }


def test_time_that_does_not_accrue_is_in_no_entry() -> None:
    assert entries_of([Timeline("CHK-1", (segment(Sort.UNACCRUED, 9),))]) == {}


def test_bits_stay_what_is_stored_and_a_sum_takes_each_second_once() -> None:
    names = ["ci_queue", "ci_shared_failure", "ci_flaky", "ticket_blocked"]
    names += ["dependency_link", "ticket_request", "handoff", "reopen", "review_wait"]
    names += ["deploy_approval", "deploy_freeze", "deploy_failure", "incident"]
    names += ["active", "own_failure", "unclassified"]
    assert {name: 2**place for place, name in enumerate(names)} == BITS
    assert SUMMED == 2**14 - 1


def test_only_what_differs_moves() -> None:
    active = segment(Sort.ACTIVE, 20)
    old, new = (
        Timeline("CHK-1", (active, segment(Sort.WAIT, end, "search", "handoff")))
        for end in (9, 8)
    )
    assert moved("CHK-1", [old], [old]) is None
    found = moved("CHK-1", [old], [new])
    pair = ("checkout", "search")
    assert found == Moved("CHK-1", [(pair, 9)], [(pair, entries_of([new])[pair])])


@pytest.mark.parametrize("empty_first", [True, False])
def test_a_first_timeline_is_put_and_a_last_one_goes(empty_first: bool) -> None:
    one = Timeline("CHK-1", (segment(Sort.ACTIVE, 20),))
    entry = Entry(20, BITS["active"])
    if empty_first:
        expected = Moved("CHK-1", [], [(("checkout", ""), entry)])
        assert moved("CHK-1", [], [one]) == expected
    else:
        assert moved("CHK-1", [one], []) == Moved("CHK-1", [(("checkout", ""), 20)], [])


def lists_of_timelines() -> st.SearchStrategy[list[Timeline]]:
    segments = st.builds(
        segment,
        st.sampled_from(Sort),
        st.integers(0, 3),
        st.sampled_from(["", "search", "data"]),
        st.sampled_from(["", *Component]),
        st.sampled_from(["checkout", "payments"]),
    )
    return st.lists(
        st.builds(Timeline, st.just("i"), st.lists(segments, max_size=4).map(tuple)),
        max_size=3,
    )


@pytest.mark.slow
@given(st.lists(lists_of_timelines(), max_size=5))
def test_moves_one_after_the_other_come_to_the_last_timelines(
    versions: list[list[Timeline]],
) -> None:
    rows: dict[tuple[tuple[str, str], int], int] = {}
    before: list[Timeline] = []
    for version in versions:
        found = moved("i", before, version) or Moved("i", [], [])
        for pair, until in found.gone:
            del rows[(pair, until)]
        for pair, (until, what) in found.put:
            rows[(pair, until)] = what
        before = version
    expected = entries_of(before).items()
    assert rows == {(pair, until): what for pair, (until, what) in expected}
