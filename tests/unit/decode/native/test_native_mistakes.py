"""Native events with mistakes: every one is reported, with its place, at once."""

from __future__ import annotations

import json

import pytest

from monitor.decode.settings import TopicHint
from monitor.domain.facts import Kind
from tests.unit.decode.records import (
    NEEDS,
    TEN_O_CLOCK,
    codes,
    native,
    of,
    of_bytes,
    only_fact,
)

FIVE_MINUTES = 300_000


@pytest.mark.parametrize("name", ["id", "source", "kind", "time", "entity"])
def test_fields_of_every_event_are_needed(name: str) -> None:
    assert codes(of(native(**{name: None}))) == [("missing_field", name)]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (kind, name)
        for kind, needed in NEEDS.items()
        for name in needed
        if kind is not Kind.INCIDENT_OPENED
    ],
)
def test_kind_without_a_field_it_needs_is_rejected(kind: Kind, name: str) -> None:
    needed = {key: value for key, value in NEEDS[kind].items() if key != name}

    decoded = of(native(kind=str(kind), **needed))

    assert codes(decoded) == [("missing_field", name)]
    assert str(kind) in decoded.reasons[0].text


def test_incident_needs_a_team_or_a_service() -> None:
    assert codes(of(native(kind="incident.opened"))) == [("missing_field", "team")]
    assert only_fact(of(native(kind="incident.opened", service="a")))


def test_needed_field_that_is_null_is_missing() -> None:
    event = {**native(kind="run.finished"), "outcome": None}

    assert codes(of(event)) == [("missing_field", "outcome")]


def test_all_mistakes_of_a_record_are_reported_at_once_in_field_order() -> None:
    event = native(
        kind="deploy.approval_decided",
        id=None,
        time="2026-03-02T10:00:00",
        entity="",
        on_team=5,
        attempt="1",
        automation="true",
        items="CHK-1",
        shas=["a", 1],
        cause_team={"a": 1},
        work_class="bugfix",
        outcome="broken",
        responders=0,
        decision="maybe",
    )

    assert codes(of(event)) == [
        ("missing_field", "id"),
        ("bad_time", "time"),
        ("bad_value", "entity"),
        ("wrong_type", "on_team"),
        ("wrong_type", "cause_team"),
        ("bad_value", "work_class"),
        ("wrong_type", "automation"),
        ("bad_value", "decision"),
        ("wrong_type", "attempt"),
        ("bad_value", "outcome"),
        ("wrong_type", "items"),
        ("wrong_type", "shas.1"),
        ("bad_value", "responders"),
    ]


def test_reasons_say_what_to_do_and_hold_nothing_of_the_body() -> None:
    event = native(kind="ticket.exploded-secret", on_team=5, work_class="secret")

    texts = [str(reason) for reason in of(event).reasons]

    assert texts == [
        "kind: is not a kind of this format; the list is in docs/decoding.md",
        "on_team: must be text",
        "work_class: must be feature, defect, debt, risk or request",
    ]


def test_event_that_forgot_its_schema_is_told_so() -> None:
    event = native(schema=None)

    assert codes(of(event)) == [("missing_field", "schema")]
    assert codes(of({**event, "schema": None})) == [("bad_value", "schema")]
    # What says less, or is of a kind this format has not, may be anybody's.
    for name in ("id", "source", "kind", "time", "entity"):
        less = {key: value for key, value in event.items() if key != name}
        assert codes(of(less)) == [("unrecognised", "")]
    assert codes(of({**event, "kind": "ticket.exploded"})) == [("unrecognised", "")]


def test_unknown_kind_is_rejected_with_the_other_mistakes() -> None:
    event = native(kind="ticket.exploded", time=1_772_445_600)

    assert codes(of(event)) == [("unknown_kind", "kind"), ("bad_time", "time")]


@pytest.mark.parametrize(
    "time",
    [
        1_772_445_600,
        "1772445600",
        "2026-03-02T10:00:00",
        "0001-01-01T00:00:00Z",
        "",
        [],
    ],
)
def test_times_that_are_none_are_rejected(time: object) -> None:
    assert codes(of(native(time=time))) == [("bad_time", "time")]


def test_time_more_than_five_minutes_after_the_records_is_in_the_future() -> None:
    event = native()

    assert only_fact(of(event, timestamp=TEN_O_CLOCK - FIVE_MINUTES))
    assert codes(of(event, timestamp=TEN_O_CLOCK - FIVE_MINUTES - 1)) == [
        ("future_time", "time")
    ]


