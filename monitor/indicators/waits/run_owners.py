"""Whose pipeline a failed run is of (design 11.10), also where it tells no repository.

It runs for a change then, and a change has one. That parts no pipelines and turns no
branch red: of these a run has to tell itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache

from monitor.domain.facts import Fact
from monitor.domain.items import ItemFacts
from monitor.domain.teams import Directory, Schedule
from monitor.indicators.items.owners import pipeline_owner

# Facts of one run, or of one and its retry.
OwnerOf = Callable[[Sequence[Fact]], Schedule]


def owners_of_pipelines(item: ItemFacts, directory: Directory) -> OwnerOf:
    """The owner of a failed run's pipeline: by its facts, else by its change's.

    A change is looked through when it is first asked for: most runs tell a repository.
    """

    @cache
    def told_by(change: str) -> Collection[Fact]:
        return _by_repository(item, change).values()

    def owner(facts: Sequence[Fact]) -> Schedule:
        is_told = any("repo" in fact.fields for fact in facts)
        change = item.changes_of_runs.get(facts[0].entity)
        more = () if is_told or change is None else told_by(change)
        return pipeline_owner((*facts, *more), directory)

    return owner


def repository_of(item: ItemFacts, run: Fact) -> str | None:
    """The repository of a run: the one it tells, else its change's."""
    if "repo" in run.fields:
        return run.fields["repo"]
    change = item.changes_of_runs.get(run.entity, "")
    return next(iter(_by_repository(item, change)), None)


def _by_repository(item: ItemFacts, change: str) -> Mapping[str, Fact]:
    """The repositories that a change's facts tell, each with the first that does."""
    told: dict[str, Fact] = {}
    for fact in item.facts:
        if fact.entity == change and "repo" in fact.fields:
            told.setdefault(fact.fields["repo"], fact)
    return told
