"""`kill -9` at random moments under load: nothing lost or twice, nothing falls."""

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest
from kafka import KafkaProducer

from tests.e2e.comparing import compared
from tests.e2e.recent import Body, disordered, encoded, lives, now_seconds
from tests.e2e.service import (
    EVALUATED_AT,
    Numbers,
    Service,
    fallen,
    of,
    record_file,
)
from tests.harness.broker import Broker
from tests.harness.scenarios import WORLD, teams_yaml
from tests.harness.topics import Record, Topic
from tests.harness.waiting import eventually

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

KILLS = 25
RECORDS_A_SECOND = 500
# A slower machine must not make more work: it would never catch up.
MOST_RECORDS = 50_000
_SLICE = 100


class Load:
    """Sends hundreds of records a second from a thread, and remembers them."""

    def __init__(self, topic: Topic, seed: int) -> None:
        """Prepare; nothing is sent yet."""
        self._topic = topic
        endless = disordered(lives(seed, now_seconds() - 60), seed)
        self._events = islice(endless, MOST_RECORDS)
        self._stop = threading.Event()
        self.sent: list[Body] = []

    @contextmanager
    def running(self) -> Iterator[None]:
        """Send until the block ends; then all that was sent is in the log."""
        thread = threading.Thread(target=self._send, name="load")
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _send(self) -> None:
        producer = KafkaProducer(
            bootstrap_servers=self._topic.bootstrap, acks="all", linger_ms=5
        )
        began = time.monotonic()
        try:
            while not self._stop.is_set():
                slice_ = list(islice(self._events, _SLICE))
                if not slice_:
                    self._stop.wait()
                for event in slice_:
                    producer.send(
                        self._topic.name,
                        key=event["entity"].encode(),
                        value=json.dumps(event).encode(),
                    )
                    self.sent.append(event)
                due = began + len(self.sent) / RECORDS_A_SECOND
                self._stop.wait(max(0.0, due - time.monotonic()))
            producer.flush(timeout=60)
        finally:
            producer.close()


@pytest.mark.timeout(600)
def test_25_kills_under_load_lose_nothing_and_let_no_counter_fall(
    broker: Broker,
    topic: Callable[..., Topic],
    service: Callable[..., Service],
    tmp_path: Path,
) -> None:
    chance = random.Random(20261123)
    log = topic(partitions=3)
    load = Load(log, seed=7)
    # With an assistant from the first record on, so that kills meet it at any stage.
    more = "[batching]\nassistant_from_records = 1\n"
    running = service(broker.bootstrap, [log.name], teams_yaml(WORLD), more=more)
    last: Numbers = {}
    falls: list[str] = []

    def watch(seconds: float) -> None:
        nonlocal last
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            shown = running.numbers()
            if shown.get(("friction_ready", ())) == 1:
                falls.extend(fallen(last, shown))
                last = shown

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


@pytest.mark.timeout(180)
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
