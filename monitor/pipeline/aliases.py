"""Several keys, one entity: node ids, and names of repositories known by id.

A reference by name (``owner/name#12``) waits under its name until any body tells
the repository's id; then everything kept under the name moves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, cast

from monitor.domain.facts import REFERENCES, Fact, Fields
from monitor.domain.preference import preferred
from monitor.pipeline.carrying import rename_carried
from monitor.pipeline.moving import move, settle
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.code_index import Candidate, keys_of
from monitor.relate.rows import Dependents, Row, Section

_BY_ID: Final = re.compile(r"(?P<prefix>[^#\s]+:\d+)#\d+\Z")
_BY_NAME: Final = re.compile(r"(?P<name>[^#\s/:]+/[^#\s/]+)#(?P<number>\d+)\Z")
_REFERRING: Final = REFERENCES | {"aliases", "aliased"}
_SEVERAL: Final = 2


class Rekeyed(NamedTuple):
    """An entity that came to facts of another key, and how many it had already."""

    entity: str
    twice: int


def references(facts: Iterable[Fact]) -> dict[str, None]:
    """Every entity the facts are about or name, in the order of being named."""
    keys: dict[str, None] = {}
    for fact in facts:
        keys[fact.entity] = None
        fields = fact.fields
        if _REFERRING.isdisjoint(fields):
            continue
        named = _REFERRING.intersection(fields)
        # Most facts name one, and the order of several must not be a set's.
        for name in named if len(named) < _SEVERAL else sorted(named):
            value = cast("dict[str, str | list[str] | dict[str, str]]", fields)[name]
            if isinstance(value, str):
                keys[value] = None
            else:
                keys.update(dict.fromkeys(value))
                if isinstance(value, dict):
                    keys.update(dict.fromkeys(value.values()))
    return keys


def renamed(keys: Iterable[str], working: WorkingSet) -> dict[str, str]:
    """Those of the keys that are kept under another one, with that one."""
    known = ((key, canonical_key(key, working)) for key in keys)
    return {key: kept for key, kept in known if kept != key}


def canonical_fact(fact: Fact, renames: Mapping[str, str], working: WorkingSet) -> Fact:
    """The fact with every reference under the key its entity is kept by."""
    fields = fact.fields
    if "branch" in fields and fact.entity.endswith(f"@{fields['branch']}"):
        entity = canonical_key(_push_entity(fact), working)
    else:
        entity = renames.get(fact.entity, fact.entity)
    if renames and not REFERENCES.isdisjoint(fields):
        fields = _canonical_fields(fields, renames)
    if fields is fact.fields and entity == fact.entity:
        return fact
    return fact._replace(entity=entity, fields=fields)


def _canonical_fields(fields: Fields, renames: Mapping[str, str]) -> Fields:
    replaced: dict[str, object] = {}
    for name in REFERENCES.intersection(fields):
        value = cast("dict[str, str | list[str]]", fields)[name]
        if isinstance(value, str):
            if value in renames:
                replaced[name] = renames[value]
        elif not renames.keys().isdisjoint(value):
            replaced[name] = [renames.get(key, key) for key in value]
    return cast("Fields", {**fields, **replaced}) if replaced else fields


def _push_entity(fact: Fact) -> str:
    """A push known by its branch only is a thing of its own: branches are reused."""
    return f"{fact.entity}@{fact.fields.get('sha') or fact.time}"


def canonical_key(key: str, working: WorkingSet) -> str:
    """The key an entity is kept by, as far as it is known now."""
    match = _BY_NAME.match(key) if "#" in key else None
    if match is not None:
        lowered = key.lower()
        known = working.canonical(lowered)
        if known != lowered:
            return known
        node = working.node(f"repo:{match['name'].lower()}")
        prefix = next(iter(node.changes), None)
        if prefix is not None:
            return f"{prefix}#{match['number']}"
        if lowered not in node.followers:
            node.followers[lowered] = 0
            working.touch_node(f"repo:{match['name'].lower()}")
        return lowered
    return working.canonical(key)


def learn_aliases(facts: Sequence[Fact], working: WorkingSet) -> dict[str, int]:
    """Learn which keys are one, and move what was kept under the other key.

    Gives the entities that came to facts in this way, as of them more is known now;
    and how many of these facts had been told under both keys.
    """
    found: list[Rekeyed] = []
    repositories: dict[str, str] = {}
    twins: dict[tuple[str, str], None] = {}
    for fact in facts:
        fields = fact.fields
        if "repo" in fields and fields["repo"] not in repositories:
            entity = fact.entity
            match = _BY_ID.match(entity) if "#" in entity else None
            if match is not None:
                repositories[fields["repo"]] = match["prefix"]
        if "aliases" in fields:
            for alias in fields["aliases"]:
                twins[alias, fact.entity] = None
        if "aliased" in fields:
            twins.update(dict.fromkeys(fields["aliased"].items()))
    working.prefetch_nodes({f"repo:{repo.lower()}" for repo in repositories})
    for repo, prefix in repositories.items():
        found += _learn_repository(repo.lower(), prefix, working)
    unlearned = [pair for pair in twins if working.canonical(pair[0]) == pair[0]]
    working.load_rows({working.home(key) for pair in unlearned for key in pair})
    for alias, entity in unlearned:
        found += _learn_alias(alias, entity, working)
    rekeyed: dict[str, int] = {}
    for entity, twice in found:
        entity = working.canonical(entity)  # noqa: PLW2901
        rekeyed[entity] = rekeyed.get(entity, 0) + twice
    return rekeyed


def _learn_alias(alias: str, entity: str, working: WorkingSet) -> Sequence[Rekeyed]:
    if working.is_gone(alias):
        # A sealed item under a new key: what is said of it comes late.
        if working.is_new(entity):
            working.drop([entity])
        return ()
    # What moved and moved back names each of its keys the other's alias.
    is_free = working.canonical(alias) == alias
    if is_free and working.canonical(entity) != alias:
        return _rekey(alias, entity, working)
    return ()


def _learn_repository(repo: str, prefix: str, working: WorkingSet) -> list[Rekeyed]:
    key = f"repo:{repo}"
    node = working.node(key)
    found: list[Rekeyed] = []
    if prefix in node.changes:
        return found
    node.changes[prefix] = Candidate(0, ())
    waiting, node.followers = list(node.followers), {}
    working.touch_node(key)
    for name in waiting:
        found += _rekey(name, f"{prefix}#{name.rpartition('#')[2]}", working)
    return found


def _rekey(alias: str, entity: str, working: WorkingSet) -> list[Rekeyed]:
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
    rename_carried(alias, entity, working)
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
    facts = {i: f._replace(entity=entity) for i, f in section.facts.items()}
    if known is None:
        section.entity, section.facts = entity, facts
        row.sections[entity] = section
        section.changed()
        return 0
    twice = len(facts.keys() & known.facts.keys())
    _take_in(known, facts)
    known.named = (section.named or set()).union(known.named or ()) or None
    return twice


def _forget_keys(section: Section, working: WorkingSet) -> None:
    """No sha or branch is the alias's any more: the entity will claim them itself."""
    for keys in keys_of(section):
        for key in keys:
            node = working.node(key)
            node.changes.pop(section.entity, None)
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


def _rename_blocker(
    alias: str, entity: str, source: Row, target: Row, working: WorkingSet
) -> None:
    waiting = source.dependents.pop(alias, None) or target.dependents.pop(alias, None)
    if waiting is None:
        return
    known = target.dependents.setdefault(entity, Dependents())
    known.sent = 0
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
