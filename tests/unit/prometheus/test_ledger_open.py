"""Pages name what is open now, whether it adds to the number or not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.domain.pages import Listing, OpenRows, Question
from monitor.pipeline.showing import open_items
from tests.unit.pipeline.running import HOUR, MONDAY, Process, event
from tests.unit.prometheus.asking import listing_of, team_of
from tests.unit.prometheus.serving import TEAMS, Serving, busy, on_monday

DAY = 24
# Blocked at 10:00 on 1 January, Thursday, and never touched since: ten working days
# later it is stale, and the window begins on 23 February.
_THEN = -60 * DAY
STALE = (
    event("ticket.started", _THEN, "OLD-1", team="checkout", work_class="feature"),
    event("ticket.blocked", _THEN + 1, "OLD-1", on_team="platform"),
)
REVIEW = (
    on_monday("ticket.started", 0, "SRC-1", team="search", work_class="feature"),
    on_monday("change.opened", 0.5, "c-1", item="SRC-1", team="search"),
    on_monday("change.opened", 0.5, "c-2", item="SRC-1", team="search"),
    on_monday("change.review_requested", 1, "c-1", item="SRC-1", on_team="platform"),
)


def serving_of(*events: dict[str, object]) -> Serving:
    serving = Serving(Process(teams=TEAMS))
    serving.send(*events)
    serving.caught_up()
    return serving


def open_of(listing: Listing) -> OpenRows:
    assert listing.open_now is not None
    return listing.open_now


@pytest.fixture
def serving() -> Serving:
    return serving_of(*STALE, *REVIEW)


def test_a_wait_that_is_stale_for_longer_than_the_window_is_named(
    serving: Serving,
) -> None:
    found = listing_of(serving, "checkout", "platform")
    assert (found.total_seconds, found.items) == (0, ())
    (row,) = open_of(found).rows
    assert (row.item, row.what, row.on_team) == ("OLD-1", "ticket_blocked", "platform")
    assert (row.start_ms, row.effect) == (MONDAY + (_THEN + 1) * HOUR, "stale")
    oldest = serving.process.shown("friction_oldest_open_wait_timestamp_seconds")
    assert oldest["checkout", "platform"] == row.start_ms / 1_000


def test_a_wait_that_does_not_halt_is_named(serving: Serving) -> None:
    found = listing_of(serving, "search", "platform")
    assert (found.total_seconds, found.items) == (0, ())
    (row,) = open_of(found).rows
    assert (row.item, row.effect) == ("SRC-1", "does not halt")


def test_a_teams_page_counts_what_is_open_on_both_sides(serving: Serving) -> None:
    waiting = team_of(serving, "checkout")
    assert waiting.parts == ()
    (one,) = waiting.open_waits
    assert (one.on_team, one.what, one.number) == ("platform", "ticket_blocked", 1)
    asked = team_of(serving, "platform").open_asked
    assert {(one.on_team, one.what, one.number) for one in asked} == {
        ("checkout", "ticket_blocked", 1),
        ("search", "review_wait", 1),
    }


def test_pages_count_as_many_as_the_gauge() -> None:
    serving = busy()
    serving.ledger = replace(serving.ledger, items_a_page=100)
    gauge = serving.shown()["friction_open_waits"].samples
    number = 0
    for (team, on_team, component), value in gauge:
        found = open_of(listing_of(serving, team, on_team, component))
        assert found.number == value
        assert len(found.rows) == value
        assert {row.what for row in found.rows} <= {component}
        number += int(value)
    assert number > len(gauge) > 10


def test_the_oldest_come_first_and_the_others_are_counted() -> None:
    hours = range(5)
    serving = serving_of(
        *(event("ticket.started", 0, f"T-{n}", team="checkout") for n in hours),
        *(event("ticket.blocked", 5 - n, f"T-{n}", on_team="platform") for n in hours),
        event("ticket.unblocked", 5.5, "T-4"),
    )
    serving.ledger = replace(serving.ledger, items_a_page=2)
    found = open_of(listing_of(serving, "checkout", "platform"))
    assert found.number == 4
    assert [row.item for row in found.rows] == ["T-3", "T-2"]
    # What is not on the first page is not on the next: it is no part of the number.
    after = listing_of(serving, "checkout", "platform").after
    assert listing_of(serving, "checkout", "platform", after=after).open_now is None


def test_a_page_looks_at_so_many_items_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However many older waits of the pair are of other reasons."""
    monkeypatch.setattr(open_items, "_MOST_LOOKED_AT", 1)
    shipped = {"item": "T-2", "on_team": "platform"}
    serving = serving_of(
        event("ticket.started", 0, "T-1", team="checkout"),
        event("ticket.blocked", 1, "T-1", on_team="platform"),
        event("ticket.started", 0, "T-2", team="checkout"),
        event("change.opened", 1, "c-1", item="T-2", team="checkout"),
        event("change.review_requested", 2, "c-1", **shipped),
    )
    found = open_of(listing_of(serving, "checkout", "platform", "review_wait"))
    assert (found.number, found.rows) == (1, ())
    whole = open_of(listing_of(serving, "checkout", "platform", "ticket_blocked"))
    assert [row.item for row in whole.rows] == ["T-1"]


@pytest.mark.parametrize("component", ["active", "own_failure", "reopen"])
def test_what_is_no_waiting_has_nothing_open(component: str, serving: Serving) -> None:
    found = serving.ledger.listing(Question("checkout", None, component))
    assert found is not None
    assert found.open_now is None


def test_what_small_teams_wait_for_stands_under_their_domain() -> None:
    serving = busy()
    found = open_of(listing_of(serving, "domain:shop", "platform"))
    assert [(row.item, row.what) for row in found.rows] == [("T-1", "ticket_blocked")]
    (one,) = team_of(serving, "domain:shop").open_waits
    assert (one.on_team, one.number) == ("platform", 1)
