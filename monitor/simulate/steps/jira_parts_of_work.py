"""Parts of a ticket in Jira: sub-tasks, whose work is their parent's."""

from __future__ import annotations

from monitor.simulate.bodies.jira_things import SUB_TASK, Ticket
from monitor.simulate.draft import SECOND, Draft
from monitor.simulate.steps import jira_tracker, jira_ways, noting
from monitor.simulate.words import title

HOUR = 3_600
_SHARE = 0.5


def sub_task(draft: Draft) -> Draft:
    """A new sub-task of the ticket, to do."""
    parent = jira_tracker.ticket_of(draft)
    number = draft.fresh() * 10_000
    part = Draft(draft.organisation, draft.team, draft.chance, number, draft.now)
    part.owner = draft.owner
    part.item = draft.item
    part.ticket = Ticket(
        id=10_000 + number,
        key=f"{parent.key.partition('-')[0]}-{number}",
        type_name=SUB_TASK,
        summary=title(draft.chance),
        creator=jira_tracker.person(draft, draft.owner),
        created=draft.now,
        since=draft.now,
        updated=draft.now,
        parent=parent.id,
        parent_key=parent.key,
    )
    jira_tracker.tell_created(part)
    part.between(60, HOUR)
    return part


def begun(part: Draft) -> None:
    """Somebody begins."""
    jira_tracker.start(part)
    noting.meant(part)
    part.between(HOUR // 2, 12 * HOUR)
    jira_tracker.touch(part)


def over(part: Draft) -> None:
    """And is done with it."""
    part.between(600, 4 * HOUR)
    jira_tracker.end(part, "Done")


def worked_on(draft: Draft) -> None:
    """While the ticket is in flight, a part of it is; that changes nothing."""
    part = sub_task(draft)
    begun(part)
    over(part)
    draft.adopt(part)
    draft.now += SECOND


def alone(draft: Draft) -> bool:
    """The ticket is in flight only while its sub-task is; whether there is one."""
    if draft.ticket is None or not jira_ways.drawn(draft, _SHARE):
        return False
    part = sub_task(draft)
    draft.now = part.now
    draft.enter(draft.team, draft.work_class)
    begun(part)
    over(part)
    draft.adopt(part)
    draft.leave()
    return True
