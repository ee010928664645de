"""The items behind a number sum to it, on however many pages they come."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from monitor.adapters.state.memory import MemoryState
from monitor.domain.teams import Directory
from monitor.domain.timeline import Component, Segment, Sort, Timeline
from monitor.indicators.explaining.explain import Line
from monitor.indicators.totals.instant import amount_between, seconds
from monitor.indicators.totals.ledger import Pair
from monitor.pipeline.ports import LAST_PLACE, Charged, Place, StateReader
from monitor.pipeline.showing.charged_items import Asked, Behind, items_behind
from tests.harness.driving import Drive, directory_of, facts_of
from tests.harness.histories import History, histories
from tests.harness.plain_calendar import instant
from tests.harness.scenarios import teams_yaml

_WHATS = (None, *Component, "active", "own_failure", "unclassified")


def paged(
    state: StateReader, asked: Asked, directory: Directory, size: int
) -> Iterator[Behind]:
    """All items, by pages that each begin where the one before ended."""
    before = LAST_PLACE
    while page := list(islice(items_behind(state, asked, directory, before), size)):
        yield from page
        before = page[-1].place


def is_asked(segment: Segment, asked: Asked) -> bool:
    """Whether the number counts the segment."""
    if (segment.team, segment.on_team) not in asked.pairs:
        return False
    if asked.component is None:
        return segment.sort in (Sort.WAIT, Sort.ACTIVE)
    return asked.component in (segment.component, str(segment.sort))


def expected_lines(
    timelines: list[Timeline], asked: Asked, directory: Directory
) -> list[tuple[str, int, int, int]]:
    """Item, clipped ends and amount of all segments that add to the number."""
    return sorted(
        (timeline.item, max(one.start, asked.start), min(one.end, asked.end), amount)
        for timeline in timelines
        for one in timeline.segments
        if is_asked(one, asked)
        if (amount := amount_between(one, directory, asked.start, asked.end))
    )


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(histories(), st.data())
def test_pages_hold_every_segment_of_the_number_once(
    history: History, data: st.DataObject
) -> None:
    """Whatever pairs and component are asked about, in whatever stretch of time."""
    directory = directory_of(teams_yaml(history.world))
    times = sorted(instant(body["time"]) for body in history.events)
    drive = Drive(directory, times[-1])
    drive.take(facts_of(history.events, directory))
    timelines = drive.timelines()
    known = {(s.team, s.on_team) for one in timelines for s in one.segments}
    some = data.draw(st.sets(st.sampled_from(sorted(known))) if known else st.just({}))
    start, end = sorted(data.draw(st.tuples(*[st.sampled_from(times)] * 2)))
    asked = Asked(frozenset(some), data.draw(st.sampled_from(_WHATS)), start, end)
    size = data.draw(st.integers(1, 3))
    found = list(paged(drive.state, asked, directory, size))
    lines = [line for one in found for line in one.lines]
    keys = [(line.item, line.start, line.end) for line in lines]
    expected = expected_lines(timelines, asked, directory)
    assert sorted(
        (*key, line.seconds) for key, line in zip(keys, lines, strict=True)
    ) == [(*key, seconds(amount)) for *key, amount in expected]
    assert len({one.item for one in found}) == len(found)
    assert [one.place for one in found] == sorted(
        (one.place for one in found), reverse=True
    )
    event(f"items on pages: {min(len(found), 3)}")


def ticket(name: str, *hours: int) -> list[dict[str, object]]:
    """Started at nine, then blocked from one full hour to the next, by turns."""
    base = {
        "schema": "friction.event.v1",
        "source": "tools.example",
        "entity": name,
    }
    kinds = ["ticket.started", *(["ticket.blocked", "ticket.unblocked"] * len(hours))]
    more = {"ticket.started": {"team": "checkout", "work_class": "feature"}}
    return [
        {
            **base,
            "id": f"{kind}-{name}-{hour}",
            "kind": kind,
            "time": f"2026-03-02T{hour:02}:00:00Z",
            **more.get(kind, {"on_team": "search" if number < 3 else "platform"}),
        }
        for number, (kind, hour) in enumerate(
            zip(kinds[: len(hours) + 1], (9, *hours), strict=True)
        )
    ]


class Noting(MemoryState):
    """The same store, noting from which instants on entries are read."""

    def __init__(self, state: MemoryState) -> None:
        super().__init__()
        vars(self).update(vars(state.copied()))
        self.read_after: list[int] = []

    def charged(
        self, pair: Pair, what: int, after_ms: int, before: Place = LAST_PLACE
    ) -> Iterator[Charged]:
        self.read_after.append(after_ms)
        return super().charged(pair, what, after_ms, before)


TEAMS = "version: 1\nteams: [{id: checkout}, {id: platform}, {id: search}]\n"
NOON, FIVE = instant("2026-03-02T12:00:00Z"), instant("2026-03-02T17:00:00Z")


def behind(
    pairs: set[Pair], component: str | None, start: int, end: int = FIVE
) -> list[Behind]:
    """The items behind a number of three tickets, up to five o'clock."""
    directory = directory_of(TEAMS)
    drive = Drive(directory, FIVE)
    events = [*ticket("A", 10, 11, 13, 14), *ticket("B", 10, 13), *ticket("C", 10, 12)]
    drive.take(facts_of(events, directory))
    asked = Asked(frozenset(pairs), component, start, end)
    state = Noting(drive.state)
    found = list(items_behind(state, asked, directory))
    # What ended before is not even read: a team may have years of it.
    assert set(state.read_after) <= {start}
    return found


