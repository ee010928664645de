"""The form of ``[model]``: the judgements of the costing model."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

from monitor.config.scalars import Section
from monitor.config.words import Words


def _at_least_lower(value: Decimal, given: ValidationInfo) -> Decimal:
    for below in ("lower", "central"):
        bound = given.data.get(below)
        if bound is not None and value < bound:
            raise ValueError(f"is below {below} ({bound})")
    return value


Seconds = Annotated[Decimal, Field(ge=0, le=86_400, decimal_places=3)]
Share = Annotated[Decimal, Field(ge=0, le=1, decimal_places=6)]


class OmegaSection(Section):
    """The weight of a wait's chronic phase: bounds and the figure between."""

    lower: Share = Decimal(0)
    central: Annotated[Share, AfterValidator(_at_least_lower)] = Decimal("0.25")
    upper: Annotated[Share, AfterValidator(_at_least_lower)] = Decimal(1)


class ModelSection(Section):
    """The judgements of the costing model."""

    omega: OmegaSection = OmegaSection()
    d0_seconds: Seconds = Decimal(900)
    settle_seconds: Seconds = Decimal(300)
    idle_days: Annotated[int, Field(ge=1, le=365)] = 5
    stale_days: Annotated[int, Field(ge=1, le=365)] = 10
    link_blocks: bool = True
    unclassified_as_feature: bool = True
    min_items_month: Annotated[int, Field(ge=0, le=100_000)] = 10
    min_items_week: Annotated[int, Field(ge=0, le=100_000)] = 5
    min_feature_share: Share = Decimal("0.05")
    withhold_share: Share = Decimal("0.3")
    production_environments: Words = ("production", "prod", "live")
    unnamed_is_production: bool = True
