"""Which of two facts counts that tell the same happening differently. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Final

from monitor.domain.facts import REFERENCES, Fact, digest

# What names things by keys: its own, and those of others.
_KEYS: Final = REFERENCES | {"entity"}


def canonical(fact: Fact, but: Collection[str] = ()) -> str:
    """The fact's content as text, equal for equal facts; ``but`` its entity, fields."""
    fields = {name: value for name, value in fact.fields.items() if name not in but}
    entity = "" if "entity" in but else fact.entity
    return json.dumps([fact.kind, fact.time, entity, fields], sort_keys=True)


def preferred(one: Fact, other: Fact) -> Fact:
    """Of two facts with one identity, the one that counts.

    Higher revision, then more fields, then the greater content hash, first of all but
    keys: by which ones they are kept, and name things, depends on what is known. A time
    of receipt only ever gets earlier.
    """
    both_receipt = one.fields.get("receipt") and other.fields.get("receipt")
    if both_receipt and one.time != other.time:
        return one if one.time < other.time else other
    left, right = (one.revision, len(one.fields)), (other.revision, len(other.fields))
    if left != right:
        return one if left > right else other
    if one.fields == other.fields and one.time == other.time:
        return one
    for but in (_KEYS, ()):
        mine, its = digest(canonical(one, but)), digest(canonical(other, but))
        if mine != its:
            return one if mine > its else other
    return one
