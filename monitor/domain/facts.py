"""Facts: what happened, in the closed list of kinds of the internal model.

A provider's payload is decoded into facts; a fact names things (a repository, a
pool, a group) and, until attribution, people. Attribution replaces people by
teams, and no later stage sees a person. References that are no persons stay in
the fact, because a changed directory must be able to resolve them anew.
"""

from __future__ import annotations

import enum
import hashlib
from typing import Final, NamedTuple, TypedDict


class Kind(enum.StrEnum):
    """The closed list of kinds. The order is the tie order of equal instants."""

    TICKET_CREATED = "ticket.created"
    TICKET_STARTED = "ticket.started"
    TICKET_BLOCKED = "ticket.blocked"
    TICKET_UNBLOCKED = "ticket.unblocked"
    TICKET_ASSIGNED = "ticket.assigned"
    TICKET_ACCEPTED = "ticket.accepted"
    TICKET_REQUESTED = "ticket.requested"
    TICKET_COMMENTED = "ticket.commented"
    TICKET_UPDATED = "ticket.updated"
    TICKET_POSTPONED = "ticket.postponed"
    TICKET_DECIDED = "ticket.decided"
    TICKET_DONE = "ticket.done"
    TICKET_CANCELLED = "ticket.cancelled"
    TICKET_PARKED = "ticket.parked"
    TICKET_REOPENED = "ticket.reopened"
    LINK_ADDED = "link.added"
    LINK_REMOVED = "link.removed"
    CHANGE_OPENED = "change.opened"
    CHANGE_READY = "change.ready"
    CHANGE_DRAFTED = "change.drafted"
    CHANGE_PUSHED = "change.pushed"
    CHANGE_MERGED = "change.merged"
    CHANGE_CLOSED = "change.closed"
    CHANGE_REVIEW_REQUESTED = "change.review_requested"
    CHANGE_REVIEW_UNREQUESTED = "change.review_unrequested"
    CHANGE_REVIEWED = "change.reviewed"
    RUN_QUEUED = "run.queued"
    RUN_STARTED = "run.started"
    RUN_FINISHED = "run.finished"
    DEPLOY_READY = "deploy.ready"
    DEPLOY_STARTED = "deploy.started"
    DEPLOY_APPROVAL_REQUESTED = "deploy.approval_requested"
    DEPLOY_APPROVAL_DECIDED = "deploy.approval_decided"
    DEPLOY_FINISHED = "deploy.finished"
    DEPLOY_ROLLED_BACK = "deploy.rolled_back"
    FREEZE_STARTED = "freeze.started"
    FREEZE_ENDED = "freeze.ended"
    INCIDENT_OPENED = "incident.opened"
    INCIDENT_MITIGATED = "incident.mitigated"
    INCIDENT_RESOLVED = "incident.resolved"
    FINDING_OPENED = "finding.opened"
    FINDING_CLOSED = "finding.closed"
    # Stored facts tell their kind by its place here, so a new one comes last.
    RUN_HELD = "run.held"


KINDS: Final = tuple(Kind)
RUNS: Final = frozenset(kind for kind in Kind if kind.startswith("run."))
KIND_ORDER: Final = {kind: index for index, kind in enumerate(KINDS)}

# Fields that name other things, by any of their keys.
REFERENCES: Final = frozenset(
    ("item", "parent", "change", "blocker", "needed_by", "tickets", "changes", "items")
)

WORK_CLASSES: Final = ("feature", "defect", "debt", "risk", "request")
OUTCOMES: Final = (
    "success",
    "failure",
    "error",
    "timed_out",
    "cancelled",
    "skipped",
    "neutral",
)
FAILED: Final = frozenset({"failure", "error", "timed_out"})


