"""`[decode.jira]`: a site's own words, and how mistakes in them are told."""

import json
from pathlib import Path

import pytest

from monitor.decode.jira.rules import JiraRules
from tests.unit.config.decode_settings import mistakes_of, settings_of

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
[decode.jira.sites]
"API.atlassian.com/ex/jira/1122 " = "Acme.atlassian.net"
"node1.internal:8080/jira" = "jira.example/jira"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "friction.toml"


def rules_of(file: Path, text: str, **environ: str) -> JiraRules:
    return settings_of(file, text, **environ).jira


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
    assert rules.sites == {
        "api.atlassian.com/ex/jira/1122": "acme.atlassian.net",
        "node1.internal:8080/jira": "jira.example/jira",
    }


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


def at(address: str) -> str:
    return f"decode.jira.sites.{address}"


def chained(own: str, other: str) -> str:
    what = f"'{own}' is another address of '{other}'"
    return f"{what}: for each address of a site write the same own one"


def test_a_table_of_sites_is_a_variable_too(file: Path) -> None:
    sites = json.dumps({"Node1.internal": "jira.example"})
    rules = rules_of(file, "", FRICTION_DECODE__JIRA__SITES=sites)
    assert rules.sites == {"node1.internal": "jira.example"}


def test_every_mistake_in_addresses_of_sites_is_told_with_its_line(file: Path) -> None:
    text = """\
[decode.jira.sites]
"https://a.example" = "jira.example"
"b.example/jira/rest/api/2/issue/1" = "jira.example"
"c.example/" = "jira.example"
"d.example" = "HTTPS://Jira.example/browse/CHK-1"
"E.example" = "e.example"
"f.example" = "g.example"
"g.example" = "jira.example"
"h.example" = "i.example"
"i.example" = "h.example"
"j.example" = "one.example"
"J.example" = "two.example"
"" = "jira.example"
"k.example" = "bot:token@jira.example"
"l.example" = 5
"""
    more = "is more than a site's address: write "
    none = (
        "is no address of a site: write its host, and behind it the path before /rest/"
        " where there is one, as in 'acme.atlassian.net'"
    )
    twice = "one word, compared without case: keep one"
    assert mistakes_of(file, text) == [
        (2, at("https://a.example"), f"{more}'a.example'"),
        (3, at("b.example/jira/rest/api/2/issue/1"), f"{more}'b.example/jira'"),
        (4, at("c.example/"), f"{more}'c.example'"),
        (5, at("d.example"), f"{more}'jira.example'"),
        (6, at("E.example"), "is the site's own address already: leave it out"),
        (7, at("f.example"), chained("g.example", "jira.example")),
        (9, at("h.example"), chained("i.example", "h.example")),
        (10, at("i.example"), chained("h.example", "i.example")),
        (12, at("J.example"), f"'j.example' and 'J.example' are {twice}"),
        (13, at(""), none),
        (14, at("k.example"), none),
        (15, at("l.example"), "should be text, not 5; write it in quotes"),
    ]
