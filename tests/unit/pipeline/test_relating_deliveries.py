"""What deploys tell of recoveries and lead times, in whatever order it is known."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.facts import Fact
from monitor.domain.timeline import Measured, Timeline
from monitor.domain.working_time import HOUR
from monitor.relate.packed_rows import pack, unpack
from tests.harness.driving import directory_of, facts_of
from tests.unit.pipeline.test_relating import TEAMS, body, drive, timelines_of

Body = dict[str, Any]


def deployed(time: str, deploy: str, outcome: str, **said: Any) -> Body:
    """A deploy of the till to production ended so."""
    said = {"service": "till", "environment": "prod", **said}
    return body("deploy.finished", time, deploy, outcome=outcome, **said)


def started(item: str) -> Body:
    return body("ticket.started", "08:00", item, team="checkout")


def change(entity: str, opened: str, merged: str, **said: Any) -> list[Body]:
    fields = {"repo": "acme/shop", "sha": f"{entity}-head", **said}
    return [
        body("change.opened", opened, entity, **fields),
        body("change.merged", merged, entity, sha=f"{entity}-merge", repo="acme/shop"),
    ]


def measured(timelines: list[Timeline], name: Measured) -> list[tuple[str, int]]:
    """Item and whole hours of every span."""
    return sorted(
        (timeline.item, one.value // HOUR)
        for timeline in timelines
        for one in timeline.measures
        if one.name is name
    )


def facts(events: list[Body]) -> list[Fact]:
    return facts_of(events, directory_of(TEAMS))


# The till failed at 10 and 11 until 13:00; at 14:00 until 16:00. D-3 went elsewhere.
LANE = [
    deployed("09:00", "D-0", "success"),
    deployed("10:00", "D-1", "failure"),
    deployed("11:00", "D-2", "error", item="CHK-9"),
    deployed("12:00", "D-3", "success", environment="live"),
    deployed("13:00", "D-4", "success", item="CHK-9"),
    deployed("14:00", "D-5", "failure"),
    deployed("16:00", "D-6", "success"),
    deployed("17:00", "D-7", "success"),
]
RECOVERED = [("CHK-9", 2), ("D-1", 3), ("D-5", 2)]


# Two changes of a ticket and one without: D-1 carries the first and the last, D-2 the
# second, D-3 all of them again; D-4 names two tickets.
SHIPPED = [
    body("ticket.started", "09:00", "CHK-1", team="checkout", work_class="feature"),
    body("ticket.started", "09:00", "CHK-2", team="checkout", work_class="feature"),
    *change("PR-1", "09:00", "10:00", item="CHK-1"),
    *change("PR-2", "10:00", "12:00", item="CHK-1"),
    *change("PR-3", "09:00", "10:30"),
    *change("PR-4", "10:00", "13:00", item="CHK-2"),
    deployed("11:00", "D-1", "success", shas=["PR-1-merge", "PR-3-merge"]),
    deployed("13:00", "D-2", "success", shas=["PR-2-merge"]),
    deployed("14:00", "D-3", "success", shas=["PR-1-head", "PR-2-head", "PR-3-head"]),
    deployed("15:00", "D-4", "success", items=["CHK-2", "CHK-1"]),
    deployed("16:00", "D-5", "success", shas=["PR-1-merge"], item="CHK-2"),
]
LED = [("CHK-1", 2), ("CHK-1", 3), ("CHK-2", 5), ("PR-3", 2)]


def tip(time: str, deploy: str, change: str, **said: Any) -> Body:
    """A deploy to production of the commit that a change was merged with."""
    fields = {"repo": "acme/shop", "environment": "prod", "outcome": "success", **said}
    return body("deploy.finished", time, deploy, shas=[f"{change}-merge"], **fields)


# The tip of PR-B brings A and B at 11:00; that of PR-D fails at 14:00 and comes with C
# at 15:00; D-9 brings D to staging, D-8 brings C once more, later. E came no further.
TIPS = [
    *change("PR-A", "08:00", "09:00"),
    *change("PR-B", "09:00", "10:00"),
    *change("PR-C", "10:00", "12:00"),
    *change("PR-D", "11:00", "13:00"),
    *change("PR-E", "12:00", "16:00"),
    *change("PR-X", "08:00", "09:00", repo="acme/other"),
    body("change.merged", "09:00", "PR-X", repo="acme/other", sha="PR-X-other"),
    tip("11:00", "D-1", "PR-B"),
    tip("14:00", "D-2", "PR-D", outcome="failure"),
    tip("15:00", "D-3", "PR-D"),
    tip("13:30", "D-9", "PR-D", environment="staging"),
    tip("17:00", "D-8", "PR-C"),
    # Taken back: what it brought came with D-1 all the same.
    tip("10:30", "D-7", "PR-B"),
    body("deploy.rolled_back", "10:45", "D-7", environment="prod"),
]
CONTAINED = [("PR-A", 3), ("PR-B", 2), ("PR-C", 5), ("PR-D", 4)]


@pytest.mark.parametrize(
    ("events", "name", "expected"),
    [
        (LANE, Measured.RECOVERY, RECOVERED),
        (SHIPPED, Measured.LEAD_TIME, LED),
        (TIPS, Measured.LEAD_TIME, CONTAINED),
    ],
    ids=["recoveries", "lead times", "tips"],
)
def test_deploys_of_other_items_tell_what_they_did(
    events: list[Body], name: Measured, expected: list[tuple[str, int]]
) -> None:
    assert measured(timelines_of(facts(events)), name) == expected


@settings(max_examples=40, deadline=None)
@given(st.permutations([*LANE, *SHIPPED]), st.randoms(use_true_random=False))
def test_whatever_comes_last_they_find_each_other(
    events: list[Body], sizes: random.Random
) -> None:
    expected = timelines_of(facts([*LANE, *SHIPPED]))
    assert timelines_of(facts(events), sizes) == expected


@settings(max_examples=60, deadline=None)
@given(st.permutations(TIPS), st.randoms(use_true_random=False))
def test_whatever_comes_last_a_tip_brings_what_was_merged_before(
    events: list[Body], sizes: random.Random
) -> None:
    found = measured(timelines_of(facts(events), sizes), Measured.LEAD_TIME)
    assert found == CONTAINED


@pytest.mark.parametrize("first", ["PR-A", "PR-B"])
def test_the_repository_may_be_known_last(first: str) -> None:
    """Of the tip, or of what was merged before it."""
    nowhere = [
        body("change.opened", "08:00", first),
        body("change.merged", "09:00", first, sha=f"{first}-merge"),
    ]
    other = "PR-B" if first == "PR-A" else "PR-A"
    driven = drive()
    driven.take(facts([*nowhere, *change(other, "08:00", "09:00")]))
    brought = body("deploy.finished", "11:00", "D-1", outcome="success")
    driven.take(facts([{**brought, "shas": ["PR-B-merge"]}]))
    assert measured(driven.timelines(), Measured.LEAD_TIME) == [("PR-B", 3)]
    driven.take(facts([body("change.pushed", "08:30", first, repo="acme/shop")]))
    found = measured(driven.timelines(), Measured.LEAD_TIME)
    assert found == [("PR-A", 3), ("PR-B", 3)]


def test_a_change_of_long_ago_came_by_a_deploy_nobody_saw() -> None:
    """Ninety days: what is older was in production before anything was known."""
    days = {"PR-A": "2025-12-02T12:00:00Z", "PR-B": "2025-12-02T11:59:59Z"}
    events = [
        {**one, "time": days[name]}
        for name in days
        for one in change(name, "08:00", "09:00")
    ]
    driven = drive()
    driven.take(facts(events))
    last = [*change("PR-C", "08:00", "12:00"), tip("13:00", "D-1", "PR-C")]
    driven.take(facts(last))
    found = measured(driven.timelines(), Measured.LEAD_TIME)
    assert found == [("PR-A", 90 * 24 + 1), ("PR-C", 5)]


@pytest.mark.parametrize(
    "said", [{"service": "till"}, {"item": "CHK-1"}, {"items": ["CHK-1", "CHK-2"]}]
)
def test_a_deploy_of_a_service_or_of_items_is_not_one_of_all_that_was_merged(
    said: dict[str, Any],
) -> None:
    events = [
        *change("PR-A", "08:00", "09:00"),
        *change("PR-B", "09:00", "10:00"),
        tip("11:00", "D-1", "PR-B", **said),
    ]
    found = measured(timelines_of(facts(events)), Measured.LEAD_TIME)
    assert found == [("PR-B", 2)]


# CHK-2 is a part of CHK-1; the changes are of the one, the other, and another ticket.
PARTS = [
    started("CHK-1"),
    body("ticket.created", "08:00", "CHK-2", item="CHK-1"),
    started("CHK-9"),
    *change("PR-1", "09:00", "10:00", item="CHK-1"),
    *change("PR-2", "10:00", "11:00", item="CHK-2"),
    *change("PR-9", "09:00", "11:00", item="CHK-9"),
]


@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from(
        [
            ({"items": ["CHK-2"]}, [("CHK-1", 2)]),
            ({"item": "CHK-2"}, [("CHK-1", 2)]),
            ({"items": ["CHK-1"]}, [("CHK-1", 2), ("CHK-1", 3)]),
            ({"items": ["CHK-2", "CHK-9"]}, [("CHK-1", 2), ("CHK-9", 3)]),
        ]
    ),
    st.permutations(range(len(PARTS) + 1)),
    st.randoms(use_true_random=False),
)
def test_a_deploy_that_names_a_sub_task_contains_its_changes(
    case: tuple[dict[str, Any], list[tuple[str, int]]],
    order: list[int],
    sizes: random.Random,
) -> None:
    """At noon; PR-1, which is the ticket's own, is in none that names the part."""
    named, expected = case
    events = [*PARTS, deployed("12:00", "D-1", "success", **named)]
    found = timelines_of(facts([events[place] for place in order]), sizes)
    assert measured(found, Measured.LEAD_TIME) == expected


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["CHK-1", "CHK-2"]),
    st.sampled_from(
        [
            ("acme/shop", ["PR-B-merge", "PR-C-merge"], [("CHK-1", 2), ("PR-C", 3)]),
            ("acme/other", ["PR-B-merge", "PR-C-merge"], [("CHK-1", 2), ("PR-C", 3)]),
            ("acme/shop", ["PR-B-merge", "PR-B-head"], [("CHK-1", 2)]),
            ("acme/other", ["PR-B-merge"], [("CHK-1", 2), ("PR-A", 3)]),
        ]
    ),
    st.permutations(range(9)),
    st.randoms(use_true_random=False),
)
def test_a_deploy_that_names_several_commits_brings_these_alone(
    ticket: str,
    case: tuple[str, list[str], list[tuple[str, int]]],
    order: list[int],
    sizes: random.Random,
) -> None:
    """PR-A was merged before; PR-C is of PR-B's ticket, or of another one."""
    repo, named, expected = case
    events = [
        *(started("CHK-1"), started("CHK-2")),
        *change("PR-A", "08:00", "09:00"),
        *change("PR-B", "09:00", "10:00", item="CHK-1"),
        *change("PR-C", "08:00", "10:00", item=ticket, repo=repo),
        {**tip("11:00", "D-1", "PR-B"), "shas": named},
    ]
    # The merge is told by the repository of the change, wherever that is.
    events[7] = {**events[7], "repo": repo}
    found = timelines_of(facts([events[place] for place in order]), sizes)
    expected = sorted((one.replace("PR-C", ticket), hours) for one, hours in expected)
    assert measured(found, Measured.LEAD_TIME) == expected


