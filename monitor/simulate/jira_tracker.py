"""What a plan does to a ticket in Jira, said as Jira says it.

Only what Jira's usual words can tell is done here: a block is the wait for a
customer, or a link with the flag up; who caused a reopening it cannot say.
"""

from __future__ import annotations

from typing import Final

from monitor.simulate.draft import Draft
from monitor.simulate.jira_parts import category_of, status_id
from monitor.simulate.jira_things import (
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
    Link,
    Ticket,
    Told,
)
from monitor.simulate.organisation import SimTeam
from monitor.simulate.words import title

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
    draft.item = f"{draft.team.project}-{draft.number}"
    draft.ticket = Ticket(
        id=10_000 + draft.number,
        key=draft.item,
        type_name=kind,
        summary=title(draft.chance),
        creator=person(draft, draft.team),
        created=draft.now,
        labels=(label,) if label else (),
        team=draft.team.id if draft.chance.random() < 0.5 else "",
        since=draft.now,
        updated=draft.now,
    )
    told = Told(
        draft.organisation.jira_site, draft.ticket, draft.ticket.creator, draft.now
    )
    draft.tell("jira:issue_created", voice="jira", thing=told)


def _ticket(draft: Draft) -> Ticket:
    if draft.ticket is None:
        raise ValueError("the item has no ticket in Jira yet")
    return draft.ticket


def _next(draft: Draft, actor: str) -> Told:
    """What is told next, under the ticket's next number."""
    before = _ticket(draft)
    ticket = before._replace(told=before.told + 1, updated=draft.now)
    draft.ticket = ticket
    site = draft.organisation.jira_site
    return Told(site, ticket, actor, draft.now, ticket.next_number)


def _change(
    draft: Draft, ticket: Ticket, items: tuple[Item, ...], actor: str = ""
) -> None:
    """One change of several fields, after which the ticket is as given."""
    draft.ticket = ticket
    by = actor or person(draft, draft.owner)
    told = _next(draft, by)._replace(items=items)
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
    ticket, moved = _moved(_ticket(draft), IN_PROGRESS, draft.now)
    items = [moved]
    if ticket.assignee != by:
        ticket, assigned = _assigned(ticket, by)
        items.append(assigned)
    if not ticket.sprint:
        ticket, planned = _planned(ticket, draft.chance.randint(20, 60))
        items.append(planned)
    _change(draft, ticket, tuple(items), by)


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


def touch(draft: Draft) -> None:
    """Something that is an activity and nothing else: a word, a review, a delay."""
    luck = draft.chance.random()
    ticket = _ticket(draft)
    if luck < 0.2 and ticket.status in (IN_PROGRESS, IN_REVIEW):
        other = IN_REVIEW if ticket.status == IN_PROGRESS else IN_PROGRESS
        moved, item = _moved(ticket, other, draft.now)
        _change(draft, moved, (item,))
    elif luck < 0.35:
        postponed, item = _planned(ticket, (ticket.sprint or 20) + 1)
        _change(draft, postponed, (item,))
    else:
        comment(draft)


def comment(draft: Draft, actor: str = "") -> None:
    """A comment: a server tells it twice, by an event of its own and an update."""
    told = _next(draft, actor or person(draft, draft.owner))._replace(comment=True)
    draft.tell("comment_created", voice="jira", thing=told)
    if told.site == "server":
        draft.tell(_UPDATED, voice="jira", thing=told)


def end(draft: Draft, resolution: str) -> None:
    """Done, by a resolution of it or without."""
    ticket, moved = _moved(_ticket(draft), DONE, draft.now)
    item = Item("resolution", "resolution", "", "", "1", resolution)
    ticket = ticket._replace(resolution=resolution, resolved=draft.now)
    _change(draft, ticket, (item, moved))


def reopen(draft: Draft) -> None:
    """Out of done into progress; why, Jira cannot say."""
    before = _ticket(draft)
    ticket, moved = _moved(before, IN_PROGRESS, draft.now)
    item = Item("resolution", "resolution", "1", before.resolution, "", "")
    _change(draft, ticket._replace(resolution="", resolved=0), (item, moved))


