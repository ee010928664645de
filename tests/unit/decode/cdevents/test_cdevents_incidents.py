"""Incidents of CDEvents: what they are about, and what they are called."""

from __future__ import annotations

import pytest

from tests.unit.decode.records import cdevent, of, only_fact


def test_incident_is_about_a_service() -> None:
    content: dict[str, object] = {
        "environment": {"id": "production"},
        "service": {"id": "checkout-api"},
        "ticketURI": "https://t/1",
    }

    assert only_fact(of(cdevent("incident.reported", content))).fields == {
        "service": "checkout-api",
        "environment": "production",
        "url": "https://t/1",
    }


@pytest.mark.parametrize(
    ("content", "service"),
    [({}, "12"), ({"service": {"id": "checkout-api"}}, "checkout-api")],
)
def test_incident_of_an_application_is_about_it_where_no_service_is_told(
    content: dict[str, object], service: str
) -> None:
    application = {"application": {"name": "12", "namespace": "argocd"}}
    event = cdevent("incident.detected", content, customData={"argocd": application})

    assert only_fact(of(event)).fields == {"service": service}


def test_application_that_is_called_like_a_ticket_is_none() -> None:
    event = cdevent("incident.detected", customData={"argocd": {"health": {}}})
    event["subject"] = {"id": "argocd/chk-7", "content": {}}

    assert only_fact(of(event)).fields == {"service": "argocd/chk-7"}
