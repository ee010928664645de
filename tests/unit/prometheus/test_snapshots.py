"""Snapshots of the books: what is shown when, and the page under shown names."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from monitor.adapters.kafka.memory import MemorySource
from monitor.adapters.prometheus.page_names import page_as_shown
from monitor.adapters.web.page import Page
from monitor.domain.snapshot import PageModel, TeamRow
from monitor.pipeline.policies import Batching
from monitor.pipeline.showing.page_numbers import Freshness
from monitor.pipeline.showing.readings import reading_of
from tests.unit.decode.github.github_records import REPOSITORY, pull, user
from tests.unit.pipeline.running import HOUR, Process
from tests.unit.prometheus.serving import EVENTS, TEAMS, Serving, busy, on_monday

BLOCKED_AGAIN = on_monday("ticket.blocked", 7, "PLT-4", on_team="search")


@pytest.fixture
def serving() -> Serving:
    return busy()


def page_of(serving: Serving) -> PageModel:
    page = serving.snapshots.page()
    assert page is not None
    return page


def rows(page: PageModel) -> dict[str, TeamRow]:
    return {row.team: row for row in page.teams}


def merged_as(serving: Serving, merged: dict[str, str]) -> PageModel:
    runner = serving.process.runner
    reading = reading_of(runner.books)
    fresh = Freshness(serving.process.clock.now_ms(), {}, None)
    return page_as_shown(reading, runner.directory, runner.model, fresh, merged, {})


def test_there_are_no_numbers_while_catching_up() -> None:
    serving = Serving()
    snapshot = serving.snapshots.snapshot()
    assert not snapshot.ready
    assert snapshot.business == ()
    assert snapshot.evaluated_at_ms is None
    assert serving.snapshots.page() is None
    assert serving.snapshots.condition().not_ready == ("starting", "catching up")


def test_what_is_shown_is_true_for_one_instant(serving: Serving) -> None:
    snapshot = serving.snapshots.snapshot()
    # Five minutes are left for events to arrive in order.
    settled = serving.process.clock.now_ms() - 300_000
    assert snapshot.evaluated_at_ms == settled
    assert page_of(serving).evaluated_at_ms == settled
    assert serving.snapshots.condition().not_ready == ()


def test_the_page_is_made_anew_after_a_second(serving: Serving) -> None:
    before = page_of(serving)
    serving.send(BLOCKED_AGAIN)
    serving.process.clock.ms += 900
    assert page_of(serving) is before
    serving.process.clock.ms += 200
    serving.process.runner.turn()
    assert rows(page_of(serving))["platform"].waits


def test_lag_is_what_is_not_yet_committed(serving: Serving) -> None:
    serving.process.runner.reading.batching = Batching(live_records=1)
    serving.send(BLOCKED_AGAIN, BLOCKED_AGAIN, BLOCKED_AGAIN)
    lag = serving.shown()["friction_consumer_lag_records"].samples
    assert list(lag) == [(("t", "0"), 2.0)]
    assert page_of(serving).lag_records == 2


def test_lag_is_told_as_soon_as_the_source_has_begun() -> None:
    serving = Serving()
    serving.send(BLOCKED_AGAIN, BLOCKED_AGAIN)
    assert list(serving.shown()["friction_consumer_lag_records"].samples) == []
    serving.process.begin()
    lag = serving.shown()["friction_consumer_lag_records"].samples
    assert list(lag) == [(("t", "0"), 2.0)]


def test_what_retention_has_taken_is_no_lag() -> None:
    serving = Serving()
    serving.send(BLOCKED_AGAIN, BLOCKED_AGAIN, BLOCKED_AGAIN)
    serving.process.topics.delete_before("t", 0, 2)
    serving.process.begin()
    lag = serving.shown()["friction_consumer_lag_records"].samples
    assert list(lag) == [(("t", "0"), 1.0)]


class OneThreadSource(MemorySource):
    """Raises where its port is broken: it is for the consumer's thread alone."""

    owner = threading.get_ident()

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("__") and threading.get_ident() != type(self).owner:
            raise RuntimeError(f"{name} asked for by another thread")
        return super().__getattribute__(name)


def test_scrapes_and_pages_leave_the_source_to_the_consumer() -> None:
    process = Process(teams=TEAMS)
    process.start(source=OneThreadSource(process.topics))
    serving = Serving(process=process)
    serving.send(*EVENTS)
    serving.caught_up()
    with ThreadPoolExecutor(1) as scraper:
        text = scraper.submit(serving.scrape).result()
        page = scraper.submit(serving.snapshots.page).result()
    assert 'friction_consumer_lag_records{topic="t",partition="0"} 0.0' in text
    assert page is not None
    assert page.lag_records == 0


def test_the_page_counts_as_many_references_nobody_owns_as_a_scrape() -> None:
    serving = busy()
    stray = [
        on_monday("ticket.started", 0, f"stray!{n}", repo=f"acme/r{n:02}")
        for n in range(80)
    ]
    before = len(page_of(serving).gaps)
    serving.send(*stray)
    serving.process.clock.ms += 2_000
    counted = serving.shown()["friction_unknown_references"].samples
    assert list(counted) == [((), float(before + 80))]
    page = page_of(serving)
    assert len(page.gaps) + page.other_accounts == before + 80


