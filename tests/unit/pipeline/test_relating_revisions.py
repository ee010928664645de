"""A word that another revision took back: nothing is placed by it any more."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.directory.attribute import attribute
from monitor.domain.facts import Fact, Fields, Kind
from monitor.domain.making import make_fact
from monitor.domain.timeline import Timeline
from tests.harness.driving import directory_of
from tests.harness.plain_calendar import instant
from tests.unit.pipeline.test_relating import DAY, TEAMS, drive, timelines_of

SHA: Final = "a" * 40
SHOP: Final = "acme/shop"


def fact(kind: str, hour: int, entity: str, revision: int = 1, **said: Any) -> Fact:
    """A fact of an hour of the day, with what only decoders may say, too."""
    time = instant(f"{DAY}T{hour:02}:00:00Z")
    fields: Fields = {**said}  # type: ignore[typeddict-item]
    made = make_fact(Kind(kind), time, entity, "t", fields, revision=revision)
    return attribute(made, directory_of(TEAMS))


@dataclass(frozen=True)
class Case:
    """What is true, and what was said of one of its facts before."""

    name: str
    before: Fact
    true: Sequence[Fact]


STARTED = fact("ticket.started", 8, "SRCH-1", team="search")
BLOCKED = fact("ticket.blocked", 10, "CHK-2", on_team="platform")
ASKED = fact("deploy.approval_requested", 11, "D-1", on_team="platform")
FAILED = fact("run.finished", 11, "r-1", outcome="failure", cause_teams=["platform"])
QUEUED = fact("run.queued", 9, "r-1", on_team="platform")
OPENED = fact("change.opened", 8, "shop!1", item="SRCH-1", repo=SHOP, branch="fix")
OF_SHA = fact("change.opened", 8, "shop!1", item="SRCH-1", sha=SHA)
TICKET = fact("ticket.created", 8, "SRCH-1", team="search")
# A success of a lane ends what failed there before it.
TILL = {"service": "till", "environment": "prod"}
CAUSED = fact(
    "deploy.finished",
    10,
    "D-1",
    outcome="failure",
    cause_teams=["platform"],
    environment="prod",
    item="SRCH-1",
    repo=SHOP,
)
ENDING = fact(
    "deploy.finished", 12, "D-2", outcome="success", repo=SHOP, environment="prod"
)
# The deploy of what was merged last brings all that was merged before it.
TIP = [
    fact("change.opened", 9, "shop!2", team="search"),
    fact("change.merged", 11, "shop!2", repo=SHOP, sha=SHA),
    fact("deploy.finished", 12, "D-1", outcome="success", shas=[SHA]),
]

CASES = [
    Case(
        f"{name} of a ticket",
        fact("ticket.created", 8, "CHK-2", 0, **{name: "SRCH-1"}),
        [fact("ticket.created", 8, "CHK-2"), STARTED, BLOCKED],
    )
    for name in ("item", "parent")
] + [
    Case(
        "an epic",
        fact("ticket.created", 8, "SRCH-1", 0, epic=True),
        [TICKET, STARTED, fact("ticket.created", 9, "CHK-2", item="SRCH-1"), BLOCKED],
    ),
    Case(
        "a mistake",
        fact("ticket.cancelled", 18, "SRCH-1", 0, deleted=True),
        [
            fact("ticket.cancelled", 18, "SRCH-1"),
            STARTED,
            fact("change.opened", 9, "shop!1", item="SRCH-1", team="search"),
        ],
    ),
    Case(
        "items of a deploy",
        fact("deploy.ready", 9, "D-1", 0, items=["SRCH-1"], service="till"),
        [fact("deploy.ready", 9, "D-1", service="till"), STARTED, ASKED],
    ),
    Case(
        "commits of a deploy",
        fact("deploy.ready", 9, "D-1", 0, shas=[SHA], service="till"),
        [fact("deploy.ready", 9, "D-1", service="till"), STARTED, OF_SHA, ASKED],
    ),
    Case(
        "the item of a run",
        fact("run.started", 10, "r-1", 0, item="SRCH-1"),
        [fact("run.started", 10, "r-1"), STARTED, QUEUED],
    ),
    Case(
        "the commit of a run",
        fact("run.started", 10, "r-1", 0, sha=SHA),
        [fact("run.started", 10, "r-1"), STARTED, OF_SHA, QUEUED, FAILED],
    ),
    Case(
        "the repository of a run",
        fact("run.started", 10, "r-1", 0, repo=SHOP),
        [
            fact("run.started", 10, "r-1"),
            fact("run.queued", 9, "r-1", on_team="platform", branch="fix"),
            STARTED,
            OPENED,
        ],
    ),
    Case(
        "the repository of a change",
        fact("change.opened", 8, "shop!1", 0, repo="acme/another", team="search"),
        [
            fact("change.opened", 8, "shop!1", team="search"),
            fact("change.ready", 9, "shop!1", repo=SHOP),
            fact("change.merged", 10, "shop!1"),
            *TIP,
        ],
    ),
    Case(
        "the service of an approval",
        fact("deploy.approval_requested", 9, "D-1", 0, on_team="platform", **TILL),
        [
            fact("deploy.approval_requested", 9, "D-1", on_team="platform"),
            fact("deploy.approval_decided", 9, "D-1", decision="approved"),
            fact("deploy.started", 9, "D-1"),
            CAUSED,
            ENDING,
            STARTED,
        ],
    ),
]


def told_one_by_one(facts: Sequence[Fact]) -> list[Timeline]:
    driven = drive()
    for one in facts:
        driven.take([one])
    return [timeline for timeline in driven.timelines() if any(timeline[1:])]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_a_lost_revision_said_leaves_no_trace(case: Case) -> None:
    """The revision that counts is known alone, or the other came before or after it.

    And the other would have mattered: else this could not fail.
    """
    true = timelines_of(list(case.true))
    assert timelines_of([case.before, *case.true[1:]]) != true
    facts, chance = [case.before, *case.true], random.Random(1)
    for _ in range(10):
        assert told_one_by_one(chance.sample(facts, len(facts))) == true
    assert told_one_by_one([case.before, *case.true[1:], case.true[0]]) == true


def test_nothing_is_kept_of_a_parent_that_one_key_of_a_ticket_named() -> None:
    """Told under both keys, its creation is that of the higher revision, with none.

    So it is an item of its own which never was in flight, and holds nobody up.
    """
    number = ["jira:500"]
    created = ("jira:500", "created")
    facts = [
        made("ticket.created", "CHK-2", 9, {"aliases": number}, created),
        made("ticket.created", "PLT-9", 5, {"parent": "SRCH-1"}, created),
        made("ticket.updated", "PLT-9", 0, {"aliases": [*number, "CHK-2"]}),
        STARTED,
        made("ticket.blocked", "PLT-9", 0, {"on_team": "platform"}),
    ]
    chance = random.Random(1)
    for _ in range(20):
        order = chance.sample(facts, len(facts))
        found = told_one_by_one(order)
        assert not any(one.on_team for each in found for one in each.segments)


def made(
    kind: str,
    entity: str,
    revision: int,
    said: Fields,
    identified: tuple[str, str] | None = None,
) -> Fact:
    time = instant(f"{DAY}T09:00:00Z")
    return make_fact(
        Kind(kind),
        time,
        entity,
        "jira",
        {**said},
        revision=revision,
        identified=identified,
    )


def test_two_words_of_one_batch_make_an_incident_of_a_change() -> None:
    """A run of its commit is of the other change then, although its number is higher.

    So that change waits for the runner, two hours.
    """
    known = fact("change.opened", 8, "shop!1", sha=SHA, number=1)
    other = fact("change.opened", 8, "shop!2", sha=SHA, number=2, item="SRCH-1")
    words = [fact("incident.opened", 9, "shop!1", one, team="search") for one in (0, 1)]
    run = [QUEUED._replace(fields={**QUEUED.fields, "sha": SHA})]
    run.append(fact("run.started", 11, "r-1"))
    driven = drive()
    for batch in ([STARTED, known, other], words, run):
        driven.take(batch)
    waits = [
        (one.item, each.start, each.end)
        for one in driven.timelines()
        for each in one.waits
    ]
    assert waits == [("SRCH-1", run[0].time, run[1].time)]


ITEMS: Final = ("CHK-1", "CHK-2", "SRCH-1")
SHAS: Final = (SHA, "b" * 40)
TEAM_NAMES: Final = ("checkout", "search", "platform")
# What makes a fact another happening, or is kept of a change whatever comes later.
_KEPT: Final = frozenset({"on_team", "blocker", "outcome", "repo", "branch", "sha"})
_ONE: Final = {
    "item": st.sampled_from(ITEMS),
    "team": st.sampled_from(TEAM_NAMES),
}
_CODE: Final = {
    "repo": st.just(SHOP),
    "branch": st.sampled_from(("fix", "more")),
    "sha": st.sampled_from(SHAS),
}
_DEPLOY: Final = {
    **_ONE,
    "repo": st.just(SHOP),
    "service": st.sampled_from(("till", "find")),
    "items": st.lists(st.sampled_from(ITEMS), min_size=1, max_size=2, unique=True),
    "shas": st.lists(st.sampled_from(SHAS), min_size=1, max_size=2, unique=True),
    "cause_teams": st.lists(st.sampled_from(TEAM_NAMES), min_size=1, max_size=1),
}
_TICKET: Final = {
    **_ONE,
    "parent": st.sampled_from(ITEMS),
    "epic": st.booleans(),
    "deleted": st.just(value=True),
}
_RUN: Final = {
    **_ONE,
    **_CODE,
    "pipeline": st.sampled_from(("build", "lint")),
    "default_branch": st.just(value=True),
    "change": st.just("shop!1"),
}
_FAILING: Final = {**_RUN, "cause_teams": _DEPLOY["cause_teams"]}
_CHANGE: Final = {**_ONE, "tickets": st.lists(st.sampled_from(ITEMS), max_size=1)}
# Kinds with what has to be said, the entities, and what may be said.
_HAPPENINGS: Final[Sequence[tuple[str, Fields, Sequence[str], dict[str, Any]]]] = (
    ("ticket.created", {}, ITEMS, _TICKET),
    ("ticket.started", {}, ITEMS, _TICKET),
    ("ticket.blocked", {"on_team": "platform"}, ITEMS, _TICKET),
    ("link.added", {"blocker": "SRCH-1"}, ITEMS, {"parent": st.sampled_from(ITEMS)}),
    ("change.opened", {}, ("shop!1", "shop!2"), {**_CHANGE, **_CODE}),
    ("change.merged", {}, ("shop!1", "shop!2"), {**_CHANGE, **_CODE}),
    ("run.queued", {"on_team": "platform"}, ("r-1", "r-2"), _RUN),
    ("run.started", {}, ("r-1", "r-2"), _RUN),
    ("run.finished", {"outcome": "failure"}, ("r-1", "r-2"), _FAILING),
    ("deploy.ready", {}, ("D-1", "D-2"), _DEPLOY),
    ("deploy.finished", {"outcome": "failure"}, ("D-1", "D-2"), _DEPLOY),
    ("deploy.finished", {"outcome": "success"}, ("D-1", "D-2"), _DEPLOY),
    ("deploy.approval_requested", {"on_team": "search"}, ("D-1", "D-2"), _DEPLOY),
    ("freeze.started", {"on_team": "platform"}, ("F-1",), {}),
)


@st.composite
def revised(draw: st.DrawFn) -> tuple[list[Fact], list[Fact]]:
    """Facts that count, and what was said of them before, otherwise."""
    true: dict[int, Fact] = {}
    false: list[Fact] = []
    for kind, must, entities, may in draw(
        st.lists(st.sampled_from(_HAPPENINGS), min_size=2, max_size=9)
    ):
        hour, entity = draw(st.integers(8, 15)), draw(st.sampled_from(entities))
        said = st.fixed_dictionaries({}, optional=may)
        first = {**draw(said), **must}
        last = draw(said) | must
        if kind.startswith("change."):
            names = {name: first[name] for name in _KEPT.intersection(first)}
            last = {name: last[name] for name in last.keys() - _KEPT} | names
        counts = fact(kind, hour, entity, 1, **last)
        if counts.identity not in true:
            true[counts.identity] = counts
            false.append(fact(kind, hour, entity, 0, **first))
    return list(true.values()), false


@settings(max_examples=25, deadline=None)
@given(revised(), st.randoms(use_true_random=False))
def test_histories_come_to_what_their_last_words_say(
    told: tuple[list[Fact], list[Fact]], chance: random.Random
) -> None:
    true, false = told
    facts = chance.sample([*true, *false], len(true) + len(false))
    assert timelines_of(facts, chance) == timelines_of(true)
