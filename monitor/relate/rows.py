"""The state of one root item: its facts by entity, and whom it depends on.

A row is plain data, stored as versioned JSON; an unknown newer version is
refused rather than guessed at.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Final, cast

from monitor.domain.facts import KINDS, Fact, Fields
from monitor.domain.items import (
    EntityType,
    ItemFacts,
    Profile,
    entity_type,
    in_order,
)
from monitor.domain.teams import Since
from monitor.domain.timeline import Segment, Sort, Tally, Timeline, Wait

VERSION: Final = 1
_KIND_INDEX: Final = {kind: index for index, kind in enumerate(KINDS)}

_ENCODE: Final = json.JSONEncoder(
    separators=(",", ":"), ensure_ascii=False, check_circular=False
).encode


@dataclass(slots=True)
class Section:
    """The facts of one entity, and the entity it directly belongs to."""

    entity: str
    parent: str | None = None
    facts: dict[int, Fact] = field(default_factory=dict)

    @property
    def type(self) -> EntityType | None:
        """What the entity is; ``None`` until a fact is known."""
        for fact in self.facts.values():
            return entity_type(fact)
        return None


@dataclass(slots=True)
class Dependents:
    """Who waits for a blocker, and the hash of the profile they were last sent."""

    entities: list[str] = field(default_factory=list)
    sent: int = 0


@dataclass(slots=True)
class Row:
    """A root item: sections by entity, profiles of blockers, its timelines."""

    key: str
    sections: dict[str, Section] = field(default_factory=dict)
    blockers: dict[str, Profile] = field(default_factory=dict)
    dependents: dict[str, Dependents] = field(default_factory=dict)
    timelines: tuple[Timeline, ...] = ()

    def root_type(self) -> EntityType:
        """What the root is; a ticket as long as only its children are known."""
        section = self.sections.get(self.key)
        return (section.type if section else None) or EntityType.TICKET

    def item(self) -> ItemFacts:
        """What evaluation reads."""
        facts: list[Fact] = []
        changes: dict[str, str] = {}
        for section in self.sections.values():
            facts.extend(section.facts.values())
            if section.parent is not None and section.type is EntityType.RUN:
                changes[section.entity] = section.parent
        return ItemFacts(
            self.key, self.root_type(), in_order(facts), changes, self.blockers
        )


def _pack_fact(fact: Fact) -> list[object]:
    return [
        _KIND_INDEX[fact.kind],
        fact.time,
        fact.identity,
        fact.revision,
        fact.fields,
    ]


def _unpack_fact(entity: str, packed: list[object]) -> Fact:
    kind, time, identity, revision, fields = cast(
        "tuple[int, int, int, int, Fields]", packed
    )
    return Fact(KINDS[kind], time, entity, "", identity, revision, fields, {})


def pack(row: Row) -> bytes:
    """The row as bytes."""
    sections = [
        [s.entity, s.parent, [_pack_fact(f) for f in s.facts.values()]]
        for s in row.sections.values()
    ]
    dependents = {
        blocker: [found.entities, found.sent]
        for blocker, found in row.dependents.items()
    }
    document = [
        VERSION,
        row.key,
        sections,
        row.blockers,
        dependents,
        row.timelines,
    ]
    return _ENCODE(document).encode("utf-8", "surrogatepass")


class UnknownVersion(ValueError):
    """The row was written by a newer program."""


def unpack(packed: bytes) -> Row:
    """The row the bytes hold.

    Raises:
        UnknownVersion: a newer program wrote it.
    """
    document = json.loads(packed.decode("utf-8", "surrogatepass"))
    if document[0] != VERSION:
        raise UnknownVersion(f"state version {document[0]}, known is {VERSION}")
    _, key, sections, blockers, dependents, timelines = document
    row = Row(key)
    for entity, parent, facts in sections:
        unpacked = (_unpack_fact(entity, fact) for fact in facts)
        row.sections[entity] = Section(
            entity, parent, {fact.identity: fact for fact in unpacked}
        )
    for blocker, (unresolved, owner, activity) in blockers.items():
        row.blockers[blocker] = Profile(
            tuple((start, end) for start, end in unresolved),
            tuple(Since(start, team) for start, team in owner),
            tuple(activity),
        )
    for blocker, (entities, sent) in dependents.items():
        row.dependents[blocker] = Dependents(entities, sent)
    row.timelines = tuple(_unpack_timeline(packed) for packed in timelines)
    return row


def _unpack_timeline(packed: list[list[list[object]]]) -> Timeline:
    item, segments, waits, tallies = packed
    return Timeline(
        cast("str", item),
        tuple(_unpack_segment(s) for s in segments),
        tuple(Wait(*w) for w in waits),  # type: ignore[arg-type]
        tuple(Tally(*t) for t in tallies),  # type: ignore[arg-type]
    )


_SORTS: Final = {str(sort): sort for sort in Sort}


def _unpack_segment(packed: list[object]) -> Segment:
    return Segment(_SORTS[cast("str", packed[0])], *packed[1:])  # type: ignore[arg-type]
