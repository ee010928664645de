"""The pages behind a number: the same numbers as on `/`, down to the segment."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.adapters.prometheus.books_ledger import BooksLedger
from monitor.adapters.prometheus.labels import COUNTERPARTS
from monitor.directory.growing import NOTHING
from monitor.directory.provisional import directory_of
from monitor.domain.pages import (
    BadPosition,
    NoSuchComponent,
    NoSuchTeam,
    Question,
    ShownTogether,
)
from monitor.domain.working_time import DAY
from monitor.pipeline.showing.readings import Copy, Reading, reading_from
from tests.unit.pipeline.running import Process
from tests.unit.prometheus.asking import items_of, listing_of, page_of, team_of
from tests.unit.prometheus.serving import (
    BEYOND,
    EVENTS,
    MANY,
    TEAMS,
    Serving,
    busy,
    on_monday,
)


@pytest.fixture
def serving() -> Serving:
    return busy()


def test_every_row_of_the_first_page_is_that_of_the_teams_page(
    serving: Serving,
) -> None:
    page = page_of(serving)
    assert len(page.teams) > BEYOND
    for row in page.teams:
        found = team_of(serving, row.team)
        assert found.row == row
        assert found.trend == row.trend
        head = found.head
        assert (head.evaluated_at_ms, head.window) == (page.evaluated_at_ms, "28d")
        assert (head.version, head.organisation) == ("1.2.3", "Acme")
        assert head.known_from_ms == page.known_from_ms is not None


def test_parts_are_what_the_row_is_made_of_the_most_first(serving: Serving) -> None:
    found = team_of(serving, "checkout")
    amounts = [part.seconds for part in found.parts]
    assert amounts == sorted(amounts, reverse=True)
    active = {p.phase: p.seconds for p in found.parts if p.what == "active"}
    assert active["feature"] == found.row.feature_seconds > 0
    # CHK-1 was blocked from 10:00 to 11:00, told so late; its link shares the time.
    blocked = [
        (part.phase, part.seconds)
        for part in found.parts
        if (part.what, part.on_team) == ("ticket_blocked", "platform")
    ]
    assert sorted(blocked) == [("acute", 900 / 2), ("chronic", 2_700 / 2)]


def test_parts_are_the_teams_own_waits_and_no_others(serving: Serving) -> None:
    page = page_of(serving)
    for row in page.teams:
        found = [p for p in team_of(serving, row.team).parts if p.on_team]
        waits = sum(pair.seconds for pair in page.pairs if pair.team == row.team)
        assert sum(part.seconds for part in found) == waits


def test_who_asks_a_team_stands_on_its_page(serving: Serving) -> None:
    asked = team_of(serving, "platform").asked
    assert sum(part.seconds for part in asked) == pytest.approx(
        team_of(serving, "platform").row.asked_seconds
    )
    assert {part.on_team for part in asked} == {"checkout", "search", "domain:shop"}


def test_a_team_of_two_has_no_page_but_its_domain_has(serving: Serving) -> None:
    for asked in (
        lambda: serving.ledger.team("tiny"),
        lambda: serving.ledger.listing(Question("tiny")),
        lambda: serving.ledger.listing(Question("checkout", "tiny")),
    ):
        with pytest.raises(ShownTogether) as told:
            asked()
        assert (told.value.team, told.value.name) == ("tiny", "domain:shop")
    assert team_of(serving, "domain:shop").row.items == 1
    assert [item.item for item in items_of(serving, "domain:shop")] == ["T-1"]


def test_teams_of_a_domain_that_wait_on_each_other_are_on_both_sides() -> None:
    small = "  - {id: small, headcount: 2, domain: shop}\n"
    serving = Serving(Process(teams=TEAMS + small))
    serving.send(
        on_monday("ticket.started", 0, "T-1", team="tiny"),
        on_monday("ticket.blocked", 1, "T-1", on_team="small"),
        on_monday("ticket.unblocked", 3, "T-1"),
    )
    serving.caught_up()
    page = team_of(serving, "domain:shop")
    waits = [part for part in page.parts if part.what == "ticket_blocked"]
    for side in (waits, page.asked):
        assert {part.on_team for part in side} == {"domain:shop"}
        assert sum(part.seconds for part in side) == 2 * 3_600
    # Nor do segments tell who of them waited for whom.
    (item,) = items_of(serving, "domain:shop", "domain:shop")
    assert [(one.on_team, one.phase, one.seconds) for one in item.segments] == [
        ("domain:shop", "acute", 900),
        ("domain:shop", "chronic", 6_300),
    ]


def test_a_team_without_anything_charged_has_a_page(serving: Serving) -> None:
    idle = Serving(Process(teams=TEAMS + "  - {id: idle}\n"))
    idle.caught_up()
    assert team_of(idle, "idle").parts == ()
    row = team_of(serving, "counterpart-00").row
    assert (row.items, row.feature_seconds) == (0, 0)
    assert listing_of(serving, "counterpart-00").items == ()


def test_a_team_that_no_file_lists_has_a_page() -> None:
    serving = Serving(Process(directory=directory_of(NOTHING)))
    serving.send(
        on_monday("ticket.started", 0, "Z-1", team="zebra", work_class="feature"),
        on_monday("ticket.done", 2, "Z-1"),
    )
    serving.caught_up()
    assert team_of(serving, "zebra").row.feature_seconds == 2 * 3_600
    assert [one.item for one in items_of(serving, "zebra")] == ["Z-1"]


@pytest.mark.parametrize("name", ["", "nobody", "checkout/", "CHECKOUT"])
def test_nobody_else_has_a_page(serving: Serving, name: str) -> None:
    with pytest.raises(NoSuchTeam):
        serving.ledger.team(name)
    with pytest.raises(NoSuchTeam):
        serving.ledger.listing(Question("checkout", name))


def test_every_wait_of_the_first_page_is_the_sum_of_its_items(
    serving: Serving,
) -> None:
    serving.ledger = replace(serving.ledger, items_a_page=1)
    page = page_of(serving)
    for pair in page.pairs:
        found = listing_of(serving, pair.team, pair.on_team)
        assert found.total_seconds == pair.seconds
        assert sum(part.seconds for part in found.parts) == pair.seconds
        items = items_of(serving, pair.team, pair.on_team)
        assert sum(item.seconds for item in items) == pair.seconds
    for wait in page.top_waits:
        asked = (wait.team, wait.on_team, wait.component)
        assert listing_of(serving, *asked).total_seconds == wait.seconds
        assert sum(item.seconds for item in items_of(serving, *asked)) == wait.seconds
    assert page.pairs


@pytest.mark.parametrize("component", [None, "active", "own_failure", "unclassified"])
def test_what_is_no_wait_is_the_sum_of_its_items(
    serving: Serving, component: str | None
) -> None:
    totals = []
    for row in page_of(serving).teams:
        found = listing_of(serving, row.team, None, component)
        items = items_of(serving, row.team, None, component)
        assert sum(item.seconds for item in items) == found.total_seconds
        totals.append(found.total_seconds)
        if component is None:
            assert len(items) == row.items
    assert any(totals)


def test_an_item_shows_its_longest_segments_in_order_of_time(
    serving: Serving,
) -> None:
    (whole,) = (one for one in items_of(serving, "checkout") if one.item == "CHK-1")
    serving.ledger = replace(serving.ledger, segments_an_item=3)
    (some,) = (one for one in items_of(serving, "checkout") if one.item == "CHK-1")
    assert some.segments_left_out == len(whole.segments) - 3 > 0
    lengths = sorted((s.seconds for s in whole.segments), reverse=True)
    assert sorted((s.seconds for s in some.segments), reverse=True) == lengths[:3]
    for shown in (whole, some):
        starts = [segment.start_ms for segment in shown.segments]
        assert starts == sorted(starts)
    # From the first to the last of them all, shown or not.
    ends = max(segment.end_ms for segment in whole.segments)
    assert (whole.start_ms, whole.end_ms) == (whole.segments[0].start_ms, ends)
    assert replace(some, segments=(), segments_left_out=0) == replace(
        whole, segments=()
    )


def test_other_is_what_metrics_call_other(serving: Serving) -> None:
    """Checkout waits on more teams than have a name of their own there."""
    serving.snapshots.snapshot()
    found = serving.shown()["friction_window_wait_seconds"].samples
    shown = sum(
        value
        for labels, value in found
        if labels[0] == "28d" and labels[1:3] == ("checkout", "other")
    )
    listing = listing_of(serving, "checkout", "other")
    assert listing.total_seconds == shown > 0
    # These are named all the same.
    named = {part.on_team for part in listing.parts}
    assert "other" not in named
    assert len(named) > BEYOND - COUNTERPARTS


def test_what_no_scrape_has_shown_is_in_no_other() -> None:
    """As of who has fewer counterparts than names: each will have its own."""
    serving = Serving()
    serving.send(*EVENTS, *MANY)
    serving.caught_up()
    assert listing_of(serving, "checkout", "other").total_seconds == 0
    serving.scrape()
    assert listing_of(serving, "checkout", "other").total_seconds > 0
    assert listing_of(serving, "search", "other").total_seconds == 0


@pytest.mark.parametrize("component", ["unaccrued", "nothing", "ACTIVE"])
def test_what_no_total_is_kept_of_is_no_number(
    serving: Serving, component: str
) -> None:
    with pytest.raises(NoSuchComponent):
        serving.ledger.listing(Question("checkout", None, component))


@pytest.mark.parametrize(
    "after", ["1", "x.1", "1.x", "-1.1", "1.-1", "1.1 ", "1.1.1", "f" * 17 + ".1"]
)
def test_an_address_that_was_not_given_out_goes_nowhere(
    serving: Serving, after: str
) -> None:
    with pytest.raises(BadPosition):
        serving.ledger.listing(Question("checkout"), after)
    with pytest.raises(BadPosition):
        serving.ledger.listing(Question("checkout"), "1." + "f" * 16)


def test_a_place_that_is_gone_goes_on_after_it(serving: Serving) -> None:
    """An item that moved since the page was shown is where it is now."""
    assert listing_of(serving, "checkout", after="1.1").items == ()


def test_only_the_last_four_weeks_are_shown(serving: Serving) -> None:
    serving.process.clock.ms += 60 * DAY
    serving.process.runner.turn()
    assert items_of(serving, "checkout", "counterpart-16") == []
    assert team_of(serving, "checkout").row.feature_seconds == 0


def test_there_are_no_pages_while_catching_up() -> None:
    serving = Serving()
    # Whoever commits for long holds the lock: nobody is to wait for that.
    with serving.process.runner.lock:
        assert serving.ledger.team("checkout") is None
        assert serving.ledger.listing(Question("checkout")) is None


def test_a_list_is_of_one_instant(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is committed while the list is made does not show on it."""
    before = listing_of(serving, "checkout", "platform")

    def after_another_batch(copy: Copy) -> Reading:
        late = on_monday("ticket.blocked", 3, "HAND-1", on_team="platform")
        serving.send(late)
        return reading_from(copy)

    monkeypatch.setattr(f"{BooksLedger.__module__}.reading_from", after_another_batch)
    during = listing_of(serving, "checkout", "platform")
    monkeypatch.undo()
    after = listing_of(serving, "checkout", "platform")
    assert during == before
    assert after.total_seconds > before.total_seconds
    assert sum(item.seconds for item in after.items) == after.total_seconds


