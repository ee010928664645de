"""Partitions that are made while the assistant comes: each record of them counts once.

The service has connected before, the assistant connects after: only one of them knows.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator

import pytest

from monitor.adapters.assistant.process import AssistantProcess
from monitor.adapters.assistant.wire import Errand
from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.source import KafkaSource
from monitor.pipeline.policies import Batching
from tests.harness.topics import Record as Produced
from tests.harness.topics import Topic
from tests.harness.waiting import eventually
from tests.unit.pipeline.running import Process, event

pytestmark = pytest.mark.kafka

BODIES = [
    json.dumps(event("ticket.created", 0, f"T-{number}")).encode()
    for number in range(50)
]
WRONG = [b"{}"] * 30


@pytest.fixture
def log(topic: Callable[..., Topic]) -> Topic:
    made = topic(partitions=2)
    made.produce(Produced(body, partition=n % 2) for n, body in enumerate(BODIES))
    return made


@pytest.fixture
def process() -> Iterator[Process]:
    """A service whose assistant comes however little there is to read."""
    made = Process(batching=Batching(assistant_from_records=1))
    yield made
    made.runner.reading.assistant.dismiss()
    made.runner.source.close()


def begin(process: Process, log: Topic) -> None:
    """A start of the service, with a client of its own, as far as it connects."""
    connection, topics = Connection(log.bootstrap), (log.name,)
    process.runner.source.close()
    source = KafkaSource(
        connection, topics, None, monotonic=time.monotonic, wait=lambda _: True
    )
    process.start(source=source)
    reading, model = process.runner.reading, process.model
    errand = Errand(connection, topics, reading.intake.taking, model, 10**6, 100)
    reading.assistant = AssistantProcess(errand)
    process.begin()


def catch_up(process: Process) -> None:
    """Turns with the assistant, which is not raced by the service."""
    reading = process.runner.reading

    def reads() -> bool:
        return reading.assistant.reads(reading.source.positions(), reading.targets)

    def is_ready() -> bool:
        process.runner.turn()
        return process.runner.watch.ready

    eventually(reads, 30, "the assistant reads")
    eventually(is_ready, 30, "caught up")


def test_records_of_a_partition_made_before_the_assistant_connects_count_once(
    process: Process, log: Topic
) -> None:
    """It connects when it is told to: not before the service asks whether it reads.

    The next start finds the partition if this one has not: it, too, reads nothing
    that was counted.
    """
    begin(process, log)
    log.grow(3)
    log.produce(Produced(body, partition=2) for body in WRONG)
    catch_up(process)
    assert process.state.offsets().keys() >= {(log.name, 0), (log.name, 1)}
    begin(process, log)
    catch_up(process)
    assert process.state.offsets()[log.name, 2] == len(WRONG)
    found = [kept.letter for kept in process.state.dead_letters(1_000)]
    assert sorted((letter.partition, letter.offset) for letter in found) == [
        (2, offset) for offset in range(len(WRONG))
    ]
