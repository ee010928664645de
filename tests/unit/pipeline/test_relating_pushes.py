"""Pushes before a pull request is opened are its own (design 11.10: of its branch)."""

from __future__ import annotations

import random
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.opaque import branch_word
from monitor.domain.timeline import UNIT, Measured, Sort
from monitor.domain.working_time import DAY
from monitor.indicators.totals.instant import amount_between
from monitor.pipeline.ports import Changes
from monitor.relate.code_index import pushes_on
from tests.harness.driving import Drive, directory_of
from tests.harness.plain_calendar import instant
from tests.unit.pipeline import test_github_branches as github
from tests.unit.pipeline.running import MONDAY, Process, event
from tests.unit.pipeline.test_github_branches import HOME, Told, at
from tests.unit.pipeline.test_relating import drive
from tests.unit.pipeline.test_relating_branches import (
    BRANCH,
    DEVELOP,
    Body,
    homes,
    merged,
    on,
    opened,
    told,
    touched_by,
)
from tests.unit.pipeline.test_sealing import KEPT, heard, settled

DIRECTORY = directory_of("""
version: 1
teams:
  - {id: root, owns: [{repo: acme/shop}]}
  - {id: web, owns: [{path: {repo: acme/shop, pattern: /web/}}]}
  - {id: lib, owns: [{path: {repo: acme/shop, pattern: /lib/}}]}
""")


def pushed(time: str, sha: str, file: str, branch: str = "topic") -> Told:
    event, body = github.push(time, sha, "zoe", branch)
    return event, {**body, "commits": [{"id": sha, "modified": [file]}]}


def pull(action: str, time: str, sha: str = "b2", number: int = 1) -> Told:
    shown: dict[str, Any] = {
        "number": number,
        "title": "feat: coupons",
        "created_at": at("10:00") if number == 1 else time,
        "updated_at": time,
        "head": {"ref": "topic", "sha": sha},
        "user": {"login": "zoe", "type": "User"},
    }
    if action == "closed":
        shown |= {"merged": True, "merged_at": time, "closed_at": time}
    return "pull_request", {"action": action, "pull_request": shown}


def worked(bodies: list[Told]) -> dict[tuple[str, str], int]:
    """Seconds of active time by item and team."""
    driven, end = Drive(DIRECTORY, instant(at("17:00", 6))), instant(at("17:00", 6))
    for body in bodies:
        driven.take(github.facts_of(body))
    found: dict[tuple[str, str], int] = {}
    for timeline in driven.timelines():
        for one in timeline.segments:
            if one.sort is Sort.ACTIVE:
                amount = amount_between(one, DIRECTORY, 0, end) // UNIT // 1_000
                key = timeline.item, one.team
                found[key] = found.get(key, 0) + amount
    return found


BEFORE = [
    pushed(at("09:30"), "b1", "web/a"),
    pushed(at("09:40"), "b2", "lib/a"),
    pull("opened", at("10:00")),
    pull("closed", at("15:00")),
]
FIRST = "github.com:11#1"


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_files_of_two_teams_pushed_before_the_opening_are_the_repositorys(
    order: tuple[int, ...],
) -> None:
    """Flight begins with the opening all the same (1.2): from ten to three."""
    assert worked([BEFORE[place] for place in order]) == {(FIRST, "root"): 18_000}


def test_files_of_one_team_pushed_before_the_opening_are_that_teams() -> None:
    bodies = [pushed(at("09:30"), "b1", "web/a"), *BEFORE[2:]]
    assert worked(bodies) == {(FIRST, "web"): 18_000}


def test_what_was_pushed_for_an_earlier_pull_request_is_none_of_the_next() -> None:
    bodies = [
        *BEFORE,
        pushed(at("16:00"), "c1", "lib/b"),
        pull("opened", at("16:30"), "c1", 2),
        pull("closed", at("17:00"), "c1", 2),
    ]
    assert worked(bodies) == {(FIRST, "root"): 18_000, ("github.com:11#2", "lib"): 1800}


