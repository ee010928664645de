"""GitHub pull requests, reviews and their comments to facts.

Every body carries the whole pull request, so every body says when it was opened,
merged and closed; what only the action says happened when the body was made.
"""

from __future__ import annotations

from typing import Final

from monitor.decode.github_models import (
    PullRequest,
    PullRequestBody,
    ReviewBody,
    ReviewCommentBody,
    User,
)
from monitor.decode.github_reading import (
    Moment,
    Read,
    Reading,
    label_names,
    newest,
    request_key,
)
from monitor.decode.github_text import tickets_named, work_class
from monitor.domain.facts import Fact, Fields, Kind, People

_ASKED: Final = {
    "review_requested": Kind.CHANGE_REVIEW_REQUESTED,
    "review_request_removed": Kind.CHANGE_REVIEW_UNREQUESTED,
}


def read_pull_request(body: PullRequestBody, reading: Reading) -> Read:
    """The pull request's life so far, and what the action adds to it."""
    snapshot = _Snapshot(body["pull_request"], reading)
    return [*snapshot.life(), *_of_action(body, snapshot, reading)]


def read_review(body: ReviewBody, reading: Reading) -> Read:
    """The life so far, and the review.

    A dismissed or edited review was given all the same. What the author says in
    a review of the own change is a comment; what a program says is nothing.
    """
    snapshot = _Snapshot(body["pull_request"], reading)
    facts = snapshot.life()
    review = body["review"]
    submitted = reading.instant("review.submitted_at", review.get("submitted_at"))
    reviewer = reading.person(review.get("user"))
    if submitted is None or reviewer is None:
        return facts
    moment = Moment(submitted)
    if reviewer == reading.person(body["pull_request"].get("user")):
        return [*facts, commented(reading, snapshot.entity, moment, review.get("user"))]
    reviewed = reading.fact(
        Kind.CHANGE_REVIEWED,
        moment,
        snapshot.entity,
        {},
        {"reviewer": reviewer},
        revision=snapshot.revision,
    )
    return [*facts, reviewed]


def read_review_comment(body: ReviewCommentBody, reading: Reading) -> Read:
    """The life so far, and the comment on a line as an activity."""
    snapshot = _Snapshot(body["pull_request"], reading)
    facts = snapshot.life()
    comment = body["comment"]
    created = reading.instant("comment.created_at", comment["created_at"])
    if created is None:
        return facts
    moment = Moment(created)
    return [*facts, commented(reading, snapshot.entity, moment, comment.get("user"))]


def read_review_thread(body: PullRequestBody, reading: Reading) -> Read:
    """The life so far; resolving a thread is no event of its own."""
    return _Snapshot(body["pull_request"], reading).life()


def commented(reading: Reading, entity: str, moment: Moment, user: User | None) -> Fact:
    """Somebody said something on an issue or a pull request: an activity."""
    fields: Fields = {}
    people = reading.acted(fields, user)
    return reading.fact(Kind.TICKET_COMMENTED, moment, entity, fields, people)


