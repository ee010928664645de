"""Logs: one line an event, for people on a terminal and as JSON elsewhere.

No record's content is ever logged, only where it is and why it was rejected.
"""

from __future__ import annotations

import logging

import structlog

from monitor.adapters.terminal.standard_error import is_terminal, standard_error


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
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared, _stripped],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *last,
            ],
        )
    )
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
