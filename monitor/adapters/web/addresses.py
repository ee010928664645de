"""Addresses of the pages: names of teams in them are any text, and come back whole.

Addresses are relative to the root and begin without a slash, so that a page works
behind whatever prefix a proxy gives it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote, urlencode

# Browsers take these away from a path, even when they are escaped.
_DOTS: Final = frozenset({".", ".."})
# What follows is a name: boards put it before any. Of a name itself it is escaped.
_NAMED: Final = "="
ITEMS: Final = "items"
# Who is asked for most, on the first page.
ASKED: Final = "#asked"


@lru_cache(maxsize=4_096)
def part_of(name: str) -> str:
    """A name as one part of a path.

    >>> part_of("a/b c"), part_of("..")
    ('a%2Fb%20c', '=..')
    """
    return (_NAMED if name in _DOTS else "") + quote(name, safe="")


def name_of(part: str) -> str:
    """The name that this part of a path, still escaped, stands for.

    >>> name_of("a%2Fb%20c"), name_of("=.."), name_of("=a"), name_of("%3Da")
    ('a/b c', '..', 'a', '=a')
    """
    return unquote(part.removeprefix(_NAMED), errors="replace")


def team(name: str) -> str:
    """Where a team's page is."""
    return f"team/{part_of(name)}"


def listing(
    team_name: str,
    on_team: str | None = None,
    component: str | None = None,
    after: str = "",
) -> str:
    """Where the items behind a number are.

    >>> listing("a", "b", "ci_queue")
    'pair/a/b?component=ci_queue'
    """
    place = (
        f"{team(team_name)}/{ITEMS}"
        if on_team is None
        else f"pair/{part_of(team_name)}/{part_of(on_team)}"
    )
    asked = {"component": component or "", "after": after}
    query = urlencode({key: value for key, value in asked.items() if value})
    return f"{place}?{query}" if query else place


def outside(url: str) -> str:
    """The address of a tool's own page, or nothing when it is anything else.

    >>> outside("https://jira.example/A-1"), outside("javascript:alert(1)")
    ('https://jira.example/A-1', '')
    """
    return url if re.match(r"https?://[^/\s]", url, re.IGNORECASE) else ""
