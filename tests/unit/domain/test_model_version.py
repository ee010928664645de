"""The word that tells one conversion of waiting into cost from another."""

from __future__ import annotations

from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

import pytest

from monitor.domain.model import DEFAULT_MODEL, Model

# Each with another value than that of indicators 1.10.
PRICING = {
    "omega_lower": Fraction(1, 10),
    "omega_central": Fraction(1, 2),
    "omega_upper": Fraction(9, 10),
    "d0_ms": 1_800_000,
    "idle_days": 6,
    "stale_days": 11,
    "link_blocks": False,
    "unclassified_as_feature": False,
}
# What decides when numbers are published, whether there is a verdict, and what is a
# delivery: no second is another one for it.
BESIDE = {
    "settle_ms": 0,
    "min_items_month": 1,
    "min_items_week": 1,
    "min_feature_share": Fraction(0),
    "withhold_share": Fraction(1),
    "production": ("eu",),
}


def other(*names: str) -> Model:
    given: dict[str, Any] = {**PRICING, **BESIDE}
    return replace(DEFAULT_MODEL, **{name: given[name] for name in names})


def test_the_model_of_the_specification_is_version_one() -> None:
    assert Model().version == "1"


def test_the_word_is_the_same_on_every_machine_and_in_every_version() -> None:
    """The digits are the first that sha256sum prints of the text of the comment.

    Whoever changes how they are made tells every user of another model that there is a
    new one.
    """
    # d0_ms=1800000 omega_central=1/2
    assert other("omega_central", "d0_ms").version == "1-197ec902"


def test_another_value_of_each_parameter_that_prices_is_another_version() -> None:
    versions = {other(name).version for name in PRICING}
    assert len(versions | {"1", other(*PRICING).version}) == len(PRICING) + 2


@pytest.mark.parametrize("name", BESIDE)
def test_what_prices_nothing_leaves_the_version(name: str) -> None:
    assert other(name).version == "1"
    assert other(name, "d0_ms").version == other("d0_ms").version


def test_of_every_parameter_it_is_decided_whether_it_prices() -> None:
    assert {one.name for one in fields(Model)} == PRICING.keys() | BESIDE.keys()
