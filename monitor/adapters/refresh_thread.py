"""The thread that refreshes, from start to stop, and what it failed with."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from monitor.pipeline.showing.refreshing import Refresher, ToldToStop

_LOG = structlog.get_logger()


class RefreshThread:
    """Runs a refresher beside the consumer loop; ``start`` and ``stop`` once each.

    A failure that is no mere condition of the store says that the numbers cannot be
    trusted: it is logged, kept, and ``on_failure`` is called to stop the service.
    """

    def __init__(
        self, refresher: Refresher, stopping: threading.Event, stop_seconds: float = 10
    ) -> None:
        """Refresh until ``stopping``, the event by which the refresher pauses, too."""
        self.failure: Exception | None = None
        self.refresher = refresher
        self._stopping = stopping
        self._stop_seconds = stop_seconds
        self._on_failure: Callable[[], object] = stopping.set
        self._thread = threading.Thread(target=self._run, name="refresh", daemon=True)

    def start(self, on_failure: Callable[[], object]) -> None:
        """Begin; told once should it fail."""
        self._on_failure = on_failure
        self._thread.start()

    def stop(self) -> None:
        """Give up what was begun, and end. Without ``start`` nothing happens."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(self._stop_seconds)

    def raise_failure(self) -> None:
        """Raise what refreshing failed with, if it did."""
        if self.failure is not None:
            raise self.failure

    def _run(self) -> None:
        seconds = 0.0
        try:
            while not self._stopping.wait(seconds):
                seconds = self.refresher.step()
        except ToldToStop:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, it stops the service
            _LOG.exception("refreshing failed: the service stops")
            self.failure = error
            self._on_failure()
