"""Totals: every segment clipped, by what it is charged to."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import TypeVar

from monitor.domain.timeline import Timeline
from monitor.indicators.totals.instant import Totals, Weighed, seconds, totals_of
from tests.unit.indicators.history import DIRECTORY, Case, at, done, fact, started

Key = TypeVar("Key", bound=Hashable)


def timelines() -> tuple[Timeline, ...]:
    facts = (
        fact("ticket.started", "Mon 09:00", "CHK-1", team="checkout"),
        fact("ticket.blocked", "Mon 10:00", "CHK-1"),
        fact("ticket.unblocked", "Mon 11:00", "CHK-1"),
        fact("ticket.blocked", "Mon 12:00", "CHK-1", on_team="platform"),
        fact("ticket.unblocked", "Mon 13:00", "CHK-1"),
        fact(
            "run.finished", "Mon 14:00", "r", outcome="failure", pipeline="b", sha="a"
        ),
        fact("change.pushed", "Mon 15:00", "shop#7"),
        fact(
            "run.finished", "Mon 16:00", "s", outcome="success", pipeline="b", sha="b"
        ),
        done("Mon 17:00"),
    )
    return Case("", facts, {}).timelines()


def totals(since: str | None = None, until: str = "Tue 00:00") -> Totals:
    start = None if since is None else at(since)
    return totals_of(timelines(), DIRECTORY, start, at(until))


def in_seconds(amounts: Mapping[Key, int]) -> dict[Key, Fraction]:
    return {key: seconds(amount) for key, amount in amounts.items()}


def test_every_family_has_its_seconds() -> None:
    found = totals()
    assert in_seconds(found.active) == {("checkout", "feature"): 21_600}
    assert in_seconds(found.unclassified) == {"checkout": 21_600}
    assert in_seconds(found.own_failures) == {("checkout", "ci"): 7_200}
    assert in_seconds(found.waits) == {
        ("checkout", "unknown", "ticket_blocked", "acute"): 900,
        ("checkout", "unknown", "ticket_blocked", "chronic"): 2_700,
        ("checkout", "platform", "ticket_blocked", "acute"): 900,
        ("checkout", "platform", "ticket_blocked", "chronic"): 2_700,
    }
    assert found.teams() == {"checkout"}


def test_an_items_own_cost_leaves_unknown_out() -> None:
    """For the interval of the central ratio, in which unknown has no part."""
    (weighed,) = totals().items["checkout"].values()
    assert [seconds(part) for part in weighed] == [900, 2_700, 21_600]
    assert Weighed._fields == ("full", "chronic", "feature")


def test_a_window_clips_at_both_ends() -> None:
    found = totals("Mon 12:10", "Mon 12:20")
    # 12:00-12:15 is acute
    assert in_seconds(found.waits) == {
        ("checkout", "platform", "ticket_blocked", "acute"): 300,
        ("checkout", "platform", "ticket_blocked", "chronic"): 300,
    }
    assert not found.active


def test_nothing_accrues_before_the_first_segment() -> None:
    found = totals(until="Mon 09:00")
    assert found.first is None
    assert found.teams() == set()
    assert totals().first == at("Mon 09:00")


def test_work_of_the_night_is_no_item_of_the_day() -> None:
    night = Case("", (started("Mon 20:00"), done("Mon 22:00")), {}).timelines()
    assert totals_of(night, DIRECTORY, None, at("Tue 12:00")).items == {}
