"""One wait key over time: what opens, closes, ends by a limit, changes hands."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.domain.teams import BEGINNING, Since
from monitor.domain.timeline import UNIT, Component
from monitor.domain.working_time import FOREVER
from monitor.indicators.waits.intervals import (
    Lull,
    Stretch,
    capped,
    closing,
    dated,
    lapses_in,
    lulls,
    spans,
    thinned,
    united,
    without,
)
from monitor.indicators.waits.shares import split_evenly
from tests.unit.indicators.history import DIRECTORY, HOUR, at

OPEN, CLOSE = True, False
CALENDAR = DIRECTORY.calendar("checkout")

SPANS: dict[str, tuple[list[tuple[int, bool]], list[tuple[int, int]]]] = {
    "an open and a close": ([(1, OPEN), (3, CLOSE)], [(1, 3)]),
    "whatever their order of arrival": ([(3, CLOSE), (1, OPEN)], [(1, 3)]),
    "an open alone never ends": ([(1, OPEN)], [(1, FOREVER)]),
    "a close alone is nothing": ([(1, CLOSE)], []),
    "a close before the open closes nothing": ([(1, CLOSE), (2, OPEN)], [(2, FOREVER)]),
    "the earliest of two opens": ([(1, OPEN), (2, OPEN), (3, CLOSE)], [(1, 3)]),
    "the first of two closes": ([(1, OPEN), (2, CLOSE), (3, CLOSE)], [(1, 2)]),
    "closed at one instant: opens first, zero length": ([(1, OPEN), (1, CLOSE)], []),
    "open at one instant: closes first, opens again": (
        [(1, OPEN), (2, OPEN), (2, CLOSE), (4, CLOSE)],
        [(1, 2), (2, 4)],
    ),
    "again and again": (
        [(1, OPEN), (2, CLOSE), (5, OPEN), (7, CLOSE)],
        [(1, 2), (5, 7)],
    ),
    "nothing": ([], []),
}


@pytest.mark.parametrize("name", SPANS)
def test_spans(name: str) -> None:
    marks, expected = SPANS[name]
    assert spans(marks) == expected


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans())), st.randoms())
def test_spans_do_not_depend_on_order_or_repetition(
    marks: list[tuple[int, bool]], chance: object
) -> None:
    again = sorted(marks + marks[:2], key=lambda mark: hash((mark, id(chance))))
    assert spans(again) == spans(marks)


@given(
    st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=6),
    st.lists(st.integers(0, 9), max_size=6),
)
@example([(1, True), (5, True)], [5, 5, 7])
def test_few_of_the_instants_that_close_every_wait_close_the_same(
    marks: list[tuple[int, bool]], instants: list[int]
) -> None:
    everywhere = [(instant, False) for instant in instants]
    needed = list(closing(marks, sorted(instants)))
    assert spans([*marks, *needed]) == spans([*marks, *everywhere])
    assert len(needed) <= 2 * len(marks)


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted), max_size=6),
    st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted),
)
def test_what_is_left_of_a_span_is_where_no_other_lies(
    drawn: list[list[int]], span: list[int]
) -> None:
    others = united((start, end) for start, end in drawn)
    left = list(without((span[0], span[1]), others))
    covered = {n for start, end in drawn for n in range(start, end)}
    assert [n for start, end in left for n in range(start, end)] == [
        n for n in range(*span) if n not in covered
    ]
    assert {n for start, end in others for n in range(start, end)} == covered
    assert all(start < end for start, end in left)
    assert all(early[1] <= late[0] for early, late in pairwise(others))


def test_a_cap_ends_a_wait_so_much_working_time_after_it_opened() -> None:
    start = at("Mon 16:00")
    assert capped(start, FOREVER, CALENDAR, 2 * HOUR) == at("Tue 10:00")
    assert capped(start, at("Tue 09:30"), CALENDAR, 2 * HOUR) == at("Tue 09:30")
    assert capped(start, start + HOUR, CALENDAR, 2 * HOUR) == start + HOUR


def test_a_calendar_without_hours_never_reaches_a_cap() -> None:
    assert capped(0, FOREVER, CALENDAR, 2**60) == FOREVER


def lapses(activity: list[int], limit: int) -> list[tuple[int, int]]:
    return lapses_in(lulls(activity, limit, lambda _: CALENDAR), limit)


def test_a_lapse_lasts_from_the_limit_to_the_next_activity() -> None:
    activity = [at("Mon 09:00"), at("Mon 12:00"), at("Tue 12:00")]
    found = lapses(activity, 2 * HOUR)
    assert found == [
        (at("Mon 11:00"), at("Mon 12:00")),
        (at("Mon 14:00"), at("Tue 12:00")),
        (at("Tue 14:00"), FOREVER),
    ]


def test_no_lapse_where_the_clock_runs_but_nobody_works() -> None:
    activity = [at("Mon 16:00"), at("Tue 10:00")]
    assert lapses(activity, 2 * HOUR)[0][0] >= at("Tue 10:00")


def test_no_lapse_on_a_calendar_that_never_reaches_the_limit() -> None:
    assert lapses([at("Mon 09:00")], 2**60) == []


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=12, unique=True),
    st.lists(st.integers(0, 40), max_size=4),
    st.integers(1, 12),
)
def test_thinned_activity_has_the_same_lulls_whatever_is_added(
    hours: list[int], added: list[int], least: int
) -> None:
    activity = sorted(at("Mon 09:00") + hour * HOUR for hour in hours)
    others = {at("Mon 09:00") + hour * HOUR for hour in added}
    calendars = [DIRECTORY.calendar(team) for team in ("always", "checkout")]

    def all_lulls(instants: list[int]) -> list[Lull]:
        known = sorted({*instants, *others})
        return lulls(
            known, least * HOUR, lambda instant: calendars[instant // HOUR % 2]
        )

    few = thinned(activity, least * HOUR)
    assert set(few) <= set(activity)
    assert all_lulls(few) == all_lulls(activity)
    assert all(
        late - early > least * HOUR for early, late in zip(few, few[2:], strict=False)
    )


def test_of_no_activity_nothing_is_kept() -> None:
    assert thinned([], HOUR) == []


def test_a_wait_is_cut_where_the_team_behind_it_changes() -> None:
    wait = Stretch(Component.CI_QUEUE, (), 10, 40, "", "run-1")
    moved = (Since(BEGINNING, "a"), Since(10, "b"), Since(30, "c"), Since(40, "d"))
    found = [(s.names, s.start, s.end) for s in dated(wait, moved)]
    assert found == [(("b",), 10, 30), (("c",), 30, 40)]


@given(st.integers(1, UNIT), st.integers(1, 50))
def test_parts_differ_by_at_most_one_and_sum_to_the_whole(
    whole: int, parts: int
) -> None:
    shares = split_evenly(whole, parts)
    assert len(shares) == parts
    assert sum(shares) == whole
    assert max(shares) - min(shares) <= 1
