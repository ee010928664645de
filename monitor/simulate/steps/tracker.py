"""Opening, starting, touching and closing a ticket, natively, on GitHub or in Jira."""

from __future__ import annotations

from typing import Final, NamedTuple

from monitor.simulate.bodies.things import Card, Comment, Dependency, Issue, issue_key
from monitor.simulate.draft import SECOND, Draft
from monitor.simulate.life import Life, Said
from monitor.simulate.organisation import SimTeam
from monitor.simulate.steps import jira_links, jira_tracker, noting
from monitor.simulate.words import spelled, title

HOUR: Final = 3_600
IN_PROGRESS: Final = "in progress"
# Of so many issues the work shows on a board, of the others by a label.
_ON_BOARD: Final = 0.4
_PROGRAM: Final = "github-project-automation[bot]"
_CLASSES: Final = ("feature",) * 6 + ("defect",) * 2 + ("debt", "risk")
_TYPES: Final = {"feature": ("Task", ""), "defect": ("Bug", "")}
_LABELS: Final = {"debt": ("", "refactor"), "risk": ("", "security")}


class Blocker(NamedTuple):
    """Another team's ticket that is waited for, and when it is done."""

    life: Life
    team: str
    done: int


def person(draft: Draft, team: SimTeam) -> str:
    """A made-up login of a team."""
    return draft.chance.choice(team.members)


def native(draft: Draft, kind: str, said: Said) -> None:
    """The tracker tells something about the ticket itself."""
    draft.tell(kind, said)


def open_ticket(draft: Draft) -> None:
    """Create the ticket; its owner and class are in what is told first."""
    if draft.team.kind == "stream":
        draft.work_class = draft.chance.choice(_CLASSES)
    else:
        draft.work_class = draft.chance.choice(("feature", "debt", "defect"))
    write_down(draft)


def write_down(draft: Draft) -> None:
    """Create the ticket, of the class, by whom and with the labels the draft has."""
    match draft.tracker:
        case "github":
            _open_issue(draft)
        case "jira":
            jira_tracker.open_ticket(draft)
        case "native":
            _open_natively(draft)
    noting.opened(draft)


def _open_natively(draft: Draft) -> None:
    draft.item = f"{draft.team.project}-{draft.number}"
    said: Said = {"work_class": draft.work_class}
    # Half of the trackers name the team, half leave it to the project's owner.
    by_project = draft.chance.random() < 0.5
    said["project" if by_project else "team"] = (
        draft.team.project if by_project else draft.team.id
    )
    if draft.labels:
        said |= {"labels": list(draft.labels), "by_team": draft.opener.id}
    draft.tell("ticket.created", said)


def _open_issue(draft: Draft) -> None:
    kind, label_name = (_TYPES | _LABELS)[draft.work_class]
    number = draft.fresh()
    draft.issue = Issue(
        repo=draft.chance.choice(draft.team.repos),
        number=number,
        id=1_000_000_000 + number,
        author=person(draft, draft.opener),
        title=title(draft.chance),
        type_name=kind,
        created=draft.now,
        updated=draft.now,
        text=f"As discussed. Estimate: {draft.chance.randint(1, 8)}.",
        labels=(*((label_name,) if label_name else ()), *spelled(draft.labels)),
    )
    draft.call(issue_key(draft.issue))
    tell_issue(draft, "opened")


def tell_issue(draft: Draft, action: str) -> None:
    """GitHub tells what was done to the draft's issue just now, if it has one."""
    if draft.issue is not None:
        draft.issue = draft.issue._replace(updated=draft.now)
        draft.tell(f"issues.{action}", voice="github", thing=draft.issue)


def label(draft: Draft, name: str, *, added: bool) -> None:
    """Put a label on the issue, or take it off."""
    if draft.issue is None:
        return
    labels = tuple(other for other in draft.issue.labels if other != name)
    if added:
        labels = (*labels, name)
    draft.issue = draft.issue._replace(labels=labels, label=name)
    tell_issue(draft, "labeled" if added else "unlabeled")
    draft.issue = draft.issue._replace(label="")


def move_card(draft: Draft, before: str, after: str, by: str = "") -> None:
    """Somebody moves the card of the issue on the board, or a program does."""
    if draft.issue is None:
        return
    card = Card(draft.issue, before, after, draft.now, by or person(draft, draft.owner))
    draft.tell(
        "projects_v2_item.edited", voice="github", thing=card, activity=by != _PROGRAM
    )


