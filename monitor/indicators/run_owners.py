"""Whose pipeline a failed run is of (design 11.10), also where it tells no repository.

It runs for a change then, and a change has one. That parts no pipelines and turns no
branch red: of these a run has to tell itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from monitor.domain.facts import Fact
from monitor.domain.items import ItemFacts
from monitor.domain.teams import Directory, Schedule
from monitor.indicators.owners import pipeline_owner

# Facts of one run, or of one and its retry.
OwnerOf = Callable[[Sequence[Fact]], Schedule]


def owners_of_pipelines(item: ItemFacts, directory: Directory) -> OwnerOf:
    """The owner of a failed run's pipeline: by its facts, else by its change's."""
    told = _told_by_changes(item)

    def owner(facts: Sequence[Fact]) -> Schedule:
        change = item.changes_of_runs.get(facts[0].entity, "")
        is_told = any("repo" in fact.fields for fact in facts)
        more = () if is_told else told.get(change, {}).values()
        return pipeline_owner((*facts, *more), directory)

    return owner


def repository_of(item: ItemFacts, run: Fact) -> str | None:
    """The repository of a run: the one it tells, else its change's."""
    if "repo" in run.fields:
        return run.fields["repo"]
    change = item.changes_of_runs.get(run.entity, "")
    return next(iter(_told_by_changes(item).get(change, ())), None)


def _told_by_changes(item: ItemFacts) -> Mapping[str, Mapping[str, Fact]]:
    """For each change that anything runs for, its repositories as its facts tell."""
    changes = set(item.changes_of_runs.values())
    told: dict[str, dict[str, Fact]] = {}
    for fact in item.facts:
        if fact.entity in changes and "repo" in fact.fields:
            told.setdefault(fact.entity, {}).setdefault(fact.fields["repo"], fact)
    return told
