"""Indicators 4: from a change's first commit to the production that contains it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.domain.items import Profile
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.timeline import Measured
from monitor.indicators.evaluate import evaluate
from monitor.indicators.timelines.profile import Telling
from tests.unit.indicators.history import (
    DIRECTORY,
    HOUR,
    MINUTE,
    at,
    fact,
    item_of,
    started,
)
from tests.unit.indicators.test_rules_shipping import ended, rolled_back

LEAD = (Measured.LEAD_TIME,)


def change(
    pushed: str = "Mon 09:00", merged: str | None = "Mon 12:00", entity: str = "PR-1"
) -> list[Fact]:
    """Pushed as ``head`` an hour before it was opened; merged as ``merge``."""
    opened = f"{pushed[:-5]}{int(pushed[-5:-3]) + 1:02}:00"
    facts = [
        fact("change.pushed", pushed, entity, sha=f"{entity}-head"),
        fact("change.opened", opened, entity, sha=f"{entity}-head"),
    ]
    if merged is not None:
        facts.append(fact("change.merged", merged, entity, sha=f"{entity}-merge"))
    return facts


def spans(
    facts: Sequence[Fact], key: str = "PR-1", told: dict[str, Profile] | None = None
) -> list[tuple[str, int]]:
    """Team and hours of every lead time."""
    found = evaluate(item_of(facts, key, told), DIRECTORY, DEFAULT_MODEL)
    return [
        (one.team, one.value // HOUR)
        for timeline in found
        for one in timeline.measures
        if one.name in LEAD
    ]


CASES = {
    "never deployed": (change(), []),
    "by the merged commit": (
        [*change(), ended("Mon 14:00", "success", shas=["PR-1-merge"])],
        [("checkout", 5)],
    ),
    "by a commit of the branch, before it was merged": (
        [*change(), ended("Mon 11:00", "success", shas=["PR-1-head"])],
        [("checkout", 2)],
    ),
    "the first success, not the first deploy nor the last": (
        [
            *change(),
            ended("Mon 13:00", "failure", "D-1", shas=["PR-1-merge"]),
            ended("Mon 15:00", "success", "D-2", shas=["PR-1-merge"]),
            ended("Mon 14:00", "success", "D-3", shas=["PR-1-merge"]),
        ],
        [("checkout", 5)],
    ),
    "not what was rolled back": (
        [
            *change(),
            ended("Mon 13:00", "success", "D-1", shas=["PR-1-merge"]),
            rolled_back("Mon 13:30", "D-1"),
            ended("Mon 15:00", "success", "D-2", shas=["PR-1-merge"]),
        ],
        [("checkout", 6)],
    ),
    "not another environment": (
        [
            *change(),
            ended("Mon 13:00", "success", shas=["PR-1-merge"], environment="test"),
        ],
        [],
    ),
    "not another commit": (
        [*change(), ended("Mon 13:00", "success", shas=["other"], item="X-1")],
        [],
    ),
    "not before its first commit": (
        [*change(), ended("Mon 08:00", "success", shas=["PR-1-merge"])],
        [],
    ),
    "by the change itself, once merged": (
        [
            *change(),
            ended("Mon 11:00", "success", "D-1", item="PR-1"),
            ended("Mon 13:00", "success", "D-2", item="PR-1"),
        ],
        [("checkout", 4)],
    ),
    "by itself at the very instant of its merge": (
        [*change(), ended("Mon 12:00", "success", item="PR-1")],
        [("checkout", 3)],
    ),
    "not where nobody saw when it began": (
        [
            fact("change.merged", "Mon 12:00", "PR-1", sha="PR-1-merge"),
            ended("Mon 14:00", "success", shas=["PR-1-merge"]),
        ],
        [],
    ),
    "from its opening, where its first push known comes after it": (
        [
            fact("change.opened", "Mon 09:00", "PR-1"),
            fact("change.pushed", "Mon 10:00", "PR-1", sha="PR-1-head"),
            ended("Mon 12:00", "success", shas=["PR-1-head"]),
        ],
        [("checkout", 3)],
    ),
    "the owner of the service, not of the change": (
        [
            *change(),
            fact(
                *("deploy.finished", "Mon 13:00", "D-1"),
                outcome="success",
                repo="acme/find",
                shas=["PR-1-merge"],
            ),
        ],
        [("search", 4)],
    ),
    "the team that the deploy names, not the owner of its service": (
        [
            *change(),
            ended("Mon 13:00", "success", shas=["PR-1-merge"], team="platform"),
        ],
        [("platform", 4)],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_change_reaches_production(name: str) -> None:
    facts, expected = CASES[name]
    assert spans(facts) == expected


def test_every_merged_change_of_an_item_is_in_a_deploy_that_names_the_item() -> None:
    facts = [
        started(),
        *change(),
        *change("Mon 10:00", "Mon 15:00", "PR-2"),
        *change("Mon 11:00", None, "PR-3"),
        ended("Mon 13:00", "success", "D-1", item="CHK-1"),
        ended("Mon 16:00", "success", "D-2", items=["CHK-1"]),
    ]
    assert sorted(spans(facts, "CHK-1")) == [("checkout", 4), ("checkout", 6)]


def told(*facts: Fact, key: str = "D-9") -> dict[str, Profile]:
    return {key: Telling(item_of(facts, key), DIRECTORY).profile(key)}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([ended("Mon 13:00", "success", "D-9", shas=["x", "PR-1-merge"])], [4]),
        ([ended("Mon 13:00", "success", "D-9", shas=["x", "y"])], []),
        ([ended("Mon 13:00", "success", "D-9", items=["CHK-1", "CHK-2"])], [4]),
        ([ended("Mon 11:30", "success", "D-9", items=["CHK-1", "CHK-2"])], []),
        ([ended("Mon 13:00", "failure", "D-9", shas=["x", "PR-1-merge"])], []),
        (
            [
                ended("Mon 13:00", "success", "D-9", shas=["x", "PR-1-merge"]),
                rolled_back("Mon 13:05", "D-9"),
            ],
            [],
        ),
    ],
)
def test_deploys_of_several_changes_tell_each_of_them(
    facts: list[Fact], expected: list[int]
) -> None:
    own = [started(), *change()]
    found = spans(own, "CHK-1", told(*facts))
    assert found == [("checkout", hours) for hours in expected]


# CHK-2 is a part of CHK-1, and CHK-3 one of CHK-2.
PARTS = (
    started("Mon 08:00"),
    fact("ticket.created", "Mon 08:00", "CHK-2", parent="CHK-1"),
    fact("ticket.created", "Mon 08:00", "CHK-3", parent="CHK-2"),
)


def of_part(entity: str, part: str) -> list[Fact]:
    return [
        fact("change.opened", "Mon 10:00", entity, item=part),
        fact("change.merged", "Mon 11:00", entity, item=part),
    ]


@pytest.mark.parametrize(
    ("named", "hours"),
    [
        ({"items": ["CHK-1"]}, [2, 2, 2]),
        ({"item": "CHK-1"}, [2, 2, 2]),
        ({"items": ["CHK-2"]}, [2, 2]),
        ({"item": "CHK-2"}, [2, 2]),
        ({"items": ["CHK-3"]}, [2]),
        ({"items": ["PR-2"]}, [2]),
        ({"items": ["CHK-4"]}, []),
    ],
)
def test_a_deploy_that_names_a_sub_task_contains_what_was_merged_for_it(
    named: dict[str, Any], hours: list[int]
) -> None:
    """PR-1 is CHK-1's, PR-2 CHK-2's and PR-3 CHK-3's: each of what stands above it.

    So it is by one deploy that lies beside them, and by one that tells them.
    """
    own = [*PARTS, *of_part("PR-1", "CHK-1"), *of_part("PR-2", "CHK-2")]
    own += of_part("PR-3", "CHK-3")
    beside = ended("Mon 12:00", "success", **named)
    assert spans([*own, beside], "CHK-1") == [("checkout", one) for one in hours]
    several = {"items": [*named.get("items", [named.get("item")]), "CHK-9"]}
    of_several = told(ended("Mon 12:00", "success", "D-9", **several))
    assert spans(own, "CHK-1", of_several) == [("checkout", one) for one in hours]


def test_a_deploy_that_names_a_change_contains_what_was_merged_for_it() -> None:
    """PR-2 states PR-1 as its item, a change of CHK-1."""
    facts = [*PARTS, *of_part("PR-1", "CHK-1"), *of_part("PR-2", "PR-1")]
    facts.append(ended("Mon 12:00", "success", items=["PR-1"]))
    assert spans(facts, "CHK-1") == [("checkout", 2), ("checkout", 2)]


@pytest.mark.parametrize(
    ("merged", "said", "expected"),
    [
        ("Mon 10:00", {}, [4]),
        ("Mon 09:59", {}, []),
        ("Mon 10:00", {"items": ["X-1", "X-2"]}, []),
        ("Mon 10:00", {"item": "X-1"}, []),
        ("Mon 10:00", {"service": "till"}, []),
        ("Mon 10:00", {"shas": ["X-1-head"]}, []),
        ("Mon 10:00", {"shas": ["X-1-merge", "X-1-head"]}, []),
        ("Mon 10:00", {"shas": ["X-1-merge", "unheard-of"]}, []),
        ("Mon 10:00", {"sha": "X-1-merge"}, [4]),
    ],
)
def test_a_deploy_of_a_tip_tells_up_to_when_it_contains_what_was_merged(
    merged: str, said: dict[str, Any], expected: list[int]
) -> None:
    where: dict[str, Any] = {"repo": "acme/shop"}
    deploy = {"outcome": "success", "shas": ["X-1-merge"], **where, **said}
    deployed = [
        fact("change.opened", "Mon 08:00", "X-1", sha="X-1-head", **where),
        fact("change.merged", merged, "X-1", sha="X-1-merge"),
        fact("deploy.finished", "Mon 13:00", "D-9", **deploy),
    ]
    profile = Telling(item_of(deployed, "X-1"), DIRECTORY).profile("D-9")
    own = [
        fact("change.opened", "Mon 09:00", "PR-1", **where),
        fact("change.merged", "Mon 10:00", "PR-1"),
    ]
    found = spans(own, told={"D-9": profile})
    assert found == [("checkout", hours) for hours in expected]
    elsewhere = [own[0]._replace(fields={"repo": "acme/find"}), own[1]]
    assert spans(elsewhere, told={"D-9": profile}) == []


@pytest.mark.parametrize(
    ("tip", "hours"), [("Sun+12 10:00", [2_163]), ("Sun+12 10:01", [])]
)
def test_a_tip_brings_what_was_merged_in_ninety_days(
    tip: str, hours: list[int]
) -> None:
    where: dict[str, Any] = {"repo": "acme/shop"}
    deployed = [
        fact("change.opened", "Mon 08:00", "X-1", **where),
        fact("change.merged", tip, "X-1", sha="X-1-merge"),
        fact(
            *("deploy.finished", "Sun+12 12:00", "D-9"),
            outcome="success",
            shas=["X-1-merge"],
            **where,
        ),
    ]
    profile = Telling(item_of(deployed, "X-1"), DIRECTORY).profile("D-9")
    own = [
        fact("change.opened", "Mon 09:00", "PR-1", **where),
        fact("change.merged", "Mon 10:00", "PR-1"),
    ]
    found = spans(own, told={"D-9": profile})
    assert [span for _, span in found] == hours


def pushed(when: str, sha: str, change: str) -> Fact:
    """A push that is known by its branch only, and was placed with the change."""
    return fact("change.pushed", when, f"r@b@{sha}", sha=sha, branch="b", change=change)


def on_branch(entity: str, opened: str) -> list[Fact]:
    sha = f"{entity}-head"
    return [fact("change.opened", opened, entity, branch="b", sha=sha)]


def test_a_push_known_by_its_branch_is_a_commit_of_the_change() -> None:
    facts = [
        pushed("Mon 09:00", "first", "PR-1"),
        *on_branch("PR-1", "Mon 10:00"),
        ended("Mon 11:00", "success", shas=["first"]),
    ]
    assert spans(facts) == [("checkout", 2)]


def test_of_two_changes_on_one_branch_the_one_it_is_of_gets_the_push() -> None:
    facts = [
        started("Mon 08:00"),
        pushed("Mon 09:00", "first", "PR-1"),
        *on_branch("PR-1", "Mon 10:00"),
        *on_branch("PR-2", "Mon 11:00"),
        ended("Mon 12:00", "success", shas=["PR-1-head", "PR-2-head"]),
    ]
    assert sorted(spans(facts, "CHK-1")) == [("checkout", 1), ("checkout", 3)]


def test_the_lead_time_of_the_devlake_fixture() -> None:
    """Section 7: pr1, in minutes, coding 1,440, pickup 5, review 55, deploy 2,978."""
    commit = at("Mon 09:00")
    minutes = {"opened": 1_440, "reviewed": 1_445, "merged": 1_500, "deployed": 4_478}

    def when(stage: str) -> str:
        day, rest = divmod(minutes[stage] + 9 * 60, 24 * 60)
        return f"{('Mon', 'Tue', 'Wed', 'Thu')[day]} {rest // 60:02}:{rest % 60:02}"

    facts = [
        fact("change.pushed", "Mon 09:00", "pr1", sha="c1"),
        fact("change.opened", when("opened"), "pr1", sha="c1"),
        fact("change.reviewed", when("reviewed"), "pr1", reviewed_by=["search"]),
        fact("change.merged", when("merged"), "pr1", sha="m1"),
        ended(when("deployed"), "success", shas=["m1"]),
    ]
    (found,) = [
        one
        for timeline in evaluate(item_of(facts, "pr1"), DIRECTORY, DEFAULT_MODEL)
        for one in timeline.measures
        if one.name is Measured.LEAD_TIME
    ]
    assert found.value == 4_478 * MINUTE
    assert found.time == commit + 4_478 * MINUTE
