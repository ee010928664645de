"""What bridges put around a body is taken off before anybody reads it."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any
from urllib.parse import quote_plus

import pytest

from monitor.decode.settings import TopicHint
from monitor.domain.outcomes import Decoded
from tests.unit.decode.records import (
    TEN_O_CLOCK,
    cdevent,
    codes,
    native,
    of,
    of_bytes,
    only_fact,
)

EVENT = native()
TEXT = json.dumps(EVENT)
BYTES = TEXT.encode()
FORM = b"payload=" + quote_plus(TEXT).encode()


def cloudevent(data: object = None, **attributes: object) -> dict[str, object]:
    event: dict[str, object] = {
        "specversion": "1.0",
        "id": "1",
        "source": "/x",
        "type": "com.example.thing",
    }
    return event | ({} if data is None else {"data": data}) | attributes


def opens(body: object, **options: Any) -> bool:
    """Whether the native event inside comes out as its fact."""
    return only_fact(of(body, **options)) == only_fact(of(EVENT))


def opens_bytes(value: bytes, **options: Any) -> bool:
    return only_fact(of_bytes(value, **options)) == only_fact(of(EVENT))


@pytest.mark.parametrize(
    "body",
    [
        cloudevent(EVENT),
        cloudevent(TEXT),
        cloudevent(data_base64=base64.b64encode(BYTES).decode()),
        {"headers": {"A": "b"}, "body": EVENT},
        {"headers": {"A": ["b", "c"]}, "body": TEXT},
        {"header": {"A": ["b"]}, "body": base64.b64encode(BYTES).decode()},
        {
            "context": {"type": "webhook", "id": "1"},
            "data": {"header": {}, "body": EVENT},
        },
        {"context": {"id": "1"}, "data": base64.b64encode(BYTES).decode()},
        {"version": "0", "detail-type": "x", "source": "y", "detail": EVENT},
        {"schema": {"type": "string"}, "payload": EVENT},
        {"schema": None, "payload": TEXT},
        {"event": "x", "payload": EVENT},
        {"payload": TEXT},
        {"message": TEXT, "@timestamp": "2026-03-02T10:00:00Z", "host": "a"},
        TEXT,
        json.dumps(TEXT),
        FORM.decode(),
        base64.b64encode(BYTES).decode(),
        base64.b64encode(FORM).decode(),
        {"headers": {}, "body": base64.b64encode(FORM).decode()},
        [EVENT],
    ],
)
def test_known_envelope_is_opened(body: object) -> None:
    assert opens(body)


@pytest.mark.parametrize(
    "value",
    [
        gzip.compress(BYTES, mtime=0),
        b"\x00\x00\x00\x00\x07" + BYTES,
        # Apicurio's numbers of schemas have eight bytes.
        b"\x00" + (123).to_bytes(8, "big") + BYTES,
        b"\xef\xbb\xbf" + BYTES,
        FORM,
        b"a=1&" + FORM + b"&b=2",
        b" \n" + BYTES + b"\n",
        gzip.compress(FORM, mtime=0),
        gzip.compress(BYTES[:9], mtime=0) + gzip.compress(BYTES[9:], mtime=0),
        gzip.compress(b"", mtime=0) + gzip.compress(BYTES, mtime=0),
        gzip.compress(BYTES, mtime=0) + b"\x00\x00\n",
    ],
)
def test_bytes_around_the_text_are_taken_off(value: bytes) -> None:
    assert opens_bytes(value)


def test_ampersand_in_a_json_text_does_not_make_it_a_form() -> None:
    event = native(title="x&payload=1")

    assert only_fact(of(event)).entity == "CHK-1"


def test_text_is_unpacked_at_most_twice() -> None:
    assert codes(of(json.dumps(json.dumps(TEXT)))) == [("not_an_object", "")]


def test_envelope_in_an_envelope_is_opened() -> None:
    assert opens({"message": json.dumps({"headers": {}, "body": cloudevent(EVENT)})})


def test_envelopes_without_end_are_refused() -> None:
    body: object = EVENT
    for _ in range(20):
        body = {"headers": {}, "body": body}

    assert codes(of(body)) == [("too_deep", "")]


def test_binary_cloudevent_is_its_value() -> None:
    headers = {"ce_id": "1", "ce_source": "/x", "ce_type": "t", "ce_specversion": "1.0"}

    assert opens_bytes(BYTES, headers=headers)


def test_cdevent_in_a_cloudevent_wins_and_disagreements_are_counted() -> None:
    inner = cdevent("ticket.created")
    agreeing = cloudevent(
        inner,
        id="e-1",
        source="https://ci.example",
        type="dev.cdevents.ticket.created.0.3.0",
        time="2026-03-02T11:00:00+01:00",
    )
    disagreeing = {**agreeing, "id": "other", "time": "2026-03-02T09:00:00Z"}

    assert of(agreeing).facts == of(disagreeing).facts == of(inner).facts
    assert of(agreeing).unknown_fields == 0
    assert of(disagreeing).unknown_fields == 2


def test_binary_cdevent_disagreements_are_counted_too() -> None:
    headers = {"ce_id": "other", "ce_type": "dev.cdevents.ticket.created.0.3.0"}

    assert of(cdevent("ticket.created"), headers=headers).unknown_fields == 1


@pytest.mark.parametrize(
    ("data", "missing"),
    [
        ({"name": "shop"}, ["context.type", "context.source", "subject.id"]),
        ({"subject": {"id": "12"}}, ["context.type", "context.source"]),
        ({"context": {"source": "job/"}, "subject": {"id": "12"}}, ["context.type"]),
    ],
)
def test_cloudevent_that_only_says_it_is_a_cdevent_tells_what_it_lacks(
    data: dict[str, object], missing: list[str]
) -> None:
    """The samples in the documentation of Jenkins' plugin are so."""
    type_ = "dev.cdevents.pipelinerun.finished.0.1.0"
    binary = {"ce_specversion": "1.0", "ce_id": "1", "ce_source": "a", "ce_type": type_}

    for decoded in (
        of(cloudevent(data, type=type_), timestamp=TEN_O_CLOCK),
        of(data, headers=binary, timestamp=TEN_O_CLOCK),
    ):
        assert [where for _, where in codes(decoded)] == missing
        assert (
            "CloudEvent's type does (pipelinerun.finished)" in decoded.reasons[0].text
        )
        assert decoded.provider == "cdevents"


