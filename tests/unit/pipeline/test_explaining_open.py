"""The waits that are open: as many as the gauge counts, each with what opened it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from monitor.domain.facts import Fields, Kind
from monitor.domain.making import make_fact
from monitor.domain.model import DEFAULT_MODEL
from monitor.indicators.explaining.explain import Question
from monitor.pipeline.explaining import OpenExplained, open_explained, pipeline_of
from tests.harness.driving import Samples, directory_of
from tests.unit.pipeline.running import HOUR, MONDAY, TEAMS, Process, event
from tests.unit.prometheus.serving import busy

REVIEWS = (
    event("ticket.started", 0, "T-1", team="checkout", work_class="feature"),
    event("change.opened", 1, "c-1", item="T-1", team="checkout"),
    event("change.opened", 1, "c-2", item="T-1", team="checkout"),
    event("change.review_requested", 2, "c-1", item="T-1", on_team="platform"),
    event("change.review_requested", 3, "c-2", item="T-1", on_team="platform"),
)


def found_of(process: Process, question: Question) -> list[OpenExplained]:
    runner = process.runner
    return open_explained(process.state, question, runner.directory, DEFAULT_MODEL)


def test_there_are_as_many_as_the_gauge_counts() -> None:
    process = busy().process
    gauge: Samples = process.shown("friction_open_waits")
    now = process.runner.books.accounts.instants[0]
    teams = {team for team, *_ in gauge}
    listed = Counter(
        (found.wait.team, found.wait.on_team, str(found.wait.component))
        for team in teams
        for found, _ in found_of(process, Question(team, None, None, 0, now))
    )
    assert listed == {pair: number for pair, number in gauge.items() if number}
    # One of them is three weeks old and stale.
    assert len(teams) > 2
    assert listed["search", "platform", "ticket_blocked"] == 1


def test_the_oldest_comes_first_and_each_has_what_opened_it() -> None:
    process = Process(teams=TEAMS)
    process.send(*REVIEWS)
    process.caught_up()
    asked = Question("checkout", "platform", None, 0, MONDAY + 4 * HOUR)
    opened = [
        (one.found.wait.start, reason.rule, reason.entity, reason.opened[0].time)
        for one in found_of(process, asked)
        for reason in one.reasons
    ]
    assert opened == [
        (start, "review requested", change, start)
        for start, change in ((MONDAY + 2 * HOUR, "c-1"), (MONDAY + 3 * HOUR, "c-2"))
    ]


def test_waits_that_begin_with_the_flight_have_all_that_was_open_before_it() -> None:
    """Either link may be behind each of them."""
    process = Process(teams=TEAMS)
    process.send(
        event("ticket.created", -4, "P-1", team="platform"),
        event("ticket.created", -4, "P-2", team="platform"),
        event("ticket.created", -4, "T-1", team="checkout"),
        event("link.added", -3, "T-1", blocker="P-1"),
        event("link.added", -2, "T-1", blocker="P-2"),
        event("ticket.started", 0, "T-1", team="checkout", work_class="feature"),
    )
    process.caught_up()
    asked = Question("checkout", None, None, 0, MONDAY + 2 * HOUR)
    found = found_of(process, asked)
    assert [one.found.wait.start for one in found] == [MONDAY, MONDAY]
    opened = [[f.time for r in one.reasons for f in r.opened] for one in found]
    assert opened == [[MONDAY - 3 * HOUR, MONDAY - 2 * HOUR]] * 2


def test_only_what_is_asked_for_is_listed() -> None:
    process = Process(teams=TEAMS)
    process.send(*REVIEWS)
    process.caught_up()
    asked = Question("checkout", "platform", None, 0, MONDAY + 4 * HOUR, "T-1")
    assert len(found_of(process, asked)) == 2
    for other in (
        replace(asked, team="platform"),
        replace(asked, on_team="checkout"),
        replace(asked, component="ci_queue"),
        replace(asked, item="T-2"),
        replace(asked, end=MONDAY),
    ):
        assert found_of(process, other) == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"repo": "acme/shop", "pipeline": "acme/shop/ci/test"}, "acme/shop/ci/test"),
        # Whose account that is, nobody has said.
        ({"repo": "octo/shop", "pipeline": "octo/shop/ci/test"}, ""),
        ({"pipeline": "build"}, "build"),
        ({"repo": "acme/shop"}, ""),
    ],
)
def test_a_pipeline_is_told_where_its_repository_is_claimed(
    fields: Fields, told: str
) -> None:
    teams = TEAMS + "    owns: [{repo: acme/*}]\n"
    fact = make_fact(Kind.RUN_FINISHED, MONDAY, "r-1", "ci.example", fields)
    assert pipeline_of(fact, directory_of(teams)) == told
