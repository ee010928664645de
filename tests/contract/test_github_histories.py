"""Real histories of GitHub, imported and measured, against plain arithmetic.

Of reruns of Actions the second reading walks through each set's attempts by hand: how
many seconds lie between the first failure and the success that follows it, and what
becomes of them by indicators 1.3, `ci_flaky` and *pending*. Every hour counts here.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import pytest

from monitor.decode.decode import decode
from monitor.decode.settings import NO_HINT, DecodeSettings
from monitor.domain.outcomes import Record
from tests.harness.measured import Measured, measured
from tests.harness.reference_data import REPOSITORY, payloads_dir
from tests.harness.rerun_log import Attempt, RerunSet
from tests.harness.validation import measured_reruns, reruns

pytestmark = pytest.mark.xdist_group("github_histories")

# Indicators 1.1, 1.3 and 1.10; a working day is 28,800 s.
ACUTE, FLAKY_CAP, PENDING, IDLE = 900, 14_400, 28_800, 5 * 28_800


class Failed(NamedTuple):
    """From a failure to what settles it, in seconds since the change was opened."""

    start: int
    end: int
    passed: bool


def instants(attempts: tuple[Attempt, ...]) -> list[tuple[int, int]]:
    """When each attempt began and ended, a second between one and the next."""
    found, time = [], 0
    for attempt in attempts:
        found.append((time, time + attempt.seconds))
        time += attempt.seconds + 1
    return found


def failures(one: RerunSet) -> Iterator[Failed]:
    since: int | None = None
    ended = instants(one.attempts)
    for attempt, (_, end) in zip(one.attempts, ended, strict=True):
        if attempt.outcome == "failure" and since is None:
            since = end
        elif attempt.outcome == "success" and since is not None:
            yield Failed(since, end, passed=True)
            since = None
    if since is not None:
        yield Failed(since, ended[-1][1] + 1, passed=False)


def what_it_was(second: int, failed: list[Failed], last_seen: int) -> str:
    for one in failed:
        length = one.end - one.start
        if one.start <= second < one.end:
            since = second - one.start
            if length > PENDING and since < PENDING:
                return "pending"
            if length <= PENDING and one.passed and since < FLAKY_CAP:
                return "acute" if since < ACUTE else "chronic"
    return "idle" if second - last_seen >= IDLE else "feature"


# The product measures every fourth set here, `tests.harness.validation` all of them.
SOME = 4


def some() -> list[RerunSet]:
    return reruns()[::SOME]


@cache
def plain(every: int = SOME) -> Counter[str]:
    """Seconds of the sets by what they were, cut wherever anything may change."""
    found: Counter[str] = Counter()
    for one in reruns()[::every]:
        failed, times = list(failures(one)), instants(one.attempts)
        seen = sorted({time for pair in times for time in pair})
        cuts = {0, times[-1][1] + 1, *seen, *(time + IDLE for time in seen)}
        for start, end, _ in failed:
            limits = (0, ACUTE, FLAKY_CAP, PENDING)
            cuts |= {end, *(start + limit for limit in limits)}
        ordered = sorted(cut for cut in cuts if cut <= times[-1][1] + 1)
        for start, end in pairwise(ordered):
            last_seen = max(time for time in seen if time <= start)
            found[what_it_was(start, failed, last_seen)] += end - start
    return found


@cache
def product() -> Measured:
    return measured_reruns(some())


def test_the_reruns_are_there() -> None:
    assert len(reruns()) > 7_000
    assert sum(len(one.attempts) for one in reruns()) > 14_000


def test_no_record_is_refused() -> None:
    records = product().records
    attempts = sum(len(one.attempts) for one in some())
    assert records["read"] == 2 * attempts + 2 * len(some())
    assert records["rejected"] == records["ignored"] == 0


@pytest.mark.parametrize("phase", ["acute", "chronic"])
def test_flaky_seconds_are_those_between_failure_and_success(phase: str) -> None:
    key = ("makers", "builders", "ci_flaky", phase)
    assert product().waits[key] == plain()[phase] > 0
    assert len(product().waits) == 2


def test_what_is_no_wait_is_pending_idle_or_work() -> None:
    assert product().active == {("makers", "feature"): plain()["feature"]}
    expected = {("makers", name): plain()[name] for name in ("pending", "idle")}
    assert product().unaccrued == {key: n for key, n in expected.items() if n}


def test_the_states_of_every_change_sum_to_its_time_in_flight() -> None:
    assert product().flown == {
        f"change/{one.run}": sum(attempt.seconds + 1 for attempt in one.attempts)
        for one in some()
    }


def test_the_documentation_has_the_figures() -> None:
    sets, seconds = reruns(), plain(1)
    attempts = sum(len(one.attempts) for one in sets)
    facts = 2 * attempts + 2 * len(sets)
    figures = [
        f"reruns: {len(sets):,} rerun sets, {attempts:,} attempts, {facts:,} facts",
        f"active, feature: {seconds['feature'] / 3_600:,.2f} h",
        f"not charged, pending: {seconds['pending'] / 3_600:,.2f} h",
        f"waiting, ci_flaky on a team, acute: {seconds['acute'] / 3_600:,.2f} h",
        f"waiting, ci_flaky on a team, chronic: {seconds['chronic'] / 3_600:,.2f} h",
        f"in flight: {seconds.total() / 3_600:,.2f} h",
    ]
    written = (REPOSITORY / "docs" / "validation.md").read_text()
    assert "\n".join(figures) in written


def snapshots(name: str) -> list[Any]:
    """Answers of GitHub's REST and GraphQL interfaces, as a harvester stored them."""
    csv.field_size_limit(100_000_000)
    path = payloads_dir() / "github" / "history" / name
    with path.open(encoding="utf-8", newline="") as rows:
        if path.suffix == ".csv":
            return [json.loads(row["data"]) for row in csv.DictReader(rows)]
        return [json.loads(line)["data"] for line in rows]


def test_every_stored_answer_is_refused_with_a_reason() -> None:
    folder = payloads_dir() / "github" / "history"
    names = [path.name for path in folder.iterdir() if path.suffix != ".gz"]
    read = 0
    for name in names:
        for body in snapshots(name):
            record = Record("t", 0, 0, None, None, (), json.dumps(body).encode())
            found = decode(record, NO_HINT, DecodeSettings())
            assert found.facts == ()
            assert found.reasons, name
            read += 1
    assert read > 200


# Round the clock, like the pull requests' own times.
PULLS_TEAMS = """
version: 1
organisation:
  name: Example
  calendar:
    days: [mon, tue, wed, thu, fri, sat, sun]
    hours: ["00:00", "24:00"]
teams: [{id: makers, owns: [{repo: "*/*"}]}]
"""
END = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_pull_request_sums_to_the_time_from_opened_to_merged_or_closed() -> None:
    pulls = {pull["id"]: pull for pull in snapshots("devlake_pull_requests.csv")}
    bodies = [
        {
            "action": "closed" if pull["closed_at"] else "edited",
            "number": pull["number"],
            "pull_request": pull,
            "repository": pull["base"]["repo"],
            "sender": pull["user"],
        }
        for pull in pulls.values()
    ]
    found = measured(bodies, PULLS_TEAMS)
    # By length, because some belong to the issue that they close.
    assert sorted(found.flown.values()) == sorted(map(open_for, pulls.values()))
    assert len(pulls) > 25


def open_for(pull: dict[str, Any]) -> int:
    ended = pull["merged_at"] or pull["closed_at"]
    end = datetime.fromisoformat(ended) if ended else END
    length = end - datetime.fromisoformat(pull["created_at"])
    return length // timedelta(seconds=1)
