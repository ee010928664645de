"""What happens to a ticket itself: work, blocks, links, handoffs, pauses.

Every step starts and ends with the ticket in flight, at its owner's.
"""

from __future__ import annotations

from typing import NamedTuple

from monitor.domain.working_time import WORKING_DAY
from monitor.simulate.bodies.jira_things import Told
from monitor.simulate.draft import SECOND, Draft
from monitor.simulate.life import INTERNAL, Life, Wait
from monitor.simulate.organisation import SimTeam
from monitor.simulate.steps import (
    assigning,
    issue_turns,
    jira_links,
    jira_tracker,
    noting,
)
from monitor.simulate.steps.tracker import (
    Blocker,
    accept_blocker,
    comment,
    label,
    native,
)

HOUR = 3_600
DAY = WORKING_DAY // SECOND
# Nobody is silent for longer than this where silence is not the point.
CHATTER = 3 * DAY
EXTERNAL = "external"
UNKNOWN = "unknown"
_HANDOFF = "handoff"


class _Tossed(NamedTuple):
    """Since when whoever had it has not, and the receiver has."""

    let_go: int
    start: int


def work(draft: Draft) -> None:
    """Somebody works, for an hour up to two days, and says so."""
    draft.between(HOUR // 2, 2 * DAY)
    comment(draft)


def chatter(draft: Draft, seconds: int) -> None:
    """Let working time pass; somebody says something every three days."""
    while seconds > CHATTER:
        draft.work(CHATTER)
        comment(draft)
        seconds -= CHATTER
    draft.work(seconds)


def blocked(draft: Draft) -> None:
    """Blocked on another team, from minutes to days, sometimes over a night."""
    on_team = _waited_for(draft)
    start = draft.now
    _block(draft, on_team, "blocked")
    if draft.chance.random() < 0.2:
        draft.now += draft.chance.randint(60, 9 * HOUR) * SECOND
    else:
        chatter(draft, draft.chance.choice((600, HOUR, 4 * HOUR, DAY, 4 * DAY)) + 7)
    _block(draft, on_team, "unblocked")
    draft.wait(Wait("ticket_blocked", on_team, start, draft.now))


def held_up(draft: Draft, on_team: str, seconds: int) -> None:
    """Blocked on a team for so long, in working seconds; not in Jira."""
    start = draft.now
    _block(draft, on_team, "blocked")
    chatter(draft, seconds)
    _block(draft, on_team, "unblocked")
    draft.wait(Wait("ticket_blocked", on_team, start, draft.now))


def blocked_twice(draft: Draft) -> None:
    """Two teams are waited for at once; the bill is split while both are.

    A ticket has one status: in Jira another ticket is waited for instead.
    """
    if draft.tracker == "jira":
        linked(draft)
        return
    first, start = draft.other_team(platform=1.0).id, draft.now
    _block(draft, first, "blocked")
    draft.between(600, 2 * HOUR)
    second, middle = draft.other_team(platform=0.0).id, draft.now
    if second == first:
        _block(draft, first, "unblocked")
        draft.wait(Wait("ticket_blocked", first, start, draft.now))
        return
    _block(draft, second, "blocked")
    draft.between(600, 5 * HOUR)
    _block(draft, first, "unblocked")
    draft.wait(Wait("ticket_blocked", first, start, draft.now))
    draft.between(600, 5 * HOUR)
    _block(draft, second, "unblocked")
    draft.wait(Wait("ticket_blocked", second, middle, draft.now))


def _waited_for(draft: Draft) -> str:
    """Another team; in Jira, whose usual statuses name no team, a customer."""
    is_usual = draft.organisation.jira_ways == "usual"
    return EXTERNAL if draft.tracker == "jira" and is_usual else draft.other_team().id


def _block(draft: Draft, on_team: str, verb: str) -> None:
    if draft.issue is not None:
        label(draft, f"blocked-by:{on_team}", added=verb == "blocked")
    elif draft.ticket is not None:
        jira_tracker.wait_for(draft, on_team, begun=verb == "blocked")
    else:
        native(draft, f"ticket.{verb}", {"on_team": on_team})
    if verb == "unblocked":
        noting.decided(draft, "unblock")


def stale(draft: Draft) -> None:
    """A block everybody forgets for weeks; a word resumes it, then it is lifted."""
    on_team, start = _waited_for(draft), draft.now
    _block(draft, on_team, "blocked")
    draft.between(11 * DAY, 14 * DAY)
    if draft.chance.random() < 0.5:
        comment(draft)
        draft.between(HOUR, DAY)
    _block(draft, on_team, "unblocked")
    draft.wait(Wait("ticket_blocked", on_team, start, draft.now))


def idle(draft: Draft) -> None:
    """Nobody touches the item for more than a week; a robot does, which is nothing."""
    draft.between(3 * DAY, 4 * DAY)
    if draft.ticket is not None:
        jira_tracker.robots(draft)
    elif draft.issue is None:
        said: dict[str, object] = {"automation": True}
        draft.tell("ticket.updated", said, activity=False)
    draft.between(3 * DAY, 5 * DAY)
    comment(draft)


def linked(draft: Draft) -> None:
    """Blocked by another team's ticket until that is done, or the link removed."""
    blocker = accept_blocker(draft, draft.other_team())
    start, end = draft.now, blocker.done
    flagged = draft.ticket is not None and draft.chance.random() < 0.5
    if flagged:
        # Names nobody: as long as the link holds, the link is what counts.
        jira_tracker.flag(draft, raised=True)
    removed = draft.issue is None and draft.chance.random() < 0.2
    if removed:
        draft.between(HOUR, 3 * HOUR)
        end = min(end, draft.now)
    else:
        while (gap := draft.calendar.between(draft.now, end) // SECOND) > CHATTER:
            draft.work(min(CHATTER, gap))
            comment(draft)
    draft.now = max(end, draft.now)
    _link_over(draft, blocker, end, removed=removed)
    if flagged:
        # The blocker may be done before the link goes: then only the flag says so.
        draft.wait(Wait("ticket_blocked", UNKNOWN, end, draft.now))
        jira_tracker.flag(draft, raised=False)
    activities = blocker.life.activities()
    draft.wait(Wait("dependency_link", blocker.team, start, end, blocker=activities))
    draft.now += 60 * SECOND
    comment(draft)


def _link_over(draft: Draft, blocker: Blocker, end: int, *, removed: bool) -> None:
    """The link is taken away, or its blocker done: tell it, and note the blocker."""
    life = blocker.life
    if draft.ticket is not None and removed:
        jira_links.unlink(draft)
        life = _unlinked(life, end)
    elif draft.ticket is not None:
        jira_links.blocker_done(draft)
    elif removed:
        draft.tell("link.removed", {"blocker": life.item}, at=end)
    draft.others.append(life)


def _unlinked(life: Life, since: int) -> Life:
    """The blocker's bodies show the link no longer."""
    moments = tuple(
        told._replace(thing=told.thing._replace(ticket=told.thing.ticket.unlinked))
        if isinstance(told.thing, Told) and told.time >= since
        else told
        for told in life.moments
    )
    return life._replace(moments=moments)


def handed(draft: Draft) -> None:
    """Handed to a team, perhaps tossed on, worked on there, perhaps handed back.

    Until somebody accepts, the origin pays for waiting on the receiver.
    """
    origin, receiver = draft.team, draft.other_team()
    start = _toss(draft, receiver).start
    others = [t for t in draft.organisation.teams if t not in (origin, receiver)]
    if others and draft.chance.random() < 0.3:
        tossed = _toss(draft, other := draft.chance.choice(others))
        draft.wait(Wait(_HANDOFF, receiver.id, start, tossed.let_go))
        receiver, start = other, tossed.start
    draft.wait(Wait(_HANDOFF, receiver.id, start, draft.now))
    _accepted(draft, receiver)
    draft.enter(receiver, "request")
    draft.between(HOUR, DAY)
    if draft.chance.random() < 0.6:
        _hand(draft, origin)
        draft.enter(origin, INTERNAL)
        draft.owner = origin
        draft.between(60, 4 * HOUR)
        _accepted(draft, origin)
        draft.enter(origin, draft.work_class)


def _toss(draft: Draft, receiver: SimTeam) -> _Tossed:
    """Handed over, and not looked at for a while, at whose end the cursor is."""
    let_go = _hand(draft, receiver)
    tossed = _Tossed(let_go, draft.now)
    draft.enter(draft.team, draft.work_class)
    draft.between(300, DAY)
    return tossed


def given_back(draft: Draft) -> None:
    """An issue is assigned to another team, which takes itself off again."""
    assigning.hand(draft, receiver := draft.other_team())
    start = draft.now
    draft.enter(draft.team, draft.work_class)
    draft.between(300, DAY)
    draft.wait(Wait(_HANDOFF, receiver.id, start, draft.now))
    assigning.all_off(draft)


def _hand(draft: Draft, receiver: SimTeam) -> int:
    """Hand it over; returns since when whoever had it has not."""
    is_there = draft.issue is not None and draft.issue.repo in receiver.repos
    if draft.issue is not None and (is_there or draft.chance.random() < 0.5):
        return assigning.hand(draft, receiver)
    if draft.ticket is not None:
        jira_tracker.hand(draft, receiver)
    elif draft.issue is not None:
        issue_turns.transfer(draft, draft.chance.choice(receiver.repos))
    else:
        native(draft, "ticket.assigned", {"to_team": receiver.id})
    return draft.now


def _accepted(draft: Draft, receiver: SimTeam) -> None:
    draft.owner = receiver
    if draft.ticket is not None:
        jira_tracker.accept(draft, receiver)
    elif draft.issue is None:
        native(draft, "ticket.accepted", {"team": receiver.id})
    elif draft.chance.random() < 0.5:
        comment(draft)
    else:
        assigning.taken(draft)
    noting.meant(draft)


def parked(draft: Draft) -> None:
    """Back to the backlog for some days: nothing accrues."""
    if draft.ticket is not None:
        jira_tracker.park(draft)
    else:
        native(draft, "ticket.parked", {})
    draft.leave()
    draft.between(HOUR, 6 * DAY)
    if draft.ticket is not None:
        jira_tracker.start(draft)
    else:
        native(draft, "ticket.started", {})
    draft.enter(draft.owner, draft.work_class)
