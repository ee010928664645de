"""Tracker keys (``CHK-12``) inside branches, titles and bodies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from monitor.domain.memos import memoised

# A key is not part of a longer word: not ``UTF-8-1``'s tail, not ``XCHK-1``. A word
# that no hyphen follows has no shorter part that one follows: nothing is tried twice.
_KEY: Final = re.compile(
    r"(?<![A-Za-z0-9])([A-Za-z][A-Za-z0-9_]{1,19}+)-(\d{1,9}+)(?![A-Za-z0-9])", re.ASCII
)

# How GitHub names the branches that its merge queue makes.
MERGE_QUEUE: Final = "gh-readonly-queue/"
_WHOLE_KEY: Final = re.compile(r"([A-Za-z][A-Za-z0-9_]{1,19}+)-\d{1,9}+", re.ASCII)


def folded_key(key: str, projects: frozenset[str]) -> str:
    """The key of a thing, upper case where it is one of a known project: ``CHK-12``.

    Trackers take either case; of any other key nobody knows whether its case counts.
    """
    if "-" not in key:
        return key
    upper = key.upper()
    if upper == key:
        return key
    match = _WHOLE_KEY.fullmatch(key)
    return upper if match is not None and match[1].upper() in projects else key


def ticket_keys(texts: Iterable[str], projects: frozenset[str]) -> list[str]:
    """Keys of known projects in the texts, upper case, first named first, once each.

    ``CVE-2026`` or ``UTF-8`` look like keys too, so only known projects count.
    """
    if not projects:
        return []
    found: dict[str, None] = {}
    for text in texts:
        if "-" not in text:
            continue
        for match in _KEY.finditer(text):
            project = match[1].upper()
            if project in projects:
                found[f"{project}-{match[2]}"] = None
    return list(found)


@memoised
def keys_on_branch(name: str, projects: frozenset[str]) -> tuple[str, ...]:
    """Keys of known projects in the name of a branch, first named first.

    A branch of GitHub's merge queue is a pull request's, whatever its name holds.
    """
    if name.startswith(MERGE_QUEUE):
        return ()
    return tuple(ticket_keys(read_both_ways(name), projects))


def read_both_ways(text: str) -> tuple[str, ...]:
    """The text, and with its words apart: ``feature_CHK-1`` names ``CHK-1`` too.

    A project's key may hold an underscore itself, so the whole comes first.
    """
    return (text, text.replace("_", " ")) if "_" in text else (text,)
