"""Items added up as their window moves: the same as adding up all of them anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.timeline import UNIT, WALL, Component, Segment, Sort, Timeline
from monitor.domain.working_time import DAY, HOUR
from monitor.indicators.totals.instant import Weighed
from monitor.indicators.totals.moments import Moments, moments_of
from monitor.indicators.totals.window_items import Dues, WindowItems
from tests.harness.driving import directory_of
from tests.harness.plain_calendar import PlainCalendar, instant

TEAMS = """
version: 1
organisation: {name: Acme}
teams:
  - id: checkout
  - {id: search, calendar: {zone: America/New_York, hours: ["08:00", "12:00"]}}
  - {id: tiny, headcount: 1}
  - {id: small, headcount: 1, calendar: {hours: ["00:00", "23:00"]}}
"""
DIRECTORY = directory_of(TEAMS)
PLAIN = {
    "checkout": PlainCalendar(),
    "search": PlainCalendar(zone="America/New_York", opens="08:00", closes="12:00"),
    "tiny": PlainCalendar(),
    "small": PlainCalendar(opens="00:00", closes="23:00"),
}
SHOWN = {"tiny": "domain:none", "small": "domain:none"}
WINDOW = 3 * DAY
# A Thursday, so that windows of three days lie before, in and after a weekend.
BEGIN = instant("2026-03-05T00:00:00Z")
_LAST = 12 * 24

Work = list[Segment]


class Step(NamedTuple):
    """Time goes on, then an item has other segments."""

    hours: float
    item: str
    segments: Work


def segment_of(team: str, sort: Sort, phase: str, start: float, end: float) -> Segment:
    """A segment between two hours after the beginning."""
    on_team, component = ("platform", Component.REVIEW_WAIT)
    if sort is Sort.ACTIVE:
        on_team, component = "", ""  # type: ignore[assignment]
    begin, until = (BEGIN + round(hours * HOUR) for hours in (start, end))
    return Segment(sort, team, on_team, component, phase, begin, until, UNIT, team)


def moments_anew(
    items: Iterable[Work], now: int, shown: dict[str, str] = SHOWN
) -> dict[str, Moments]:
    """Every item's segments clipped to the window and added up, day by day."""
    found: defaultdict[str, list[Weighed]] = defaultdict(list)
    for segments in items:
        rows: dict[str, list[int]] = {}
        for one in segments:
            start, end = max(one.start, now - WINDOW), min(one.end, now)
            if one.calendar == WALL:
                length = max(0, end - start)
            else:
                length = PLAIN[one.team].worked(start, end)
            if not length or one.sort not in (Sort.WAIT, Sort.ACTIVE):
                continue
            row = rows.setdefault(shown.get(one.team, one.team), [0, 0, 0])
            if one.sort is Sort.WAIT and one.on_team not in ("unknown", "external"):
                row[one.phase == "chronic"] += length * one.share
            elif one.phase == "feature":
                row[2] += length * one.share
        for team, row in rows.items():
            found[team].append(Weighed(*row))
    return {team: moments_of(rows) for team, rows in found.items()}


def kept(steps: Sequence[Step]) -> Iterable[tuple[int, dict[str, Moments], list[Work]]]:
    """What was added up after each step, and the items there then are."""
    now, held = BEGIN, dict[str, Work]()
    window = WindowItems(WINDOW, DIRECTORY, SHOWN, now)
    for hours, item, segments in steps:
        now += round(hours * HOUR)
        due = window.advance(now) - {item}
        for other in due & held.keys():
            same = [Timeline(other, tuple(held[other]))]
            window.replace(other, same, same)
        old = [Timeline(item, tuple(held.get(item, ())))]
        window.replace(item, old, [Timeline(item, tuple(segments))])
        held[item] = segments
        yield now, dict(window.moments()), list(held.values())


# Whole hours meet the edges of working days, and those a millisecond beside them.
_hours = st.builds(
    lambda hour, beside: hour + beside / HOUR,
    st.integers(0, _LAST),
    st.sampled_from([-1, 0, 1]),
)
_kinds = st.sampled_from(
    [
        (Sort.WAIT, "acute"),
        (Sort.WAIT, "chronic"),
        (Sort.WAIT, "response"),
        (Sort.ACTIVE, "feature"),
        (Sort.ACTIVE, "defect"),
        (Sort.UNACCRUED, "idle"),
        (Sort.UNCLASSIFIED, ""),
    ]
)


