"""CDviz's CDEvents say of a pull request what GitHub's own bodies say of it."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.decode.settings import DecodeSettings
from monitor.domain.facts import Fact, Kind
from monitor.domain.opaque import branch_word
from monitor.domain.outcomes import Decoded
from tests.unit.decode.github.github_records import MS, facts, pull
from tests.unit.decode.records import cdevent, of, only_fact

SETTINGS = DecodeSettings(bots=frozenset({"sweeper"}))
ACTIONS = (
    *("synchronize", "reopened", "ready_for_review", "converted_to_draft"),
    *("edited", "labeled", "unlabeled", "assigned", "unassigned", "milestoned"),
    *("enqueued", "dequeued", "auto_merge_enabled", "auto_merge_disabled"),
    *("locked", "unlocked", "never_heard_of"),
)
SWEEPER = {"login": "Sweeper", "type": "User"}
RENOVATE = {"login": "renovate[bot]", "type": "Bot"}
ADA = {"login": "ada", "type": "User"}
BOB = {"login": "bob", "type": "User"}
BY_ADA = {"pull_request": {"user": ADA}}
NO_STAGES = {Kind.TICKET_UPDATED, Kind.CHANGE_PUSHED}
WRITTEN = {"state": "commented", "url": "https://github.com/acme/shop/pull/7#r"}


def seen(predicate: str, **github: Any) -> Decoded:
    event = cdevent(f"change.{predicate}", customData={"github": github})
    return of(event, settings=SETTINGS)


def fact(predicate: str, **github: Any) -> Fact:
    return only_fact(seen(predicate, **github))


@pytest.mark.parametrize("action", ACTIONS)
def test_an_update_is_what_github_makes_of_its_action(action: str) -> None:
    shown = facts("pull_request", pull(action))
    by_github = [one.kind for one in shown if one.time > MS[0]]
    assert [one.kind for one in seen("updated", action=action).facts] == by_github


def test_a_comment_on_a_line_is_an_activity() -> None:
    for comment in ({}, {"comment": {"id": 5, "user": BOB}}):
        made = fact("updated", action="created", sender=BOB, **comment)
        assert made.kind is Kind.TICKET_COMMENTED
        assert made.people == {"actor": "github:bob"}
    by_program = fact("updated", action="created", sender=RENOVATE)
    assert by_program.fields == {"automation": True}


@pytest.mark.parametrize("action", ["edited", "deleted"])
def test_what_becomes_of_a_comment_later_says_nothing(action: str) -> None:
    """GitHub's own body tells the comment again, at the time it was made."""
    assert seen("updated", action=action, sender=BOB, comment={"id": 5}).ignored


@pytest.mark.parametrize("action", ["labeled", "created"])
def test_touches_of_one_second_are_one_for_each_person_and_one_for_programs(
    action: str,
) -> None:
    touched = [
        fact("updated", action=action, sender=sender)
        for sender in (ADA, BOB, RENOVATE, SWEEPER, ADA)
    ]
    ada, bob, renovate, sweeper, again = (one.identity for one in touched)

    assert len({ada, bob, renovate}) == 3
    assert (again, sweeper) == (ada, renovate)


def test_an_update_nothing_is_said_of_is_a_push() -> None:
    for action in ({}, {"action": None}, {"action": ""}, {"action": 5}):
        assert fact("updated", **action).kind is Kind.CHANGE_PUSHED


@pytest.mark.parametrize("sender", [SWEEPER, RENOVATE, {"login": "renovate[bot]"}])
def test_a_change_that_a_program_opened_is_a_bots(sender: dict[str, str]) -> None:
    said = fact("created", sender=sender).fields
    assert said == {"bot": True, "automation": True}
    assert fact("created", sender=ADA).fields == {}


@pytest.mark.parametrize(
    "github",
    [{"sender": ADA}, {"sender": BOB, **BY_ADA}, {"sender": RENOVATE, **BY_ADA}],
)
def test_a_change_is_its_authors(github: dict[str, Any]) -> None:
    assert fact("created", **github).people.get("author") == "github:ada"


def test_an_author_is_told_with_an_opening_alone() -> None:
    for action in ("labeled", "synchronize", "ready_for_review"):
        found = fact("updated", action=action, sender=BOB, **BY_ADA)
        assert found.people == {"actor": "github:bob"}
    again = fact("updated", action="reopened", sender=BOB, **BY_ADA)
    assert again.people == {"actor": "github:bob", "author": "github:ada"}
    assert fact("updated", action="reopened", sender=BOB).people == {
        "actor": "github:bob"
    }


@pytest.mark.parametrize("predicate", ["updated", "merged", "abandoned"])
def test_what_a_program_does_to_a_humans_change_makes_it_no_bots(
    predicate: str,
) -> None:
    assert fact(predicate, sender=RENOVATE).fields == {"automation": True}


def test_the_pull_requests_author_opened_it_whoever_did_the_rest() -> None:
    """Spec 0.5 comes with GitHub's whole body."""
    assert fact("merged", sender=ADA, pull_request={"user": RENOVATE}).fields == {
        "bot": True
    }
    by_program = {"sender": RENOVATE, "pull_request": {"user": ADA}}
    assert fact("created", **by_program).fields == {"automation": True}


