"""A sample of a real broker's topics: the newest records, nothing left behind."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor import __main__ as command_line
from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.sampling import (
    TopicUnreadable,
    newest_records,
    reach,
    starts_of,
)
from monitor.errors import SourceUnavailable
from tests.harness.broker import Broker
from tests.harness.topics import Record, Topic, admin_client


def _ticket(number: int) -> bytes:
    return json.dumps(
        {
            "schema": "friction.event.v1",
            "id": str(number),
            "source": "tracker.example",
            "kind": "ticket.created",
            "time": "2026-03-02T10:00:00Z",
            "entity": f"CHK-{number}",
            "team": "checkout",
        }
    ).encode()


def test_every_partition_gives_its_share_and_the_longer_what_others_lack() -> None:
    a, b, c = ("t", 0), ("t", 1), ("t", 2)
    bounds = {a: (0, 100), b: (50, 52), c: (10, 10)}
    assert starts_of(bounds, 10) == {a: 92, b: 50, c: 10}
    assert starts_of(bounds, 1_000) == {a: 0, b: 50, c: 10}
    # Five of two equals: two of one and three of the other.
    assert sorted(starts_of({a: (0, 9), b: (0, 9)}, 5).values()) == [6, 7]


def test_a_broker_that_is_away_is_told_as_the_doctor_tells_it() -> None:
    with pytest.raises(SourceUnavailable, match="unreachable: Connection refused"):
        reach(Connection("127.0.0.1:1"))


@pytest.mark.kafka
def test_the_newest_records_of_every_partition_are_read_and_no_more(
    broker: Broker, topic: Callable[..., Topic]
) -> None:
    made = topic(partitions=2)
    made.produce(Record(b"%d" % n, partition=0) for n in range(50))
    made.produce(Record(b"%d" % n, partition=1) for n in range(100, 103))
    found = newest_records(Connection(broker.bootstrap), made.name, 10)
    values = sorted(int(record.value or b"") for record in found)
    assert values == [*range(43, 50), 100, 101, 102]


@pytest.mark.kafka
def test_a_topic_that_does_not_exist_is_unreadable(broker: Broker) -> None:
    with pytest.raises(TopicUnreadable, match="does not exist"):
        list(newest_records(Connection(broker.bootstrap), "friction.nowhere", 10))


@pytest.mark.kafka
def test_init_says_of_each_topic_what_it_held_and_writes_the_files(
    broker: Broker,
    topic: Callable[..., Topic],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good, empty, bad = topic(), topic(), topic()
    good.produce_values([_ticket(1), _ticket(2), _ticket(3)])
    bad.produce_values([b"no json"])
    missing = f"{good.name}.missing"
    with admin_client(broker.bootstrap) as admin:
        groups = admin.list_groups()

    def typed(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["friction", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            command_line.main()
        return int(ended.value.code or 0)

    names = f"{good.name},{empty.name},{bad.name},{missing}"
    where = ("--bootstrap", broker.bootstrap, "--topics", names, "--to", tmp_path)
    assert typed("init", *where, "--records", 2) == 0
    shown = capsys.readouterr().out
    assert f"{good.name}: 2 records: 2 native\n" in shown
    assert f"{empty.name}: empty: no record could be read\n" in shown
    assert f"{bad.name}: 1 records; all rejected (1 not_json)\n" in shown
    assert f"{missing}: does not exist" in shown
    config = tmp_path / "friction.toml"
    assert f'  # "{missing}": does not exist' in config.read_text()
    assert typed("check", "--config", config) == 0
    assert "- id: checkout" in (tmp_path / "teams.yaml").read_text()
    with admin_client(broker.bootstrap) as admin:
        assert admin.list_groups() == groups
