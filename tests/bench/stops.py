"""How long the consumer ever stands still while it reads and is scraped.

Run as a child process: ``python -m tests.bench.stops CONFIG SECONDS`` is the service
as shipped, with two observers, and prints the longest stops in seconds as JSON:
``silence``: a thread that wants to tick every millisecond could not (a collection, a
call that holds the interpreter, or the machine busy with others); ``lock``: the
consumer loop waited for the books, because a scrape was reading them; ``held``: any
other thread had them. With ``-`` for the configuration nothing is served: so long does
the machine alone stop a thread.
"""

import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Self, cast

from monitor import bootstrap_kafka
from monitor.config.loading import load, load_directory

_TICK_SECONDS: Final = 0.001


class Ticker:
    """Ticks from a thread and keeps the longest time between two ticks."""

    def __init__(self) -> None:
        """Not ticking yet."""
        self.longest = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._tick, daemon=True)

    def start(self) -> None:
        """Begin to tick."""
        self._thread.start()

    def end(self) -> None:
        """Tick no more."""
        self._stop.set()
        self._thread.join()

    def _tick(self) -> None:
        last = time.perf_counter()
        while not self._stop.wait(_TICK_SECONDS):
            now = time.perf_counter()
            self.longest = max(self.longest, now - last - _TICK_SECONDS)
            last = now


class TimedLock:
    """A lock that keeps how long the thread that made it ever waited for it.

    ``held`` is the longest time for which another thread had it.
    """

    def __init__(self) -> None:
        """An open lock of the calling thread."""
        self.longest = self.held = 0.0
        self._taken = 0.0
        self._lock = threading.Lock()
        self._owner = threading.get_ident()

    def __enter__(self) -> Self:
        """Wait for the lock."""
        began = time.perf_counter()
        self._lock.acquire()
        self._taken = time.perf_counter()
        if threading.get_ident() == self._owner:
            self.longest = max(self.longest, self._taken - began)
        return self

    def __exit__(self, *_: object) -> None:
        """Open the lock."""
        if threading.get_ident() != self._owner:
            self.held = max(self.held, time.perf_counter() - self._taken)
        self._lock.release()


class _Until(threading.Event):
    """Asked by the loop before each turn: begins to observe when ready, and ends."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds
        self._end: float | None = None
        self.ready: Callable[[], bool] = lambda: False
        self.ticker = Ticker()

    def is_set(self) -> bool:
        now = time.perf_counter()
        if self._end is None and self.ready():
            self._end = now + self._seconds
            self.ticker.start()
        return self._end is not None and now > self._end


def main(path: Path, seconds: float) -> None:
    """Serve for so long after being ready, then print the longest stops."""
    config = load(path, {}, serving=True)
    assert not isinstance(config, tuple), config
    directory = load_directory(config.directory.path)
    assert not isinstance(directory, tuple), directory
    service = bootstrap_kafka.kafka_service(config, directory, threading.Event())
    lock, until = TimedLock(), _Until(seconds)
    service.runner.lock = cast("threading.Lock", lock)
    until.ready = lambda: service.runner.watch.ready
    service.run(until)
    until.ticker.end()
    silence = until.ticker.longest
    measured = {"silence": silence, "lock": lock.longest, "held": lock.held}
    sys.stdout.write(json.dumps(measured) + "\n")


def idle(seconds: float) -> None:
    """Tick for so long and do nothing else, then print the longest silence."""
    ticker = Ticker()
    ticker.start()
    threading.Event().wait(seconds)
    ticker.end()
    sys.stdout.write(json.dumps({"silence": ticker.longest}) + "\n")


if __name__ == "__main__":
    if sys.argv[1] == "-":
        idle(float(sys.argv[2]))
    else:
        main(Path(sys.argv[1]), float(sys.argv[2]))
