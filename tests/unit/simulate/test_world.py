"""A world is the same whenever it is drawn, and its ledger keeps the laws."""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from monitor.simulate.settings import ORDERLY, Disorder, Simulation
from monitor.simulate.truth.costs import Entry
from monitor.simulate.world import simulate
from monitor.simulate.write import write_directory
from tests.harness.driving import directory_of

SMALL = Simulation(teams=5, days=14)


@pytest.mark.slow
def test_equal_configurations_give_equal_worlds() -> None:
    one, other = simulate(SMALL), simulate(SMALL)
    assert list(one.records()) == list(other.records())
    assert list(one.ledger()) == list(other.ledger())
    assert one.teams_yaml == other.teams_yaml


def test_another_seed_is_another_world() -> None:
    other = simulate(Simulation(teams=5, days=14, seed=2))
    assert list(simulate(SMALL).records()) != list(other.records())


def test_records_arrive_in_order_with_offsets_that_count_up() -> None:
    records = list(simulate(SMALL).records())
    times = [record.timestamp or 0 for record in records]
    assert times == sorted(times)
    assert times[-1] <= SMALL.until_ms
    offsets: dict[tuple[str, int], list[int]] = defaultdict(list)
    for record in records:
        offsets[record.topic, record.partition].append(record.offset)
    assert all(found == list(range(len(found))) for found in offsets.values())


def test_disorder_changes_the_records_and_not_the_ledger() -> None:
    orderly = simulate(Simulation(teams=5, days=14, disorder=ORDERLY))
    assert list(orderly.ledger()) == list(simulate(SMALL).ledger())
    assert len(list(orderly.records())) < len(list(simulate(SMALL).records()))


def test_an_organisations_hook_tells_the_same_under_its_own_delivery_id() -> None:
    disorder = Disorder(late_share=0.0, repeated_share=0.0, twin_share=1.0)
    world = simulate(Simulation(teams=5, days=14, disorder=disorder))
    told: dict[str, dict[bytes | None, set[str]]] = {
        "repository": {},
        "organization": {},
    }
    for record in world.records():
        headers = {name: value.decode() for name, value in record.headers}
        if headers.get("X-GitHub-Event") == "projects_v2_item":
            assert headers["X-GitHub-Hook-Installation-Target-Type"] == "organization"
        elif (
            hook := headers.get("X-GitHub-Hook-Installation-Target-Type")
        ) is not None:
            deliveries = told[hook].setdefault(record.value, set())
            deliveries.add(headers["X-GitHub-Delivery"])
    assert told["organization"]
    assert told["organization"].keys() == told["repository"].keys()
    for body, deliveries in told["organization"].items():
        assert not deliveries & told["repository"][body]


def test_bodies_are_json_of_realistic_size() -> None:
    sizes: dict[str, list[int]] = defaultdict(list)
    for record in simulate(SMALL).records():
        assert record.value is not None
        assert isinstance(json.loads(record.value), dict)
        event = dict(record.headers).get("X-GitHub-Event", b"").decode()
        sizes[event].append(len(record.value))
    jobs, pulls = sizes["workflow_job"], sizes["pull_request"]
    assert 5_000 < sorted(jobs)[len(jobs) // 2] < 9_000
    assert 18_000 < sorted(pulls)[len(pulls) // 2] < 30_000


def by_item(entries: list[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.item].append(entry)
    return found


def test_shares_of_one_instant_sum_to_one() -> None:
    for item, entries in by_item(list(simulate(SMALL).ledger())).items():
        if item.rpartition("#")[2].startswith("incident"):
            continue
        instants = sorted({e.start for e in entries} | {e.end for e in entries})
        for start, end in pairwise(instants):
            shares = sum(
                (e.share for e in entries if e.start <= start and end <= e.end),
                Fraction(0),
            )
            assert shares in (0, 1), (item, start)


@pytest.mark.slow
def test_a_world_is_written_with_its_teams_and_ledger(tmp_path: Path) -> None:
    world = simulate(SMALL)
    written = write_directory(world, tmp_path)
    with gzip.open(tmp_path / "events.jsonl.gz", "rt", encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    assert len(lines) == written == len(list(world.records()))
    assert {"topic", "partition", "offset", "timestamp", "key", "headers", "value"} == {
        *lines[0]
    }
    directory_of((tmp_path / "teams.yaml").read_text())
    ledger = (tmp_path / "ledger.jsonl").read_text().splitlines()
    assert len(ledger) == len(list(world.ledger()))


def test_no_login_looks_like_a_person() -> None:
    kinds = Counter(
        team.kind for team in simulate(Simulation(teams=12)).organisation.teams
    )
    assert kinds == {"stream": 9, "platform": 2, "enabling": 1}
    members = {
        login for team in simulate(SMALL).organisation.teams for login in team.members
    }
    assert all(login.startswith("dev-") for login in members)
