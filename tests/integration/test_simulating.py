"""`friction simulate --to kafka`, on a broker of its own for its fixed topics."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from monitor import __main__ as command_line
from tests.harness.local_kafka import LocalKafka
from tests.harness.topics import Topic, admin_client

pytestmark = pytest.mark.kafka

NAMES = ("friction.ci", "friction.tickets", "friction.deploys")
# A producer waits a minute for a topic that is not there.
AT_ONCE_SECONDS = 30


def test_nothing_is_written_where_a_topic_is_missing_and_all_of_it_else(
    own_kafka: Callable[..., LocalKafka],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bootstrap = own_kafka().bootstrap
    monkeypatch.chdir(tmp_path)
    config = tmp_path / "friction.toml"
    config.write_text(
        f'[kafka]\nbootstrap_servers = "{bootstrap}"\n'
        f'topics = ["others", "friction.ci", "friction.tickets", "friction.deploys"]\n'
    )

    def simulated() -> tuple[int, str]:
        small = ("--teams", "3", "--days", "2", "--to", "kafka")
        typed = ["friction", "simulate", *small, "--config", str(config)]
        monkeypatch.setattr(sys, "argv", typed)
        with pytest.raises(SystemExit) as ended:
            command_line.main()
        return int(ended.value.code or 0), capsys.readouterr().err

    def there(names: tuple[str, ...]) -> int:
        ends = [Topic(bootstrap, name).offsets() for name in names]
        return sum(end for each in ends for _, end in each.values())

    _make(bootstrap, NAMES[1:])
    began = monotonic()
    code, told = simulated()
    assert monotonic() - began < AT_ONCE_SECONDS
    assert code == 1
    assert "nothing is written: topic friction.ci does not exist: create it" in told
    assert there(NAMES[1:]) == 0
    assert not (tmp_path / "simulated").exists()

    _make(bootstrap, NAMES[:1])
    code, told = simulated()
    assert code == 0
    assert f"records written to Kafka ({', '.join(NAMES)})" in told
    with gzip.open(tmp_path / "simulated" / "events.jsonl.gz") as file:
        assert there(NAMES) == sum(1 for _ in file) > 0


def _make(bootstrap: str, names: tuple[str, ...]) -> None:
    one = {"num_partitions": 1, "replication_factor": 1}
    with admin_client(bootstrap) as admin:
        admin.create_topics(dict.fromkeys(names, one), wait_for_metadata=True)
