"""Rekeying: everything kept under one key of an entity becomes the other key's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from monitor.domain.facts import Fact, Fields
from monitor.domain.keys import repository_of
from monitor.domain.preference import preferred
from monitor.pipeline.relating.carrying import carriers_of, rename_carried
from monitor.pipeline.relating.epics import rename_epic
from monitor.pipeline.relating.moving import move, settle
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.code_index import keys_of
from monitor.relate.rows import Dependents, Row, Section


class Rekeyed(NamedTuple):
    """An entity that came to facts of another key, and how many it had already."""

    entity: str
    twice: int


def rekey(alias: str, entity: str, working: WorkingSet) -> list[Rekeyed]:
    """Everything kept under the alias is the entity's from now on.

    Gives the entity if there were facts of it under the alias.
    """
    source = working.row(working.home(alias))
    entity = working.canonical(entity)
    target = working.row(working.home(entity))
    if source is not target:
        _merge_row(alias, source, target, working)
    working.set_alias(alias, entity)
    section, found = target.sections.pop(alias, None), list[Rekeyed]()
    if section is not None:
        _forget_keys(section, working)
        found.append(Rekeyed(entity, _rename(section, entity, target)))
        working.set_home(entity, target.key)
    for row in (source, target):
        for other in row.sections.values():
            if other.parent == alias:
                other.parent = entity
    _rename_blocker(alias, entity, source, target, working)
    _rename_items(alias, entity, target, working)
    rename_carried(alias, entity, working)
    rename_epic(alias, entity, working)
    for blocker, profile in target.blockers.items():
        target.blockers[blocker] = profile.renamed(working.canonical)
    working.touch(source)
    working.touch(target)
    # What the alias belonged to, and what belonged to it, need not be here.
    settle(target, working)
    settle(source, working)
    return found


def _rename(section: Section, entity: str, row: Row) -> int:
    """The section's facts are the entity's, beside those that it has.

    Gives how many of them it had already.
    """
    known = row.sections.get(entity)
    alias = section.entity
    facts = {
        identity: fact._replace(entity=entity, fields=in_repository(alias, fact.fields))
        for identity, fact in section.facts.items()
    }
    if known is None:
        section.entity, section.facts = entity, facts
        row.sections[entity] = section
        section.changed()
        return 0
    twice = len(facts.keys() & known.facts.keys())
    _take_in(known, facts)
    known.named = (section.named or set()).union(known.named or ()) or None
    return twice


def in_repository(name: str, fields: Fields) -> Fields:
    """The fields, with the repository that only the thing's former name told."""
    repo = None if "repo" in fields else repository_of(name)
    return fields if repo is None else {**fields, "repo": repo.lower()}


def _forget_keys(section: Section, working: WorkingSet) -> None:
    """No sha or branch is the alias's any more: the entity will claim them itself."""
    for keys in keys_of(section):
        for key in keys:
            node = working.node(key)
            node.vacate(section.entity)
            working.touch_node(key)


def _merge_row(alias: str, source: Row, target: Row, working: WorkingSet) -> None:
    """Bring the alias to the entity, with all that belongs to it if it was a root."""
    mine = source.key == alias
    for child in list(source.sections):
        if mine or child == alias:
            move(child, source, target, working)
    if mine:
        # Told before anything was known of it.
        for blocker, profile in source.blockers.items():
            target.blockers.setdefault(blocker, profile)


def _take_in(section: Section, facts: Mapping[int, Fact]) -> None:
    """Add the facts; of one that was told under both keys, the preferred counts."""
    for identity, fact in facts.items():
        known = section.facts.get(identity)
        if known is not None:
            kept = preferred(known, fact)
            section.keep_names(known if kept is fact else fact, kept)
            fact = kept  # noqa: PLW2901
        section.facts[identity] = fact
    section.changed()


def _rename_items(alias: str, entity: str, target: Row, working: WorkingSet) -> None:
    """Whatever states the alias as its item states the entity, as what is read later.

    Deploys of several items lie elsewhere, and say by it what they carried.
    """
    places = [(target, one) for one in target.sections]
    places += [
        (working.row(working.home(deploy)), deploy)
        for deploy in carriers_of(alias, working)
    ]
    for row, key in places:
        section = row.sections.get(key)
        if section is not None and _rename_item(section, alias, entity):
            working.touch(row)


def _rename_item(section: Section, alias: str, entity: str) -> bool:
    """Whether any fact of the section stated the alias."""
    stating = [
        (identity, fact)
        for identity, fact in section.facts.items()
        if fact.fields.get("item") == alias or alias in fact.fields.get("items", ())
    ]
    for identity, fact in stating:
        fields: Fields = {**fact.fields}
        if "item" in fields and fields["item"] == alias:
            fields["item"] = entity
        if "items" in fields:
            fields["items"] = [
                entity if one == alias else one for one in fields["items"]
            ]
        section.facts[identity] = fact._replace(fields=fields)
    if stating:
        section.changed()
    return bool(stating)


def _rename_blocker(
    alias: str, entity: str, source: Row, target: Row, working: WorkingSet
) -> None:
    waiting = source.dependents.pop(alias, None) or target.dependents.pop(alias, None)
    if waiting is None:
        return
    known = target.dependents.setdefault(entity, Dependents())
    known.sent = 0
    if known.told == len(known.entities):
        known.told += waiting.told
    for dependent in waiting.entities:
        known.entities[dependent] = None
        row = working.row(working.home(dependent))
        row.blockers.pop(alias, None)
        for section in row.sections.values():
            for identity, fact in section.facts.items():
                if fact.fields.get("blocker") == alias:
                    fields: Fields = {**fact.fields, "blocker": entity}
                    section.facts[identity] = fact._replace(fields=fields)
                    section.changed()
        working.touch(row)
