"""CDEvents of every spec: what each subject becomes, and what its mistakes are."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.decode.settings import DecodeSettings, TopicHint
from monitor.domain.facts import Fields, Kind
from monitor.domain.opaque import branch_word
from tests.unit.decode.records import TEN_O_CLOCK, cdevent, codes, of, only_fact

SHA = "2396abec0a4a8bb67cbe5395fbf28dadf45e0b48"


def fields(type_: str, content: dict[str, object] | None = None) -> Fields:
    return only_fact(of(cdevent(type_, content))).fields


def with_context(event: dict[str, Any], **changes: object) -> dict[str, Any]:
    context = {**event["context"], **changes}
    kept = {name: value for name, value in context.items() if value is not None}
    return {**event, "context": kept}


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("pipelinerun.queued", Kind.RUN_QUEUED),
        ("pipelinerun.started", Kind.RUN_STARTED),
        ("pipelinerun.finished", Kind.RUN_FINISHED),
        ("change.created", Kind.CHANGE_OPENED),
        ("change.updated", Kind.CHANGE_PUSHED),
        ("change.reviewed", Kind.CHANGE_REVIEWED),
        ("change.merged", Kind.CHANGE_MERGED),
        ("change.abandoned", Kind.CHANGE_CLOSED),
        ("incident.detected", Kind.INCIDENT_OPENED),
        ("incident.reported", Kind.INCIDENT_OPENED),
        ("incident.resolved", Kind.INCIDENT_RESOLVED),
        ("ticket.created", Kind.TICKET_CREATED),
        ("ticket.updated", Kind.TICKET_UPDATED),
        ("ticket.closed", Kind.TICKET_DONE),
        ("approval.created", Kind.DEPLOY_APPROVAL_REQUESTED),
        ("approval.closed", Kind.DEPLOY_APPROVAL_DECIDED),
    ],
)
def test_every_counted_type_becomes_its_kind(type_: str, kind: Kind) -> None:
    decoded = of(cdevent(type_))

    fact = only_fact(decoded)
    assert (fact.kind, fact.time) == (kind, TEN_O_CLOCK)
    assert (fact.entity, fact.source) == ("https://ci.example#12", "https://ci.example")
    assert (decoded.provider, decoded.raw_kind) == ("cdevents", type_)


@pytest.mark.parametrize(
    ("type_", "kind", "more"),
    [
        ("service.deployed", Kind.DEPLOY_FINISHED, ""),
        ("service.upgraded", Kind.DEPLOY_FINISHED, ""),
        ("service.rolledback", Kind.DEPLOY_ROLLED_BACK, "/rolledback"),
    ],
)
def test_deploy_is_named_by_service_environment_and_time(
    type_: str, kind: Kind, more: str
) -> None:
    fact = only_fact(of(cdevent(type_, {"environment": {"id": "live"}})))

    assert fact.kind is kind
    when = "2026-03-02T10:00:00Z"
    assert fact.entity == f"https://ci.example#12/live/{when}{more}"
    assert fact.fields["deployed"] == "https://ci.example#12"


def test_deploy_is_where_the_native_fields_say() -> None:
    content: dict[str, object] = {"environment": {"id": "https://cluster"}}
    custom = {"friction": {"environment": "live"}}
    event = cdevent("service.deployed", content, customData=custom)

    assert "#12/live/" in only_fact(of(event)).entity


def test_deploy_without_time_is_named_by_its_body() -> None:
    event = with_context(cdevent("service.deployed"), timestamp=None)
    other = with_context(event, id="e-2")

    first, later = of(event, timestamp=5_000), of(event, timestamp=9_000)

    assert only_fact(first).entity == only_fact(later).entity
    assert only_fact(first).identity == only_fact(later).identity
    assert only_fact(first).entity != only_fact(of(other, timestamp=5_000)).entity


@pytest.mark.parametrize(
    "type_",
    [
        "taskrun.started",
        "testcaserun.skipped",
        "testsuiterun.finished",
        "testoutput.published",
        "build.finished",
        "environment.created",
        "branch.deleted",
        "repository.modified",
        "artifact.signed",
        "service.removed",
        "approval.updated",
        "future.arrived",
        "pipelinerun.exploded",
    ],
)
def test_other_types_are_ignored_with_a_reason(type_: str) -> None:
    decoded = of(cdevent(type_))

    assert decoded.ignored
    assert (decoded.facts, decoded.reasons) == ((), ())


def test_names_that_others_make_up_never_become_a_raw_kind() -> None:
    assert of(cdevent("artifact.abc123")).raw_kind == "other"
    assert of(cdevent("x9.y9")).raw_kind == "other"
    assert of(
        with_context(cdevent("a.b"), type="dev.cdeventsx.t-a.b.0.1.0")
    ).raw_kind == ("custom")


def test_stand_alone_link_is_ignored() -> None:
    decoded = of({"linkType": "START", "chainId": "c", "start": {"contextId": "e"}})

    assert decoded.raw_kind == "link"
    assert decoded.ignored


def test_entity_is_named_by_the_subjects_own_source() -> None:
    event = cdevent("ticket.created")
    event["subject"] = {"id": "T-1", "source": "/tickets", "content": {}}

    fact = only_fact(of(event))

    assert (fact.entity, fact.source) == ("/tickets#T-1", "https://ci.example")


@pytest.mark.parametrize(
    ("raw", "outcome"),
    [
        ("success", "success"),
        ("failure", "failure"),
        ("error", "error"),
        ("cancel", "cancelled"),
        ("Cancelled", "cancelled"),
        # GitHub's conclusions, which CDviz copies.
        ("startup_failure", "error"),
        ("stale", "cancelled"),
        ("action_required", "neutral"),
        ("exploded", "neutral"),
        ("", "neutral"),
        (None, "neutral"),
        (5, "neutral"),
    ],
)
def test_outcome_nobody_understands_ends_the_run_and_is_no_failure(
    raw: object, outcome: str
) -> None:
    assert fields("pipelinerun.finished", {"outcome": raw}) == {"outcome": outcome}


@pytest.mark.parametrize("link", ["uri", "url"])
def test_run_has_pipeline_and_page_under_either_name(link: str) -> None:
    content: dict[str, object] = {"pipelineName": " test ", link: "https://ci/1"}

    assert fields("pipelinerun.queued", content) == {
        "pipeline": "test",
        "url": "https://ci/1",
    }


def test_attempt_and_repository_are_read_from_an_api_url() -> None:
    event = cdevent("pipelinerun.started")
    url = "https://api.github.com/repos/Acme/Shop/actions/runs/1/attempts/3"
    event["subject"] = {"id": url, "content": {}}

    assert only_fact(of(event)).fields == {"attempt": 3, "repo": "acme/shop"}


def test_change_has_repository_number_alias_tickets_and_class() -> None:
    content: dict[str, object] = {
        "repository": {"id": "https://api.github.com/repos/Acme/Shop"},
        "description": "feat(cart): empty it, CHK-4\n\nNot CHK-5",
    }
    event = cdevent("change.created")
    url = "https://api.github.com/repos/Acme/Shop/pulls/97"
    event["subject"] = {"id": url, "content": content}

    assert only_fact(of(event)).fields == {
        "repo": "acme/shop",
        "number": 97,
        "aliases": ["acme/shop#97"],
        "tickets": ["CHK-4"],
        "work_class": "feature",
    }


def test_reviewer_nobody_names_is_inferred() -> None:
    assert fields("change.reviewed") == {"inferred": True}


def test_reviewing_team_in_the_native_fields_is_not_inferred() -> None:
    event = cdevent("change.reviewed", customData={"friction": {"team": "data"}})

    assert only_fact(of(event)).fields == {"reviewed_by": ["data"]}


def test_deployment_names_service_environment_and_commit() -> None:
    content: dict[str, object] = {
        "environment": {"id": "production"},
        "artifactId": f"pkg:github/Acme/Shop@{SHA}?path=a",
    }

    assert fields("service.deployed", content) == {
        "service": "12",
        "environment": "production",
        "outcome": "success",
        "deployed": "https://ci.example#12",
        "repo": "acme/shop",
        "shas": [SHA],
    }


@pytest.mark.parametrize(
    ("reference", "breaches"),
    [
        ({"id": "live"}, 0),
        ({"id": "live", "name": "Production"}, 0),
        ("live", 1),
        (" live ", 1),
        ({"name": "live"}, 1),
        ({"id": "", "name": "live"}, 1),
        ({"id": None, "name": "live"}, 1),
    ],
)
def test_reference_without_an_id_is_read_by_its_name_and_counted(
    reference: object, breaches: int
) -> None:
    incident = of(cdevent("incident.detected", {"service": reference}))
    deploy = of(cdevent("service.deployed", {"environment": reference}))

    assert only_fact(incident).fields == {"service": "live"}
    assert only_fact(deploy).entity.endswith("#12/live/2026-03-02T10:00:00Z")
    assert incident.unknown_fields == deploy.unknown_fields == breaches


@pytest.mark.parametrize("reference", ["acme/shop", {"name": "Acme/Shop"}])
def test_repository_without_an_id_is_read_by_its_name_and_counted(
    reference: object,
) -> None:
    decoded = of(cdevent("change.created", {"repository": reference}))

    assert only_fact(decoded).fields == {"repo": "acme/shop"}
    assert decoded.unknown_fields == 1


@pytest.mark.parametrize(
    ("reference", "breaches"),
    [(None, 0), ("", 1), ({}, 1), (5, 1), (["live"], 1), ({"id": 5}, 1)],
)
def test_reference_that_names_nothing_is_as_if_left_out(
    reference: object, breaches: int
) -> None:
    decoded = of(cdevent("incident.detected", {"service": reference}))

    assert only_fact(decoded).fields == {}
    assert decoded.unknown_fields == breaches


def test_rollback_has_no_outcome() -> None:
    assert fields("service.rolledback", {"artifactId": ""}) == {
        "service": "12",
        "deployed": "https://ci.example#12",
    }


@pytest.mark.parametrize(
    ("resolution", "kind"),
    [
        ("completed", Kind.TICKET_DONE),
        ("fixed", Kind.TICKET_DONE),
        (None, Kind.TICKET_DONE),
        ("withdrawn", Kind.TICKET_CANCELLED),
        ("duplicate", Kind.TICKET_CANCELLED),
        ("not_planned", Kind.TICKET_CANCELLED),
    ],
)
def test_resolution_says_whether_a_closed_ticket_was_done(
    resolution: object, kind: Kind
) -> None:
    assert (
        only_fact(of(cdevent("ticket.closed", {"resolution": resolution}))).kind is kind
    )


@pytest.mark.parametrize(
    ("content", "work_class"),
    [
        ({"ticketType": "bug", "labels": ["feature"]}, "defect"),
        ({"ticketType": None, "labels": ["security"]}, "risk"),
        ({"ticketType": "odd", "summary": "chore: tidy"}, "debt"),
        ({"summary": "tidy", "labels": "bug"}, None),
    ],
)
def test_class_of_a_ticket_is_by_type_then_label_then_prefix(
    content: dict[str, object], work_class: str | None
) -> None:
    assert fields("ticket.created", content).get("work_class") == work_class


def test_ticket_of_a_known_project_is_also_known_by_its_key() -> None:
    event = cdevent("ticket.created")
    event["subject"] = {"id": "https://jira.example/browse/CHK-7", "content": {}}

    assert only_fact(of(event)).fields == {"aliases": ["CHK-7"], "project": "CHK"}


def test_ticket_touched_by_a_bot_is_automation() -> None:
    settings = DecodeSettings(bots=frozenset({"sweeper"}))
    event = cdevent("ticket.updated", {"creator": "ada", "updatedBy": "Sweeper"})

    assert only_fact(of(event, settings=settings)).fields == {"automation": True}
    assert fields("ticket.created", {"creator": "renovate[bot]"}) == {
        "automation": True
    }
    assert fields("ticket.created", {"creator": "ada"}) == {}


def test_what_two_teams_do_to_a_ticket_at_one_instant_are_facts_of_their_own() -> None:
    said = [{}, {"by_team": "checkout"}, {"by_team": "search"}, {"automation": True}]
    events = [cdevent("ticket.updated", customData={"friction": one}) for one in said]

    assert len({only_fact(of(event)).identity for event in events}) == len(said)


def test_reopened_issue_of_a_collector_is_reopened() -> None:
    custom = {"github": {"action": "reopened"}}

    assert only_fact(of(cdevent("ticket.updated", customData=custom))).kind is (
        Kind.TICKET_REOPENED
    )


@pytest.mark.parametrize(
    ("status", "decision"),
    [
        ("approved", "approved"),
        ("rejected", "rejected"),
        ("cancelled", "cancelled"),
        ("expired", "cancelled"),
        (None, "cancelled"),
    ],
)
def test_status_of_a_closed_approval_is_the_decision(
    status: object, decision: str
) -> None:
    assert fields("approval.closed", {"status": status}) == {"decision": decision}


def test_native_fields_of_the_custom_data_win_over_what_is_derived() -> None:
    friction = {
        "item": "CHK-1",
        "on_team": "platform",
        "branch": "CHK-9",
        "outcome": "timed_out",
        "revision": 4,
        "team": None,
        "colour": "red",
    }
    event = cdevent(
        "pipelinerun.finished", {"outcome": "error"}, customData={"friction": friction}
    )

    decoded = of(event)

    fact = only_fact(decoded)
    assert fact.revision == 4
    assert decoded.unknown_fields == 1
    assert fact.fields == {
        "outcome": "timed_out",
        "item": "CHK-1",
        "on_team": "platform",
        "branch": branch_word("CHK-9"),
        "tickets": ["CHK-9"],
    }


def test_mistakes_in_the_native_fields_are_reported_with_the_others() -> None:
    friction = {"on_team": 5, "work_class": "bugfix", "attempt": 1.5}
    event = cdevent("ticket.created", customData={"friction": friction})

    assert codes(of(with_context(event, source=None, timestamp=17))) == [
        ("missing_field", "context.source"),
        ("bad_time", "context.timestamp"),
        ("wrong_type", "customData.friction.on_team"),
        ("bad_value", "customData.friction.work_class"),
        ("wrong_type", "customData.friction.attempt"),
    ]


def test_native_fields_that_are_no_object_are_a_mistake() -> None:
    event = cdevent("ticket.created", customData={"friction": "x"})

    assert codes(of(event)) == [("wrong_type", "customData.friction")]


def test_native_fields_of_null_say_nothing() -> None:
    event = cdevent("ticket.created", customData={"friction": None})

    assert only_fact(of(event)).fields == {}


def test_decision_of_the_native_fields_is_checked() -> None:
    event = cdevent("approval.closed", customData={"friction": {"decision": "maybe"}})

    assert codes(of(event)) == [("bad_value", "customData.friction.decision")]


def test_every_mistake_of_the_native_fields_is_told_whatever_else_is_wrong() -> None:
    friction = {"decision": "maybe", "team": "", "service": "a\x00"}
    event = cdevent("approval.closed", customData={"friction": friction})
    told = [
        ("bad_value", "customData.friction.team"),
        ("bad_value", "customData.friction.service"),
        ("bad_value", "customData.friction.decision"),
    ]

    assert codes(of(event)) == told
    nameless = {**event, "subject": {}}
    assert codes(of(nameless)) == [("missing_field", "subject.id"), *told]


@pytest.mark.parametrize("custom", ["aGVsbG8=", None, [1]])
def test_custom_data_that_is_no_object_is_left_alone(custom: object) -> None:
    assert only_fact(of(cdevent("ticket.created", customData=custom)))


def test_subject_without_id_is_rejected() -> None:
    event = cdevent("ticket.created", subject={"content": {}})
    wrong = cdevent("ticket.created", subject={"id": 5})

    assert codes(of(event)) == [("missing_field", "subject.id")]
    assert codes(of(wrong)) == [("wrong_type", "subject.id")]


def test_event_without_time_has_that_of_receipt_and_hashes_its_body() -> None:
    event = with_context(cdevent("ticket.created"), timestamp=None)

    first, later = of(event, timestamp=5_000), of(event, timestamp=9_000)

    assert only_fact(first).time == 5_000
    assert only_fact(first).fields == {"receipt": True}
    assert only_fact(first).identity == only_fact(later).identity


def test_event_without_any_time_is_rejected() -> None:
    event = with_context(cdevent("ticket.created"), timestamp=None)

    assert codes(of(event)) == [("missing_field", "context.timestamp")]


def test_topic_of_cdevents_reports_what_a_body_without_context_lacks() -> None:
    decoded = of({"subject": {"id": "1"}}, hint=TopicHint(provider="cdevents"))

    assert codes(decoded) == [
        ("unknown_kind", "context.type"),
        ("missing_field", "context.source"),
        ("missing_field", "context.timestamp"),
    ]
