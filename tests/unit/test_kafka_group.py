"""What the broker's group is told of offsets: the newest, at most once a second."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from kafka.errors import GroupAuthorizationFailedError, KafkaTimeoutError
from structlog.testing import capture_logs

from monitor.adapters.kafka import group
from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.group import GroupOffsets

AT = ("t", 0)


class Committing:
    """A consumer that keeps what it was to commit."""

    def __init__(self) -> None:
        self.committed: list[int] = []

    def commit_async(self, offsets: Mapping[Any, Any], _: object) -> None:
        self.committed += [each.offset for each in offsets.values()]


def test_what_came_too_soon_is_told_at_the_next_turn_without_another_commit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    consumer, now = Committing(), [100.0]
    monkeypatch.setattr(group, "open_consumer", lambda *_, **__: consumer)
    offsets = GroupOffsets(Connection(), "g", 1_000, lambda: now[0])
    offsets.open()
    offsets.tell()  # nothing was stored yet
    offsets.publish({AT: 1})
    offsets.publish({AT: 2})
    offsets.publish({AT: 3})
    offsets.tell()
    assert consumer.committed == [1]
    now[0] += 1.0
    offsets.tell()
    assert consumer.committed == [1, 3]
    now[0] += 1.0
    offsets.tell()  # the group knows
    assert consumer.committed == [1, 3]


class Answering:
    """A consumer whose commits are answered at once, as the broker would."""

    def __init__(self, answers: list[object]) -> None:
        self.answers = answers

    def commit_async(
        self, _: object, answered: Callable[[object, object], None]
    ) -> None:
        answered(None, self.answers.pop(0))


def test_a_refused_group_is_told_once_and_that_it_works_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refused = GroupAuthorizationFailedError()
    consumer = Answering([KafkaTimeoutError(), refused, refused, None, None])
    monkeypatch.setattr(group, "open_consumer", lambda *_, **__: consumer)
    now = [100.0]
    offsets = GroupOffsets(Connection(), "g", 1_000, lambda: now[0])
    offsets.open()
    with capture_logs() as logs:
        while consumer.answers:
            offsets.publish({AT: 1})
            now[0] += 1.0
    assert [(each["log_level"], each["group"]) for each in logs] == [
        ("warning", "g"),
        ("info", "g"),
    ]
    assert "READ on it" in logs[0]["problem"]
    assert offsets.failures == 3
