"""A crew of processes does what one process does, also when a member dies."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from monitor.adapters.crew.processes import Processes
from monitor.decode.settings import DecodeSettings
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.outcomes import Record
from monitor.pipeline.decoding import Decoding, Hints
from monitor.pipeline.tasks import Alone, Outcome, Stored, Task, Worker
from tests.bench.github_load import Webhook, github_records
from tests.harness.driving import Drive, directory_of, facts_of
from tests.harness.scenarios import THREE_TEAMS, WORLD, teams_yaml

AT = 1_772_800_000_000
DIRECTORY = directory_of(teams_yaml(WORLD))
DECODING = Decoding(DIRECTORY, DecodeSettings(projects=DIRECTORY.projects), Hints({}))


def tasks(count: int) -> list[Task]:
    """The same items again and again, as a state stores them."""
    directory = DIRECTORY
    drive = Drive(directory, AT)
    drive.take(facts_of(THREE_TEAMS, directory), deferring=True)
    items = [Stored(key, row, None) for key, row in drive.state.scan("items")]
    return [Task(items[index % 3 :], AT) for index in range(count)]


@pytest.fixture
def crew() -> Iterator[Processes]:
    made = Processes(Worker(DECODING, DEFAULT_MODEL), 2)
    yield made
    made.dismiss()


def expected(count: int) -> list[Outcome]:
    return list(Alone(Worker(DECODING, DEFAULT_MODEL)).evaluate(tasks(count)))


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 9])
def test_every_task_has_its_outcome_in_order(crew: Processes, count: int) -> None:
    found = list(crew.evaluate(tasks(count)))
    assert found == expected(count)
    assert any(outcome.timelines for outcome in found) == (count > 0)


def slices(count: int) -> list[list[Record]]:
    """Slices of records, of which some are refused, ignored or name people."""
    native = [json.dumps(event).encode() for event in THREE_TEAMS]
    bodies: list[Webhook] = [(body, {}) for body in (*native, b"{}", b"\xff")]
    webhooks = [*bodies, *github_records(2, 60, AT)]
    records = [
        Record("t", 0, offset, AT, None, tuple(headers.items()), body)
        for offset, (body, headers) in enumerate(webhooks)
    ]
    return [records[index:] for index in range(count)]


@pytest.mark.parametrize("count", [0, 3, 7])
def test_every_slice_comes_with_what_its_records_say(
    crew: Processes, count: int
) -> None:
    found = [(records, list(said)) for records, said in crew.decode(slices(count))]
    alone = Alone(Worker(DECODING, DEFAULT_MODEL)).decode(slices(count))
    assert found == [(records, list(said)) for records, said in alone]
    said = [decoded for _, all_said in found for decoded in all_said]
    assert any(decoded.reasons for decoded in said) == (count > 0)
    assert not any(fact.people for decoded in said for fact in decoded.facts)


def test_members_are_started_for_more_than_a_few_tasks_and_end(crew: Processes) -> None:
    list(crew.evaluate(tasks(3)))
    assert crew._members == []
    list(crew.evaluate(tasks(5)))
    members = list(crew._members)
    assert [member.poll() for member in members] == [None, None]
    crew.dismiss()
    assert [member.poll() for member in members] == [0, 0]


def test_what_a_dead_member_had_to_do_is_done(crew: Processes) -> None:
    found: list[Outcome] = []
    for outcome in crew.evaluate(tasks(9)):
        if not found:
            crew._members[0].kill()
        found.append(outcome)
    assert found == expected(9)


def test_an_unfinished_round_can_be_dismissed(crew: Processes) -> None:
    outcomes = crew.evaluate(tasks(9))
    next(outcomes)
    members = list(crew._members)
    crew.dismiss()
    assert [member.poll() for member in members] == [0, 0]
