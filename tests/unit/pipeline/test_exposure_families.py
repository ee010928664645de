"""Gauges of exposure (indicators 1.3): in no cost, and the same after any start."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from monitor.domain.model import DEFAULT_MODEL, Model
from monitor.pipeline.sealing import Retention
from tests.harness.driving import Drive, directory_of, facts_of
from tests.unit.pipeline.running import HOUR, MONDAY, TEAMS, Process, event
from tests.unit.pipeline.test_sealing import heard, keys, settled

LINKS: Final = "friction_open_dependency_links"
OLDEST: Final = "friction_oldest_unstarted_ticket_timestamp_seconds"
PAIR: Final = ("checkout", "platform")
EXPOSURE_ONLY: Final = replace(DEFAULT_MODEL, link_blocks=False)
CHARGED: Final = (
    "friction_wait_seconds_total",
    "friction_window_wait_seconds",
    "friction_waits_total",
    "friction_open_waits",
    "friction_oldest_open_wait_timestamp_seconds",
)
# Read at 12:55 (13:00 less five minutes to settle).
LINKED: Final = (
    event("ticket.created", -1, "P-1", team="platform"),
    event("ticket.started", 0, "C-1", team="checkout", work_class="feature"),
    event("link.added", 1, "C-1", blocker="P-1"),
)
BOTH: Final = pytest.mark.parametrize("model", [DEFAULT_MODEL, EXPOSURE_ONLY])


def process_of(model: Model, *events: dict[str, Any]) -> Process:
    process = Process(model=model, retention=Retention())
    process.send(*events)
    process.caught_up()
    return process


@BOTH
def test_an_open_link_is_shown_whether_it_is_charged_or_not(model: Model) -> None:
    assert process_of(model, *LINKED).shown(LINKS) == {PAIR: 1}


def test_a_link_that_is_exposure_only_is_no_wait_and_costs_nothing() -> None:
    process = process_of(EXPOSURE_ONLY, *LINKED)
    assert {name: process.shown(name) for name in CHARGED} == {
        name: {} for name in CHARGED
    }
    active = process.shown("friction_active_seconds_total")
    # 09:00 to 12:55.
    assert active == {("checkout", "feature"): 4 * 3_600 - 300}


@BOTH
def test_every_blocker_counts_once(model: Model) -> None:
    others = (
        event("ticket.created", -1, "P-2", team="platform"),
        event("link.added", 2, "C-1", blocker="P-2"),
        event("link.added", 2, "C-1", blocker="P-1"),
        event("ticket.started", 0, "C-2", team="checkout"),
        event("link.added", 3, "C-2", blocker="P-1"),
    )
    assert process_of(model, *LINKED, *others).shown(LINKS) == {PAIR: 3}


@BOTH
@pytest.mark.parametrize(
    "last",
    [
        event("link.removed", 3, "C-1", blocker="P-1"),
        event("ticket.done", 3, "P-1"),
        event("ticket.parked", 3, "C-1"),
    ],
    ids=["removed", "resolved", "left flight"],
)
def test_a_link_that_is_not_open_any_more_is_not_shown(
    model: Model, last: dict[str, Any]
) -> None:
    process = process_of(model, *LINKED)
    process.send(last)
    process.runner.turn()
    assert process.shown(LINKS) == {}
    process.start()
    process.caught_up()
    assert process.shown(LINKS) == {}


@BOTH
def test_a_restart_shows_the_same_links(model: Model) -> None:
    process = process_of(model, *LINKED)
    process.start()
    process.caught_up()
    assert process.shown(LINKS) == {PAIR: 1}


@BOTH
def test_a_changed_setting_moves_the_cost_and_not_the_exposure(model: Model) -> None:
    process = process_of(model, *LINKED)
    other = EXPOSURE_ONLY if model == DEFAULT_MODEL else DEFAULT_MODEL
    process.model = other
    process.start()
    process.caught_up()
    assert process.shown(LINKS) == {PAIR: 1}
    waits = {(*PAIR, "dependency_link"): 1} if other == DEFAULT_MODEL else {}
    assert process.shown("friction_open_waits") == waits


@BOTH
def test_a_sealed_item_has_no_open_link(model: Model) -> None:
    process = process_of(model)
    heard(process, *LINKED, event("ticket.done", 3, "C-1"))
    settled(process)
    assert keys(process, "items") >= {"P-1"}
    assert "C-1" not in keys(process, "items")
    assert process.shown(LINKS) == {}
    process.start()
    process.caught_up()
    assert process.shown(LINKS) == {}


def hours(number: float) -> float:
    """An instant in Unix time, so many hours after Monday 09:00."""
    return MONDAY / 1_000 + number * 3_600


FILED: Final = (
    event("ticket.created", 0, "P-1", team="platform"),
    event("ticket.created", 1, "P-2", team="platform"),
    event("ticket.created", -9, "C-1", team="checkout"),
)


def test_the_oldest_ticket_that_a_platform_team_has_not_begun_is_shown() -> None:
    process = process_of(DEFAULT_MODEL, *FILED)
    assert process.shown(OLDEST) == {("platform",): hours(0)}
    charged = [name for name in (*CHARGED, LINKS) if process.shown(name)]
    assert charged == []
    process.send(event("ticket.started", 2, "P-1", team="platform"))
    process.runner.turn()
    assert process.shown(OLDEST) == {("platform",): hours(1)}
    process.send(event("ticket.cancelled", 3, "P-2"))
    process.runner.turn()
    assert process.shown(OLDEST) == {}


def test_a_late_event_corrects_it_at_once() -> None:
    process = process_of(DEFAULT_MODEL, *FILED)
    process.send(event("ticket.created", -5, "P-0", team="platform"))
    process.runner.turn()
    assert process.shown(OLDEST) == {("platform",): hours(-5)}
    process.send(event("ticket.done", -4, "P-0"))
    process.runner.turn()
    assert process.shown(OLDEST) == {("platform",): hours(0)}


def test_a_restart_shows_the_same_oldest_ticket() -> None:
    process = process_of(DEFAULT_MODEL, *FILED)
    process.start()
    process.caught_up()
    assert process.shown(OLDEST) == {("platform",): hours(0)}


def test_another_teams_file_says_anew_whose_tickets_these_are() -> None:
    process = process_of(DEFAULT_MODEL, *FILED)
    process.start(TEAMS.replace("kind: platform", "kind: enabling"))
    process.caught_up()
    assert process.shown(OLDEST) == {}
    process.start(TEAMS.replace("- id: checkout", "- id: checkout\n    kind: platform"))
    process.caught_up()
    expected = {("platform",): hours(0), ("checkout",): hours(-9)}
    assert process.shown(OLDEST) == expected


def test_it_is_as_of_the_instant_that_numbers_are_true_of() -> None:
    begun = event("ticket.started", 3, "P-1", team="platform")
    drive = Drive(directory_of(TEAMS), MONDAY + 2 * HOUR)
    drive.take(facts_of((*FILED, begun), drive.directory))
    assert drive.families()[OLDEST] == {("platform",): hours(0)}
    drive.advance(MONDAY + 3 * HOUR)
    assert drive.families()[OLDEST] == {("platform",): hours(1)}
