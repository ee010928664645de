"""Real histories of Jira, imported and evaluated: time adds up, order does not count.

How long an issue was in flight is read from the raw JSON, status by status, and is
compared with the sum of everything that its time was spent on.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Literal

import pytest

from monitor.decode.decode import decode
from monitor.decode.jira.rules import StatusClass
from monitor.decode.settings import DecodeSettings, TopicHint
from monitor.directory.attribute import attribute
from monitor.domain.facts import Fact, Kind
from monitor.domain.outcomes import Record
from monitor.domain.timeline import UNIT, Sort, Timeline
from monitor.indicators.totals.instant import amount_between
from tests.harness.driving import Drive, directory_of
from tests.harness.jira_histories import (
    MEANING,
    TEAMS,
    Raw,
    categories_of,
    changes_of,
    issues_of,
    ms,
    settings_of,
    untold,
    webhooks_of,
)
from tests.harness.reference_data import REPOSITORY
from tests.harness.validation import JIRA_HISTORIES, jira_figures

HISTORIES = {
    "apache_issues_with_changelog.jsonl.gz": 301,
    "duraspace_issues_with_changelog.jsonl.gz": 1_764,
    "devlake_issues.csv": 17,
    "devlake_issue_relationships.csv": 18,
    "grimoirelab_jira.jsonl": 4,
    "grimoirelab_jira_new.jsonl": 2,
}
# Histories of which every issue is a part of another, or has parts.
ONLY_PARTS = {"grimoirelab_jira.jsonl"}
LARGE = "duraspace_issues_with_changelog.jsonl.gz"
SMALL = "apache_issues_with_changelog.jsonl.gz"
AT = ms("2026-01-01T00:00:00+00:00")
DIRECTORY = directory_of(TEAMS)
# Statuses that Jira is delivered with, by their number.
DELIVERED: dict[str, StatusClass] = {
    "1": "todo",
    "3": "in_progress",
    "4": "todo",
    "5": "done",
    "6": "done",
}
IN_FLIGHT = (Sort.WAIT, Sort.ACTIVE, Sort.UNACCRUED)

# What a history says and comes to is worked out once for all that is asked of it.
pytestmark = pytest.mark.xdist_group("jira_histories")


@cache
def issues(name: str) -> list[Raw]:
    return issues_of(name)


@cache
def categories(name: str) -> dict[str, str]:
    return categories_of(issues(name))


@cache
def settings(name: str) -> DecodeSettings:
    return settings_of(issues(name))


def facts_of(bodies: Iterable[Raw], name: str) -> list[Fact]:
    facts: list[Fact] = []
    for body in bodies:
        record = Record("t", 0, 0, None, None, (), json.dumps(body).encode())
        decoded = decode(record, TopicHint(), settings(name))
        assert decoded.facts, (body.get("key"), decoded.reasons, decoded.ignored)
        assert not decoded.reasons
        facts += [attribute(fact, DIRECTORY) for fact in decoded.facts]
    return facts


def evaluated(facts: Sequence[Fact], batch: int = 1_000_000) -> list[Timeline]:
    drive = Drive(DIRECTORY, AT)
    for start in range(0, len(facts), batch):
        drive.take(list(facts[start : start + batch]))
    return [timeline for timeline in drive.timelines() if any(timeline[1:])]


@cache
def facts_in(name: str) -> tuple[Fact, ...]:
    """All facts of a history, in its order."""
    return tuple(facts_of(issues(name), name))


@cache
def timelines(name: str) -> tuple[Timeline, ...]:
    """What a history comes to, read in its order."""
    return tuple(evaluated(facts_in(name)))


def working(until: int) -> int:
    """Working milliseconds since 1970, Monday to Friday from nine to five, UTC."""
    day, rest = divmod(until, 86_400_000)
    # 1970 began on a Thursday; count from the Monday before.
    weeks, weekday = divmod(day + 3, 7)
    days = weeks * 5 + min(weekday, 5) - 3
    today = min(max(rest - 9 * 3_600_000, 0), 28_800_000) if weekday < 5 else 0
    return days * 28_800_000 + today


def meaning(issue: Raw, number: str, status: str, name: str) -> StatusClass | None:
    if status in categories(name):
        return MEANING[categories(name)[status]]
    own = issue["fields"]["status"]
    if own["id"] == number:
        return MEANING[own["statusCategory"]["key"]]
    return DELIVERED.get(number)


def worked_in_flight(issue: Raw, name: str) -> int:
    """Working milliseconds from each start to the next end, by the raw statuses."""
    steps: list[tuple[int, StatusClass | None]] = []
    for change in changes_of(issue):
        for item in change["items"]:
            if item["field"] != "status":
                continue
            if not steps:
                first = meaning(issue, item["from"], item["fromString"], name)
                steps.append((ms(issue["fields"]["created"]), first))
            after = meaning(issue, item["to"], item["toString"], name)
            steps.append((ms(change["created"]), after))
    if not steps:
        own = issue["fields"]["status"]
        at_first = meaning(issue, own["id"], own["name"], name)
        steps = [(ms(issue["fields"]["created"]), at_first)]
    total, since = 0, None
    for time, standing in [*steps, (AT, "done")]:
        if standing == "in_progress":
            since = time if since is None else since
        elif standing is not None and since is not None:
            total += working(time) - working(since)
            since = None
    return total


def spent(timeline: Timeline) -> int:
    """Milliseconds on everything an item's time can be spent on, exactly."""
    amounts = [
        amount_between(segment, DIRECTORY, 0, AT)
        for segment in timeline.segments
        if segment.sort in IN_FLIGHT
    ]
    total, rest = divmod(sum(amounts), UNIT)
    assert rest == 0
    return total