def park(draft: Draft) -> None:
    """Back to the things to do."""
    ticket, moved = _moved(_ticket(draft), TO_DO, draft.now)
    _change(draft, ticket, (moved,))


def wait_for_customer(draft: Draft, *, begun: bool) -> None:
    """Into the status that waits for somebody outside, or back into progress."""
    ticket, moved = _moved(_ticket(draft), WAITING if begun else IN_PROGRESS, draft.now)
    _change(draft, ticket, (moved,))


def flag(draft: Draft, *, raised: bool) -> None:
    """The flag of an impediment, which names nobody."""
    shown = ("10019", "Impediment")
    before, after = (("", ""), shown) if raised else (shown, ("", ""))
    item = Item("Flagged", FLAG_FIELD, *before, *after)
    _change(draft, _ticket(draft)._replace(flagged=raised), (item,))


def link(draft: Draft, other: Draft) -> None:
    """The ticket is blocked by the other one, which shows it from its side."""
    blocked, blocker = _ticket(draft), _ticket(other)
    number = blocked.next_number + 1
    shown = Link(number, False, blocker.id, blocker.key, blocker.status)
    back = Link(number, True, blocked.id, blocked.key, blocked.status)
    other.ticket = blocker._replace(links=(*blocker.links, back))
    draft.ticket = blocked._replace(links=(*blocked.links, shown))
    if draft.chance.random() < 0.3:
        _change(draft, draft.ticket, (_link_item(blocker.key, added=True),))
    else:
        _tell_link(draft, "issuelink_created", number, blocker.id)


def unlink(draft: Draft) -> None:
    """The newest link is taken away again."""
    ticket = _ticket(draft)
    gone = ticket.links[-1]
    draft.ticket = ticket._replace(links=ticket.links[:-1])
    if draft.chance.random() < 0.3:
        _change(draft, draft.ticket, (_link_item(gone.other_key, added=False),))
    else:
        _tell_link(draft, "issuelink_deleted", gone.id, gone.other)


def blocker_done(draft: Draft) -> None:
    """From now on the newest link shows that its other end is done."""
    ticket = _ticket(draft)
    over = ticket.links[-1]._replace(other_status=DONE)
    draft.ticket = ticket._replace(links=(*ticket.links[:-1], over))


def _link_item(key: str, *, added: bool) -> Item:
    words = f"This issue is blocked by {key}"
    ends = ("", "", key, words) if added else (key, words, "", "")
    return Item("Link", "issuelinks", *ends)


def _tell_link(draft: Draft, event: str, number: int, other: int) -> None:
    told = _next(draft, "")._replace(number=number, other=other)
    draft.tell(event, voice="jira", thing=told)


def hand(draft: Draft, receiver: SimTeam) -> None:
    """To another team: by the team field where it is used, else by the assignee."""
    ticket = _ticket(draft)
    by = person(draft, draft.owner)
    if not ticket.team:
        handed, item = _assigned(ticket, person(draft, receiver))
        _change(draft, handed, (item,), by)
        return
    before, after = ticket.team, receiver.id
    item = Item("Team", TEAM_FIELD, f"team-{before}", before, f"team-{after}", after)
    handed, cleared = _assigned(ticket._replace(team=after), "")
    items = (item, cleared) if ticket.assignee else (item,)
    _change(draft, handed, items, by)


def accept(draft: Draft, receiver: SimTeam) -> None:
    """Somebody of the receiving team takes it, or answers."""
    ticket = _ticket(draft)
    if not ticket.team:
        comment(draft, ticket.assignee)
        return
    by = person(draft, receiver)
    taken, item = _assigned(ticket, by)
    _change(draft, taken, (item,), by)


def robots(draft: Draft) -> None:
    """A rule of the board: two changes at one instant, which are no activity."""
    rank = Item("Rank", RANK_FIELD, "", "", "", "Ranked lower")
    _change(draft, _ticket(draft), (rank,), ROBOT)
    ticket = _ticket(draft)
    labels = tuple(label for label in ticket.labels if label != _MARK)
    if _MARK not in ticket.labels:
        labels = (*labels, _MARK)
    item = Item("labels", "labels", "", " ".join(ticket.labels), "", " ".join(labels))
    _change(draft, ticket._replace(labels=labels), (item,), ROBOT)
