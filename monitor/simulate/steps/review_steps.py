"""Reviews of a pull request: who is asked, and what becomes of the request."""

from __future__ import annotations

from typing import Final, NamedTuple

from monitor.simulate.bodies.things import Pull, Review, pull_key
from monitor.simulate.draft import SECOND, Draft
from monitor.simulate.life import Wait
from monitor.simulate.organisation import SimTeam
from monitor.simulate.steps import ci_steps, pull_turns
from monitor.simulate.steps.pull_turns import tell

HOUR: Final = 3_600
# A person whom no team lists.
OUTSIDER: Final = "contractor-1"


class Request(NamedTuple):
    """A review that is asked of a team, or of a person for it, since an instant."""

    on_team: SimTeam
    person: str
    since: int


def reviewed(draft: Draft, pull: Pull) -> Pull:
    """A review by another team or, one time in three, by the team itself."""
    luck = draft.chance.random()
    if luck < 0.33:
        on_team = draft.team
    else:
        on_team = _asked_team(draft, pull)
        if luck < 0.41:
            return _by_two(draft, pull, on_team)
    if draft.chance.random() < 0.05:
        pull, request = _asked_of_a_draft(draft, pull, on_team)
    else:
        pull, request = asked(draft, pull, on_team)
    if draft.chance.random() < 0.05:
        return _removed(draft, pull, request)
    if draft.chance.random() < 0.05:
        pull, request = _paused(draft, pull, request)
    if draft.chance.random() < 0.05:
        draft.between(300, 2 * HOUR)
        _waited(draft, pull, request)
        pull = pull_turns.given_up(draft, pull)
        request = request._replace(since=draft.now)
    draft.between(300, draft.chance.choice((HOUR, 6 * HOUR, 24 * HOUR)))
    if draft.chance.random() < 0.1:
        draft.now += draft.chance.randint(HOUR, 14 * HOUR) * SECOND
    pull = answered(draft, pull, request)
    if draft.chance.random() < 0.2:
        pull = _once_more(draft, pull, on_team)
    return pull


def asked(
    draft: Draft, pull: Pull, on_team: SimTeam, *, by_name: bool = False
) -> tuple[Pull, Request]:
    """Ask the team, or somebody in it or for it, for a review."""
    draft.now += SECOND
    person = "" if by_name else _person(draft, pull, on_team)
    if person:
        pull = pull._replace(reviewers=(*pull.reviewers, person), asked_person=person)
    else:
        pull = pull._replace(teams=(*pull.teams, on_team.id), asked_team=on_team.id)
    request = Request(on_team, person, draft.now)
    return tell(draft, pull, "review_requested"), request


def answered(draft: Draft, pull: Pull, request: Request) -> Pull:
    """Somebody of the team reviews: whoever of it was asked, it has answered."""
    others = [login for login in request.on_team.members if login != pull.author]
    reviewer = request.person or draft.chance.choice(others)
    pull = _asked_no_more(pull, request)._replace(updated=draft.now)
    state = draft.chance.choice(("approved", "commented", "changes_requested"))
    review = Review(pull, 6_000_000_000 + draft.fresh(), reviewer, state, draft.now)
    _tell_review(draft, "submitted", review)
    _waited(draft, pull, request)
    if state == "approved" and draft.chance.random() < 0.05:
        # It was given all the same.
        draft.between(60, HOUR)
        shown = pull._replace(updated=draft.now)
        dismissed = review._replace(pull=shown, state="dismissed")
        _tell_review(draft, "dismissed", dismissed)
    return pull


def _asked_team(draft: Draft, pull: Pull) -> SimTeam:
    """Mostly whoever owns the repository, where that is another team."""
    owners = [
        team
        for team in draft.organisation.teams
        if pull.repo in team.repos and team != draft.team
    ]
    if owners and draft.chance.random() < 0.7:
        return owners[0]
    return draft.other_team(platform=0.4)


