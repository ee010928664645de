"""The assistant's process: ``process.py`` starts it, and talks to it by a line.

It reads, decodes and attributes, then evaluates what it is given, and stores nothing.
It ends with the line, so it never outlives the service, however that ends; signals
are the service's to answer.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from monitor.adapters.assistant.line import Line
from monitor.adapters.assistant.waiting import Waiting
from monitor.adapters.assistant.wire import (
    ALL_READ,
    CONNECTED,
    LOADED,
    Errand,
    Stretch,
    packed,
)
from monitor.adapters.kafka.source import KafkaSource
from monitor.domain.outcomes import Record
from monitor.errors import FrictionError
from monitor.pipeline.catching_up.assistant import Chunk
from monitor.pipeline.catching_up.tasks import Task, evaluate_stored
from monitor.pipeline.collecting import Collecting
from monitor.pipeline.ports import Partition, Source

# Records in a chunk; and bytes of chunks that wait to be asked for, about as many as
# a batch has, because nobody asks while a batch is related and stored.
_AT_ONCE: Final = 1_000
_MOST_BYTES: Final = 32 * 1024 * 1024
_SWITCH_SECONDS: Final = 0.0005


def main() -> None:
    """Learn what to read, say so when connected, read, then evaluate."""
    # Who sends needs the interpreter a moment for each part that the line takes, and
    # the service waits meanwhile.
    sys.setswitchinterval(_SWITCH_SECONDS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    line = Line(socket.socket(fileno=int(sys.argv[1])))
    line.send(LOADED)
    orders: queue.Queue[Any] = queue.Queue()
    threading.Thread(target=_listen, args=(line, orders), daemon=True).start()
    errand: Errand
    errand, stored = orders.get()
    source = KafkaSource(
        errand.connection,
        errand.topics,
        None,
        monotonic=time.monotonic,
        wait=threading.Event().wait,
    )
    source.start(stored)
    line.send(CONNECTED)
    with sending(line) as waiting, Collecting(time.monotonic) as collecting:
        for chunk in _chunks(
            source, errand, orders.get(), collecting, waiting.is_short
        ):
            waiting.put(chunk)
        source.close()
        while True:
            task: Task = orders.get()
            outcome = evaluate_stored(
                task, errand.taking.decoding.directory, errand.model
            )
            waiting.put(pickle.dumps(outcome, protocol=5))
            collecting.between_turns(ready=False)


def _listen(line: Line, orders: queue.Queue[Any]) -> None:
    """Take orders as they come, and end with the service that gives them."""
    try:
        while True:
            orders.put(pickle.loads(line.receive()))  # noqa: S301 - the service's
    except (EOFError, OSError):
        os._exit(0)


def _chunks(
    source: Source,
    errand: Errand,
    stretch: Stretch,
    collecting: Collecting,
    is_awaited: Callable[[], bool],
) -> Iterator[bytes]:
    """What there is to read, chunk by chunk, until its ends.

    While the service would wait for us, what is read is left to it to decode: we only
    fetch, until some of that waits for the service, and then decode beside it.
    """
    # Partitions may be made, or be known to one broker earlier than to another. Who
    # finds one reads it from its oldest record, so none is read here that is not known
    # to both now, whatever this source, or another client of it, finds later.
    ours = source.positions().keys() & stretch.positions.keys()
    source.skip_to(stretch.positions)
    while _is_behind(source, stretch, ours):
        records = _polled(source, errand, ours)
        given: Sequence[Record] = ()
        if is_awaited():
            given, records = records, ()
        taken = errand.taking.take(records)
        where, epochs = _of(ours, source.positions()), _of(ours, source.epochs())
        problem, silent = source.problem(), source.is_silent()
        yield packed(Chunk(taken, given, where, problem, epochs, silent))
        if taken.given_up:
            return
        del records, given, taken
        collecting.between_turns(ready=False)
    yield ALL_READ


def _polled(
    source: Source, errand: Errand, ours: Collection[Partition]
) -> Sequence[Record]:
    """The next records of these partitions; what was read of others is let go."""
    records = source.poll(_AT_ONCE, errand.max_bytes, errand.timeout_ms)
    if all(at in ours for at in source.positions()):
        return records
    return [each for each in records if (each.topic, each.partition) in ours]


def _of(
    partitions: Collection[Partition], offsets: Mapping[Partition, int]
) -> Mapping[Partition, int]:
    return {at: offset for at, offset in offsets.items() if at in partitions}


def _is_behind(source: Source, stretch: Stretch, ours: Collection[Partition]) -> bool:
    """Whether there is more to read; what cannot be, the service meets and tells."""
    positions, left_out = source.positions(), source.left_out()
    return any(
        positions.get(at, 0) < end and at not in left_out
        for at, end in _of(ours, stretch.ends).items()
    )


@contextlib.contextmanager
def sending(line: Line) -> Iterator[Waiting]:
    """Messages put in here are sent while more are made; in the end, all of them.

    The service asks when it has nothing else to do; nobody waits here until it does.
    """
    waiting = Waiting(_MOST_BYTES)

    def send() -> None:
        try:
            for message in waiting:
                line.send(message)
        except OSError:
            os._exit(0)  # nobody listens any more

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield waiting
    finally:
        waiting.close()
        sender.join()


if __name__ == "__main__":
    try:
        main()
    except (FrictionError, EOFError, OSError):
        # The service meets the same when it reads on itself, and can say it.
        sys.exit(0)
