"""What becomes of a record: facts, a rejection with reasons, or a stated ignore."""

from __future__ import annotations

import enum
from typing import NamedTuple

from monitor.domain.facts import Fact
from monitor.domain.working_time import FOREVER


class Record(NamedTuple):
    """A Kafka record, or a line of a record file that stands for one.

    ``timestamp`` is the broker's or producer's, in milliseconds, as ``record_time``
    has it; ``None`` when nobody says.
    """

    topic: str
    partition: int
    offset: int
    timestamp: int | None
    key: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    value: bytes | None


def record_time(timestamp: int | None) -> int | None:
    """A stated timestamp (ms), or ``None`` where it is none that a record can have.

    Kafka writes none as a negative number. A producer that counts in micro- or
    nanoseconds, or from another year, writes what is as little a time: as one, it would
    be the time of a body that tells none, and no calendar could show it.
    """
    if timestamp is None or not 0 <= timestamp < FOREVER:
        return None
    return timestamp


class ReasonCode(enum.StrEnum):
    """Why a record is rejected: a closed list, because it is a label."""

    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    NOT_AN_OBJECT = "not_an_object"
    UNRECOGNISED = "unrecognised"
    UNSUPPORTED = "unsupported"
    UNKNOWN_KIND = "unknown_kind"
    MISSING_FIELD = "missing_field"
    WRONG_TYPE = "wrong_type"
    BAD_VALUE = "bad_value"
    BAD_TIME = "bad_time"
    FUTURE_TIME = "future_time"
    TOMBSTONE = "tombstone"
    WRONG_HINT = "wrong_hint"


class Reason(NamedTuple):
    """One thing that is wrong: a code, where, what to do; never the body's content."""

    code: ReasonCode
    where: str
    text: str

    def __str__(self) -> str:
        """The reason as a person reads it."""
        return f"{self.where}: {self.text}" if self.where else self.text


class Decoded(NamedTuple):
    """The outcome of one record; a batch may have facts and reasons at once.

    ``ignored`` says why nothing was made of it (a ``ping``, a ``star``).
    ``provider`` and ``raw_kind`` name what it was recognised as, for metrics;
    ``refused_as`` whose the refused part of a batch is, where there is one.
    ``as_of`` is the newest time (ms) that a body which shows all of a thing tells, 0 of
    others: the facts that are made of it may all be older. ``told_since`` is, of a
    batch, when the oldest of its events was ``told_at``; 0 of a single event.
    """

    facts: tuple[Fact, ...] = ()
    reasons: tuple[Reason, ...] = ()
    ignored: str = ""
    provider: str = "unknown"
    raw_kind: str = ""
    unknown_fields: int = 0
    refused_as: str = ""
    as_of: int = 0
    told_since: int = 0


def told_at(decoded: Decoded) -> int:
    """The newest time (ms) that a record with facts tells; FOREVER of one without any.

    A body about an old thing tells times that are long ago, and one that is near its
    delivery; in a history that is read again that one is old, too. The events of a
    batch are told one by one, and the first of them counts.
    """
    if decoded.told_since:
        return decoded.told_since
    newest = max((fact.time for fact in decoded.facts), default=FOREVER)
    return max(newest, decoded.as_of)