def _person(draft: Draft, pull: Pull, on_team: SimTeam) -> str:
    """Who is asked instead of the team; empty for nobody."""
    if pull.repo in on_team.repos and draft.chance.random() < 0.2:
        # In no team's list, or in several: for the team that owns the repository.
        staff = [login for login, _ in draft.organisation.staff]
        others = [one for one in (OUTSIDER, *staff) if one != pull.author]
    elif on_team == draft.team or draft.chance.random() < 0.3:
        others = [login for login in on_team.members if login != pull.author]
        others += [
            mover.login
            for mover in draft.organisation.movers
            if mover.team_at(draft.now) == on_team.id
        ]
    else:
        return ""
    return draft.chance.choice(others)


def _by_two(draft: Draft, pull: Pull, on_team: SimTeam) -> Pull:
    """Two teams are asked; each answers for itself."""
    pull, first = asked(draft, pull, on_team, by_name=True)
    others = [
        team for team in draft.organisation.teams if team not in (draft.team, on_team)
    ]
    other = draft.chance.choice(others) if others else draft.team
    draft.now += draft.chance.choice((0, 0, 700)) * SECOND
    pull, second = asked(draft, pull, other, by_name=True)
    both = [first, second]
    draft.chance.shuffle(both)
    for request in both:
        draft.between(300, draft.chance.choice((HOUR, 10 * HOUR)))
        pull = answered(draft, pull, request)
    return pull


def _once_more(draft: Draft, pull: Pull, on_team: SimTeam) -> Pull:
    """After another push the team is asked again."""
    draft.between(600, 4 * HOUR)
    pull = pull_turns.pushed(draft, pull)
    ci_steps.green(draft, pull)
    pull, request = asked(draft, pull, on_team)
    draft.between(300, 6 * HOUR)
    return answered(draft, pull, request)


def _asked_of_a_draft(
    draft: Draft, pull: Pull, on_team: SimTeam
) -> tuple[Pull, Request]:
    """Asked while it is a draft: nobody waits before it is ready."""
    pull = tell(draft, pull._replace(draft=True), "converted_to_draft")
    draft.between(60, HOUR)
    pull, request = asked(draft, pull, on_team)
    draft.between(300, 4 * HOUR)
    pull = tell(draft, pull._replace(draft=False), "ready_for_review")
    return pull, request._replace(since=draft.now)


def _removed(draft: Draft, pull: Pull, request: Request) -> Pull:
    """The request is taken back."""
    draft.between(300, 4 * HOUR)
    team = "" if request.person else request.on_team.id
    shown = _asked_no_more(pull, request)
    shown = shown._replace(asked_team=team, asked_person=request.person)
    pull = tell(draft, shown, "review_request_removed")
    _waited(draft, pull, request)
    return pull


def _paused(draft: Draft, pull: Pull, request: Request) -> tuple[Pull, Request]:
    """Back to draft: the request is suspended until it is ready again."""
    draft.between(300, 2 * HOUR)
    _waited(draft, pull, request)
    pull = tell(draft, pull._replace(draft=True), "converted_to_draft")
    draft.between(300, 2 * HOUR)
    pull = tell(draft, pull._replace(draft=False), "ready_for_review")
    return pull, request._replace(since=draft.now)


def _asked_no_more(pull: Pull, request: Request) -> Pull:
    if request.person:
        left = tuple(one for one in pull.reviewers if one != request.person)
        return pull._replace(reviewers=left)
    left = tuple(one for one in pull.teams if one != request.on_team.id)
    return pull._replace(teams=left)


def _waited(draft: Draft, pull: Pull, request: Request) -> None:
    on_team, since = request.on_team.id, request.since
    draft.wait(Wait("review_wait", on_team, since, draft.now, pull_key(pull)))


def _tell_review(draft: Draft, action: str, review: Review) -> None:
    draft.tell(
        f"pull_request_review.{action}",
        voice="github",
        entity=pull_key(review.pull),
        thing=review,
    )
