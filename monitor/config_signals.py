"""The section ``[signals]`` of ``friction.toml``: labels, ways, and exemptions."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from monitor.config_words import lower_case
from monitor.decode.label_table import LabelTable
from monitor.domain.labels import MEANINGS, PREFIXES
from monitor.domain.signal_rules import Exemption, Signal, SignalRules, Way
from monitor.domain.working_time import DAY, to_ms

Meaning = Literal[
    "tooling", "infra", "dependency", "how-to", "platform", "triaged", "none"
]
Prefix = Literal["component", "uses", "finding", "none"]
Name = Annotated[str, Field(min_length=1, max_length=200)]
# Signals that are judged by parts, of which some can be exempt.
_BY_PARTS = frozenset(
    {Signal.DIFFERENT_WAYS, Signal.HARD_INTERFACES, Signal.SYSTEMIC_FINDINGS}
)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExemptSection(_Section):
    """What is known and allowed until a day, which is its last.

    Without ``team`` and ``subject`` (a capability, a component, a provider, a class
    of findings) the whole signal is annotated and not judged meanwhile.
    """

    signal: Signal
    since: dt.date | None = Field(None, alias="from")
    until: dt.date
    why: Name
    team: str = ""
    subject: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since is not None and self.since > self.until:
            raise ValueError(f"from {self.since} is after until {self.until}")
        if (self.team or self.subject) and self.signal not in _BY_PARTS:
            raise ValueError(
                f"{self.signal} is judged as a whole: leave out team and subject"
            )
        return self


class SignalsSection(_Section):
    """What labels and pipelines say to the signals, and what is exempt.

    ``labels`` and ``prefixes`` add to the usual ones; ``none`` takes one out. ``ways``:
    for each capability, patterns of pipelines and the name of the way they stand for.
    """

    labels: Annotated[dict[str, Meaning], AfterValidator(lower_case)] = {}
    prefixes: Annotated[dict[str, Prefix], AfterValidator(lower_case)] = {}
    ways: dict[Name, dict[Name, Name]] = {}
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
        one.subject.lower() if one.signal is Signal.SYSTEMIC_FINDINGS else one.subject,
    )


def _midnight(day: dt.date) -> int:
    return to_ms(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC))
