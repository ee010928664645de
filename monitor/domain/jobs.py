"""What facts say of jobs: a pipeline of a repository, and its default branch. Pure.

A run that does not tell its repository belongs to no job: names of pipelines such as
`build` mean nothing without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from monitor.domain.facts import FAILED, Fact, Kind
from monitor.domain.told_pipelines import repository_before

# A member of an enumeration costs ten times a global name.
_FINISHED: Final = Kind.RUN_FINISHED

# A repository, by its id or else its name, and a pipeline of it.
JobName = tuple[str, str]


class Mark(NamedTuple):
    """A run of the job failed, or succeeded on the default branch, at an instant."""

    job: JobName
    time: int
    failed: bool
    default: bool


def job_of(fact: Fact) -> JobName | None:
    """The job of a run; None when it tells no repository or no pipeline.

    Of a repository with an id the pipeline goes without the name that it begins with,
    in whatever case.
    """
    fields = fact.fields
    repo, pipeline = fields.get("repo"), fields.get("pipeline")
    if not repo or not pipeline:
        return None
    if "repo_id" not in fields:
        return repo, pipeline
    rest = pipeline[len(repository_before(pipeline, repo)) :]
    return fields["repo_id"], rest if rest.startswith("/") else pipeline


def is_red(fact: Fact) -> bool:
    """Whether the run failed on the default branch."""
    if fact.kind is not _FINISHED or fact.fields.get("outcome") not in FAILED:
        return False
    return bool(fact.fields.get("default_branch"))


def marks_of(facts: Iterable[Fact]) -> Iterator[Mark]:
    """What the facts of a run tell others of its job; most runs tell nothing.

    Each fact with what the others of the run tell (``domain.runs``).
    """
    for fact in facts:
        if fact.kind is not _FINISHED:
            continue
        outcome = fact.fields.get("outcome")
        failed = outcome in FAILED
        default = bool(fact.fields.get("default_branch"))
        if failed or (default and outcome == "success"):
            job = job_of(fact)
            if job is not None:
                yield Mark(job, fact.time, failed, default)
