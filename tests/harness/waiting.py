"""Wait for a condition, never for a time."""

from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import TypeVar

T = TypeVar("T")

# Whoever is asked works for each answer, and so has less time to make it true.
_PAUSE_SECONDS = 0.05


def eventually(
    condition: Callable[[], T], deadline_seconds: float = 30.0, what: str = ""
) -> T:
    """Return the condition's first true value.

    The condition is asked again every 50 milliseconds. An ``AssertionError`` inside
    it means "not yet", so that it may itself be written with ``assert``.

    Raises:
        AssertionError: not true by the deadline; tells the last value or assertion.
    """
    until = monotonic() + deadline_seconds
    pause = Event()
    while True:
        try:
            last: object = (value := condition())
            if value:
                return value
        except AssertionError as failure:
            last = failure
        if monotonic() >= until:
            name = what or getattr(condition, "__name__", "condition")
            raise AssertionError(
                f"not within {deadline_seconds} s: {name}; last: {last!r}"
            )
        pause.wait(_PAUSE_SECONDS)
