"""What Jira tells of one change at one instant, through the pipeline."""

from __future__ import annotations

from itertools import permutations

import pytest

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


def of_site(body: Body) -> Body:
    """The body with its issue's address, by which a poller's is known."""
    number = body["issue"]["id"]
    address = f"https://acme.example/rest/api/2/issue/{number}"
    return body | {"issue": body["issue"] | {"self": address}}


def told_twice(key: str, number: str) -> tuple[list[Body], Body]:
    """Done and put back: by webhooks, which are 37 ms late, and by a poller."""
    hooks = [
        of_site(event(key, number, clock, after, moved(before, after)))
        for clock, before, after in (
            ("09:00", "To Do", "In Progress"),
            ("10:00", "In Progress", "Done"),
            ("11:00", "Done", "To Do"),
        )
    ]
    histories = [
        {
            **hook["changelog"],
            "created": hook["issue"]["fields"]["updated"],
            "author": hook["user"],
        }
        for hook in hooks
    ]
    late = [hook | {"timestamp": hook["timestamp"] + 37} for hook in hooks]
    changelog = {"total": len(histories), "histories": histories}
    return late, {**hooks[-1]["issue"], "changelog": changelog}


def test_webhooks_beside_a_poller_tell_all_of_a_change_at_one_instant() -> None:
    """Told at two instants it is put back and reopened, or reopened and put back."""
    for number in range(500, 520):
        hooks, poll = told_twice("CHK-1", str(number))
        for bodies in ([*hooks, poll], [poll, *hooks]):
            assert hours_of(bodies, batch=1) == {"CHK-1": {"checkout feature": 1.0}}


def test_back_from_done_to_a_list_ends_a_flight_whose_end_was_lost() -> None:
    bodies = [started("CHK-1", "500", "09:00"), moves("11:00", "Done", "To Do")]
    for order in permutations(bodies):
        assert hours_of(list(order), batch=1) == {"CHK-1": {"checkout feature": 2.0}}


class TestBlocks:
    @pytest.mark.slow
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
