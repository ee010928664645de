"""GitHub issues as tickets: life, labels, assignment, hierarchy, dependencies.

An issue has no status beside open and closed: labels and boards say the rest, by
the words of the configuration.
"""

from __future__ import annotations

from typing import Final

from monitor.decode.github.issue_labels import labelled
from monitor.decode.github.issue_life import IssueLife, issue_place
from monitor.decode.github.models import (
    DependencyBody,
    Issue,
    IssueBody,
    IssueCommentBody,
    Repository,
    SubIssueBody,
)
from monitor.decode.github.places import Place, place_of
from monitor.decode.github.reading import TOUCHING, Moment, Read, Reading
from monitor.decode.github.reviews import commented, when_commented
from monitor.domain.facts import UNASSIGNED, Fact, Fields, Kind

# What is done to two issues at once, as either repository is told of it. Of anything
# else it is not known whether it joins them or parts them.
_PARTED: Final = frozenset(
    {"sub_issue_added", "sub_issue_removed"}
    | {"parent_issue_added", "parent_issue_removed"}
)
_LINKED: Final = frozenset(
    {"blocked_by_added", "blocked_by_removed", "blocking_added", "blocking_removed"}
)


def read_issue(body: IssueBody, reading: Reading) -> Read:
    """The issue's life so far, and what the action adds to it."""
    action = body.get("action")
    home, sender = reading.home(), body.get("sender")
    life = IssueLife(body["issue"], reading, home, action=action, sender=sender)
    facts = life.facts(_moved_from(body, reading) if life.is_opening else [])
    return [*facts, *_of_action(body, life, reading)]


def read_issue_comment(body: IssueCommentBody, reading: Reading) -> Read:
    """The life so far, and the comment as an activity, on pull requests too.

    An issue's view of a pull request names no branch, so it only counts where no
    body of the pull request itself is known.
    """
    life, comment = IssueLife(body["issue"], reading, reading.home()), body["comment"]
    moment = when_commented(comment, reading, life.updated, life.created, life.closed)
    facts = life.facts()
    if moment is None:
        return facts
    standing = life.standing(moment) if body.get("action") == "created" else {}
    said = commented(reading, life.entity, moment, comment.get("user"), standing)
    return [*facts, said]


def read_sub_issue(body: SubIssueBody, reading: Reading) -> Read:
    """Both issues' lives, and whose part the sub-issue became or ceased to be.

    Both repositories get a body; both say the same at the newest of the times.
    """
    action = body.get("action") or ""
    child = _one_of_two(
        "sub_issue",
        body["sub_issue"],
        body.get("sub_issue_repo"),
        reading,
        home=action.startswith("parent_issue"),
    )
    parent = _one_of_two(
        "parent_issue",
        body["parent_issue"],
        body.get("parent_issue_repo"),
        reading,
        home=action.startswith("sub_issue"),
    )
    moment = reading.moment("sub_issue.updated_at", child.updated, parent.updated)
    facts = [*child.facts(), *parent.facts()]
    if moment is None or action not in _PARTED:
        return facts
    removed = action.endswith("_removed")
    user = body.get("sender")
    return [*facts, child.joined(parent.entity, moment, user, removed=removed)]


def read_dependency(body: DependencyBody, reading: Reading) -> Read:
    """Both issues' lives, and the link between them.

    Both repositories get a body; both give one fact, keyed by the two issues.
    """
    action = body.get("action") or ""
    blocked = _one_of_two(
        "blocked_issue",
        body["blocked_issue"],
        body.get("blocked_issue_repo"),
        reading,
        home=action.startswith("blocked_by"),
    )
    blocking = _one_of_two(
        "blocking_issue",
        body["blocking_issue"],
        body.get("blocking_issue_repo"),
        reading,
        home=action.startswith("blocking"),
    )
    moment = reading.moment(
        "blocked_issue.updated_at", blocked.updated, blocking.updated
    )
    facts = [*blocked.facts(), *blocking.facts()]
    if moment is None or action not in _LINKED:
        return facts
    removed = action.endswith("_removed")
    kind = Kind.LINK_REMOVED if removed else Kind.LINK_ADDED
    fields: Fields = {"blocker": blocking.entity}
    people = reading.acted(fields, body.get("sender"))
    return [*facts, blocked.fact(kind, moment, fields, people)]


def _one_of_two(
    where: str,
    issue: Issue,
    repository: Repository | None,
    reading: Reading,
    *,
    home: bool,
) -> IssueLife:
    """An issue of a pair: in the body's repository, the named one, or by address."""
    place = reading.place if home else None
    place = place or place_of(repository, reading.host) or issue_place(issue, reading)
    return IssueLife(issue, reading, place, where=where)


