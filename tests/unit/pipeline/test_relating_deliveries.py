"""What deploys tell of recoveries and lead times, in whatever order it is known."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.facts import Fact
from monitor.domain.timeline import Measured, Timeline
from monitor.domain.working_time import HOUR
from monitor.relate.rows import pack, unpack
from tests.harness.driving import directory_of, facts_of
from tests.unit.pipeline.test_relating import TEAMS, body, drive, timelines_of

Body = dict[str, Any]


def deployed(time: str, deploy: str, outcome: str, **said: Any) -> Body:
    """A deploy of the till to production ended so."""
    said = {"service": "till", "environment": "prod", **said}
    return body("deploy.finished", time, deploy, outcome=outcome, **said)


def change(entity: str, opened: str, merged: str, **said: Any) -> list[Body]:
    fields = {"repo": "acme/shop", "sha": f"{entity}-head", **said}
    return [
        body("change.opened", opened, entity, **fields),
        body("change.merged", merged, entity, sha=f"{entity}-merge", repo="acme/shop"),
    ]


def measured(timelines: list[Timeline], name: Measured) -> list[tuple[str, int]]:
    """Item and whole hours of every span."""
    return sorted(
        (timeline.item, one.value // HOUR)
        for timeline in timelines
        for one in timeline.measures
        if one.name is name
    )


def facts(events: list[Body]) -> list[Fact]:
    return facts_of(events, directory_of(TEAMS))


# The till failed at 10 and 11 until 13:00; at 14:00 until 16:00. D-3 went elsewhere.
LANE = [
    deployed("09:00", "D-0", "success"),
    deployed("10:00", "D-1", "failure"),
    deployed("11:00", "D-2", "error", item="CHK-9"),
    deployed("12:00", "D-3", "success", environment="live"),
    deployed("13:00", "D-4", "success", item="CHK-9"),
    deployed("14:00", "D-5", "failure"),
    deployed("16:00", "D-6", "success"),
    deployed("17:00", "D-7", "success"),
]
RECOVERED = [("CHK-9", 2), ("D-1", 3), ("D-5", 2)]


# Two changes of a ticket and one without: D-1 carries the first and the last, D-2 the
# second, D-3 all of them again; D-4 names two tickets.
SHIPPED = [
    body("ticket.started", "09:00", "CHK-1", team="checkout", work_class="feature"),
    body("ticket.started", "09:00", "CHK-2", team="checkout", work_class="feature"),
    *change("PR-1", "09:00", "10:00", item="CHK-1"),
    *change("PR-2", "10:00", "12:00", item="CHK-1"),
    *change("PR-3", "09:00", "10:30"),
    *change("PR-4", "10:00", "13:00", item="CHK-2"),
    deployed("11:00", "D-1", "success", shas=["PR-1-merge", "PR-3-merge"]),
    deployed("13:00", "D-2", "success", shas=["PR-2-merge"]),
    deployed("14:00", "D-3", "success", shas=["PR-1-head", "PR-2-head", "PR-3-head"]),
    deployed("15:00", "D-4", "success", items=["CHK-2", "CHK-1"]),
    deployed("16:00", "D-5", "success", shas=["PR-1-merge"], item="CHK-2"),
]
LED = [("CHK-1", 2), ("CHK-1", 3), ("CHK-2", 5), ("PR-3", 2)]


@pytest.mark.parametrize(
    ("events", "name", "expected"),
    [(LANE, Measured.RECOVERY, RECOVERED), (SHIPPED, Measured.LEAD_TIME, LED)],
    ids=["recoveries", "lead times"],
)
def test_deploys_of_other_items_tell_what_they_did(
    events: list[Body], name: Measured, expected: list[tuple[str, int]]
) -> None:
    assert measured(timelines_of(facts(events)), name) == expected


@settings(max_examples=40, deadline=None)
@given(st.permutations([*LANE, *SHIPPED]), st.randoms(use_true_random=False))
def test_whatever_comes_last_they_find_each_other(
    events: list[Body], sizes: random.Random
) -> None:
    expected = timelines_of(facts([*LANE, *SHIPPED]))
    assert timelines_of(facts(events), sizes) == expected


def test_a_change_that_moves_to_another_ticket_takes_along_what_it_was_told() -> None:
    events = [*change("PR-1", "09:00", "10:00"), *change("PR-2", "09:00", "10:00")]
    shas = ["PR-1-merge", "PR-2-merge"]
    driven = drive()
    driven.take(facts([*events, deployed("11:00", "D-1", "success", shas=shas)]))
    driven.take(facts([body("change.pushed", "09:30", "PR-1", item="CHK-1")]))
    driven.take(facts([deployed("10:30", "D-2", "success", shas=shas)]))
    found = measured(driven.timelines(), Measured.LEAD_TIME)
    assert found == [("CHK-1", 1), ("PR-2", 1)]


def test_what_a_deploy_told_survives_its_bytes() -> None:
    driven = drive()
    driven.take(facts(SHIPPED))
    packed = driven.state.get_many("items", ["PR-3"])["PR-3"]
    row = unpack(packed)
    assert [len(profile.shipped) for profile in row.blockers.values()] == [1, 1]
    assert pack(row) == packed


def test_a_row_from_before_deploys_told_what_they_carried_is_read() -> None:
    """Such a row says version 2, and its profiles end earlier."""
    driven = drive()
    lane = [deployed("09:00", "D-0", "success"), deployed("08:00", "D-1", "failure")]
    driven.take(facts(lane))
    packed = driven.state.get_many("items", ["D-1"])["D-1"]
    (profile,) = unpack(packed).blockers.values()
    told = f',[[{profile.shipped[0].time},["prod"],"unknown"]],[]]'.encode()
    assert packed.count(told) == 1
    old = packed.replace(told, b"]").replace(b"[3,", b"[2,", 1)
    (kept,) = unpack(old).blockers.values()
    assert kept == profile._replace(shipped=(), carries=())
