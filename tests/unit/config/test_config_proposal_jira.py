"""Guesses for ``[decode.jira]`` are comments, and sound lines once they are none."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from monitor.config.jira import JiraSection
from monitor.config.proposal import config_text
from monitor.config.proposal_jira import jira_lines
from monitor.decode.jira.rules import JiraRules
from monitor.decode.jira.sample import JiraSample
from tests.unit.decode.jira.test_jira_sample import (
    Body,
    changed,
    issue,
    sampled,
    status,
    webhook,
)


def lines_of(*bodies: Body, rules: JiraRules | None = None) -> list[str]:
    """The lines of what the bodies come to."""
    return jira_lines(sampled(*bodies), rules or JiraRules(), ["Platform", "search"])


def taken(lines: list[str]) -> JiraSection:
    """The section when every guess is taken, as a person would take it."""
    text = "\n".join(re.sub(r"\A# (?=\[|[a-z_]+ = )", "", line) for line in lines)
    found: dict[str, Any] = tomllib.loads(text)
    return JiraSection.model_validate(found["decode"]["jira"])


def test_a_team_field_is_added_to_those_that_are_read() -> None:
    lines = lines_of(webhook(1, changed("Squad", "customfield_7", "", "Payments")))
    assert '# team_fields = ["team", "customfield_7"]' in lines
    assert '#   customfield_7 "Squad": 1' in lines
    assert taken(lines).team_fields == ("team", "customfield_7")


def test_a_field_that_is_read_already_is_said_and_not_proposed() -> None:
    lines = lines_of(issue(1, customfield_10021=[{"value": "Impediment"}]))
    assert "#   customfield_10021: 1, read already" in lines
    assert taken(lines).flagged_fields is None


def test_statuses_that_sound_like_waiting_are_proposed_by_what_they_say() -> None:
    moved = [
        webhook(1, changed("status", "", "On hold", "Stuck in review")),
        webhook(2, changed("status", "", "Open", "Waiting for Platform")),
        webhook(3, changed("status", "", "Open", "Waiting for platform")),
    ]
    section = taken(lines_of(*moved))
    usual = sorted(JiraRules().blocked)
    assert section.blocked_statuses == (*usual, "stuck in review")
    assert section.waiting_statuses == {"waiting for platform": "Platform"}
    lines = lines_of(*moved)
    assert lines.index('#   "waiting for platform": 2') > 0
    assert lines[lines.index("#   read as blocked or waiting already:") + 1] == (
        '#   "on hold": 1'
    )


def test_no_status_is_proposed_to_wait_for_what_is_no_team() -> None:
    lines = lines_of(webhook(1, changed("status", "", "Open", "Waiting for review")))
    assert taken(lines).waiting_statuses == {}
    note = "#   for waiting_statuses, with the id of a team, or external:"
    assert lines[lines.index(note) + 1] == '#   "waiting for review": 1'


def test_a_status_of_changelogs_has_the_category_of_bodies() -> None:
    bodies = [
        webhook(1, changed("status", "", "Triage", "Ready to ship")),
        webhook(2, changed("status", "", "Triage", "Open")),
        issue(3, status=status("Ready to ship", "indeterminate")),
    ]
    lines = lines_of(*bodies)
    assert taken(lines).statuses == {"ready to ship": "in_progress"}
    unsure = lines.index(
        "#   in changelogs, and nothing tells todo, in_progress or done:"
    )
    assert lines[unsure + 1 :] == ['#   "triage": 2']


def test_a_category_that_bodies_dispute_is_not_taken() -> None:
    bodies = [
        webhook(1, changed("status", "", "Open", "Ready")),
        issue(2, status=status("Ready", "new")),
        issue(3, status=status("Ready", "indeterminate")),
    ]
    assert taken([*lines_of(*bodies)]).statuses == {}
    assert '#   "ready": 3' in lines_of(*bodies)


def test_links_are_told_by_what_they_are_read_as() -> None:
    def link(number: int, outward: str, inward: str) -> Body:
        type_ = {"outward": outward, "inward": inward}
        return issue(number, issuelinks=[{"id": str(number), "type": type_}])

    lines = lines_of(link(1, "blocks", "is blocked by"), link(2, "Delays", "is late"))
    assert taken(lines).link_types == {"delays": "none"}
    assert '#   "blocks", "is blocked by": 1 links, read already' in lines
    assert '#   "delays", "is late": 1 links' in lines
    known = JiraRules(links={"is late": "blocked"})
    assert "# link_types" not in "\n".join(
        lines_of(link(2, "x", "is late"), rules=known)
    )


def test_a_sample_without_anything_of_jiras_has_no_lines() -> None:
    assert jira_lines(JiraSample(), JiraRules(), []) == []
    # In no changelog: every body that has the status shows its category.
    assert lines_of(issue(1, status=status("Ready", "new"))) == []
    assert "jira" not in config_text("a:1", {}, {})


NAME = st.text(max_size=9) | st.sampled_from(
    ["waiting for \x7f", 'on hold "', "wait \\", "# x", "pending ]", "Waiting for a=b"]
)


@given(st.lists(st.tuples(NAME, NAME), min_size=1, max_size=6))
def test_whatever_the_names_are_the_file_is_sound(names: list[tuple[str, str]]) -> None:
    bodies = [
        webhook(
            number,
            changed("status", "", one, other),
            changed(f"Team {one}", f"customfield_{other}"),
            status=status(other, "new"),
            issuelinks=[{"id": "1", "type": {"outward": one, "inward": other}}],
        )
        for number, (one, other) in enumerate(names)
    ]
    lines = lines_of(*bodies)
    text = config_text("a:1", {}, {}, lines)
    assert tomllib.loads(text) == tomllib.loads(config_text("a:1", {}, {}))
    if lines:
        taken(lines)


def seen_at(address: str, number: int, body: Body | None = None) -> Body:
    """A webhook's body, or else an issue that was asked for, at an address."""
    shown = body or issue(number, summary="x")
    part = shown.get("issue", shown)
    part["self"] = f"https://{address}/rest/api/3/issue/{number}"
    return shown


