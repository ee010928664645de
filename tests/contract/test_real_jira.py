"""Every real Jira body ends as facts, a rejection with reasons, or a stated ignore.

Expected values are read from the payload's own JSON, field by field.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.decode.decode import decode
from monitor.decode.settings import DecodeSettings, TopicHint
from monitor.domain.facts import Fact, Kind
from monitor.domain.opaque import site_word
from monitor.domain.outcomes import Decoded, Record
from tests.harness.reference_data import payloads_dir

FACTS, IGNORED, REJECTED = "facts", "ignored", "rejected"
RECEIPT = 1_790_000_000_000
# How the bodies of each kind end, and how many there are.
ENDS = {
    "api-issue": (FACTS, 10),
    "api-project": (REJECTED, 2),
    "api-sprint_report": (REJECTED, 1),
    "api-team": (REJECTED, 1),
    "board_configuration_changed": (IGNORED, 1),
    "board_created": (IGNORED, 1),
    "board_deleted": (IGNORED, 1),
    "board_updated": (IGNORED, 1),
    "comment_created": (FACTS, 5),
    "comment_deleted": (FACTS, 3),
    "comment_updated": (FACTS, 3),
    "issue_created": (FACTS, 10),
    "issue_deleted": (FACTS, 2),
    "issue_unknown": (IGNORED, 2),
    "issue_updated": (FACTS, 45),
    "issuelink_created": (FACTS, 2),
    "issuelink_deleted": (FACTS, 1),
    "no-webhookEvent": (FACTS, 1),
    "project_created": (IGNORED, 1),
    "project_deleted": (IGNORED, 1),
    "project_updated": (IGNORED, 1),
    "sprint_closed": (IGNORED, 1),
    "sprint_created": (IGNORED, 1),
    "sprint_deleted": (IGNORED, 1),
    "sprint_started": (IGNORED, 1),
    "sprint_updated": (IGNORED, 1),
}


def bodies(kind: str = "*") -> list[Path]:
    root = payloads_dir() / "jira"
    return [path for path in sorted(root.glob(f"{kind}/*.json")) if path.is_file()]


def decoded(path: Path, *, hint: str | None = None) -> Decoded:
    record = Record("t", 0, 0, RECEIPT, None, (), path.read_bytes())
    return decode(record, TopicHint(hint), DecodeSettings())


def load(name: str) -> tuple[Any, dict[str, Fact]]:
    """A payload's JSON, and its facts by kind."""
    path = payloads_dir() / "jira" / name
    return json.loads(path.read_bytes()), {f.kind: f for f in decoded(path).facts}


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1_000)


def test_the_reference_data_are_there() -> None:
    kinds = {path.parent.name for path in bodies()}
    assert kinds == set(ENDS)


@pytest.mark.parametrize("kind", sorted(ENDS))
def test_every_body_ends_as_its_kind_does(kind: str) -> None:
    expected, count = ENDS[kind]
    assert len(bodies(kind)) == count
    for path in bodies(kind):
        found = decoded(path)
        ending = REJECTED if found.reasons else FACTS if found.facts else IGNORED
        assert ending == expected, path.name
        assert found.facts or found.ignored or all(r.text for r in found.reasons)
        if expected != REJECTED:
            assert found.provider == "jira"
            assert found == decoded(path, hint="jira")


@pytest.mark.parametrize("path", bodies("history") or [None])
def test_no_file_raises_whatever_its_form(path: Path | None) -> None:
    folder = payloads_dir() / "jira" / "history"
    for file in [path] if path else sorted(folder.iterdir()):
        found = decoded(file)
        assert found.reasons or found.facts or found.ignored


def test_bodies_without_a_clock_of_their_own_are_rejected_as_such() -> None:
    path = payloads_dir() / "jira" / "issuelink_created"
    (file,) = path.glob("jira-to-matrix--*")
    assert isinstance(json.loads(file.read_bytes())["timestamp"], str)
    record = Record("t", 0, 0, None, None, (), file.read_bytes())

    found = decode(record, TopicHint(), DecodeSettings())

    assert [(r.code, r.where) for r in found.reasons] == [("bad_time", "timestamp")]


