"""Accounts: what is entered early or late, before or after time goes on, is one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.timeline import (
    UNIT,
    WALL,
    Component,
    Measure,
    Measured,
    Timeline,
    Wait,
)
from monitor.domain.working_time import DAY, HOUR
from monitor.indicators.totals.accounts import (
    ACCOUNTANTS,
    Accounts,
    Waiting,
    pack_waiting,
    unpack_waiting,
)
from monitor.indicators.totals.series import WINDOWS, Entry, Family, Key, replacing
from tests.unit.indicators.history import DIRECTORY, Case, at, done, fact, started

ACTIVE: Key = (Family.ACTIVE, "checkout", "checkout", "feature")
INCIDENT: Key = (Family.WAIT, WALL, "checkout", "platform", "incident", "response")
COUNT: Key = (Family.WAITS, "", "checkout", "platform", "ci_queue")
START = at("Mon+4 00:00")


@dataclass
class Stored:
    """Buckets kept in a dictionary."""

    hours: dict[int, list[Waiting]] = field(default_factory=dict)

    def waiting(self, first_hour: int, last_hour: int) -> Iterator[Waiting]:
        for hour, entries in self.hours.items():
            if first_hour <= hour <= last_hour:
                yield from entries


def accounts_at(now: int, stored: Stored | None = None) -> Accounts:
    instants = [now, *(now - window for window in WINDOWS)]
    return Accounts(DIRECTORY, stored or Stored(), instants)


def totals(accounts: Accounts) -> dict[Key, list[int]]:
    """Every series at every accountant, those that are nothing left out."""
    found = {
        key: [accounts.total(series, k) for k in range(ACCOUNTANTS)]
        for key, series in accounts.series.items()
    }
    return {key: values for key, values in found.items() if any(values)}


def test_a_segment_accrues_working_time_between_its_two_entries() -> None:
    accounts = accounts_at(at("Mon 12:00"))
    accounts.enter(
        [
            Entry(at("Mon 10:00"), ACTIVE, UNIT),
            Entry(at("Tue 10:00"), ACTIVE, -UNIT),
        ]
    )
    assert totals(accounts)[ACTIVE][0] == 2 * HOUR * UNIT
    accounts.advance(at("Mon 20:00"))
    assert totals(accounts)[ACTIVE][0] == 7 * HOUR * UNIT
    accounts.advance(at("Fri 20:00"))
    # Mon 10-17 and Tue 9-10; three days back stands Tue 20:00, seven before all.
    assert totals(accounts)[ACTIVE] == [8 * HOUR * UNIT, 8 * HOUR * UNIT, 0, 0, 0]


def test_incidents_accrue_by_the_wall_and_counts_by_the_entry() -> None:
    accounts = accounts_at(at("Sun 12:00"))
    accounts.enter(
        [
            Entry(at("Sun 10:00"), INCIDENT, UNIT),
            Entry(at("Sun 11:00"), COUNT, 2),
            Entry(at("Sun 13:00"), COUNT, 1),
        ]
    )
    assert totals(accounts)[INCIDENT][0] == 2 * HOUR * UNIT
    assert totals(accounts)[COUNT][0] == 2


def test_an_entry_of_now_counts_now_and_its_series_is_stored() -> None:
    accounts = accounts_at(START)
    accounts.enter([Entry(START - DAY, COUNT, 1)])
    accounts.changed.clear()
    accounts.enter([Entry(START, COUNT, 1)])
    assert totals(accounts)[COUNT][0] == 2
    assert accounts.changed == {accounts.series[COUNT].number}


def test_an_entry_leaves_a_window_in_the_instant_in_which_it_is_as_old() -> None:
    """Three days are the first window: two accountants apart."""
    accounts = accounts_at(at("Mon 12:00"))
    accounts.enter([Entry(at("Mon 11:00"), COUNT, 1)])
    accounts.advance(at("Thu 11:00") - 1)
    assert totals(accounts)[COUNT][:2] == [1, 0]
    accounts.advance(at("Thu 11:00"))
    assert totals(accounts)[COUNT][:2] == [1, 1]


def test_time_never_goes_back() -> None:
    accounts = accounts_at(START)
    accounts.advance(START - DAY)
    assert accounts.instants[0] == START


def test_what_is_stored_in_buckets_is_read_when_its_time_comes() -> None:
    stored = Stored()
    accounts = accounts_at(at("Mon 12:00"), stored)
    accounts.enter([Entry(at("Mon 15:00"), COUNT, 1), Entry(at("Wed 15:00"), COUNT, 1)])
    stored.hours = {**accounts.pending}
    accounts.pending.clear()
    accounts.advance(at("Mon 16:00"))
    assert totals(accounts)[COUNT][0] == 1
    accounts.advance(at("Fri 16:00"))
    assert totals(accounts)[COUNT][:2] == [2, 1]


@pytest.mark.parametrize("is_stored", [True, False])
def test_what_lies_where_it_was_stopped_counts_once_after_a_restart(
    *, is_stored: bool
) -> None:
    """Three days old in the instant of the stop: two accountants have passed it."""
    stored = Stored()
    before = accounts_at(at("Thu 10:00"), stored)
    before.enter([Entry(at("Mon 12:00"), COUNT, 1)])
    before.advance(at("Thu 12:00"))
    if is_stored:
        stored.hours = {**before.pending}
        before.pending.clear()
    after = Accounts(
        before.directory,
        stored,
        list(before.instants),
        before.series,
        before.by_number,
        pending=before.pending,
    )
    assert totals(after)[COUNT] == [1, 1, 0, 0, 0]
    after.advance(at("Thu 12:00") + HOUR)
    assert totals(after)[COUNT] == [1, 1, 0, 0, 0]


def test_an_entry_of_an_hour_already_read_is_not_missed() -> None:
    accounts = accounts_at(at("Mon 12:00"))
    accounts.advance(at("Mon 12:10"))
    accounts.enter([Entry(at("Mon 12:30"), COUNT, 1), Entry(at("Mon 12:40"), COUNT, 1)])
    assert totals(accounts) == {}
    accounts.advance(at("Mon 12:35"))
    assert totals(accounts)[COUNT][0] == 1
    accounts.advance(at("Mon 14:00"))
    assert totals(accounts)[COUNT][0] == 2


def test_a_bucket_survives_its_bytes() -> None:
    entries = [(5, 1, -7), (2**40, 2, UNIT)]
    parts = pack_waiting(entries[:1]) + pack_waiting(entries[1:])
    assert list(unpack_waiting(parts)) == entries


def test_a_counter_never_shows_less_than_it_showed() -> None:
    accounts = accounts_at(START)
    accounts.enter([Entry(START - DAY, COUNT, 3)])
    series = accounts.series[COUNT]
    shown = {series.number: accounts.published(series)}
    accounts.changed.clear()
    accounts.enter([Entry(START - DAY, COUNT, -2)])
    accounts.hold(shown)
    assert (accounts.published(series), accounts.total(series, 0)) == (3, 1)
    accounts.hold(shown)
    assert accounts.published(series) == 3
    accounts.enter([Entry(START - DAY, COUNT, 5)])
    accounts.hold({series.number: 3})
    assert accounts.published(series) == 6


entries = st.lists(
    st.builds(
        Entry,
        st.integers(START - 40 * DAY, START + 40 * DAY),
        st.sampled_from([ACTIVE, INCIDENT, COUNT]),
        st.integers(-3, 3).map(lambda n: n * UNIT),
    ),
    max_size=8,
)


@settings(deadline=None)
@given(st.lists(st.tuples(entries, st.integers(0, 20 * DAY)), max_size=5))
def test_to_advance_and_to_enter_later_come_to_the_same(
    steps: list[tuple[list[Entry], int]],
) -> None:
    moved = accounts_at(START)
    now, everything = START, list[Entry]()
    for some, further in steps:
        moved.enter(some)
        now += further
        moved.advance(now)
        everything += some
    at_once = accounts_at(now)
    at_once.enter(everything)
    assert totals(moved) == totals(at_once)


def timelines(*more: object) -> tuple[Timeline, ...]:
    facts = (
        started(),
        fact("ticket.blocked", "Mon 10:00", "CHK-1", on_team="platform"),
    )
    return Case("", (*facts, *more), {}).timelines()  # type: ignore[arg-type]


def test_replacing_a_timeline_leaves_nothing_of_the_old_one() -> None:
    old, new = timelines(), timelines(done("Mon 12:00"))
    replaced, fresh = accounts_at(START), accounts_at(START)
    replaced.enter(replacing((), old, DIRECTORY))
    replaced.enter(replacing(old, new, DIRECTORY))
    fresh.enter(replacing((), new, DIRECTORY))
    assert totals(replaced) == totals(fresh)
    replaced.enter(replacing(new, (), DIRECTORY))
    assert totals(replaced) == {}


def test_replacing_by_the_same_enters_nothing() -> None:
    assert replacing(timelines(), timelines(), DIRECTORY) == []


def test_what_is_counted_of_a_wait() -> None:
    """Blocked Mon 10:00-10:10: one wait, open meanwhile, 600 s: the bucket to 900."""
    found = timelines(fact("ticket.unblocked", "Mon 10:10", "CHK-1"), done("Mon 11:00"))
    accounts = accounts_at(at("Mon 10:05"))
    accounts.enter(replacing((), found, DIRECTORY))
    pair = ("checkout", "platform", "ticket_blocked")
    counted: Key = (Family.WAITS, "", *pair)
    is_open: Key = (Family.OPEN, "", *pair)
    bucket: Key = (Family.BUCKET, "", "checkout", "ticket_blocked", "1")
    duration: Key = (Family.DURATION, "", "checkout", "ticket_blocked")
    now = {key: value[0] for key, value in totals(accounts).items()}
    assert (now[counted], now[is_open], now.get(bucket)) == (1, 1, None)
    accounts.advance(at("Mon 12:00"))
    now = {key: value[0] for key, value in totals(accounts).items()}
    assert (now[counted], now.get(is_open), now[bucket]) == (1, None, 1)
    assert now[duration] == 600_000


@pytest.mark.parametrize(("beyond", "bucket"), [(0, "1"), (1, "2")])
def test_a_wait_as_long_as_a_bound_is_in_its_bucket(beyond: int, bucket: str) -> None:
    """`le` is at most: the bounds of waits begin 300 s, 900 s, 3,600 s."""
    start, length = at("Mon 10:00"), 900_000 + beyond
    pair = ("checkout", "platform")
    wait = Wait(*pair, Component.CI_QUEUE, start, start + length, length)
    found = replacing((), [Timeline("X-1", waits=(wait,))], DIRECTORY)
    (counted,) = (one.key[-1] for one in found if one.key[0] == Family.BUCKET)
    assert counted == bucket


@pytest.mark.parametrize(("beyond", "bucket"), [(0, "2"), (1, "3")])
def test_a_lead_time_as_long_as_a_bound_is_in_its_bucket(
    beyond: int, bucket: str
) -> None:
    """Those of deliveries begin 300 s, 900 s, 3,600 s, 14,400 s."""
    length = 3_600_000 + beyond
    lead = Measure(Measured.LEAD_TIME, "checkout", "", at("Mon 10:00"), length)
    found = replacing((), [Timeline("X-1", measures=(lead,))], DIRECTORY)
    (counted,) = (one.key[-1] for one in found if one.key[0] == "lead_time bucket")
    assert counted == bucket


def test_stale_items_and_tallies_are_counted() -> None:
    handed = fact("ticket.assigned", "Mon 11:00", "CHK-1", to_team="search")
    accounts = accounts_at(at("Fri+2 17:00"))
    accounts.enter(replacing((), timelines(handed), DIRECTORY))
    now = {key: value[0] for key, value in totals(accounts).items()}
    assert now[(Family.STALE, "", "checkout")] == 1
    assert now[(Family.HANDOFFS, "", "checkout", "search")] == 1


def test_idle_time_is_in_no_series() -> None:
    found = Case("", (started(),), {}).timelines()
    accounts = accounts_at(at("Fri+2 17:00"))
    accounts.enter(replacing((), found, DIRECTORY))
    now = {key: value[0] for key, value in totals(accounts).items()}
    assert set(now) == {
        ACTIVE,
        (Family.ITEM_FIRST, "", "checkout"),
        (Family.ITEM_LAST, "", "checkout"),
        ("in_flight", "", "checkout"),
    }
    assert now[ACTIVE] == 5 * 8 * HOUR * UNIT


def test_unclassified_time_has_a_series_beside_its_class() -> None:
    begun = fact("ticket.started", "Mon 09:00", "CHK-1", team="checkout")
    found = Case("", (begun, done("Mon 10:00")), {}).timelines()
    accounts = accounts_at(at("Mon 12:00"))
    accounts.enter(replacing((), found, DIRECTORY))
    beside: Key = (Family.UNCLASSIFIED, "checkout", "checkout")
    assert totals(accounts)[beside][0] == totals(accounts)[ACTIVE][0] == HOUR * UNIT


def test_a_gap_longer_than_a_window_takes_the_item_out_of_it() -> None:
    """Active on Monday and again two weeks later: a gap of 3 and of 7 days."""
    facts = (
        started(),
        fact("ticket.parked", "Mon 12:00", "CHK-1"),
        fact("ticket.started", "Mon+2 09:00", "CHK-1"),
        done("Mon+2 12:00"),
    )
    entries_of_gap = replacing((), Case("", facts, {}).timelines(), DIRECTORY)
    gaps = {
        entry.key[-1] for entry in entries_of_gap if entry.key[0] == Family.ITEM_GAP
    }
    assert gaps == {"3", "7"}
