"""Logs: one line an event, for people on a terminal and as JSON elsewhere.

No record's content is ever logged, only where it is and why it was rejected.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final

import structlog

from monitor.adapters.terminal.standard_error import is_terminal, standard_error

# How often a library may say the same.
_REPEAT_SECONDS: Final = 60.0
_MOST_REMEMBERED: Final = 1_000


class Repeated(logging.Filter):
    """Lets a line of a library through once a minute, and counts the others.

    What clients send to the port, and an operating system without descriptors, make
    the same line thousands of times a second. The next that is let through tells how
    many were not.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """Nothing was said yet."""
        super().__init__()
        self._clock = clock
        self._said: dict[tuple[str, str, object], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this is worth a line."""
        failure = record.exc_info[0] if record.exc_info else None
        # Without what follows the first line: addresses of objects in memory.
        first = str(record.msg).strip().partition("\n")[0]
        key, now = (record.name, first, failure), self._clock()
        since, left_out = self._said.get(key, (now - _REPEAT_SECONDS, 0))
        if now < since + _REPEAT_SECONDS:
            self._said[key] = since, left_out + 1
            return False
        if len(self._said) >= _MOST_REMEMBERED:
            self._said.clear()
        self._said[key] = now, 0
        if left_out:
            record.left_out = left_out
        return True


def configure() -> None:
    """Send every log line to standard error, libraries' warnings in the same form.

    A line that cannot be written is lost, and nothing else is.
    """
    output = standard_error()
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last = _last(terminal=is_terminal())
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(output),
    )
    # The client repeats every reconnection attempt; the source tells it once.
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    handler = logging.StreamHandler(output)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(allow=["left_out"]),
                *shared,
                _stripped,
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *last,
            ],
        )
    )
    handler.addFilter(Repeated(time.monotonic))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)


def _last(*, terminal: bool) -> list[structlog.typing.Processor]:
    """What makes text of a line; of a traceback without the values in it."""
    if terminal:
        plain = structlog.dev.plain_traceback
        return [structlog.dev.ConsoleRenderer(exception_formatter=plain)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]


def _stripped(
    _: object, __: str, line: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Without the end of line that the server writes before a traceback."""
    line["event"] = str(line["event"]).strip()
    return line
