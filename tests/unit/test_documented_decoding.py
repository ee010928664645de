"""What the pages about decoding list is what decoding knows."""

import re
from collections.abc import Mapping
from typing import Any, Final

import pytest

from monitor.decode.github import webhooks as github
from monitor.decode.jira import webhooks as jira
from monitor.decode.settings import WorkClassTable
from monitor.domain.facts import Kind
from monitor.domain.items import EntityType
from tests.harness.reference_data import REPOSITORY
from tests.unit.decode.jira.jira_bodies import issue
from tests.unit.decode.records import of

_CODE: Final = re.compile(r"`([^`]+)`")
_TABLES: Final = ("types", "labels", "prefixes")


def text_of(page: str) -> str:
    return (REPOSITORY / "docs" / page).read_text(encoding="utf-8")


def section_of(page: str, title: str) -> str:
    """The part of a page under a heading of the second level."""
    text = text_of(page)
    _, found, rest = text.partition(f"\n## {title}\n")
    assert found, f"{page} has no section {title}"
    return rest.partition("\n## ")[0]


def rows_of(text: str) -> list[list[str]]:
    """The cells of the first table in a text, its head left out."""
    _, _, table = text.partition("\n| --- |")
    rows = table.partition("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows]


@pytest.mark.parametrize("column", _TABLES)
def test_words_of_a_class_are_those_of_the_page(column: str) -> None:
    table: Mapping[str, str] = getattr(WorkClassTable(), column)
    place = 1 + _TABLES.index(column)
    told = {
        word: row[0].strip("`")
        for row in rows_of(section_of("decoding.md", "Classes of work"))
        for word in _CODE.findall(row[place])
    }

    assert told == table


def test_what_tells_a_class_counts_in_the_order_of_the_page() -> None:
    section = section_of("decoding.md", "Classes of work")
    steps = re.findall(r"^\d\. \*\*The (.+?)\*\*", section, re.MULTILINE)
    assert steps == ["class it states", "issue type", "labels", "prefix of the title"]
    told: dict[str, Any] = {
        "issuetype": {"name": "Bug"},
        "labels": ["security"],
        "summary": "chore: tidy",
    }

    found = []
    for unsaid in (None, "issuetype", "labels"):
        told |= {} if unsaid is None else {unsaid: None}
        body = {"webhookEvent": "jira:issue_created", "issue": issue(**told)}
        created, *_ = of(body).facts
        found.append(created.fields["work_class"])

    assert found == ["defect", "risk", "debt"]


def test_kinds_of_native_events_are_those_of_the_page() -> None:
    rows = rows_of(section_of("decoding.md", "Native events"))
    told = [kind for first, *_ in rows for kind in _CODE.findall(first)]

    assert sorted(told) == sorted(Kind)


@pytest.mark.parametrize("page", ["edge-cases.md", "decisions.md"])
def test_the_order_of_types_is_that_of_the_page(page: str) -> None:
    assert ", ".join(EntityType) in text_of(page)


def test_events_of_github_are_those_of_the_page() -> None:
    *read, ignored = rows_of(text_of("github.md"))
    told = [event for first, *_ in read for event in _CODE.findall(first)]

    assert sorted(told) == sorted(github._READERS)
    assert {*_CODE.findall(ignored[0])} <= github._IGNORED.keys()


def test_events_of_jira_are_those_of_the_page() -> None:
    rows = rows_of(text_of("jira.md"))
    named = [first for first, *_ in rows if first.startswith("`")]
    told = [event for first in named for event in _CODE.findall(first)]
    # These have no name of a webhook: a poller's issue, what a rule sends, a body of a
    # very old server, and events of an app, which are told as one.
    unnamed = {jira._ISSUE, jira._AUTOMATION, jira._TRANSITION}
    of_apps = {event for event in jira._READERS if event.startswith("avi:jira:")}

    assert {*told} == jira._READERS.keys() - unnamed - of_apps