def stands_alone(issue: Raw, parents: set[str]) -> bool:
    """Whether its flight is its own: no epic, no sub-task, and none of its own."""
    kind = issue["fields"]["issuetype"]
    return not (
        kind["subtask"] or kind["name"].lower() == "epic" or issue["key"] in parents
    )


def parents(name: str) -> set[str]:
    found = (issue["fields"].get("parent") or {} for issue in issues(name))
    return {one["key"] for one in found if one}


@pytest.mark.parametrize("name", HISTORIES)
def test_every_issue_of_a_history_becomes_facts(name: str) -> None:
    assert len(issues(name)) == HISTORIES[name]

    created = [fact for fact in facts_in(name) if fact.kind is Kind.TICKET_CREATED]
    assert len(created) == HISTORIES[name]


@pytest.mark.parametrize("name", HISTORIES)
def test_the_time_of_every_item_adds_up_to_its_time_in_flight(name: str) -> None:
    found = {one.item: one for one in timelines(name)}
    of_others = parents(name)
    alone = [issue for issue in issues(name) if stands_alone(issue, of_others)]

    wrong = {
        issue["key"]: (expected, measured)
        for issue in alone
        if (expected := worked_in_flight(issue, name))
        != (measured := spent(found.get(issue["key"], Timeline(""))))
    }

    assert wrong == {}
    assert bool(alone) is (name not in ONLY_PARTS)


@pytest.mark.parametrize("name", JIRA_HISTORIES)
def test_the_documentation_has_the_figures(name: str) -> None:
    written = (REPOSITORY / "docs" / "validation.md").read_text()
    assert "\n".join(jira_figures(name)) in written


def test_the_histories_have_time_in_flight_to_add_up() -> None:
    flown = [worked_in_flight(issue, LARGE) for issue in issues(LARGE)]
    assert sum(1 for length in flown if length > 0) > 250


@pytest.mark.parametrize("name", [SMALL, LARGE])
def test_no_instant_of_an_item_counts_twice(name: str) -> None:
    """Sub-tasks too: their time is their parent's, once."""
    for timeline in timelines(name):
        steps: dict[int, int] = {}
        for segment in timeline.segments:
            if segment.sort in IN_FLIGHT:
                steps[segment.start] = steps.get(segment.start, 0) + segment.share
                steps[segment.end] = steps.get(segment.end, 0) - segment.share
        share = 0
        for instant in sorted(steps):
            share += steps[instant]
            assert share in (0, UNIT), timeline.item


Disorder = Literal["shuffled", "twice"]


@pytest.mark.parametrize("disorder", ["shuffled", "twice"])
@pytest.mark.parametrize("name", [SMALL, "devlake_issues.csv"])
def test_the_order_of_arrival_changes_nothing(name: str, disorder: Disorder) -> None:
    again = list(facts_in(name)) * (2 if disorder == "twice" else 1)
    random.Random(7).shuffle(again)

    assert tuple(evaluated(again, batch=97)) == timelines(name)


def webhooks(name: str, chosen: Iterable[Raw]) -> list[Raw]:
    found = categories(name)
    return [body for issue in chosen for body in webhooks_of(issue, found)]


@pytest.mark.slow
@pytest.mark.parametrize("name", [SMALL, LARGE])
def test_webhooks_of_a_life_tell_what_its_changelog_tells(name: str) -> None:
    chosen = whole_lives(name)
    snapshots = facts_of(map(untold, chosen), name)
    told = facts_of(webhooks(name, chosen), name)
    random.Random(11).shuffle(told)

    assert evaluated(told, batch=5_000) == evaluated(snapshots)


def test_a_poller_and_webhooks_of_the_same_changes_are_one() -> None:
    chosen = whole_lives(SMALL)
    snapshots = facts_of(map(untold, chosen), SMALL)
    told = facts_of(webhooks(SMALL, chosen), SMALL)

    assert {fact.identity for fact in told} == {fact.identity for fact in snapshots}
    assert evaluated([*told, *snapshots]) == evaluated(snapshots)


def whole_lives(name: str) -> list[Raw]:
    """Issues whose past a changelog tells whole.

    Which type was a sub-task, and of whom, it does not tell.
    """
    return [issue for issue in issues(name) if not _became(issue, {"Parent"})]


def _became(issue: Mapping[str, Any], fields: set[str]) -> bool:
    return any(
        item["field"] in fields
        for one in changes_of(dict(issue))
        for item in one["items"]
    )