@st.composite
def _segments(draw: st.DrawFn) -> Segment:
    sort, phase = draw(_kinds)
    start, end = sorted([draw(_hours), draw(_hours)])
    team = draw(st.sampled_from(sorted(PLAIN)))
    found = segment_of(team, sort, phase, start, end)
    named = draw(st.sampled_from(["platform", "platform", "unknown", "external"]))
    return found._replace(
        share=draw(st.sampled_from([UNIT, UNIT // 3])),
        calendar=draw(st.sampled_from([team, team, WALL])),
        on_team=named if sort is Sort.WAIT else "",
    )


_steps = st.lists(
    st.builds(
        Step,
        st.builds(
            lambda hours, beside: max(0.0, hours + beside / HOUR),
            st.sampled_from([0, 1, 7, 8, 24, 72]),
            st.sampled_from([-1, 0, 1]),
        ),
        st.sampled_from("abc"),
        st.lists(_segments(), max_size=3),
    ),
    min_size=2,
    max_size=8,
)


@given(_steps)
def test_what_is_kept_is_what_adding_up_anew_gives(steps: list[Step]) -> None:
    for now, found, items in kept(steps):
        assert found == moments_anew(items, now)


@pytest.mark.parametrize(
    ("team", "start", "end"),
    [("checkout", 10, 11), ("checkout", 8, 18), ("search", 13, 100), ("tiny", 17, 81)],
    ids=["within hours", "around them", "longer than the window", "a pause"],
)
def test_a_millisecond_beside_every_edge_all_is_right(
    team: str, start: float, end: float
) -> None:
    """Every instant at which a form may change, and its neighbours, in turn."""
    item = [segment_of(team, Sort.WAIT, "chronic", start, end)]
    begins = range(9, 9 + 24 * 9, 24)
    edges = {start, end, *begins, *(begin + 8 for begin in begins)}
    edges |= {edge + 72 for edge in edges}
    instants = sorted(
        {round(edge * HOUR) + beside for edge in edges for beside in (-1, 0, 1)}
    )
    steps = [
        Step((after - before) / HOUR, "b", []) for before, after in pairwise(instants)
    ]
    first = Step(instants[0] / HOUR, "a", item)
    for now, found, items in kept([first, *steps]):
        assert found == moments_anew(items, now), now - BEGIN


def test_the_sums_of_one_item_on_its_way_through_the_window() -> None:
    """Thursday 10:00 to 11:00, acute: it accrues 3,600 s, then leaves on Sunday."""
    item = [segment_of("checkout", Sort.WAIT, "acute", 10, 11)]
    quiet = [Step(0, "a", item)]
    quiet += [Step(hours, "b", []) for hours in (10, 0.5, 0.5, 71, 0.5, 0.5)]
    found = [moments.get("checkout") for _, moments, _ in kept(quiet)]
    whole = 3_600_000 * UNIT

    def one(full: int) -> Moments:
        return Moments(items=1, full=full, full_full=full * full)

    half = one(whole // 2)
    assert found == [None, None, half, one(whole), one(whole), half, None]


def test_an_item_of_two_teams_shown_by_one_name_is_one_item() -> None:
    work = [
        segment_of("tiny", Sort.WAIT, "acute", 9, 10),
        segment_of("small", Sort.WAIT, "acute", 10, 11),
    ]
    *_, (_, moments, _) = kept([Step(0, "a", work), Step(24, "b", [])])
    full = 2 * 3_600_000 * UNIT
    assert moments == {"domain:none": Moments(1, full=full, full_full=full**2)}


def test_an_item_is_looked_at_when_it_changes_and_not_before() -> None:
    dues = Dues()
    dues.put("b", 2 * HOUR + 5)
    dues.put("a", HOUR)
    assert dues.take(HOUR) == set()
    assert dues.take(HOUR + 1) == {"a"}
    dues.put("c", HOUR + 2)
    assert dues.take(2 * HOUR + 5) == {"c"}
    assert dues.take(2 * HOUR + 6) == {"b"}
    assert dues.take(9 * HOUR) == set()


def test_settled_items_are_not_asked_for() -> None:
    window = WindowItems(WINDOW, DIRECTORY, {}, BEGIN + 20 * HOUR)
    settled = segment_of("checkout", Sort.ACTIVE, "feature", 9, 10)
    running = segment_of("checkout", Sort.ACTIVE, "feature", 9, 15 + 24)
    window.add("settled", [Timeline("settled", (settled,))])
    window.add("running", [Timeline("running", (running,))])
    assert window.advance(BEGIN + 38 * HOUR) == set()
    assert window.advance(BEGIN + 40 * HOUR) == {"running"}


@pytest.mark.parametrize("weighed", [[], [Weighed(1, 2, 3), Weighed(5, 7, 11)]])
def test_moments_are_sums_and_sums_of_products(weighed: list[Weighed]) -> None:
    pairs = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]
    sums = [sum(row[i] for row in weighed) for i in range(3)]
    products = [sum(row[i] * row[j] for row in weighed) for i, j in pairs]
    assert moments_of(weighed) == Moments(len(weighed), *sums, *products)
