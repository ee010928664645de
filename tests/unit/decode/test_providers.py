"""The contract of a provider: whatever the bytes and the kind, no exception."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.decode.provider import Context, Provider
from monitor.decode.recognise import BY_NAME, PROVIDERS
from tests.unit.decode.records import SETTINGS, native

CONTEXT = Context(SETTINGS, 5, {})
KINDS = [None, "", "ping", "pull_request", "ticket.created", "taskrun.started", "other"]

every_provider = pytest.mark.parametrize(
    "provider", PROVIDERS, ids=lambda row: row.name
)


def test_names_of_providers_are_distinct() -> None:
    assert list(BY_NAME) == ["native", "cdevents", "github", "jira"]


@every_provider
@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 500, b"5", b"[]", b"null"])
def test_body_that_is_no_object_is_no_fact(provider: Provider, body: bytes) -> None:
    for kind in KINDS:
        decoded = provider.decode(body, kind, CONTEXT)

        assert decoded.facts == ()
        assert decoded.reasons or decoded.ignored
        assert decoded.provider == provider.name


@every_provider
@given(body=st.binary(max_size=40), kind=st.sampled_from(KINDS) | st.text(max_size=5))
def test_no_bytes_and_no_kind_raise(
    provider: Provider, body: bytes, kind: str | None
) -> None:
    decoded = provider.decode(body, kind, CONTEXT)

    assert decoded.facts or decoded.reasons or decoded.ignored


@every_provider
def test_body_of_nobody_is_recognised_by_nobody(provider: Provider) -> None:
    bodies: list[dict[str, object]] = [
        {},
        {"context": "ci"},
        {"context": {}},
        {"schema": {}, "linkType": 5},
    ]
    for body in bodies:
        assert provider.recognise(frozenset(body), body) is None


def test_each_format_recognises_its_own() -> None:
    assert (
        BY_NAME["native"].recognise(frozenset(native()), native()) == "ticket.blocked"
    )
