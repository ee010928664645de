"""The broker, step by step: name, port, TLS, login, topics, read rights, offsets."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Generator, Iterator, Mapping
from typing import Final

from kafka.errors import KafkaError, TopicAuthorizationFailedError

from monitor.adapters.doctor.check import Check, Mark, note, ok, wrong
from monitor.adapters.doctor.group import group_check
from monitor.adapters.kafka.connection import Connection, at_addresses
from monitor.adapters.kafka.diagnose import Finding, diagnose
from monitor.adapters.kafka.reader import Fetching, Reader
from monitor.adapters.kafka.room import Room
from monitor.adapters.kafka.trouble import truncation, without_leader
from monitor.adapters.kafka.unreadable import UNPACKING_ERRORS, why_unreadable
from monitor.errors import SourceUnavailable
from monitor.pipeline.ports import Partition

Bounds = Mapping[Partition, tuple[int, int]]

_FETCH_MS: Final = 3_000
_UNKNOWN: Final = (
    "not known, as the state cannot be read (see there): whether the log still reaches "
    "back to them cannot be told"
)
_UNUSED: Final = {"tls": "without TLS", "login": "without a login"}


def broker_checks(
    connection: Connection,
    topics: Collection[str],
    stored: Mapping[Partition, int] | None,
    letters: str | None = None,
    group: str | None = None,
) -> Iterator[Check]:
    """Every address, then every topic; ``stored`` are the offsets we would go on from.

    They are ``None`` where there may be some and nobody can tell which. ``letters`` is
    the topic to which rejected records are published, ``group`` the one that is told
    our offsets, if any is. Reads one record of each topic at most, commits nothing and
    joins no group.
    """
    addresses = list(_addresses(connection, "broker"))
    one_is_well = any(reached for _, reached in addresses)
    for check, reached in addresses:
        # Any of them is enough to begin with.
        yield check if reached or not one_is_well else check._replace(mark=Mark.NOTE)
    if not one_is_well:
        yield note("topics", "not looked at, because no broker lets us in")
        return
    try:
        with (
            contextlib.closing(Reader(connection, Fetching())) as reader,
            contextlib.closing(Reader(connection, Fetching(), committed=False)) as all_,
        ):
            if not (yield from _advertised(reader, connection)):
                yield note("topics", "not looked at: no advertised address lets us in")
                return
            yield from _cluster_checks(reader, connection, topics, stored)
            if letters:
                yield _letters_check(reader, letters)
            if group:
                yield group_check(connection, group, topics)
            yield from _held_back(reader, all_, topics)
    except SourceUnavailable as problem:
        yield wrong("topics", str(problem))
    except KafkaError as problem:
        yield wrong("topics", f"the brokers stopped answering: {problem!r}. Try again.")


def _addresses(connection: Connection, what: str) -> Iterator[tuple[Check, bool]]:
    for finding in diagnose(connection):
        said = _steps_said(connection, finding)
        if finding.problem is None:
            yield ok(f"{what} {finding.address}", said), True
        else:
            text = f"{finding.problem} (before that: {said or 'nothing'})"
            yield wrong(f"{what} {finding.address}", text), False


def _advertised(reader: Reader, connection: Connection) -> Generator[Check, None, bool]:
    """Addresses that do not work, of those at which clients go on; whether any does."""
    told = at_addresses(connection, reader.advertised())
    addresses = list(_addresses(told, "advertised address"))
    for check, reached in addresses:
        if not reached:
            yield check._replace(
                said=f"{check.said} The brokers tell clients to go on there "
                f"(advertised.listeners)."
            )
    return any(reached for _, reached in addresses)


def _steps_said(connection: Connection, finding: Finding) -> str:
    used = {"tls": connection.uses_tls, "login": connection.uses_sasl}
    return ", ".join(
        step if used.get(step, True) else _UNUSED[step] for step in finding.reached
    )


def _cluster_checks(
    reader: Reader,
    connection: Connection,
    topics: Collection[str],
    stored: Mapping[Partition, int] | None,
) -> Iterator[Check]:
    reader.await_metadata(topics)
    forbidden = reader.forbidden()
    for topic in topics:
        places = reader.partitions([topic])
        if topic in forbidden:
            yield _denied(topic)
        elif not places:
            yield wrong(
                f"topic {topic}",
                "does not exist: create it, or correct kafka.topics",
            )
        else:
            leaderless = reader.leaderless(places)
            if leaderless:
                yield wrong(f"leaders of {topic}", without_leader(leaderless))
            if bounds := reader.bounds(places - leaderless):
                yield from _topic_checks(connection, topic, bounds, leaderless, stored)


def _letters_check(reader: Reader, topic: str) -> Check:
    """Rejected records wait in the state until their topic is there."""
    reader.await_metadata([topic])
    what = f"dead letters to {topic}"
    if topic in reader.forbidden():
        return _denied(topic)
    if not reader.partitions([topic]):
        text = "the topic does not exist: create it, or correct [dead_letters] topic"
        return wrong(what, text)
    return ok(what, "the topic is there; whether we may write is seen with the first")


def _topic_checks(
    connection: Connection,
    topic: str,
    bounds: Bounds,
    leaderless: Collection[Partition],
    stored: Mapping[Partition, int] | None,
) -> Iterator[Check]:
    there = sum(newest - oldest for oldest, newest in bounds.values())
    said = f"{len(bounds)} partitions, {there:,} records kept"
    try:
        _read_one(connection, bounds)
    except TopicAuthorizationFailedError:
        yield _denied(topic)
        return
    except UNPACKING_ERRORS as problem:
        yield wrong(f"topic {topic}", why_unreadable(problem))
        return
    except KafkaError as problem:
        yield wrong(f"topic {topic}", f"a record cannot be read: {problem!r}")
        return
    yield ok(f"topic {topic}", f"{said}, and we may read them")
    if stored is None:
        yield note(f"offsets of {topic}", _UNKNOWN)
    else:
        ours = {at: stored[at] for at in stored.keys() - leaderless}
        yield _position(topic, bounds, ours)


def _held_back(
    reader: Reader, uncommitted: Reader, topics: Collection[str]
) -> Iterator[Check]:
    """Where records are in the log that no reader of committed ones is given."""
    uncommitted.await_metadata(topics)
    hidden = reader.forbidden()
    for topic in topics:
        if topic not in hidden:
            places = reader.partitions([topic])
            places -= reader.leaderless(places) | uncommitted.leaderless(places)
            # The log's ends first: what is appended meanwhile is then no difference.
            ends = uncommitted.bounds(places)
            yield from _open_transaction(topic, ends, reader.bounds(places))


def _open_transaction(topic: str, logs: Bounds, readable: Bounds) -> Iterator[Check]:
    """Partitions with records that are written and not to be read yet."""
    held = [
        (at[1], first, logs[at][1] - first)
        for at, (_, first) in sorted(readable.items())
        if logs[at][1] > first
    ]
    if held:
        number, first, waiting = held[0]
        every = sum(records for _, _, records in held)
        more = f" ({len(held)} such partitions, {every:,} records)"
        yield note(
            f"transactions of {topic}",
            f"partition {number}: {waiting:,} records from offset {first} on wait "
            f"for an open transaction{more if len(held) > 1 else ''}: none of them is "
            f"read until its producer commits or aborts it. If it stays so, "
            f"`kafka-transactions.sh ... find-hanging --topic {topic}` names it, and "
            f"`abort` ends it",
        )


def _read_one(connection: Connection, bounds: Bounds) -> None:
    """Fetch from the oldest record on: only this shows that reading is allowed.

    With a client of its own: after an error its next fetch might never return.
    """
    filled = {at: oldest for at, (oldest, newest) in bounds.items() if newest > oldest}
    if filled:
        with contextlib.closing(Reader(connection, Fetching())) as reader:
            reader.take(filled)
            reader.fetch(1, Room(1), _FETCH_MS)


def _position(topic: str, bounds: Bounds, stored: Mapping[Partition, int]) -> Check:
    """Where the service would begin, and whether the log still reaches back there."""
    what = f"offsets of {topic}"
    ours = {at: offset for at, offset in stored.items() if at[0] == topic}
    lost = truncation(ours, bounds)
    if lost is not None:
        return wrong(what, str(lost))
    new = sorted(number for _, number in bounds.keys() - ours.keys())
    behind = sum(
        newest - ours.get(at, oldest) for at, (oldest, newest) in bounds.items()
    )
    if not ours:
        text = f"nothing is stored: all {behind:,} records are read from the oldest on"
        return note(what, text)
    more = f"; partitions {new} are new and read from the oldest on" if new else ""
    return ok(what, f"stored offsets are in the log, {behind:,} records behind{more}")


def _denied(topic: str) -> Check:
    return wrong(
        f"topic {topic}",
        "not allowed to read it: grant the user READ on it "
        "(kafka-acls --add --allow-principal ... --operation Read)",
    )
