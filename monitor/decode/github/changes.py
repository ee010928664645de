"""GitHub pull requests to facts.

Every body carries the whole pull request, so every body says when it was opened,
merged and closed; what only the action says happened when the body was made.
"""

from __future__ import annotations

from typing import Final

from monitor.decode.github.asked import request_key, request_number
from monitor.decode.github.models import PullRequestBody
from monitor.decode.github.pull import PullSnapshot
from monitor.decode.github.reading import (
    TOUCHING,
    Moment,
    Read,
    Reading,
)
from monitor.domain.facts import Fact, Kind, People

# What people do to a pull request beside its life and its reviews.
TOUCHING_CHANGES: Final = TOUCHING | {
    "assigned",
    "unassigned",
    "enqueued",
    "dequeued",
    "auto_merge_enabled",
    "auto_merge_disabled",
}
ASKED: Final = {
    "review_requested": Kind.CHANGE_REVIEW_REQUESTED,
    "review_request_removed": Kind.CHANGE_REVIEW_UNREQUESTED,
}


def read_pull_request(body: PullRequestBody, reading: Reading) -> Read:
    """The pull request's life so far, and what the action adds to it."""
    action, sender = body.get("action"), body.get("sender")
    snapshot = PullSnapshot(body["pull_request"], reading, action, sender)
    return [*snapshot.life(), *_of_action(body, snapshot, reading)]


def _of_action(  # noqa: PLR0911 - one an action
    body: PullRequestBody, snapshot: PullSnapshot, reading: Reading
) -> list[Fact]:
    moment = snapshot.now()
    if moment is None:
        return []
    draft = bool(body["pull_request"].get("draft"))
    match body.get("action"):
        case "opened":
            return _opened(snapshot, moment, draft=draft)
        case "reopened":
            drafted = [snapshot.stage(Kind.CHANGE_DRAFTED, moment)] if draft else []
            return [snapshot.reopened(moment), *drafted]
        case "ready_for_review":
            return [_acted(Kind.CHANGE_READY, body, snapshot, moment)]
        case "converted_to_draft":
            return [_acted(Kind.CHANGE_DRAFTED, body, snapshot, moment)]
        case "synchronize":
            return [_acted(Kind.CHANGE_PUSHED, body, snapshot, moment)]
        case "review_requested" | "review_request_removed":
            return _asked(body, snapshot, moment, reading)
        case action if action in TOUCHING_CHANGES:
            return [_acted(Kind.TICKET_UPDATED, body, snapshot, moment)]
        case _:
            return []


def _opened(snapshot: PullSnapshot, moment: Moment, *, draft: bool) -> list[Fact]:
    """Its class, a draft from the start; the opening, where none tells when it was."""
    told = snapshot.created
    first = moment if told is None else Moment(told)
    opened = [snapshot.opened(first)] if told is None else []
    drafted = [snapshot.stage(Kind.CHANGE_DRAFTED, first)] if draft else []
    return [*opened, *snapshot.classed(first), *drafted]


def _acted(
    kind: Kind, body: PullRequestBody, snapshot: PullSnapshot, moment: Moment
) -> Fact:
    fields = snapshot.standing(moment)
    if kind is Kind.CHANGE_PUSHED:
        snapshot.say_head(fields)
    reading = snapshot.reading
    people = reading.acted(fields, body.get("sender"))
    return reading.fact(
        kind, moment, snapshot.entity, fields, people, revision=snapshot.revision
    )


def _asked(
    body: PullRequestBody, snapshot: PullSnapshot, moment: Moment, reading: Reading
) -> list[Fact]:
    """The one request the action is about; a program that is asked delays nobody.

    The lists of who is asked at present have no times: only reviews tell them. GitHub
    names neither an account nor a team that is gone: that is no request.
    """
    kind = ASKED[body.get("action") or ""]
    fields = snapshot.standing(moment)
    reading.mark(fields, body.get("sender"))
    people: People = {}
    team, reviewer = body.get("requested_team"), body.get("requested_reviewer")
    if team is not None:
        group = reading.group(team)
        if group is None:
            return []
        fields["group"] = fields["request"] = group
        fields |= request_number(snapshot.entity, "team", team.get("id"))
    else:
        asked = reading.person(reviewer)
        if reviewer is None or asked is None:
            if "requested_reviewer" not in body:
                reading.missing("requested_reviewer")
            return []
        fields["request"] = request_key(snapshot.entity, asked)
        fields |= request_number(snapshot.entity, "user", reviewer.get("id"))
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
