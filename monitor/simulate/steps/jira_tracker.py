"""What a plan does to a ticket in Jira, said as Jira says it.

Only what Jira's usual words can tell is done here: a block is the wait for a
customer, or a link with the flag up; who caused a reopening it cannot say.
"""

from __future__ import annotations

from typing import Final

from monitor.simulate.bodies.jira_parts import category_of, status_id
from monitor.simulate.bodies.jira_things import (
    DONE,
    FLAG_FIELD,
    IN_PROGRESS,
    IN_REVIEW,
    RANK_FIELD,
    ROBOT,
    SPRINT_FIELD,
    TEAM_FIELD,
    TO_DO,
    WAITING,
    Item,
    Ticket,
    Told,
    waiting_for,
)
from monitor.simulate.draft import Draft
from monitor.simulate.organisation import SimTeam
from monitor.simulate.steps import jira_ways, noting
from monitor.simulate.words import spelled, title

# Issue type and label of each class; the table of classes knows one of the two.
_TYPES: Final = {
    "feature": ("Story", ""),
    "defect": ("Bug", ""),
    "debt": ("Maintenance", "refactor"),
    "risk": ("Compliance", ""),
}
_UPDATED: Final = "jira:issue_updated"
# What the board's rule puts on a ticket that nobody touches, and takes off again.
_MARK: Final = "untouched"


def person(draft: Draft, team: SimTeam) -> str:
    """A made-up account of a team."""
    return draft.chance.choice(team.members)


def open_ticket(draft: Draft) -> None:
    """Create it; half of the tickets name their team in a field of its own."""
    kind, label = _TYPES[draft.work_class]
    project, components = jira_ways.placed(draft)
    draft.call(f"{project}-{draft.number}")
    draft.ticket = Ticket(
        id=10_000 + draft.number,
        key=draft.item,
        type_name=kind,
        summary=title(draft.chance),
        creator=person(draft, draft.opener),
        created=draft.now,
        labels=(*((label,) if label else ()), *spelled(draft.labels)),
        team=draft.team.id if draft.chance.random() < 0.5 else "",
        components=(*components, *draft.components),
        since=draft.now,
        updated=draft.now,
    )
    tell_created(draft)


def tell_created(draft: Draft) -> None:
    """The ticket is there."""
    ticket = ticket_of(draft)
    told = Told(draft.organisation.jira_site, ticket, ticket.creator, draft.now)
    draft.tell("jira:issue_created", voice="jira", thing=told)


def ticket_of(draft: Draft) -> Ticket:
    """The ticket as it is now."""
    if draft.ticket is None:
        raise ValueError("the item has no ticket in Jira yet")
    return draft.ticket


def told_next(draft: Draft, actor: str) -> Told:
    """What is told next, under the ticket's next number."""
    before = ticket_of(draft)
    ticket = before._replace(told=before.told + 1, updated=draft.now)
    draft.ticket = ticket
    site = draft.organisation.jira_site
    return Told(site, ticket, actor, draft.now, ticket.next_number)


def change(
    draft: Draft, ticket: Ticket, items: tuple[Item, ...], actor: str = ""
) -> None:
    """One change of several fields, after which the ticket is as given."""
    draft.ticket = ticket
    by = actor or person(draft, draft.owner)
    told = told_next(draft, by)._replace(items=items)
    robot = by == ROBOT
    draft.tell(_UPDATED, voice="jira", thing=told, activity=not robot)


def _moved(ticket: Ticket, status: str, now: int) -> tuple[Ticket, Item]:
    """The ticket in another status, and the item that says so."""
    before = ticket.status
    item = Item(
        "status", "status", status_id(before), before, status_id(status), status
    )
    crossed = category_of(before) != category_of(status)
    since = now if crossed else ticket.since
    return ticket._replace(status=status, since=since), item


def _assigned(ticket: Ticket, account: str) -> tuple[Ticket, Item]:
    before = ticket.assignee
    item = Item("assignee", "assignee", before, before, account, account)
    return ticket._replace(assignee=account), item


def start(draft: Draft) -> None:
    """Into progress, with an assignee and a sprint, in one change."""
    by = person(draft, draft.owner)
    ticket, moved = _moved(ticket_of(draft), IN_PROGRESS, draft.now)
    items = [moved]
    if ticket.assignee != by:
        ticket, assigned = _assigned(ticket, by)
        items.append(assigned)
    if not ticket.sprint:
        ticket, planned = _planned(ticket, draft.chance.randint(20, 60))
        items.append(planned)
    change(draft, ticket, tuple(items), by)


def _planned(ticket: Ticket, sprint: int) -> tuple[Ticket, Item]:
    before = ticket.sprint
    item = Item(
        "Sprint",
        SPRINT_FIELD,
        str(before) if before else "",
        f"Sprint {before}" if before else "",
        str(sprint),
        f"Sprint {sprint}",
    )
    return ticket._replace(sprint=sprint), item


def plan(draft: Draft) -> None:
    """Into the sprint that comes."""
    ticket, planned = _planned(ticket_of(draft), draft.chance.randint(20, 60))
    change(draft, ticket, (planned,))


def put_off(draft: Draft, actor: str = "") -> None:
    """Into a later sprint than the one it was planned for."""
    ticket = ticket_of(draft)
    postponed, item = _planned(ticket, (ticket.sprint or 20) + 1)
    change(draft, postponed, (item,), actor)


