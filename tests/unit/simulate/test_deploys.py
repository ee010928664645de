"""What becomes of simulated deploys: frozen, broken by others, passed on, late."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise

import pytest

from monitor.domain.working_time import DAY, HOUR
from monitor.simulate.freezes import Freeze, drawn, told
from monitor.simulate.life import Life, Moment, Said, Wait
from monitor.simulate.plan import stories
from monitor.simulate.settings import Simulation
from monitor.simulate.truth.costs import Entry
from monitor.simulate.world import SimulatedWorld, simulate

SERVICES = [(f"team-{n}", f"service-{n}") for n in range(8)]
FROZEN = Freeze("freeze-1", "platform", ("shop-api",), (), 1_000, 2_000)


@pytest.fixture(scope="module")
def world() -> SimulatedWorld:
    return simulate(Simulation(teams=12, days=60))


@pytest.fixture(scope="module")
def lives(world: SimulatedWorld) -> list[Life]:
    return [
        life for _, told in stories(world.config, world.organisation) for life in told
    ]


@pytest.fixture(scope="module")
def entries(world: SimulatedWorld) -> list[Entry]:
    return list(world.ledger())


def waits(lives: list[Life], component: str) -> Iterator[tuple[Life, Wait]]:
    for life in lives:
        for wait in life.waits:
            if wait.component == component:
                yield life, wait


def freezes(seed: int = 1) -> list[Freeze]:
    chance = random.Random(seed)
    return list(drawn(chance, SERVICES, ["platform"], 10 * DAY, 40 * DAY))


def test_a_freeze_holds_up_its_services_and_the_deploys_of_its_teams() -> None:
    assert FROZEN.holds("shop-api", "checkout")
    assert not FROZEN.holds("lamp-api", "checkout")
    of_teams = FROZEN._replace(services=(), teams=("checkout",))
    assert of_teams.holds("lamp-api", "checkout")
    assert not of_teams.holds("shop-api", "search")


def test_a_deploy_waits_only_where_it_is_ready_while_the_freeze_is_on() -> None:
    assert FROZEN.meets(0, 1_500) == (1_000, 1_500)
    assert FROZEN.meets(1_500, 9_000) == (1_500, 2_000)
    assert FROZEN.meets(0, 1_000) is None
    assert FROZEN.meets(2_000, 3_000) is None


def test_freezes_begin_all_through_the_world_each_for_some_of_the_teams() -> None:
    found = freezes()
    assert found == freezes() != freezes(seed=2)
    assert len({one.entity for one in found}) == len(found)
    assert 10 * DAY <= found[0].start < 12 * DAY
    assert 37 * DAY < found[-1].start < 40 * DAY
    assert all(bool(one.services) != bool(one.teams) for one in found)
    assert {len(one.services or one.teams) for one in found} == {4}
    assert all(2 * HOUR <= one.end - one.start <= 2 * DAY for one in found)


def test_a_freeze_is_told_when_it_begins_with_its_scope_and_when_it_ends() -> None:
    said: Said = {"on_team": "platform"}
    assert told(FROZEN).moments == (
        Moment(
            1_000,
            "native",
            "freeze.started",
            "freeze-1",
            said | {"services": ["shop-api"]},
        ),
        Moment(2_000, "native", "freeze.ended", "freeze-1", said),
    )


def test_deploys_wait_for_freezes_and_approvals_alone_and_at_once(
    lives: list[Life],
) -> None:
    frozen = list(waits(lives, "deploy_freeze"))
    at_once = [
        wait
        for life, wait in frozen
        for other in life.waits
        if other.component == "deploy_approval"
        and max(other.start, wait.start) < min(other.end, wait.end)
    ]
    assert 0 < len(at_once) < len(frozen)
    # GitHub's deployments, too, wait for a freeze of their team.
    assert any("deploy/" in life.item for life, _ in frozen)


@pytest.mark.slow
def test_nobody_waits_for_a_freeze_of_their_own(
    lives: list[Life], entries: list[Entry]
) -> None:
    own = [
        (life.item, wait)
        for life, wait in waits(lives, "deploy_freeze")
        if life.stretches and life.stretches[0].charged == wait.on_team
    ]
    assert own
    assert all(entry.on_team != entry.team for entry in entries)


def test_a_deploy_is_in_flight_only_while_it_waits(lives: list[Life]) -> None:
    deploys = [life for life in lives if "deploy/" in life.item and life.waits]
    assert deploys
    for life in deploys:
        (first, *_), last = life.stretches, life.stretches[-1]
        team = first.charged
        foreign = [wait for wait in life.waits if wait.on_team != team]
        assert first.start == min(wait.start for wait in foreign)
        assert last.end == max(wait.end for wait in foreign)


def test_deploys_that_are_broken_or_frozen_outlast_their_tickets(
    lives: list[Life],
) -> None:
    """Then the same item has a second life, outside of its flight."""
    rests = [life for life in lives if any(s.doing == "none" for s in life.stretches)]
    late = {
        wait.component
        for life in rests
        if "deploy/" not in life.item
        for wait in life.waits
    }
    assert late == {"deploy_approval", "deploy_failure", "deploy_freeze"}


def results(life: Life) -> Iterator[tuple[str, int, bool]]:
    """Each deploy of a worker that ended: its service, when, and whether it broke."""
    for moment in life.moments:
        said = moment.said
        if moment.kind == "deploy.finished":
            yield str(said["service"]), moment.time, said["outcome"] != "success"
        elif moment.kind == "service.rolledback":
            yield str(moment.entity).partition("/")[0], moment.time, True


@pytest.mark.slow
def test_no_two_stories_break_deploys_of_one_service_at_once(
    world: SimulatedWorld, lives: list[Life]
) -> None:
    """What holds a lane is known in its story, so no other may come into it."""
    workers = {team.worker for team in world.organisation.teams}
    spans: dict[str, list[tuple[int, int]]] = {name: [] for name in workers}
    for life, wait in waits(lives, "deploy_failure"):
        broken = [r for r in results(life) if r[0] in workers and r[1] == wait.start]
        for service, start, _ in broken:
            spans[service].append((start, wait.end))
    assert sum(map(len, spans.values())) > 20
    for found in spans.values():
        ordered = sorted(set(found))
        pairs = pairwise(ordered)
        assert all(end < start for (_, end), (start, _) in pairs)


@pytest.mark.slow
def test_a_deploy_of_another_item_ends_the_wait_of_a_broken_one(
    lives: list[Life],
) -> None:
    ends = {wait.end for _, wait in waits(lives, "deploy_failure")}
    others = [
        list(results(life))
        for life in lives
        if not life.stretches and len(list(results(life))) == 2
    ]
    assert others
    for (_, _, first_broke), (_, time, then_broke) in others:
        assert (first_broke, then_broke) == (True, False)
        assert time in ends


def test_who_breaks_a_lane_that_is_held_may_be_a_third_team(lives: list[Life]) -> None:
    """It is still the wait for the first: the second has to be told of it."""
    seconds = [
        moment.said
        for life in lives
        if not life.stretches and len(list(results(life))) == 2
        for moment in life.moments
        if moment.said.get("outcome") == "failure"
    ]
    assert seconds
    assert all(said["cause_team"] for said in seconds)


def test_a_request_may_be_passed_on_before_anybody_begins(lives: list[Life]) -> None:
    asked = [
        [wait for wait in life.waits if wait.component == "ticket_request"]
        for life in lives
    ]
    passed = [
        (one, other)
        for found in asked
        for one, other in pairwise(found)
        if one.end == other.start and one.blocker == other.blocker
    ]
    assert passed
    assert all(one.on_team != other.on_team for one, other in passed)
