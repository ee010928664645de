"""Where facts end up does not depend on when things become known."""

from __future__ import annotations

import random
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.facts import Fact, Fields, Kind
from monitor.domain.making import make_fact
from monitor.domain.timeline import Sort, Timeline
from monitor.relate.packed_rows import pack, unpack
from tests.harness.driving import Drive, directory_of, facts_of
from tests.harness.plain_calendar import instant

TEAMS = """
version: 1
teams:
  - {id: checkout, headcount: 4, owns: [{repo: acme/shop}, {jira: CHK}]}
  - {id: search, headcount: 3, owns: [{repo: acme/search}, {jira: SRCH}]}
  - {id: platform, kind: platform, headcount: 5, owns: [{jira: PLT}]}
"""
DAY = "2026-03-02"


def body(kind: str, time: str, entity: str, **fields: Any) -> dict[str, Any]:
    return {
        "schema": "friction.event.v1",
        "id": f"{entity}-{kind}-{time}",
        "source": "tracker.example",
        "kind": kind,
        "time": f"{DAY}T{time}:00Z",
        "entity": entity,
        **fields,
    }


def drive() -> Drive:
    return Drive(directory_of(TEAMS), instant(f"{DAY}T20:00:00Z"))


def timelines_of(
    facts: list[Fact], sizes: random.Random | None = None
) -> list[Timeline]:
    """The timelines after batches of random sizes, some deferred, or one batch."""
    driven = drive()
    rest = list(facts)
    while rest:
        size = sizes.randint(1, 4) if sizes else len(rest)
        deferring = sizes is not None and sizes.random() < 0.5
        if not deferring:
            driven.catch_up()
        driven.take(rest[:size], deferring=deferring)
        rest = rest[size:]
    driven.catch_up()
    return [timeline for timeline in driven.timelines() if any(timeline[1:])]


def same_in_any_order(facts: list[Fact], chance: random.Random) -> None:
    """In disorder and in small batches they come to what they come to at once."""
    order = chance.sample(facts, len(facts))
    assert timelines_of(order, chance) == timelines_of(facts)


def same_in_a_hundred_orders(facts: list[Fact]) -> list[Timeline]:
    """What the facts come to at once, and in disorder and in small batches, too."""
    at_once, chance = timelines_of(facts), random.Random(1)
    for _ in range(100):
        order = chance.sample(facts, len(facts))
        assert timelines_of(order, chance) == at_once, [one[:3] for one in order]
    return at_once


def waits_of(timelines: list[Timeline]) -> set[tuple[str, str, str, str]]:
    return {
        (timeline.item, segment.team, segment.on_team, segment.component)
        for timeline in timelines
        for segment in timeline.segments
        if segment.sort is Sort.WAIT
    }


def github(kind: Kind, time: str, entity: str, **fields: Any) -> Fact:
    """A fact as decoding GitHub makes it."""
    known: Fields = {"repo": "acme/shop", **fields}  # type: ignore[typeddict-item]
    return make_fact(kind, instant(f"{DAY}T{time}:00Z"), entity, "github.com", known)


LATE_EVERYTHING = [
    body("ticket.started", "09:00", "CHK-1", team="checkout", work_class="feature"),
    body("ticket.started", "09:00", "CHK-2", item="CHK-1"),
    body("ticket.blocked", "13:00", "CHK-2", on_team="search"),
    body("ticket.done", "16:00", "CHK-2"),
    body("link.added", "09:30", "CHK-1", blocker="PLT-7"),
    body("ticket.created", "08:00", "PLT-7", team="platform"),
    body("ticket.done", "11:00", "PLT-7"),
    body("change.opened", "10:00", "PR-1", repo="acme/shop", sha="aa", branch="b"),
    body("change.pushed", "10:30", "PR-1", repo="acme/shop", sha="bb", branch="b"),
    body("change.review_requested", "11:30", "PR-1", on_team="search"),
    body("change.reviewed", "12:00", "PR-1", team="search", item="CHK-1"),
    body("run.queued", "14:00", "R-1", sha="bb", pipeline="ci", on_team="platform"),
    body("run.started", "14:20", "R-1", sha="bb", pipeline="ci"),
    body(
        "run.queued", "15:00", "R-2", repo="acme/shop", branch="b", on_team="platform"
    ),
    body("run.started", "15:10", "R-2", repo="acme/shop", branch="b"),
    body("change.merged", "16:00", "PR-1"),
    body("ticket.done", "17:00", "CHK-1"),
]


