"""A sub-task's parent, told by whatever body shows it.

Of a creation the earliest body's words count, of a link those of the one that told it
first, and it may be the other ticket's: none of these tells a parent for good that
became known only later.
"""

from __future__ import annotations

from typing import Any

import pytest

from monitor.domain.facts import Fact
from tests.unit.decode.jira.jira_bodies import (
    DOING,
    PERSON,
    TODO,
    facts_of,
    issue,
    item,
    updated,
)
from tests.unit.decode.records import TEN_O_CLOCK

SUB_TASK: Any = {"name": "Teilaufgabe", "subtask": True}
PARENT: Any = {"id": "499", "key": "CHK-0"}
OTHER: Any = {"id": "7", "key": "PLT-1", "fields": {"status": {"name": "To Do"}}}
LINK: Any = {"id": "9", "type": {"name": "Blocks"}, "inwardIssue": OTHER}
COMMENT: Any = {
    "id": "1",
    "author": PERSON,
    "created": "2026-03-02T10:30:00.000+0000",
}


def shown(**fields: Any) -> Any:
    """The sub-task, as any body shows it."""
    return issue(DOING, issuetype=SUB_TASK, parent=PARENT, **fields)


def linked(before: str | None, after: str | None) -> Any:
    keys = {"from": before and "PLT-1", "to": after and "PLT-1"}
    return item("Link", before, after, **keys)


def telling(body: Any) -> list[Fact]:
    """The facts that tell by themselves whose part it is."""
    return [
        fact
        for fact in facts_of(body)
        if set(fact.fields) == {"parent", "automation"} and "actor" not in fact.people
    ]


SHOWING = {
    "a link": updated(shown(), linked(None, "This issue is blocked by PLT-1")),
    "a link that is shown, too": updated(
        shown(issuelinks=[LINK]), linked(None, "This issue is blocked by PLT-1")
    ),
    "a link taken off": updated(
        shown(), linked("This issue is blocked by PLT-1", None)
    ),
    "a link by which it blocks another": updated(
        shown(), linked(None, "This issue blocks PLT-1")
    ),
    "a comment": {
        "webhookEvent": "comment_created",
        "timestamp": TEN_O_CLOCK,
        "comment": COMMENT,
        "issue": shown(),
    },
    "its creation": {"webhookEvent": "jira:issue_created", "issue": shown()},
    "any change": updated(shown(), item("labels", "", "x")),
    "asked for": shown(),
    "asked for, with a link": shown(issuelinks=[LINK]),
    "asked for, with a comment": shown(comment={"comments": [COMMENT]}),
    "asked for, in progress since": shown(
        statuscategorychangedate="2026-03-02T10:45:00.000+0000"
    ),
}


@pytest.mark.parametrize("body", SHOWING.values(), ids=SHOWING)
def test_the_newest_body_that_shows_a_parent_tells_it_of_the_creation(
    body: Any,
) -> None:
    """By a fact of its own that outranks the creation's, and is nobody's activity."""
    (told,) = telling(body)
    (created,) = (fact for fact in facts_of(body) if fact.kind == "ticket.created")
    assert told.entity == "CHK-1"
    assert told.fields == {"parent": "CHK-0", "automation": True}
    assert told.time == created.time
    assert told.revision > created.revision


def test_of_two_such_bodies_the_newer_ones_word_counts() -> None:
    first = shown()
    later = shown(updated="2026-03-02T12:00:00.000+0000")
    later["fields"]["parent"] = {"id": "498", "key": "CHK-2"}
    (before,), (after,) = telling(first), telling(later)
    assert before.identity == after.identity
    assert before.revision < after.revision


def test_nothing_is_told_below_an_issue_that_is_no_part() -> None:
    story = issue(TODO, parent=PARENT)
    link = linked(None, "This issue is blocked by PLT-1")
    assert [*telling(story), *telling(updated(story, link))] == []