@pytest.mark.parametrize("ticket", ["CHK-1", "CHK-2"])
@pytest.mark.parametrize("shared", ["opened", "merged"])
def test_a_commit_that_two_changes_have_is_the_tip_of_neither(
    shared: str, ticket: str
) -> None:
    """It says of no one change that it was deployed, be they of one ticket or two."""
    other = change("PR-C", "08:00", "10:00", item=ticket)
    for event in other:
        if event["kind"] == f"change.{shared}":
            event["sha"] = "PR-B-merge"
    events = [
        *(started("CHK-1"), started("CHK-2")),
        *change("PR-A", "08:00", "09:00"),
        *change("PR-B", "09:00", "10:00", item="CHK-1"),
        *other,
        tip("11:00", "D-1", "PR-B"),
    ]
    found = measured(timelines_of(facts(events)), Measured.LEAD_TIME)
    assert found == sorted([("CHK-1", 2), (ticket, 3)])


def merges(chance: random.Random) -> list[Body]:
    """Many changes of one repository and deploys of some, in two environments."""
    events: list[Body] = []
    for number in range(8):
        merged = chance.randint(9, 18)
        events += change(f"PR-{number}", "08:00", f"{merged:02}:{chance.choice('05')}0")
    for number in range(8):
        said = {
            "environment": chance.choice(["prod", "prod", "staging"]),
            "outcome": chance.choice(["success", "success", "success", "failure"]),
        }
        when = f"{chance.randint(9, 19):02}:{chance.choice('05')}0"
        deploy, brought = f"D-{number}", f"PR-{chance.randint(0, 7)}"
        events.append(tip(when, deploy, brought, **said))
        if chance.random() < 0.25:
            undone = f"{chance.randint(9, 19):02}:30"
            where = said["environment"]
            events.append(body("deploy.rolled_back", undone, deploy, environment=where))
    return events


