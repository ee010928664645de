"""Signal 5: on, off again, and off where the backlog is a store of ideas."""

from __future__ import annotations

from fractions import Fraction

import pytest

from monitor.domain.marks import Sort
from monitor.domain.signal_rules import Signal
from monitor.indicators.signals.platform_postponed import finished_within, index
from tests.unit.indicators.signals.story import Story, instant

SIGNAL = Signal.PLATFORM_POSTPONED


def items(
    story: Story,
    team: str,
    number: int,
    *,
    ends: float,
    put_off: int,
    triaged: bool = True,
) -> list[str]:
    """Items planned at midnight of day 0; some put off on day 1; done on a day."""
    keys = [story.ticket("plt" if team == "platform" else team) for _ in range(number)]
    for place, key in enumerate(keys):
        said = {"labels": ["triaged"]} if triaged else {}
        story.tell("ticket.created", 0, "00:00", key, work_class="feature", **said)
        if place < put_off:
            story.tell("ticket.postponed", 1, "09:00", key, how="rank")
        story.tell("ticket.done", ends, "00:00", key)
    return keys


def test_three_times_as_often_put_off_as_features() -> None:
    """Ten items each, open alike: 6 against 2. Done on day 20, seen until day 103."""
    story = Story()
    platform = items(story, "platform", 10, ends=20, put_off=6)
    items(story, "basket", 10, ends=20, put_off=2)
    reading = story.reading(SIGNAL, 30)
    assert reading.ratio == 3
    assert reading.parts[1].value == 0
    # Day 84 leaves out the day they were put off: nothing is put off any more.
    assert story.reading(SIGNAL, 85).ratio == 0
    assert story.on_days(SIGNAL, 110) == list(range(1 + 13, 85 + 13))
    (evidence,) = story.standing(SIGNAL, 40).reading.evidence
    assert evidence.what == "platform items put off (rank)"
    assert set(evidence.items) == set(platform[:6])
    assert evidence.teams == ("platform",)
    assert story.standing(SIGNAL, 40).since == instant(15)


def test_the_time_items_are_open_counts() -> None:
    """Six of ten in 20 days, two of ten in 40: 6/200 against 2/400."""
    story = Story()
    items(story, "platform", 10, ends=20, put_off=6)
    items(story, "basket", 10, ends=40, put_off=2)
    assert story.reading(SIGNAL, 50).ratio == 6


def test_of_an_item_older_than_the_window_the_time_inside_counts() -> None:
    """Six of ten in 84 days each, two of ten in 61: 6/840 against 2/610.

    The window ends with day 100 and begins with day 17; platform items are of day 0,
    features of day 40.
    """
    story = Story()
    for team, day, put_off in (("plt", 0, 6), ("basket", 40, 2)):
        for place in range(10):
            key = story.ticket(team)
            said = {"labels": ["triaged"], "work_class": "feature"}
            story.tell("ticket.created", day, "00:00", key, **said)
            if place < put_off:
                story.tell("ticket.postponed", 50, "09:00", key, how="rank")
    assert story.reading(SIGNAL, 100).ratio == Fraction(6 * 610, 840 * 2)


def test_features_that_are_never_put_off_count_as_one() -> None:
    story = Story()
    items(story, "platform", 10, ends=20, put_off=2)
    items(story, "basket", 10, ends=20, put_off=0)
    assert story.reading(SIGNAL, 30).ratio == 2


def test_a_store_of_ideas_is_no_backlog() -> None:
    story = Story()
    items(story, "platform", 30, ends=200, put_off=30, triaged=False)
    items(story, "platform", 10, ends=20, put_off=2)
    items(story, "basket", 10, ends=20, put_off=2)
    assert story.reading(SIGNAL, 30).ratio == 1
    assert story.on_days(SIGNAL, 60) == []


