"""Items as people know them: a GitHub number under its repository's name, with a link.

Items are kept by keys that outlive a rename; whoever reads a page knows the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple
from urllib.parse import quote

from monitor.domain.teams import Directory
from monitor.pipeline.ports import StateReader
from monitor.relate.packed_rows import unpack
from monitor.relate.rows import Section

_GITHUB: Final = re.compile(r"(?P<host>[\w.-]+):\d+#(?P<number>\d+)", re.ASCII)


class Known(NamedTuple):
    """What an item is called, and where its tool shows it; empty if nobody can tell."""

    name: str
    url: str


def known_items(
    state: StateReader, items: Iterable[str], directory: Directory
) -> dict[str, Known]:
    """Names and addresses by the keys of items; those told otherwise are left out.

    A repository that no line claims keeps its number: its owner may be a person.
    """
    numbered = {item: found for item in items if (found := _GITHUB.fullmatch(item))}
    rows = state.get_many("items", numbered)
    known: dict[str, Known] = {}
    for item, packed in rows.items():
        section = unpack(packed).sections.get(item)
        repo = _repository(section) if section is not None else None
        if repo is not None and directory.repository(repo) is not None:
            host, number = numbered[item].groups()
            # A pull request is found under issues as well.
            url = f"https://{host}/{quote(repo)}/issues/{number}"
            known[item] = Known(f"{repo}#{number}", url)
    return known


def _repository(section: Section) -> str | None:
    """The repository as it was called last."""
    named = [fact for fact in section.facts.values() if "repo" in fact.fields]
    if not named:
        return None
    return max(named, key=lambda fact: fact.time).fields["repo"]
