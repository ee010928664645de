"""Turns that the life of a GitHub issue may take: parts, boards, other repositories."""

from __future__ import annotations

from typing import Final

from monitor.simulate.bodies.things import Issue, SubIssue, Transfer, issue_key
from monitor.simulate.draft import SECOND, Draft
from monitor.simulate.life import Wait
from monitor.simulate.steps import noting, tracker
from monitor.simulate.words import title

HOUR: Final = 3_600
DAY: Final = 8 * HOUR


def part(draft: Draft) -> None:
    """A sub-issue is worked on, and perhaps blocked: that is the issue's own life."""
    if draft.issue is None:
        return
    number = draft.fresh()
    part = Draft(draft.organisation, draft.team, draft.chance, number * 100, draft.now)
    part.tracker, part.owner, part.item = draft.tracker, draft.owner, draft.item
    part.issue = Issue(
        repo=draft.issue.repo,
        number=number,
        id=1_000_000_000 + number,
        author=tracker.person(draft, draft.owner),
        title=title(draft.chance),
        type_name="",
        created=part.now,
    )
    tracker.tell_issue(part, "opened")
    _add(part, draft.issue)
    part.between(60, HOUR)
    tracker.label(part, tracker.IN_PROGRESS, added=True)
    noting.meant(part)
    part.between(HOUR // 2, DAY)
    if draft.chance.random() < 0.5:
        draft.wait(_blocked(part))
    tracker.comment(part)
    part.between(600, 4 * HOUR)
    part.issue = part.issue._replace(closed=part.now, reason="completed")
    tracker.tell_issue(part, "closed")
    draft.adopt(part)
    draft.now += SECOND


def _add(part: Draft, parent: Issue) -> None:
    """It is a part from now on; both sides tell."""
    if part.issue is None:
        return
    part.now += 20 * SECOND
    part.issue = part.issue._replace(parent=parent.number, updated=part.now)
    both = SubIssue(part.issue, parent._replace(updated=part.now))
    for action in ("sub_issue_added", "parent_issue_added"):
        part.tell(f"sub_issues.{action}", voice="github", thing=both)


def _blocked(part: Draft) -> Wait:
    on_team, start = part.other_team().id, part.now
    tracker.label(part, f"blocked-by:{on_team}", added=True)
    part.between(600, 10 * HOUR)
    tracker.label(part, f"blocked-by:{on_team}", added=False)
    noting.decided(part, "unblock")
    return Wait("ticket_blocked", on_team, start, part.now)


def transferred(draft: Draft) -> None:
    """It goes to another repository of the team's, which hands it to nobody."""
    if draft.issue is None:
        return
    others = [repo for repo in draft.team.repos if repo != draft.issue.repo]
    if others:
        transfer(draft, draft.chance.choice(others))
        draft.now += SECOND


def transfer(draft: Draft, repo: str) -> None:
    """It goes to another repository, under another number; both tell."""
    old = draft.issue
    if old is None:
        return
    number = draft.fresh()
    new = old._replace(
        repo=repo,
        number=number,
        id=1_000_000_000 + number,
        updated=draft.now,
    )
    old = old._replace(updated=draft.now)
    for action in ("transferred", "opened"):
        draft.tell(f"issues.{action}", voice="github", thing=Transfer(old, new))
    draft.issue = new
    draft.call(issue_key(new))


def reviewed_on_board(draft: Draft) -> None:
    """Its card goes through a status that means nothing to us, but to somebody."""
    tracker.move_card(draft, "In Progress", "In Review")
    draft.between(600, 2 * HOUR)
    tracker.move_card(draft, "In Review", "Ready for Release")


def parked(draft: Draft) -> None:
    """Its card goes back to the backlog for some days: nothing accrues."""
    tracker.move_card(draft, "In Progress", "Backlog")
    draft.leave()
    draft.between(HOUR, 6 * DAY)
    tracker.move_card(draft, "Backlog", "In Progress")
    draft.enter(draft.owner, draft.work_class)
