"""GitHub's reviews, and what is said on lines and in conversations, to facts."""

from __future__ import annotations

from monitor.decode.github.asked import request_key, request_number
from monitor.decode.github.models import (
    Comment,
    PullRequestBody,
    ReviewBody,
    ReviewCommentBody,
    User,
)
from monitor.decode.github.pull import PullSnapshot
from monitor.decode.github.reading import (
    Moment,
    Read,
    Reading,
)
from monitor.domain.facts import Fact, Fields, Kind


def read_review(body: ReviewBody, reading: Reading) -> Read:
    """The life so far, and the review.

    A dismissed or edited review was given all the same. What the author says in
    a review of the own change is a comment; what a program says is nothing. Whoever
    was asked has answered, whatever teams they are in: the review names the request.
    GitHub asks a team no longer once any member of its own answers, whom the teams file
    may not know: so those that are still asked are told, too. What else the body shows
    is of that time only where it is of the submission.
    """
    snapshot = PullSnapshot(body["pull_request"], reading)
    facts = snapshot.life()
    review = body["review"]
    user = review.get("user")
    reviewer = reading.person(user)
    submitted = reading.instant("review.submitted_at", review.get("submitted_at"))
    moment = Moment(submitted) if submitted is not None else None
    if moment is None and body.get("action") == "submitted":
        moment = snapshot.now()
    if moment is None or user is None or reviewer is None:
        return facts
    submitting = body.get("action") == "submitted"
    standing = snapshot.standing(moment) if submitting else {}
    if reviewer == reading.person(body["pull_request"].get("user")):
        said = commented(reading, snapshot.entity, moment, user, standing)
        return [*facts, said]
    reviewed = reading.fact(
        Kind.CHANGE_REVIEWED,
        moment,
        snapshot.entity,
        {
            "request": request_key(snapshot.entity, reviewer),
            **request_number(snapshot.entity, "user", user.get("id")),
            **standing,
            **(snapshot.still_asked(moment) if submitting else {}),
        },
        {"reviewer": reviewer},
        revision=snapshot.revision if submitting else snapshot.revision // 1_000,
    )
    return [*facts, reviewed]


def read_review_comment(body: ReviewCommentBody, reading: Reading) -> Read:
    """The life so far, and the comment on a line as an activity."""
    snapshot = PullSnapshot(body["pull_request"], reading)
    facts = snapshot.life()
    about = snapshot.updated, snapshot.created
    moment = when_commented(body["comment"], reading, *about)
    if moment is None:
        return facts
    user = body["comment"].get("user")
    # It is sent with its review, and may have been written long before: what the body
    # shows is not of then.
    return [*facts, commented(reading, snapshot.entity, moment, user, {})]


def read_review_thread(body: PullRequestBody, reading: Reading) -> Read:
    """The life so far; resolving a thread is no event of its own."""
    return PullSnapshot(body["pull_request"], reading).life()


def when_commented(
    comment: Comment, reading: Reading, *about: int | None
) -> Moment | None:
    """When a comment was made; else the newest time of what it is ``about``."""
    where = "comment.created_at"
    created = reading.instant(where, comment.get("created_at"))
    return reading.told(where, created, *about)


def commented(
    reading: Reading,
    entity: str,
    moment: Moment,
    user: User | None,
    standing: Fields,
) -> Fact:
    """Somebody said something on an issue or a pull request: an activity.

    What the thing is as of then is said with it.
    """
    fields: Fields = {**standing}
    people = reading.acted(fields, user)
    return reading.fact(Kind.TICKET_COMMENTED, moment, entity, fields, people)
