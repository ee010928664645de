"""Which of two facts counts that tell the same happening differently. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection

from monitor.domain.facts import REFERENCES, Fact, digest


def canonical(fact: Fact, but: Collection[str] = ()) -> str:
    """The fact's content as text, equal for equal facts; ``but`` some fields."""
    fields = {name: value for name, value in fact.fields.items() if name not in but}
    return json.dumps([fact.kind, fact.time, fact.entity, fields], sort_keys=True)


def preferred(one: Fact, other: Fact) -> Fact:
    """Of two facts with one identity, the one that counts.

    Higher revision, then more fields, then the greater content hash, first of all but
    references: by which key they name a thing depends on what is known of it. A time of
    receipt only ever gets earlier.
    """
    both_receipt = one.fields.get("receipt") and other.fields.get("receipt")
    if both_receipt and one.time != other.time:
        return one if one.time < other.time else other
    left, right = (one.revision, len(one.fields)), (other.revision, len(other.fields))
    if left != right:
        return one if left > right else other
    if one.fields == other.fields and one.time == other.time:
        return one
    for but in (REFERENCES, ()):
        mine, its = digest(canonical(one, but)), digest(canonical(other, but))
        if mine != its:
            return one if mine > its else other
    return one
