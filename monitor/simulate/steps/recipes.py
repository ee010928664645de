"""Recipes of stories: what happens to one work item from its opening to its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from monitor.simulate.draft import SECOND, Draft
from monitor.simulate.life import Life
from monitor.simulate.steps import (
    assigning,
    deploy_steps,
    issue_turns,
    jira_parts_of_work,
    jira_tracker,
    jira_ways,
    pull_steps,
    request_steps,
    run_steps,
    ticket_steps,
    tracker,
)

Step = Callable[[Draft], None]

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
_GITHUB: Final[tuple[Step, ...]] = (
    *_COMMON,
    issue_turns.part,
    issue_turns.transferred,
    issue_turns.reviewed_on_board,
    issue_turns.parked,
    assigning.own,
    assigning.helped,
    ticket_steps.handed,
    ticket_steps.handed,
    ticket_steps.given_back,
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
        _step(draft, _GITHUB, _GITHUB)
        draft.between(60, 3 * 3_600)
    if draft.owner == draft.team and draft.chance.random() < 0.8:
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
    _in_flight_by_its_pull(draft)
    return draft.finish()


def _in_flight_by_its_pull(draft: Draft) -> None:
    draft.by_change = True
    draft.enter(draft.team, draft.work_class)
    pull_steps.pull_request(draft)


def _unstarted(draft: Draft) -> Life:
    """A ticket nobody starts: it is in flight only while a part of it is open.

    The part is a pull request, or in Jira a sub-task.
    """
    tracker.open_ticket(draft)
    draft.between(600, 8 * 3_600)
    if not jira_parts_of_work.alone(draft):
        _in_flight_by_its_pull(draft)
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
        # Others break nothing then.
        calm = [step for step in steps if step != run_steps.shared_failure]
        draft.chance.choice(calm)(draft)
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
