"""What the broker's group is told of offsets: the newest, at most once a second."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

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