def test_cdevent_without_time_has_that_of_its_cloudevent() -> None:
    inner: dict[str, Any] = cdevent("ticket.created")
    del inner["context"]["timestamp"]
    outer = cloudevent(inner, time="2026-03-02T10:00:00Z")

    assert only_fact(of(outer)) == only_fact(of(cdevent("ticket.created")))


def test_batch_is_split_and_each_event_has_its_own_outcome() -> None:
    ignored = cdevent("taskrun.started")
    decoded = of([EVENT, native(entity="CHK-2"), native(id=None), ignored, 5, [EVENT]])

    assert [fact.entity for fact in decoded.facts] == ["CHK-1", "CHK-2"]
    assert [(reason.code, reason.where) for reason in decoded.reasons] == [
        ("missing_field", "[2].id"),
        ("not_an_object", "[4]"),
        ("not_an_object", "[5]"),
    ]
    assert decoded.ignored == ""


def test_batch_of_cloudevents_is_split() -> None:
    decoded = of([cloudevent(EVENT), cloudevent(native(entity="CHK-2"))])

    assert [fact.entity for fact in decoded.facts] == ["CHK-1", "CHK-2"]


def test_batch_of_ignored_events_says_why_once() -> None:
    task = cdevent("taskrun.started")

    assert of([task, task]).ignored == of(task).ignored
    assert of([]).ignored == "an empty batch"


@pytest.mark.parametrize(
    "body",
    [
        {"before": None, "after": {"id": 1}, "source": {"db": "x"}, "op": "c"},
        {
            "schema": {},
            "payload": {"before": {}, "after": {}, "source": {}, "op": "u"},
        },
        cloudevent({"a": 1}, type="io.debezium.connector.postgresql.DataChangeEvent"),
    ],
)
def test_database_changes_are_refused_politely(body: object) -> None:
    decoded = of(body)

    assert codes(decoded) == [("unsupported", "")]
    assert "Debezium" in decoded.reasons[0].text


@pytest.mark.parametrize(
    "value",
    [
        b"\x00\x00\x00\x00\x07\x02\x08abc",
        b"\x00" * 64,
        b"\x00" + (123).to_bytes(8, "big") + b"\x02\x08abc",
        # A letter of Avro's where the JSON of a longer number would begin.
        b"\x00\x00\x00\x00\x07\x02\x06ab{\x02}",
    ],
)
def test_registry_formats_other_than_json_are_unsupported(value: bytes) -> None:
    assert codes(of_bytes(value)) == [("unsupported", "")]


def test_cloudevent_without_data_is_rejected() -> None:
    assert codes(of(cloudevent())) == [("missing_field", "data")]
    assert codes(of(cloudevent(data_base64="***"))) == [("bad_value", "data_base64")]


def test_message_that_somebody_wrote_is_no_envelope() -> None:
    assert opens({**EVENT, "message": "[CHK-1] till is slow"})
    issue = {"action": "opened", "issue": {"number": 1, "created_at": "x"}}
    issue |= {"sender": {"login": "ada"}, "message": "[CHK-1] till is slow"}
    assert of(issue).raw_kind == "issues"


def test_configured_path_leads_to_the_body() -> None:
    hint = TopicHint(unwrap=("record", "content"))

    assert opens({"record": {"content": TEXT}, "meta": {}}, hint=hint)
    assert opens(EVENT, hint=hint)


def pull_request(decoded: Decoded) -> bool:
    return decoded.provider == "github" and decoded.raw_kind == "pull_request"


BODY = {"action": "x", "number": 1, "pull_request": {}, "repository": {}}