@pytest.mark.parametrize("branch", ["main", "other"])
def test_what_was_pushed_elsewhere_is_none_of_it(branch: str) -> None:
    """Of the default branch nothing is anybody's."""
    assert HOME["default_branch"] == "main"
    bodies = [pushed(at("09:30"), "b1", "web/a", branch), *BEFORE[1:]]
    assert worked(bodies) == {(FIRST, "lib"): 18_000}


def push(day: float, entity: str) -> Body:
    return on(day, "change.pushed", entity, **BRANCH)


def long_lived(pushes: int = 200) -> Drive:
    """Ten pushes a day to a branch of which no pull request was open."""
    driven = drive()
    told(driven, *(push(number / 10, f"P-{number}") for number in range(pushes)))
    return driven


def test_a_pull_request_reads_what_was_pushed_since_the_last_alone() -> None:
    driven = long_lived()
    told(driven, opened(17.95), merged(18.05))
    assert homes(driven)["P-180"] == homes(driven)["P-0"] == "PR-1"
    working = touched_by(driven, opened(19.05, "PR-2"))
    # P-181 to P-199, and up to thirty-two others lie with the branch itself: of PR-1.
    assert len(working.stored) <= 19 + 1
    told(driven, opened(19.05, "PR-2"))
    of_change = {one for one, home in homes(driven).items() if home == "PR-2"}
    assert of_change == {"PR-2", *(f"P-{number}" for number in range(181, 200))}


