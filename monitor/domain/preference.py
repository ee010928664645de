"""Which of two facts counts that tell the same happening differently. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Final

from monitor.domain.facts import REFERENCES, Fact, digest

# What names things by keys: its own, and those of others.
_KEYS: Final = REFERENCES | {"entity", "called"}


def canonical(fact: Fact, but: Collection[str] = ()) -> str:
    """The fact's content as text, equal for equal facts; ``but`` its entity, fields."""
    fields = {name: value for name, value in fact.fields.items() if name not in but}
    entity = "" if "entity" in but else fact.entity
    return json.dumps([fact.kind, fact.time, entity, fields], sort_keys=True)


def preferred(one: Fact, other: Fact) -> Fact:
    """Of two facts with one identity, the one that counts.

    Where their times differ the earlier, one of receipt last: several facts of one
    change, told by two clocks, stay at one instant. Then higher revision, then more
    fields, then the greater content hash, first of all but keys: by which ones they are
    kept, and name things, depends on what is known.
    """
    if _instant(one) != _instant(other):
        return min(one, other, key=_instant)
    left, right = (one.revision, _said(one)), (other.revision, _said(other))
    if left != right:
        return one if left > right else other
    if one.fields == other.fields:
        return one
    for but in (_KEYS, ()):
        mine, its = digest(canonical(one, but)), digest(canonical(other, but))
        if mine != its:
            return one if mine > its else other
    return one


def _said(fact: Fact) -> int:
    """How many fields it says; how it was told is none."""
    return len(fact.fields) - ("called" in fact.fields)


def _instant(fact: Fact) -> tuple[bool, int]:
    """Whether its time is that of receipt only, and its time."""
    return "receipt" in fact.fields, fact.time
