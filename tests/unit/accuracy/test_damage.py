"""Damage of records: how much, of which, and what it leaves."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from monitor.decode.decode import decode
from monitor.decode.settings import NO_HINT, DecodeSettings
from monitor.domain.facts import Fact
from monitor.domain.outcomes import Record
from monitor.domain.working_time import DAY, HOUR
from monitor.simulate.settings import ORDERLY, Simulation
from monitor.simulate.world import simulate
from tests.accuracy.damage import DAMAGES, late, lost, lost_of, told_by, untold
from tests.accuracy.unlabelling import NOBODY, unlabelled

AT = 10 * DAY
SHARES = (0.0, 0.01, 0.05, 0.2, 1.0)


def made(number: int, headers: tuple[tuple[str, bytes], ...] = ()) -> Record:
    """A record that arrived half an hour before the instant of evaluation."""
    body = {"schema": "friction.event.v1", "kind": "ticket.blocked", "n": number}
    told = json.dumps(body | {"on_team": "platform"}).encode()
    return Record("t", 0, number, AT - HOUR // 2, None, headers, told)


RECORDS = [made(number) for number in range(2_000)]


@pytest.mark.parametrize("name", DAMAGES)
@pytest.mark.parametrize("share", SHARES)
def test_about_the_share_is_damaged_and_the_rest_is_as_it_was(
    name: str, share: float
) -> None:
    damaged = DAMAGES[name](RECORDS, share, 1, AT)
    whole = set(damaged.arrived) & set(RECORDS)
    assert len(whole) / len(RECORDS) == pytest.approx(1 - share, abs=0.025)
    assert damaged == DAMAGES[name](RECORDS, share, 1, AT)
    if 0 < share < 1:
        assert damaged != DAMAGES[name](RECORDS, share, 2, AT)


def test_what_is_lost_of_a_small_share_is_lost_of_a_larger_one() -> None:
    kept = [set(lost(RECORDS, share, 1, AT).arrived) for share in SHARES]
    assert all(more < fewer for fewer, more in pairwise(kept))


def test_a_record_fares_the_same_wherever_it_stands() -> None:
    moved = [record._replace(partition=1, offset=0) for record in RECORDS]
    numbers = [json.loads(r.value or b"")["n"] for r in lost(moved, 0.2, 1, AT).arrived]
    kept = [json.loads(r.value or b"")["n"] for r in lost(RECORDS, 0.2, 1, AT).arrived]
    assert numbers == kept


def test_the_delayed_arrive_later_unless_they_are_older_than_a_week() -> None:
    old = [record._replace(timestamp=AT - 8 * DAY) for record in RECORDS]
    assert late(old, 1.0, 1, AT) == (old, [])
    recent = [record._replace(timestamp=AT - DAY) for record in RECORDS]
    arrived, later = late(recent, 1.0, 1, AT)
    # log(24) / log(168) of the delays are shorter than a day
    assert len(arrived) / len(recent) == pytest.approx(0.62, abs=0.04)
    assert sorted([*arrived, *later]) == sorted(recent)


def test_one_source_may_lose_alone() -> None:
    github, jira = (
        (("X-GitHub-Event", b"push"),),
        (("X-Atlassian-Webhook-Identifier", b"1"),),
    )
    records = [made(n, headers) for n in range(300) for headers in ((), github, jira)]
    kept = lost_of("Jira")(records, 1.0, 1, AT).arrived
    assert [told_by(record) for record in kept] == ["native", "GitHub"] * 300


def said(body: dict[str, Any], **headers: str) -> Any:
    pairs = tuple((name.replace("_", "-"), v.encode()) for name, v in headers.items())
    record = Record("t", 0, 0, None, None, pairs, json.dumps(body).encode())
    return json.loads(unlabelled(record).value or b"")


def test_a_native_event_loses_what_it_may_and_names_nobody_where_it_must() -> None:
    body = {"kind": "ticket.assigned", "entity": "A-1", "to_team": "shop", "team": "x"}
    assert said(body) == {
        "kind": "ticket.assigned",
        "entity": "A-1",
        "to_team": NOBODY,
    }


def test_a_label_keeps_the_state_it_means_and_no_team() -> None:
    names = ["in progress", "blocked-by:platform", "security"]
    issue = {"labels": [{"name": n} for n in names], "title": "t", "type": {"id": 7}}
    body = {"issue": issue, "label": {"name": "blocked-by:platform"}}
    found = said(body, X_GitHub_Event="issues")
    kept = [label["name"] for label in found["issue"]["labels"]]
    assert kept == ["in progress", "blocked", "misc"]
    assert found["label"]["name"] == "blocked"
    assert found["issue"]["type"] is None


def test_a_changelog_keeps_all_but_changes_of_team_and_assignee() -> None:
    items = [
        {"field": "status", "toString": "Done"},
        {"field": "assignee", "toString": "dev-1"},
        {"field": "Team", "fieldId": "customfield_10001"},
    ]
    fields = {"issuetype": {"name": "Story"}, "labels": ["risk"], "assignee": {}}
    body = {"webhookEvent": "jira:issue_updated", "changelog": {"items": items}}
    found = said(body | {"issue": {"fields": fields}})
    assert found["changelog"]["items"] == items[:1]
    assert found["issue"]["fields"]["issuetype"]["name"] == "Thing"
    assert not found["issue"]["fields"]["labels"]


# What names a team, a cause or a class in a fact, whoever told it.
NAMING = {"team", "on_team", "to_team", "requester_team", "by_teams", "author_team"}
NAMING |= {"cause_teams", "reviewed_by", "group", "pool", "areas", "areas_before"}
NAMING |= {"work_class"}


def facts_of(records: list[Record]) -> list[Fact]:
    settings = DecodeSettings()
    found: list[Fact] = []
    for record in records:
        decoded = decode(record, NO_HINT, settings)
        assert not decoded.reasons
        found += decoded.facts
    return found


def test_nothing_names_a_team_a_cause_or_a_class_where_all_is_unlabelled() -> None:
    config = Simulation(teams=6, days=25, jira_ways="all")
    records = list(simulate(replace(config, disorder=ORDERLY)).records())
    before, after = facts_of(records), facts_of(untold(records, 1.0, 1, AT).arrived)
    told = [(name, fact.fields) for fact in before for name in NAMING & {*fact.fields}]
    assert NAMING - {name for name, _ in told} <= {"areas_before"}
    named = {
        str(value)
        for fact in after
        for name, value in fact.fields.items()
        if name in NAMING and value and NOBODY not in str(value)
    }
    assert named == set()
    # What happened, and when, is all still there.
    assert {fact.kind for fact in after} == {fact.kind for fact in before}
