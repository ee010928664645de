"""From which day on readings are another when the marks of an item change."""

from __future__ import annotations

from monitor.domain.items import FOREVER
from monitor.domain.marks import DONE, PLATFORM, Mark, Sort
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.signal_rules import USUAL_RULES
from monitor.domain.working_time import DAY
from monitor.indicators.signals.growing import GrowingHistory
from tests.harness.driving import directory_of
from tests.unit.pipeline.test_relating import TEAMS


def grown(*marks: Mark) -> GrowingHistory:
    history = GrowingHistory(directory_of(TEAMS), DEFAULT_MODEL, USUAL_RULES, 0)
    history.replace("X-1", (), (), marks)
    return history


def test_what_was_found_turns_out_to_be_another_flaw_from_its_first_day() -> None:
    found = Mark(Sort.FINDING, 7 * DAY, FOREVER, "X-1", "search", "", "cwe-79", "x-1")
    known = found._replace(detail="cve-2026-1111")
    assert grown(found).replace("X-1", (), (), (known,)) == 7


def test_what_ends_is_the_same_until_it_does() -> None:
    waiting = Mark(Sort.BACKLOG, 7 * DAY, FOREVER, "X-1", "search", "", PLATFORM)
    done = waiting._replace(end=20 * DAY, detail=DONE)
    assert grown(waiting).replace("X-1", (), (), (done,)) == 20