class _Snapshot:
    """A pull request as one body shows it."""

    def __init__(self, pull: PullRequest, reading: Reading) -> None:
        self.pull = pull
        self.reading = reading
        self.place = reading.home()
        self.entity = f"{self.place.prefix}#{pull['number']}"
        at = reading.instant
        self.created = at("pull_request.created_at", pull["created_at"])
        self.updated = at("pull_request.updated_at", pull.get("updated_at"))
        self.closed = at("pull_request.closed_at", pull.get("closed_at"))
        self.merged = at("pull_request.merged_at", pull.get("merged_at"))
        self.revision = newest(self.created, self.updated, self.closed, self.merged)

    def life(self) -> list[Fact]:
        """Opened, and merged or closed, at the times the body carries."""
        if self.created is None:
            return []
        facts = [self.opened(Moment(self.created))]
        if self.merged is not None:
            facts.append(self._merged(Moment(self.merged)))
        elif self.closed is not None:
            facts.append(self.stage(Kind.CHANGE_CLOSED, Moment(self.closed)))
        return facts

    def opened(self, moment: Moment) -> Fact:
        """The opening, with everything the body tells about the change."""
        user = self.pull.get("user")
        fields = self._described()
        people: People = {}
        author = self.reading.person(user)
        if author is not None:
            people = {"author": author, "actor": author}
        elif self.reading.automated(user):
            fields["bot"] = True
            fields["automation"] = True
        return self.reading.fact(
            Kind.CHANGE_OPENED,
            moment,
            self.entity,
            fields,
            people,
            revision=self.revision,
        )

    def _described(self) -> Fields:
        pull, settings = self.pull, self.reading.settings
        fields: Fields = {"number": pull["number"]}
        head, title = pull.get("head"), pull.get("title")
        branch = head.get("ref") if head is not None else None
        if branch:
            fields["branch"] = branch
        sha = head.get("sha") if head is not None else None
        if sha:
            fields["sha"] = sha
        node, url = pull.get("node_id"), pull.get("html_url")
        if node:
            fields["aliases"] = [node]
        if url:
            fields["url"] = url
        place = (self.place.prefix, self.place.repo)
        tickets = tickets_named(branch, title, pull.get("body"), settings, place)
        if tickets:
            fields["tickets"] = tickets
        found = work_class(None, label_names(pull.get("labels")), title, settings)
        if found is not None:
            fields["work_class"] = found
        return fields

    def _merged(self, moment: Moment) -> Fact:
        # The commit on the base branch: what deployments and later runs name.
        fields: Fields = {}
        sha = self.pull.get("merge_commit_sha")
        if sha:
            fields["sha"] = sha
        people = self.reading.acted(fields, self.pull.get("merged_by"))
        return self.reading.fact(
            Kind.CHANGE_MERGED,
            moment,
            self.entity,
            fields,
            people,
            revision=self.revision,
        )

    def stage(self, kind: Kind, moment: Moment, fields: Fields | None = None) -> Fact:
        """A stage of the change that says nothing more."""
        return self.reading.fact(
            kind, moment, self.entity, fields or {}, revision=self.revision
        )

    def now(self) -> Moment | None:
        """When the action was: the newest time of the pull request."""
        return self.reading.moment(
            "pull_request.updated_at", self.updated, self.created
        )


def _of_action(  # noqa: PLR0911 - one an action
    body: PullRequestBody, snapshot: _Snapshot, reading: Reading
) -> list[Fact]:
    moment = snapshot.now()
    if moment is None or snapshot.created is None:
        return []
    draft = bool(body["pull_request"].get("draft"))
    match body.get("action"):
        case "opened" if draft:
            return [snapshot.stage(Kind.CHANGE_DRAFTED, Moment(snapshot.created))]
        case "reopened":
            drafted = [snapshot.stage(Kind.CHANGE_DRAFTED, moment)] if draft else []
            return [snapshot.opened(moment), *drafted]
        case "ready_for_review":
            return [_acted(Kind.CHANGE_READY, body, snapshot, moment)]
        case "converted_to_draft":
            return [_acted(Kind.CHANGE_DRAFTED, body, snapshot, moment)]
        case "synchronize":
            return [_acted(Kind.CHANGE_PUSHED, body, snapshot, moment)]
        case "review_requested" | "review_request_removed":
            return _asked(body, snapshot, moment, reading)
        case _:
            return []


def _acted(
    kind: Kind, body: PullRequestBody, snapshot: _Snapshot, moment: Moment
) -> Fact:
    head = body["pull_request"].get("head")
    fields: Fields = {}
    if kind is Kind.CHANGE_PUSHED and head is not None:
        sha, branch = head.get("sha"), head.get("ref")
        if sha:
            fields["sha"] = sha
        if branch:
            fields["branch"] = branch
    reading = snapshot.reading
    people = reading.acted(fields, body.get("sender"))
    return reading.fact(
        kind, moment, snapshot.entity, fields, people, revision=snapshot.revision
    )


def _asked(
    body: PullRequestBody, snapshot: _Snapshot, moment: Moment, reading: Reading
) -> list[Fact]:
    """The one request the action is about; a program that is asked delays nobody.

    The lists of who is asked at present have no times, so they are not read.
    """
    kind = _ASKED[body.get("action") or ""]
    fields: Fields = {}
    people: People = {}
    team, reviewer = body.get("requested_team"), body.get("requested_reviewer")
    if team is not None:
        group = reading.group(team)
        if group is None:
            reading.missing("requested_team.slug")
            return []
        fields = {"group": group, "request": group}
    else:
        asked = reading.person(reviewer)
        if asked is None:
            if reviewer is None:
                reading.missing("requested_reviewer")
            return []
        fields = {"request": request_key(snapshot.entity, asked)}
        people = {"asked": asked}
    return [
        reading.fact(
            kind,
            moment,
            snapshot.entity,
            fields,
            people,
            revision=snapshot.revision,
        )
    ]