def test_event_in_the_future_says_nothing_of_others_in_its_batch() -> None:
    late = native(time="2026-03-02T11:00:00Z")

    decoded = of([native(entity="CHK-2"), late], timestamp=TEN_O_CLOCK)

    assert [fact.entity for fact in decoded.facts] == ["CHK-2"]
    assert [(str(one.code), one.where) for one in decoded.reasons] == [
        ("future_time", "[1].time")
    ]


def test_future_is_not_judged_without_a_records_timestamp() -> None:
    assert only_fact(of(native(time="2199-01-01T00:00:00Z"), timestamp=None))


def test_future_time_is_reported_beside_other_mistakes() -> None:
    event = native(kind="run.finished", on_team=1)
    missing = native(kind="run.finished")

    assert codes(of(event, timestamp=0)) == [
        ("future_time", "time"),
        ("wrong_type", "on_team"),
        ("missing_field", "outcome"),
    ]
    assert codes(of(missing, timestamp=0)) == [
        ("future_time", "time"),
        ("missing_field", "outcome"),
    ]


@pytest.mark.parametrize("name", ["id", "source", "entity", "team", "item"])
def test_empty_text_is_a_mistake_rather_than_nothing(name: str) -> None:
    assert codes(of(native(**{name: "  "}))) == [("bad_value", name)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("attempt", 2**31),
        ("attempt", -1),
        ("revision", 2**63),
        ("revision", -1),
        ("entity", "x" * 1_001),
        ("items", ["x"] * 10_001),
    ],
)
def test_values_beyond_any_real_one_are_rejected(name: str, value: object) -> None:
    assert codes(of(native(**{name: value}))) == [("bad_value", name)]


@pytest.mark.parametrize("name", ["entity", "source", "on_team"])
@pytest.mark.parametrize("written", ["\\u0000", "\\u001f", "\\u001F"])
def test_what_no_name_holds_is_rejected(name: str, written: str) -> None:
    text = json.dumps(native(**{name: "a*b"})).replace("*", written)
    assert codes(of_bytes(text.encode())) == [("bad_value", name)]


def test_nul_in_a_list_or_in_a_long_body_is_found_too() -> None:
    listed = native(kind="deploy.ready", shas=["a", "b\x00"])
    long = native(entity="a\x00b", title="x" * 5_000)

    assert codes(of(listed)) == [("bad_value", "shas")]
    assert codes(of(long)) == [("bad_value", "entity")]


def test_nul_in_an_ignored_field_is_ignored() -> None:
    assert only_fact(of(native(title="a\x00b")))


def test_last_of_duplicate_keys_wins() -> None:
    text = json.dumps(native()).replace('"entity":', '"entity": "other", "entity":')

    assert only_fact(of_bytes(text.encode())).entity == "CHK-1"


def test_other_versions_of_the_format_are_named() -> None:
    assert codes(of(native(schema="friction.event.v2"))) == [("bad_value", "schema")]


def test_topic_of_native_events_reports_a_missing_schema_as_a_mistake() -> None:
    hint = TopicHint(provider="native")

    assert codes(of(native(schema=None, id=None), hint=hint)) == [
        ("missing_field", "schema"),
        ("missing_field", "id"),
    ]


@pytest.mark.parametrize("more", [{}, {"outcome": "broken"}, {"outcome": None}])
def test_what_no_name_holds_is_told_with_every_other_mistake(
    more: dict[str, object],
) -> None:
    event = {"kind": "run.finished", "time": "x", "id": "a\x1f", "entity": "I\x00"}
    named = {"by_team": "\x00", "cause_team": ["a", "\x00"], "outcome": "success"}

    found = [place for _, place in codes(of(native(**{**event, **named, **more})))]

    names = ["id", "time", "entity", "by_team", "cause_team"]
    assert found == names + ["outcome"] * len(more)


def test_no_name_is_looked_for_in_labels() -> None:
    """Those that mean something are kept, no others."""
    event = native(kind="ticket.created", labels=["a\x00", "bug"])

    assert only_fact(of(event)).fields == {"work_class": "defect"}


def test_place_of_a_name_is_where_the_event_has_it() -> None:
    event = native(kind="change.reviewed", team="a\x00", by_team="b\x00")

    assert codes(of(event)) == [("bad_value", "team"), ("bad_value", "by_team")]


def test_a_nul_in_the_id_is_told_with_every_other_mistake() -> None:
    reasons = of(native(id="a\x00b", kind="ticket.assigned", to_team=None)).reasons
    assert [(reason.code, reason.where) for reason in reasons] == [
        ("bad_value", "id"),
        ("missing_field", "to_team"),
    ]