def test_a_blocker_whose_team_is_learnt_late_was_that_teams_all_along() -> None:
    """First nothing is known of it, then whom it was handed to, then whose it began."""
    driven, directory = drive(), directory_of(TEAMS)
    waits: list[set[str]] = []
    for one in (
        body("ticket.started", "09:00", "CHK-1", team="checkout"),
        body("link.added", "10:00", "CHK-1", blocker="X-1"),
        body("ticket.commented", "10:30", "X-1"),
        body("ticket.accepted", "12:00", "X-1", team="search"),
        body("ticket.created", "08:00", "X-1", team="platform"),
    ):
        driven.take(facts_of([one], directory))
        waits.append({on_team for _, _, on_team, _ in waits_of(driven.timelines())})
    assert waits == [
        set(),
        {"unknown"},
        {"unknown"},
        {"search"},
        {"platform", "search"},
    ]
    pieces = {
        (wait.on_team, wait.start, wait.end)
        for timeline in driven.timelines()
        for wait in timeline.segments
        if wait.on_team and wait.phase == "chronic"
    }
    noon = instant(f"{DAY}T12:00:00Z")
    assert ("platform", instant(f"{DAY}T10:15:00Z"), noon) in pieces
    assert {start for team, start, _ in pieces if team == "search"} == {noon}


@settings(max_examples=60, deadline=None)
@given(st.permutations(LATE_EVERYTHING), st.randoms(use_true_random=False))
def test_order_and_batches_do_not_change_the_timelines(
    events: list[dict[str, Any]], sizes: random.Random
) -> None:
    directory = directory_of(TEAMS)
    expected = timelines_of(facts_of(LATE_EVERYTHING, directory))
    assert timelines_of(facts_of(events, directory), sizes) == expected
    assert [timeline.item for timeline in expected] == ["CHK-1", "PLT-7"]


def test_everything_learned_late_is_charged_to_the_ticket() -> None:
    found = waits_of(timelines_of(facts_of(LATE_EVERYTHING, directory_of(TEAMS))))
    assert found == {
        ("CHK-1", "checkout", "search", "ticket_blocked"),
        ("CHK-1", "checkout", "platform", "dependency_link"),
        ("CHK-1", "checkout", "search", "review_wait"),
        ("CHK-1", "checkout", "platform", "ci_queue"),
    }


REPOSITORY = [
    github(Kind.CHANGE_OPENED, "09:00", "github.com:77#12", number=12, branch="x"),
    github(Kind.CHANGE_MERGED, "16:00", "github.com:77#12", number=12),
    github(Kind.TICKET_CREATED, "08:00", "github.com:77#5", aliases=["I_node5"]),
    github(Kind.TICKET_STARTED, "10:00", "I_node5"),
    github(Kind.TICKET_DONE, "12:00", "github.com:77#5"),
]
BY_NAME = body("run.queued", "10:00", "R-9", item="acme/shop#12", on_team="platform")


@settings(max_examples=40, deadline=None)
@given(
    st.permutations(REPOSITORY), st.integers(0, 5), st.randoms(use_true_random=False)
)
def test_names_and_node_ids_join_whenever_they_become_known(
    facts: list[Fact], place: int, sizes: random.Random
) -> None:
    named = facts_of([BY_NAME], directory_of(TEAMS))
    found = timelines_of([*facts[:place], *named, *facts[place:]], sizes)
    assert {timeline.item for timeline in found} == {
        "github.com:77#12",
        "github.com:77#5",
    }
    assert waits_of(found) == {("github.com:77#12", "checkout", "platform", "ci_queue")}