@pytest.mark.parametrize("draft", [True, False, None, "true"])
def test_a_draft_is_one_from_its_opening_on(draft: object) -> None:
    """Opened anew, too: no event of its own says so, as in GitHub's own bodies."""
    of_a_draft = {"pull_request": {"draft": draft, "user": ADA}}
    shown = [Kind.CHANGE_DRAFTED] if draft is True else []
    for told in (
        seen("created", action="opened", **of_a_draft),
        seen("updated", action="reopened", **of_a_draft),
    ):
        assert [one.kind for one in told.facts] == [Kind.CHANGE_OPENED, *shown]
        assert len({(one.entity, one.time) for one in told.facts}) == 1
    for action in ("labeled", "synchronize"):
        assert fact("updated", action=action, **of_a_draft).kind in NO_STAGES


def test_what_a_program_reviews_is_no_review() -> None:
    assert seen("reviewed", sender=RENOVATE).ignored
    assert fact("reviewed", sender=ADA).kind is Kind.CHANGE_REVIEWED


@pytest.mark.parametrize(
    "github",
    [
        {"sender": BOB, "review": {**WRITTEN, "author": "Bob"}},
        {"sender": BOB, "review": {**WRITTEN, "author": "bob"}, **BY_ADA},
        {"sender": ADA, "review": {**WRITTEN, "user": BOB}, **BY_ADA},
        {"sender": ADA, "review": {**WRITTEN, "author": "bob"}, **BY_ADA},
        {"sender": BOB, "review": {**WRITTEN, "author": None}},
        {"sender": BOB, **BY_ADA},
    ],
)
def test_a_review_is_by_whom_the_body_names(github: dict[str, Any]) -> None:
    found = fact("reviewed", **github)

    assert found.kind is Kind.CHANGE_REVIEWED
    assert found.people == {"reviewer": "github:bob"}
    assert found.fields.keys() == {"request"}


def test_a_review_that_names_nobody_is_the_repository_owners() -> None:
    for github in ({}, BY_ADA, {"sender": {"login": 5}}):
        found = fact("reviewed", **github)
        assert (found.people, found.fields) == ({}, {"inferred": True})


@pytest.mark.parametrize("review", [{}, {"author": "ADA"}, {"user": ADA}])
def test_what_the_author_reviews_is_a_comment(review: dict[str, Any]) -> None:
    found = fact("reviewed", sender=ADA, review={**WRITTEN, **review}, **BY_ADA)

    assert found.kind is Kind.TICKET_COMMENTED
    assert (found.people, found.fields) == ({"actor": "github:ada"}, {})


@pytest.mark.parametrize("author", ["renovate[bot]", "sweeper"])
def test_a_review_that_a_program_wrote_is_none(author: str) -> None:
    assert seen("reviewed", sender=ADA, review={**WRITTEN, "author": author}).ignored


@pytest.mark.parametrize(
    "github", [None, "x", [], {"sender": "ada"}, {"sender": {"login": 5, "type": []}}]
)
def test_what_is_no_body_of_githubs_says_nothing(github: object) -> None:
    event = cdevent("change.created", customData={"github": github})
    assert only_fact(of(event)).fields == {}


HERE = {"repo": {"id": 77}}
HEAD = {"ref": "chk-1-till", "sha": "ab12cd3", **HERE}
TOLD = {"sha": "ab12cd3", "branch": branch_word("chk-1-till"), "tickets": ["CHK-1"]}


def head_told(predicate: str, **pull_request: Any) -> dict[str, Any]:
    """What a change in an unnamed repository says, which is of its head alone."""
    event = cdevent(
        f"change.{predicate}", customData={"github": {"pull_request": pull_request}}
    )
    return dict(only_fact(of(event)).fields)


@pytest.mark.parametrize("predicate", ["created", "updated"])
def test_a_change_is_of_its_commit_and_branch(predicate: str) -> None:
    assert head_told(predicate, head=HEAD, base=HERE) == TOLD
    assert head_told(predicate, head={"ref": "x"}) == {"branch": branch_word("x")}


@pytest.mark.parametrize("source", [{"id": 78}, None])
def test_the_branch_of_a_fork_names_its_ticket_and_no_branch_here(
    source: object,
) -> None:
    said = head_told("created", head={**HEAD, "repo": source}, base=HERE)

    assert said == {"sha": "ab12cd3", "fork": True, "tickets": ["CHK-1"]}


def test_a_branch_called_like_the_one_it_is_for_is_a_forks() -> None:
    """What CDviz's pollers send names no fork."""
    polled = {"head": {"ref": "main", "sha": "ab12cd3"}, "base": {"ref": "main"}}

    assert head_told("created", **polled) == {"sha": "ab12cd3", "fork": True}
    polled["base"] = {"ref": "next"}
    branch = branch_word("main")
    assert head_told("created", **polled) == {"sha": "ab12cd3", "branch": branch}


def test_a_merged_change_is_of_the_commit_that_was_made_of_it() -> None:
    said = head_told("merged", head={**HEAD, "ref": "x"}, merge_commit_sha="CD34EF5")

    assert said == {"sha": "cd34ef5"}
    assert head_told("merged", head={"sha": "ab12cd3"}) == {}