class Fields(TypedDict, total=False):
    """What a fact says beside kind, time and entity. Absent means not said.

    Teams named here are explicit (said by the event, not yet looked up in the
    directory), or those of a person, by attribution, where ``derived`` says so.
    """

    # where it belongs
    item: str  # explicit root item
    parent: str  # ticket: the ticket of which this one is a sub-task
    epic: bool  # ticket above story level: no item
    tickets: list[str]  # change: tickets its branch, title, body name, best first
    change: str  # run: the change it runs for
    changes: list[str]  # run: several candidate changes
    number: int  # change: its number, the last tie-break
    bot: bool  # change: opened by a bot, so no item of its own
    fork: bool  # change: its branch is in a fork of the repository
    shown: str  # how its body shows what the fact is about: see ``domain.untold``
    aliases: list[str]  # other keys of the same entity; of names, the newest first
    aliased: dict[str, str]  # keys of other things, each by another key it has
    # By number at their site, tickets' keys, each as of when it was shown (ms), or 0.
    keyed: dict[str, tuple[str, int]]  # never stored
    # Its entity and references as told, where these name a repository without its id.
    called: dict[str, str | list[str]]
    deleted: bool  # the entity was a mistake and is taken out of history

    # teams, by id as the event says them
    team: str  # owner
    author_team: str  # change: its author's team
    by_teams: list[str]  # the acting team (several when a person is in several)
    on_team: str  # who is waited for
    to_team: str  # receiver of an assignment
    requester_team: str
    cause_teams: list[str]
    reviewed_by: list[str]  # change.reviewed: the team(s) that reviewed
    asked: list[str]  # change.reviewed: keys of all groups' requests left after it
    teams: list[str]  # freeze
    derived: list[str]  # names of those fields that hold a person's teams

    # references the directory resolves
    repo: str  # owner/name, lower case
    repo_id: str  # run, deploy: its host and id, as keys of changes begin with them
    paths: list[str]  # files a push touched, as "/dir/file"
    service: str
    project: str  # tracker project key
    areas: list[str]  # ticket: what of a tracker may own it beside its project
    areas_before: list[str]  # ticket.assigned: those it had before
    project_before: str  # ticket.assigned: the project it had before
    repo_before: str  # ticket.assigned: the repository it was in before
    repos_before: list[str]  # change.opened: names its repository had; never stored
    group: str  # asked reviewer or approver group: "@acme/platform"
    pool: list[str]  # runner group and labels
    hosted: bool  # the vendor's runners
    inferred: bool  # asked or acting person unmapped: the repository's owner
    request: str  # opaque key of one review request, approval, link, or flag's name
    request_number: str  # one of a review request that no rename changes

    # what happened
    work_class: str
    class_shown: str  # its beginning: by the newest body, for want of a stated one
    needed_by: str
    automation: bool
    how: str
    decision: str  # of a ticket: a word of ``domain.decided``
    actor_role: str  # a word of ``domain.decided``
    blocker: str
    sha: str
    branch: str  # a word made of its name (`opaque`), which may be a person's
    pipeline: str
    pipeline_told: str  # a word of its whole name, where a branch's is hidden in it
    attempt: int
    outcome: str
    default_branch: bool
    environment: str  # a word made of its name, too, unless that is an ordinary one
    production: bool  # deploy: its source calls the environment one, whatever its name
    items: list[str]
    shas: list[str]
    unplanned: bool
    artifact: str  # deploy: of CDEvents read by earlier versions, what was deployed
    version: str  # deploy that succeeded: its commit; an older one there undoes others
    within: str  # deploy with a version: the attempt of a run that it is a stage of
    deployed: str  # deploy without an id: of what; its rollback is of the one before
    services: list[str]
    responders: int
    finding_class: str
    labels: list[str]  # in the words of ``domain.labels``; others are not kept
    url: str
    receipt: bool  # no event time: the time is that of receipt


# ``how`` of an assignment: the receiver has the ticket no longer, nobody else has it.
UNASSIGNED: Final = "unassigned"
# ``how`` of a reopening: into a list of things to do, so that nobody has it in hand.
PUT_BACK: Final = "put back"
# ``how`` of a block that ends: the one that names nobody, and no other with it.
UNNAMED: Final = "unnamed"
# ``how`` of a block, and of a lift: a label says it, or a card of a board, of which
# more may be told (``domain.flags``). Of what else a card says: it blocks no more. Of
# an update: no label but those that block by facts of the same instant says so any more
# (``domain.unlabelled``).
LABELLED: Final = "label"
ON_CARD: Final = "card"
UNLABELLED: Final = "no label"
# What begins a ticket's ``areas``: a value of the tracker's team field, a component.
TEAM_AREA: Final = "jira:team:"
COMPONENT_AREA: Final = "jira:component:"


class People(TypedDict, total=False):
    """Handles as ``provider:id``, for example ``github:octocat``.

    They leave the fact in attribution: nothing after it has this type.
    """

    author: str  # of a change
    actor: str  # who did it
    owner: str  # whose the repository is, where its body says that this is a person
    asked: str  # whose review or approval was asked
    reviewer: str  # who reviewed
    receiver: str  # to whom a ticket was assigned
    beside: list[str]  # to whom it is assigned as well
    named: str  # whom a label says is waited for: a team, or anybody, as it is written


class Fact(NamedTuple):
    """One thing that happened. ``time`` is in whole milliseconds UTC.

    ``source`` is the provider's instance, which is part of the identity, and from
    intake on the word for the record that was read (``provenance``).
    """

    kind: Kind
    time: int
    entity: str
    source: str
    identity: int
    revision: int
    fields: Fields
    people: People


# A copy of a prepared hash costs half of preparing one.
_prepared: Final = hashlib.blake2b(digest_size=8).copy
_number: Final = int.from_bytes


def digest(*parts: str) -> int:
    """A stable hash of the parts; of 63 bits, as SQLite's integers are signed."""
    hashed = _prepared()
    hashed.update("\x1f".join(parts).encode("utf-8", "surrogatepass"))
    return _number(hashed.digest()) >> 1
