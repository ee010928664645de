"""Bytes that nobody should send: a reason each, never an exception."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.decode.decode import decode
from monitor.decode.settings import NO_HINT, TopicHint
from monitor.domain.outcomes import Decoded, Record
from tests.unit.decode.records import (
    SETTINGS,
    cdevent,
    codes,
    native,
    of,
    of_bytes,
    only_fact,
)

MEGABYTE = 1_000_000


def is_one_of_three(decoded: Decoded) -> bool:
    """Facts, reasons or a stated ignore: nothing is swallowed."""
    return bool(decoded.facts) or bool(decoded.reasons) or bool(decoded.ignored)


def test_tombstone_is_rejected() -> None:
    assert codes(of_bytes(None)) == [("tombstone", "")]


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"   ",
        b"hello",
        b"a=1&xpayload=2",
        b"{",
        b"{'a': 1}",
        b'{"a": 1}}',
        b'{"schema": "friction.event.v1"',
        b"nul",
        b'{"a": ' + b"9" * 5_000 + b"}",
        b'{"a": "\\ud800"}',
        b'{"a": "\n"}',
        b"\x1f\x8bnot gzip at all",
        gzip.compress(b"{}" * 100, mtime=0)[:-10],
        gzip.compress(json.dumps(native()).encode(), mtime=0) * 2,
        gzip.compress(json.dumps(native()).encode(), mtime=0) + b"{}",
        (gzip.compress(json.dumps(native()).encode(), mtime=0) * 2)[:-10],
    ],
)
def test_what_is_no_json_is_rejected(value: bytes) -> None:
    assert codes(of_bytes(value)) == [("not_json", "")]


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(native()).encode(),
        gzip.compress(json.dumps(native()).encode(), mtime=0),
        f"payload={quote(json.dumps(native()))}".encode(),
    ],
    ids=["json", "gzip", "form"],
)
def test_bare_base64_of_a_body_is_told_how_to_be_sent(body: bytes) -> None:
    encoded = base64.b64encode(body)
    (reason,) = of_bytes(b" " + encoded + b"\n").reasons
    assert (str(reason.code), reason.where) == ("not_json", "")
    assert "looks like base64: send what it holds, or put it in quotes" in reason.text
    assert only_fact(of_bytes(b'"' + encoded + b'"')).entity == "CHK-1"


@pytest.mark.parametrize("text", [b"hello", b"nulll===", b"aGVsbG8=", b"{e30=", b""])
def test_what_is_base64_of_no_body_is_not_called_so(text: bytes) -> None:
    (reason,) = of_bytes(text).reasons
    assert "base64" not in reason.text


@pytest.mark.parametrize("between", [b"\n", b"", b",", b"\r\n\r\n"])
def test_several_events_in_a_record_are_told_how_to_be_sent(between: bytes) -> None:
    (reason,) = of_bytes(between.join([json.dumps(native()).encode()] * 2)).reasons

    assert "a record each, or one JSON array" in reason.text


@pytest.mark.parametrize(
    "value", [b"\xff\xfe{\x00}\x00", b'{"a": "\xff"}', b'{"a": "\xc3"}', b"\x80"]
)
def test_what_is_not_utf8_is_rejected_with_the_place(value: bytes) -> None:
    decoded = of_bytes(value)

    assert codes(decoded) == [("not_utf8", "")]
    assert "byte" in decoded.reasons[0].text


@pytest.mark.parametrize(
    "value", [b"5", b"true", b"null", b'"text"', b"[5]", b"[[{}]]"]
)
def test_bare_values_are_no_events(value: bytes) -> None:
    assert {code for code, _ in codes(of_bytes(value))} == {"not_an_object"}


@pytest.mark.parametrize(
    "value",
    [
        b"[" * 10_000 + b"]" * 10_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        json.dumps(native()).encode()[:-1]
        + b', "x": '
        + b"[" * 10_000
        + b"]" * 10_000
        + b"}",
        b"[" * 10_000,
    ],
)
def test_nesting_of_10000_levels_is_too_deep(value: bytes) -> None:
    assert codes(of_bytes(value)) == [("too_deep", "")]


def test_body_of_20_megabytes_is_decoded() -> None:
    assert only_fact(of(native(title="x" * 20 * MEGABYTE))).entity == "CHK-1"


def test_body_of_30_megabytes_is_too_large() -> None:
    assert codes(of(native(title="x" * 30 * MEGABYTE))) == [("too_large", "")]
    assert codes(of_bytes(b"x" * 30 * MEGABYTE)) == [("too_large", "")]


def test_packed_body_is_measured_unpacked() -> None:
    assert codes(of_bytes(gzip.compress(b" " * 30 * MEGABYTE, 1))) == [
        ("too_large", "")
    ]


def test_members_of_a_packed_body_are_measured_together() -> None:
    ten = gzip.compress(b" " * 10 * MEGABYTE, 1)

    assert codes(of_bytes(ten * 3)) == [("too_large", "")]
    assert codes(of_bytes(gzip.compress(b" ", 1) * 1_001)) == [("too_large", "")]


def packed(text: bytes) -> str:
    return base64.b64encode(gzip.compress(text, mtime=0)).decode()


@pytest.mark.parametrize("levels", [1, 2])
def test_all_that_a_record_unpacks_to_is_measured_together(levels: int) -> None:
    """Of ten events that are as long as a body may be, three at most are read."""
    limit = 10_000
    event = json.dumps(native(title="x")).encode()
    text = json.dumps([packed(event.ljust(limit))] * 10).encode()
    if levels > 1:
        text = json.dumps([packed(text)]).encode()
    allowed = replace(SETTINGS, max_body_bytes=limit)
    found = decode(Record("t", 0, 0, None, None, (), text), NO_HINT, allowed)
    assert 1 <= len(found.facts) <= 3
    assert {reason.code.value for reason in found.reasons} == {"too_large"}
    assert "unpacks to more than 3 times" in found.reasons[0].text


def test_a_batch_that_unpacks_to_less_is_read_whole() -> None:
    event = json.dumps(native(title="x")).encode()
    assert len(of([packed(event)] * 200).facts) == 200


def test_batch_of_too_many_events_is_too_large() -> None:
    assert codes(of([1] * 10_001)) == [("too_large", "")]


def test_reasons_of_one_record_are_at_most_a_hundred() -> None:
    assert len(of([1] * 10_000).reasons) == 100
    assert len(of(native(items=[1] * 10_000)).reasons) == 100


def test_lone_surrogate_in_a_native_event_is_rejected() -> None:
    text = json.dumps(native()).replace("CHK-1", "\\ud800")

    assert codes(of_bytes(text.encode())) == [("not_json", "")]


def test_not_a_number_in_an_ignored_field_is_ignored() -> None:
    assert only_fact(of(native(weight=float("nan"))))
    assert codes(of(native(attempt=float("nan")))) == [("wrong_type", "attempt")]


def test_not_a_number_inside_a_cloudevent_does_no_harm() -> None:
    body = {"specversion": "1.0", "id": "1", "source": "s", "type": "t"}

    assert only_fact(of({**body, "data": native(weight=float("inf"))}))


def test_reasons_never_quote_the_body() -> None:
    secret = "hunter2"
    bodies: list[object] = [
        native(kind=secret, time=secret, outcome=secret, team=[secret]),
        {secret: secret},
        cdevent(f"{secret}.x", subject={"id": [secret]}),
        {"detail-type": secret, "detail": secret},
    ]
    for body in bodies:
        assert secret not in str(of(body).reasons)
    assert secret not in str(of_bytes(b'{"' + secret.encode() + b'": }').reasons)


KEYS = st.sampled_from(
    [
        *native(on_team="a", items=[], attempt=1),
        *("context", "subject", "customData", "friction", "content", "type"),
        *("specversion", "data", "data_base64", "headers", "body", "payload", "detail"),
        *("detail-type", "message", "event", "linkType", "before", "after", "op"),
        *("pull_request", "repository", "workflow_job", "issue", "action", "sender"),
    ]
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["friction.event.v1", "run.finished", "2026-03-02T10:00:00Z"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6)
    ),
    max_leaves=20,
)
HINTS = st.builds(
    TopicHint,
    st.sampled_from([None, "github", "native", "cdevents", "nobody"]),
    st.sampled_from([None, ("body",), ("data", "body")]),
    st.sampled_from([None, ("event",)]),
)


@given(st.binary(max_size=200), HINTS)
def test_no_bytes_raise(value: bytes, hint: TopicHint) -> None:
    assert is_one_of_three(of_bytes(value, hint=hint))


@given(JSON, HINTS, st.none() | st.integers(0, 2**50))
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_no_json_raises(body: object, hint: TopicHint, timestamp: int | None) -> None:
    text = json.dumps(body).encode()

    assert is_one_of_three(of_bytes(text, hint=hint, timestamp=timestamp))


@given(st.dictionaries(st.sampled_from(list(native(on_team="", items=[]))), JSON))
def test_no_native_event_raises(fields: dict[str, object]) -> None:
    assert is_one_of_three(of({**native(), **fields}))


@given(
    st.sampled_from(["pipelinerun.finished", "change.created", "ticket.closed"]),
    st.dictionaries(
        st.sampled_from(["outcome", "repository", "labels", "summary", "uri"]), JSON
    ),
    JSON,
)
def test_no_cdevent_raises(
    type_: str, content: dict[str, object], custom: object
) -> None:
    assert is_one_of_three(of(cdevent(type_, content, customData=custom)))


@given(st.integers(0, 400), st.binary(max_size=3))
def test_no_damaged_event_raises(at: int, poison: bytes) -> None:
    text = json.dumps(native(on_team="platform", title="t" * 200)).encode()

    assert is_one_of_three(of_bytes(text[:at] + poison + text[at + len(poison) :]))