def hours(line: Line) -> float:
    return float(line.seconds) / 3_600


def test_an_item_of_several_pairs_stands_once_where_its_latest_is() -> None:
    pairs = {("checkout", "search"), ("checkout", "platform")}
    found = behind(pairs, "ticket_blocked", 0)
    # A was unblocked by platform at 14, B by search at 13, C at 12.
    assert [one.item for one in found] == ["A", "B", "C"]
    first = found[0]
    assert [(line.on_team, hours(line)) for line in first.lines] == [
        ("search", 0.25),
        ("search", 0.75),
        ("platform", 0.25),
        ("platform", 0.75),
    ]
    assert first.seconds == 2 * 3_600


def test_segments_of_several_pairs_are_in_order_of_time() -> None:
    found = behind({("checkout", ""), ("checkout", "search")}, None, 0)
    (b,) = (one for one in found if one.item == "B")
    # Worked on from nine, blocked from ten, worked on again from one o'clock.
    assert [line.start for line in b.lines] == sorted(line.start for line in b.lines)
    assert [line.what for line in b.lines][::3] == ["active", "active"]


def test_the_pair_alone_puts_it_where_that_one_ended() -> None:
    found = behind({("checkout", "search")}, "ticket_blocked", 0)
    assert [one.item for one in found] == ["B", "C", "A"]


def test_what_ended_before_the_stretch_is_left_out() -> None:
    found = behind({("checkout", "search")}, "ticket_blocked", NOON)
    assert [(one.item, float(one.seconds)) for one in found] == [("B", 3_600)]


def test_what_begins_after_the_stretch_is_left_out() -> None:
    pair = {("checkout", "search")}
    assert behind(pairs=pair, component=None, start=0, end=NOON - 2 * 3_600_000) == []
    before_noon = behind(pair, None, NOON - 3_600_000, NOON)
    # C was unblocked at noon, and A at eleven.
    assert {one.item: float(one.seconds) for one in before_noon} == {
        "B": 3_600,
        "C": 3_600,
    }


def test_what_the_ledger_does_not_know_has_no_items() -> None:
    assert behind({("checkout", "")}, "unaccrued", 0) == []
    assert behind(set(), None, 0) == []
    assert behind({("nobody", "")}, None, 0) == []