def test_nine_items_are_too_few() -> None:
    story = Story()
    items(story, "platform", 9, ends=20, put_off=9)
    items(story, "basket", 10, ends=20, put_off=1)
    reading = story.reading(SIGNAL, 30)
    assert [part.value for part in reading.parts] == [None, None]
    assert story.on_days(SIGNAL, 60) == []


def test_features_are_finished_and_platform_work_is_not() -> None:
    """Nine of ten features within 28 days, six of ten platform items: a gap of 0.3."""
    story = Story()
    items(story, "basket", 9, ends=20, put_off=0)
    items(story, "basket", 1, ends=50, put_off=0)
    items(story, "platform", 6, ends=20, put_off=0)
    items(story, "platform", 4, ends=50, put_off=0)
    assert story.reading(SIGNAL, 40).parts[1].value == Fraction(3, 10)
    # Nobody is done before day 20; from day 84 on they were triaged too long ago.
    assert story.on_days(SIGNAL, 110) == list(range(20 + 13, 84 + 13))


def test_what_is_done_at_midnight_is_done_the_next_day() -> None:
    """That instant is the first of day 20: when day 19 had ended all were open."""
    story = Story()
    items(story, "basket", 10, ends=20, put_off=0)
    items(story, "platform", 10, ends=50, put_off=0)
    gaps = [story.reading(SIGNAL, day).parts[1].value for day in (19, 20)]
    assert gaps == [0, 1]


def test_what_is_done_within_28_days_begun_is() -> None:
    """Half a day on either side of the end of day 28."""
    for ends, gap in ((27.5, 0), (28.5, 1)):
        story = Story()
        items(story, "basket", 10, ends=20, put_off=0)
        items(story, "platform", 10, ends=ends, put_off=0)
        assert story.reading(SIGNAL, 40).parts[1].value == gap


def test_what_is_cancelled_is_censored() -> None:
    """Ten platform items, four of them cancelled on day 10: 6 of 6 are done."""
    story = Story()
    items(story, "basket", 10, ends=20, put_off=0)
    items(story, "platform", 6, ends=20, put_off=0)
    for _ in range(4):
        key = story.ticket("plt")
        story.tell("ticket.started", 0, "00:00", key)
        story.tell("ticket.cancelled", 10, "00:00", key)
    assert story.reading(SIGNAL, 40).parts[1].value == 0


def test_completion_is_the_product_of_what_each_instant_leaves() -> None:
    """Seven patients as in a textbook: 6, 6, 6, 7, 10 done; 6 and 9 censored."""
    ages = [(6, True), (6, True), (6, True), (6, False), (7, True), (9, False)]
    ages.append((10, True))
    # 4/7, then 2/3, then 0.
    assert finished_within(5, ages) == 0
    assert finished_within(6, ages) == 1 - Fraction(4, 7)
    assert finished_within(9, ages) == 1 - Fraction(4, 7) * Fraction(2, 3)
    assert finished_within(10, ages) == 1


@pytest.mark.parametrize(
    ("kind", "fields", "is_triaged"),
    [
        ("ticket.started", {}, True),
        ("ticket.accepted", {"team": "platform"}, True),
        ("ticket.decided", {"decision": "approve", "actor_role": "staff"}, True),
        ("ticket.postponed", {"how": "sprint"}, True),
        ("ticket.postponed", {"how": "date"}, True),
        ("ticket.postponed", {"how": "rank"}, False),
        ("ticket.requested", {"requester_team": "basket", "needed_by": "X-1"}, True),
        ("ticket.requested", {"requester_team": "basket"}, False),
        ("ticket.commented", {}, False),
        ("ticket.updated", {"labels": ["Triaged"]}, True),
    ],
)
def test_what_makes_an_idea_a_plan(
    kind: str, fields: dict[str, str], *, is_triaged: bool
) -> None:
    story = Story()
    story.tell("ticket.created", 0, "09:00", "PLT-1")
    story.tell(kind, 1, "09:00", "PLT-1", **fields)
    assert (Sort.BACKLOG in {mark.sort for mark in story.marks()}) is is_triaged


