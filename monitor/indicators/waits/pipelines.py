"""Which runs are of one pipeline of one repository.

Names such as `build` are everybody's. Yet a source that tells no repository tells of
the same pipelines, so only what two runs both tell can part them. The facts of a run
are given with what its others tell (``domain.runs``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from heapq import merge
from typing import NamedTuple

from monitor.domain.facts import FAILED, Fact
from monitor.domain.items import fact_order


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
    by_pipeline: dict[str, list[Fact]] = {}
    for run in runs:
        key = run.fields.get("pipeline") or f"\x00{run.entity}"
        by_pipeline.setdefault(key, []).append(run)
    for facts in by_pipeline.values():
        yield from _by_repository(facts)


def _by_repository(facts: Sequence[Fact]) -> Iterator[Lane]:
    told: dict[str, list[Fact]] = {}
    untold: list[Fact] = []
    for fact in facts:
        repo = fact.fields.get("repo")
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