CYCLE = [
    body("ticket.started", "09:00", "CHK-1", item="CHK-3"),
    body("ticket.started", "10:00", "CHK-2", item="CHK-1"),
    body("ticket.started", "11:00", "CHK-3", item="CHK-2"),
]


@settings(deadline=None)
@given(st.permutations(CYCLE), st.randoms(use_true_random=False))
def test_tickets_that_contain_each_other_have_one_root(
    events: list[dict[str, Any]], sizes: random.Random
) -> None:
    found = timelines_of(facts_of(events, directory_of(TEAMS)), sizes)
    assert [timeline.item for timeline in found] == ["CHK-1"]


def epic_facts() -> list[Fact]:
    return [
        make_fact(Kind.TICKET_CREATED, 1, "CHK-E", "t", {"epic": True}),
        make_fact(Kind.TICKET_CREATED, 2, "CHK-1", "t", {"parent": "CHK-E"}),
        make_fact(Kind.TICKET_STARTED, instant(f"{DAY}T09:00:00Z"), "CHK-1", "t"),
    ]


@settings(deadline=None)
@given(st.permutations(range(3)), st.randoms(use_true_random=False))
def test_a_child_of_an_epic_is_an_item_of_its_own(
    order: list[int], sizes: random.Random
) -> None:
    facts = epic_facts()
    found = timelines_of([facts[index] for index in order], sizes)
    assert [timeline.item for timeline in found] == ["CHK-1"]


def test_a_known_fact_is_a_duplicate_and_changes_nothing() -> None:
    driven = drive()
    facts = facts_of(LATE_EVERYTHING, driven.directory)
    driven.take(facts)
    before = dict(driven.state.scan("items"))
    again = driven.take(facts)
    assert (again.added, again.duplicates) == (0, len(facts))
    assert dict(driven.state.scan("items")) == before


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_of_one_fact_told_again_the_highest_revision_is_kept(
    order: tuple[int, ...],
) -> None:
    fields: list[Fields] = [
        {"team": "checkout"},
        {"team": "search"},
        {"team": "checkout"},
    ]
    facts = [
        make_fact(Kind.TICKET_STARTED, 9_000, "CHK-1", "t", said, revision=revision)
        for revision, said in enumerate(fields, 1)
    ]
    driven = drive()
    for index in order:
        driven.take([facts[index]._replace(fields=Fields(**fields[index]))])
    row = unpack(dict(driven.state.scan("items"))["CHK-1"])
    kept = [(f.revision, f.fields) for f in row.sections["CHK-1"].facts.values()]
    assert kept == [(3, {"team": "checkout"})]


def test_a_row_survives_packing() -> None:
    driven = drive()
    driven.take(facts_of(LATE_EVERYTHING, driven.directory))
    for _, packed in driven.state.scan("items"):
        assert pack(unpack(packed)) == packed


@pytest.mark.parametrize("renamed", ["search", "platform"])
def test_a_changed_directory_restates_stored_facts(renamed: str) -> None:
    events = [
        body("change.opened", "09:00", "PR-1", repo="acme/shop", work_class="feature"),
        body("change.review_requested", "10:00", "PR-1", on_team="search"),
        body("change.merged", "12:00", "PR-1", repo="acme/shop"),
    ]
    driven = drive()
    driven.take(facts_of(events, driven.directory))
    changed = TEAMS.replace("{repo: acme/shop}, ", "").replace(
        f"id: {renamed}, ", f"id: {renamed}, domain: d, "
    )
    other = directory_of(changed.replace("acme/search", "acme/shop"))
    driven.restart(other)
    fresh = Drive(other, driven.now)
    fresh.take(facts_of(events, other))
    assert driven.timelines() == fresh.timelines()
    assert driven.timelines()[0].segments[0].team == "search"
    assert driven.families() == fresh.families()


