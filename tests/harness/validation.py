"""The figures of docs/validation.md: ``python -m tests.harness.validation``.

Real histories, read from beside the repository, go through the product's batch path;
what comes out is printed. The tests compare each figure with a second reading.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Final

from tests.harness.help_desk_log import (
    help_desk_cases,
    help_desk_events,
    help_desk_teams,
)
from tests.harness.jira_histories import TEAMS as JIRA_TEAMS
from tests.harness.jira_histories import issues_of, settings_of
from tests.harness.measured import Measured, measured
from tests.harness.problem_log import problem_cases, problem_events, problem_teams
from tests.harness.process_log import Case, Event
from tests.harness.rerun_log import (
    RerunSet,
    rerun_events,
    rerun_sets,
    rerun_teams,
)


@dataclass(frozen=True)
class Log:
    """A log: where its cases come from, and what they mean."""

    cases: Callable[[], list[Case]]
    events: Callable[[Iterable[Case]], Iterator[Event]]
    teams: Callable[[Iterable[Case]], str]


LOGS: Final = {
    "closed problems": Log(cache(problem_cases), problem_events, problem_teams),
    "help desk": Log(cache(help_desk_cases), help_desk_events, help_desk_teams),
}


JIRA_HISTORIES: Final = (
    "apache_issues_with_changelog.jsonl.gz",
    "duraspace_issues_with_changelog.jsonl.gz",
)


@cache
def measured_log(name: str) -> Measured:
    """The product's figures of a log."""
    log = LOGS[name]
    return measured(log.events(log.cases()), log.teams(log.cases()))


@cache
def reruns() -> list[RerunSet]:
    """The rerun sets of GitHub Actions."""
    return rerun_sets()


def measured_reruns(sets: Iterable[RerunSet]) -> Measured:
    """The product's figures of some of them."""
    return measured(rerun_events(sets), rerun_teams())


def jira_figures(name: str) -> list[str]:
    """What came out of a history of Jira, a line a figure."""
    issues = issues_of(name)
    found = measured(issues, JIRA_TEAMS, settings_of(issues))
    facts = found.records["facts"]
    return [
        f"{name}: {len(issues):,} issues, {facts:,} facts",
        f"issues that were in flight: {len(found.flown):,}",
        f"reopenings: {counted(found.reopened)}",
        *hours_by_state(found),
    ]


def log_figures(name: str) -> list[str]:
    """What came out of a process log, a line a figure."""
    cases, found = LOGS[name].cases(), measured_log(name)
    rows = sum(len(case.rows) for case in cases)
    pairs = rows - len(cases)
    handed = sum(found.handovers.values())
    facts = found.records["facts"]
    share = f"{handed / pairs:.6f}"
    return [
        f"{name}: {len(cases):,} cases, {rows:,} rows, {facts:,} facts",
        f"hand-overs: {handed} in {pairs:,} pairs of rows, share {share}",
        f"hand-over matrix: {len(found.handovers)} pairs of teams, sum {handed}",
        f"ping-pongs: {counted(found.pingpongs)}",
        f"reopenings: {counted(found.reopened)}",
        *hours_by_state(found),
    ]


def rerun_figures() -> list[str]:
    """What came out of the reruns, a line a figure."""
    sets, found = reruns(), measured_reruns(reruns())
    attempts = sum(len(one.attempts) for one in sets)
    facts = found.records["facts"]
    return [
        f"reruns: {len(sets):,} rerun sets, {attempts:,} attempts, {facts:,} facts",
        *hours_by_state(found),
    ]


def counted(by_case: Mapping[str, int]) -> str:
    """How many, and in how many cases."""
    return f"{sum(by_case.values())} in {len(by_case)} cases"


def hours_by_state(found: Measured) -> list[str]:
    """The hours of every state, and their sum, which is the time in flight."""
    hours: dict[str, Fraction] = defaultdict(Fraction)
    for (_, on_team, component, phase), spent in found.waits.items():
        named = "unknown" if on_team == "unknown" else "a team"
        hours[f"waiting, {component} on {named}, {phase}"] += spent
    for (_, work_class), spent in found.active.items():
        hours[f"active, {work_class}"] += spent
    for (_, why), spent in found.unaccrued.items():
        hours[f"not charged, {why}"] += spent
    lines = [f"{state}: {_hours(hours[state])}" for state in sorted(hours)]
    assert sum(hours.values()) == sum(found.flown.values())
    return [*lines, f"in flight: {_hours(sum(found.flown.values()))}"]


def _hours(seconds: Fraction | int) -> str:
    return f"{float(seconds / 3_600):,.2f} h"


def main() -> None:
    """Print every figure."""
    for figures in (
        *map(log_figures, LOGS),
        rerun_figures(),
        *map(jira_figures, JIRA_HISTORIES),
    ):
        sys.stdout.write("\n".join([*figures, "", ""]))


if __name__ == "__main__":
    main()
