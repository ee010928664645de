"""Which stories a world holds, and when each begins.

Stories are drawn one by one from their own seeds, in the order in which they begin,
so a world of any length needs no more memory than its open items.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Final

from monitor.domain.working_time import DAY, HOUR
from monitor.simulate import (
    deploy_steps,
    freezes,
    incidents,
    jira_parts_of_work,
    jira_tracker,
    jira_ways,
    pull_steps,
    request_steps,
    run_steps,
    ticket_steps,
    tracker,
    trouble_plan,
)
from monitor.simulate.draft import SECOND, Draft
from monitor.simulate.life import Life
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
    request_steps.requested,
    deploy_steps.approved_deploy,
)
_NATIVE: Final[tuple[Step, ...]] = (
    *_COMMON,
    run_steps.shared_failure,
    run_steps.shared_failure,
    deploy_steps.approved_deploy,
    ticket_steps.handed,
    ticket_steps.handed,
    ticket_steps.parked,
)
# Where others break nothing.
_CALM: Final = tuple(step for step in _NATIVE if step != run_steps.shared_failure)
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
# Of each team one deploy breaks in so long a time, in its first day; it is repaired
# long before the next one, so no two stories meet in a lane.
_BREAKING: Final = 14 * DAY


def stories(
    config: Simulation, organisation: SimOrganisation
) -> Iterator[tuple[int, tuple[Life, ...]]]:
    """Every story with the instant it begins at, in order of beginning."""
    number = 0
    hour = config.from_ms - config.from_ms % HOUR
    breaking = _breaking(config, organisation, hour)
    frozen = freezes.by_hour(organisation.freezes)
    troubled = trouble_plan.by_hour(config, organisation)
    while hour < config.until_ms:
        for freeze in frozen.get(hour, ()):
            yield freeze.start, (freezes.told(freeze),)
        for index, team in enumerate(organisation.teams):
            chance = random.Random(f"{config.seed}:{hour}:{index}")
            begun = _begun(config, team, chance, hour, calm=organisation.is_calm(hour))
            if (hour, index) in breaking:
                begun.append(broken_release)
            for recipe in begun:
                number += 1
                start = hour + chance.randint(0, 3_599) * SECOND
                if config.from_ms <= start < config.until_ms:
                    yield (
                        start,
                        _lived(organisation, team, number, start, recipe, config),
                    )
        for one in troubled.get(hour, ()):
            told = _lived(
                organisation, one.team, one.number, one.start, one.recipe, config
            )
            yield one.start, told
        hour += HOUR


def _breaking(
    config: Simulation, organisation: SimOrganisation, first: int
) -> frozenset[tuple[int, int]]:
    """The hours in which a story of a broken deploy begins, with the team's place."""
    return frozenset(
        (begin + chance.randrange(24) * HOUR, index)
        for index in range(config.teams)
        for chance in [random.Random(f"{config.seed}:breaking:{index}")]
        for begin in range(first, config.until_ms, _BREAKING)
        if not organisation.is_calm(begin)
    )


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
    config: Simulation, team: SimTeam, chance: random.Random, hour: int, *, calm: bool
) -> list[Recipe]:
    """What the team begins in this hour: work by day, incidents at any time."""
    begun: list[Recipe] = []
    worked = team.calendar.between(hour, hour + HOUR)
    if worked:
        expected = config.load * len(team.members) / 8
        count = int(expected) + (chance.random() < expected % 1)
        begun += [_chosen(team, chance) for _ in range(count)]
    if chance.random() < 0.004 and not calm:
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


def broken_release(draft: Draft) -> Life:
    """A ticket whose deploy another team breaks, perhaps beyond the ticket's end."""
    tracker.open_ticket(draft)
    draft.between(60, 2 * 3_600)
    tracker.start(draft)
    if draft.chance.random() < 0.3:
        deploy_steps.repaired_late(draft)
        return draft.finish()
    deploy_steps.broken_deploy(draft)
    draft.between(60, 16 * 3_600)
    _ended(draft)
    return draft.finish()


def lone_pull(draft: Draft) -> Life:
    """A pull request without a ticket: the change is the item."""
    draft.work_class = draft.chance.choice(("feature", "feature", "defect", "debt"))
    draft.by_change = True
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
        draft.by_change = True
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
    elif draft.organisation.is_calm(draft.now):
        draft.chance.choice(_CALM)(draft)
    else:
        draft.chance.choice(steps)(draft)


def _ended(draft: Draft) -> None:
    """Done, given up, reopened for a while, or done before its deploy is approved."""
    away = draft.owner != draft.team
    luck = draft.chance.random()
    if luck < _CANCELLED:
        tracker.cancel(draft)
        return
    late = not away and luck > 1 - _DEPLOYED_LATE
    if late:
        deploy_steps.late_deploy(draft)
        return
    tracker.finish(draft)
    if away or luck > _CANCELLED + _REOPENED:
        return
    draft.between(600, 16 * 3_600)
    foreign = draft.tracker == "native" and draft.chance.random() < 0.7
    foreign = foreign and not draft.organisation.is_calm(draft.now)
    tracker.reopen(draft, draft.other_team() if foreign else None)
    draft.between(600, 12 * 3_600)
    tracker.comment(draft)
    draft.between(600, 4 * 3_600)
    tracker.finish(draft)
