"""The group to which offsets are published: whether the broker lets us use it."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from typing import Final

from kafka import TopicPartition
from kafka.errors import GroupAuthorizationFailedError, KafkaError

from monitor.adapters.doctor.check import Check, note, ok
from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.reader import open_consumer
from monitor.adapters.kafka.trouble import group_not_allowed
from monitor.errors import SourceUnavailable

_ANSWER_MS: Final = 5_000


def group_check(connection: Connection, group: str, topics: Collection[str]) -> Check:
    """Asks what the group was told of a topic, and tells it nothing, nor joins it.

    A mere note where that is refused: everything but lag tools works without.
    """
    what = f"group {group}"
    try:
        with contextlib.closing(
            open_consumer(connection, _ANSWER_MS, group_id=group)
        ) as consumer:
            for topic in sorted(topics)[:1]:
                consumer.committed(TopicPartition(topic, 0), timeout_ms=_ANSWER_MS)
    except GroupAuthorizationFailedError:
        return note(what, group_not_allowed(group))
    except (KafkaError, SourceUnavailable) as problem:
        return note(what, f"cannot be asked for: {problem!r}")
    return ok(what, "we may ask for it; whether we may publish offsets, the log tells")
