"""Which exposition format and encoding a scraper gets, from its headers.

The choice is that of prometheus_client's ``choose_encoder`` (first acceptable
entry, weights ignored), limited to what this program writes: OpenMetrics 1.0 and
the text format. Metric names here need no escaping, so any scheme asked for holds.
"""

from __future__ import annotations

import enum
from typing import Final, NamedTuple

_ESCAPINGS: Final = frozenset({"allow-utf-8", "underscores", "dots", "values"})


class Syntax(enum.Enum):
    """The two families of text an exposition can be written in."""

    TEXT = "text"
    OPENMETRICS = "openmetrics"


class Format(NamedTuple):
    """What to write and what to call it."""

    syntax: Syntax
    content_type: str


PLAIN: Final = Format(Syntax.TEXT, "text/plain; version=0.0.4; charset=utf-8")
_PLAIN_1: Final = "text/plain; version=1.0.0; charset=utf-8"
_OPENMETRICS_1: Final = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def choose_format(accept: str) -> Format:
    """The format for an ``Accept`` header; the 0.0.4 text when nothing fits."""
    for entry in accept.split(","):
        media, *rest = (part.strip() for part in entry.split(";"))
        parameters = dict(_parameter(part) for part in reversed(rest))
        version = parameters.get("version", "")
        escaping = parameters.get("escaping", "")
        scheme = escaping if escaping in _ESCAPINGS else "underscores"
        if media == "application/openmetrics-text":
            if not version:
                return Format(Syntax.OPENMETRICS, _OPENMETRICS_1)
            if _is_first(version):
                named = f"{_OPENMETRICS_1}; escaping={scheme}"
                return Format(Syntax.OPENMETRICS, named)
        elif media == "text/plain" and _is_first(version):
            return Format(Syntax.TEXT, f"{_PLAIN_1}; escaping={scheme}")
    return PLAIN


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether an ``Accept-Encoding`` header lets the answer be compressed."""
    for entry in accept_encoding.split(","):
        coding, *rest = (part.strip().lower() for part in entry.split(";"))
        weight = dict(_parameter(part) for part in rest).get("q", "1")
        if coding == "gzip" and weight.strip("0.") != "":
            return True
    return False


def _parameter(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip()


def _is_first(version: str) -> bool:
    """Whether it is 1.x, as text: a header may have more digits than a number."""
    return version.partition(".")[0].lstrip("0") == "1"