def history(chance: random.Random) -> list[Body]:
    """Pushes, each told twice, and pull requests of one branch."""
    events: list[Body] = []
    for number in range(chance.randrange(3, 14)):
        day = chance.randrange(60) / 10
        events += [push(day, f"P-{number}"), push(day + 0.05, f"P-{number}")]
    for number in range(chance.randrange(1, 4)):
        change, begin = f"PR-{number}", chance.randrange(60) / 10
        alias = chance.choice(({}, {"aliases": [f"id-{number}"]}))
        events.append(opened(begin, change, **alias))
        if alias:
            events.append(opened(begin + 0.3, f"id-{number}"))
        if chance.random() < 0.7:
            events.append(merged(begin + chance.randrange(30) / 10, change))
        if chance.random() < 0.3:
            # First known by its review, as of later than it was opened.
            events.append(on(begin + 0.2, "change.reviewed", change, team="search"))
    return events


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_each_push_is_with_the_change_open_then_or_else_opened_next(seed: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        # So that a few are many.
        patched.setattr("monitor.pipeline.relating.branches.FEW", 2)
        chance = random.Random(seed)
        events = history(chance)
        at_once = drive()
        told(at_once, *events)
        shuffled, driven = chance.sample(events, len(events)), drive()
        while shuffled:
            size = chance.choice((1, 2, 5))
            told(driven, *shuffled[:size])
            shuffled = shuffled[size:]
            if chance.random() < 0.2:
                driven.restart()
        assert homes(driven) == homes(at_once) == expected_of(events)


def expected_of(events: list[Body]) -> dict[str, str]:
    """The same, by looking for each push through all changes of the branch."""
    keys = {key: str(one["entity"]) for one in events for key in one.get("aliases", ())}
    spans: dict[str, list[int]] = {}
    pushes: dict[str, int] = {}
    for one in events:
        entity = keys.get(str(one["entity"]), str(one["entity"]))
        time = instant(one["time"])
        if one["kind"] == "change.pushed":
            pushes[entity] = min(pushes.get(entity, time), time)
            continue
        span = spans.setdefault(entity, [2**53, 2**53])
        if one["kind"] == "change.opened":
            span[0] = min(span[0], time)
        elif one["kind"] == "change.merged":
            span[1] = time
    found = {change: change for change in spans}
    for push_, time in pushes.items():
        still = [one for one, (begin, end) in spans.items() if begin <= time < end]
        later = [(begin, one) for one, (begin, _) in spans.items() if time < begin]
        following = min(later)[1] if later else push_
        found[push_] = min(still) if still else following
    return found


def test_a_state_of_before_has_its_pushes_placed_anew() -> None:
    """An older program left those before the opening where they were."""
    events = [push(0.1, "P-1"), push(0.2, "P-2"), opened(0.3), push(0.4, "P-3")]
    driven = drive()
    with pytest.MonkeyPatch.context() as patched:
        place = "monitor.pipeline.relating"
        patched.setattr(f"{place}.branches.pushes_on", lambda branch: branch)
        patched.setattr(f"{place}.finding.choose_next", lambda *_: None)
        told(driven, *events)
    assert homes(driven)["P-1"] == "P-1"
    meta = {"placed": None, "basis": b"of an older program"}
    driven.state.commit(Changes(puts={"meta": meta}))
    driven.restart()
    told(driven, merged(0.5), push(0.6, "P-4"), opened(0.7, "PR-2"))
    of_first = dict.fromkeys(("PR-1", "P-1", "P-2", "P-3"), "PR-1")
    assert homes(driven) == of_first | {"PR-2": "PR-2", "P-4": "PR-2"}


def test_what_was_no_change_gives_back_what_was_pushed_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its key turns out to be an incident's; each push lies under its day."""
    monkeypatch.setattr("monitor.pipeline.relating.branches.FEW", 0)
    driven = drive()
    told(driven, push(0.1, "P-1"), opened(0.3, "X-1"), opened(0.5, "PR-1"))
    assert homes(driven)["P-1"] == "X-1"
    told(driven, on(0.6, "incident.opened", "X-1", team="checkout"))
    assert homes(driven)["P-1"] == "PR-1"


@pytest.mark.parametrize("few", [0, 32])
def test_of_sealed_pushes_nothing_is_left_in_the_indexes(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.pipeline.relating.branches.FEW", few)
    process = Process(retention=KEPT)
    process.caught_up()
    alone = {**BRANCH, "branch": "spike"}
    heard(
        process,
        event("change.pushed", 0, "P-1", **BRANCH),
        event("change.pushed", 0, "P-2", **alone),
        event("change.opened", 1, "PR-1", team="checkout", **BRANCH),
        event("change.merged", 2, "PR-1"),
    )
    spike = f"branch:acme/shop@{branch_word('spike')}"
    nodes = [pushes_on(DEVELOP), pushes_on(spike)]
    asked = [DEVELOP, *nodes, *(f"{node}\x1f{MONDAY // DAY}" for node in nodes)]
    assert len(process.state.get_many("indexes", asked)) == (3 if few else 5)
    settled(process)
    assert process.state.get_many("indexes", asked) == {}


def at_hour(hour: float, kind: str, entity: str, **said: Any) -> Body:
    return on(hour / 24, kind, entity, **said)


def live(hour: float, *commits: str) -> Body:
    where = {"environment": "production", "service": "till", "outcome": "success"}
    return at_hour(hour, "deploy.finished", f"D-{hour}", shas=[*commits], **where)


def change_of_ticket(hour: float, change: str) -> Body:
    return opened(hour / 24, change, item="CHK-1", sha=f"{change}-head")


@pytest.mark.parametrize(
    ("events", "hours"),
    [
        # Used again: 9 to 13 o'clock, and 13:30 to 16.
        (
            [
                push(9 / 24, "P-1"),
                change_of_ticket(11, "PR-1"),
                merged(12 / 24),
                live(13, "PR-1-head"),
                push(13.5 / 24, "P-2"),
                change_of_ticket(14.5, "PR-2"),
                live(16, "PR-2-head"),
            ],
            [2.5, 4],
        ),
        # The branch of another repository is another one.
        (
            [
                at_hour(
                    8,
                    "change.pushed",
                    "P-1",
                    repo="acme/search",
                    branch="develop",
                    item="CHK-1",
                ),
                change_of_ticket(10, "PR-1"),
                live(12, "PR-1-head"),
            ],
            [2],
        ),
    ],
)
def test_a_lead_time_begins_with_the_pushes_of_its_change(
    events: list[Body], hours: list[float]
) -> None:
    chance = random.Random(4)
    for _ in range(24):
        driven = drive()
        for one in chance.sample(events, len(events)):
            told(driven, one)
        found = [
            measure.value / 3_600_000
            for timeline in driven.timelines()
            for measure in timeline.measures
            if measure.name is Measured.LEAD_TIME
        ]
        assert sorted(found) == hours
