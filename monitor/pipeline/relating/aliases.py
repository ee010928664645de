"""Several keys, one entity: node ids, and names of repositories known by id.

A reference by name (``owner/name#12``) waits under its name until any body tells
the repository's id; then everything kept under the name moves. So does what a link
stands for (CDEvents) that has the name as its alias: it is kept under the name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, cast

from monitor.domain.facts import REFERENCES, Fact, Fields
from monitor.domain.keys import project_of
from monitor.pipeline.relating.carrying import prefetch_carriers
from monitor.pipeline.relating.epics import prefetch_epics
from monitor.pipeline.relating.keyed import (
    bring_together,
    other_keys,
    shown_keys,
    site_mark,
)
from monitor.pipeline.relating.names import (
    BY_ID,
    BY_NAME,
    is_by_name,
    is_on_host,
    learn_name,
    names_told,
    node_of,
)
from monitor.pipeline.relating.rekeying import Rekeyed, in_repository, rekey
from monitor.pipeline.relating.renames import learn_renames
from monitor.pipeline.working_set import WorkingSet

_REFERRING: Final = REFERENCES | {"aliases", "aliased"}
# What a change's text names is looked up where the change is placed.
_REWRITTEN: Final = REFERENCES - {"tickets"}
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


def renamed(keys: Collection[str], working: WorkingSet) -> dict[str, str]:
    """Those of the keys that are kept under another one, with that one."""
    _prefetch_names(keys, working)
    known = ((key, canonical_key(key, working)) for key in keys)
    return {key: kept for key, kept in known if kept != key}


def _prefetch_names(keys: Iterable[str], working: WorkingSet) -> None:
    """Read what things by name are kept by with two look-ups."""
    names = [key.lower() for key in keys if is_by_name(key)]
    if names:
        working.prefetch_nodes(map(_node_of_thing, names))
        by_id = (_told_by_id(name, working) for name in names)
        working.prefetch_homes([*names, *filter(None, by_id)])


def canonical_fact(fact: Fact, renames: Mapping[str, str], working: WorkingSet) -> Fact:
    """The fact with every reference under the key its entity is kept by."""
    fields = fact.fields
    if "branch" in fields and fact.entity.endswith(f"@{fields['branch']}"):
        entity = canonical_key(_push_entity(fact), working)
    else:
        entity = renames.get(fact.entity, fact.entity)
    if renames and not _REWRITTEN.isdisjoint(fields):
        fields = _canonical_fields(fields, renames)
    if entity != fact.entity:
        fields = in_repository(fact.entity, fields)
    elif fields is fact.fields:
        return fact
    return fact._replace(entity=entity, fields=fields)


def _canonical_fields(fields: Fields, renames: Mapping[str, str]) -> Fields:
    replaced: dict[str, object] = {}
    for name in _REWRITTEN.intersection(fields):
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
    """The key an entity is kept by, as far as it is known now.

    What has a name by its repository may have gone to another one since.
    """
    if not is_by_name(key):
        return working.canonical(key)
    name = key.lower()
    known = working.canonical(name)
    if known != name:
        return known
    by_id = _told_by_id(name, working)
    if by_id is not None:
        return working.canonical(by_id)
    node = working.node(_node_of_thing(name))
    if name not in node.followers:
        node.followers[name] = 0
        working.touch_node(_node_of_thing(name))
    return name


def _node_of_thing(name: str) -> str:
    return node_of(name.rpartition("#")[0])


def _told_by_id(name: str, working: WorkingSet) -> str | None:
    """What is called so, by its repository's id, if any body told that."""
    prefix = next(iter(working.node(_node_of_thing(name)).changes), None)
    return None if prefix is None else f"{prefix}#{name.rpartition('#')[2]}"


class Learnt(NamedTuple):
    """What is known by other keys now.

    ``rekeyed`` are entities that came to facts in this way, as of them more is known,
    and how many of these facts had been told under both keys; ``asking`` are those
    whose text names what may mean something else by now.
    """

    rekeyed: dict[str, int]
    asking: list[str]


