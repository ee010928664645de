"""Work items of the last weeks, sent to a topic beside whatever a test does."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

from kafka import KafkaProducer

from tests.e2e.recent import Body, disordered, lives, now_seconds
from tests.harness.topics import Topic

# A slower machine must not make more work: it would never catch up.
MOST_RECORDS = 50_000


class Load:
    """Sends records at a rate from a thread, and remembers them."""

    def __init__(self, topic: Topic, seed: int, rate: int = 500) -> None:
        """Prepare to send so many a second; nothing is sent yet."""
        self._topic = topic
        self._rate = rate
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
                slice_ = list(islice(self._events, max(1, self._rate // 5)))
                if not slice_:
                    self._stop.wait()
                for event in slice_:
                    producer.send(
                        self._topic.name,
                        key=event["entity"].encode(),
                        value=json.dumps(event).encode(),
                    )
                    self.sent.append(event)
                due = began + len(self.sent) / self._rate
                self._stop.wait(max(0.0, due - time.monotonic()))
            producer.flush(timeout=60)
        finally:
            producer.close()
