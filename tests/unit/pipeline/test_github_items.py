"""GitHub's bodies through the pipeline: of one second, and when others are lost.

What is expected is by the specification, 1.2, 1.3 and 1.7, of the hours told.
"""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest

from monitor.decode.decode import decode
from monitor.decode.settings import NO_HINT, DecodeSettings
from monitor.directory.attribute import attribute
from monitor.domain.facts import Fact
from monitor.domain.outcomes import Record
from monitor.domain.timeline import UNIT, Sort
from monitor.indicators.totals.instant import amount_between
from tests.harness.driving import Drive, directory_of
from tests.harness.plain_calendar import instant

DIRECTORY = directory_of("""
version: 1
organisation: {name: Acme}
teams:
  - {id: shop, owns: [{repo: acme/shop}], members: ['github:ada']}
  - {id: search, owns: [{repo: acme/search}], members: ['github:sam']}
  - {id: platform, kind: platform, owns: [{pool: self-hosted}],
     members: ['github:pete']}
""")
DAY = "2026-03-02"
SHOP = {"id": 11, "full_name": "acme/shop"}
SEARCH = {"id": 22, "full_name": "acme/search"}
HOUR = 3_600
Body = dict[str, Any]
Told = tuple[str, Body]
Spent = tuple[str, str, str]


def time(clock: str) -> str:
    return f"{DAY}T{clock}:00Z"


def user(login: str) -> Body:
    return {"login": login, "type": "Bot" if login.endswith("[bot]") else "User"}


def facts_of(told: list[Told]) -> list[Fact]:
    facts: list[Fact] = []
    for event, body in told:
        headers = (("X-GitHub-Event", event.encode()),)
        value = json.dumps({"repository": SHOP, **body}).encode()
        record = Record("t", 0, 0, None, None, headers, value)
        decoded = decode(record, NO_HINT, DecodeSettings())
        assert not decoded.reasons, decoded.reasons
        facts += [attribute(fact, DIRECTORY) for fact in decoded.facts]
    return facts


def spent(told: list[Told], end: str = f"{DAY}T17:00:00Z") -> dict[Spent, int]:
    """Seconds waited and active by team and of what, one batch for each body."""
    driven = Drive(DIRECTORY, instant(end))
    for body in told:
        driven.take(facts_of([body]))
    found: dict[Spent, int] = {}
    for timeline in driven.timelines():
        for one in timeline.segments:
            of = one.component if one.sort is Sort.WAIT else one.phase
            amount = amount_between(one, DIRECTORY, 0, instant(end))
            if amount and one.sort in (Sort.WAIT, Sort.ACTIVE):
                key = (one.team, one.sort.name.lower(), of)
                found[key] = found.get(key, 0) + amount // UNIT // 1_000
    return found


def issue(
    action: str, clock: str, sender: str = "ada", *, number: int = 3, **more: Any
) -> Told:
    shown = {
        "number": number,
        "created_at": time("09:00"),
        "updated_at": time(clock),
        "user": user("ada"),
        "title": "Till is slow",
        **more.pop("shown", {}),
    }
    return "issues", {
        "action": action,
        "issue": shown,
        "sender": user(sender),
        **more,
    }


def started(clock: str, **shown: Any) -> Told:
    return issue("labeled", clock, label={"name": "in progress"}, shown=shown)


def closed(clock: str, **shown: Any) -> Told:
    shown |= {"closed_at": time(clock), "state_reason": "completed"}
    return issue("closed", clock, shown=shown)


def typed(name: str | None) -> Body:
    return {"type": {"name": name} if name else None}


EPICS = {
    "typed": [
        issue("opened", "09:00", shown=typed("Epic")),
        started("10:00", **typed("Epic")),
        issue("typed", "11:00", shown=typed("Task")),
        closed("13:00", **typed("Task")),
    ],
    "untyped": [
        issue("opened", "09:00", shown=typed("Initiative")),
        issue("untyped", "09:10", shown=typed(None)),
        started("10:00", **typed(None)),
        closed("13:00", **typed(None)),
    ],
    "in one second with another label": [
        issue("opened", "09:00", shown=typed("Epic")),
        started("10:00", **typed("Epic")),
        issue("typed", "10:00", shown=typed("Task")),
        closed("13:00", **typed("Task")),
    ],
}


