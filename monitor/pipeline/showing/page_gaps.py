"""Which references that nobody owns a page may name.

Whoever owns a repository may be a person, unless a line of the teams file names that
account, or an event a group of it, which only organisations have.
"""

from __future__ import annotations

from collections.abc import Collection

from monitor.directory.claims import account_of, group_key
from monitor.directory.patterns import folded
from monitor.domain.teams import Directory


def shown_gaps(
    gaps: Collection[str], directory: Directory
) -> tuple[tuple[str, ...], int]:
    """Those that may be named, and how many repositories are of other accounts."""
    accounts = directory.accounts | {
        account_of(group_key(name))
        for subject, _, name in (gap.partition(":") for gap in gaps)
        if subject == "group" and ":" not in name
    }
    shown: list[str] = []
    for gap in gaps:
        subject, _, name = gap.partition(":")
        account = account_of(folded(name)) if subject == "repo" else ""
        if not account or account in accounts:
            shown.append(gap)
    return tuple(shown), len(gaps) - len(shown)
