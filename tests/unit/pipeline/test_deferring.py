"""What is put off while catching up is done, whenever the service is killed."""

from __future__ import annotations

import pytest

from monitor.pipeline.catching_up import deferring
from monitor.pipeline.catching_up.assistant import Nobody
from monitor.pipeline.catching_up.deferring import evaluate_deferred
from monitor.pipeline.catching_up.sharing import Sharing
from tests.harness.driving import Drive, directory_of, facts_of
from tests.harness.plain_calendar import instant
from tests.unit.pipeline.test_relating import DAY, TEAMS, body, drive

# A chain, in the order of telling: who is told by one has yet to tell the other.
CHAIN = [
    body("ticket.created", "09:00", "PLT-1"),
    body("ticket.started", "09:00", "SRCH-1", work_class="feature"),
    body("ticket.started", "09:00", "CHK-1", work_class="feature"),
    body("link.added", "10:00", "CHK-1", blocker="SRCH-1"),
    body("link.added", "11:00", "SRCH-1", blocker="PLT-1"),
    body("ticket.done", "12:00", "PLT-1"),
    body("ticket.done", "13:00", "SRCH-1"),
    body("ticket.done", "17:00", "CHK-1"),
]


def killed_after(steps: int, driven: Drive) -> None:
    """So many steps of catching up are stored, and no more."""
    sharing = Sharing(driven.state, driven.directory, driven.model, Nobody())
    stepping = evaluate_deferred(sharing, instant(f"{DAY}T20:00:00Z"))
    for _ in range(steps):
        driven.state.commit(next(stepping).changes)


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_everybody_is_told_also_after_a_kill_in_the_middle_of_telling(
    steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deferring, "_TOLD", 1)
    driven = drive()
    driven.take(facts_of(CHAIN, directory_of(TEAMS)), deferring=True)
    killed_after(steps, driven)
    driven.catch_up()
    ends = {
        (timeline.item, wait.on_team): wait.end
        for timeline in driven.timelines()
        for wait in timeline.waits
    }
    assert ends == {
        ("CHK-1", "search"): instant(f"{DAY}T13:00:00Z"),
        ("SRCH-1", "platform"): instant(f"{DAY}T12:00:00Z"),
    }
