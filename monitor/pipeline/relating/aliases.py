"""Several keys, one entity: node ids, and names of repositories known by id.

A reference by name (``owner/name#12``) waits under its name until any body tells
the repository's id; then everything kept under the name moves. So does what a link
stands for (CDEvents) that has the name as its alias: it is kept under the name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from monitor.domain.facts import Fact
from monitor.domain.keys import project_of
from monitor.pipeline.relating.called import take_out
from monitor.pipeline.relating.canonical import canonical_key
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
from monitor.pipeline.relating.rekeying import Rekeyed, rekey
from monitor.pipeline.relating.renames import learn_renames
from monitor.pipeline.working_set import WorkingSet

_SEVERAL: Final = 2


class Learnt(NamedTuple):
    """What is known by other keys now.

    ``rekeyed`` are entities that came to facts in this way, as of them more is known,
    and how many of these facts had been told under both keys; ``asking`` are those
    whose text names what may mean something else by now. ``anew`` are facts that were
    taken out, because they mean something else by now.
    """

    rekeyed: dict[str, int]
    asking: list[str]
    anew: list[Fact]


def learn_aliases(facts: Sequence[Fact], working: WorkingSet) -> Learnt:
    """Learn which keys are one, and move what was kept under the other key.

    So it is learnt which names are one repository's.
    """
    learn_renames(facts, working)
    found, asking, several = _learn_names(facts, working)
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
    anew, misled = take_out(several, working)
    placing = (working.canonical(entity) for entity in (*asking, *misled))
    return Learnt(rekeyed, list(placing), anew)


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
) -> tuple[list[Rekeyed], list[str], dict[str, None]]:
    """What was brought together, who asks anew, and names that several have."""
    found: list[Rekeyed] = []
    asking: list[str] = []
    several: dict[str, None] = {}
    told = names_told(facts)
    working.prefetch_nodes({node_of(repo.lower()) for repo, _ in told})
    for (repo, prefix), since in told.items():
        name = repo.lower()
        found_more = learn_name(name, prefix, since, working)
        asking += found_more.asking
        if found_more.is_several:
            several[name] = None
        elif found_more.is_new:
            found += _bring_waiting(name, prefix, working)
    return found, asking, several


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
    for name in list(node.followers):
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