def _moved_from(body: IssueBody, reading: Reading) -> list[str]:
    """The keys the issue had before it was transferred here."""
    changes = body.get("changes")
    issue = changes.get("old_issue") if changes is not None else None
    if changes is None or issue is None:
        return []
    old = place_of(changes.get("old_repository"), reading.host)
    former = _numbered(old, issue.get("number"))
    return [*former, *reading.node_keys(issue.get("node_id"))]


def _numbered(place: Place | None, number: int | None) -> list[str]:
    if place is None or number is None:
        return []
    return [f"{place.prefix}#{number}"]


def _of_action(  # noqa: PLR0911 - one an action
    body: IssueBody, life: IssueLife, reading: Reading
) -> list[Fact]:
    moment = life.now()
    if moment is None:
        return []
    sender = body.get("sender")
    match body.get("action"):
        case "opened":
            return _came(body, life, moment, reading)
        case "reopened":
            return [life.acted(Kind.TICKET_REOPENED, moment, {}, sender)]
        case "deleted":
            return [
                life.acted(Kind.TICKET_CANCELLED, moment, {"deleted": True}, sender)
            ]
        case "transferred":
            return _transferred(body, life, reading)
        case "assigned":
            return _assigned(body, life, moment, reading)
        case "unassigned":
            return _unassigned(body, life, moment, reading)
        case "labeled" | "unlabeled":
            return labelled(body, life, moment, reading)
        case action if action in TOUCHING:
            return [life.touched(action, moment, sender)]
        case _:
            return []


def _transferred(body: IssueBody, life: IssueLife, reading: Reading) -> list[Fact]:
    """The new issue's creation, which has the old one's keys as its aliases."""
    changes = body.get("changes")
    issue = changes.get("new_issue") if changes is not None else None
    if changes is None or issue is None:
        return []
    place = place_of(changes.get("new_repository"), reading.host)
    if place is None:
        return []
    moved = IssueLife(issue, reading, place, where="changes.new_issue")
    aliases = [life.entity, *reading.node_keys(body["issue"].get("node_id"))]
    facts = moved.facts(aliases)
    moment = reading.moment("changes.new_issue.updated_at", moved.updated, life.updated)
    if moment is not None:
        facts.append(_moved(moved, life.place.repo, [life.entity], moment, body))
    return facts


def _came(
    body: IssueBody, life: IssueLife, moment: Moment, reading: Reading
) -> list[Fact]:
    """Where an issue was before it was opened here, if it was transferred."""
    changes = body.get("changes")
    if changes is None:
        return []
    old = place_of(changes.get("old_repository"), reading.host)
    if old is None:
        return []
    former = _numbered(old, (changes.get("old_issue") or {}).get("number"))
    return [_moved(life, old.repo, former, moment, body)]


def _moved(
    life: IssueLife, before: str, former: list[str], moment: Moment, body: IssueBody
) -> Fact:
    """Handed to whoever owns the repository it is in now, if that is another team.

    Its former key, beside the name of where it was, tells which repository that is.
    """
    fields: Fields = {"repo_before": before}
    if former:
        fields["aliases"] = former
    return life.acted(Kind.TICKET_ASSIGNED, moment, fields, body.get("sender"))


def _assigned(
    body: IssueBody, life: IssueLife, moment: Moment, reading: Reading
) -> list[Fact]:
    """Handed to the person's team; who assigns inside of that team takes it on.

    Somebody who comes beside people of another team only helps these.
    """
    receiver, sender = reading.person(body.get("assignee")), body.get("sender")
    touched = life.acted(Kind.TICKET_UPDATED, moment, {}, sender)
    if receiver is None:
        return [touched]
    beside = sorted({*_assigned_to(body, reading)} - {receiver})
    handed = life.acted(
        Kind.TICKET_ASSIGNED, moment, {}, sender, receiver=receiver, beside=beside
    )
    return [handed, touched]


def _unassigned(
    body: IssueBody, life: IssueLife, moment: Moment, reading: Reading
) -> list[Fact]:
    """Whoever is left has the issue; else it is nobody's again."""
    sender, left = body.get("sender"), _assigned_to(body, reading)
    receiver = left[0] if left else reading.person(body.get("assignee"))
    if receiver is None:
        return [life.acted(Kind.TICKET_UPDATED, moment, {}, sender)]
    fields: Fields = {} if left else {"how": UNASSIGNED}
    handed = life.acted(
        Kind.TICKET_ASSIGNED, moment, fields, sender, receiver=receiver, beside=left[1:]
    )
    return [handed]


def _assigned_to(body: IssueBody, reading: Reading) -> list[str]:
    """Everybody who is assigned to the issue after what was done."""
    users = body["issue"].get("assignees") or ()
    return sorted(filter(None, map(reading.person, users)))
