"""Which exposition format and encoding a scraper gets, from its headers.

As RFC 9110 has it: each form that this program writes has the weight of the most
particular entry that names it, the heaviest is chosen, and of equal ones that of the
first entry. Written are OpenMetrics 1.0 and the text format. Metric names here need no
escaping, so any scheme asked for holds.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

_ESCAPINGS: Final = frozenset({"allow-utf-8", "underscores", "dots", "values"})
_WEIGHT: Final = re.compile(r"0(?:\.[0-9]*)?|1(?:\.0*)?")


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


class _Offer(NamedTuple):
    """A form that can be written, and how its versions begin; "" is none stated."""

    syntax: Syntax
    media: str
    named: str
    versions: frozenset[str]


# Of equal weight and place, as for `*/*`, the first: a person's browser shows it.
_OFFERS: Final = (
    _Offer(Syntax.TEXT, "text/plain", PLAIN.content_type, frozenset({"", "0"})),
    _Offer(Syntax.TEXT, "text/plain", _PLAIN_1, frozenset({"1"})),
    _Offer(
        Syntax.OPENMETRICS,
        "application/openmetrics-text",
        _OPENMETRICS_1,
        frozenset({"", "1"}),
    ),
)


class _Entry(NamedTuple):
    """One entry of the header: a media type or range, and what it asks of it."""

    media: str
    parameters: Mapping[str, str]

    @property
    def weight(self) -> float:
        """How much it is wanted; 0 is not at all, and what is no weight is 1."""
        weight = self.parameters.get("q", "1")
        return float(weight) if _WEIGHT.fullmatch(weight) else 1.0

    def particular(self, offer: _Offer) -> int:
        """How particularly it names what is offered; 0 where it does not."""
        kind = offer.media.partition("/")[0]
        if self.media == offer.media:
            version = self.parameters.get("version", "")
            if _major(version) not in offer.versions:
                return 0
            return 4 if version else 3
        # A range does not ask for a form that is only given to who names it.
        ranges = {f"{kind}/*": 2, "*/*": 1} if "" in offer.versions else {}
        return ranges.get(self.media, 0)


def choose_format(accept: str) -> Format:
    """The format for an ``Accept`` header; the 0.0.4 text when nothing fits."""
    entries = list(_entries(accept))
    found: list[tuple[float, int, _Offer]] = []
    for offer in _OFFERS:
        named = [
            (entry.particular(offer), entry.weight, -place)
            for place, entry in enumerate(entries)
        ]
        particular, weight, before = max(named)
        if particular:
            found.append((weight, -before, offer))
    wanted = [one for one in found if one[0] > 0]
    if not wanted:
        return PLAIN
    _, place, offer = min(wanted, key=lambda one: (-one[0], one[1]))
    return _named(offer, entries[place].parameters)


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether an ``Accept-Encoding`` header lets the answer be compressed."""
    for entry in accept_encoding.split(","):
        coding, *rest = (part.strip().lower() for part in entry.split(";"))
        weight = dict(_parameter(part) for part in rest).get("q", "1")
        if coding == "gzip" and weight.strip("0.") != "":
            return True
    return False


def _named(offer: _Offer, parameters: Mapping[str, str]) -> Format:
    """An offer with the scheme of escaping, where its version was asked for."""
    if offer.named == PLAIN.content_type or not parameters.get("version"):
        return Format(offer.syntax, offer.named)
    escaping = parameters.get("escaping", "")
    scheme = escaping if escaping in _ESCAPINGS else "underscores"
    return Format(offer.syntax, f"{offer.named}; escaping={scheme}")


def _entries(accept: str) -> Iterator[_Entry]:
    for entry in _split(accept, ","):
        media, *rest = _split(entry, ";")
        # Of two with one name the first holds.
        parameters = dict(_parameter(part) for part in reversed(rest))
        yield _Entry(media.strip().lower(), parameters)


def _split(text: str, separator: str) -> list[str]:
    """The parts between separators that are not quoted."""
    if '"' not in text:
        return text.split(separator)
    parts, began, quoted, escaped = [], 0, False, False
    for place, letter in enumerate(text):
        if letter == '"' and not escaped:
            quoted = not quoted
        elif letter == separator and not quoted:
            parts.append(text[began:place])
            began = place + 1
        escaped = quoted and letter == "\\" and not escaped
    return [*parts, text[began:]]


def _parameter(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = re.sub(r"\\(.)", r"\1", value[1:-1], flags=re.DOTALL)
    return name.strip().lower(), value


def _major(version: str) -> str:
    """Its first number, as text: a header may have more digits than a number."""
    major = version.partition(".")[0]
    return major.lstrip("0") or major[:1]
