"""CDviz tells whose review is asked as GitHub's own bodies tell it."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.domain.facts import Fact, Kind
from monitor.domain.making import raw_target
from monitor.domain.outcomes import Decoded
from tests.unit.decode.github.github_records import (
    MS,
    REPOSITORY,
    SETTINGS,
    T,
    facts,
    pull,
    user,
)
from tests.unit.decode.records import cdevent, codes, of, only_fact

API = "https://api.github.com/repos/Acme/Shop"
REQUESTED, REMOVED = "review_requested", "review_request_removed"
ACTIONS = pytest.mark.parametrize("action", [REQUESTED, REMOVED])
PAGE = "https://github.com/orgs/Acme-Inc/teams/tills"


def cdviz(
    body: dict[str, Any], predicate: str = "updated", **friction: object
) -> Decoded:
    """What becomes of what CDviz makes of a body of GitHub's."""
    whole = {"repository": REPOSITORY, **body}
    custom = {"github": whole, "friction": friction}
    event: dict[str, Any] = cdevent(f"change.{predicate}", customData=custom)
    event["context"]["timestamp"] = T[3]
    content = {"repository": {"id": API}}
    event["subject"] = {"id": f"{API}/pulls/7", "content": content}
    return of(event, settings=SETTINGS)


def by_hook(body: dict[str, Any], event: str = "pull_request") -> list[Fact]:
    """What GitHub's own body says beside the pull request's life."""
    return [one for one in facts(event, body) if one.time == MS[3]]


def target(found: Fact) -> tuple[object, ...]:
    """What of a request, or of its answer, tells it from others."""
    fields = found.fields
    named = fields.get("group"), fields.get("request"), fields.get("request_number")
    told = *named, found.people, raw_target(fields, found.people)
    return found.kind, found.time, *told


@ACTIONS
@pytest.mark.parametrize(
    "asked",
    [
        {"requested_reviewer": user("Dev-B")},
        {"requested_reviewer": {**user("Dev-B"), "id": 77}},
        {"requested_team": {"slug": "tills", "html_url": PAGE, "id": 900}},
        {"requested_team": {"slug": "tills", "html_url": PAGE}},
        {"requested_team": {"slug": "Tills"}, "organization": user("Acme-Inc")},
        {"requested_team": {"slug": "tills"}},
    ],
)
def test_a_request_is_the_one_that_githubs_hook_tells(
    action: str, asked: dict[str, Any]
) -> None:
    body = pull(action, **asked)

    (expected,) = by_hook(body)
    assert target(only_fact(cdviz(body))) == target(expected)


def test_a_request_is_of_a_person_who_is_kept_by_no_name() -> None:
    found = only_fact(cdviz(pull(REQUESTED, requested_reviewer=user("Dev-B"))))

    assert found.people == {"asked": "github:dev-b"}
    assert "dev-b" not in repr(found.fields)


def test_a_request_is_of_a_team() -> None:
    team = {"slug": "Tills", "html_url": PAGE}
    found = only_fact(cdviz(pull(REQUESTED, requested_team=team)))

    assert found.kind is Kind.CHANGE_REVIEW_REQUESTED
    assert found.people == {}
    assert found.fields["group"] == found.fields["request"] == "@acme-inc/tills"


@ACTIONS
@pytest.mark.parametrize(
    "asked",
    [
        {"requested_reviewer": user("dependabot", "Bot")},
        {"requested_reviewer": user("helper[bot]")},
        {"requested_reviewer": user("ci-account")},
        {"requested_reviewer": None},
        {"requested_reviewer": {"login": 5}},
        {"requested_team": {"name": "Tills"}},
        {"requested_team": None},
    ],
)
def test_whoever_is_a_program_or_gone_delays_nobody(
    action: str, asked: dict[str, Any]
) -> None:
    assert cdviz(pull(action, **asked)).ignored


