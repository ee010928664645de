"""What an entity's facts say of where it belongs, whatever order they are in.

Every decision of relating reads this; each fact is heard once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, cast

from monitor.domain.facts import Fact, Fields, Kind
from monitor.domain.items import FOREVER, EntityType, fact_order, type_of
from monitor.domain.runs import whole

# A member of an enumeration costs ten times a global name.
_OPENED: Final = Kind.CHANGE_OPENED
_PUSHED: Final = Kind.CHANGE_PUSHED
OPENING: Final = frozenset({Kind.CHANGE_OPENED, Kind.CHANGE_READY})
_CLOSING: Final = frozenset({Kind.CHANGE_MERGED, Kind.CHANGE_CLOSED})
# What tells where a change was open, and the index with it.
SPANNING: Final = OPENING | _CLOSING
CHANGES: Final = frozenset(kind for kind in Kind if kind.startswith("change."))
_LINKS: Final = frozenset({Kind.LINK_ADDED, Kind.LINK_REMOVED})
# Of what may be said again and differently, the latest word holds.
_LATEST: Final = frozenset({"item", "parent", "change", "tickets", "epic", "deleted"})
_GATHERED: Final = _LATEST | {
    "changes",
    "items",
    "number",
    "needed_by",
}
# By what the index is asked.
_CLAIMED: Final = frozenset({"sha", "shas", "branch"})
_HEARD: Final = _GATHERED | _CLAIMED
_SHA: Final = "sha:"
# Not of the index: how the repository of a change was called by an earlier body.
_CALLED: Final = "called:"
# Beyond every number a change has.
NO_NUMBER: Final = 2**53


def index_keys(fields: Fields) -> Iterator[str]:
    """The keys of the index that a fact names: of its shas, and of its branch.

    The default branch stands for no change, nor does one of an unknown repository.
    """
    if "sha" in fields:
        yield f"{_SHA}{fields['sha']}"
    for sha in fields.get("shas", ()):
        yield f"{_SHA}{sha}"
    if "branch" in fields and "repo" in fields and not fields.get("default_branch"):
        yield f"branch:{fields['repo']}@{fields['branch']}"


def shas_in(keys: Iterable[str]) -> Iterator[str]:
    """The shas among keys of the index."""
    return (key.removeprefix(_SHA) for key in keys if key.startswith(_SHA))


def called_before(lost: Fact, kept: Fact) -> Iterator[str]:
    """The repository's name by the body that no longer counts, as one of its names.

    Only where the revision is the body's own instant: else a name was corrected.
    """
    if lost.kind is _OPENED and lost.revision >= lost.time and "repo" in lost.fields:
        repo = lost.fields["repo"]
        if repo != kept.fields.get("repo"):
            yield _CALLED + repo


def repositories_in(names: Iterable[str]) -> Iterator[str]:
    """What the repository was called, of all names."""
    return (name.removeprefix(_CALLED) for name in names if name.startswith(_CALLED))


@dataclass(slots=True)
class Said:
    """The latest words, everything named, and the span a change was open in.

    ``begun`` is the first word of it as a change; ``shas`` and ``branches`` are keys of
    the index. A run is ``on_default`` if each branch that its facts name is the
    default one, as they tell it together.
    """

    type: EntityType | None = None
    first_time: int = FOREVER
    begun: int = FOREVER
    opened: int | None = None
    closed: int | None = None
    number: int = NO_NUMBER
    has_links: bool = False
    only_pushed: bool = True
    on_default: bool = False
    latest: dict[str, Any] = field(default_factory=dict)
    changes: set[str] = field(default_factory=set)
    items: set[str] = field(default_factory=set)
    needed_by: set[str] = field(default_factory=set)
    shas: set[str] = field(default_factory=set)
    branches: set[str] = field(default_factory=set)

    def hear(self, kind: Kind, fields: Fields) -> set[str]:
        """Take in what one fact names; the latest words it disputes."""
        disputed: set[str] = set()
        words = cast("dict[str, Any]", fields)
        if not _CLAIMED.isdisjoint(words):
            self.claim(index_keys(fields))
        for name in _GATHERED.intersection(words):
            value = words[name]
            if name not in _LATEST:
                self._gather(name, value, kind)
            elif self.latest.setdefault(name, value) != value:
                disputed.add(name)
        return disputed

    def claim(self, keys: Iterable[str]) -> None:
        """Take in keys of the index; what else is among them is none."""
        for key in keys:
            if key.startswith(_SHA):
                self.shas.add(key)
            elif not key.startswith(_CALLED):
                self.branches.add(key)

    def _gather(self, name: str, value: Any, kind: Kind) -> None:
        if name == "number":
            if kind in CHANGES:
                self.number = min(self.number, value)
        elif name == "needed_by":
            self.needed_by.add(value)
        elif name == "changes":
            self.changes.update(value)
        else:
            self.items.update(value)

    def see(self, kind: Kind, time: int) -> None:
        """Take in what happened, and when."""
        if time < self.first_time:  # noqa: PLR1730 - min() costs a call
            self.first_time = time
        if kind in CHANGES:
            self.only_pushed = self.only_pushed and kind is _PUSHED
            self.begun = min(self.begun, time)
        if kind in OPENING:
            self.opened = time if self.opened is None else min(self.opened, time)
        elif kind in _CLOSING:
            self.closed = time if self.closed is None else max(self.closed, time)
        elif kind in _LINKS:
            self.has_links = True


def listen(said: Said, facts: Collection[Fact], heard: int) -> None:
    """Take in the facts of one entity after the first ``heard``, which are known."""
    disputed: set[str] = set()
    said.type = type_of(islice(facts, heard, None), said.type)
    # A fact by its parts: each by its name takes five times as long.
    for kind, time, _, _, _, _, fields, _ in islice(facts, heard, None):
        said.see(kind, time)
        if not _HEARD.isdisjoint(fields):
            disputed |= said.hear(kind, fields)
    for name in disputed:
        said.latest[name] = _last_word(name, facts)
    if said.type is EntityType.RUN:
        _hear_together(said, facts)


def _hear_together(said: Said, facts: Collection[Fact]) -> None:
    """Take in what the facts of a run name only together."""
    told = whole(facts)
    if told is facts:
        return
    # Of two repositories the latest counts: what was joined with another is none.
    said.shas, said.branches = set(), set()
    for fact in told:
        said.claim(index_keys(fact.fields))
    said.on_default = _is_on_default([fact.fields for fact in told])


def _is_on_default(told: Sequence[Fields]) -> bool:
    """Whether it is of the default branch only: a commit may come there later."""
    named = [fields for fields in told if "branch" in fields] or told
    return all(fields.get("default_branch") for fields in named)


def _last_word(name: str, facts: Iterable[Fact]) -> object:
    stating = [fact for fact in facts if name in fact.fields]
    return cast("dict[str, object]", max(stating, key=fact_order).fields)[name]
