"""Teams that no sample told of and events have named since, the first met first.

The order is that of the numbers that stored series have, so a start changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from monitor.domain.teams import Directory, Team


def met(names: Iterable[str], directory: Directory) -> list[Team]:
    """The teams of these names that the directory does not list; a file's: none."""
    if not directory.provisional:
        return []
    unlisted = (name for name in names if name not in directory.teams)
    return [team for name in unlisted if (team := directory.team(name)) is not None]
