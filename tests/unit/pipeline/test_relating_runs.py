"""What a run runs for: a change, or its item as a whole."""

from __future__ import annotations

from monitor.domain.timeline import Sort
from tests.harness.driving import facts_of
from tests.harness.plain_calendar import instant
from tests.unit.pipeline.test_relating import DAY, body, drive, timelines_of


def test_a_push_to_any_change_settles_the_failure_of_a_run_of_no_change() -> None:
    """It names the item alone: its ticket is no change that it would run for."""
    broken = {"sha": "a1", "pipeline": "acme/shop/ci", "outcome": "failure"}
    events = [
        body("ticket.started", "09:00", "CHK-1", work_class="feature"),
        body("run.finished", "10:00", "r-1", item="CHK-1", **broken),
        body("change.opened", "11:00", "PR-1", item="CHK-1", sha="b2"),
        body("change.pushed", "12:00", "PR-1", sha="b3"),
    ]
    (timeline,) = timelines_of(facts_of(events, drive().directory))
    found = {(s.sort, s.start, s.phase) for s in timeline.segments}
    ten = instant(f"{DAY}T10:00:00Z")
    assert (Sort.OWN_FAILURE, ten, "ci") in found
    assert "pending" not in {phase for _, _, phase in found}