def start(draft: Draft) -> None:
    """The ticket enters flight."""
    if draft.issue is not None and draft.chance.random() < _ON_BOARD:
        move_card(draft, "Todo", "In Progress")
    elif draft.issue is not None:
        label(draft, IN_PROGRESS, added=True)
    elif draft.ticket is not None:
        jira_tracker.start(draft)
    else:
        native(draft, "ticket.started", {})
    noting.meant(draft)
    draft.enter(draft.team, draft.work_class)


def comment(draft: Draft) -> None:
    """Somebody says something: an activity and nothing else."""
    if draft.ticket is not None:
        jira_tracker.touch(draft)
        return
    if draft.issue is None:
        native(draft, "ticket.commented", {})
        return
    author = person(draft, draft.owner)
    said = Comment(
        draft.issue._replace(updated=draft.now),
        2_000_000_000 + draft.fresh(),
        author,
        draft.now,
    )
    draft.tell("issue_comment.created", voice="github", thing=said)


def finish(draft: Draft) -> None:
    """The ticket is done and leaves flight."""
    if draft.issue is not None:
        draft.issue = draft.issue._replace(closed=draft.now, reason="completed")
        tell_issue(draft, "closed")
        move_card(draft, "In Progress", "Done", _PROGRAM)
    elif draft.ticket is not None:
        jira_tracker.end(draft, "Done")
    else:
        native(draft, "ticket.done", {})
    noting.ended(draft, "done")
    draft.close_waits()
    draft.leave()


def cancel(draft: Draft) -> None:
    """The ticket is given up; what it cost stays."""
    if draft.issue is not None:
        draft.issue = draft.issue._replace(closed=draft.now, reason="not_planned")
        tell_issue(draft, "closed")
    elif draft.ticket is not None:
        jira_tracker.end(draft, "Won't Do")
    else:
        native(draft, "ticket.cancelled", {})
    noting.decided(draft, "reject")
    noting.ended(draft, "cancelled")
    draft.close_waits()
    draft.leave()


def postpone(draft: Draft, role: str = "", handle: str = "") -> None:
    """Planned for later, perhaps by a lead of that role; GitHub cannot say so."""
    if draft.issue is not None:
        return
    if draft.ticket is not None:
        if not draft.ticket.sprint:
            jira_tracker.plan(draft)
            draft.between(60, 8 * HOUR)
        jira_tracker.put_off(draft, handle)
    else:
        said: Said = {"how": draft.chance.choice(("sprint", "date"))}
        native(draft, "ticket.postponed", said | ({"actor_role": role} if role else {}))
    noting.put_off(draft, role)


def reopen(draft: Draft, cause: SimTeam | None) -> None:
    """The ticket comes back: because of another team, or as rework of its own.

    A cause only the native tracker can state.
    """
    if draft.issue is not None:
        draft.issue = draft.issue._replace(closed=0, reason="reopened")
        tell_issue(draft, "reopened")
    elif draft.ticket is not None:
        jira_tracker.reopen(draft)
    else:
        said: Said = {"cause_team": cause.id} if cause is not None else {}
        native(draft, "ticket.reopened", said)
        if cause is not None:
            noting.trouble(draft, cause.id, "reopen")
    if cause is not None and draft.tracker == "native":
        draft.enter(draft.owner, "response", cause.id)
    else:
        draft.enter(draft.owner, "rework")


def accept_blocker(draft: Draft, team: SimTeam) -> Blocker:
    """File a ticket with another team and say that this one is blocked by it."""
    other = Draft(
        draft.organisation, team, draft.chance, draft.fresh() * 10_000, draft.now
    )
    other.tracker = draft.tracker
    open_ticket(other)
    draft.now += 90 * SECOND
    _link(draft, other)
    # What the other ticket shows from now on is linked.
    other.now = draft.now
    other.between(60, 8 * HOUR)
    start(other)
    other.between(HOUR, 9 * HOUR)
    comment(other)
    other.between(HOUR // 2, 12 * HOUR)
    done = other.now
    finish(other)
    return Blocker(other.finish(), team.id, done)


def _link(draft: Draft, other: Draft) -> None:
    if draft.ticket is not None:
        jira_links.link(draft, other)
        return
    if draft.issue is None or other.issue is None:
        native(draft, "link.added", {"blocker": other.item})
        return
    draft.issue = draft.issue._replace(updated=draft.now)
    both = Dependency(draft.issue, other.issue)
    # Both repositories' hooks tell of it; it is one fact.
    for action in ("blocked_by_added", "blocking_added"):
        draft.tell(f"issue_dependencies.{action}", voice="github", thing=both)
