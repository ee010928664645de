"""Panels as every board shows them: title, definition, unit, empty text, link.

The generator library leaves legend, tooltip and ids at defaults that hide things,
so no panel is made without these makers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol, Self, TypeVar

from grafana_foundation_sdk.builders import (
    bargauge,
    common,
    dashboard,
    stat,
    text,
    timeseries,
)
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models import common as options
from grafana_foundation_sdk.models import dashboard as parts
from grafana_foundation_sdk.models.text import TextMode

from grafana.boards.links import link_to_page, of_series, place_of
from grafana.boards.queries import DATASOURCE

# Never `h`: Grafana would turn 37.5 into "1.56 days", days of 24 hours.
PERSON_HOURS: Final = "suffix:h"
SHARE: Final = "percentunit"
RATIO: Final = "none"
COUNT: Final = "short"
WHOLE: Final = "none"  # 1440, where `short` would round to "1 K"
SECONDS: Final = "s"

# Told apart by people who do not tell red from green.
BLUE: Final = "#0072B2"
ORANGE: Final = "#E69F00"

# A panel as a board takes it.
Panel = Builder[parts.Panel]

# Said of every panel of person-hours by the cost model.
CAPPED: Final = (
    " Where a team's items, several at once or incidents at any hour, cost more hours"
    " than its capacity in the window, all its hours are scaled to it; not without a"
    " stated headcount."
)

NO_DATA: Final = "no data: catching up, or nothing measured yet"


@dataclass(frozen=True, slots=True)
class About:
    """What a panel says of itself, how large it is, and where it leads.

    ``section`` is a part of the monitor's page. Ids never change: links and
    bookmarks of single panels name them.
    """

    id: int
    title: str
    definition: str
    width: int
    height: int
    section: str = "teams"
    empty: str = NO_DATA


class _AnyBuilder(Protocol):
    """What all panel builders of the library have in common."""

    def build(self) -> parts.Panel:
        """Give the panel built so far."""

    def id(self, id_val: int) -> Self:
        """Set the id."""

    def title(self, title: str) -> Self:
        """Set the title."""

    def description(self, description: str) -> Self:
        """Set the text behind the title."""

    def datasource(self, datasource: options.DataSourceRef) -> Self:
        """Set whom to ask."""

    def span(self, w: int) -> Self:
        """Set the width, of 24."""

    def height(self, h: int) -> Self:
        """Set the height."""

    def unit(self, unit: str) -> Self:
        """Set the unit of all values."""

    def no_value(self, no_value: str) -> Self:
        """Set what is shown where there is no value."""

    def with_target(self, target: Dataquery) -> Self:
        """Add a question."""


AnyPanel = TypeVar("AnyPanel", bound=_AnyBuilder)


def described(
    panel: AnyPanel, about: About, unit: str, *targets: Dataquery
) -> AnyPanel:
    """The panel with all that every panel has; its links are the maker's."""
    panel.id(about.id).title(about.title).description(about.definition)
    panel.span(about.width).height(about.height).datasource(DATASOURCE)
    panel.unit(unit).no_value(about.empty)
    for target in targets:
        panel.with_target(target)
    return panel


def mark_at(value: float) -> dashboard.ThresholdsConfig:
    """Blue below the value, orange from it on."""
    steps = [parts.Threshold(None, BLUE), parts.Threshold(value, ORANGE)]
    return dashboard.ThresholdsConfig().mode(parts.ThresholdsMode.ABSOLUTE).steps(steps)


def colour_by_name() -> dashboard.FieldColor:
    """The same team in the same colour, whichever teams are shown beside it."""
    return dashboard.FieldColor().mode(parts.FieldColorModeId.PALETTE_CLASSIC_BY_NAME)


def stat_panel(
    about: About, unit: str, *targets: Dataquery, by_name: bool = False
) -> stat.Panel:
    """One number or a few, each at the end of the range.

    ``by_name`` shows the legend (a version, a hash) instead of the value.
    """
    mode = options.BigValueTextMode
    panel = described(stat.Panel(), about, unit, *targets)
    return (
        panel.reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
        .graph_mode(options.BigValueGraphMode.NONE)
        .color_mode(options.BigValueColorMode.VALUE)
        .text_mode(mode.NAME if by_name else mode.AUTO)
        .color_scheme(_colour_of_thresholds())
        .thresholds(_plain())
        .data_links([link_to_page(f"#{about.section}")])
    )


def lines_panel(
    about: About, unit: str, *targets: Dataquery, by: str = ""
) -> timeseries.Panel:
    """Lines over time, with a legend, all of them in the tooltip.

    ``by`` is the label of which there is a line for each value: it leads there.
    """
    panel = described(timeseries.Panel(), about, unit, *targets)
    legend = common.VizLegendOptions().show_legend(True)
    tooltip = common.VizTooltipOptions().mode(options.TooltipDisplayMode.MULTI)
    return (
        panel.legend(
            legend.display_mode(options.LegendDisplayMode.LIST)
            .placement(options.LegendPlacement.BOTTOM)
            .calcs([])
        )
        .tooltip(tooltip.sort(options.SortOrder.DESCENDING))
        .color_scheme(colour_by_name())
        .axis_soft_min(0)
        .data_links([link_to_page(_place(about, by))])
    )


def bars_panel(
    about: About, unit: str, *targets: Dataquery, by: str = ""
) -> bargauge.Panel:
    """A bar for each series at the end of the range, in the order of the query.

    ``by`` is the label of which there is a bar for each value: it leads there.
    """
    panel = described(bargauge.Panel(), about, unit, *targets)
    return (
        panel.reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
        .orientation(options.VizOrientation.HORIZONTAL)
        .display_mode(options.BarGaugeDisplayMode.BASIC)
        .color_scheme(colour_by_name())
        .min(0)
        .data_links([link_to_page(_place(about, by))])
    )


def text_panel(about: About, content: str) -> text.Panel:
    """Words, with a link in the panel's corner."""
    panel = text.Panel().id(about.id).title(about.title).description(about.definition)
    return (
        panel.span(about.width)
        .height(about.height)
        .mode(TextMode.MARKDOWN)
        .content(content)
        .links([link_to_page(f"#{about.section}")])
    )


def _place(about: About, by: str) -> str:
    return place_of(of_series(*([by] if by else [])), about.section)


def _colour_of_thresholds() -> dashboard.FieldColor:
    return dashboard.FieldColor().mode(parts.FieldColorModeId.THRESHOLDS)


def _plain() -> dashboard.ThresholdsConfig:
    steps = [parts.Threshold(None, BLUE)]
    return dashboard.ThresholdsConfig().mode(parts.ThresholdsMode.ABSOLUTE).steps(steps)


def stacked(panel: timeseries.Panel) -> timeseries.Panel:
    """The panel with bars on top of each other instead of lines."""
    mode = common.StackingConfig().mode(options.StackingMode.NORMAL).group("A")
    return panel.draw_style(options.GraphDrawStyle.BARS).fill_opacity(80).stacking(mode)