def test_facts_of_issue_events_count_as_their_bodies_do() -> None:
    commented = moved = 0
    paths = [*bodies("issue_updated"), *bodies("no-webhookEvent")]
    for path in paths:
        raw, facts = json.loads(path.read_bytes()), decoded(path).facts
        kinds = [fact.kind for fact in facts]
        said = isinstance(raw.get("comment"), dict)
        assert kinds.count(Kind.TICKET_CREATED) == 1
        assert kinds.count(Kind.TICKET_COMMENTED) == said
        assert len(kinds) > 1
        commented += said
        items = raw.get("changelog", {}).get("items", [])
        moved += any(item["field"] == "status" for item in items)
    assert (len(paths), commented, moved) == (46, 9, 9)


def test_a_created_issue_is_known_by_key_and_number() -> None:
    raw, facts = load("issue_created/mattermost--issue-created.json")
    issue, fields = raw["issue"], raw["issue"]["fields"]
    (created,) = facts.values()
    assert created.kind is Kind.TICKET_CREATED
    assert created.entity == issue["key"]
    assert created.time == ms(fields["created"])
    site, _, _ = issue["self"].partition("/rest/")
    assert created.source == site.removeprefix("https://")
    assert created.fields == {
        "project": fields["project"]["key"],
        "areas": [
            f"jira:component:{fields['project']['key']}/{one['name']}"
            for one in fields["components"]
        ],
        "work_class": "feature",  # a Story
        "aliases": [f"jira:{issue['id']}"],
        "keyed": {
            f"jira:{site_word(site.removeprefix('https://'))}/{issue['id']}": (
                issue["key"],
                ms(fields["updated"]),
            )
        },
        "url": f"{site}/browse/{issue['key']}",
    }
    who = fields["creator"]
    assert created.people == {"actor": f"jira:{who.get('accountId') or who['name']}"}


def test_an_epic_is_marked_and_a_localised_changelog_is_no_change() -> None:
    raw, facts = load("issue_created/jira-to-matrix--epic-created.json")
    assert raw["issue"]["fields"]["issuetype"]["name"] == "Epic"
    assert [item["field"] for item in raw["changelog"]["items"]][3] == "Статус"
    assert set(facts) == {Kind.TICKET_CREATED}
    assert facts[Kind.TICKET_CREATED].fields["epic"] is True


def test_work_started_is_at_the_webhooks_own_time() -> None:
    raw, facts = load("issue_updated/mattermost--issue-updated-started-working.json")
    started = facts[Kind.TICKET_STARTED]
    assert started.time == raw["timestamp"]
    assert started.revision == int(raw["changelog"]["id"])
    assert started.entity == raw["issue"]["key"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("mattermost--issue-updated-resolved.json", Kind.TICKET_DONE),
        ("pinpt--jira_issue_updated.resolution.json", Kind.TICKET_CANCELLED),
        ("jira-trigger--issue_updated_status_updated.json", Kind.TICKET_DONE),
    ],
)
def test_what_is_done_is_done_or_cancelled_by_its_resolution(
    name: str, kind: Kind
) -> None:
    raw, facts = load(f"issue_updated/{name}")
    resolutions = [
        item["toString"]
        for item in raw["changelog"]["items"]
        if item["field"] == "resolution"
    ]
    assert (resolutions == ["Won't Do"]) is (kind is Kind.TICKET_CANCELLED)
    assert facts[kind].time == raw["timestamp"]
    assert len(facts) == 2


def test_a_resolution_without_a_transition_ends_nothing() -> None:
    raw, facts = load("issue_updated/jira-trigger--issue_updated_fields_updated.json")
    assert any(item["field"] == "resolution" for item in raw["changelog"]["items"])
    assert raw["issue"]["fields"]["status"]["statusCategory"]["key"] == "new"
    assert set(facts) == {Kind.TICKET_CREATED, Kind.TICKET_UPDATED}


def test_reopened_into_a_list_of_things_to_do_is_open_and_parked() -> None:
    raw, facts = load("issue_updated/mattermost--server-issue-updated-reopened.json")
    for kind in (Kind.TICKET_REOPENED, Kind.TICKET_PARKED):
        assert facts[kind].time == raw["timestamp"]


