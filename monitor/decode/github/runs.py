"""What jobs, checks and statuses of GitHub have in common: stages, outcomes, facts."""

from __future__ import annotations

from typing import Final, NamedTuple

from monitor.decode.github.reading import Reading, newest
from monitor.domain.facts import Fact, Fields, Kind

# An unknown conclusion must not count as a failure.
_OUTCOMES: Final = {
    "success": "success",
    "failure": "failure",
    "error": "error",
    "cancelled": "cancelled",
    "skipped": "skipped",
    "timed_out": "timed_out",
    "startup_failure": "error",
    "stale": "cancelled",
}
NOT_STARTED: Final = frozenset({"queued", "pending", "requested", "waiting"})

# A member of an enumeration costs ten times a global name.
_QUEUED: Final = Kind.RUN_QUEUED
_HELD: Final = Kind.RUN_HELD
_STARTED: Final = Kind.RUN_STARTED
_FINISHED: Final = Kind.RUN_FINISHED


class Stages(NamedTuple):
    """When a run was queued, started and finished, and how; since when a gate holds it.

    In milliseconds; ``body_hash`` when they are those of receipt.
    """

    queued: int | None
    started: int | None
    finished: int | None
    outcome: str
    held: int | None = None
    body_hash: str = ""


def outcome_of(conclusion: str | None) -> str:
    """Our outcome of a conclusion or state; what we do not know is neutral."""
    return _OUTCOMES.get(conclusion or "", "neutral")


def pipeline_name(repo: str, workflow: str | None, name: str | None) -> str:
    """The pipeline of a job or check: where it is defined, and as what."""
    return f"{repo}/{(workflow or '').strip()}/{(name or '').strip()}".lower()


def run_facts(
    reading: Reading, entity: str, described: Fields, stages: Stages
) -> list[Fact]:
    """The stages of a run, each with everything that is known of it now."""
    queued, started, finished, outcome, held, body_hash = stages
    revision = newest(queued, started, finished, held)
    if queued is not None and started is not None and started < queued:
        # Runners' clocks run early, and a start before the queue opens would
        # leave the queue open for ever.
        started = queued
    facts: list[Fact] = []
    for kind, time in (
        (_QUEUED, queued),
        (_HELD, held),
        (_STARTED, started),
        (_FINISHED, finished),
    ):
        if time is None:
            continue
        fields = described.copy()
        if kind is _FINISHED:
            fields["outcome"] = outcome
        facts.append(
            reading.stated(kind, time, entity, fields, None, revision, body_hash)
        )
    return facts
