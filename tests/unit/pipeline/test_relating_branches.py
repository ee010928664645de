"""Who asks for the change of a branch finds it, however long the branch lives."""

from __future__ import annotations

import random
from itertools import permutations
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.facts import Fact, Fields
from monitor.domain.opaque import branch_word
from monitor.domain.working_time import DAY
from monitor.pipeline.ports import Changes
from monitor.pipeline.relating.relate import relate
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.packed_rows import unpack
from tests.harness.driving import Drive, facts_of
from tests.harness.plain_calendar import instant, text_of
from tests.unit.pipeline.test_relating import body, drive

Body = dict[str, Any]
FIRST = instant("2026-02-02T00:00:00Z")
BRANCH = {"repo": "acme/shop", "branch": "develop"}
DEVELOP = f"branch:acme/shop@{branch_word('develop')}"


def on(day: float, kind: str, entity: str, **said: Any) -> Body:
    """An event so many days after the first."""
    time, word = text_of(FIRST + round(day * DAY)), f"{entity} {day}"
    return {**body(kind, "00:00", entity, **said), "id": word, "time": time}


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
    """The events come in one batch; aliases and numbers are no words of theirs."""
    facts: list[Fact] = []
    for one in bodies:
        known = {name: one[name] for name in ("aliases", "number") if name in one}
        for fact in facts_of([one], driven.directory):
            fields = cast("Fields", {**fact.fields, **known})
            facts.append(fact._replace(fields=fields))
    driven.take(facts)


def touched_by(driven: Drive, *bodies: Body) -> WorkingSet:
    """What relating some events has read and changed, with nothing held of before."""
    working = WorkingSet(driven.state)
    relate(facts_of(bodies, driven.directory), working)
    return working


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


def long_lived(runs: int = 200) -> Drive:
    """Ten runs a day on a branch, of which no pull request was open."""
    driven = drive()
    told(driven, *(ran(number / 10, f"R-{number}") for number in range(runs)))
    return driven


def test_a_pull_request_reads_the_runs_of_its_own_time_alone() -> None:
    driven = long_lived()
    working = touched_by(driven, opened(18.05))
    # are later, and up to thirty-two others lie with the branch itself.
    assert len(working.stored) <= 19 + 32
    told(driven, opened(18.05))
    of_change = {run for run, home in homes(driven).items() if home == "PR-1"}
    assert of_change == {"PR-1", *(f"R-{number}" for number in range(181, 200))}


def test_a_merge_gives_back_the_runs_of_later_alone() -> None:
    driven = long_lived()
    told(driven, opened(5.05))
    working = touched_by(driven, merged(18.05))
    # Those of its time are all in its own row.
    assert len(working.stored) <= 1 + 32
    told(driven, merged(18.05))
    of_change = {run for run, home in homes(driven).items() if home == "PR-1"}
    assert of_change == {"PR-1", *(f"R-{number}" for number in range(51, 181))}


def test_a_run_writes_its_own_day_of_the_branch_alone() -> None:
    driven, changes = long_lived(), Changes()
    touched_by(driven, ran(19.95, "R-X")).collect(changes)
    (written,) = [key for key, value in changes.puts["indexes"].items() if value]
    value = changes.puts["indexes"][written] or b""
    assert value.count(b"R-") == 11