def test_a_changed_directory_restates_who_waits_for_a_blocker() -> None:
    events = [
        body("ticket.started", "09:00", "CHK-1"),
        body("link.added", "10:00", "CHK-1", blocker="PLT-7"),
        body("ticket.created", "08:00", "PLT-7"),
    ]
    driven = drive()
    driven.take(facts_of(events, driven.directory))
    (on_platform,) = (wait for found in driven.timelines() for wait in found.waits)
    moved = TEAMS.replace(", owns: [{jira: PLT}]", "").replace(
        "{jira: SRCH}", "{jira: SRCH}, {jira: PLT}"
    )
    driven.restart(directory_of(moved))
    (on_search,) = (wait for found in driven.timelines() for wait in found.waits)
    assert (on_platform.on_team, on_search.on_team) == ("platform", "search")


def test_a_link_by_name_waits_for_the_repository_and_its_dependents_follow() -> None:
    """The blocker was linked by name, and known by id only later."""
    directory = directory_of(TEAMS)
    blocked = facts_of(
        [
            body("ticket.started", "09:00", "CHK-1", team="checkout"),
            body("link.added", "10:00", "CHK-1", blocker="acme/search#9"),
        ],
        directory,
    )
    blocker = [
        github(Kind.TICKET_CREATED, "08:00", "github.com:88#9", repo="acme/search"),
        github(Kind.TICKET_DONE, "12:00", "github.com:88#9", repo="acme/search"),
    ]
    expected = {("CHK-1", "checkout", "search", "dependency_link")}
    for facts in ([*blocked, *blocker], [*blocker, *blocked]):
        for sizes in (None, random.Random(3)):
            found = timelines_of(facts, sizes)
            assert waits_of(found) == expected
            (wait,) = found[0].waits
            assert wait.end == instant(f"{DAY}T12:00:00Z")


def deployment(kind: Kind, time: str, entity: str, **fields: Any) -> Fact:
    """A deploy of one commit, as its own hook or its job's approval tells it."""
    return github(kind, time, entity, environment="live", shas=["a1"], **fields)


@pytest.mark.slow
def test_a_deploy_of_two_keys_stays_with_its_change_whichever_came_first() -> None:
    """Also when the key first known is where the commit's change has taken it."""
    job = "github.com:deploy/job/4"
    asked = deployment(Kind.DEPLOY_APPROVAL_REQUESTED, "10:00", job, on_team="platform")
    decided = deployment(
        Kind.DEPLOY_APPROVAL_DECIDED, "12:00", job, decision="approved"
    )
    ready = deployment(Kind.DEPLOY_READY, "10:00", "github.com:deploy/7", aliases=[job])
    opened = github(Kind.CHANGE_OPENED, "09:00", "github.com:77#1")
    merged = github(Kind.CHANGE_MERGED, "09:30", "github.com:77#1", sha="a1")
    facts = [asked, decided, ready, opened, merged]
    expected = timelines_of(facts)
    assert waits_of(expected) == {
        ("github.com:77#1", "checkout", "platform", "deploy_approval")
    }
    for order in permutations(facts):
        for sizes in (random.Random(1), random.Random(2)):
            assert timelines_of(list(order), sizes) == expected


def native(*bodies: dict[str, Any]) -> list[Fact]:
    return facts_of(bodies, directory_of(TEAMS))


