"""Where links of boards lead: to addresses of the monitor, with names there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.harness.board_panels import defaults, panels, properties
from tests.harness.reference_data import REPOSITORY

_TEMPLATES = REPOSITORY / "monitor" / "adapters" / "web" / "templates"
_NAME = "a%20b"


def leads_down(board: dict[str, Any]) -> Iterator[str]:
    """Every panel links to a place that the monitor's pages have."""
    for panel in panels(board):
        urls = _links(panel)
        lost = [url for url in urls if not _is_a_page(url)]
        if not urls or lost:
            yield f"{panel['id']}: {lost or 'no link'}"


def links_name_what_is_there(board: dict[str, Any]) -> Iterator[str]:
    """A link takes names from columns and labels that its panel has."""
    for panel in panels(board):
        known = set(re.findall(r"\{\{(\w+)\}\}", str(panel.get("targets"))))
        for made in panel.get("transformations") or ():
            known |= set(made["options"].get("renameByName", {}).values())
        used = re.findall(r'(?:labels\.|fields\[")([^:"]+)', " ".join(_links(panel)))
        yield from (f"{panel['id']}: {name}" for name in sorted({*used} - known))


def _links(panel: dict[str, Any]) -> list[str]:
    links = [*(panel.get("links") or ()), *(defaults(panel).get("links") or ())]
    for listed in (p for p in properties(panel) if p["id"] == "links"):
        links += listed["value"]
    return [link["url"] for link in links]


def _is_a_page(url: str) -> bool:
    """Whether it is one of the monitor's addresses, whatever names are put in."""
    base, _, place = url.partition("/")
    filled = re.sub(r"\$\{__[^}]+:percentencode\}", _NAME, place)
    page, _, anchor = filled.partition("#")
    path, _, query = page.partition("?")
    match path.split("/"):
        case [""]:
            template = "page.html"
        case ["team", name] if name == f"={_NAME}":
            template = "team.html"
        case ["pair", *names] if names == [f"={_NAME}"] * 2:
            template = "listing.html"
        case _:
            return False
    is_asked = query in ("", f"component={_NAME}" if template == "listing.html" else "")
    text = (_TEMPLATES / template).read_text()
    there = not anchor or f'id="{anchor}"' in text
    return base == "${monitor:raw}" and is_asked and there