def test_a_team_of_two_has_no_row_but_its_domain_has(serving: Serving) -> None:
    page = page_of(serving)
    domain = rows(page)["domain:shop"]
    assert "tiny" not in rows(page)
    # T-1 was started at 09:00, blocked from 10:00 on, and it is 16:55.
    assert domain.feature_seconds == 3_600
    assert domain.coordination_seconds.upper == 6 * 3_600 + 55 * 60
    assert (domain.kind, domain.items) == ("stream", 1)
    assert [wait.on_team for wait in domain.waits] == ["platform"]
    waits = {name for wait in page.top_waits for name in (wait.team, wait.on_team)}
    assert "tiny" not in waits


def test_a_domain_has_the_capacity_of_its_members(serving: Serving) -> None:
    """Two people since what was measured first: 15 days of 8 h, and 7 h 55 min."""
    domain = rows(page_of(serving))["domain:shop"]
    capacity = 2 * (15 * 28_800 + 28_500)
    # Blocked for 24,900 s: 900 acute, the others weigh a quarter.
    assert domain.capacity_share == pytest.approx(6_900 / capacity)
    assert domain.budget_burn == pytest.approx(6_900 / capacity / 0.20)
    assert domain.payroll_scale == 1
    page = serving.ledger.team("domain:shop")
    assert page is not None
    assert page.row.budget_burn == domain.budget_burn


def test_merging_changes_no_sum_of_the_organisation(serving: Serving) -> None:
    exact = merged_as(serving, {})
    merged = dict.fromkeys(("checkout", "search", "counterpart-00"), "a")
    shown = merged_as(serving, merged)
    assert shown.organisation_ratio == exact.organisation_ratio
    one, several = rows(shown)["a"], [rows(exact)[name] for name in merged]
    assert one.feature_seconds == sum(row.feature_seconds for row in several)
    assert one.items == sum(row.items for row in several)
    central = sum(row.coordination_seconds.central for row in several)
    assert one.coordination_seconds.central == pytest.approx(central)
    # What they waited on each other for stays, as the domain's wait on itself.
    assert ("a", "a") in {(wait.team, wait.on_team) for wait in shown.top_waits}


def test_a_domain_of_teams_that_serve_others_is_not_compared(
    serving: Serving,
) -> None:
    domain = rows(merged_as(serving, {"platform": "domain:none"}))["domain:none"]
    assert (domain.kind, domain.verdict) == ("platform", "not compared")
    assert domain.ratio is None
    assert domain.share is None


def test_nobody_is_named_anywhere(serving: Serving) -> None:
    body = pull("review_requested", user=user("ada"), requested_reviewer=user("Eve"))
    serving.send({"repository": {**REPOSITORY, "full_name": "acme/shop"}, **body})
    page = serving.snapshots.page()
    shown = serving.scrape() + Page().render(page, ())
    assert 'source="github",kind="change.review_requested",result="fact"' in shown
    assert not re.search(r"\b(ada|eve)\b", shown, flags=re.IGNORECASE)


def test_without_small_teams_every_team_has_its_row(serving: Serving) -> None:
    page = merged_as(serving, {})
    assert set(serving.process.runner.directory.teams) == set(rows(page))


def test_counterparts_beyond_fifteen_are_told(serving: Serving) -> None:
    ((_, folded),) = serving.shown()["friction_folded_counterparts"].samples
    # 17 counterparts, platform and search, of whom 15 have a seat.
    assert folded == 4


def test_seats_are_kept_with_the_next_batch(serving: Serving) -> None:
    serving.scrape()
    process = serving.process
    process.clock.ms += HOUR
    process.runner.turn()
    seats = process.runner.books.seats
    process.start()
    assert process.runner.books.seats == seats
    assert len(seats["checkout"]) == 15


def test_teams_are_told_while_catching_up() -> None:
    """Rules join with the info families, which need no number to be true."""
    catching_up = Serving().snapshots.snapshot()
    names = {family.name for family in catching_up.health}
    assert "friction_team_info" in names
    assert catching_up.business == ()


def test_the_pages_say_the_words_of_metrics(serving: Serving) -> None:
    judged = serving.shown()["friction_verdict"].samples
    words = {team: word for (team, word), holds in judged if holds}
    assert words["domain:shop"] == "too few items"
    shown = {row.team: row.verdict for row in page_of(serving).teams}
    assert shown == words | {"platform": "not compared"}
    limits = dict(serving.shown()["friction_window_ratio_limit"].samples)
    page = serving.ledger.team("checkout")
    assert page is not None
    assert page.row.verdict == words["checkout"]
    assert page.row.limits == (
        limits["28d", "checkout", "lower"],
        limits["28d", "checkout", "upper"],
    )


def test_a_refresh_is_shown_with_the_instant_that_it_is_true_for(
    serving: Serving,
) -> None:
    refreshed = serving.shown()["friction_refreshed_at_timestamp_seconds"].samples
    assert refreshed == (((), (serving.process.clock.now_ms() - 300_000) / 1_000),)
    serving.process.clock.ms += HOUR
    serving.process.runner.turn()
    same = serving.shown()["friction_refreshed_at_timestamp_seconds"].samples
    assert same == refreshed


def test_before_the_first_refresh_there_is_no_word_and_a_page_waits_for_it() -> None:
    serving, waited = Serving(), list[float]()
    serving.send(*EVENTS)
    serving.caught_up()
    serving.snapshots.refreshed = waited.append
    assert "friction_verdict" not in serving.shown()
    assert "friction_refreshed_at_timestamp_seconds" not in serving.shown()
    row = rows(page_of(serving))["checkout"]
    assert (row.verdict, row.limits) == ("not yet known", None)
    # A scrape does not wait, the page some seconds.
    assert waited[:2] == [0, 0]
    assert 1 < waited[-1] < 30
