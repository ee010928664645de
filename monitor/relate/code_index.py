"""Which change a sha or a branch stands for: pure, keyed by sha or by branch.

A node lists the changes known under its key and the runs, pushes and deploys that
asked for it, so that whichever comes last, both find each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from pydantic_core import from_json, to_json

from monitor.domain.facts import Fact, Kind
from monitor.domain.items import FOREVER, EntityType, entity_type
from monitor.relate.rows import Section

Span = tuple[int, int]

_OPENING: Final = frozenset({Kind.CHANGE_OPENED, Kind.CHANGE_READY})
_CLOSING: Final = frozenset({Kind.CHANGE_MERGED, Kind.CHANGE_CLOSED})


@dataclass(slots=True)
class Candidate:
    """A change: its number, and where it was open."""

    number: int
    open: tuple[Span, ...]


@dataclass(slots=True)
class Node:
    """What one sha or branch is known for."""

    changes: dict[str, Candidate] = field(default_factory=dict)
    followers: dict[str, int] = field(default_factory=dict)

    def pack(self) -> bytes:
        """The node as bytes."""
        changes = {key: [c.number, c.open] for key, c in self.changes.items()}
        return to_json([changes, self.followers])


def unpack_node(packed: bytes | None) -> Node:
    """The node of the bytes; an empty one for none."""
    if packed is None:
        return Node()
    changes, followers = from_json(packed)
    return Node(
        {
            key: Candidate(number, tuple((a, b) for a, b in spans))
            for key, (number, spans) in changes.items()
        },
        followers,
    )


def keys_of(section: Section) -> tuple[list[str], list[str]]:
    """The (sha keys, branch keys) an entity's facts name, sorted."""
    shas: set[str] = set()
    branches: set[str] = set()
    for fact in section.facts.values():
        fields = fact.fields
        if "shas" in fields:
            shas.update([f"sha:{sha}" for sha in fields["shas"]])
        if "sha" in fields:
            shas.add(f"sha:{fields['sha']}")
        if "branch" in fields and "repo" in fields and not fields.get("default_branch"):
            branches.add(f"branch:{fields['repo']}@{fields['branch']}")
    return sorted(shas), sorted(branches)


def keys_asked_for(sections: Iterable[Section]) -> set[str]:
    """What changes, and runs which name no item, will ask the index for."""
    keys: set[str] = set()
    for section in sections:
        if section.type is EntityType.CHANGE or not _names_item(section):
            for named in keys_of(section):
                keys.update(named)
    return keys


def _names_item(section: Section) -> bool:
    return any("item" in fact.fields for fact in section.facts.values())


def is_follower(section: Section) -> bool:
    """Whether the entity looks for its change, instead of being one."""
    if section.type in (EntityType.RUN, EntityType.DEPLOY):
        return True
    return section.type is EntityType.CHANGE and all(
        fact.kind is Kind.CHANGE_PUSHED for fact in section.facts.values()
    )


def is_opened(section: Section) -> bool:
    """Whether the change is known to have been opened, so where it began."""
    return any(fact.kind in _OPENING for fact in section.facts.values())


def first_time(section: Section) -> int:
    """The earliest instant the entity is known for."""
    return min(fact.time for fact in section.facts.values())


def candidate_of(section: Section) -> Candidate:
    """The change as its branch and shas know it."""
    number = 2**53
    opened: int | None = None
    closed: int | None = None
    for fact in section.facts.values():
        if entity_type(fact) is not EntityType.CHANGE:
            continue
        number = min(number, fact.fields.get("number", number))
        opened, closed = _widened(fact, opened, closed)
    start = opened if opened is not None else first_time(section)
    end = closed if closed is not None and closed >= start else FOREVER
    return Candidate(number, ((start, end),))


def _widened(
    fact: Fact, opened: int | None, closed: int | None
) -> tuple[int | None, int | None]:
    if fact.kind in _OPENING:
        opened = fact.time if opened is None else min(opened, fact.time)
    if fact.kind in _CLOSING:
        closed = fact.time if closed is None else max(closed, fact.time)
    return opened, closed


def choose(candidates: dict[str, Candidate], instant: int) -> str | None:
    """The change open at the instant, else the one with the lowest number."""
    if not candidates:
        return None

    def rank(entry: tuple[str, Candidate]) -> tuple[bool, int, str]:
        key, candidate = entry
        is_open = any(start <= instant < end for start, end in candidate.open)
        return not is_open, candidate.number, key

    return min(candidates.items(), key=rank)[0]


def choose_open(candidates: dict[str, Candidate], instant: int) -> str | None:
    """Of a branch's changes only one that was open then counts."""
    still = {
        key: candidate
        for key, candidate in candidates.items()
        if any(start <= instant < end for start, end in candidate.open)
    }
    return choose(still, instant)
