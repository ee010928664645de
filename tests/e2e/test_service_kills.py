"""`kill -9` at random moments under load: nothing lost or twice, nothing falls."""

import random
import threading
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from tests.e2e.comparing import compared
from tests.e2e.load import Load
from tests.e2e.recent import disordered, encoded, lives, now_seconds
from tests.e2e.service import (
    EVALUATED_AT,
    Service,
    fallen,
    of,
    record_file,
)
from tests.harness.broker import Broker
from tests.harness.exposition import Numbers
from tests.harness.scenarios import WORLD, teams_yaml
from tests.harness.topics import Record, Topic
from tests.harness.waiting import eventually

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

KILLS = 25
# Records a second while it is killed: at the end all are evaluated once more.
RATE = 200


def test_25_kills_under_load_lose_nothing_and_let_no_counter_fall(
    broker: Broker,
    topic: Callable[..., Topic],
    service: Callable[..., Service],
    tmp_path: Path,
) -> None:
    chance = random.Random(20261123)
    log = topic(partitions=3)
    load = Load(log, seed=7, rate=RATE)
    # With an assistant from the first record on, so that kills meet it at any stage.
    more = "[batching]\nassistant_from_records = 1\n"
    running = service(broker.bootstrap, [log.name], teams_yaml(WORLD), more=more)
    last: Numbers = {}
    falls: list[str] = []
    between = threading.Event()

    def watch(seconds: float) -> None:
        nonlocal last
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            shown = running.numbers()
            if shown.get(("friction_ready", ())) == 1:
                falls.extend(fallen(last, shown))
                last = shown
            # To read an answer takes as long as to write it: the load would starve.
            between.wait(0.2)

    with load.running():
        for _ in range(KILLS):
            if chance.random() < 0.7:
                running.start_ready()
                watch(chance.uniform(0.0, 2.5))
            else:
                running.start()
                watch(chance.uniform(0.3, 2.0))
            running.run.kill()
    running.start_ready()
    watch(1)
    numbers = running.settled(last[EVALUATED_AT])
    falls.extend(fallen(last, numbers))
    assert falls == []
    records = record_file(tmp_path / "records.jsonl", load.sent)
    assert compared(running, numbers, records) == []
    # Corrections did arrive: some counter is held above its true total.
    assert of(numbers, "friction_correction_debt_seconds")
    assert len(load.sent) > 10_000
    eventually(lambda: running.run.terminate() == 0)


def test_kills_while_history_is_priced_anew_let_no_counter_fall(
    broker: Broker,
    topic: Callable[..., Topic],
    service: Callable[..., Service],
    tmp_path: Path,
) -> None:
    chance = random.Random(11)
    events = list(islice(disordered(lives(5, now_seconds() - 60), 5), 20_000))
    log = topic(partitions=2)
    log.produce(
        Record(value, partition=number % 2)
        for number, value in enumerate(encoded(events))
    )
    usual = teams_yaml(WORLD)
    files = [usual, usual.replace('"09:00"', '"12:00"'), usual.replace(": 5", ": 4")]
    running = service(broker.bootstrap, [log.name], usual)
    running.start_ready()
    last = running.settled(0)
    for _ in range(6):
        running.run.kill()
        running.write_teams(chance.choice(files))
        running.start()
        # The time imports take, and then some of what is done before ready.
        threading.Event().wait(chance.uniform(0.8, 3.0))
    running.run.kill()
    running.write_teams(files[1])
    running.start_ready()
    numbers = running.settled(last[EVALUATED_AT])
    assert fallen(last, numbers) == []
    records = record_file(tmp_path / "records.jsonl", events)
    assert compared(running, numbers, records) == []
    assert of(numbers, "friction_correction_debt_seconds")
