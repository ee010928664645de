"""Measured beside true: the pipeline's ledger equals the simulator's to the second.

Of three more worlds, large and disorderly, test_true_notes asks the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

import pytest

from monitor.adapters.state.memory import MemoryState
from monitor.decode.jira.rules import JiraRules
from monitor.decode.settings import DecodeSettings
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.timeline import Component
from monitor.indicators.totals.instant import seconds, totals_of
from monitor.pipeline.batch import Batch
from monitor.simulate.bodies.jira_things import IN_PROGRESS, Site, Told
from monitor.simulate.bodies.things import Issue, Job
from monitor.simulate.life import Life
from monitor.simulate.plan import stories
from monitor.simulate.settings import ORDERLY, Disorder, Simulation
from monitor.simulate.world import SimulatedWorld, simulate
from tests.harness.driving import directory_of

Line = tuple[str, str, str, str, str]  # sort, team, on_team, component, phase
Ledger = dict[str, dict[Line, Fraction]]


@lru_cache(maxsize=1)
def batch_of(world: SimulatedWorld) -> Batch:
    """The world's records through the pipeline, up to its end; none is rejected.

    Read once for all that a test asks.
    """
    directory = directory_of(world.teams_yaml)
    usual = JiraRules()
    waiting = {**usual.waiting, **world.organisation.waiting_statuses}
    jira = replace(usual, waiting=waiting)
    settings = DecodeSettings(projects=directory.projects, jira=jira)
    until = world.config.until_ms
    batch = Batch(MemoryState(), directory, settings, DEFAULT_MODEL, until)
    batch.read(world.records())
    assert not batch.counts["rejected"]
    return batch


def measured(world: SimulatedWorld) -> Ledger:
    """What the pipeline makes of the world's records, by item."""
    batch = batch_of(world)
    ledger: Ledger = defaultdict(lambda: defaultdict(Fraction))
    for timeline in batch.timelines():
        totals = totals_of([timeline], batch.directory, None, batch.at)
        lines = ledger[timeline.item]
        for (team, on_team, component, phase), amount in totals.waits.items():
            lines["wait", team, on_team, component, phase] += seconds(amount)
        for (team, work_class), amount in totals.active.items():
            lines["active", team, "", "", work_class] += seconds(amount)
        for (team, why), amount in totals.unaccrued.items():
            lines["unaccrued", team, "", "", why] += seconds(amount)
    return ledger


def true(world: SimulatedWorld) -> Ledger:
    """What is true, by item."""
    ledger: Ledger = defaultdict(lambda: defaultdict(Fraction))
    for entry in world.ledger():
        line = (entry.sort, entry.team, entry.on_team, entry.component, entry.phase)
        ledger[entry.item][line] += Fraction(entry.milliseconds, 1_000) * entry.share
    return ledger


@lru_cache(maxsize=1)
def lives_of(world: SimulatedWorld) -> tuple[Life, ...]:
    """All that lived, drawn once for all that a test asks."""
    told = stories(world.config, world.organisation)
    return tuple(life for _, lives in told for life in lives)


def called_first(world: SimulatedWorld) -> dict[str, str]:
    """For each key that a ticket ever had, its first.

    What moved there and back may be kept under either of its keys.
    """
    return {key: life.keys[0][1] for life in lives_of(world) for _, key in life.keys}


def by_first_key(ledger: Ledger, first: dict[str, str]) -> Ledger:
    """The ledger with each ticket under the key it had first.

    Where the word of a move was lost, it is measured under both keys.
    """
    renamed: Ledger = defaultdict(lambda: defaultdict(Fraction))
    for item, lines in ledger.items():
        for line, amount in lines.items():
            renamed[first.get(item, item)][line] += amount
    return renamed


def differences(world: SimulatedWorld) -> list[tuple[str, Line, float, float]]:
    """Every line of the ledger that was measured otherwise."""
    first = called_first(world)
    found, truth = (by_first_key(one(world), first) for one in (measured, true))
    return [
        (item, line, float(truth[item][line]), float(found[item][line]))
        for item in sorted({*found, *truth})
        for line in sorted({*found[item], *truth[item]})
        if found[item][line] != truth[item][line]
    ]


def test_measured_equals_true_on_orderly_records() -> None:
    world = simulate(Simulation(teams=5, days=12, seed=7, disorder=ORDERLY))
    assert differences(world) == []


# What a ticket in Jira can show, what is told natively of it included.
IN_JIRA = set(Component) - {Component.REOPEN, Component.INCIDENT}


@pytest.mark.parametrize("site", ["cloud", "server"])
def test_measured_equals_true_where_every_tracker_is_jira(site: Site) -> None:
    disorder = Disorder(late_share=0.05, repeated_share=0.05, redelivered_share=0.05)
    world = simulate(
        Simulation(
            teams=6, days=25, seed=6, disorder=disorder, jira_share=1.0, jira_site=site
        )
    )
    assert differences(world) == []
    jira = {t.project for t in world.organisation.teams if t.tracker == "jira"}
    entries = [e for e in world.ledger() if e.item.partition("-")[0] in jira]
    assert {entry.component for entry in entries if entry.component} == IN_JIRA
    still = {entry.phase for entry in entries if entry.sort == "unaccrued"}
    assert still >= {"idle", "stale", "internal"}


