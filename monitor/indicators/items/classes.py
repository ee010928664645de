"""The class of work over time (indicators 1.2, design 11.9).

A class holds from when it was stated; the time before has the first one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from monitor.domain.facts import Fact
from monitor.domain.items import ItemFacts
from monitor.domain.teams import BEGINNING

_CLASSED: Final = frozenset({"work_class", "class_shown"})


def classes_of(item: ItemFacts) -> list[tuple[int, str]]:
    """The work class over time: the root's word, else that of what hangs on it."""
    if _CLASSED.isdisjoint(item.field_names):
        return [(BEGINNING, "unclassified")]
    # A field by its place: asked of every fact, its name takes five times as long.
    told = [fact for fact in item.facts if "work_class" in fact[6]]
    if "class_shown" in item.field_names:
        told = _with_shown(item.facts, told)
    own = [fact for fact in told if fact.entity == item.key]
    classes = [(fact.time, _class_in(fact)) for fact in own or told]
    found = [(BEGINNING, classes[0][1])]
    # Every body states it, and few say anything new.
    found += [now for was, now in pairwise(classes) if now[1] != was[1]]
    return found


def classes_told(facts: Sequence[Fact]) -> list[tuple[int, str]]:
    """Every word on the class, in the order of the facts, with its time."""
    told = [fact for fact in facts if "work_class" in fact.fields]
    return [(fact.time, _class_in(fact)) for fact in _with_shown(facts, told)]


def _with_shown(facts: Sequence[Fact], stated: Sequence[Fact]) -> list[Fact]:
    """Of what states no class at any time, what its beginning shows counts."""
    stating = {fact.entity for fact in stated}
    return [
        fact
        for fact in facts
        if "work_class" in fact[6]
        or ("class_shown" in fact[6] and fact.entity not in stating)
    ]


def _class_in(fact: Fact) -> str:
    fields = fact.fields
    return fields["work_class"] if "work_class" in fields else fields["class_shown"]
