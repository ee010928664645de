"""SIGTERM, SIGHUP, Ctrl-C: a service is told to stop, and ends what it has begun."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType


def stop_on_signals() -> threading.Event:
    """An event that is set when the process is told to end.

    By its terminal going away, too, unless whoever started it (``nohup``) will have it
    outlive that.
    """
    stop = threading.Event()
    _on_signals(stop.set)
    return stop


def leave_on_signals() -> None:
    """End well, at once, when the process is told to: nothing is begun yet."""
    _on_signals(lambda: os._exit(0))


def _on_signals(act: Callable[[], object]) -> None:
    def on_signal(number: int, frame: FrameType | None) -> None:
        del number, frame
        act()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, on_signal)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, on_signal)