OLD, NEW = "github.com:77#5", "github.com:88#2"
# A change, its run, a link and a need name the issue by the key it had.
TRANSFERRED = [
    github(Kind.TICKET_CREATED, "08:00", OLD, team="search"),
    github(Kind.TICKET_STARTED, "09:00", OLD, item="SRCH-1"),
    github(Kind.TICKET_CREATED, "08:30", NEW, repo="acme/search", aliases=[OLD]),
    github(Kind.CHANGE_OPENED, "09:30", "github.com:77#6", tickets=[OLD]),
    *native(
        body("ticket.started", "09:00", "CHK-1", work_class="feature"),
        body("link.added", "10:00", "CHK-1", blocker=OLD),
        body("ticket.done", "15:00", "CHK-1"),
        body(
            "run.queued", "11:00", "R-1", change="github.com:77#6", on_team="platform"
        ),
        body("run.started", "12:00", "R-1", change="github.com:77#6"),
        body("ticket.done", "14:00", "SRCH-1"),
    ),
]
# What the old key had taken along follows to where the new one belongs.
BELONGING = [
    github(Kind.TICKET_STARTED, "09:00", OLD, item="SRCH-1"),
    github(Kind.TICKET_COMMENTED, "09:10", NEW, repo="acme/search", item="PLT-1"),
    github(Kind.TICKET_CREATED, "08:30", NEW, repo="acme/search", aliases=[OLD]),
    github(Kind.CHANGE_OPENED, "09:30", "github.com:77#6", tickets=[OLD]),
    *native(
        body("ticket.created", "08:00", "PLT-1"),
        body("run.queued", "11:00", "R-1", change="github.com:77#6", on_team="search"),
        body("run.started", "12:00", "R-1", change="github.com:77#6"),
    ),
]
# The commit is told of the change by its repository's name alone.
NAMED = [
    *native(body("change.opened", "09:00", "acme/shop#1", repo="acme/shop", sha="a1")),
    github(Kind.CHANGE_MERGED, "13:00", "github.com:77#1"),
    github(Kind.TICKET_CREATED, "09:00", "github.com:77#2"),
    deployment(Kind.DEPLOY_APPROVAL_REQUESTED, "10:00", "dep/7", on_team="platform"),
    deployment(Kind.DEPLOY_APPROVAL_DECIDED, "12:00", "dep/7", decision="approved"),
]
# The job's key is what fails, and waits for a freeze; which service's, dep/7 says.
TOLD_BY_JOB = [
    github(Kind.DEPLOY_READY, "10:00", "job/4"),
    github(
        Kind.DEPLOY_FINISHED,
        "11:00",
        "job/4",
        outcome="failure",
        cause_teams=["platform"],
    ),
    github(
        Kind.DEPLOY_APPROVAL_REQUESTED,
        "10:00",
        "dep/7",
        service="till",
        aliases=["job/4"],
    ),
    github(Kind.DEPLOY_APPROVAL_DECIDED, "10:00", "dep/7", decision="approved"),
    *native(
        body("deploy.finished", "13:00", "D-2", service="till", outcome="success"),
        body(
            "deploy.finished",
            "12:00",
            "D-3",
            service="till",
            outcome="failure",
            cause_team="search",
            item="CHK-1",
        ),
        body("ticket.started", "09:00", "CHK-1", work_class="feature"),
        body("freeze.started", "09:00", "F-1", on_team="search", services=["till"]),
        body("freeze.ended", "10:30", "F-1", on_team="search", services=["till"]),
    ),
]
# What succeeded under the job's key still ends a failure that is heard of later.
ENDED_BY_JOB = [
    github(Kind.DEPLOY_FINISHED, "12:00", "a-job/4", service="till", outcome="success"),
    github(Kind.DEPLOY_READY, "11:00", "dep/7", service="till", aliases=["a-job/4"]),
    *native(
        body(
            "deploy.finished",
            "10:00",
            "D-1",
            service="till",
            outcome="failure",
            cause_team="platform",
            item="CHK-1",
        ),
        body("ticket.started", "09:00", "CHK-1", work_class="feature"),
    ),
]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (
            TRANSFERRED,
            {
                ("CHK-1", "checkout", "search", "dependency_link"),
                ("SRCH-1", "search", "platform", "ci_queue"),
            },
        ),
        (BELONGING, {("PLT-1", "platform", "search", "ci_queue")}),
        (NAMED, {("github.com:77#1", "checkout", "platform", "deploy_approval")}),
        (ENDED_BY_JOB, {("CHK-1", "checkout", "platform", "deploy_failure")}),
        (
            TOLD_BY_JOB,
            {
                ("dep/7", "checkout", "platform", "deploy_failure"),
                ("dep/7", "checkout", "search", "deploy_freeze"),
            },
        ),
    ],
)
@pytest.mark.slow
def test_what_two_keys_tell_is_told_of_one_entity_in_any_order(
    facts: list[Fact], expected: set[tuple[str, str, str, str]]
) -> None:
    """Also to those who depend on it, and in rows that it has left meanwhile."""
    assert waits_of(same_in_a_hundred_orders(facts)) == expected