def test_a_moved_issue_answers_to_its_old_key() -> None:
    raw, facts = load("issue_updated/jira-to-matrix--issue-updated-move-issue.json")
    items = {item["field"]: item for item in raw["changelog"]["items"]}
    old, new = items["Key"]["fromString"], items["Key"]["toString"]
    assert raw["issue"]["key"] == new
    file = payloads_dir() / "jira/issue_updated"
    told = decoded(file / "jira-to-matrix--issue-updated-move-issue.json").facts
    (aliases,) = (
        fact.fields["aliases"]
        for fact in told
        if fact.kind is Kind.TICKET_UPDATED and "aliases" in fact.fields
    )
    assert aliases == [f"jira:{raw['issue']['id']}", old]
    handed = facts[Kind.TICKET_ASSIGNED]
    assert handed.entity == new
    assert handed.fields["project"] == new.partition("-")[0]
    assert handed.fields["project_before"] == old.partition("-")[0]
    # A timestamp that a logger wrote is no time: the issue's own counts.
    assert isinstance(raw["timestamp"], str)
    assert handed.time == ms(raw["issue"]["fields"]["updated"])
    assert facts[Kind.TICKET_CREATED].fields["project"] == old.partition("-")[0]


def test_a_component_may_hand_an_issue_over() -> None:
    raw, facts = load("issue_updated/mattermost--issue-updated-components.json")
    (item,) = raw["changelog"]["items"]
    area = f"jira:component:{raw['issue']['key'].partition('-')[0]}/{item['toString']}"
    handed = facts[Kind.TICKET_ASSIGNED]
    assert area in handed.fields["areas"]
    assert area not in handed.fields["areas_before"]


def test_a_person_assigned_stays_apart_from_the_fields() -> None:
    raw, facts = load("issue_updated/jira-to-matrix--issue-updated-issue-assigned.json")
    (item,) = raw["changelog"]["items"]
    handed = facts[Kind.TICKET_ASSIGNED]
    assert handed.people["receiver"] == f"jira:{item['to']}"
    assert item["to"] not in json.dumps(handed.fields)
    assert item["toString"] not in json.dumps(handed.fields, ensure_ascii=False)


def test_status_and_category_come_from_the_body_itself() -> None:
    raw, facts = load("issue_updated/jira-to-matrix--issue-updated-generic.json")
    status = raw["issue"]["fields"]["status"]
    assert (status["name"], status["statusCategory"]["key"]) == ("Paused", "new")
    assert Kind.TICKET_PARKED in facts


def test_a_sprint_or_rank_or_date_may_postpone() -> None:
    for name, how in (
        ("mattermost--issue-updated-sprint.json", "sprint"),
        ("jira-to-matrix--issue-updated-rank-changed.json", "rank"),
        ("pinpt--jira_issue_updated.due_date.unset.json", "date"),
    ):
        _, facts = load(f"issue_updated/{name}")
        assert facts[Kind.TICKET_POSTPONED].fields["how"] == how
    _, raised = load("issue_updated/mattermost--issue-updated-rank.json")
    assert Kind.TICKET_POSTPONED not in raised


def test_an_old_server_names_a_transition_and_no_event() -> None:
    raw, facts = load("no-webhookEvent/zulip--change_status_v1.json")
    assert "webhookEvent" not in raw
    assert raw["transition"]["to_status"] == "In Progress"
    started = facts[Kind.TICKET_STARTED]
    assert (started.time, started.entity) == (raw["timestamp"], raw["issue"]["key"])


def test_a_comment_names_its_issue_with_or_without_one_inside() -> None:
    raw, facts = load("comment_created/zulip--comment_created.json")
    said = facts[Kind.TICKET_COMMENTED]
    assert said.entity == raw["issue"]["key"]
    assert said.time == ms(raw["comment"]["created"])
    assert said.fields["aliases"] == [f"jira:{raw['issue']['id']}"]
    bare_raw, bare = load(
        "comment_created/zulip--comment_created_no_issue_details.json"
    )
    assert "issue" not in bare_raw
    alone = bare[Kind.TICKET_COMMENTED]
    assert alone.entity == f"jira:{raw['issue']['id']}"
    assert alone.time == ms(bare_raw["comment"]["created"])


def test_a_comment_its_author_wrote_anew_is_at_that_time_by_its_author() -> None:
    raw, facts = load("comment_updated/pinpt--comment_updated.json")
    comment = raw["comment"]
    assert comment["updated"] != comment["created"]
    assert comment["updateAuthor"] == comment["author"]
    said = facts[Kind.TICKET_COMMENTED]
    assert said.entity == raw["issue"]["key"]
    assert said.time == ms(comment["updated"])
    assert said.people == {"actor": f"jira:{comment['author']['accountId']}"}


def test_an_issue_without_a_changelog_tells_its_creation() -> None:
    raw, facts = load("api-issue/port-ocean--issue-a.json")
    created = facts[Kind.TICKET_CREATED]
    assert (created.entity, created.time) == (raw["key"], ms(raw["fields"]["created"]))
    assert created.fields["aliases"] == [f"jira:{raw['id']}"]


