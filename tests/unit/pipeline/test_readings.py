"""Readings: the totals of every instant, whatever was read before."""

from __future__ import annotations

import math
from contextlib import nullcontext

import pytest
from hypothesis import given, settings

from monitor.domain.timeline import UNIT
from monitor.indicators.totals.accounts import ACCOUNTANTS
from monitor.indicators.totals.series import ACCRUING, Key
from monitor.pipeline.books import Books
from monitor.pipeline.showing import readings
from monitor.pipeline.showing.readings import Reader, Reading, reading_of
from tests.unit.pipeline.moving_books import Step, books_at, lives
from tests.unit.pipeline.running import Process, event

_DAY = 24


@pytest.fixture
def process() -> Process:
    """An item of four weeks ago, one with a gap, and one that waits now."""
    process = Process()
    for number, hours in enumerate((-30 * _DAY, -10 * _DAY, 0)):
        key = f"CHK-{number}"
        process.send(
            event("ticket.started", hours, key, team="checkout", work_class="feature"),
            event("ticket.blocked", hours + 1, key, on_team="platform"),
        )
    process.send(event("ticket.unblocked", -2 * _DAY, "CHK-0"))
    process.send(event("ticket.done", -_DAY, "CHK-0"))
    process.caught_up()
    return process


def totals_of(reading: Reading) -> dict[Key, tuple[int, ...]]:
    """The totals of every series, in the unit in which the books keep them."""
    found = dict(reading.items)
    for kind, table in reading.tables.items():
        rows = zip(*table.totals, strict=True)
        # Keys may have come since the reading was taken.
        for key, units, totals in zip(table.keys, table.units, rows, strict=False):
            unit = 1_000 * UNIT // units if kind in ACCRUING else 1
            found[key] = tuple(total * unit for total in totals)
    return found


def floors_of(reading: Reading) -> dict[Key, int]:
    """The floors that are not 0, in the same unit."""
    return {
        key: floor * (1_000 * UNIT // units if kind in ACCRUING else 1)
        for kind, table in reading.tables.items()
        for key, floor, units in zip(
            table.keys, table.floors, table.units, strict=False
        )
        if floor
    }


def test_a_reading_holds_the_totals_of_every_instant(process: Process) -> None:
    accounts = process.runner.books.accounts
    found = totals_of(reading_of(process.runner.books))
    assert found.keys() == accounts.series.keys()
    for key, series in accounts.series.items():
        expected = tuple(accounts.total(series, k) for k in range(ACCOUNTANTS))
        assert found[key] == expected[: len(found[key])]
        assert len(found[key]) in {1, ACCOUNTANTS}
        assert len(found[key]) == ACCOUNTANTS or key[0] not in ACCRUING


@settings(deadline=None)
@given(lives())
def test_what_is_read_again_is_what_is_read_from_end_to_end(life: list[Step]) -> None:
    books, reader = books_at(), Reader()
    for step in life:
        step.into(books)
        again, whole = reader.reading(books, nullcontext()), reading_of(books)
        assert totals_of(again) == totals_of(whole)
        assert floors_of(again) == floors_of(whole)
        for k in range(ACCOUNTANTS):
            assert dict(again.accrued(k)) == dict(whole.accrued(k))


@settings(deadline=None)
@given(lives())
def test_two_readers_of_the_same_books_miss_nothing(life: list[Step]) -> None:
    books, one, two = books_at(), Reader(), Reader()
    for step in life:
        step.into(books)
        for reader in (one, two, two):
            found = totals_of(reader.reading(books, nullcontext()))
            assert found == totals_of(reading_of(books))


@settings(deadline=None)
@given(lives(), lives())
def test_other_books_are_read_from_the_beginning(
    life: list[Step], other: list[Step]
) -> None:
    reader = Reader()
    for steps in (life, other):
        books = books_at()
        for step in steps:
            step.into(books)
            found = totals_of(reader.reading(books, nullcontext()))
            assert found == totals_of(reading_of(books))


class Consumer:
    """A lock whose other side works as soon as it is let in, for some times."""

    def __init__(self, books: Books, work: list[Step]) -> None:
        self.books = books
        self.work = work
        self.held = 0

    def __enter__(self) -> None:
        self.held += 1

    def __exit__(self, *_: object) -> None:
        if self.work:
            self.work.pop().into(self.books)


@settings(deadline=None)
@given(lives(), lives())
def test_what_moves_while_it_is_read_is_read_too(
    before: list[Step], meanwhile: list[Step]
) -> None:
    books = books_at()
    for step in before:
        step.into(books)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readings, "_SLICE", 4)
        consumer = Consumer(books, meanwhile)
        reader = Reader()
        reader.reading(books, consumer)
        consumer.work.clear()
        found = reader.reading(books, consumer)
    assert totals_of(found) == totals_of(reading_of(books))
    assert found.instants == tuple(books.accounts.instants)


def test_the_consumer_has_its_turn_after_each_slice(process: Process) -> None:
    books = process.runner.books
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readings, "_SLICE", 2)
        consumer = Consumer(books, [])
        reader = Reader()
        reader.reading(books, consumer)
        assert consumer.held == math.ceil(len(books.accounts.by_number) / 2) > 1
        reader.reading(books, consumer)
    # Nothing moved since: once, for the instant.
    assert consumer.held == math.ceil(len(books.accounts.by_number) / 2) + 1


def test_a_reading_does_not_change_with_the_books(process: Process) -> None:
    reader, lock = Reader(), process.runner.lock
    taken = reader.reading(process.runner.books, lock)
    before = (totals_of(taken), floors_of(taken), taken.instants, taken.oldest)
    process.send(
        event("ticket.unblocked", 2, "CHK-2"),
        event("ticket.done", 3, "CHK-2"),
        event("ticket.started", 2, "CHK-3", team="platform"),
    )
    process.clock.ms += 3_600_000
    process.runner.turn()
    later = reader.reading(process.runner.books, lock)
    assert (totals_of(taken), floors_of(taken), taken.instants, taken.oldest) == before
    assert totals_of(later) != before[0]
