"""Which repository a fact is of: by its id where one is told, else by its name. Pure.

A repository may be renamed, and its name be another's afterwards; its id is its own for
good. Sources that tell no id, and facts stored before ids were, mean what has the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from monitor.domain.facts import Fact

# The source of a CDEvent may end in a port: that is an address, and no host's id.
_BY_ID: Final = re.compile(r"([^#@\s/]+:\d+)[#@]")
_WORD: Final = re.compile(r"(.+)@([^#@\s]+:\d+)")


class Repository(NamedTuple):
    """A repository as a fact tells it: its name, and host and id (``github.com:11``).

    The id is empty where none is told.
    """

    name: str
    id: str = ""

    def is_same(self, other: Repository) -> bool:
        """Whether both mean one: by their ids if both tell one, else by their names."""
        if self.id and other.id:
            return self.id == other.id
        return self.name == other.name

    @property
    def word(self) -> str:
        """Both as one word, to be stored: ``acme/shop@github.com:11``."""
        return f"{self.name}@{self.id}" if self.id else self.name


def repository_of_word(word: str) -> Repository:
    """The repository that a word stands for."""
    match = _WORD.fullmatch(word)
    return Repository(*match.groups()) if match is not None else Repository(word)


def id_in(entity: str) -> str:
    """The id in the key of a change, an issue or a push; empty where it has none."""
    match = _BY_ID.match(entity)
    return match[1] if match is not None else ""


def repository_told(fact: Fact) -> Repository | None:
    """The repository that a fact names; None where it names none."""
    repo = fact.fields.get("repo")
    if repo is None:
        return None
    return Repository(repo, fact.fields.get("repo_id") or id_in(fact.entity))


def repository_of(facts: Iterable[Fact]) -> Repository | None:
    """The repository of one thing, by the first of its names; None where none is told.

    Of one with an id, if any is. Whichever body comes last must not matter.
    """
    told = {one for one in map(repository_told, facts) if one is not None}
    return min({one for one in told if one.id} or told, default=None)


def apart(told: Iterable[Repository]) -> dict[Repository, str]:
    """What each of several is known by: those that are the same by the same.

    A name without an id is that of the id told under it; of several, of the least.
    """
    found = sorted(set(told))
    ids: dict[str, str] = {}
    for name, id_ in found:
        if id_:
            ids.setdefault(name, id_)
    return {one: one.id or ids.get(one.name, one.name) for one in found}