def test_a_stream_teams_other_work_is_in_neither_group() -> None:
    story = Story()
    story.worked("basket", 0, "09:00", "10:00", work_class="defect")
    assert story.marks() == []


@pytest.mark.parametrize(
    ("kind", "entity"),
    [
        ("change.opened", "acme/plt#1"),
        ("change.ready", "acme/plt#1"),
        ("run.started", "r-1"),
        ("ticket.started", "PLT-2"),
        ("ticket.reopened", "PLT-1"),
    ],
)
def test_what_puts_it_in_flight_begins_it(kind: str, entity: str) -> None:
    """Begun is in progress, a change opened, or a run on its branch (indicators 1.2).

    The first of them may be all that was told.
    """
    story = Story()
    story.tell("ticket.created", 0, "09:00", "PLT-1")
    on_it = {} if entity == "PLT-1" else {"item": "PLT-1"}
    story.tell(kind, 1, "09:00", entity, **on_it)
    (mark,) = story.marks()
    assert (mark.sort, mark.start) == (Sort.BACKLOG, instant(1, "09:00"))


def test_a_change_of_what_is_done_already_begins_nothing() -> None:
    """It was never in flight, and would be open for ever."""
    story = Story()
    story.tell("ticket.created", 0, "09:00", "PLT-1")
    story.tell("ticket.done", 1, "09:00", "PLT-1")
    story.tell("change.opened", 2, "09:00", "acme/plt#1", item="PLT-1")
    assert story.marks() == []


def test_the_first_word_counts_whatever_it_is() -> None:
    story = Story()
    story.tell("ticket.created", 0, "09:00", "PLT-1")
    story.tell("run.started", 1, "09:00", "r-1", item="PLT-1")
    said = {"decision": "approve", "actor_role": "staff"}
    story.tell("ticket.decided", 2, "09:00", "PLT-1", **said)
    marks = {mark.sort: mark.start for mark in story.marks()}
    assert marks[Sort.BACKLOG] == instant(1, "09:00")


@pytest.mark.parametrize(
    ("own", "of_its_change", "group"),
    [
        (None, "feature", "feature"),
        (None, "defect", ""),
        (None, None, ""),
        ("feature", "defect", "feature"),
        ("defect", "feature", ""),
    ],
)
def test_the_class_of_a_ticket_is_its_own_else_that_of_what_hangs_on_it(
    own: str | None, of_its_change: str | None, group: str
) -> None:
    story = Story()
    said = {} if own is None else {"work_class": own}
    story.tell("ticket.created", 0, "09:00", "BASKET-1", **said)
    told = {} if of_its_change is None else {"work_class": of_its_change}
    story.tell("ticket.started", 0, "10:00", "BASKET-1")
    story.tell("change.opened", 0, "11:00", "acme/shop#1", item="BASKET-1", **told)
    words = [mark.word for mark in story.marks() if mark.sort is Sort.BACKLOG]
    assert words == ([group] if group else [])


def test_the_class_is_that_of_when_it_was_triaged() -> None:
    story = Story()
    for clock, told in (("09:00", "defect"), ("10:00", "feature"), ("11:00", "debt")):
        story.tell("ticket.updated", 0, clock, "BASKET-1", work_class=told)
    story.tell("ticket.started", 0, "10:00", "BASKET-1")
    (mark,) = story.marks()
    assert mark.word == "feature"


def test_without_any_time_open_there_is_no_index() -> None:
    assert index(1, Fraction(0), 1, Fraction(1)) is None
    assert index(1, Fraction(1), 1, Fraction(0)) is None


def test_what_is_begun_and_done_at_once_is_not_open() -> None:
    story = Story()
    story.tell("ticket.started", 0, "09:00", "PLT-1")
    story.tell("ticket.done", 0, "09:00", "PLT-1")
    (mark,) = story.marks()
    assert (mark.end, mark.detail) == (instant(0, "09:00"), "done")
