"""Bad records among good ones: each a dead letter, and nothing else is lost."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.comparing import compared
from tests.e2e.recent import encoded, event_at
from tests.e2e.service import (
    Service,
    by_label,
    lag,
    log_events,
    of,
    record_file,
)
from tests.harness.broker import Broker
from tests.harness.scenarios import WORLD, A, teams_yaml
from tests.harness.topics import Record, Topic
from tests.harness.waiting import eventually

pytestmark = pytest.mark.kafka

MakeService = Callable[..., Service]
MakeTopic = Callable[..., Topic]
GOOD = event_at("ticket.created", "2026-03-02T09:00:00Z", "P-1", team="checkout")
LARGE = {"max.message.bytes": "41943040"}


def changed(**fields: Any) -> bytes:
    return json.dumps({**GOOD, **fields}).encode()


BAD: dict[str, bytes | None] = {
    "bytes that are no text": b"\x80\xff\x00\x01secret-of-the-body",
    "nothing": b"",
    "cut JSON": changed()[:-20],
    "no object": b"[1, 2, 3]",
    "another object": b'{"hello": "secret-of-the-body"}',
    "a text in Latin 1": changed(entity="P-\u00e9").replace(b"\\u00e9", b"\xe9"),
    "nesting 10,000 deep": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "a NUL in an id": changed(entity="P-\u0000"),
    "a lone surrogate": changed().replace(b'"P-1"', b'"P-\\ud800"'),
    "NaN": changed().replace(b'"2026-03-02T09:00:00Z"', b"NaN"),
    "a number as entity": changed(entity=7),
    "a time as number": changed(time=1_772_442_000),
    "a time without zone": changed(time="2026-03-02T09:00:00"),
    "the year 1": changed(time="0001-01-01T00:00:00Z"),
    "a time far ahead": changed(time="2999-01-01T00:00:00Z"),
    "an unknown kind": changed(kind="ticket.exploded"),
    "several mistakes": changed(kind="ticket.blocked", time="soon", entity=""),
    "a tombstone": None,
    "30 MB": changed(title="x" * 30_000_000),
}


def test_every_bad_record_is_a_dead_letter_and_the_good_ones_count(
    broker: Broker, topic: MakeTopic, service: MakeService, tmp_path: Path
) -> None:
    log = topic(settings=LARGE)
    good = encoded(A.events)
    mixed: list[bytes | None] = []
    for number, body in enumerate(BAD.values()):
        mixed += [body, *good[number : number + 1]]
    # Twenty megabytes are within the limit, and this one is right.
    mixed += [*good[len(BAD) :], changed(title="x" * 20_000_000)]
    found = log.produce(Record(body, key=b"k", partition=0) for body in mixed)
    offsets = {name: found[mixed.index(body)] for name, body in BAD.items()}
    running = service(broker.bootstrap, [log.name], teams_yaml(WORLD))
    running.start_ready()
    numbers = running.settled(0)
    assert lag(numbers) == 0
    letters = dead_letters(running)
    assert {name: at for name, at in offsets.items() if at not in letters} == {}
    assert letters.keys() == set(offsets.values())
    assert len(letters[offsets["several mistakes"]]) == 2
    assert all(letters.values())
    rejected = by_label(numbers, "friction_rejected_total", "source", "reason")
    reasons = {reason for (_, reason), count in rejected.items() if count}
    assert {"tombstone", "too_large", "too_deep", "bad_time"} <= reasons
    records = by_label(numbers, "friction_rejected_records_total", "source")
    assert sum(records.values()) == len(BAD)
    assert numbers["friction_dead_letters", ()] == len(BAD)
    records_file = record_file(tmp_path / "good.jsonl", [*A.events, GOOD])
    assert compared(running, numbers, records_file) == []
    shown = str(log_events(running.run)) + running.get("/metrics")[1]
    assert "secret-of-the-body" not in shown
    assert b"secret-of-the-body" not in stored_bytes(running)


def dead_letters(running: Service) -> dict[int, list[str]]:
    connection = sqlite3.connect(f"file:{running.state_path}?mode=ro", uri=True)
    try:
        rows = connection.execute("SELECT record, reasons, body FROM dead_letters")
        found = {record: (json.loads(reasons), body) for record, reasons, body in rows}
    finally:
        connection.close()
    assert not any(body for _, body in found.values())
    return {record: reasons for record, (reasons, _) in found.items()}


def stored_bytes(running: Service) -> bytes:
    files = running.folder.glob("friction.db*")
    return b"".join(path.read_bytes() for path in files)


def test_as_many_dead_letters_are_kept_as_configured(
    broker: Broker, topic: MakeTopic, service: MakeService
) -> None:
    log = topic()
    found = log.produce_values([changed(), *[b"{}"] * 10])
    policy = "[dead_letters]\nkeep = 3\n"
    running = service(broker.bootstrap, [log.name], teams_yaml(WORLD), more=policy)
    running.start_ready()
    assert of(running.settled(0), "friction_dead_letters") == {(): 3}
    assert sorted(dead_letters(running)) == sorted(found)[-3:]


def test_a_topic_of_nothing_but_bad_records_stops_the_program(
    broker: Broker, topic: MakeTopic, service: MakeService
) -> None:
    log = topic()
    log.produce_values([b'{"not": "ours"}'] * 60)
    policy = "[dead_letters]\nstop_after_invalid = 50\n"
    running = service(broker.bootstrap, [log.name], teams_yaml(WORLD), more=policy)
    assert running.start().exit_code(30) == 1
    assert f"topic {log.name}: the last 50 records were all rejected" in (
        running.run.errors
    )
    assert "Traceback" not in running.run.errors


def test_a_restart_in_between_lets_no_more_bad_records_pass(
    broker: Broker, topic: MakeTopic, service: MakeService
) -> None:
    log = topic()
    log.produce_values([changed(), *[b"{}"] * 40])
    policy = "[dead_letters]\nstop_after_invalid = 50\n"
    running = service(broker.bootstrap, [log.name], teams_yaml(WORLD), more=policy)
    running.start_ready()
    assert of(running.settled(0), "friction_dead_letters") == {(): 40}
    assert running.run.terminate(20) == 0
    log.produce_values([b"{}"] * 10)  # 40 + 10 in a row
    assert running.start().exit_code(30) == 1
    assert f"topic {log.name}: the last 50 records were all rejected" in (
        running.run.errors
    )


def test_one_good_record_in_between_keeps_the_program_running(
    broker: Broker, topic: MakeTopic, service: MakeService
) -> None:
    log = topic()
    log.produce_values([*[b"{}"] * 40, changed(), *[b"{}"] * 40])
    policy = "[dead_letters]\nstop_after_invalid = 50\n"
    running = service(broker.bootstrap, [log.name], teams_yaml(WORLD), more=policy)
    running.start_ready()
    assert of(running.settled(0), "friction_dead_letters") == {(): 80}


def test_original_bytes_are_published_only_where_asked_for(
    broker: Broker, topic: MakeTopic, service: MakeService
) -> None:
    log, letters = topic(), topic(prefix="letters")
    body = b'{"what": "is this"}'
    log.produce_values([changed(), body])
    asked = f'[dead_letters]\ntopic = "{letters.name}"\n'
    running = service(broker.bootstrap, [log.name], teams_yaml(WORLD), more=asked)
    running.start_ready()
    eventually(lambda: letters.offsets()[0][1] >= 1, 30)
    published = letters.read()
    assert [letter.value for letter in published] == [body]
    assert published[0].key == f"{log.name}/0/1".encode()
    eventually(lambda: dead_letters(running).keys() == {1}, 10)
