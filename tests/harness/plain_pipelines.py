"""Which runs of an item may be of one pipeline, where some tell no repository."""

from __future__ import annotations

from collections.abc import Iterator

from tests.harness.plain_branches import FAILED
from tests.harness.plain_events import Event


def lanes(runs: list[Event]) -> Iterator[tuple[list[Event], list[Event]]]:
    """The runs that meet in one pipeline, and the failures that count there."""
    for name in sorted({_pipeline(run) for run in runs}):
        of_name = [run for run in runs if _pipeline(run) == name]
        told = {run.entity: run.get("repo") for run in of_name}
        several = len({repo for repo in told.values() if repo}) > 1
        # Where one repository is told at most, it is everybody's.
        asked = sorted(set(told.values()), key=str) if several else [None]
        for repo in asked:
            mine = [
                run
                for run in of_name
                if repo is None or told[run.entity] in (None, repo)
            ]
            counting = [
                run
                for run in mine
                if run.get("outcome") in FAILED
                and (told[run.entity] == repo or not several)
            ]
            yield mine, counting


def _pipeline(run: Event) -> str:
    return str(run.get("pipeline") or f"run {run.entity}")
