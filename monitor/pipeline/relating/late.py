"""Facts that come after their item was sealed: counted, and dropped.

An item is sealed long after anything was said of it, so there is nothing to put such a
fact beside. It makes no new item either, nor does what says that it belongs to one and
began before everything that is sealed was over. What began later is new work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from monitor.domain.facts import Fact
from monitor.domain.items import FOREVER
from monitor.pipeline.relating.canonical import canonical_key
from monitor.pipeline.relating.names import holder, is_by_name
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.parents import parents_named

# The key of the index under which it lies up to when what is sealed had closed (ms).
SEALED_BEFORE: Final = "sealed before"


class Sifted(NamedTuple):
    """Facts by entity without the late ones, and how many those were."""

    by_entity: Mapping[str, Sequence[Fact]]
    late: int


def without_late(
    by_entity: Mapping[str, Sequence[Fact]], working: WorkingSet
) -> Sifted:
    """Leave out the facts of what is sealed.

    A new thing of old times that names a sealed one as what it belongs to goes with it,
    and so does what belongs to that; one that is known already stays where it is.
    """
    if not working.any_gone:
        return Sifted(by_entity, 0)
    parents = {entity: _parents(facts, working) for entity, facts in by_entity.items()}
    gone = working.gone({*by_entity}.union(*parents.values()))
    before = working.plain(SEALED_BEFORE) or FOREVER
    old = {
        name: parents[name] for name, one in by_entity.items() if _began(one) < before
    }
    while lost := _lost(old, gone, working):
        working.drop(lost)
        gone.update(lost)
    kept = {entity: facts for entity, facts in by_entity.items() if entity not in gone}
    dropped = by_entity.keys() - kept.keys()
    return Sifted(kept, sum(len(by_entity[entity]) for entity in dropped))


def _began(facts: Iterable[Fact]) -> int:
    return min((fact.time for fact in facts), default=FOREVER)


def _lost(
    parents: Mapping[str, set[str]], gone: set[str], working: WorkingSet
) -> list[str]:
    """What is new, and says that it belongs to something that is gone."""
    return [
        entity
        for entity, named in parents.items()
        if entity not in gone and named & gone and working.is_new(entity)
    ]


def _parents(facts: Iterable[Fact], working: WorkingSet) -> set[str]:
    """What the facts say they belong to, under the keys these are kept by."""
    return {
        _kept_as(parent, fact, working)
        for fact in facts
        for parent in (*parents_named(fact), *_only_item(fact))
    }


def _kept_as(parent: str, fact: Fact, working: WorkingSet) -> str:
    if parent in fact.fields.get("tickets", ()) and is_by_name(parent):
        return working.canonical(holder(parent, fact.entity, fact.time, working))
    return canonical_key(parent, working)


def _only_item(fact: Fact) -> Sequence[str]:
    """The item of a deploy that names one."""
    items = fact.fields.get("items", ())
    return items if len(items) == 1 else ()