GATEWAY, OWN = "api.atlassian.com/ex/jira/1122", "acme.atlassian.net"


def test_an_issue_at_two_addresses_proposes_that_of_webhooks_as_the_sites() -> None:
    """Whichever comes first; an issue is counted once, however often it is seen."""
    told = [
        seen_at(GATEWAY, 1),
        seen_at(OWN, 1, webhook(1)),
        seen_at(OWN, 2, webhook(2)),
        seen_at(GATEWAY, 2),
        seen_at(GATEWAY, 2),
        seen_at(GATEWAY, 3),
    ]
    lines = lines_of(*told)
    assert taken(lines).sites == {GATEWAY: OWN}
    assert f'#   "{GATEWAY}", "{OWN}": 2' in lines


def test_several_other_addresses_of_a_site_are_sound_together() -> None:
    told = [seen_at(f"node{at}.internal", 1) for at in range(3)]
    section = taken(lines_of(*told, seen_at(OWN, 1, webhook(1))))
    assert section.sites == {f"node{at}.internal": OWN for at in range(3)}


def test_an_address_that_pollers_and_webhooks_show_is_the_sites() -> None:
    told = [seen_at(OWN, 1), seen_at(GATEWAY, 1), seen_at(OWN, 1, webhook(1))]
    assert taken(lines_of(*told)).sites == {GATEWAY: OWN}


def test_other_issues_at_another_address_are_of_another_site() -> None:
    """A number begins anew on each site: number and key have to be the same."""
    other = seen_at(GATEWAY, 1)
    other["key"] = "PLT-1"
    assert lines_of(seen_at(OWN, 1, webhook(1)), other) == []


def test_addresses_that_are_known_already_are_not_proposed() -> None:
    told = [seen_at(GATEWAY, 1), seen_at(OWN, 1, webhook(1))]
    assert lines_of(*told, rules=JiraRules(sites={GATEWAY: OWN})) == []
