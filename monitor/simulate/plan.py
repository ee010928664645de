"""Which stories a world holds, and when each begins.

Stories are drawn one by one from their own seeds, in the order in which they begin,
so a world of any length needs no more memory than its open items.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Final

from monitor.domain.working_time import HOUR
from monitor.simulate import (
    incidents,
    jira_parts_of_work,
    jira_tracker,
    jira_ways,
    pull_steps,
    run_steps,
    ticket_steps,
    tracker,
)
from monitor.simulate.draft import SECOND, Draft
from monitor.simulate.life import Life, Stretch, Wait
from monitor.simulate.organisation import SimOrganisation, SimTeam
from monitor.simulate.settings import Simulation

Step = Callable[[Draft], None]
Recipe = Callable[[Draft], Life]

_COMMON: Final[tuple[Step, ...]] = (
    ticket_steps.work,
    ticket_steps.work,
    ticket_steps.work,
    ticket_steps.blocked,
    ticket_steps.blocked,
    ticket_steps.blocked_twice,
    ticket_steps.linked,
)
_NATIVE: Final[tuple[Step, ...]] = (
    *_COMMON,
    run_steps.shared_failure,
    run_steps.shared_failure,
    ticket_steps.approved_deploy,
    ticket_steps.approved_deploy,
    ticket_steps.handed,
    ticket_steps.handed,
    ticket_steps.parked,
)
_RARE: Final[tuple[Step, ...]] = (ticket_steps.stale, ticket_steps.idle)
_PULLS: Final[tuple[Step, ...]] = (
    pull_steps.pull_request,
    pull_steps.pull_request,
    pull_steps.pair,
)
_CHANGES: Final[tuple[Step, ...]] = (run_steps.native_change,)
_REOPENED: Final = 0.12
_CANCELLED: Final = 0.05
_DELETED: Final = 0.05
_DEPLOYED_LATE: Final = 0.08


def stories(
    config: Simulation, organisation: SimOrganisation
) -> Iterator[tuple[int, tuple[Life, ...]]]:
    """Every story with the instant it begins at, in order of beginning."""
    number = 0
    hour = config.from_ms - config.from_ms % HOUR
    while hour < config.until_ms:
        for index, team in enumerate(organisation.teams):
            chance = random.Random(f"{config.seed}:{hour}:{index}")
            for recipe in _begun(config, team, chance, hour):
                number += 1
                start = hour + chance.randint(0, 3_599) * SECOND
                if config.from_ms <= start < config.until_ms:
                    yield (
                        start,
                        _lived(organisation, team, number, start, recipe, config),
                    )
        hour += HOUR


def _lived(
    organisation: SimOrganisation,
    team: SimTeam,
    number: int,
    start: int,
    recipe: Recipe,
    config: Simulation,
) -> tuple[Life, ...]:
    chance = random.Random(f"{config.seed}:story:{number}")
    draft = Draft(organisation, team, chance, number, start)
    life = recipe(draft)
    return (life, *draft.others)


def _begun(
    config: Simulation, team: SimTeam, chance: random.Random, hour: int
) -> list[Recipe]:
    """What the team begins in this hour: work by day, incidents at any time."""
    begun: list[Recipe] = []
    worked = team.calendar.between(hour, hour + HOUR)
    if worked:
        expected = config.load * len(team.members) / 8
        count = int(expected) + (chance.random() < expected % 1)
        begun += [_chosen(team, chance) for _ in range(count)]
    if chance.random() < 0.004:
        begun.append(incidents.incident)
    if worked and chance.random() < 0.03:
        begun.append(chance.choice(_OTHERS))
    return begun


def _chosen(team: SimTeam, chance: random.Random) -> Recipe:
    if team.voice == "native":
        return native_ticket
    if team.voice == "mixed":
        return chance.choice((mixed_ticket, mixed_ticket, lone_pull))
    return chance.choice((issue, issue, lone_pull))


_OTHERS: Final[tuple[Recipe, ...]] = (
    incidents.deployment,
    incidents.upgraded_service,
    incidents.robot_change,
)


def native_ticket(draft: Draft) -> Life:
    """A ticket, perhaps in Jira, whose changes and runs speak natively."""
    return _ticket(draft, _NATIVE, _CHANGES)


def mixed_ticket(draft: Draft) -> Life:
    """A ticket, native or in Jira, and pull requests joined by their branch."""
    if draft.chance.random() < 0.15:
        return _unstarted(draft)
    return _ticket(draft, _NATIVE, _PULLS)


def issue(draft: Draft) -> Life:
    """A GitHub issue with at most one round of pull requests, which closes it."""
    if draft.chance.random() < 0.25:
        return _unstarted(draft)
    tracker.open_ticket(draft)
    draft.between(60, 16 * 3_600)
    tracker.start(draft)
    for _ in range(draft.chance.randint(1, 3)):
        draft.chance.choice((*_COMMON, *_RARE) if _rarely(draft) else _COMMON)(draft)
        draft.between(60, 3 * 3_600)
    if draft.chance.random() < 0.8:
        draft.chance.choice(_PULLS)(draft)
        draft.now += SECOND
    _ended(draft)
    return draft.finish()


def lone_pull(draft: Draft) -> Life:
    """A pull request without a ticket: the change is the item."""
    draft.work_class = draft.chance.choice(("feature", "feature", "defect", "debt"))
    draft.enter(draft.team, draft.work_class)
    pull_steps.pull_request(draft)
    return draft.finish()


def _unstarted(draft: Draft) -> Life:
    """A ticket nobody starts: it is in flight only while a part of it is open.

    The part is a pull request, or in Jira a sub-task.
    """
    tracker.open_ticket(draft)
    draft.between(600, 8 * 3_600)
    if not jira_parts_of_work.alone(draft):
        draft.enter(draft.team, draft.work_class)
        pull_steps.pull_request(draft)
        draft.leave()
    draft.now += SECOND
    tracker.finish(draft)
    return draft.finish()


def _ticket(draft: Draft, steps: tuple[Step, ...], changes: tuple[Step, ...]) -> Life:
    tracker.open_ticket(draft)
    draft.between(60, 16 * 3_600)
    tracker.start(draft)
    if draft.ticket is not None and jira_ways.drawn(draft, _DELETED):
        ticket_steps.work(draft)
        draft.leave()
        jira_tracker.delete(draft)
        return draft.finish()
    for _ in range(draft.chance.randint(1, 4)):
        _step(draft, steps, changes)
        draft.between(60, 3 * 3_600)
    _ended(draft)
    return draft.finish()


def _rarely(draft: Draft) -> bool:
    return draft.chance.random() < 0.08


def _step(draft: Draft, steps: tuple[Step, ...], changes: tuple[Step, ...]) -> None:
    """One more step; a ticket that went elsewhere for good is only worked on."""
    if draft.owner != draft.team:
        ticket_steps.work(draft)
    elif _rarely(draft):
        draft.chance.choice(_RARE)(draft)
    elif draft.ticket is not None and jira_ways.drawn(draft, 0.2):
        jira_parts_of_work.worked_on(draft)
    elif draft.chance.random() < 0.35:
        draft.chance.choice(changes)(draft)
    else:
        draft.chance.choice(steps)(draft)


def _ended(draft: Draft) -> None:
    """Done, given up, reopened for a while, or done before its deploy is approved."""
    away = draft.owner != draft.team
    luck = draft.chance.random()
    if luck < _CANCELLED:
        tracker.cancel(draft)
        return
    late = not away and draft.issue is None and luck > 1 - _DEPLOYED_LATE
    if late:
        _late_deploy(draft)
        return
    tracker.finish(draft)
    if away or luck > _CANCELLED + _REOPENED:
        return
    draft.between(600, 16 * 3_600)
    foreign = draft.tracker == "native" and draft.chance.random() < 0.7
    tracker.reopen(draft, draft.other_team() if foreign else None)
    draft.between(600, 12 * 3_600)
    tracker.comment(draft)
    draft.between(600, 4 * 3_600)
    tracker.finish(draft)


def _late_deploy(draft: Draft) -> None:
    """The ticket is done while its deploy still waits: the rest is the service's."""
    on_team, start = draft.other_team(platform=0.8), draft.now
    deploy = Draft(draft.organisation, draft.team, draft.chance, draft.fresh(), start)
    deploy.item = f"deploy-{draft.fresh()}"
    said: dict[str, object] = {
        "items": [draft.item],
        "service": draft.team.service,
        "environment": "production",
        "item": draft.item,
    }
    deploy.tell("deploy.approval_requested", said | {"on_team": on_team.id})
    tracker.comment(draft)
    draft.between(300, 2 * 3_600)
    draft.wait(Wait("deploy_approval", on_team.id, start, draft.now))
    tracker.finish(draft)
    deploy.now = draft.now
    deploy.between(300, 6 * 3_600)
    decided = said | {"on_team": on_team.id, "decision": "approved"}
    deploy.tell("deploy.approval_decided", decided)
    deploy.wait(Wait("deploy_approval", on_team.id, draft.now, deploy.now))
    rest = Stretch(draft.now, deploy.now, draft.team.id, "none")
    # What a deploy waits outside of its item's flight is the item's cost too.
    waited = deploy.finish()._replace(item=draft.item, stretches=(rest,))
    draft.others.append(waited)
