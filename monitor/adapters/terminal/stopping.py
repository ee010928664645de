"""SIGTERM, SIGHUP, Ctrl-C: a service is told to stop, and ends what it has begun."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Final

# What a shell has for whatever Ctrl-C ended.
INTERRUPTED: Final = 128 + signal.SIGINT


def stop_on_signals() -> threading.Event:
    """An event that is set when the process is told to end.

    By its terminal going away, too, unless whoever started it (``nohup``) will have it
    outlive that.
    """
    stop = threading.Event()
    _on_signals(stop.set)
    return stop


def leave_while_loading(arguments: Sequence[str]) -> None:
    """End at once when the process is told to, as later: nothing is begun yet.

    A service, which it is with these arguments, ends well. Other commands end without
    a word on Ctrl-C, for which Python has a traceback.
    """
    if arguments[:1] == ["run"]:
        _on_signals(lambda: os._exit(0))
    elif signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)


def end_loading() -> None:
    """From now on Ctrl-C raises KeyboardInterrupt again, so that what is open closes.

    A service still ends well until it stops on signals.
    """
    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _leave(number: int, frame: FrameType | None) -> None:
    del number, frame
    os._exit(INTERRUPTED)


def _on_signals(act: Callable[[], object]) -> None:
    def on_signal(number: int, frame: FrameType | None) -> None:
        del number, frame
        act()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, on_signal)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, on_signal)