def test_a_comment_deleted_on_a_server_is_told_twice_and_is_one_activity() -> None:
    _, short = load("comment_deleted/mattermost--server-comment-deleted.json")
    _, long = load(
        "issue_updated/mattermost--server-issue-updated-comment-deleted.json"
    )
    one, two = short[Kind.TICKET_UPDATED], long[Kind.TICKET_UPDATED]
    assert one.entity != two.entity
    assert (one.identity, one.time) == (two.identity, two.time)


def test_old_servers_without_event_names_tell_the_same() -> None:
    for old, new in (
        ("no-event-type-assigned", "mattermost--issue-updated-assigned"),
        (
            "no-event-type-comment-edited",
            "mattermost--server-issue-updated-comment-edited",
        ),
        (
            "no-event-type-comment-deleted",
            "mattermost--server-issue-updated-comment-deleted",
        ),
    ):
        root = payloads_dir() / "jira" / "issue_updated"
        first = decoded(root / f"mattermost--server-old-issue-updated-{old}.json")
        second = decoded(root / f"{new}.json")
        assert [f.identity for f in first.facts] == [f.identity for f in second.facts]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("issuelink_created/pinpt--issuelink_created.json", Kind.LINK_ADDED),
        ("issuelink_deleted/pinpt--issuelink_deleted.json", Kind.LINK_REMOVED),
    ],
)
def test_a_link_that_blocks_makes_its_source_the_blocker(name: str, kind: Kind) -> None:
    raw, facts = load(name)
    link = raw["issueLink"]
    assert link["issueLinkType"]["outwardName"] == "blocks"
    fact = facts[kind]
    assert fact.entity == f"jira:{link['destinationIssueId']}"
    assert fact.fields["blocker"] == f"jira:{link['sourceIssueId']}"
    assert fact.fields["request"] == f"link:{link['id']}"
    assert fact.time == raw["timestamp"]


def test_a_deleted_issue_is_taken_out_of_history() -> None:
    raw, facts = load("issue_deleted/zulip--deleted_v1.json")
    gone = facts[Kind.TICKET_CANCELLED]
    assert gone.fields["deleted"] is True
    assert (gone.entity, gone.time) == (raw["issue"]["key"], raw["timestamp"])


def test_a_changelog_tells_a_flag_a_link_and_every_transition() -> None:
    path = payloads_dir() / "jira/api-issue/jirametrics--testdata-SP-15.json"
    raw, facts = json.loads(path.read_bytes()), decoded(path).facts
    changes = {one["id"]: one for one in raw["changelog"]["histories"]}
    by_revision = {fact.revision: fact for fact in facts}
    flagged, linked = by_revision[10150], by_revision[10142]
    assert changes["10150"]["items"][0]["field"] == "Flagged"
    assert flagged.kind is Kind.TICKET_BLOCKED
    assert flagged.time == ms(changes["10150"]["created"])
    assert changes["10142"]["items"][0]["toString"] == "This issue is blocked by SP-14"
    assert (linked.kind, linked.entity) == (Kind.LINK_ADDED, raw["key"])
    assert linked.fields["blocker"] == changes["10142"]["items"][0]["to"]
    assert linked.time == ms(changes["10142"]["created"])
    # It clones an issue too, which blocks nobody.
    assert {f.fields.get("blocker") for f in facts} == {None, "SP-14"}


def test_no_person_stays_in_the_fields_of_any_fact() -> None:
    names = ("displayName", "emailAddress", "name", "key", "accountId")
    seen = 0
    for path in bodies():
        raw = json.loads(path.read_bytes())
        for fact in decoded(path).facts:
            said = json.dumps({**fact.fields, "url": ""}, ensure_ascii=False).lower()
            for user in (raw.get("user"), (raw.get("comment") or {})):
                account = user if isinstance(user, dict) else {}
                for text in filter(None, (account.get(name) for name in names)):
                    seen += 1
                    assert f'"{text.lower()}"' not in said
                    assert len(text) < 8 or text.lower() not in said
    assert seen > 100


def test_other_trackers_bodies_are_not_taken_for_jiras() -> None:
    for provider in ("github", "gitlab", "linear", "pagerduty", "azuredevops"):
        paths = [p for p in (payloads_dir() / provider).rglob("*") if p.is_file()]
        assert paths
        for path in paths:
            assert decoded(path).provider != "jira", path.name