@pytest.mark.parametrize("case", EPICS)
def test_an_epic_that_becomes_a_story_has_been_one(case: str) -> None:
    for told in permutations(EPICS[case]):
        found = spent(list(told))
        assert sum(found.values()) == 3 * HOUR
        assert {(team, sort) for team, sort, _ in found} == {("shop", "active")}


def test_a_story_that_becomes_an_epic_is_no_item() -> None:
    told = [
        issue("opened", "09:00", shown=typed("Task")),
        started("10:00", **typed("Task")),
        issue("typed", "11:00", shown=typed("Epic")),
    ]
    assert spent(told) == {}


def sub_issue(action: str, clock: str, parent: int) -> Told:
    """Number 3 of the shop became a part of an issue of search, or ceased to be."""
    child = {"number": 3, "created_at": time("09:00"), "updated_at": time(clock)}
    above = {"number": parent, "created_at": time("08:00")}
    return "sub_issues", {
        "action": f"parent_issue_{action}",
        "sub_issue": child,
        "parent_issue": above,
        "parent_issue_repo": SEARCH,
    }


def of_search(number: int, **more: Any) -> Told:
    event, body = issue("opened", "09:00", "sam", number=number, **more)
    return event, {**body, "repository": SEARCH}


LINK = "https://api.github.com/repos/acme/search/issues/{}"
BUG = {"labels": [{"name": "bug"}]}
SUB_ISSUES: dict[str, tuple[list[Told], str]] = {
    "a label in the second in which it was added": (
        [
            of_search(30),
            issue("opened", "09:30"),
            issue("labeled", "09:30", label={"name": "bug"}, shown=BUG),
            sub_issue("added", "09:30", 30),
            started("11:00", **BUG),
            closed("13:00", **BUG),
        ],
        "search",
    ),
    "a label in the second in which it was removed": (
        [
            of_search(30),
            sub_issue("added", "09:30", 30),
            sub_issue("removed", "10:00", 30),
            issue("labeled", "10:00", label={"name": "bug"}, shown=BUG),
            started("11:00", **BUG),
            closed("13:00", **BUG),
        ],
        "shop",
    ),
    "only later bodies tell the parent": (
        [
            of_search(30),
            issue("opened", "09:00"),
            started("11:00", parent_issue_url=LINK.format(30)),
            closed("13:00", parent_issue_url=LINK.format(30)),
        ],
        "search",
    ),
    "of later bodies the newest": (
        [
            of_search(30),
            issue("opened", "09:00", shown={"parent_issue_url": LINK.format(30)}),
            started("11:00", parent_issue_url=LINK.format(30)),
            closed("13:00", parent_issue_url="https://github.com/acme/shop/issues/4"),
        ],
        "shop",
    ),
}


@pytest.mark.parametrize("case", SUB_ISSUES)
def test_a_sub_issue_is_its_parents_whatever_else_was_done(case: str) -> None:
    told, owner = SUB_ISSUES[case]
    for order in (told, told[::-1], told[2:] + told[:2], told[1::2] + told[::2]):
        found = spent(list(order))
        assert sum(found.values()) == 2 * HOUR
        assert {team for team, _, _ in found} == {owner}


@pytest.mark.parametrize("new", range(31, 37))
def test_moved_to_another_parent_within_a_second_it_is_the_new_ones(new: int) -> None:
    event, body = issue("opened", "08:00", number=30)
    told = [
        (event, {**body, "repository": SHOP}),
        of_search(new),
        (event, {**body, "repository": SEARCH}),
        sub_issue("added", "09:10", 30),
        sub_issue("removed", "09:30", 30),
        sub_issue("added", "09:30", new),
        started("11:00"),
        closed("13:00"),
    ]
    driven = Drive(DIRECTORY, instant(f"{DAY}T17:00:00Z"))
    driven.take(facts_of(told))
    items = [one.item for one in driven.timelines() if one.segments]
    assert items == [f"github.com:22#{new}"]


