"""The state of one root item: its facts by entity, and whom it depends on.

A row is plain data, stored as versioned JSON; an unknown newer version is
refused rather than guessed at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Final

from pydantic_core import from_json, to_json

from monitor.domain.facts import KINDS, Fact, Fields, People
from monitor.domain.items import (
    EntityType,
    Freeze,
    ItemFacts,
    Merge,
    Need,
    Profile,
    Result,
    Shipped,
    entity_type,
    in_order,
)
from monitor.domain.packed import UnknownVersion
from monitor.domain.teams import Since
from monitor.relate.said import Said, listen

# Version 2 did not know what deploys carried.
VERSION: Final = 3
_READABLE: Final = frozenset({2, VERSION})
_KIND_INDEX: Final = {kind: index for index, kind in enumerate(KINDS)}

# kind, time, identity, revision, fields
_PackedFact = tuple[int, int, int, int, Fields]

# A tuple of named fields, made of what lies in the order of these already: half the
# time of naming each field, and a row holds dozens of them.
_FACT: Final = partial(tuple.__new__, Fact)


@dataclass(slots=True)
class Section:
    """The facts of one entity, and the entity it directly belongs to.

    Facts are added at the end. Whoever replaces or removes any calls ``changed``.
    """

    entity: str
    parent: str | None = None
    facts: dict[int, Fact] = field(default_factory=dict)
    _said: Said | None = field(default=None, compare=False, repr=False)
    _heard: int = field(default=0, compare=False, repr=False)
    # The first facts as they are stored, and how many these are.
    _packed: bytes = field(default=b"", compare=False, repr=False)
    _packed_facts: int = field(default=0, compare=False, repr=False)

    @property
    def type(self) -> EntityType | None:
        """What the entity is; ``None`` until a fact is known."""
        for fact in self.facts.values():
            return entity_type(fact)
        return None

    @property
    def said(self) -> Said:
        """What its facts say of where it belongs."""
        said = self._said
        if said is None:
            said = self._said = Said()
        if self._heard < len(self.facts):
            listen(said, self.facts.values(), self._heard)
            self._heard = len(self.facts)
        return said

    def changed(self) -> None:
        """The facts are others than before."""
        self._said, self._heard = None, 0
        self._packed, self._packed_facts = b"", 0

    def packed_facts(self) -> bytes:
        """The facts as items of a JSON list; each is written once."""
        if self._packed_facts < len(self.facts):
            new = islice(self.facts.values(), self._packed_facts, None)
            written = to_json(
                [
                    (_KIND_INDEX[kind], time, identity, revision, fields)
                    for kind, time, _, _, identity, revision, fields, _ in new
                ]
            )[1:-1]
            self._packed = self._packed + b"," + written if self._packed else written
            self._packed_facts = len(self.facts)
        return self._packed

    def shas(self) -> Iterator[str]:
        """Every sha that a fact of the entity names."""
        for fact in self.facts.values():
            if "sha" in fact.fields:
                yield fact.fields["sha"]


@dataclass(slots=True)
class Dependents:
    """Who waits for a blocker, and the hash of the profile they were last sent."""

    entities: list[str] = field(default_factory=list)
    sent: int = 0


@dataclass(slots=True)
class Row:
    """A root item: sections by entity, and the profiles of its blockers."""

    key: str
    sections: dict[str, Section] = field(default_factory=dict)
    blockers: dict[str, Profile] = field(default_factory=dict)
    dependents: dict[str, Dependents] = field(default_factory=dict)

    def root_type(self) -> EntityType:
        """What the root is; a ticket as long as only its children are known."""
        section = self.sections.get(self.key)
        return (section.type if section else None) or EntityType.TICKET

    def is_unheard_of(self) -> bool:
        """Whether nothing is known of the item, nor of anything it depends on."""
        return not (self.sections or self.dependents or self.blockers)

    def item(self) -> ItemFacts:
        """What evaluation reads."""
        facts: list[Fact] = []
        changes: dict[str, str] = {}
        of_sha: dict[str, str] | None = None
        for section in self.sections.values():
            facts.extend(section.facts.values())
            if section.type is EntityType.RUN:
                if of_sha is None:
                    of_sha = self._changes_by_sha()
                change = self._change_of(section, of_sha)
                if change is not None:
                    changes[section.entity] = change
        return ItemFacts(
            self.key, self.root_type(), in_order(facts), changes, self.blockers
        )

    def _changes_by_sha(self) -> dict[str, str]:
        """The change of each sha that one of the item's changes names."""
        found: dict[str, str] = {}
        for section in self.sections.values():
            if section.type is EntityType.CHANGE:
                for sha in section.shas():
                    found[sha] = min(found.get(sha, section.entity), section.entity)
        return found

    def _change_of(self, run: Section, of_sha: Mapping[str, str]) -> str | None:
        """The change a run holds up, also where the run names its item itself.

        The change it states, else its parent, else the item's change of its sha.
        """
        shas: set[str] = set()
        stated: set[str] = set()
        for fact in run.facts.values():
            if "change" in fact.fields:
                stated.add(fact.fields["change"])
            if "sha" in fact.fields:
                shas.add(fact.fields["sha"])
        if stated:
            return min(stated)
        parent = self.sections.get(run.parent or self.key)
        if parent is None or parent.type is EntityType.CHANGE:
            return run.parent
        changes = (of_sha[sha] for sha in shas if sha in of_sha)
        return min(changes, default=run.parent)