def touch(draft: Draft) -> None:
    """Something that is an activity and nothing else: a word, a review, a delay."""
    luck = draft.chance.random()
    ticket = ticket_of(draft)
    if luck < 0.2 and ticket.status in (IN_PROGRESS, IN_REVIEW):
        other = IN_REVIEW if ticket.status == IN_PROGRESS else IN_PROGRESS
        moved, item = _moved(ticket, other, draft.now)
        change(draft, moved, (item,))
    elif luck < 0.35:
        put_off(draft)
        if ticket.sprint:
            noting.put_off(draft)
    else:
        comment(draft)


def comment(draft: Draft, actor: str = "") -> None:
    """A comment: a server tells it twice, by an event of its own and an update."""
    told = told_next(draft, actor or person(draft, draft.owner))._replace(comment=True)
    draft.tell("comment_created", voice="jira", thing=told)
    if jira_ways.told_twice(draft):
        draft.tell("comment_created", voice="jira", thing=told)
    if told.site == "server":
        draft.tell(_UPDATED, voice="jira", thing=told)


def end(draft: Draft, resolution: str) -> None:
    """Done, by a resolution of it or without."""
    ticket, moved = _moved(ticket_of(draft), DONE, draft.now)
    item = Item("resolution", "resolution", "", "", "1", resolution)
    ticket = ticket._replace(resolution=resolution, resolved=draft.now)
    change(draft, ticket, (item, moved))


def reopen(draft: Draft) -> None:
    """Out of done into progress; why, Jira cannot say."""
    before = ticket_of(draft)
    ticket, moved = _moved(before, IN_PROGRESS, draft.now)
    item = Item("resolution", "resolution", "1", before.resolution, "", "")
    change(draft, ticket._replace(resolution="", resolved=0), (item, moved))


def park(draft: Draft) -> None:
    """Back to the things to do."""
    ticket, moved = _moved(ticket_of(draft), TO_DO, draft.now)
    change(draft, ticket, (moved,))


def wait_for(draft: Draft, on_team: str, *, begun: bool) -> None:
    """Into the status that waits for somebody, or back into progress."""
    status = WAITING if on_team == "external" else waiting_for(on_team)
    ticket, moved = _moved(
        ticket_of(draft), status if begun else IN_PROGRESS, draft.now
    )
    change(draft, ticket, (moved,))


def delete(draft: Draft) -> None:
    """The ticket was a mistake: it is gone, and what it cost with it."""
    told = told_next(draft, person(draft, draft.owner))
    draft.tell("jira:issue_deleted", voice="jira", thing=told)
    draft.deleted = draft.now


def flag(draft: Draft, *, raised: bool) -> None:
    """The flag of an impediment, which names nobody."""
    shown = ("10019", "Impediment")
    before, after = (("", ""), shown) if raised else (shown, ("", ""))
    item = Item("Flagged", FLAG_FIELD, *before, *after)
    change(draft, ticket_of(draft)._replace(flagged=raised), (item,))
    if not raised:
        noting.decided(draft, "unblock")


def hand(draft: Draft, receiver: SimTeam) -> None:
    """To another team: by the team field where it is used, else by the assignee.

    Some tickets are moved to the receiver's project instead.
    """
    ticket = ticket_of(draft)
    by = person(draft, draft.owner)
    if jira_ways.is_moved(draft, ticket):
        _move(draft, receiver.project, by)
        return
    if not ticket.team:
        handed, item = _assigned(ticket, person(draft, receiver))
        change(draft, handed, (item,), by)
        return
    before, after = ticket.team, receiver.id
    item = Item("Team", TEAM_FIELD, f"team-{before}", before, f"team-{after}", after)
    handed, cleared = _assigned(ticket._replace(team=after), "")
    items = (item, cleared) if ticket.assignee else (item,)
    change(draft, handed, items, by)


def _move(draft: Draft, project: str, by: str) -> None:
    """Into another project, under another key and out of anybody's hands."""
    ticket, cleared = _assigned(ticket_of(draft), "")
    before = ticket.key
    after = f"{project}-{before.rpartition('-')[2]}"
    ends = (before.partition("-")[0], project)
    items = (
        Item("project", "project", ends[0], ends[0], ends[1], ends[1]),
        Item("Key", "Key", "", before, "", after),
    )
    draft.call(after)
    had = (cleared,) if cleared.before else ()
    change(draft, ticket._replace(key=after), (*items, *had), by)


def accept(draft: Draft, receiver: SimTeam) -> None:
    """Somebody of the receiving team takes it, or answers."""
    ticket = ticket_of(draft)
    if ticket.assignee:
        comment(draft, ticket.assignee)
        return
    by = person(draft, receiver)
    taken, item = _assigned(ticket, by)
    change(draft, taken, (item,), by)


def robots(draft: Draft) -> None:
    """A rule of the board: changes at one instant, which are no activity."""
    for _ in range(jira_ways.burst(draft)):
        _robot(draft)


def _robot(draft: Draft) -> None:
    rank = Item("Rank", RANK_FIELD, "", "", "", "Ranked lower")
    change(draft, ticket_of(draft), (rank,), ROBOT)
    noting.moved_down(draft)
    ticket = ticket_of(draft)
    labels = tuple(label for label in ticket.labels if label != _MARK)
    if _MARK not in ticket.labels:
        labels = (*labels, _MARK)
    item = Item("labels", "labels", "", " ".join(ticket.labels), "", " ".join(labels))
    change(draft, ticket._replace(labels=labels), (item,), ROBOT)
