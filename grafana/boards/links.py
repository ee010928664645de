"""Where panels lead: from a number to the monitor's page that opens it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.models import dashboard as parts

TITLE: Final = "Open the monitor's page"


def page_address(place: str) -> str:
    """The address of a place of the monitor's page; ``#trust`` is a section of it."""
    return f"${{monitor:raw}}/{place}"


def link_to_page(place: str) -> dashboard.DashboardLink:
    """A link to a place of the monitor's page, in a tab of its own."""
    return (
        dashboard.DashboardLink(TITLE)
        .type(parts.DashboardLinkType.LINK)
        .url(page_address(place))
        .target_blank(True)
    )


def place_of(names: Mapping[str, str], section: str) -> str:
    """The page of what has these labels: a pair's items, a team, else a section.

    Takes what stands for the value of each label, ready for an address. A team may be
    called `..`, which browsers take out of a path: names in it begin with `=`.
    """
    team, on_team = names.get("team"), names.get("on_team")
    if team and on_team:
        component = names.get("component")
        asked = f"?component={component}" if component else ""
        return f"pair/={team}/={on_team}{asked}"
    if team:
        return f"team/={team}"
    return f"team/={on_team}#asked" if on_team else f"#{section}"


def of_series(*labels: str) -> dict[str, str]:
    """What stands for the labels of the series that was clicked."""
    return {label: f"${{__field.labels.{label}:percentencode}}" for label in labels}


def of_row(columns: Mapping[str, str]) -> dict[str, str]:
    """What stands for labels in the row that was clicked, by label the column."""
    return {
        label: f'${{__data.fields["{column}"]:percentencode}}'
        for label, column in columns.items()
    }