def learn_aliases(facts: Sequence[Fact], working: WorkingSet) -> Learnt:
    """Learn which keys are one, and move what was kept under the other key.

    So it is learnt which names are one repository's.
    """
    learn_renames(facts, working)
    found, asking = _learn_names(facts, working)
    if shown := shown_keys(facts):
        found += bring_together(shown, working)
    twins = dict.fromkeys(_twins_in(facts))
    unlearned = [pair for pair in twins if working.canonical(pair[0]) == pair[0]]
    working.load_rows({working.home(key) for pair in unlearned for key in pair})
    prefetch_carriers((alias for alias, _ in unlearned), working)
    prefetch_epics([alias for alias, _ in unlearned], working)
    for alias, entity in twins:
        found += _learn_alias(alias, entity, working)
    rekeyed: dict[str, int] = {}
    for entity, twice in found:
        entity = working.canonical(entity)  # noqa: PLW2901
        rekeyed[entity] = rekeyed.get(entity, 0) + twice
    return Learnt(rekeyed, [working.canonical(entity) for entity in asking])


def _twins_in(facts: Iterable[Fact]) -> Iterator[tuple[str, str]]:
    """Every key of a thing, with the key of the same thing that it was told beside."""
    for fact in facts:
        fields = fact.fields
        if "aliases" in fields:
            aliases = fields["aliases"]
            if len(aliases) >= _SEVERAL:
                yield from _moves_of(aliases)
            for alias in aliases:
                yield alias, fact.entity
        if "aliased" in fields:
            yield from fields["aliased"].items()


def _moves_of(aliases: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Of a thing's names by repository, those that it had with the one it has now.

    That is the first (CDviz); so it is kept by that one, whatever was told before.
    """
    names = filter(is_by_name, aliases)
    now = next(names, "")
    return ((before, now) for before in names)


def _learn_names(
    facts: Sequence[Fact], working: WorkingSet
) -> tuple[list[Rekeyed], list[str]]:
    found: list[Rekeyed] = []
    asking: list[str] = []
    told = names_told(facts)
    working.prefetch_nodes({node_of(repo.lower()) for repo, _ in told})
    for (repo, prefix), since in told.items():
        is_new, askers = learn_name(repo.lower(), prefix, since, working)
        asking += askers
        if is_new:
            found += _bring_waiting(repo.lower(), prefix, working)
    return found, asking


def _learn_alias(alias: str, entity: str, working: WorkingSet) -> Sequence[Rekeyed]:
    entity = canonical_key(entity, working)
    is_name = BY_NAME.match(alias) is not None
    if is_name:
        alias = canonical_key(alias, working)
    if working.is_gone(alias):
        # A sealed item under a new key: what is said of it comes late. But a number
        # without its site is another ticket's, where the sites of both are known.
        is_same = not (
            other_keys(entity, working) and working.is_gone(site_mark(alias))
        )
        if alias != entity and is_same and working.is_new(entity):
            working.drop([entity])
        return ()
    if is_name or is_on_host(alias) or _is_of_link(alias, entity):
        return _join(alias, entity, working)
    # What moved and moved back names each of its keys the other's alias.
    is_free = working.canonical(alias) == alias
    if is_free and entity != alias:
        return rekey(alias, entity, working)
    # A number is one issue's for good, which a name may have told of already.
    return () if is_free or not BY_ID.match(alias) else _join(alias, entity, working)


def _is_of_link(alias: str, entity: str) -> bool:
    """Whether it is a tracker's key of what a link stands for (CDEvents)."""
    return "#" in entity and project_of(alias) is not None


def _join(known: str, other: str, working: WorkingSet) -> list[Rekeyed]:
    """Two keys turn out to be one thing's: the other is kept, if it is numbered.

    A link is no number of a repository or project, so that any number of links are
    one thing.
    """
    known, other = working.canonical(known), working.canonical(other)
    if known == other:
        return []
    if _is_numbered(other):
        return rekey(known, other, working)
    return rekey(other, known, working)


def _is_numbered(key: str) -> bool:
    return (BY_ID.match(key) or BY_NAME.match(key)) is not None


def _bring_waiting(repo: str, prefix: str, working: WorkingSet) -> list[Rekeyed]:
    """What waits under the name is the id's, if that is the first."""
    found: list[Rekeyed] = []
    node = working.node(node_of(repo))
    waiting, node.followers = list(node.followers), {}
    for name in waiting:
        by_id = f"{prefix}#{name.rpartition('#')[2]}"
        kept = working.canonical(name)
        if kept == name:
            if working.canonical(by_id) == name:
                # What it was told to have moved to stands for itself again.
                working.set_home(by_id, by_id)
            found += rekey(name, by_id, working)
        else:
            # What went to another repository is kept by its number there.
            found += _join(by_id, kept, working)
    return found
