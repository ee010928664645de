"""The section ``[signals]`` of ``friction.toml``: labels, ways, and exemptions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError

from monitor.config.scalars import Section
from monitor.config.words import AS_COMPARED, compared
from monitor.decode.label_table import LabelTable
from monitor.domain.labels import MEANINGS, PREFIXES
from monitor.domain.signal_rules import Exemption, Signal, SignalRules, Way
from monitor.domain.working_time import DAY, to_ms

Meaning = Literal[
    "tooling", "infra", "dependency", "how-to", "platform", "triaged", "none"
]
Prefix = Literal["component", "uses", "finding", "none"]
Name = Annotated[str, Field(min_length=1, max_length=200)]
# A way of doing a thing, as labels that tell one are compared.
WayName = Annotated[
    str,
    StringConstraints(
        min_length=1, max_length=200, strip_whitespace=True, to_lower=True
    ),
]
# Signals that are judged by parts, of which some can be exempt.
_BY_PARTS = frozenset(
    {Signal.DIFFERENT_WAYS, Signal.HARD_INTERFACES, Signal.SYSTEMIC_FINDINGS}
)


def _day(value: Any) -> Any:
    # A number would be read as seconds since 1970.
    if isinstance(value, bool | int | float | Decimal):
        raise PydanticCustomError("day_type", "should be a day, as in 2026-03-31")
    return value


def _in_order(until: dt.date, given: ValidationInfo) -> dt.date:
    since = given.data.get("since")
    if since is not None and since > until:
        raise ValueError(f"from {since} is after until {until}")
    return until


def _of_a_part(name: str, given: ValidationInfo) -> str:
    signal = given.data.get("signal")
    if name and signal is not None and signal not in _BY_PARTS:
        raise ValueError(f"{signal} is judged as a whole: leave out team and subject")
    return name


Day = Annotated[dt.date, BeforeValidator(_day)]
Part = Annotated[str, AfterValidator(_of_a_part)]


class ExemptSection(Section):
    """What is known and allowed until a day, which is its last.

    Without ``team`` and ``subject`` (a capability, a component, a provider, a class
    of findings) the whole signal is annotated and not judged meanwhile.
    """

    signal: Signal
    since: Day | None = Field(None, alias="from")
    until: Annotated[Day, AfterValidator(_in_order)]
    why: Name
    team: Part = ""
    subject: Part = ""


class SignalsSection(Section, BaseModel):  # BaseModel: ruff looks for it (RUF012)
    """What labels and pipelines say to the signals, and what is exempt.

    ``labels`` and ``prefixes`` add to the usual ones; ``none`` takes one out. ``ways``:
    for each capability, patterns of pipelines and the name of the way they stand for.
    Capabilities and ways are compared without case, as labels are.
    """

    labels: Annotated[dict[str, Meaning], AS_COMPARED] = {}
    prefixes: Annotated[dict[str, Prefix], AS_COMPARED] = {}
    ways: Annotated[dict[Name, dict[Name, WayName]], AS_COMPARED] = {}
    exempt: tuple[ExemptSection, ...] = ()


def label_table(section: SignalsSection, blocked_on: tuple[str, ...]) -> LabelTable:
    """The usual words with those of the section; ``blocked_on`` begins no word."""
    usual = LabelTable()
    words = {**usual.words, **section.labels}
    prefixes = {**usual.prefixes, **section.prefixes}
    return LabelTable(
        {word: meaning for word, meaning in words.items() if meaning in MEANINGS},
        {word: meaning for word, meaning in prefixes.items() if meaning in PREFIXES},
        blocked_on,
    )


def signal_rules(section: SignalsSection) -> SignalRules:
    """Exemptions and ways as the signals read them; days are UTC days."""
    return SignalRules(
        tuple(_exemption(one) for one in section.exempt),
        tuple(
            Way(capability, pattern, implementation)
            for capability, patterns in section.ways.items()
            for pattern, implementation in patterns.items()
        ),
    )


def _exemption(one: ExemptSection) -> Exemption:
    return Exemption(
        one.signal,
        0 if one.since is None else _midnight(one.since),
        _midnight(one.until) + DAY,
        one.why,
        one.team,
        _subject(one),
    )


def _subject(one: ExemptSection) -> str:
    """A provider is a team, to the letter; all else is compared as labels are."""
    is_team = one.signal is Signal.HARD_INTERFACES
    return one.subject if is_team else compared(one.subject)


def _midnight(day: dt.date) -> int:
    return to_ms(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC))
