"""What is around a body may call its event anything: the body says what it is."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.decode.settings import NO_HINT, TopicHint
from monitor.domain.facts import Kind
from monitor.domain.outcomes import Decoded
from tests.unit.decode.records import codes, of

GITHUB = TopicHint(provider="github")
JIRA = TopicHint(provider="jira")
PULL: dict[str, Any] = {
    "action": "opened",
    "number": 1,
    "pull_request": {
        "id": 1,
        "number": 1,
        "title": "feat: x",
        "user": {"login": "ada", "id": 1, "type": "User"},
        "created_at": "2026-03-02T09:00:00Z",
        "updated_at": "2026-03-02T09:00:00Z",
        "html_url": "https://github.com/acme/shop/pull/1",
        "head": {"ref": "f", "sha": "a" * 40},
        "base": {"ref": "main"},
    },
    "repository": {"id": 5, "full_name": "acme/shop"},
    "sender": {"login": "ada", "id": 1, "type": "User"},
}
COMMENT = {
    "webhookEvent": "comment_created",
    "timestamp": 1_772_445_600_000,
    "comment": {
        "id": "5",
        "self": "https://jira.example/rest/api/2/issue/100/comment/5",
        "author": {"name": "ada"},
    },
    "issue": {"id": "100", "key": "CHK-1", "self": "https://jira.example/rest/api/2/1"},
}


def bus(name: str, body: object, source: str = "com.acme.github") -> dict[str, object]:
    return {"version": "0", "detail-type": name, "source": source, "detail": body}


def header(name: str) -> dict[str, str]:
    return {"X-GitHub-Event": name}


def is_opened(decoded: Decoded) -> bool:
    """Whether the pull request is read as without anything around it."""
    opened = decoded.facts and decoded.facts[0].kind is Kind.CHANGE_OPENED
    return bool(opened) and decoded == of(PULL)


@pytest.mark.parametrize("hint", [NO_HINT, GITHUB])
@pytest.mark.parametrize(
    "body",
    [
        bus("GitHub Webhook", PULL),
        bus("pull_request.opened", PULL, "github.com"),
        bus("webhook", PULL, "com.acme.hooks"),
        {"event": "webhook", "payload": PULL},
        {"event": "pull_request.opened", "payload": PULL},
        {"headers": header("GitHub Webhook"), "body": PULL},
    ],
)
def test_name_that_is_no_event_of_githubs_leaves_it_to_the_body(
    body: object, hint: TopicHint
) -> None:
    assert is_opened(of(body, hint=hint))


@pytest.mark.parametrize("hint", [NO_HINT, GITHUB])
@pytest.mark.parametrize(
    "name", ['["pull_request"]', "pull_request, pull_request", "fork, star", "a-b"]
)
def test_header_that_names_no_event_leaves_it_to_the_body(
    name: str, hint: TopicHint
) -> None:
    assert is_opened(of(PULL, headers=header(name), hint=hint))


@pytest.mark.parametrize("hint", [NO_HINT, GITHUB])
def test_header_that_names_an_event_of_a_later_version_is_believed(
    hint: TopicHint,
) -> None:
    decoded = of(PULL, headers=header("pull_request_stack"), hint=hint)

    assert (decoded.raw_kind, bool(decoded.ignored)) == ("other", True)


@pytest.mark.parametrize("hint", [NO_HINT, GITHUB])
def test_body_beats_what_a_bus_calls_it(hint: TopicHint) -> None:
    assert is_opened(of(bus("Release", PULL), hint=hint))


def test_header_of_the_record_beats_what_a_bus_calls_it() -> None:
    decoded = of(bus("Push", {"action": "x"}), headers=header("pull_request"))

    assert decoded.raw_kind == "pull_request"


def test_bus_names_the_event_of_a_body_that_nobody_recognises() -> None:
    assert of(bus("Push", {"ref": "refs/heads/x"})).raw_kind == "push"
    assert of(bus("Push", {"ref": "x"}, "hooks"), hint=GITHUB).raw_kind == "push"
    assert codes(of(bus("Push", {"ref": "x"}, "hooks"))) == [("unrecognised", "")]
    assert codes(of(bus("GitHub Webhook", {"a": 1}))) == [("unrecognised", "")]
    assert codes(of(bus("GitHub Webhook", {"a": 1}), hint=GITHUB)) == [
        ("wrong_hint", "")
    ]


@pytest.mark.parametrize("hint", [NO_HINT, JIRA])
@pytest.mark.parametrize(
    "body",
    [
        bus("Jira Webhook", COMMENT, "com.acme.github-and-jira"),
        {"headers": header("Jira Webhook"), "body": COMMENT},
        {"event": "webhook", "payload": COMMENT},
    ],
)
def test_body_of_another_tool_under_such_a_name_is_its_own(
    body: object, hint: TopicHint
) -> None:
    decoded = of(body, hint=hint)

    assert decoded.raw_kind == "comment_created"
    assert decoded.facts == of(COMMENT).facts != ()


@pytest.mark.parametrize("hint", [NO_HINT, GITHUB])
@pytest.mark.parametrize(
    ("name", "known"), [("star", "star"), (" Fork ", "fork"), ("cache_sync", "other")]
)
def test_event_that_says_nothing_of_work_stays_ignored_by_its_name(
    name: str, known: str, hint: TopicHint
) -> None:
    decoded = of({"ref": "x", "before": "0"}, headers=header(name), hint=hint)

    assert (decoded.raw_kind, bool(decoded.ignored)) == (known, True)


def test_name_in_an_envelope_is_no_event_of_a_body_that_nobody_recognises() -> None:
    for provider in ("github", "jira", "native", "cdevents"):
        hint = TopicHint(provider=provider)
        assert of({"event": "webhook", "payload": {"a": 1}}, hint=hint).reasons
