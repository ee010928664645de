"""Which change a sha or a branch stands for: pure, keyed by sha or by branch.

A node lists the changes known under its key and the runs, pushes and deploys that
asked for it, so that whichever comes last, both find each other. Those of a branch that
has many lie apart by day. Pushes to a branch have a node of their own: they may be of
the change that was opened next, and whoever is asked for these is not asked for runs.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from pydantic_core import from_json, to_json

from monitor.domain.deflated import inflated
from monitor.domain.items import FOREVER, EntityType
from monitor.domain.repositories import id_in
from monitor.relate.rows import Section
from monitor.relate.said import Said

Span = tuple[int, int]
_BRANCH: Final = "branch:"
_PUSHES: Final = "\x1fpushes"


@dataclass(slots=True)
class Candidate:
    """A change: its number, and where it was open."""

    number: int
    open: tuple[Span, ...]


@dataclass(slots=True)
class Node:
    """What one sha or branch is known for.

    ``days`` are those under which more followers of a branch lie. ``vacated``, never
    stored, is where changes were open that are to come back under another key.
    """

    changes: dict[str, Candidate] = field(default_factory=dict)
    followers: dict[str, int] = field(default_factory=dict)
    days: list[int] = field(default_factory=list)
    vacated: list[Span] = field(default_factory=list, compare=False, repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of it."""
        return not (self.changes or self.followers or self.days)

    def vacate(self, change: str) -> None:
        """Take out a change that is another key's from now on."""
        left = self.changes.pop(change, None)
        if left is not None:
            others = of_its_repository(self.changes, change)
            self.vacated += (*gaps_before(others, left), *left.open)

    def take_vacated(self) -> list[Span]:
        """Where changes were open that were taken out since the last call."""
        found, self.vacated = self.vacated, []
        return found

    def pack(self) -> bytes:
        """The node as bytes."""
        changes = {key: [c.number, c.open] for key, c in self.changes.items()}
        # Most have no days, and nodes of before had none.
        days = [self.days] if self.days else []
        return to_json([changes, self.followers, *days])


def unpack_node(packed: bytes | None) -> Node:
    """The node of the bytes; an empty one for none."""
    if packed is None:
        return Node()
    changes, followers, *days = from_json(inflated(packed))
    return Node(
        {
            key: Candidate(number, tuple((a, b) for a, b in spans))
            for key, (number, spans) in changes.items()
        },
        followers,
        *days,
    )


def is_branch(key: str) -> bool:
    """Whether the key is of a branch, and not of a sha."""
    return key.startswith(_BRANCH)


def pushes_on(branch: str) -> str:
    """The key under which pushes to a branch, by its key, ask for their change."""
    return f"{branch}{_PUSHES}"


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
        if said.type is EntityType.CHANGE:
            keys.update(map(pushes_on, said.branches))
    return keys


def is_follower(section: Section) -> bool:
    """Whether the entity looks for its change, instead of being one."""
    said = section.said
    return said.type in (EntityType.RUN, EntityType.DEPLOY) or is_push(said)


def is_push(said: Said) -> bool:
    """Whether nothing but pushes is known of it: the change they are of is another."""
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


def not_of_another(
    candidates: Mapping[str, Candidate], section: Section
) -> Mapping[str, Candidate]:
    """Of the changes under a name those that may be of the entity's repository.

    The name may have been another's; a change or an entity without an id goes by it.
    """
    if not candidates or not (id_ := _repository_id(section)):
        return candidates
    own = f"{id_}#"
    return {
        key: candidate
        for key, candidate in candidates.items()
        if key.startswith(own) or not id_in(key)
    }


def of_same_id(
    candidates: Mapping[str, Candidate], section: Section
) -> dict[str, Candidate]:
    """Of the changes under another name those whose id is the entity's repository's."""
    id_ = _repository_id(section)
    return {key: one for key, one in candidates.items() if id_ and id_in(key) == id_}


def _repository_id(section: Section) -> str:
    for fact in section.facts.values():
        if "repo_id" in fact.fields:
            return fact.fields["repo_id"]
    return id_in(section.entity)


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
        is_open = _is_within(candidate.open, instant)
        is_elsewhere = is_open and key not in on_branch
        return not is_open, is_elsewhere, candidate.number, key

    return min(candidates.items(), key=rank)[0]


def choose_open(candidates: dict[str, Candidate], instant: int) -> str | None:
    """Of a branch's changes only one that was open then counts."""
    still = {
        key: candidate
        for key, candidate in candidates.items()
        if _is_within(candidate.open, instant)
    }
    return choose(still, instant)


def choose_next(candidates: dict[str, Candidate], instant: int) -> str | None:
    """Of a branch's changes the one that was opened next after a push.

    What was pushed since the last one ended, or ever, is what the next one proposes.
    """
    later = {
        key: (start, candidate.number, key)
        for key, candidate in candidates.items()
        for start, _ in candidate.open
        if instant < start
    }
    return min(later, key=later.__getitem__, default=None)


def gaps_before(
    others: Iterable[Candidate], change: Candidate, before: Candidate | None = None
) -> Iterator[Span]:
    """From where the others of its branch left off to where the change was opened.

    Nothing where it was opened as it was ``before``.
    """
    starts = {(start, change.number) for start, _ in change.open}
    if before is not None:
        starts ^= {(start, before.number) for start, _ in before.open}
    known = [span for one in others if one is not change for span in one.open]
    for start, _ in sorted(starts):
        ends = (min(end, start) for begun, end in known if begun < start)
        yield max(ends, default=0), start


def of_its_repository(
    changes: Mapping[str, Candidate], change: str
) -> Iterator[Candidate]:
    """Of the changes under a name those that may part the pushes to this one's branch.

    Another repository may have had the name; its changes take none of them.
    """
    own = id_in(change)
    return (one for key, one in changes.items() if id_in(key) == own)


def changed_spans(before: Candidate | None, after: Candidate) -> Iterator[Span]:
    """Where another change of the branch may be chosen, now that one is known better.

    Only one that is open counts, so elsewhere it changes nothing.
    """
    known = before.open if before is not None else ()
    if before is None or before.number != after.number:
        yield from known
        yield from after.open
        return
    ends = sorted({end for span in (*known, *after.open) for end in span})
    for start, end in pairwise(ends):
        if _is_within(known, start) != _is_within(after.open, start):
            yield start, end


def _is_within(spans: Iterable[Span], instant: int) -> bool:
    for start, end in spans:  # noqa: SIM110 - a generator takes twice the time
        if start <= instant < end:
            return True
    return False