@pytest.mark.parametrize(
    "name",
    [
        "X-GitHub-Event",
        "x-github-event",
        "http_X_GITHUB_EVENT",
        "headers.x-github-event",
    ],
)
@pytest.mark.parametrize("value", ["pull_request", '"pull_request"'])
def test_provider_is_named_by_its_header_in_any_spelling(name: str, value: str) -> None:
    assert pull_request(of(BODY, headers={name: value}))


@pytest.mark.parametrize(
    "name", ["http.headers.X-GitHub-Event", "http.http_X_GitHub_Event"]
)
def test_header_may_be_behind_several_prefixes(name: str) -> None:
    """NiFi writes two; this body tells nobody whose it is."""
    assert of({"action": "published"}, headers={name: "release"}).raw_kind == "release"


def test_header_inside_an_envelope_names_the_provider() -> None:
    assert pull_request(
        of({"headers": {"X-GitHub-Event": ["pull_request"]}, "body": BODY})
    )


@pytest.mark.parametrize("nothing", [None, [], [None], {}, {"value": "push"}, ""])
def test_header_that_says_nothing_leaves_it_to_the_body(nothing: object) -> None:
    assert pull_request(of({"headers": {"X-GitHub-Event": nothing}, "body": BODY}))
    bus = {"detail-type": nothing, "source": "github.com", "detail": BODY}
    assert pull_request(of(bus))


def test_knative_type_names_the_event() -> None:
    type_ = "dev.knative.source.github.pull_request"

    assert pull_request(of(cloudevent(BODY, type=type_)))
    assert pull_request(of(BODY, headers={"ce_type": type_, "ce_id": "1"}))


def test_event_bridge_detail_type_names_the_event() -> None:
    body = {"detail-type": "pull_request", "source": "github.com", "detail": BODY}

    assert pull_request(of(body))


def test_header_of_a_topic_with_a_path_is_used_at_the_path() -> None:
    hint = TopicHint(unwrap=("content",))

    assert pull_request(
        of({"content": BODY}, hint=hint, headers={"X-GitHub-Event": "pull_request"})
    )


def test_topic_provider_beats_the_header_of_another() -> None:
    hint = TopicHint(provider="cdevents")
    headers = {"X-GitHub-Event": "pull_request"}

    assert of(BODY, hint=hint, headers=headers).provider == "cdevents"


def test_array_under_a_header_is_split() -> None:
    decoded = of([EVENT], headers={"X-GitHub-Event": "ping"})

    assert only_fact(decoded) == only_fact(of(EVENT))


def test_envelope_under_a_header_is_opened() -> None:
    body = {"headers": {}, "body": EVENT}

    assert opens(body, headers={"X-GitHub-Event": "pull_request"})


def test_topic_path_names_the_event() -> None:
    hint = TopicHint("github", ("content",), ("meta", "event"))

    assert pull_request(
        of({"content": BODY, "meta": {"event": ["pull_request"]}}, hint=hint)
    )


def test_body_alone_names_the_provider() -> None:
    assert pull_request(of(BODY))


def test_native_event_on_a_topic_of_another_provider_is_native() -> None:
    hint = TopicHint(provider="github")

    assert opens(EVENT, hint=hint, headers={"X-GitHub-Event": "ping"})
    assert of(cdevent("ticket.created"), hint=hint).provider == "cdevents"


def test_body_that_is_not_of_the_topics_provider_is_a_wrong_hint() -> None:
    assert codes(of({"a": 1}, hint=TopicHint(provider="github"))) == [
        ("wrong_hint", "")
    ]
    assert codes(of({"a": 1}, hint=TopicHint(provider="nobody"))) == [
        ("wrong_hint", "")
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"a": 1},
        {"specversion": "1.0", "type": "t"},
        {"headers": {"a": "b"}, "other": 1},
        {"event": 5, "payload": {}},
        {"message": "hello"},
        {"message": "[CHK-1] hello"},
        {"message": "{code} hello"},
        {"schema": {}, "payload": {}, "more": 1},
    ],
)
def test_body_like_an_envelope_that_is_none_is_unrecognised(body: object) -> None:
    assert codes(of(body)) == [("unrecognised", "")]


@pytest.mark.parametrize(
    ("message", "says"),
    [('{"a": 1}\n{"a": 2}', "one JSON array"), ('{ "a": "cut off', "EOF while")],
)
def test_message_that_was_to_be_json_says_why_it_is_none(
    message: str, says: str
) -> None:
    (reason,) = of({"message": message}).reasons

    assert (reason.code, says in reason.text) == ("not_json", True)


@pytest.mark.parametrize("provider", [None, "github", "jira"])
def test_body_in_an_envelope_that_nobody_knows_is_told_of_unwrap(
    provider: str | None,
) -> None:
    relayed = {"x-github-event": "push", "body": {}, "query": {}}

    (reason,) = of(relayed, hint=TopicHint(provider=provider)).reasons
    assert "the topic's unwrap" in reason.text


def test_empty_body_is_unrecognised() -> None:
    assert codes(of({})) == [("unrecognised", "")]
