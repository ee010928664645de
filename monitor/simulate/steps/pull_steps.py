"""The life of pull requests on GitHub: drafts, reviews, pushes, merges."""

from __future__ import annotations

from typing import Final

from monitor.simulate.bodies.things import Comment, Issue, Pull, pull_key
from monitor.simulate.draft import SECOND, Draft
from monitor.simulate.steps import (
    ci_steps,
    gate_steps,
    noting,
    pull_checks,
    pull_turns,
    review_steps,
)
from monitor.simulate.steps.pull_turns import tell
from monitor.simulate.steps.tracker import person
from monitor.simulate.words import sha, slug, title

HOUR: Final = 3_600
# Of so many pull requests one is talked about.
_TALKED_ABOUT: Final = 3
_PREFIXES: Final = {"feature": "feat", "defect": "fix", "debt": "refactor"}
_SENTENCES: Final = (
    "This keeps the old behaviour behind a flag until the migration is over. ",
    "The tests cover the empty case, the usual case and the one from last week. ",
    "Please look at the retry policy first, the rest follows from it. ",
)


def pull_request(draft: Draft) -> None:
    """One pull request from opening to merge, with everything in between."""
    if draft.item and draft.chance.random() < 0.1:
        pull = pull_turns.named(draft, opened(draft, named=False))
    else:
        pull = opened(draft)
    if draft.chance.random() < 0.12:
        pull = _ready(draft, pull)
    pull = pull_checks.checked(draft, pull)
    if draft.chance.random() < 0.08:
        gate_steps.previewed(draft, pull)
    for _ in range(draft.chance.choice((0, 1, 1, 1, 2))):
        draft.between(60, 2 * HOUR)
        pull = review_steps.reviewed(draft, pull)
    draft.between(60, 3 * HOUR)
    if draft.chance.random() < 0.06:
        pull = pull_turns.given_up(draft, pull)
        draft.between(60, 2 * HOUR)
    if draft.chance.random() < 0.15:
        pull = pull_turns.queued_to_merge(draft, pull)
    merged(draft, pull)
    if draft.item == pull_key(pull) and draft.chance.random() < 0.15:
        gate_steps.released(draft, pull)


def pair(draft: Draft) -> None:
    """Two pull requests: the item waits only while both of them do."""
    first = opened(draft)
    one, other = draft.other_team(), draft.other_team(platform=0.0)
    first, asked_first = review_steps.asked(draft, first, one)
    draft.between(600, 2 * HOUR)
    second = opened(draft)
    draft.between(600, 2 * HOUR)
    second, asked_second = review_steps.asked(draft, second, other)
    draft.between(600, 6 * HOUR)
    first = review_steps.answered(draft, first, asked_first)
    draft.between(600, 4 * HOUR)
    second = review_steps.answered(draft, second, asked_second)
    draft.between(60, HOUR)
    merged(draft, first)
    draft.between(60, HOUR)
    merged(draft, second)


def opened(draft: Draft, *, named: bool = True, repo: str = "") -> Pull:
    """Open a pull request for the ticket, or as an item of its own.

    ``named`` says whether it names its ticket from the beginning.
    """
    number = draft.fresh()
    if not repo:
        repo = draft.issue.repo if draft.issue else _repository(draft)
    words = slug(draft.chance)
    closes = pull_turns.closing(draft) if named else ""
    ticket = draft.item if named and draft.item and not draft.issue else ""
    prefix = "" if draft.item else _PREFIXES[draft.work_class] + ": "
    pull = Pull(
        repo=repo,
        number=number,
        id=5_000_000_000 + number,
        author=_author(draft, repo),
        branch=f"{ticket}-{words}" if ticket else f"{words}-{number}",
        title=f"{prefix}{title(draft.chance)}",
        text=closes + "\n\n" + _text(draft),
        created=draft.now,
        sha=sha(draft.chance),
        updated=draft.now,
    )
    if draft.item:
        noting.meant(draft)
    else:
        draft.item = pull_key(pull)
    draft.open_change(pull_key(pull))
    tell(draft, pull, "opened")
    if number % _TALKED_ABOUT == 0:
        _commented(draft, pull)
    return pull


def _author(draft: Draft, repo: str) -> str:
    """Somebody of the team's; in its own repository perhaps of no team, or of two."""
    if repo not in draft.team.repos or draft.chance.random() < 0.85:
        return person(draft, draft.team)
    staff = [
        one.login for one in draft.organisation.staff if draft.team.id in one.teams
    ]
    return draft.chance.choice((review_steps.OUTSIDER, *staff))


def _repository(draft: Draft) -> str:
    """One of the team's, or another team's: whose the work is, is not the code's."""
    is_guest = draft.chance.random() < 0.2
    team = draft.other_team(platform=0.3) if is_guest else draft.team
    return draft.chance.choice(team.repos)


def _commented(draft: Draft, pull: Pull) -> None:
    """A word in the conversation: GitHub tells of it as of one on an issue."""
    as_issue = Issue(
        repo=pull.repo,
        number=pull.number,
        id=pull.id,
        author=pull.author,
        title=pull.title,
        type_name="",
        created=pull.created,
        text=pull.text,
        updated=draft.now,
    )
    number = 3_000_000_000 + pull.number
    said = Comment(as_issue, number, pull.author, draft.now, pull=True)
    draft.tell(
        "issue_comment.created", voice="github", entity=pull_key(pull), thing=said
    )


def merged(draft: Draft, pull: Pull) -> None:
    """Merge it: the change is no longer open, and its waits are over."""
    tell(draft, pull._replace(merged=draft.now, closed=draft.now), "closed")
    draft.close_change(pull_key(pull))
    if draft.chance.random() < 0.3:
        ci_steps.after_the_merge(draft, pull)


def _text(draft: Draft) -> str:
    sentences = draft.chance.choices(_SENTENCES, k=draft.chance.choice((2, 6, 20, 40)))
    return "".join(sentences)


def _ready(draft: Draft, pull: Pull) -> Pull:
    """Back to draft for a while, then ready again."""
    draft.now += 5 * SECOND
    pull = tell(draft, pull._replace(draft=True), "converted_to_draft")
    draft.between(600, 3 * HOUR)
    return tell(draft, pull._replace(draft=False), "ready_for_review")
