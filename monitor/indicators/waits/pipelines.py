"""Which runs are of one pipeline of one repository.

Names such as `build` are everybody's. Yet a source that tells no repository tells of
the same pipelines, so only what two runs both tell can part them. Of a repository that
was renamed all names are one, in the names of its pipelines, too. The facts of a run
are given with what its others tell (``domain.runs``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from heapq import merge
from typing import NamedTuple

from monitor.domain.facts import FAILED, Fact
from monitor.domain.items import fact_order
from monitor.domain.jobs import JobName, job_of
from monitor.domain.repositories import apart, repository_told
from monitor.domain.told_pipelines import shown_alike


class Lane(NamedTuple):
    """The runs that may be of one pipeline, in order.

    Failures of runs ``elsewhere`` are counted in another lane; here such runs only
    repair and settle.
    """

    runs: Sequence[Fact]
    elsewhere: Collection[str] = frozenset()

    def fails(self, fact: Fact) -> bool:
        """Whether a result is a failure that this lane counts."""
        failed = fact.fields.get("outcome") in FAILED
        return failed and fact.entity not in self.elsewhere


def lanes_of(runs: Sequence[Fact]) -> Iterator[Lane]:
    """The lanes of an item's runs (given in order), by pipeline and repository.

    A run that tells no repository is of the only one that is told of its pipeline. Of
    several it may be any: it repairs each of them, and its own failures are a lane
    that any of them repairs. A run without a pipeline is its own (design 11.17).
    """
    by_pipeline: dict[str, list[tuple[str | None, Fact]]] = {}
    for run, (pipeline, repo) in zip(runs, places_of(runs), strict=True):
        by_pipeline.setdefault(pipeline, []).append((repo, run))
    for placed in by_pipeline.values():
        yield from _by_repository(placed)


def places_of(runs: Sequence[Fact]) -> Iterator[tuple[str, str | None]]:
    """The pipeline and the repository (None if untold) of each run.

    By the same words wherever the same are meant, whatever they were called, and
    whether a branch is hidden in the name or not.
    """
    runs = shown_alike(runs)
    called, by_name = _names_of_pipelines(runs)
    told = [repository_told(run) for run in runs]
    known_by = apart(one for one in told if one is not None)
    for run, repository in zip(runs, told, strict=True):
        job, pipeline = job_of(run), run.fields.get("pipeline", "")
        name = called.get(job) if job is not None else None
        key = name or by_name.get(pipeline, pipeline) or f"\x00{run.entity}"
        yield key, known_by[repository] if repository is not None else None


def of_their_pipelines(facts: Sequence[Fact], runs: Iterable[Fact]) -> Iterator[Fact]:
    """Those of the runs that may be of a pipeline of any of the facts."""
    runs = list(runs)
    placed = list(places_of([*facts, *runs]))
    own, others = placed[: len(facts)], placed[len(facts) :]
    pipelines = {pipeline for pipeline, _ in own}
    repos = {None, *(repo for _, repo in own)}
    for run, (pipeline, repo) in zip(runs, others, strict=True):
        if pipeline in pipelines and repo in repos:
            yield run


def _names_of_pipelines(
    runs: Sequence[Fact],
) -> tuple[dict[JobName, str], dict[str, str]]:
    """One name of each job whose repository tells its id; and by any of its names."""
    jobs = [(job_of(run), run.fields) for run in runs if "repo_id" in run.fields]
    named = [(job, fields["pipeline"]) for job, fields in jobs if job is not None]
    called: dict[JobName, str] = {}
    for job, pipeline in named:
        called[job] = min(called.get(job, pipeline), pipeline)
    by_name: dict[str, str] = {}
    for job, pipeline in named:
        by_name[pipeline] = min(by_name.get(pipeline, called[job]), called[job])
    return called, by_name


def _by_repository(placed: Sequence[tuple[str | None, Fact]]) -> Iterator[Lane]:
    facts = [fact for _, fact in placed]
    told: dict[str, list[Fact]] = {}
    untold: list[Fact] = []
    for repo, fact in placed:
        (untold if repo is None else told.setdefault(repo, [])).append(fact)
    if len(told) < 2:
        yield Lane(facts)
        return
    if not untold:
        yield from map(Lane, told.values())
        return
    elsewhere = {fact.entity for fact in untold}
    for own in told.values():
        yield Lane([*merge(own, untold, key=fact_order)], elsewhere)
    yield Lane(facts, {fact.entity for own in told.values() for fact in own})