def test_followers_stored_with_their_branch_are_found_as_before() -> None:
    """Rows of before have all of them in one place."""
    driven = long_lived(0)
    everybody = {f"R-{number}": FIRST + number * DAY // 10 for number in range(200)}
    told(driven, *(ran(number / 10, f"R-{number}") for number in range(200)))
    working, changes = WorkingSet(driven.state), Changes()
    working.node(DEVELOP).followers = dict(everybody)
    working.node(DEVELOP).days = []
    working.touch_node(DEVELOP)
    working.collect(changes)
    driven.state.commit(changes)
    driven.recent.clear()
    told(driven, opened(18.05), merged(19.05))
    of_change = {run for run, home in homes(driven).items() if home == "PR-1"}
    assert of_change == {"PR-1", *(f"R-{number}" for number in range(181, 191))}
    # From then on they lie apart.
    driven.recent.clear()
    assert len(WorkingSet(driven.state).node(DEVELOP).followers) == 32


def history(chance: random.Random) -> list[Body]:
    """Runs, each told in two parts, and pull requests of one branch."""
    events: list[Body] = []
    for number in range(chance.randrange(3, 14)):
        begun, ended = sorted(chance.randrange(60) / 10 for _ in range(2))
        events.append(on(begun, "run.queued", f"R-{number}", on_team="platform"))
        events.append(ran(ended + 0.05, f"R-{number}"))
    for number in range(chance.randrange(1, 4)):
        change, begin = f"PR-{number}", chance.randrange(60) / 10
        # Where it is known by another key, one of both tells when it began.
        alias = chance.choice(({}, {"aliases": [f"id-{number}"]}))
        events.append(opened(begin, change, **alias))
        if alias:
            events.append(opened(begin + 0.3, f"id-{number}"))
        if chance.random() < 0.7:
            events.append(merged(begin + chance.randrange(30) / 10, change))
        if chance.random() < 0.5:
            events.append(on(begin + 0.1, "change.pushed", change, number=9 - number))
    return events


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_each_run_is_with_the_change_that_was_open_as_it_began(seed: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        # So that a few are many.
        patched.setattr("monitor.pipeline.relating.branches.FEW", 2, raising=False)
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
    """The same, by looking for each run through all changes of the branch."""
    keys = {key: str(one["entity"]) for one in events for key in one.get("aliases", ())}
    spans: dict[str, list[int]] = {}
    numbers: dict[str, int] = {}
    runs: dict[str, int] = {}
    for one in events:
        entity = str(one["entity"])
        entity, time = keys.get(entity, entity), instant(one["time"])
        if one["kind"].startswith("run."):
            runs[entity] = min(runs.get(entity, time), time)
            continue
        span = spans.setdefault(entity, [2**53, 2**53])
        if one["kind"] == "change.opened":
            span[0] = min(span[0], time)
        elif one["kind"] == "change.merged":
            span[1] = time
        numbers[entity] = min(numbers.get(entity, 2**53), one.get("number", 2**53))
    found = {change: change for change in spans}
    for run, time in runs.items():
        still = [
            (numbers[change], change)
            for change, (begin, end) in spans.items()
            if begin <= time < end
        ]
        found[run] = min(still)[1] if still else run
    return found


@pytest.mark.parametrize(
    ("repo", "branch", "change"),
    [
        ("acme/shop", "fix", "SHOP"),
        ("acme/till", "fix", "TILL"),
        # A mirror: the lowest number, since no branch tells them apart.
        ("mirror/shop", "fix", "SHOP"),
    ],
)
def test_a_commit_of_two_repositories_is_of_the_change_on_the_runs_branch(
    repo: str, branch: str, change: str
) -> None:
    driven = drive()
    told(
        driven,
        on(
            0,
            "change.opened",
            "SHOP",
            repo="acme/shop",
            sha="a1",
            branch="fix",
            number=1,
        ),
        on(
            0,
            "change.opened",
            "TILL",
            repo="acme/till",
            sha="a1",
            branch="fix",
            number=2,
        ),
        on(1, "run.queued", "R", repo=repo, branch=branch, sha="a1"),
    )
    assert homes(driven)["R"] == change


def test_what_runs_in_a_mirror_is_of_the_change_with_that_commit() -> None:
    driven = drive()
    told(
        driven,
        on(1, "run.queued", "R", repo="mirror/shop", sha="a1"),
        on(0, "change.opened", "SHOP", repo="acme/shop", sha="a1", branch="fix"),
    )
    assert homes(driven)["R"] == "SHOP"


def history_of_commits(chance: random.Random) -> list[Body]:
    """Runs and deploys of few commits, and changes that have them by and by."""
    commits = ["a", "b", "c"]
    events: list[Body] = []
    for number in range(chance.randrange(4, 16)):
        commit = {"repo": "acme/shop", "sha": chance.choice(commits)}
        begun, ended = sorted(chance.randrange(60) / 10 for _ in range(2))
        what = ("run.queued", "run.finished") if chance.random() < 0.7 else ()
        kinds = what or ("deploy.started", "deploy.finished")
        for kind, when in zip(kinds, (begun, ended + 0.05), strict=True):
            done = {"outcome": "success"} if kind.endswith("finished") else {}
            target = {"environment": "production"} if not what else {}
            events.append(on(when, kind, f"R-{number}", **commit, **done, **target))
    for number in range(chance.randrange(1, 4)):
        change, begin = f"PR-{number}", chance.randrange(60) / 10
        said = {"repo": "acme/shop", "team": "checkout"}
        events.append(on(begin, "change.opened", change, **said))
        for sha in chance.sample(commits, chance.randrange(1, 3)):
            pushed = {"repo": "acme/shop", "sha": sha}
            events.append(on(begin + 0.2, "change.pushed", change, **pushed))
        if chance.random() < 0.5:
            events.append(merged(begin + chance.randrange(30) / 10, change))
    return events


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_who_looks_for_a_commit_finds_the_same_however_many_they_are(seed: int) -> None:
    """Kept together, or but for the first two by day, in any order."""
    chance = random.Random(seed)
    events = history_of_commits(chance)
    together = drive()
    told(together, *events)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("monitor.pipeline.relating.branches.FEW", 2)
        shuffled, apart = chance.sample(events, len(events)), drive()
        while shuffled:
            size = chance.choice((1, 2, 5))
            told(apart, *shuffled[:size])
            shuffled = shuffled[size:]
            if chance.random() < 0.2:
                apart.restart()
    assert homes(apart) == homes(together)
    assert apart.timelines() == together.timelines()