SEEDS = (9, 12)


def anything_in_jira(seed: int, site: Site) -> SimulatedWorld:
    """A world of which every tracker is Jira and whatever it can tell happens."""
    disorder = Disorder(late_share=0.05, repeated_share=0.05, redelivered_share=0.05)
    config = Simulation(
        teams=6, days=25, seed=seed, disorder=disorder, jira_share=1.0, jira_site=site
    )
    return simulate(replace(config, jira_ways="all"))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("site", ["cloud", "server"])
def test_measured_equals_true_whatever_happens_to_tickets_in_jira(
    site: Site, seed: int
) -> None:
    """Sub-tasks, moves, components, deletions, waits for named teams, bursts."""
    assert differences(anything_in_jira(seed, site)) == []


def test_everything_that_may_happen_to_tickets_in_jira_happens() -> None:
    worlds = [anything_in_jira(seed, "cloud") for seed in SEEDS]
    lives = [
        life
        for world in worlds
        for _, told in stories(world.config, world.organisation)
        for life in told
    ]
    jira = [
        told.thing
        for life in lives
        for told in life.moments
        if isinstance(told.thing, Told)
    ]
    assert any(told.ticket.parent for told in jira)
    assert any(map(is_in_flight_by_a_part_alone, lives))
    assert any(told.ticket.components for told in jira)
    assert any(0 < life.deleted <= worlds[0].config.until_ms for life in lives)
    assert any(len({key for _, key in life.keys}) > 1 for life in lives)
    at_once = Counter((told.ticket.id, told.time) for told in jira if told.items)
    assert max(at_once.values()) > 4
    waits = [
        entry.on_team
        for world in worlds
        for entry in world.ledger()
        if entry.component == Component.TICKET_BLOCKED
        and entry.team
        in {t.id for t in world.organisation.teams if t.tracker == "jira"}
    ]
    assert set(waits) & {team.id for team in worlds[0].organisation.teams}


def is_in_flight_by_a_part_alone(life: Life) -> bool:
    """Whether its ticket is never in progress, and a sub-task of it is."""
    things = [
        told.thing.ticket for told in life.moments if isinstance(told.thing, Told)
    ]
    begun = {bool(ticket.parent) for ticket in things if ticket.status == IN_PROGRESS}
    return begun == {True}


def test_every_component_and_state_occurs_in_a_world() -> None:
    world = simulate(Simulation(teams=12, days=60))
    entries = list(world.ledger())
    assert {e.component for e in entries if e.component} == set(Component)
    still = {entry.phase for entry in entries if entry.sort == "unaccrued"}
    assert still == {"idle", "stale", "internal", "pending"}
    shown: dict[str, set[str]] = defaultdict(set)
    trackers = {team.project: team.tracker for team in world.organisation.teams}
    for entry in entries:
        place = "github" if entry.item.startswith("github.com:") else entry.item
        shown[trackers.get(place.partition("-")[0], place)].add(entry.component)
    assert shown["github"] - {""} == IN_JIRA
    assert shown["jira"] - {""} == IN_JIRA
    assert shown["native"] - {""} == set(Component) - {Component.INCIDENT}


def test_everything_that_may_happen_to_issues_and_pull_requests_happens() -> None:
    world = simulate(Simulation(teams=12, days=30, seed=1))
    lives = [
        life for _, told in stories(world.config, world.organisation) for life in told
    ]
    kinds = {told.kind for life in lives for told in life.moments}
    turns = {"reopened", "edited", "enqueued", "dequeued", "converted_to_draft"}
    assert {f"pull_request.{turn}" for turn in turns} < kinds
    assert {
        *("workflow_job.waiting", "issues.transferred", "issues.reopened"),
        *("sub_issues.sub_issue_added", "projects_v2_item.edited"),
        *("issues.assigned", "issues.unassigned", "pull_request_review.dismissed"),
    } < kinds
    issues = [
        told.thing
        for life in lives
        for told in life.moments
        if isinstance(told.thing, Issue)
    ]
    teams = {
        login: team.id for team in world.organisation.teams for login in team.members
    }
    together = [{teams[login] for login in issue.assignees} for issue in issues]
    assert {len(beside) for beside in together} == {0, 1, 2}
    jobs = [
        (told.thing, told.activity)
        for life in lives
        for told in life.moments
        if isinstance(told.thing, Job)
    ]
    assert {job.conclusion for job, _ in jobs} == {
        *("", "success", "failure", "cancelled")
    }
    assert {job.branch == "main" for job, activity in jobs if not activity} == {True}
    assert ("main", "failure") in {(job.branch, job.conclusion) for job, _ in jobs}


def test_lost_records_are_noticed() -> None:
    """The comparison can fail: with records lost, measured is not true."""
    config = Simulation(teams=6, days=14, complete=False, lost_share=0.2)
    assert differences(simulate(config))
