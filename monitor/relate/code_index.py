"""Which change a sha or a branch stands for: pure, keyed by sha or by branch.

A node lists the changes known under its key and the runs, pushes and deploys that
asked for it, so that whichever comes last, both find each other.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from pydantic_core import from_json, to_json

from monitor.domain.deflated import inflated
from monitor.domain.items import FOREVER, EntityType
from monitor.relate.rows import Section

Span = tuple[int, int]


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
    changes, followers = from_json(inflated(packed))
    return Node(
        {
            key: Candidate(number, tuple((a, b) for a, b in spans))
            for key, (number, spans) in changes.items()
        },
        followers,
    )


def keys_of(section: Section) -> tuple[list[str], list[str]]:
    """The (sha keys, branch keys) an entity's facts name, sorted."""
    said = section.said
    return sorted(said.shas), sorted(said.branches)


def keys_asked_for(sections: Iterable[Section]) -> set[str]:
    """What changes, and runs which name no item, will ask the index for."""
    keys: set[str] = set()
    for section in sections:
        said = section.said
        if said.type is EntityType.CHANGE or "item" not in said.latest:
            keys |= said.shas
            keys |= said.branches
    return keys


def is_follower(section: Section) -> bool:
    """Whether the entity looks for its change, instead of being one."""
    said = section.said
    if said.type in (EntityType.RUN, EntityType.DEPLOY):
        return True
    return said.type is EntityType.CHANGE and said.only_pushed


def is_opened(section: Section) -> bool:
    """Whether the change is known to have been opened, so where it began."""
    return section.said.opened is not None


def first_time(section: Section) -> int:
    """The earliest instant the entity is known for."""
    return section.said.first_time


def candidate_of(section: Section) -> Candidate:
    """The change as its branch and shas know it."""
    said = section.said
    start = said.opened if said.opened is not None else said.begun
    is_closed = said.closed is not None and said.closed >= start
    end = said.closed if is_closed and said.closed is not None else FOREVER
    return Candidate(said.number, ((start, end),))


def choose(
    candidates: dict[str, Candidate], instant: int, on_branch: Container[str] = ()
) -> str | None:
    """The change open at the instant, else the one with the lowest number.

    Of several that are open, one of those on the branch of whoever asks.
    """
    if not candidates:
        return None

    def rank(entry: tuple[str, Candidate]) -> tuple[bool, bool, int, str]:
        key, candidate = entry
        is_open = any(start <= instant < end for start, end in candidate.open)
        is_elsewhere = is_open and key not in on_branch
        return not is_open, is_elsewhere, candidate.number, key

    return min(candidates.items(), key=rank)[0]


def choose_open(candidates: dict[str, Candidate], instant: int) -> str | None:
    """Of a branch's changes only one that was open then counts."""
    still = {
        key: candidate
        for key, candidate in candidates.items()
        if any(start <= instant < end for start, end in candidate.open)
    }
    return choose(still, instant)
