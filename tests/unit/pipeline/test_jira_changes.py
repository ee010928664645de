"""What Jira tells of one change at one instant, through the pipeline."""

from __future__ import annotations

from itertools import permutations

from tests.unit.pipeline.test_jira_items import (
    Body,
    changed,
    event,
    finished,
    hours_of,
    moved,
    started,
)

WAITING = "Waiting for infra"


def moves(clock: str, before: str, after: str, *more: Body) -> Body:
    return event("CHK-1", "500", clock, after, moved(before, after), *more)


class TestBlocks:
    def test_from_blocked_to_a_waiting_status_it_waits_for_the_team(self) -> None:
        bodies = [
            started("CHK-1", "500", "09:00"),
            moves("10:00", "In Progress", "Blocked"),
            moves("12:00", "Blocked", WAITING),
            moves("16:00", WAITING, "In Progress"),
            finished("CHK-1", "500", "17:00"),
        ]
        expected = {
            "checkout feature": 2.0,
            "checkout>unknown ticket_blocked": 2.0,
            "checkout>platform ticket_blocked": 4.0,
        }
        for order in permutations(bodies):
            assert hours_of(list(order), batch=1) == {"CHK-1": expected}

    def test_a_flag_taken_off_as_a_waiting_status_begins_lifts_itself_only(
        self,
    ) -> None:
        on = changed("Flagged", "", "Impediment")
        off = changed("Flagged", "Impediment", "")
        bodies = [
            started("CHK-1", "500", "09:00"),
            event("CHK-1", "500", "10:00", "In Progress", on),
            moves("11:00", "In Progress", WAITING, off),
            moves("14:00", WAITING, "In Progress"),
            finished("CHK-1", "500", "15:00"),
        ]
        expected = {
            "checkout feature": 2.0,
            "checkout>unknown ticket_blocked": 1.0,
            "checkout>platform ticket_blocked": 3.0,
        }
        assert hours_of(bodies) == {"CHK-1": expected}
