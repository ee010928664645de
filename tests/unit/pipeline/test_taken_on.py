"""What people do on GitHub, also as CDviz tells it, takes what they were handed on.

Specification 1.3: a handoff ends where it is "accepted by u (in-progress, or a comment,
transition or push by u; a review is none)", and "automation ignored" (1.2). The issue
is the shop's, started at nine, and pay's from ten on; the day ends at 17:00.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, permutations
from typing import Any

import pytest

from tests.harness.measured import measured
from tests.unit.decode.records import cdevent, native

Body = dict[str, Any]
TEAMS = """
version: 1
organisation: {name: Acme}
teams:
  - {id: shop, owns: [{repo: acme/shop}], members: ['github:dev-a']}
  - {id: pay, owns: [{repo: acme/pay}], members: ['github:dev-b']}
  - id: plat
    kind: platform
    owns: [{repo: acme/platform}]
    members: ['github:dev-c']
"""
EVENING = 1_772_470_800_000  # 2026-03-02T17:00:00Z
PLACE = {"id": 1, "full_name": "acme/shop"}
ELSEWHERE = {"id": 3, "full_name": "acme/platform"}
DEV_A, DEV_B, DEV_C = ({"login": f"dev-{one}", "type": "User"} for one in "abc")
ROBOT = {"login": "stale[bot]", "type": "Bot"}
WORKED = {("shop", "feature"): 3_600}
# From ten until noon, and until the evening: an acute quarter of an hour either way.
TAKEN_AT_NOON = (
    {"acute": 900, "chronic": 6_300},
    {**WORKED, ("pay", "request"): 18_000},
)
NEVER_TAKEN = ({"acute": 900, "chronic": 24_300}, WORKED)


def time(clock: str) -> str:
    return f"2026-03-02T{clock}:00Z"


def shown(number: int, clock: str, **more: Any) -> Body:
    stamps = {"created_at": time("09:00"), "updated_at": time(clock)}
    return {"number": number, "title": "x", "user": DEV_A, **stamps, **more}


def issue(action: str, clock: str, sender: Body = DEV_A, **more: Any) -> Body:
    whole = {"action": action, "issue": shown(3, clock), "sender": sender}
    return {**whole, "repository": PLACE, **more}


def pull(action: str, clock: str, sender: Body = DEV_A, **more: Any) -> Body:
    """Pull request 7, which closes the issue."""
    one = shown(7, clock, body="closes #3", head={"ref": "b", "sha": "ab"}, **more)
    whole = {"action": action, "number": 7, "pull_request": one, "sender": sender}
    return {**whole, "repository": PLACE}


def ended(sender: Body, **more: Any) -> Body:
    return pull("closed", "12:00", sender, closed_at=time("12:00"), **more)


def linked(sender: Body, side: str = "blocked_by", verb: str = "added") -> Body:
    """The issue is blocked by the platform's, as either repository's hook tells it."""
    home = side == "blocked_by"
    places = (PLACE, ELSEWHERE) if home else (ELSEWHERE, PLACE)
    return {
        "action": f"{side}_{verb}",
        "blocked_issue": shown(3, "12:00"),
        "blocking_issue": shown(5, "12:00"),
        "blocking_issue_repo" if home else "blocked_issue_repo": places[1],
        "repository": places[0],
        "sender": sender,
    }


def joined(sender: Body) -> Body:
    """An issue beside it became a part of it."""
    return {
        "action": "sub_issue_added",
        "parent_issue": shown(3, "12:00"),
        "sub_issue": shown(6, "12:00"),
        "sub_issue_repo": PLACE,
        "repository": PLACE,
        "sender": sender,
    }


def by_cdviz(github: Body) -> Body:
    """The CDEvent that CDviz makes of a body of an issue, at the time of the action."""
    known = {"opened": ("created", "created_at"), "closed": ("closed", "closed_at")}
    one = github["issue"]
    predicate, stamp = known.get(github["action"], ("updated", "updated_at"))
    event: Body = cdevent(f"ticket.{predicate}", customData={"github": github})
    event["context"]["timestamp"] = one[stamp]
    repo = github["repository"]["full_name"]
    page = f"https://api.github.com/repos/{repo}/issues/{one['number']}"
    event["subject"] = {"id": page, "content": {}}
    return event


HANDED_OVER = [
    issue("labeled", "09:00", label={"name": "in progress"}),
    pull("opened", "09:00"),
    issue("assigned", "10:00", assignee=DEV_B),
]


def orders(told: list[Body]) -> Iterator[list[Body]]:
    """Some orders of arrival, the first and the last of all among them."""
    yield from (told, told[::-1])
    yield from map(list, islice(permutations(told), 0, None, 17))


def figures(*told: Body) -> tuple[dict[str, int], dict[tuple[str, ...], int]]:
    """What the shop waits for pay, by phase; and who works for how long, of what."""
    found = measured(told, TEAMS, at=EVENING)
    waits = {
        phase: int(spent)
        for (*of, phase), spent in found.waits.items()
        if of == ["shop", "pay", "handoff"]
    }
    return waits, {of: int(spent) for of, spent in found.active.items()}


@pytest.mark.parametrize(
    ("sender", "expected"),
    [(DEV_B, TAKEN_AT_NOON), (DEV_C, NEVER_TAKEN), (ROBOT, NEVER_TAKEN)],
)
def test_whoever_closes_its_pull_request_takes_it_on(
    sender: Body, expected: tuple[dict[str, int], dict[tuple[str, ...], int]]
) -> None:
    for told in orders([*HANDED_OVER, ended(sender)]):
        assert figures(*told) == expected


def test_later_bodies_leave_who_closed_a_pull_request_as_it_was() -> None:
    """Each body tells the close again; only the first is by who did it."""
    later = [
        pull("labeled", clock, sender, closed_at=time("12:00"))
        for clock, sender in (("13:00", DEV_A), ("14:00", ROBOT))
    ]
    for told in orders([*HANDED_OVER, ended(DEV_B), *later]):
        assert figures(*told) == TAKEN_AT_NOON


def test_what_a_program_merged_takes_nothing_on_whoever_sent_that() -> None:
    merged = ended(DEV_B, merged_at=time("12:00"), merged_by=ROBOT)
    assert figures(*HANDED_OVER, merged) == NEVER_TAKEN


def test_a_merge_of_which_it_is_not_told_by_whom_is_the_senders() -> None:
    merged = ended(DEV_B, merged_at=time("12:00"), merged_by=None)
    assert figures(*HANDED_OVER, merged) == TAKEN_AT_NOON


def test_whoever_closes_the_issue_has_it_when_it_is_opened_again() -> None:
    """Closed by pay at noon; from one on it is rework, whoever opened it again."""
    shut = {"closed_at": time("12:00"), "state_reason": "completed"}
    closed = issue("closed", "12:00", DEV_B, issue=shown(3, "12:00", **shut))
    again = issue("reopened", "13:00", DEV_C)
    waits, active = figures(*HANDED_OVER, closed, again)
    assert waits == {"acute": 900, "chronic": 6_300}
    assert active == {**WORKED, ("pay", "rework"): 14_400}


@pytest.mark.parametrize(
    ("sender", "expected"),
    [(DEV_B, TAKEN_AT_NOON), (DEV_C, NEVER_TAKEN), (ROBOT, NEVER_TAKEN)],
)
@pytest.mark.parametrize("body", [joined, lambda by: linked(by, verb="removed")])
def test_whoever_gives_it_a_part_or_takes_a_blocker_off_takes_it_on(
    body: Any, sender: Body, expected: tuple[dict[str, int], dict[tuple[str, ...], int]]
) -> None:
    for told in orders([*HANDED_OVER, body(sender)]):
        assert figures(*told) == expected


@pytest.mark.parametrize(
    "told",
    [
        [linked(DEV_B)],
        [linked(DEV_B, side="blocking")],
        [linked(DEV_B), linked(DEV_B, side="blocking")],
    ],
)
def test_whoever_says_what_blocks_it_takes_it_on(told: list[Body]) -> None:
    """From noon on pay waits itself: one episode, whose first 900 s are over."""
    for order in orders([*HANDED_OVER, *told]):
        found = measured(order, TEAMS, at=EVENING)
        assert found.waits == {
            ("shop", "pay", "handoff", "acute"): 900,
            ("shop", "pay", "handoff", "chronic"): 6_300,
            ("pay", "plat", "dependency_link", "chronic"): 18_000,
        }
        assert found.active == WORKED


PAY = {"id": 2, "full_name": "acme/pay"}
MOVED = {"new_repository": PAY, "new_issue": {"number": 9}}
MOVED_BY_CDVIZ = [
    native(kind="ticket.started", time=time("09:00"), entity="acme/shop#3"),
    by_cdviz(issue("transferred", "10:00", changes=MOVED)),
]


def at_pay(action: str, clock: str, sender: Body, **more: Any) -> Body:
    """What CDviz makes of what is done to it where it was transferred to."""
    one = shown(9, clock, **more)
    return by_cdviz(issue(action, clock, sender, issue=one, repository=PAY))


@pytest.mark.parametrize("action", ["created", "labeled", "edited", "reopened"])
@pytest.mark.parametrize(
    ("sender", "expected"),
    [(DEV_B, TAKEN_AT_NOON), (DEV_C, NEVER_TAKEN), (ROBOT, NEVER_TAKEN)],
)
def test_what_cdviz_tells_is_by_whom_it_names(
    action: str,
    sender: Body,
    expected: tuple[dict[str, int], dict[tuple[str, ...], int]],
) -> None:
    for told in orders([*MOVED_BY_CDVIZ, at_pay(action, "12:00", sender)]):
        assert figures(*told) == expected


def test_cdviz_hides_no_receiver_behind_others_of_that_second() -> None:
    for first in (DEV_A, DEV_C, ROBOT):
        both = [at_pay("created", "12:00", one) for one in (first, DEV_B)]
        for told in orders([*MOVED_BY_CDVIZ, *both]):
            assert figures(*told) == TAKEN_AT_NOON


def test_a_comment_on_its_pull_request_takes_it_on_as_cdviz_tells_it() -> None:
    """An issue's body without the pull request's own, by which GitHub tells it."""
    for sender, expected in ((DEV_B, TAKEN_AT_NOON), (DEV_C, NEVER_TAKEN)):
        comment = issue("created", "12:00", sender, issue=shown(7, "12:00"))
        for told in orders([*HANDED_OVER, by_cdviz(comment)]):
            assert figures(*told) == expected


def test_whoever_closes_it_has_it_again_as_cdviz_tells_it() -> None:
    """As by GitHub's own bodies; who opened it again is in no team that had it."""
    closed = at_pay("closed", "12:00", DEV_B, closed_at=time("12:00"))
    told = [*MOVED_BY_CDVIZ, closed, at_pay("reopened", "13:00", DEV_C)]
    for order in orders(told):
        waits, active = figures(*order)
        assert waits == {"acute": 900, "chronic": 6_300}
        assert active == {**WORKED, ("pay", "rework"): 14_400}
