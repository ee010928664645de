"""Which changes of an item its runs and pushes are of, and of which part these are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from monitor.domain.items import EntityType

if TYPE_CHECKING:
    from monitor.relate.rows import Section

OfType = Mapping[EntityType | None, "Sequence[Section]"]


def placed_with(of_type: OfType, root: str) -> dict[str, str]:
    """What a push, a change or a sub-task is placed with, unless it is the root.

    A push with its change; a change with the sub-task or change it states as its item.
    """
    work = (of_type.get(kind, ()) for kind in (EntityType.CHANGE, EntityType.TICKET))
    placed = ((one.entity, one.parent) for one in chain.from_iterable(work))
    return {one: above for one, above in placed if above and above != root}


def changes_of_runs(
    of_type: OfType, root: str, sections: Mapping[str, Section]
) -> dict[str, str]:
    """The change that each run holds up, by the run's entity."""
    runs = of_type.get(EntityType.RUN)
    if not runs:
        return {}
    # Of each sha, the item's change that names it; changes have thousands of facts.
    changes = {one.entity: one for one in of_type.get(EntityType.CHANGE, ())}
    of_sha: dict[str, str] = {}
    for section in changes.values():
        for sha in section.shas():
            of_sha[sha] = min(of_sha.get(sha, section.entity), section.entity)
    found = (
        (run.entity, _change_of(run, of_sha, changes, root, sections)) for run in runs
    )
    return {entity: change for entity, change in found if change is not None}


def _change_of(
    run: Section,
    of_sha: Mapping[str, str],
    changes: Collection[str],
    root: str,
    sections: Mapping[str, Section],
) -> str | None:
    """The change a run holds up, also where the run names its item itself.

    The change it states, else its parent, else the item's change of its sha; None
    where it runs for the item as a whole.
    """
    shas: set[str] = set()
    stated: set[str] = set()
    for fact in run.facts.values():
        if "change" in fact.fields:
            stated.add(fact.fields["change"])
        if "sha" in fact.fields:
            shas.add(fact.fields["sha"])
    parent = sections.get(run.parent or root)
    if stated:
        change = min(_kept_as(one, sections) for one in stated)
        # What is sealed is no longer here: the run came by its commit then.
        is_change = parent is not None and parent.entity in changes
        return run.parent if is_change and change not in sections else change
    if parent is None or parent.entity in changes:
        return run.parent
    return min((of_sha[sha] for sha in shas if sha in of_sha), default=None)


def _kept_as(change: str, sections: Mapping[str, Section]) -> str:
    """The key of a change that was stated by its repository's name.

    Whoever stated it before the repository's id was known says the name still.
    """
    repo, sharp, number = change.rpartition("#")
    if change in sections or not sharp:
        return change
    named = (
        section.entity
        for section in sections.values()
        if section.type is EntityType.CHANGE
        and str(section.said.number) == number
        and any(fact.fields.get("repo") == repo for fact in section.facts.values())
    )
    return min(named, default=change)
