"""What a run runs for: a change, or its item as a whole."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest

from monitor.decode.decode import decode
from monitor.decode.settings import DecodeSettings, TopicHint
from monitor.domain.facts import Fact
from monitor.domain.outcomes import Record
from monitor.domain.timeline import Sort
from monitor.pipeline.recent import Recent
from monitor.pipeline.working_set import WorkingSet
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


ON_SHA: dict[str, Any] = {"repo": "acme/shop", "sha": "x1"}
SAME_SHA = [
    body("change.opened", "10:00", "s#7", item="CHK-1", branch="CHK-1-a", **ON_SHA),
    body("change.opened", "10:00", "s#8", item="PLT-2", branch="PLT-2-b", **ON_SHA),
    body("run.queued", "11:00", "r-1", branch="PLT-2-b", **ON_SHA),
]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_of_two_changes_with_one_sha_a_run_is_of_its_branchs(
    order: tuple[int, ...],
) -> None:
    """A branch on top of another, before anything is pushed to it."""
    driven = drive()
    for place in order:
        driven.take(facts_of([SAME_SHA[place]], driven.directory))
    working = WorkingSet(driven.state, Recent())
    assert working.home("r-1") == "PLT-2"


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_a_branch_counts_only_while_its_change_is_open(order: tuple[int, ...]) -> None:
    bodies = [*SAME_SHA, body("change.closed", "10:30", "s#8", **ON_SHA)]
    driven = drive()
    for place in order:
        driven.take(facts_of([bodies[place]], driven.directory))
    working = WorkingSet(driven.state, Recent())
    assert working.home("r-1") == "CHK-1"


# The branch is told by one event of the run, its repository by another.
APART = [
    body(
        "change.opened", "10:00", "s#7", item="CHK-1", branch="till", repo="acme/shop"
    ),
    body("run.queued", "11:00", "r-1", branch="till"),
    body("run.started", "11:10", "r-1", repo="acme/shop"),
]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_run_is_on_the_branch_that_its_events_tell_together(
    order: tuple[int, ...],
) -> None:
    driven = drive()
    for place in order:
        driven.take(facts_of([APART[place]], driven.directory))
    assert WorkingSet(driven.state, Recent()).home("r-1") == "CHK-1"


@pytest.mark.parametrize("order", list(permutations(range(4))))
@pytest.mark.parametrize("branch", ["till", "CHK-2-till"])
def test_on_the_default_branch_it_is_of_no_change_and_no_ticket(
    order: tuple[int, ...], branch: str
) -> None:
    """One event names the branch, another says that it is the default one."""
    told = [one | {"branch": branch} if "branch" in one else one for one in APART]
    told.append(body("run.finished", "11:20", "r-1", outcome="success"))
    told[-1]["default_branch"] = True
    driven = drive()
    for place in order:
        driven.take(facts_of([told[place]], driven.directory))
    assert WorkingSet(driven.state, Recent()).home("r-1") == "r-1"


def github_status(at: str, state: str, sha: str, *branches: str) -> Fact:
    """A status of a commit that is the tip of these branches."""
    when = f"{DAY}T{at}:00Z"
    shown = {
        "id": 1,
        "sha": sha,
        "context": "ci/build",
        "state": state,
        "created_at": when,
        "updated_at": when,
        "branches": [{"name": name, "commit": {"sha": sha}} for name in branches],
        "repository": {"id": 1, "full_name": "acme/shop", "default_branch": "main"},
    }
    headers = (("X-GitHub-Event", b"status"),)
    record = Record("t", 0, 0, None, None, headers, json.dumps(shown).encode())
    settings = DecodeSettings(projects=frozenset({"CHK", "SRCH"}))
    (found,) = decode(record, TopicHint(), settings).facts
    return found


def test_a_commit_that_comes_to_the_default_branch_was_not_there_before() -> None:
    """It failed on its ticket's branch: that explains no other team's failure."""
    starts = facts_of(
        [body("ticket.started", "09:00", key) for key in ("CHK-1", "SRCH-1")],
        drive().directory,
    )
    told = [
        github_status("10:10", "failure", "ab", "CHK-1-till"),
        github_status("11:00", "failure", "cd", "SRCH-1-find"),
        github_status("15:00", "success", "ab", "CHK-1-till", "main"),
    ]
    for order in permutations(told):
        driven = drive()
        for fact in (*starts, *order):
            driven.take([fact])
        working = WorkingSet(driven.state, Recent())
        assert working.home("github.com:status/1/ab/ci/build") == "CHK-1"
        waits = [wait for one in driven.timelines() for wait in one.waits]
        assert waits == []


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_a_branch_is_that_of_the_repository_told_last(order: tuple[int, ...]) -> None:
    """The first one's change was on a branch of that name, too."""
    till = {"branch": "till", "repo": "acme/shop"}
    bodies = [
        body("change.opened", "10:00", "s#7", item="CHK-1", **till),
        body("run.queued", "11:00", "r-1", branch="till"),
        body("run.started", "11:10", "r-1", repo="acme/shop"),
        body("run.finished", "11:20", "r-1", repo="acme/till", outcome="success"),
    ]
    driven = drive()
    for place in order:
        driven.take(facts_of([bodies[place]], driven.directory))
    assert WorkingSet(driven.state, Recent()).home("r-1") == "r-1"
