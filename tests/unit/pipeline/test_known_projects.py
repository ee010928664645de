"""A teams file that no longer names a tracker's project: its keys are none now."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.domain.facts import Kind
from monitor.domain.teams import Directory
from monitor.domain.timeline import Timeline
from monitor.pipeline.ports import Changes, State
from monitor.pipeline.relating import placing_anew
from tests.harness.driving import Drive, directory_of, facts_of
from tests.harness.plain_calendar import instant
from tests.unit.pipeline.running import Process
from tests.unit.pipeline.test_relating import DAY, TEAMS, body, github, waits_of
from tests.unit.pipeline.test_relating_names import worked

BOTH = directory_of(TEAMS)
WITHOUT = directory_of(TEAMS.replace(", {jira: CHK}", ""))
NO_PROJECT = directory_of(
    "version: 1\nteams: [{id: checkout, owns: [{repo: acme/shop}]}]"
)
ACTIVE = "friction_window_active_seconds"
CODE = {"repo": "acme/shop", "branch": "chk-1-coupons", "sha": "ab"}
# The change names CHK-1 by its branch; the run has no change, and a branch of its own.
BODIES = [
    body("ticket.created", "08:30", "CHK-1", project="CHK"),
    body("ticket.started", "09:00", "CHK-1", project="CHK"),
    body("ticket.done", "16:00", "CHK-1"),
    body("change.opened", "10:00", "PR-1", **CODE),
    body("change.review_requested", "11:00", "PR-1", on_team="platform"),
    body("change.reviewed", "13:00", "PR-1", team="platform"),
    body("change.merged", "15:00", "PR-1"),
    body("run.queued", "10:30", "R-1", sha="ab", pipeline="ci", on_team="platform"),
    body("run.started", "10:40", "R-1", sha="ab", pipeline="ci"),
    body("run.queued", "09:30", "R-2", branch="chk-1-dry", on_team="platform"),
    body("run.started", "09:40", "R-2", branch="chk-1-dry"),
]
# One ticket from nine to four; waits are twice ten minutes and two hours.
LINKED = {"CHK-1": 25_200 - 2 * 600 - 7_200}
# The change alone is from ten to three; nothing of it holds up the ticket, and a run
# without a change of no known ticket is in no item.
APART = {"CHK-1": 25_200, "PR-1": 18_000 - 600 - 7_200}


def told(driven: Drive) -> list[Timeline]:
    return [timeline for timeline in driven.timelines() if any(timeline[1:])]


def served(directory: Directory) -> Drive:
    """A service that has read everything, with this file."""
    driven = Drive(directory, instant(f"{DAY}T20:00:00Z"))
    driven.take(facts_of(BODIES, directory))
    return driven


def test_keys_of_a_project_that_is_named_are_tickets() -> None:
    found = told(served(BOTH))
    assert worked(found) == LINKED
    assert waits_of(found) == {
        ("CHK-1", "checkout", "platform", "ci_queue"),
        ("CHK-1", "checkout", "platform", "review_wait"),
    }


@pytest.mark.parametrize("later", [WITHOUT, NO_PROJECT])
def test_keys_of_a_project_that_is_named_no_more_are_none(later: Directory) -> None:
    driven = served(BOTH)
    driven.restart(later)
    assert told(driven) == told(served(later))
    assert worked(told(driven)) == APART


def test_what_is_read_then_joins_what_was_read_before() -> None:
    """The review ends what was asked, and what it says is of the change alone."""
    driven = Drive(BOTH, instant(f"{DAY}T20:00:00Z"))
    driven.take(facts_of(BODIES[:5], BOTH))
    driven.restart(WITHOUT)
    driven.take(facts_of(BODIES[5:], WITHOUT))
    assert told(driven) == told(served(WITHOUT))


def test_a_service_goes_on_by_the_file_it_was_started_with() -> None:
    """What the change says next places it again, and it is no item of its own."""
    without = TEAMS.replace(", {jira: CHK}", "")
    process, fresh = Process(teams=TEAMS), Process(teams=without)
    process.send(*BODIES[:4])
    process.caught_up()
    process.start(without)
    for one in (process, fresh):
        one.send(*(BODIES if one is fresh else BODIES[4:]))
        one.caught_up()
        one.clock.ms = instant(f"{DAY}T20:00:00Z")
        one.send(body("change.pushed", "14:00", "PR-1", **CODE))
        one.runner.turn()
    assert process.shown(ACTIVE) == fresh.shown(ACTIVE)
    in_a_week = [n for name, n in fresh.shown(ACTIVE).items() if name[0] == "7d"]
    assert sum(in_a_week) == sum(APART.values())


def test_a_project_that_is_named_again_has_its_tickets_again() -> None:
    driven = served(BOTH)
    driven.restart(WITHOUT)
    driven.restart(BOTH)
    assert told(driven) == told(served(BOTH))


@pytest.mark.parametrize("placed", [None, b'[["CHK", "PLT", "SRCH"], []]'])
def test_a_state_of_before_is_placed_anew_without_another_file(
    placed: bytes | None,
) -> None:
    """An older program had left it as it was read, or by no rules with a number."""
    driven = served(BOTH)
    meta = {"placed": placed, "basis": b"of an older program"}
    driven.state.commit(Changes(puts={"meta": meta}))
    driven.restart(WITHOUT)
    assert told(driven) == told(served(WITHOUT))


def test_a_start_that_was_broken_off_is_no_reason_to_trust_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After it the old file is there again: some things may be placed by the new."""
    monkeypatch.setattr(placing_anew, "_AT_ONCE", 1)
    driven = served(BOTH)
    with monkeypatch.context() as patched:
        patched.setattr(placing_anew, "_place", breaking(after=1))
        with pytest.raises(KilledError):
            driven.restart(WITHOUT)
    driven.restart(BOTH)
    assert told(driven) == told(served(BOTH))


class KilledError(Exception):
    """The process ended."""


def breaking(after: int) -> Callable[..., None]:
    """Places some, and then no more."""
    place, times = placing_anew._place, [after]

    def placing(entities: list[str], projects: frozenset[str], state: State) -> None:
        if not times[0]:
            raise KilledError
        times[0] -= 1
        place(entities, projects, state)

    return placing


def test_an_issue_that_the_text_names_next_is_the_ticket() -> None:
    """It is looked up by its repository's name, told before or after."""
    facts = [
        github(Kind.TICKET_CREATED, "08:00", "github.com:11#5"),
        github(Kind.TICKET_DONE, "16:00", "github.com:11#5"),
        github(
            Kind.CHANGE_OPENED,
            "10:00",
            "github.com:11#7",
            tickets=["CHK-1", "acme/shop#5"],
        ),
        github(Kind.CHANGE_MERGED, "12:00", "github.com:11#7"),
    ]
    driven = Drive(BOTH, instant(f"{DAY}T20:00:00Z"))
    driven.take(facts)
    assert worked(told(driven)) == {"CHK-1": 7_200}
    driven.restart(WITHOUT)
    assert worked(told(driven)) == {"github.com:11#5": 7_200}
