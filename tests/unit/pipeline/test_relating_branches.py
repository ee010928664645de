"""Who asks for the change of a branch finds it, however long the branch lives."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from monitor.domain.working_time import DAY
from monitor.relate.packed_rows import unpack
from tests.harness.driving import Drive, facts_of
from tests.harness.plain_calendar import instant, text_of
from tests.unit.pipeline.test_relating import body, drive

Body = dict[str, Any]
FIRST = instant("2026-02-02T00:00:00Z")
BRANCH = {"repo": "acme/shop", "branch": "develop"}


def on(day: float, kind: str, entity: str, **said: Any) -> Body:
    """An event so many days after the first."""
    time = text_of(FIRST + round(day * DAY))
    return {
        **body(kind, "00:00", entity, **said),
        "id": f"{entity} {day}",
        "time": time,
    }


def ran(day: float, run: str) -> Body:
    return on(day, "run.finished", run, outcome="success", **BRANCH)


def opened(day: float, change: str = "PR-1", **said: Any) -> Body:
    return on(day, "change.opened", change, team="checkout", **BRANCH, **said)


def merged(day: float, change: str = "PR-1") -> Body:
    return on(day, "change.merged", change)


def homes(driven: Drive) -> dict[str, str]:
    """With which item everything is kept."""
    rows = [unpack(packed) for _, packed in driven.state.scan("items")]
    return {entity: row.key for row in rows for entity in row.sections}


def told(driven: Drive, *bodies: Body) -> None:
    driven.take(facts_of(bodies, driven.directory))


def test_a_run_that_began_earlier_than_was_known_is_placed_by_that() -> None:
    """It was queued before the change was merged, which names neither."""
    events = [
        opened(0),
        merged(2),
        on(1, "run.queued", "R-1", on_team="platform"),
        ran(3, "R-1"),
    ]
    for order in permutations(events):
        driven = drive()
        for one in order:
            told(driven, one)
        assert homes(driven)["R-1"] == "PR-1"