# Neither blockers nor dependents.
_ALONE: Final = b"{},{}"


def pack(row: Row) -> bytes:
    """The row as bytes."""
    sections = [
        b"[%b,[%b]]"
        % (to_json((section.entity, section.parent))[1:-1], section.packed_facts())
        for section in row.sections.values()
    ]
    rest = _ALONE
    if row.blockers or row.dependents:
        dependents = {
            blocker: [found.entities, found.sent]
            for blocker, found in row.dependents.items()
        }
        rest = to_json((row.blockers, dependents))[1:-1]
    key = to_json(row.key)
    return b"[%d,%b,[%b],%b]" % (VERSION, key, b",".join(sections), rest)


def has_dependents(packed: bytes) -> bool:
    """Whether the row that the bytes hold has dependents; cheaper than the row."""
    return not packed.endswith(b",{}]")


def unpack(packed: bytes) -> Row:
    """The row the bytes hold.

    Raises:
        UnknownVersion: a newer program wrote it.
    """
    version, *rest = from_json(packed)
    if version not in _READABLE:
        raise UnknownVersion(f"state version {version}, known is {VERSION}")
    key, sections, blockers, dependents = rest
    return Row(
        key,
        {
            entity: Section(entity, parent, _unpack_facts(entity, facts))
            for entity, parent, facts in sections
        },
        {blocker: _unpack_profile(*profile) for blocker, profile in blockers.items()},
        {blocker: Dependents(*found) for blocker, found in dependents.items()},
    )


# Facts are stored without people, who have left them in attribution.
_NOBODY: Final[People] = {}


def _unpack_facts(entity: str, packed: list[_PackedFact]) -> dict[int, Fact]:
    return {
        identity: _FACT(
            (KINDS[kind], time, entity, "", identity, revision, fields, _NOBODY)
        )
        for kind, time, identity, revision, fields in packed
    }


def _unpack_profile(
    unresolved: list[tuple[int, int]],
    owner: list[tuple[int, str]],
    activity: list[int],
    needs: Iterable[tuple[str, int, int]] = (),
    assignee: Iterable[tuple[int, str]] = (),
    results: Iterable[tuple[int, str, str, int]] = (),
    freezes: Iterable[tuple[int, int, str, list[str], list[str]]] = (),
    shipped: Iterable[tuple[int, list[str], str]] = (),
    carries: Iterable[int] = (),
    contains: Iterable[tuple[str, int]] = (),
) -> Profile:
    return Profile(
        tuple((start, end) for start, end in unresolved),
        tuple(Since(start, team) for start, team in owner),
        tuple(activity),
        tuple(Need(*need) for need in needs),
        tuple(Since(start, team) for start, team in assignee),
        tuple(Result(*result) for result in results),
        tuple(
            Freeze(start, end, team, tuple(services), tuple(teams))
            for start, end, team, services, teams in freezes
        ),
        tuple(Shipped(time, tuple(where), team) for time, where, team in shipped),
        tuple(carries),
        tuple(Merge(repo, time) for repo, time in contains),
    )
