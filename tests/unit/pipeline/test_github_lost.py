"""Pull requests and issues of GitHub when bodies are lost, or say another class.

What is expected is by the specification of the hours told: 1.2 (rework after done),
1.3 ("a draft's requests count from ready"), 1.7, and design 11.9 ("a class holds as
of event time; earlier time belongs to the first class stated"). A body is of its own
time, whenever it comes.
"""

from __future__ import annotations

from itertools import islice, permutations
from typing import Any

import pytest

from tests.unit.pipeline.test_github_items import (
    HOUR,
    Told,
    asked,
    closed,
    issue,
    pull,
    spent,
    started,
    time,
    user,
)

ISSUES = "https://api.github.com/repos/acme/shop/issues"
MERGED = {"closed_at": time("14:00"), "merged_at": time("14:00")}


def orders(told: list[Told]) -> list[list[Told]]:
    """Some orders of arrival, the first and the last of all among them."""
    every = map(list, islice(permutations(told), 0, None, 17))
    return [told, told[::-1], *every]


def opened(*, draft: bool = False, **more: Any) -> Told:
    return pull("opened", "09:00", draft=draft, **more)


def merged(clock: str = "14:00", **shown: Any) -> Told:
    ends = {"closed_at": time(clock), "merged_at": time(clock)}
    return pull("closed", clock, draft=False, shown=ends | shown)


def reviewed(clock: str, login: str = "sam", action: str = "submitted") -> Told:
    review = {"user": user(login), "submitted_at": time(clock)}
    _, body = pull(action, clock, draft=False)
    return "pull_request_review", {**body, "review": review}


def labelled(clock: str, **shown: Any) -> Told:
    return pull("labeled", clock, draft=False, shown=shown)


READY: dict[str, tuple[list[Told], int]] = {
    "shown by a request": (
        [
            opened(draft=True),
            asked("11:00", draft=False),
            reviewed("13:00"),
            merged(),
        ],
        2,
    ),
    "shown by a request, of one converted to a draft": (
        [
            opened(),
            pull("converted_to_draft", "09:30", draft=True),
            asked("11:00", draft=False),
            pull("synchronize", "12:00", draft=False),
            reviewed("13:00"),
            merged(),
        ],
        2,
    ),
    "shown by another person's review": (
        [
            opened(draft=True),
            asked("10:00", draft=True),
            reviewed("11:00", "pete"),
            merged(),
        ],
        3,
    ),
    "shown by a review that was dismissed later": (
        [
            opened(draft=True),
            asked("10:00", draft=True),
            reviewed("11:00", "pete"),
            (
                "pull_request_review",
                pull("dismissed", "13:00", draft=False)[1]
                | {"review": {"user": user("pete"), "submitted_at": time("11:00")}},
            ),
            merged(),
        ],
        3,
    ),
    "not before it was told": (
        [
            opened(draft=True),
            asked("10:00", draft=True),
            pull("ready_for_review", "11:00", draft=False),
            labelled("12:00"),
            merged(),
        ],
        3,
    ),
    "of before it was made a draft": (
        [
            opened(),
            labelled("09:30"),
            pull("converted_to_draft", "10:00", draft=True),
            asked("10:30", draft=True),
            merged(),
        ],
        0,
    ),
    "while it was asked, then made a draft": (
        [
            opened(),
            asked("10:00", draft=False),
            labelled("11:00"),
            pull("converted_to_draft", "12:00", draft=True),
            merged(),
        ],
        2,
    ),
    "in the second in which it was made a draft": (
        [
            opened(),
            asked("10:00", draft=False),
            pull("converted_to_draft", "10:00", draft=True),
            merged(),
        ],
        0,
    ),
}


@pytest.mark.parametrize("case", READY)
def test_a_draft_that_is_shown_ready_was_made_ready(case: str) -> None:
    told, hours = READY[case]
    for order in orders(told):
        found = spent(order)
        assert found.get(("shop", "wait", "review_wait"), 0) == hours * HOUR
        assert sum(found.values()) == 5 * HOUR


def said(clock: str, **shown: Any) -> Told:
    """A comment on pull request 7, as its issue."""
    body = {
        "action": "created",
        "issue": {
            "number": 7,
            "created_at": time("09:00"),
            "updated_at": time(clock),
            "pull_request": {},
            **shown,
        },
        "comment": {"created_at": time(clock), "user": user("ada")},
    }
    return "issue_comment", body


AGAIN: dict[str, tuple[list[Told], int, int]] = {
    "pushed to and asked": (
        [
            opened(),
            pull("closed", "10:00", draft=False, shown={"closed_at": time("10:00")}),
            pull("synchronize", "12:00", draft=False),
            asked("13:00", draft=False),
            reviewed("14:00"),
            merged("15:00"),
        ],
        3,
        1,
    ),
    "commented on": (
        [
            opened(),
            pull("closed", "10:00", draft=False, shown={"closed_at": time("10:00")}),
            said("12:00"),
            merged("15:00"),
        ],
        4,
        0,
    ),
    "in the very second of its end": (
        [
            opened(),
            labelled("10:00"),
            pull("closed", "10:00", draft=False, shown={"closed_at": time("10:00")}),
        ],
        1,
        0,
    ),
    "after it was merged, which nothing undoes": (
        [opened(), labelled("11:00"), merged("10:00")],
        1,
        0,
    ),
    "by a body that was made before the comment it tells": (
        [
            opened(),
            pull("closed", "10:00", draft=False, shown={"closed_at": time("10:00")}),
            said("12:00", updated_at=time("09:30")),
        ],
        1,
        0,
    ),
}