def charged(teams: str) -> Serving:
    """Search waited an hour for the platform, and this file is in force since."""
    serving = Serving()
    serving.send(
        on_monday("ticket.started", 0, "SRCH-1", team="search"),
        on_monday("ticket.blocked", 1, "SRCH-1", on_team="platform"),
        on_monday("ticket.unblocked", 2, "SRCH-1"),
    )
    serving.process.caught_up()
    serving.scrape()
    serving.process.start(teams=teams)
    again = Serving(serving.process)
    again.caught_up()
    return again


def test_the_counters_of_a_team_that_is_gone_make_no_page() -> None:
    """It was shown, so these are held, and nothing is charged to it any more."""
    serving = charged(TEAMS.replace("  - {id: search, headcount: 3, domain: shop}", ""))
    assert "search" in serving.ledger.teams.names()
    for question in (Question("search"), Question("platform", "search")):
        with pytest.raises(NoSuchTeam) as told:
            serving.ledger.listing(question)
        assert not isinstance(told.value, ShownTogether)
    with pytest.raises(NoSuchTeam):
        serving.ledger.team("search")
    assert team_of(serving, "unknown").parts


def test_a_small_team_that_is_gone_is_shown_with_nobody() -> None:
    """Nor is its domain, once nobody else is in it."""
    serving = busy()
    tiny = "  - {id: tiny, headcount: 2, domain: shop}"
    serving.process.start(teams=TEAMS.replace(tiny, ""))
    again = Serving(serving.process)
    serving.caught_up()
    for name in ("tiny", "domain:shop"):
        with pytest.raises(NoSuchTeam) as told:
            again.ledger.team(name)
        assert not isinstance(told.value, ShownTogether)


def test_an_id_that_a_team_had_is_the_teams() -> None:
    renamed = TEAMS.replace("id: search", "id: finder, formerly: [search]")
    serving = charged(renamed)
    names = ("search", "Search", "finder", "nobody")
    assert [*map(serving.ledger.named, names)] == ["finder"] * 3 + ["nobody"]
    (waited,) = {one.on_team for one in team_of(serving, "finder").parts if one.on_team}
    assert waited == "platform"
