"""Under which other names the repositories go that had a name.

The index knows changes and runs by their repository's name, which is all that most
sources tell. A repository that was renamed has things under several; whoever asks by
one is given those under the others, too, and leaves out what is another repository's.
All names are learnt before anybody asks, so it does not matter which came first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from monitor.domain.facts import Fact
from monitor.domain.repositories import Repository, repository_told
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.code_index import is_branch

_SEPARATOR: Final = "\x1f"


def learn_renames(facts: Iterable[Fact], working: WorkingSet) -> None:
    """Learn by which names repositories go."""
    told = _told(facts)
    working.prefetch_plain({_names_of(one.id) for one in told})
    working.prefetch_plain({_beside(one.name) for one in told})
    for name, id_ in sorted(told):
        known: list[str] = working.plain(_names_of(id_)) or []
        if name in known:
            continue
        working.put_plain(_names_of(id_), sorted((*known, name)))
        for other in known:
            _put_beside(name, other, working)
            _put_beside(other, name, working)


def _told(facts: Iterable[Fact]) -> set[Repository]:
    found: set[Repository] = set()
    last: dict[str, str] = {}
    # Every fact comes by here, and most say no more than one before them did.
    for fact in facts:
        fields = fact[6]
        if "repo" not in fields:
            continue
        known = last.get(fields["repo"])
        if known is not None and (
            fields["repo_id"] == known
            if "repo_id" in fields
            else fact[2].startswith((f"{known}#", f"{known}@"))
        ):
            continue
        told = repository_told(fact)
        if told is not None and told.id:
            found.add(told)
            last[told.name] = told.id
    return found


def names_beside(name: str, working: WorkingSet) -> list[str]:
    """The other names of every repository that had the name; of most there are none."""
    return working.plain(_beside(name)) or []


def keys_beside(key: str, working: WorkingSet) -> Iterator[str]:
    """The keys of the index for a branch under the repository's other names."""
    if is_branch(key):
        named, _, branch = key.rpartition("@")
        kind, _, name = named.partition(":")
        for other in names_beside(name, working):
            yield f"{kind}:{other}@{branch}"


def _put_beside(name: str, other: str, working: WorkingSet) -> None:
    known = names_beside(name, working)
    if other not in known:
        working.put_plain(_beside(name), sorted((*known, other)))


def _names_of(id_: str) -> str:
    return _SEPARATOR.join(("names", id_))


def _beside(name: str) -> str:
    return _SEPARATOR.join(("beside", name))