@pytest.mark.parametrize("case", AGAIN)
def test_what_is_shown_open_was_opened_again(case: str) -> None:
    told, active, waited = AGAIN[case]
    for order in orders(told):
        found = spent(order)
        assert found.get(("shop", "wait", "review_wait"), 0) == waited * HOUR
        assert found["shop", "active", "feature"] == active * HOUR


def test_an_issue_that_is_shown_reopened_is_worked_on_again() -> None:
    _, body = said("12:00", state_reason="reopened", number=3)
    del body["issue"]["pull_request"]
    told = [
        started("09:00"),
        closed("10:00"),
        ("issue_comment", body),
        closed("13:00"),
    ]
    for order in permutations(told):
        found = spent(list(order))
        assert found == {
            ("shop", "active", "feature"): HOUR,
            ("shop", "active", "rework"): HOUR,
        }


@pytest.mark.parametrize("parent", [{}, {"parent_issue_url": f"{ISSUES}/2"}])
@pytest.mark.parametrize("lost", [0, 1])
def test_an_issue_is_of_another_class_from_then_on(
    parent: dict[str, str], lost: int
) -> None:
    """Also where its opening is lost, or it is shown to be part of another."""
    progress = {"name": "in progress"}
    bug = {"labels": [{"name": "bug"}, progress], **parent}
    feature = {"labels": [{"name": "feature"}, progress], **parent}
    told = [
        issue("opened", "09:00", shown=bug),
        issue("labeled", "09:00", label=progress, shown=bug),
        issue("labeled", "12:00", label={"name": "feature"}, shown=feature),
        closed("14:00", **feature),
    ]
    for order in permutations(told[lost:]):
        found = spent(list(order))
        assert found == {
            ("shop", "active", "defect"): 3 * HOUR,
            ("shop", "active", "feature"): 2 * HOUR,
        }


def test_a_comment_of_a_review_tells_nothing_of_when_it_was_written() -> None:
    """It was drafted at 10:00, when the pull request was no draft; sent at 13:00."""
    _, body = pull("created", "13:00", draft=True)
    written = {"created_at": time("10:00"), "user": user("sam")}
    comment = "pull_request_review_comment", {**body, "comment": written}
    told = [
        opened(),
        asked("10:00", draft=False),
        pull("converted_to_draft", "12:00", draft=True),
        comment,
        merged("14:00"),
    ]
    for one in orders(told):
        assert spent(one)["shop", "wait", "review_wait"] == 2 * HOUR


FEATURE = {"title": "feat: slow till"}
FIX = {"title": "fix: slow till"}
BUG = FEATURE | {"labels": [{"name": "bug"}]}
Hours = dict[str, int]
CLASSES: dict[str, tuple[list[Told], Hours]] = {
    "by a label": (
        [opened(shown=FEATURE), labelled("11:00", **BUG), merged("12:00", **BUG)],
        {"feature": 2, "defect": 1},
    ),
    "by a label after the merge": (
        [
            opened(shown=FEATURE),
            merged("12:00", **FEATURE),
            labelled("15:00", closed_at=time("12:00"), merged_at=time("12:00"), **BUG),
        ],
        {"feature": 3},
    ),
    "by another title": (
        [
            opened(shown=FEATURE),
            pull("edited", "11:00", draft=False, shown=FIX),
            merged("12:00", **FIX),
        ],
        {"feature": 2, "defect": 1},
    ),
    "and back": (
        [
            opened(shown=FEATURE),
            labelled("10:00", **BUG),
            pull("unlabeled", "11:00", draft=False, shown=FEATURE),
            merged("12:00", **FEATURE),
        ],
        {"feature": 2, "defect": 1},
    ),
    "unseen, as later bodies show": (
        [
            opened(shown=FEATURE),
            pull("synchronize", "11:00", draft=False, shown=BUG),
            merged("12:00", **BUG),
        ],
        {"feature": 2, "defect": 1},
    ),
    "of one whose opening is lost": (
        [
            pull("synchronize", "10:00", draft=False, shown=FEATURE),
            labelled("11:00", **BUG),
            merged("12:00", **BUG),
        ],
        {"feature": 2, "defect": 1},
    ),
    "by a label that is taken off again, with no other class": (
        [
            opened(shown={"labels": [{"name": "bug"}]}),
            pull("unlabeled", "11:00", draft=False),
            merged("12:00"),
        ],
        {"defect": 3},
    ),
    "at the end alone": (
        [opened(shown=FEATURE), merged("12:00", **BUG)],
        {"feature": 3},
    ),
    "by a comment on it": (
        [opened(shown=FEATURE), said("11:00", **BUG), merged("12:00", **BUG)],
        {"feature": 2, "defect": 1},
    ),
    "in the second it was opened in": (
        [opened(shown=FEATURE), labelled("09:00", **BUG), merged("12:00", **BUG)],
        {"defect": 3},
    ),
    "seen by nothing that is of a time": (
        [
            (
                "pull_request_review_thread",
                pull("resolved", "12:00", draft=False, shown=MERGED | FIX)[1],
            )
        ],
        {"defect": 5},
    ),
}


@pytest.mark.parametrize("number", [7, 8, 9, 10])
@pytest.mark.parametrize("case", CLASSES)
def test_a_change_is_of_another_class_from_then_on(case: str, number: int) -> None:
    """The number only decides which of one second's facts has the lower hash."""
    told, hours = CLASSES[case]
    for one in orders(told):
        found = spent([(event, numbered(body, number)) for event, body in one])
        expected = {("shop", "active", of): n * HOUR for of, n in hours.items()}
        assert found == expected


def numbered(body: dict[str, Any], number: int) -> dict[str, Any]:
    name = "issue" if "issue" in body else "pull_request"
    return body | {name: body[name] | {"number": number}}
