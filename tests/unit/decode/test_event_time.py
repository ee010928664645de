"""When a body's event happened: its own word, then its bridge's, then its receipt."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.decode.jira.jira_bodies import HOUR, fact_of, issue, updated
from tests.unit.decode.records import TEN_O_CLOCK, cdevent, codes, of, only_fact

TEN = "2026-03-02T10:00:00Z"
ELEVEN = "2026-03-02T11:00:00Z"
# One of each provider, whose own and whose objects' time is left out.
JIRA = {
    "webhookEvent": "issuelink_created",
    "issueLink": {
        "id": 9,
        "sourceIssueId": 1,
        "destinationIssueId": 500,
        "issueLinkType": {
            "name": "Blocks",
            "outwardName": "blocks",
            "inwardName": "is blocked by",
        },
    },
}
CARD = {"content_type": "Issue", "content_node_id": "I_1"}
GITHUB = {
    "action": "edited",
    "projects_v2_item": CARD,
    "changes": {"field_value": {"from": None, "to": {"name": "In Progress"}}},
}
untimed = pytest.mark.parametrize(
    ("kind", "body"), [("link.added", JIRA), ("ticket.started", GITHUB)]
)


def structured(body: object, time: object) -> dict[str, Any]:
    event = {"specversion": "1.0", "id": "1", "source": "/x", "type": "t"}
    return {**event, "time": time, "data": body}


def event_bridge(body: object, time: object) -> dict[str, Any]:
    return {"detail-type": "x", "source": "y", "time": time, "detail": body}


def at_a_gateway(body: object, time: object) -> dict[str, Any]:
    """A binary CloudEvent of HTTP, as a gateway writes it down."""
    return {"headers": {"Ce-Id": "1", "Ce-Time": [time]}, "body": body}


def argo(body: object, time: object) -> dict[str, Any]:
    """An event of Argo Events: the attributes of a CloudEvent beside a request."""
    context = {"specversion": "1.0", "id": "1", "source": "x", "type": "webhook"}
    data = {"header": {"Accept": ["*/*"]}, "body": body}
    return {"context": {**context, "time": time}, "data": data}


AROUND = [structured, event_bridge, at_a_gateway, argo]


@untimed
@pytest.mark.parametrize("around", AROUND)
def test_a_body_without_time_has_that_of_what_is_around_it(
    kind: str, body: object, around: Any
) -> None:
    found = fact_of(kind, around(body, TEN), timestamp=TEN_O_CLOCK + HOUR)
    assert found.time == TEN_O_CLOCK
    assert "receipt" not in found.fields


@untimed
def test_so_it_has_in_a_binary_cloudevent(kind: str, body: object) -> None:
    headers = {"ce_id": "1", "ce_source": "/x", "ce_type": "t", "ce_time": TEN}
    # Where the record has a time or none.
    for timestamp in (TEN_O_CLOCK + HOUR, None):
        found = fact_of(kind, body, headers=headers, timestamp=timestamp)
        assert found.time == TEN_O_CLOCK
        assert "receipt" not in found.fields


@untimed
@pytest.mark.parametrize("time", ["yesterday", "0001-01-01T00:00:00Z", 1, None])
def test_of_what_is_no_time_the_receipt_is_left(
    kind: str, body: object, time: object
) -> None:
    for around in (structured, event_bridge, argo):
        wrapped = around(body, time)
        found = fact_of(kind, wrapped, timestamp=TEN_O_CLOCK)
        assert found.time == TEN_O_CLOCK
        assert found.fields["receipt"] is True
        assert codes(of(wrapped))[0][0] == "missing_field"


@pytest.mark.parametrize("time", [ELEVEN, "yesterday"])
def test_a_bodys_own_time_and_its_objects_come_first(time: str) -> None:
    """A link that says ten itself; an issue and a card that were updated at ten."""
    link = JIRA | {"timestamp": TEN_O_CLOCK}
    assert fact_of("link.added", structured(link, time)).time == TEN_O_CLOCK
    shown = updated(issue(updated="2026-03-02T10:00:00.000+0000"), at="no number")  # type: ignore[arg-type]
    found = fact_of("ticket.updated", structured(shown, time))
    assert found.time == TEN_O_CLOCK
    card = structured(GITHUB | {"projects_v2_item": CARD | {"updated_at": TEN}}, time)
    assert fact_of("ticket.started", card).time == TEN_O_CLOCK


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize(
    ("time", "receipt"),
    [(TEN, False), ("yesterday", True), (None, True), ("", True), (TEN[:-1], True)],
)
def test_a_cdevent_without_time_has_that_of_what_is_around_it(
    time: str | None, receipt: bool, around: Any
) -> None:
    event = cdevent("pipelinerun.queued")
    event["context"]["timestamp"] = None  # type: ignore[index]
    found = only_fact(of(around(event, time), timestamp=TEN_O_CLOCK + HOUR))
    assert found.time == TEN_O_CLOCK + receipt * HOUR
    assert ("receipt" in found.fields) is receipt


def test_attributes_that_are_null_are_no_disagreement() -> None:
    event = structured(cdevent("pipelinerun.queued"), None)
    event |= {
        "id": "e-1",
        "source": None,
        "type": "dev.cdevents.pipelinerun.queued.0.3.0",
    }
    assert of(event).unknown_fields == 0
