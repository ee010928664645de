"""Every real CDEvent ends as facts, a rejection with reasons, or a stated ignore."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.decode.decode import decode
from monitor.decode.settings import NO_HINT, DecodeSettings, TopicHint
from monitor.decode.times import read_time
from monitor.domain.facts import Kind
from monitor.domain.making import make_fact
from monitor.domain.outcomes import Decoded, Record
from tests.harness.reference_data import payloads_dir

FACTS, IGNORED, REJECTED = "facts", "ignored", "rejected"
MIXED = "negative-and-version-tests"
# What each kind of the reference data ends as, whatever its version and producer.
ENDS = {
    "approval.closed": FACTS,
    "approval.created": FACTS,
    "artifact.deleted": IGNORED,
    "artifact.downloaded": IGNORED,
    "artifact.packaged": IGNORED,
    "artifact.published": IGNORED,
    "artifact.signed": IGNORED,
    "branch.created": IGNORED,
    "branch.deleted": IGNORED,
    "build.finished": IGNORED,
    "build.queued": IGNORED,
    "build.started": IGNORED,
    "change.abandoned": FACTS,
    "change.created": FACTS,
    "change.merged": FACTS,
    "change.reviewed": FACTS,
    "change.updated": FACTS,
    "environment.created": IGNORED,
    "environment.deleted": IGNORED,
    "environment.modified": IGNORED,
    "incident.detected": FACTS,
    "incident.reported": FACTS,
    "incident.resolved": FACTS,
    "pipelinerun.finished": FACTS,
    "pipelinerun.queued": FACTS,
    "pipelinerun.started": FACTS,
    "repository.created": IGNORED,
    "repository.deleted": IGNORED,
    "repository.modified": IGNORED,
    "service.deployed": FACTS,
    "service.published": IGNORED,
    "service.removed": IGNORED,
    "service.rolledback": FACTS,
    "service.upgraded": FACTS,
    "taskrun.finished": IGNORED,
    "taskrun.started": IGNORED,
    "testcase.finished": IGNORED,
    "testcase.queued": IGNORED,
    "testcase.started": IGNORED,
    "testcaserun.finished": IGNORED,
    "testcaserun.queued": IGNORED,
    "testcaserun.skipped": IGNORED,
    "testcaserun.started": IGNORED,
    "testoutput.published": IGNORED,
    "testsuite.finished": IGNORED,
    "testsuite.started": IGNORED,
    "testsuiterun.finished": IGNORED,
    "testsuiterun.queued": IGNORED,
    "testsuiterun.started": IGNORED,
    "ticket.closed": FACTS,
    "ticket.created": FACTS,
    "ticket.updated": FACTS,
}
# Of the negative tests of the SDKs, those that do not end as a stated ignore.
NEGATIVE = {
    "sdk-go-v99.0--non_unmarshable.json.txt": ("not_json", ""),
    "sdk-java--artifact_published_with_no_context.json": ("unrecognised", ""),
}
COUNTED = {
    "sdk-java--pipelinerun_finished_optional.json": Kind.RUN_FINISHED,
    "sdk-java--pipelinerun_started_optional.json": Kind.RUN_STARTED,
}


def ends_of(path: Path, hint: TopicHint = NO_HINT) -> Decoded:
    record = Record("t", 0, 0, None, None, (), path.read_bytes())
    return decode(record, hint, DecodeSettings())


def sort_of(decoded: Decoded) -> str:
    found = [
        sort
        for sort, holds in (
            (FACTS, decoded.facts),
            (REJECTED, decoded.reasons),
            (IGNORED, decoded.ignored),
        )
        if holds
    ]
    assert len(found) == 1
    return found[0]


def real(name: str) -> Path:
    return payloads_dir() / "cdevents" / name


def test_every_kind_of_the_reference_data_is_expected() -> None:
    kinds = {path.name for path in (payloads_dir() / "cdevents").iterdir()}

    assert kinds == ENDS.keys() | {MIXED}


@pytest.mark.parametrize("hint", [NO_HINT, TopicHint(provider="cdevents")])
@pytest.mark.parametrize(("kind", "end"), ENDS.items())
def test_every_file_of_a_kind_ends_as_expected(
    kind: str, end: str, hint: TopicHint
) -> None:
    files = sorted(real(kind).iterdir())
    outcomes = [ends_of(path, hint) for path in files]

    assert files
    assert {sort_of(decoded) for decoded in outcomes} == {end}
    assert {decoded.provider for decoded in outcomes} == {"cdevents"}
    assert {decoded.raw_kind for decoded in outcomes} == {kind}


def test_negative_tests_of_the_sdks_end_as_expected() -> None:
    for path in sorted(real(MIXED).iterdir()):
        decoded = ends_of(path)
        if path.name in NEGATIVE:
            reasons = [(reason.code, reason.where) for reason in decoded.reasons]
            assert reasons == [NEGATIVE[path.name]]
        elif path.name in COUNTED:
            assert [fact.kind for fact in decoded.facts] == [COUNTED[path.name]]
        else:
            assert sort_of(decoded) == IGNORED
            assert decoded.raw_kind in {"other", "custom"}


SPEC = ("/event/source/123", "/event/source/123#mySubject123")
SPEC_DEPLOY = (SPEC[0], f"{SPEC[1]}/test123/2023-03-20T14:27:05.315Z")
SPEC_TIME = "2023-03-20T14:27:05.315Z"
TICKETS = ("/ticketing/system", "/ticketing/system#ticket-123")
MONITORING = ("/monitoring/prod1", "/monitoring/prod1#incident-123")
INCIDENT_TIME = "2022-11-11T13:52:20.079Z"
CLUSTER = "https://kubernetes.default.svc"
CDVIZ = "http://cdviz-collector.example.com?source=cli-transform"
API = "https://api.github.com/repos/aaaaa-aaa/aaaaa-aaaaaaaaa"
REPO = "aaaaa-aaa/aaaaa-aaaaaaaaa"
PULL = (CDVIZ, f"{CDVIZ}#{API}/pulls/97")
ISSUE = (CDVIZ, f"{CDVIZ}#{API}/issues/98")
ISSUE_FIELDS = {
    "repo": REPO,
    "number": 98,
    "aliases": [f"{REPO}#98"],
    "url": f"https://github.com/{REPO}/issues/98",
}
PULL_FIELDS = {"repo": REPO, "number": 97, "aliases": [f"{REPO}#97"]}
RUN = {"pipeline": "myPipeline", "url": "https://www.example.com/mySubject123"}
APPROVAL = ("/event/source/123", "/event/source/123#approval-123")
TARGET = {"url": "https://deployments.example.com/myapp/prod"}
DEPLOYED = {
    "service": "mySubject123",
    "environment": "test123",
    "deployed": SPEC[1],
}
ABOUT = {"service": "myApp", "environment": "prod1"}
# Whom CDviz names beside; nothing else of CDEvents names anybody.
PEOPLE = {
    "change.created/cdviz-github--pull_request--opened.01.json": {"actor", "author"},
    "change.merged/cdviz-github--pull_request--closed.01.json": {"actor"},
    "ticket.closed/cdviz-github--issue--closed.01.json": {"actor"},
    "ticket.closed/cdviz-github--issue--closed.02.json": {"actor"},
    "ticket.updated/cdviz-github--issue--labeled.02.json": {"actor"},
    "ticket.updated/cdviz-github--issue--reopened.01.json": {"actor"},
}
GITOPS = "2396abec0a4a8bb67cbe5395fbf28dadf45e0b48"


@pytest.mark.parametrize(
    ("name", "kind", "time", "place", "fields"),
    [
        (
            "pipelinerun.queued/spec-v0.5.1--pipelinerun_queued.json",
            Kind.RUN_QUEUED,
            SPEC_TIME,
            SPEC,
            RUN,
        ),
        (
            "pipelinerun.started/spec-v0.4.1--pipelinerun_started.json",
            Kind.RUN_STARTED,
            SPEC_TIME,
            SPEC,
            RUN,
        ),
        (
            "pipelinerun.finished/spec-v0.2.0--pipelinerun_finished.json",
            Kind.RUN_FINISHED,
            SPEC_TIME,
            SPEC,
            {**RUN, "outcome": "failure"},
        ),
        (
            "change.created/cdviz-github--pull_request--opened.01.json",
            Kind.CHANGE_OPENED,
            "2025-05-21T14:28:11Z",
            PULL,
            PULL_FIELDS,
        ),
        (
            "change.updated/spec-v0.5.1--change_updated.json",
            Kind.CHANGE_PUSHED,
            SPEC_TIME,
            SPEC,
            {"repo": "testrepo/testorg"},
        ),
        (
            "change.reviewed/spec-v0.5.1--change_reviewed.json",
            Kind.CHANGE_REVIEWED,
            SPEC_TIME,
            SPEC,
            {"repo": "testrepo/testorg", "inferred": True},
        ),
        (
            "change.merged/cdviz-github--pull_request--closed.01.json",
            Kind.CHANGE_MERGED,
            "2025-05-21T17:35:21Z",
            PULL,
            PULL_FIELDS,
        ),
        (
            "change.abandoned/spec-v0.2.0--change_abandoned.json",
            Kind.CHANGE_CLOSED,
            SPEC_TIME,
            SPEC,
            {"repo": "testrepo/testorg"},
        ),
        (
            "service.deployed/cdviz-argocd--016_sync_podinfo_3_3.json",
            Kind.DEPLOY_FINISHED,
            "2025-10-02T16:53:20Z",
            (CDVIZ, f"{CDVIZ}#argocd/aaaaaaaaa/{CLUSTER}/2025-10-02T16:53:20Z"),
            {
                "service": "argocd/aaaaaaaaa",
                "environment": CLUSTER,
                "outcome": "success",
                "deployed": f"{CDVIZ}#argocd/aaaaaaaaa",
                "repo": "cdviz-dev/demo-cluster",
                "shas": [GITOPS],
            },
        ),
        (
            "service.upgraded/spec-v0.5.1--service_upgraded.json",
            Kind.DEPLOY_FINISHED,
            SPEC_TIME,
            SPEC_DEPLOY,
            {**DEPLOYED, "outcome": "success"},
        ),
        (
            "service.rolledback/spec-v0.4.1--service_rolledback.json",
            Kind.DEPLOY_ROLLED_BACK,
            SPEC_TIME,
            (SPEC_DEPLOY[0], f"{SPEC_DEPLOY[1]}/rolledback"),
            DEPLOYED,
        ),
        (
            "incident.detected/cdviz-argocd--000_cli_template.json",
            Kind.INCIDENT_OPENED,
            "2025-10-02T16:13:13.201Z",
            (CDVIZ, f"{CDVIZ}#argocd/aaaaaaa"),
            {"service": "argocd/aaaaaaa", "environment": CLUSTER},
        ),
        (
            "incident.reported/spec-v0.5.1--incident_reported.json",
            Kind.INCIDENT_OPENED,
            INCIDENT_TIME,
            MONITORING,
            {**ABOUT, "url": "https://my-issues.example/incidents/ticket-345"},
        ),
        (
            "incident.resolved/spec-v0.2.0--incident_resolved.json",
            Kind.INCIDENT_RESOLVED,
            INCIDENT_TIME,
            MONITORING,
            ABOUT,
        ),
        (
            "ticket.created/spec-v0.5.1--ticket_created.json",
            Kind.TICKET_CREATED,
            INCIDENT_TIME,
            TICKETS,
            {"url": "https://example.issues.com/ticket123", "work_class": "feature"},
        ),
        (
            "ticket.updated/cdviz-github--issue--labeled.02.json",
            Kind.TICKET_UPDATED,
            "2025-05-21T17:45:34Z",
            ISSUE,
            ISSUE_FIELDS,
        ),
        (
            "ticket.updated/cdviz-github--issue--reopened.01.json",
            Kind.TICKET_REOPENED,
            "2025-05-21T17:49:23Z",
            ISSUE,
            {**ISSUE_FIELDS, "work_class": "defect"},
        ),
        (
            "ticket.closed/cdviz-github--issue--closed.01.json",
            Kind.TICKET_DONE,
            "2025-05-21T17:46:53Z",
            ISSUE,
            {**ISSUE_FIELDS, "work_class": "defect"},
        ),
        (
            "ticket.closed/cdviz-github--issue--closed.02.json",
            Kind.TICKET_CANCELLED,
            "2025-05-21T17:49:53Z",
            ISSUE,
            {**ISSUE_FIELDS, "work_class": "defect"},
        ),
        (
            "approval.created/spec-0.6.0-draft--approval_created.json",
            Kind.DEPLOY_APPROVAL_REQUESTED,
            SPEC_TIME,
            APPROVAL,
            TARGET,
        ),
        (
            "approval.closed/spec-0.6.0-draft--approval_closed.json",
            Kind.DEPLOY_APPROVAL_DECIDED,
            "2023-03-20T14:29:05.315Z",
            APPROVAL,
            {**TARGET, "decision": "approved"},
        ),
    ],
)
def test_real_event_becomes_this_fact(
    name: str,
    kind: Kind,
    time: str,
    place: tuple[str, str],
    fields: dict[str, object],
) -> None:
    decoded = ends_of(real(name))
    milliseconds = read_time(time)
    assert isinstance(milliseconds, int)

    source, entity = place
    expected = make_fact(kind, milliseconds, entity, source)
    (fact,) = decoded.facts
    assert (fact.kind, fact.time, fact.entity, fact.source) == expected[:4]
    assert fact.fields == fields
    assert fact.people.keys() == PEOPLE.get(name, set())
    assert (fact.revision, decoded.unknown_fields) == (0, 0)


def test_versions_of_the_same_event_are_one_fact() -> None:
    files = sorted(real("pipelinerun.finished").glob("spec-*"))

    assert len(files) > 1
    assert len({ends_of(path).facts[0].identity for path in files}) == 1


def test_no_person_of_a_real_event_is_kept() -> None:
    for name in (
        "ticket.created",
        "ticket.closed",
        "ticket.updated",
        "approval.closed",
    ):
        for path in real(name).iterdir():
            text = str(ends_of(path).facts).lower()
            assert "alice" not in text
            assert "bob" not in text
