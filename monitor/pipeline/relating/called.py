"""Things called by a repository's name alone, and whose they were as of when.

Events that know no ids say ``acme/till#5``. Whose that is depends on which repository
had the name then, and of one that had it before, or after, may be read later. So a fact
keeps what it was told under, and it is kept who told it. What was another repository's
at its time is taken out then, and told once more as if it had not been read yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Final, cast

from monitor.domain.facts import REFERENCES, Fact, Fields, Kind
from monitor.pipeline.relating.finding import forget
from monitor.pipeline.relating.moving import move, settle
from monitor.pipeline.relating.names import is_by_name, kept_as, node_of
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.rows import Row, Section

# What a change's text names is looked up where the change is placed.
REWRITTEN: Final = REFERENCES - {"tickets"}
_ENTITY: Final = "entity"
_LINKS: Final = frozenset({Kind.LINK_ADDED, Kind.LINK_REMOVED})

_Told = dict[str, "str | list[str]"]


def _callers(name: str) -> str:
    """The key of the index under which those lie who told something by the name."""
    return f"called:{name}"


def prefetch_callers(names: Iterable[str], working: WorkingSet) -> None:
    """Read with one look-up who told something by each of the names."""
    working.prefetch_nodes(map(_callers, names))


def as_called(fact: Fact, names: AbstractSet[str]) -> Fact:
    """The fact, which keeps what it is told under, where that is any of the names."""
    values = cast("_Told", fact.fields)
    if fact.entity not in names and REWRITTEN.isdisjoint(values):
        return fact
    told: _Told = {
        field: values[field]
        for field in sorted(REWRITTEN.intersection(values))
        if not names.isdisjoint(_several(values[field]))
    }
    if fact.entity in names:
        told[_ENTITY] = fact.entity
    return fact._replace(fields={**fact.fields, "called": told}) if told else fact


def names_in(fact: Fact) -> set[str]:
    """The names of things, by their repository's, that the fact was told under."""
    told = fact.fields.get("called", {}).values()
    return {one for value in told for one in _several(value) if is_by_name(one)}


def enter(fact: Fact, names: Iterable[str], working: WorkingSet) -> None:
    """Who told something by the names is found by them; ``fact`` as it is kept."""
    for name in map(str.lower, names):
        things = node_of(name.rpartition("#")[0])
        for key, entity in ((things, name), (_callers(name), fact.entity)):
            followers = working.node(key).followers
            if entity not in followers:
                followers[entity] = 0
                working.touch_node(key)


def forget_callers(section: Section, working: WorkingSet) -> None:
    """The section is found by no name any more, nor by it what nobody else calls so."""
    names: set[str] = set()
    for fact in section.facts.values():
        names.update(map(str.lower, names_in(fact)))
    for name in sorted(names):
        callers = working.node(_callers(name)).followers
        for entity in list(callers):
            if working.canonical(entity) == section.entity:
                del callers[entity]
        working.touch_node(_callers(name))
        if not callers:
            things = node_of(name.rpartition("#")[0])
            working.node(things).followers.pop(name, None)
            working.touch_node(things)


def take_out(
    repos: Iterable[str], working: WorkingSet
) -> tuple[list[Fact], dict[str, None]]:
    """What others had at its time than those it is kept with, as it had been told.

    ``repos`` are names that several repositories had; and whose place has to be found
    anew, without what is taken out.
    """
    facts: list[Fact] = []
    misled: dict[str, None] = {}
    for repo in repos:
        node = working.node(node_of(repo))
        names = list(node.followers)
        prefetch_callers(names, working)
        entities = [one for name in names for one in _called_by(name, working)]
        working.prefetch_homes(entities)
        working.load_rows(dict.fromkeys(map(working.home, entities)))
        for name in names:
            number = name.rpartition("#")[2]
            by_id = {working.canonical(f"{one}#{number}") for one in node.changes}
            callers = dict.fromkeys(
                map(working.canonical, (*sorted(by_id), *_called_by(name, working)))
            )
            _stand_for_itself(name, by_id, callers, working)
            for entity in callers:
                facts += _taken(entity, misled, working)
    return facts, misled


def _called_by(name: str, working: WorkingSet) -> list[str]:
    """Who told something by the name."""
    return list(working.node(_callers(name)).followers)


