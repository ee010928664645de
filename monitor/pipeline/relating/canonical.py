"""The keys by which entities are kept, and facts under these.

As far as it is known: a name of a repository's thing stands for itself until any body
tells that repository's id.
"""

from __future__ import annotations

from collections import ChainMap, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple, cast

from monitor.domain.facts import REFERENCES, Fact, Fields
from monitor.domain.items import FOREVER
from monitor.pipeline.relating.called import (
    REWRITTEN,
    as_called,
    enter,
    names_in,
    prefetch_callers,
)
from monitor.pipeline.relating.keyed import without_keys
from monitor.pipeline.relating.names import called_so, is_by_name, kept_as, node_of
from monitor.pipeline.relating.rekeying import in_repository
from monitor.pipeline.working_set import WorkingSet

_REFERRING: Final = REFERENCES | {"aliases", "aliased"}
_SEVERAL: Final = 2


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
            elif name == "tickets":
                keys.update((key, None) for key in value if not is_by_name(key))
            else:
                keys.update(dict.fromkeys(value))
                if isinstance(value, dict):
                    keys.update(dict.fromkeys(value.values()))
    return keys


class Renamed(NamedTuple):
    """The keys that are kept under another one, with that one.

    ``named`` are all that name a repository without its id. Of ``several`` of them
    more than one had the name: which key they are kept under depends on when.
    """

    keys: dict[str, str]
    named: frozenset[str]
    several: frozenset[str]


def renamed(keys: Collection[str], working: WorkingSet) -> Renamed:
    """Those of the keys that are kept under another one."""
    named = frozenset(filter(is_by_name, keys))
    _prefetch_names(named, working)
    known = ((key, canonical_key(key, working)) for key in keys)
    keys_now = {key: kept for key, kept in known if kept != key}
    several = (
        name
        for name in named
        if len(working.node(_node_of_thing(name.lower())).changes) > 1
    )
    return Renamed(keys_now, named, frozenset(several))


def _prefetch_names(named: Iterable[str], working: WorkingSet) -> None:
    """Read what things by name are kept by with three look-ups."""
    names = [key.lower() for key in named]
    if names:
        working.prefetch_nodes(map(_node_of_thing, names))
        prefetch_callers(names, working)
        by_id = (called_so(name, "", FOREVER, working) for name in names)
        working.prefetch_homes([*names, *filter(None, by_id)])


def canonical_fact(fact: Fact, renames: Renamed, working: WorkingSet) -> Fact:
    """The fact with every reference under the key its entity is kept by.

    What names a repository without its id keeps that, too.
    """
    called = as_called(fact, renames.named) if renames.named else fact
    if called is fact:
        return _canonical_fact(fact, renames.keys, working)
    names = names_in(called)
    keys: Mapping[str, str] = renames.keys
    if not renames.several.isdisjoint(names):
        entity = "" if fact.entity in names else keys.get(fact.entity, fact.entity)
        meant = {one: canonical_key(one, working, entity, fact.time) for one in names}
        keys = ChainMap(meant, renames.keys)
    found = _canonical_fact(called, keys, working)
    enter(found, names, working)
    return found


def _canonical_fact(
    fact: Fact, renames: Mapping[str, str], working: WorkingSet
) -> Fact:
    fields = fact.fields
    if "branch" in fields and fact.entity.endswith(f"@{fields['branch']}"):
        entity = canonical_key(_push_entity(fact), working)
    else:
        entity = renames.get(fact.entity, fact.entity)
    if renames and not REWRITTEN.isdisjoint(fields):
        fields = _canonical_fields(fields, renames)
    if entity != fact.entity:
        fields = in_repository(fact.entity, fields)
    elif fields is fact.fields:
        return fact
    return fact._replace(entity=entity, fields=fields)


def _canonical_fields(fields: Fields, renames: Mapping[str, str]) -> Fields:
    replaced: dict[str, object] = {}
    for name in REWRITTEN.intersection(fields):
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


def canonical_key(
    key: str, working: WorkingSet, told_by: str = "", instant: int = FOREVER
) -> str:
    """The key an entity is kept by, as far as it is known now.

    What has a name by its repository may have gone to another one since; of several
    that had the name it is of the one that had it at the instant.
    """
    if not is_by_name(key):
        return working.canonical(key)
    name = key.lower()
    known = kept_as(name, told_by, instant, working)
    if known != name:
        return known
    node = working.node(_node_of_thing(name))
    if name not in node.followers:
        node.followers[name] = 0
        working.touch_node(_node_of_thing(name))
    return name


def _node_of_thing(name: str) -> str:
    return node_of(name.rpartition("#")[0])


def by_entity(
    facts: Iterable[Fact],
    renames: Renamed,
    rekeyed: Iterable[str],
    working: WorkingSet,
) -> Mapping[str, Sequence[Fact]]:
    """The facts by the keys of their entities; the rekeyed have some anyhow."""
    found = defaultdict[str, list[Fact]](list, {key: [] for key in rekeyed})
    is_renaming = bool(renames.keys or renames.named)
    for fact in facts:
        fields = fact.fields
        entity = fact.entity
        if "keyed" in fields:
            fact = fact._replace(fields=without_keys(fields))  # noqa: PLW2901
        if is_renaming or ("branch" in fields and "@" in entity):
            fact = canonical_fact(fact, renames, working)  # noqa: PLW2901
            entity = fact.entity
        found[entity].append(fact)
    return found
