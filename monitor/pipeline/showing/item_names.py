"""Items as people know them: a GitHub number under its repository's name, with a link.

Items are kept by keys that outlive a rename; whoever reads a page knows the name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple
from urllib.parse import quote

from monitor.domain.teams import Directory
from monitor.pipeline.ports import StateReader
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.rows import Section

# Rows of items that are held at one time.
_AT_ONCE: Final = 500
_GITHUB: Final = re.compile(r"(?P<host>[\w.-]+):\d+#(?P<number>\d+)", re.ASCII)


class Known(NamedTuple):
    """What an item is called, and where its tool shows it; empty if nobody can tell."""

    name: str
    url: str


def known_items(
    state: StateReader, items: Iterable[str], directory: Directory
) -> dict[str, Known]:
    """Names and addresses by the keys of items; those told otherwise are left out.

    Parts of items have theirs, too. A repository that no line claims keeps its number:
    its owner may be a person.
    """
    numbered = {item: found for item in items if (found := _GITHUB.fullmatch(item))}
    known: dict[str, Known] = {}
    keys = iter(numbered)
    while some := list(islice(keys, _AT_ONCE)):
        for item, repo in _repositories(state, some):
            if directory.repository(repo) is not None:
                host, number = numbered[item].groups()
                # A pull request is found under issues as well.
                url = f"https://{host}/{quote(repo)}/issues/{number}"
                known[item] = Known(f"{repo}#{number}", url)
    return known


def naming_of(
    state: StateReader, things: Iterable[str], directory: Directory
) -> Callable[[str], str]:
    """Tells what each of these things is called: its key where nobody can tell more."""
    known = known_items(state, things, directory)
    return lambda thing: known[thing].name if thing in known else thing


def _repositories(state: StateReader, keys: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The repository of each of what is kept by a number, as far as it is known."""
    working = WorkingSet(state)
    working.prefetch_homes(keys)
    homes = {key: working.home(key) for key in keys}
    working.load_rows(homes.values())
    for key, home in homes.items():
        section = working.row(home).sections.get(working.canonical(key))
        repo = _repository(section) if section is not None else None
        if repo is not None:
            yield key, repo


def _repository(section: Section) -> str | None:
    """The repository as it was called last."""
    named = [fact for fact in section.facts.values() if "repo" in fact.fields]
    if not named:
        return None
    return max(named, key=lambda fact: fact.time).fields["repo"]