@ACTIONS
def test_a_request_that_does_not_say_of_whom_is_an_activity(action: str) -> None:
    """Spec 0.4 has who sent it, and the repository."""
    assert only_fact(cdviz(pull(action))).kind is Kind.TICKET_UPDATED


def test_a_review_answers_the_request_that_githubs_hook_tells() -> None:
    reviewer = {**user("Dev-B"), "id": 77}
    review = {"user": reviewer, "submitted_at": T[3]}
    body = {**pull("submitted"), "review": review, "sender": reviewer}
    *_, expected = by_hook(body, "pull_request_review")

    body["review"] = {"author": "Dev-B", "state": "commented"}
    assert target(only_fact(cdviz(body, "reviewed"))) == target(expected)
    # The sender of a later event may be anybody, and has another number.
    body["sender"] = {**user("dev-c"), "id": 78}
    assert "request_number" not in only_fact(cdviz(body, "reviewed")).fields


TILLS = {"slug": "Tills", "html_url": PAGE, "id": 900}


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ({"requested_teams": [TILLS, {"slug": "shelves"}]}, True),
        ({"requested_teams": []}, True),
        ({"requested_teams": None}, False),
        ({}, False),
        # As it was before the review.
        ({"requested_teams": [], "updated_at": T[2]}, False),
    ],
)
def test_a_review_shows_the_teams_still_asked_that_githubs_own_body_shows(
    shown: dict[str, Any], *, told: bool
) -> None:
    body = {
        **pull("submitted"),
        "review": {"user": user("Dev-B"), "submitted_at": T[3]},
    }
    body["pull_request"] |= shown
    *_, expected = by_hook(body, "pull_request_review")
    found = only_fact(cdviz({**body, "review": {"author": "Dev-B"}}, "reviewed"))

    assert ("asked" in found.fields) is told
    assert found.fields.get("asked") == expected.fields.get("asked")


@pytest.mark.parametrize(
    "shown",
    [
        {"requested_teams": {"slug": "tills"}, "updated_at": T[3]},
        {"requested_teams": [], "updated_at": None},
    ],
)
def test_what_is_no_list_of_teams_of_then_shows_nothing(shown: dict[str, Any]) -> None:
    body = {**pull("submitted"), "review": {"author": "Dev-B"}}
    body["pull_request"] |= shown
    assert "asked" not in only_fact(cdviz(body, "reviewed")).fields


def test_teams_of_wrong_types_are_not_among_those_asked() -> None:
    body = {**pull("submitted"), "review": {"author": "Dev-B"}}
    teams = ["tills", {"slug": 5, "id": "x"}, {"slug": "tills"}]
    body["pull_request"] |= {"requested_teams": teams}
    found = only_fact(cdviz(body, "reviewed"))
    assert found.fields["asked"] == ["@acme/tills"]


def test_a_team_that_is_stated_is_asked_whoever_was() -> None:
    body = pull(REQUESTED, requested_reviewer=user("Dev-B"))
    stated = only_fact(cdviz(body, on_team="search")).fields

    assert stated["on_team"] == "search"
    # So that a removal which states nothing ends it.
    assert stated["request"] == only_fact(cdviz(body)).fields["request"]


def test_a_request_is_of_the_events_subject_where_no_repository_is_told() -> None:
    asked, removed, other = (
        {**pull(action, requested_reviewer=user(whom)), "repository": {"url": API}}
        for action, whom in (
            (REQUESTED, "dev-b"),
            (REMOVED, "dev-b"),
            (REQUESTED, "dev-c"),
        )
    )
    key = only_fact(cdviz(asked)).fields["request"]

    assert only_fact(cdviz(removed)).fields["request"] == key
    assert only_fact(cdviz(other)).fields["request"] != key


def test_a_teams_name_is_no_longer_than_any_real_one() -> None:
    wrong = cdviz(pull(REQUESTED, requested_team={"slug": "x" * 1_001}))

    assert codes(wrong) == [("bad_value", "customData.github.requested_team.slug")]
