"""Jira's bodies in small, of an invented organisation, for the tests of decoding."""

from __future__ import annotations

from typing import Any, Final

from monitor.decode.jira.rules import JiraRules
from monitor.decode.settings import DecodeSettings
from monitor.domain.facts import Fact
from monitor.domain.outcomes import Decoded
from tests.unit.decode.records import TEN_O_CLOCK, of

SITE: Final = "https://acme.example/rest/api/2/issue"
HOUR: Final = 3_600_000
PERSON: Final = {"accountId": "5b10", "accountType": "atlassian"}
APP: Final = {"accountId": "557058:robot", "accountType": "app"}

TODO: Final = ("10000", "To Do", "new")
DOING: Final = ("10001", "Doing", "indeterminate")
CHECKING: Final = ("10002", "Checking", "indeterminate")
BLOCKED: Final = ("10003", "Blocked", "indeterminate")
SHIPPED: Final = ("10004", "Shipped", "done")


def status(shown: tuple[str, str, str]) -> dict[str, Any]:
    """A status as an issue shows it."""
    number, name, category = shown
    return {"id": number, "name": name, "statusCategory": {"key": category}}


def issue(shown: tuple[str, str, str] = TODO, **fields: Any) -> dict[str, Any]:
    """CHK-1, a story, created on Monday at ten."""
    known: dict[str, Any] = {
        "created": "2026-03-02T10:00:00.000+0000",
        "updated": "2026-03-02T11:00:00.000+0000",
        "status": status(shown),
        "issuetype": {"name": "Story", "subtask": False},
        "project": {"id": "10", "key": "CHK"},
    }
    told = {name: value for name, value in (known | fields).items() if value != ()}
    return {"id": "500", "key": "CHK-1", "self": f"{SITE}/500", "fields": told}


def item(field: str, before: str | None, after: str | None, **more: Any) -> Any:
    """One item of a changelog: names before and after; numbers by their keys."""
    changed = {"field": field, "fieldId": field, "fieldtype": "jira"}
    return changed | {"fromString": before, "toString": after} | more


def moved(before: tuple[str, str, str], after: tuple[str, str, str]) -> Any:
    """The item of a transition."""
    return item("status", before[1], after[1], **{"from": before[0], "to": after[0]})


def updated(
    shown: dict[str, Any], *items: Any, at: int = TEN_O_CLOCK + HOUR, **more: Any
) -> dict[str, Any]:
    """``issue_updated`` with one change, number 900."""
    changelog = {"changelog": {"id": "900", "items": list(items)}} if items else {}
    return {
        "webhookEvent": "jira:issue_updated",
        "timestamp": at,
        "user": PERSON,
        "issue": shown,
        **changelog,
        **more,
    }


def transition(
    before: tuple[str, str, str], after: tuple[str, str, str], *items: Any
) -> dict[str, Any]:
    """The webhook of a transition, with what else changed in it."""
    return updated(issue(after), moved(before, after), *items)


def with_rules(**rules: Any) -> DecodeSettings:
    """Settings of a site that calls things otherwise."""
    return DecodeSettings(jira=JiraRules(**rules))


def facts_of(body: object, **options: Any) -> list[Fact]:
    """The facts of a body that is not refused."""
    found: Decoded = of(body, **options)
    assert found.reasons == ()
    return list(found.facts)


def kinds_of(body: object, **options: Any) -> list[str]:
    """The kinds of facts a body gives beside the creation of its issue."""
    kinds = (str(fact.kind) for fact in facts_of(body, **options))
    return [kind for kind in kinds if kind != "ticket.created"]


def fact_of(kind: str, body: object, **options: Any) -> Fact:
    """The one fact of a kind that a body gives."""
    (found,) = (fact for fact in facts_of(body, **options) if fact.kind == kind)
    return found