def _stand_for_itself(
    name: str, by_id: AbstractSet[str], callers: Iterable[str], working: WorkingSet
) -> None:
    """The name is no other key any more of what the first repository has.

    Whatever it waited for under the name it waits for under its own key.
    """
    kept = working.canonical(name)
    if kept == name or kept not in by_id:
        return
    blockers = dict.fromkeys(working.row(working.home(kept)).blockers)
    for entity in callers:
        section = working.row(working.home(entity)).sections.get(entity)
        for fact in section.facts.values() if section is not None else ():
            if "called" in fact.fields:
                blockers.update((blocker, None) for _, blocker in _waiting(fact))
    for blocker in map(working.canonical, blockers):
        row = working.row(working.home(blocker))
        waiting = row.dependents.get(blocker)
        if waiting is not None and name in waiting.entities:
            named = (kept if one == name else one for one in waiting.entities)
            waiting.entities = dict.fromkeys(named)
            waiting.told = min(waiting.told, len(waiting.entities))
            working.touch(row)
    working.set_home(name, name)


def _taken(entity: str, misled: dict[str, None], working: WorkingSet) -> list[Fact]:
    """The entity's facts that are about others, or belong to others, as were told."""
    row = working.row(working.home(entity))
    section = row.sections.get(entity)
    if section is None:
        return []
    wrong = [
        fact
        for fact in section.facts.values()
        if "called" in fact.fields and _is_of_another(fact, working)
    ]
    if not wrong:
        return []
    misled.update(dict.fromkeys(forget(section, working)))
    for fact in wrong:
        del section.facts[fact.identity]
        misled.update(dict.fromkeys(_depend_no_more(fact, working)))
    section.changed()
    working.touch(row)
    told_again = any(_ENTITY not in fact.fields["called"] for fact in wrong)
    if not (section.facts or told_again):
        misled.update(dict.fromkeys(_without(section, row, working)))
    return [_as_told(fact) for fact in wrong]


def _is_of_another(fact: Fact, working: WorkingSet) -> bool:
    """Whether any name stands for another thing by now; not if that is sealed."""
    told = fact.fields["called"]
    values = {**cast("_Told", fact.fields), _ENTITY: fact.entity}
    told_by = "" if _ENTITY in told else fact.entity
    is_of_another = False
    for field, names in told.items():
        pairs = zip(_several(names), _several(values[field]), strict=True)
        for name, kept in pairs:
            if is_by_name(name):
                meant = kept_as(name.lower(), told_by, fact.time, working)
                if working.is_gone(meant):
                    return False
                is_of_another |= meant != working.canonical(kept)
    return is_of_another


def _as_told(fact: Fact) -> Fact:
    told = fact.fields["called"].copy()
    entity = cast("str", told.pop(_ENTITY, fact.entity))
    fields = cast("Fields", {**fact.fields, **told})
    del fields["called"]
    return fact._replace(entity=entity, fields=fields)


def _depend_no_more(fact: Fact, working: WorkingSet) -> Iterator[str]:
    """What it tells to wait for each other does not: they may be told so by others."""
    for pair in _waiting(fact):
        dependent, blocker = map(working.canonical, pair)
        _part(dependent, blocker, working)
        yield from (dependent, blocker)


def _waiting(fact: Fact) -> Iterator[tuple[str, str]]:
    """Who waits for whom, as the fact tells."""
    fields, entity = fact.fields, fact.entity
    if fact.kind in _LINKS and "blocker" in fields:
        yield entity, fields["blocker"]
    if "needed_by" in fields:
        yield fields["needed_by"], entity
    for item in fields.get("items", ()):
        yield item, entity


def _part(entity: str, blocker: str, working: WorkingSet) -> None:
    row, other = working.row(working.home(blocker)), working.row(working.home(entity))
    dependents = row.dependents.get(blocker)
    if dependents is None:
        return
    known = [(one, working.canonical(one)) for one in dependents.entities]
    for place, (one, kept) in enumerate(known):
        if kept == entity:
            del dependents.entities[one]
            dependents.told -= place < dependents.told
    # Others of its item may wait for it as well, and go on.
    if {kept for _, kept in known if kept != entity}.isdisjoint(other.sections):
        other.blockers.pop(blocker, None)
    if not dependents.entities:
        del row.dependents[blocker]
    working.touch(row)
    working.touch(other)


def _without(section: Section, row: Row, working: WorkingSet) -> Iterator[str]:
    """Nothing is known of the entity any more; those that belong to it."""
    entity, own = section.entity, row
    yield from (key for key, one in row.sections.items() if one.parent == entity)
    if row.key != entity:
        own = working.row(entity)
        move(entity, row, own, working)
    del own.sections[entity]
    settle(row, working)


def _several(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
