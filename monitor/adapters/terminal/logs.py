"""Logs: one line an event, for people on a terminal and as JSON elsewhere.

No record's content is ever logged, only where it is and why it was rejected.
"""

from __future__ import annotations

import logging
import sys

import structlog


def configure() -> None:
    """Send every log line to standard error, libraries' warnings included."""
    terminal = sys.stderr.isatty()
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer()
        if terminal
        else structlog.processors.JSONRenderer()
    )
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # The client repeats every reconnection attempt; the source tells it once.
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
