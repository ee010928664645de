"""`[decode.jira]`: a site's own words, and how mistakes in them are told."""

import json
from pathlib import Path

import pytest

from monitor.config.loading import check, load
from monitor.config.sections import Config
from monitor.config.values import decode_settings
from monitor.decode.jira.rules import JiraRules

WORDS = """\
[decode.jira]
blocked_statuses = ["Stuck", " On Ice "]
cancelled_statuses = ["Dropped"]
cancelled_resolutions = ["Won\u2019t Ship"]
team_fields = ["customfield_10500", "Squad"]
flagged_fields = "customfield_10600"
[decode.jira.statuses]
"Selected for Development" = "in_progress"
[decode.jira.waiting_statuses]
"Waiting for Infra" = "platform"
[decode.jira.link_types]
"Waits For" = "blocked"
"blocks" = "none"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "friction.toml"


def rules_of(file: Path, text: str, **environ: str) -> JiraRules:
    file.write_text(text, encoding="utf-8")
    config = load(file, environ)
    assert isinstance(config, Config), config
    return decode_settings(config, frozenset()).jira


def mistakes_of(file: Path, text: str) -> list[tuple[int, str, str]]:
    file.write_text(text, encoding="utf-8")
    found = check(file, None, {"FRICTION_KAFKA__BOOTSTRAP_SERVERS": "localhost:9092"})
    return [(mistake.line, mistake.path, mistake.text) for mistake in found]


def test_without_a_word_the_usual_ones_hold(file: Path) -> None:
    assert rules_of(file, "") == JiraRules()


def test_lists_replace_and_tables_add(file: Path) -> None:
    rules = rules_of(file, WORDS)
    usual = JiraRules()
    assert rules.blocked == {"stuck", "on ice"}
    assert rules.cancelled_statuses == {"dropped"}
    assert rules.cancelled_resolutions == {"won't ship"}
    assert rules.team_fields == ("customfield_10500", "squad")
    assert rules.flagged_fields == ("customfield_10600",)
    assert rules.custom_fields == {"customfield_10500", "customfield_10600"}
    assert rules.statuses == {"selected for development": "in_progress"}
    assert rules.waiting == {**usual.waiting, "waiting for infra": "platform"}
    assert rules.links == {**usual.links, "waits for": "blocked", "blocks": "none"}


def test_every_key_is_a_variable_too(file: Path) -> None:
    rules = rules_of(
        file,
        "",
        FRICTION_DECODE__JIRA__BLOCKED_STATUSES="Stuck, On Ice",
        FRICTION_DECODE__JIRA__WAITING_STATUSES=json.dumps({"For Infra": "platform"}),
    )
    assert rules.blocked == {"stuck", "on ice"}
    assert rules.waiting["for infra"] == "platform"


def test_every_mistake_is_told_with_its_line(file: Path) -> None:
    text = """\
[decode.jira]
blocked_status = ["Blocked"]
team_fields = ["10500"]
[decode.jira.statuses]
"In QA" = "testing"
"Q.A." = "testing"
[decode.jira.waiting_statuses]
"Waiting" = ""
[decode.jira.link_types]
"waits for" = "source"
"""
    found = {path: (line, text) for line, path, text in mistakes_of(file, text)}
    assert set(found) == {
        "decode.jira.blocked_status",
        "decode.jira.team_fields",
        "decode.jira.statuses.In QA",
        "decode.jira.statuses.Q.A.",
        "decode.jira.waiting_statuses.Waiting",
        "decode.jira.link_types.waits for",
    }
    assert found["decode.jira.blocked_status"][0] == 2
    assert "blocked_statuses" in found["decode.jira.blocked_status"][1]
    assert found["decode.jira.team_fields"] == (
        3,
        "'10500' is a number: write customfield_10500",
    )
    line, what = found["decode.jira.statuses.In QA"]
    assert line == 5
    for word in ("todo", "in_progress", "done"):
        assert word in what
    assert found["decode.jira.link_types.waits for"][0] == 10
    assert found["decode.jira.statuses.Q.A."][0] == 6
