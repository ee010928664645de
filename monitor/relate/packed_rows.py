"""Rows as bytes: versioned JSON; of an unknown newer version nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Final

from pydantic_core import from_json, to_json

from monitor.domain.deflated import inflated
from monitor.domain.facts import KINDS, Fact, Fields, People
from monitor.domain.items import RedSince
from monitor.domain.jobs import JobName
from monitor.domain.packed import UnknownVersion
from monitor.domain.stored_values import UNREADABLE, unreadable
from monitor.relate.packed_profiles import unpack_profile
from monitor.relate.rows import Dependents, Row, Section

VERSION: Final = 8
# Version 2 did not say how many dependents had been told, nor what was red; before
# version 4 facts did not tell the record they were read from; before 5 sections had no
# names but those of their facts; before 6 no run was held; before 7 no deploy was taken
# back without saying so; before this one none was told to be in production.
_READABLE: Final = frozenset({2, 3, 4, 5, 6, 7, VERSION})
_WITHOUT_RECORDS: Final = frozenset({2, 3})

# kind, time, identity, revision, fields, word of the record
_PackedFact = tuple[int, int, int, int, Fields, str]

# A tuple of named fields, made of what lies in the order of these already: half the
# time of naming each field, and a row holds dozens of them.
_FACT: Final = partial(tuple.__new__, Fact)

# Neither blockers nor dependents.
_ALONE: Final = b"{},{}"


def pack(row: Row) -> bytes:
    """The row as bytes."""
    sections = [_pack_section(section) for section in row.sections.values()]
    rest = _ALONE
    if row.blockers or row.dependents:
        dependents = {
            blocker: [list(found.entities), found.sent, found.told]
            for blocker, found in row.dependents.items()
        }
        rest = to_json((row.blockers, dependents))[1:-1]
    key = to_json(row.key)
    return b"[%d,%b,[%b],%b]" % (VERSION, key, b",".join(sections), rest)


def _pack_section(section: Section) -> bytes:
    head, facts = (
        to_json((section.entity, section.parent))[1:-1],
        section.packed_facts(),
    )
    if not (section.reds or section.named or section.undone):
        return b"[%b,[%b]]" % (head, facts)
    known = section.reds or {}
    reds = [(time, *job, *red) for (time, job), red in known.items()]
    named = sorted(section.named or ())
    rest = to_json((reds, named, [*(section.undone or {}).items()]))[1:-1]
    return b"[%b,[%b],%b]" % (head, facts, rest)


def has_dependents(packed: bytes) -> bool:
    """Whether the row that the bytes hold has dependents; cheaper than the row."""
    return not inflated(packed).endswith(b",{}]")


def unpack(packed: bytes) -> Row:
    """The row the bytes hold.

    Raises:
        StateCorrupt: they do not hold one, or a newer program wrote it.
    """
    try:
        return _unpack(packed)
    except UNREADABLE as problem:
        raise unreadable("an item", problem) from problem


def _unpack(packed: bytes) -> Row:
    version, *rest = from_json(inflated(packed))
    if version not in _READABLE:
        raise UnknownVersion(f"state version {version}, known is {VERSION}")
    key, sections, blockers, dependents = rest
    if version in _WITHOUT_RECORDS:
        for _, _, facts, *_ in sections:
            facts[:] = [[*fact, ""] for fact in facts]
    return Row(
        key,
        {
            entity: Section(
                entity,
                parent,
                _unpack_facts(entity, facts),
                _unpack_reds(more[0]) or None if more else None,
                set(more[1]) or None if more[1:] else None,
                dict(more[2]) or None if more[2:] else None,
            )
            for entity, parent, facts, *more in sections
        },
        {blocker: unpack_profile(*profile) for blocker, profile in blockers.items()},
        {blocker: _unpack_dependents(*one) for blocker, one in dependents.items()},
    )


# Facts are stored without people, who have left them in attribution.
_NOBODY: Final[People] = {}


def _unpack_facts(entity: str, packed: list[_PackedFact]) -> dict[int, Fact]:
    return {
        identity: _FACT(
            (KINDS[kind], time, entity, word, identity, revision, fields, _NOBODY)
        )
        for kind, time, identity, revision, fields, word in packed
    }


def _unpack_reds(
    reds: Iterable[tuple[int, str, str, int, str]],
) -> dict[tuple[int, JobName], RedSince]:
    return {
        (time, (repo, pipeline)): RedSince(since, entity)
        for time, repo, pipeline, since, entity in reds
    }


def _unpack_dependents(entities: list[str], sent: int, told: int = 0) -> Dependents:
    """Where nothing says how many were told, none was: told twice is harmless."""
    return Dependents(dict.fromkeys(entities), sent, told)
