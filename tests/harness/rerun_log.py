"""Reruns of GitHub Actions jobs (a paper's replication package) as native events.

The tables tell how each attempt of a run ended and how many seconds it took, not
when: each rerun set becomes a change of its own, whose attempts follow one another
at an interval of one second from an instant that is made up. So the time between a
failure and the next attempt, which is real waiting, is left out.
"""

from __future__ import annotations

import ast
import csv
import gzip
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from tests.harness.process_log import Event, teams_file
from tests.harness.reference_data import payloads_dir

_LARGEST_CELL: Final = 100_000_000
_BEGIN: Final = datetime(2023, 1, 2, tzinfo=UTC)
_GAP: Final = timedelta(seconds=1)
# GitHub's conclusions in the words of the native event; what is missing was lost.
_OUTCOMES: Final = {
    "success": "success",
    "failure": "failure",
    "startup_failure": "failure",
    "cancelled": "cancelled",
    "skipped": "skipped",
}


class Attempt(NamedTuple):
    """One attempt: its outcome in the words of the native event, and its seconds."""

    outcome: str
    seconds: int


class RerunSet(NamedTuple):
    """A run with all its attempts, in order."""

    run: str
    repo: str
    workflow: str
    attempts: tuple[Attempt, ...]


def rerun_sets() -> list[RerunSet]:
    """Every set of which the tables tell the outcome and the length of each attempt.

    A few runs stand in two rows; the first is taken.
    """
    lengths = {_place(row): row["run time"] for row in _rows("runtime_distinct")}
    found: dict[str, RerunSet] = {}
    for row in _rows("distinct_with_conclusion"):
        runs = ast.literal_eval(row["reruns ids"])
        outcomes = ast.literal_eval(row["rerun conclusion"])
        seconds = ast.literal_eval(lengths[_place(row)])
        if not len(runs) == len(outcomes) == len(seconds):
            continue
        for number, ended, took in zip(runs, outcomes, seconds, strict=True):
            if ended and len(ended) == len(took):
                told = zip(ended, took, strict=True)
                attempts = tuple(Attempt(_outcome(end), int(s)) for end, s in told)
                path = row["workflow file path"]
                one = RerunSet(str(number), row["repo path"], path, attempts)
                found.setdefault(one.run, one)
    return list(found.values())


def _rows(name: str) -> list[dict[str, str]]:
    folder = payloads_dir() / "github" / "history"
    csv.field_size_limit(_LARGEST_CELL)
    with gzip.open(folder / f"gha_reruns_job_rerun_{name}.csv.gz", "rt") as rows:
        return list(csv.DictReader(rows))


def _place(row: dict[str, str]) -> tuple[str, str, str, str]:
    path, file = row["repo path"], row["workflow file path"]
    return path, file, row["branch"], row["reruns ids"]


def _outcome(conclusion: str | None) -> str:
    return _OUTCOMES.get(conclusion or "", "neutral")


def rerun_events(sets: Iterable[RerunSet]) -> Iterator[Event]:
    """Each set as a change of team `makers`; its pipeline is team `builders`'s."""
    for number, one in enumerate(sets):
        yield from _set_events(one, _BEGIN + timedelta(minutes=number))


def _set_events(one: RerunSet, time: datetime) -> Iterator[Event]:
    change = f"change/{one.run}"
    opened = {"team": "makers", "work_class": "feature"}
    yield _event("change.opened", time, change, **opened)
    for number, attempt in enumerate(one.attempts, 1):
        run: dict[str, Any] = {
            "change": change,
            "attempt": number,
            "sha": one.run,
            "pipeline": f"{one.repo}/{one.workflow}",
        }
        entity = f"run/{one.run}/{number}"
        yield _event("run.started", time, entity, **run)
        time += timedelta(seconds=attempt.seconds)
        ended = {"outcome": attempt.outcome, "on_team": "builders"}
        yield _event("run.finished", time, entity, **run, **ended)
        time += _GAP
    yield _event("change.merged", time, change)


def _event(kind: str, time: datetime, entity: str, **fields: Any) -> Event:
    return {
        "schema": "friction.event.v1",
        "id": f"{entity}/{kind}",
        "source": "reruns.example",
        "kind": kind,
        "time": time.isoformat(),
        "entity": entity,
        **fields,
    }


def rerun_teams() -> str:
    """The teams file of the sets."""
    return teams_file(("makers", "builders"))
