"""Links of tickets in Jira: who is blocked by whom, told by an event or a change."""

from __future__ import annotations

from monitor.simulate.bodies.jira_things import DONE, Item, Link
from monitor.simulate.draft import Draft
from monitor.simulate.steps.jira_tracker import change, ticket_of, told_next


def link(draft: Draft, other: Draft) -> None:
    """The ticket is blocked by the other one, which shows it from its side."""
    blocked, blocker = ticket_of(draft), ticket_of(other)
    number = blocked.next_number + 1
    shown = Link(number, False, blocker.id, blocker.key, blocker.status)
    back = Link(number, True, blocked.id, blocked.key, blocked.status)
    other.ticket = blocker._replace(links=(*blocker.links, back))
    draft.ticket = blocked._replace(links=(*blocked.links, shown))
    if draft.chance.random() < 0.3:
        change(draft, draft.ticket, (_link_item(blocker.key, added=True),))
    else:
        _tell_link(draft, "issuelink_created", number, blocker.id)


def unlink(draft: Draft) -> None:
    """The newest link is taken away again."""
    ticket = ticket_of(draft)
    gone = ticket.links[-1]
    draft.ticket = ticket._replace(links=ticket.links[:-1])
    if draft.chance.random() < 0.3:
        change(draft, draft.ticket, (_link_item(gone.other_key, added=False),))
    else:
        _tell_link(draft, "issuelink_deleted", gone.id, gone.other)


def blocker_done(draft: Draft) -> None:
    """From now on the newest link shows that its other end is done."""
    ticket = ticket_of(draft)
    over = ticket.links[-1]._replace(other_status=DONE)
    draft.ticket = ticket._replace(links=(*ticket.links[:-1], over))


def _link_item(key: str, *, added: bool) -> Item:
    words = f"This issue is blocked by {key}"
    ends = ("", "", key, words) if added else (key, words, "", "")
    return Item("Link", "issuelinks", *ends)


def _tell_link(draft: Draft, event: str, number: int, other: int) -> None:
    told = told_next(draft, "")._replace(number=number, other=other)
    draft.tell(event, voice="jira", thing=told)
