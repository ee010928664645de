"""Where a rejected CDEvent is wrong: told by the places that it has."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.decode.records import TEN_O_CLOCK, cdevent, codes, of, only_fact

NAMES = [
    "context.source",
    "subject.id",
    "subject.source",
    "subject.content.pipelineName",
    "subject.content.service.id",
    "subject.content.service.name",
    "subject.content.environment",
    "subject.content.environment.id",
]


def with_text(where: str, text: str) -> dict[str, Any]:
    """An event with this text at that place."""
    event: dict[str, Any] = cdevent("service.deployed")
    *steps, last = where.split(".")
    owner = event
    for step in steps:
        owner = owner.setdefault(step, {})
    owner[last] = text
    return event


@pytest.mark.parametrize("character", ["\x00", "\x1f"])
@pytest.mark.parametrize("where", NAMES)
def test_name_with_what_none_holds(where: str, character: str) -> None:
    assert codes(of(with_text(where, f"a{character}b"))) == [("bad_value", where)]


def test_name_is_told_with_every_other_mistake() -> None:
    event = with_text("subject.content.service.id", "a\x00")
    event["context"] |= {"source": "b\x00", "timestamp": "noon"}

    assert codes(of({**event, "subject": event["subject"] | {"id": None}})) == [
        ("missing_field", "subject.id"),
        ("bad_time", "context.timestamp"),
        ("bad_value", "context.source"),
        ("bad_value", "subject.content.service.id"),
    ]


def test_time_in_the_future_is_where_the_event_has_it() -> None:
    now = TEN_O_CLOCK - 300_001
    event: dict[str, Any] = cdevent("ticket.created")
    outer = {
        "specversion": "1.0",
        "id": "1",
        "source": "a",
        "type": "b",
        "time": event["context"].pop("timestamp"),
        "data": event,
    }

    assert codes(of(cdevent("ticket.created"), timestamp=now)) == [
        ("future_time", "context.timestamp")
    ]
    assert codes(of(outer, timestamp=now)) == [("future_time", "time")]
    assert only_fact(of(outer, timestamp=now + 1))


def test_time_in_the_future_is_told_with_every_other_mistake() -> None:
    event = cdevent("ticket.created", subject={"content": {}})

    assert codes(of(event, timestamp=0)) == [
        ("missing_field", "subject.id"),
        ("future_time", "context.timestamp"),
    ]


@pytest.mark.parametrize(
    "where",
    [
        *NAMES,
        "subject.content.repository.id",
        "customData.build.scmState.branch",
    ],
)
def test_name_longer_than_any_real_one(where: str) -> None:
    assert only_fact(of(with_text(where, f" {'x' * 1_000} ")))
    assert codes(of(with_text(where, "x" * 1_001))) == [("bad_value", where)]


def test_page_is_as_long_as_it_is() -> None:
    assert only_fact(of(with_text("subject.content.uri", f"https://{'x' * 5_000}")))
