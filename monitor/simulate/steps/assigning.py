"""Who a GitHub issue is assigned to: people of its own team, of another's, or both."""

from __future__ import annotations

from monitor.simulate.draft import SECOND, Draft
from monitor.simulate.organisation import SimTeam
from monitor.simulate.steps import tracker


def own(draft: Draft) -> None:
    """Somebody of the team takes it, or gives it to one beside them."""
    _on(draft, _free(draft, draft.owner), tracker.person(draft, draft.owner))


def helped(draft: Draft) -> None:
    """Somebody of another team is asked to help for a while: it stays whose it was."""
    if draft.issue is None:
        return
    own(draft)
    helper = draft.other_team()
    login = _free(draft, helper)
    draft.between(60, 4 * 3_600)
    _on(draft, login, tracker.person(draft, draft.owner))
    draft.between(60, 8 * 3_600)
    _off(draft, login, login)


def hand(draft: Draft, receiver: SimTeam) -> int:
    """It is the receiver's when nobody else has it any more: in either order.

    Returns since when whoever had it has not.
    """
    if draft.issue is None:
        return draft.now
    before, by = draft.issue.assignees, tracker.person(draft, draft.owner)
    login = _free(draft, receiver)
    pause = draft.chance.choice((0, 0, 2)) * SECOND
    if before and draft.chance.random() < 0.5:
        _on(draft, login, by)
        draft.now += pause
        for other in before:
            _off(draft, other, by)
        return draft.now
    let_go = draft.now
    for other in before:
        _off(draft, other, by)
    draft.now += pause
    _on(draft, login, by)
    return let_go if before else draft.now


def taken(draft: Draft) -> None:
    """Somebody of the team that owns it now takes it for themselves."""
    login = _free(draft, draft.owner)
    _on(draft, login, login)


def all_off(draft: Draft) -> None:
    """Whoever has it has it no longer, by their own doing."""
    if draft.issue is not None:
        for login in draft.issue.assignees:
            _off(draft, login, login)


def _free(draft: Draft, team: SimTeam) -> str:
    """Somebody of the team who has not got it."""
    has_it = draft.issue.assignees if draft.issue is not None else ()
    others = [login for login in team.members if login not in has_it]
    return draft.chance.choice(others or team.members)


def _on(draft: Draft, login: str, by: str) -> None:
    if draft.issue is not None:
        _tell(draft, "assigned", login, (*draft.issue.assignees, login), by)


def _off(draft: Draft, login: str, by: str) -> None:
    if draft.issue is not None:
        others = tuple(one for one in draft.issue.assignees if one != login)
        _tell(draft, "unassigned", login, others, by)


def _tell(
    draft: Draft, action: str, login: str, assignees: tuple[str, ...], by: str
) -> None:
    if draft.issue is None:
        return
    draft.issue = draft.issue._replace(assignees=assignees, assignee=login, by=by)
    tracker.tell_issue(draft, action)
    draft.issue = draft.issue._replace(assignee="", by="")