def counted_plainly(events: list[Body]) -> list[tuple[str, int]]:
    """Every change against every deploy: minutes from its opening at eight."""

    def minutes(event: Body) -> int:
        hours, rest = str(event["time"])[11:16].split(":")
        return 60 * int(hours) + int(rest)

    merged = {e["entity"]: minutes(e) for e in events if e["kind"] == "change.merged"}
    undone: dict[str, int] = {}
    for event in events:
        if event["kind"] == "deploy.rolled_back":
            undone[event["entity"]] = minutes(event)
    brought: dict[str, list[int]] = {}
    for event in events:
        if event["kind"] != "deploy.finished" or event["outcome"] != "success":
            continue
        over = undone.get(event["entity"], -1)
        if event["environment"] != "prod" or over >= minutes(event):
            continue
        named = event["shas"][0].removesuffix("-merge")
        for one, time in merged.items():
            by_tip = time <= merged[named] <= minutes(event)
            if one == named or by_tip:
                brought.setdefault(one, []).append(minutes(event))
    return sorted((one, min(times) - 480) for one, times in brought.items())


@pytest.mark.parametrize("seed", range(60))
def test_the_first_deploy_that_contains_a_change_is_that_of_all_pairs(
    seed: int,
) -> None:
    chance = random.Random(seed)
    events = merges(chance)
    chance.shuffle(events)
    found = sorted(
        (timeline.item, one.value // 60_000)
        for timeline in timelines_of(facts(events), chance)
        for one in timeline.measures
        if one.name is Measured.LEAD_TIME
    )
    assert found == counted_plainly(events)


def test_what_a_deploy_told_leaves_with_whom_it_was_told() -> None:
    """A deploy of no service, so that it tells no results."""
    shas = ["PR-1-merge", "PR-2-merge"]
    events = [*change("PR-1", "09:00", "10:00", item="CHK-1")]
    events += [*change("PR-2", "09:00", "10:00"), started("CHK-1"), started("CHK-2")]
    brought = body("deploy.finished", "11:00", "D-1", outcome="success")
    driven = drive()
    driven.take(facts([*events, {**brought, "shas": shas}]))
    driven.take(facts([body("change.pushed", "09:30", "PR-1", item="CHK-2")]))
    rows = driven.state.get_many("items", ["CHK-1", "CHK-2"])
    told = {key: set(unpack(row).blockers) for key, row in rows.items()}
    assert told == {"CHK-1": set(), "CHK-2": {"D-1"}}


def test_a_change_that_moves_to_another_ticket_takes_along_what_it_was_told() -> None:
    events = [*change("PR-1", "09:00", "10:00"), *change("PR-2", "09:00", "10:00")]
    shas = ["PR-1-merge", "PR-2-merge"]
    driven = drive()
    driven.take(facts([*events, deployed("11:00", "D-1", "success", shas=shas)]))
    driven.take(facts([body("change.pushed", "09:30", "PR-1", item="CHK-1")]))
    driven.take(facts([deployed("10:30", "D-2", "success", shas=shas)]))
    found = measured(driven.timelines(), Measured.LEAD_TIME)
    assert found == [("CHK-1", 1), ("PR-2", 1)]


def test_what_a_deploy_told_survives_its_bytes() -> None:
    driven = drive()
    driven.take(facts(SHIPPED))
    packed = driven.state.get_many("items", ["PR-3"])["PR-3"]
    row = unpack(packed)
    assert [len(profile.shipped) for profile in row.blockers.values()] == [1, 1]
    assert pack(row) == packed


def test_a_row_from_before_deploys_told_what_they_carried_is_read() -> None:
    """Such a row says version 2, and its profiles end earlier."""
    driven = drive()
    lane = [deployed("09:00", "D-0", "success"), deployed("08:00", "D-1", "failure")]
    driven.take(facts(lane))
    packed = driven.state.get_many("items", ["D-1"])["D-1"]
    (profile,) = unpack(packed).blockers.values()
    told = f',[[{profile.shipped[0].time},["prod"],"unknown",false]],[],[],[]]'.encode()
    assert packed.count(told) == 1
    old = packed.replace(told, b"]").replace(b"[3,", b"[2,", 1)
    (kept,) = unpack(old).blockers.values()
    assert kept == profile._replace(shipped=(), carries=())