def commented(clock: str, login: str, number: int = 3) -> Told:
    body = {
        "action": "created",
        "issue": {"number": number, "created_at": time("09:00")},
        "comment": {"created_at": time(clock), "user": user(login)},
    }
    return "issue_comment", body


@pytest.mark.parametrize("number", range(1, 5))
@pytest.mark.parametrize("touch", ["comment", "label"])
def test_a_robot_hides_no_human_of_the_same_second(number: int, touch: str) -> None:
    """Five working days from the human's word at 17:00 on, then it is idle."""
    robot = commented("17:00", "ci[bot]", number)
    if touch == "label":
        bug = {"label": {"name": "bug"}, "shown": BUG}
        robot = issue("labeled", "17:00", "ci[bot]", number=number, **bug)
    begun = issue("labeled", "09:00", number=number, label={"name": "in progress"})
    for last in (
        [commented("17:00", "ada", number), robot],
        [robot, commented("17:00", "ada", number)],
    ):
        found = spent([begun, *last], "2026-03-20T17:00:00Z")
        # Monday the 2nd, then Tuesday to Monday, of eight hours each.
        assert sum(found.values()) == (1 + 5) * 8 * HOUR
        assert {(team, sort) for team, sort, _ in found} == {("shop", "active")}


@pytest.mark.parametrize("number", range(1, 5))
def test_who_takes_a_ticket_on_is_heard_beside_others_of_that_second(
    number: int,
) -> None:
    told = [
        issue("labeled", "09:00", number=number, label={"name": "in progress"}),
        issue("assigned", "10:00", number=number, assignee=user("pete")),
        commented("11:00", "pete", number),
        commented("11:00", "ada", number),
        issue(
            "closed",
            "13:00",
            number=number,
            shown={"closed_at": time("13:00"), "state_reason": "completed"},
        ),
    ]
    for order in (told, told[::-1]):
        found = spent(order)
        assert found["shop", "wait", "handoff"] == HOUR
        assert found["platform", "active", "request"] == 2 * HOUR


def pull(action: str, clock: str, *, draft: bool, **more: Any) -> Told:
    shown = {
        "number": 7,
        "created_at": time("09:00"),
        "updated_at": time(clock),
        "user": user("ada"),
        "draft": draft,
        "head": {"ref": "topic", "sha": "ab"},
        **more.pop("shown", {}),
    }
    return "pull_request", {
        "action": action,
        "pull_request": shown,
        "sender": user("ada"),
        **more,
    }


def asked(clock: str, *, draft: bool) -> Told:
    return pull("review_requested", clock, draft=draft, requested_reviewer=user("sam"))


def ended(*, draft: bool) -> Told:
    return pull("closed", "13:00", draft=draft, shown={"closed_at": time("13:00")})


DRAFTS: dict[str, tuple[list[Told], int]] = {
    "asked as a draft, never made ready": (
        [
            pull("synchronize", "09:30", draft=True),
            asked("10:00", draft=True),
            ended(draft=True),
        ],
        0,
    ),
    "asked as a draft, made ready": (
        [
            asked("10:00", draft=True),
            pull("ready_for_review", "12:00", draft=False),
            ended(draft=False),
        ],
        1,
    ),
    "made a draft unseen": (
        [
            pull("opened", "09:00", draft=False),
            asked("10:00", draft=False),
            pull("labeled", "11:00", draft=True, label={"name": "x"}),
            ended(draft=True),
        ],
        1,
    ),
    "made ready in the second of another action": (
        [
            pull("opened", "09:00", draft=True),
            asked("10:00", draft=True),
            pull("ready_for_review", "10:00", draft=False),
            ended(draft=False),
        ],
        3,
    ),
}


@pytest.mark.parametrize("case", DRAFTS)
def test_a_body_that_shows_a_draft_is_believed(case: str) -> None:
    told, hours = DRAFTS[case]
    for order in permutations(told):
        found = spent(list(order))
        assert found.get(("shop", "wait", "review_wait"), 0) == hours * HOUR
        assert sum(found.values()) == 4 * HOUR
