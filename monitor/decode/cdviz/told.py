"""What CDviz tells of a change beside the CDEvents it makes of webhooks.

All that happens to a pull request but its opening, its end and its reviews is
``change.updated``, and who did it is nowhere in a CDEvent. Either is in its
``customData``: as a part of GitHub's body (for spec 0.4), or as all of it (0.5). In
both CDviz puts words of its own in the place of GitHub's ``review``. What it tells of
other tools is read in ``tools``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monitor.decode.cdviz.accounts import is_own, opener, sender
from monitor.decode.cdviz.body import (
    Custom,
    is_elsewhere,
    is_program,
    part,
    person,
    text_in,
)
from monitor.decode.cdviz.requests import REQUESTS, asked, request_made
from monitor.decode.cdviz.tools import (
    change_updated,
    is_draft_of,
    not_reviewed,
    tool_of,
)
from monitor.decode.github.changes import ASKED, TOUCHING_CHANGES
from monitor.decode.native.fields import Said, without_nothing
from monitor.decode.settings import DecodeSettings
from monitor.domain.facts import Kind, People

# As they are read in GitHub's own bodies.
_KINDS: Final[Mapping[str, Kind]] = {
    "synchronize": Kind.CHANGE_PUSHED,
    "reopened": Kind.CHANGE_OPENED,
    "ready_for_review": Kind.CHANGE_READY,
    "converted_to_draft": Kind.CHANGE_DRAFTED,
    # A comment on a line; nothing else that CDviz sends so is created.
    "created": Kind.TICKET_COMMENTED,
    **dict.fromkeys(TOUCHING_CHANGES, Kind.TICKET_UPDATED),
}


def github_action(custom: Custom) -> str | None:
    """What GitHub says was done; ``None`` where nobody tells."""
    action = part(custom, "github").get("action")
    return action if isinstance(action, str) and action else None


def updated_change(custom: Custom, settings: DecodeSettings) -> Kind | None:
    """What ``change.updated`` is of; ``None`` for what says nothing of the work.

    Without an action it is the new commits that the CDEvent is meant for. Of a comment
    on a line only that it was made says something, not that it was edited.
    """
    tool = tool_of(custom)
    if tool is not None:
        kind = change_updated(tool, custom)
        is_review = kind is Kind.CHANGE_REVIEWED
        return _review(custom, settings) if is_review else kind
    action = github_action(custom)
    if action != "created" and "comment" in part(custom, "github"):
        return None
    if action in ASKED:
        return request_made(action, custom, settings)
    return Kind.CHANGE_PUSHED if action is None else _KINDS.get(action)


def reviewed_change(custom: Custom, settings: DecodeSettings) -> Kind | None:
    """What ``change.reviewed`` is of: a program's is nothing, the author's a comment.

    Where the author is not told it is somebody else's.
    """
    tool = tool_of(custom)
    other = not_reviewed(tool, custom) if tool is not None else None
    return other or _review(custom, settings)


def _review(custom: Custom, settings: DecodeSettings) -> Kind | None:
    account = _reviewing(custom)
    if _by_program(custom, settings) or is_program(account, settings):
        return None
    reviewer = person(account, settings)
    pull = _pull(custom)
    own = reviewer is not None and reviewer == person(part(pull, "user"), settings)
    return Kind.TICKET_COMMENTED if own or is_own(custom) else Kind.CHANGE_REVIEWED


def people_of(
    kind: Kind, predicate: str, custom: Custom, settings: DecodeSettings
) -> People:
    """Who was asked or reviewed; else who did it, and of an opening whose it is.

    Names of other tools than GitHub are no members'.
    """
    if tool_of(custom) is not None:
        return {}
    if kind in REQUESTS:
        return asked(custom, settings)
    actor = person(_reviewing(custom), settings)
    if kind is Kind.CHANGE_REVIEWED:
        return {} if actor is None else {"reviewer": actor}
    people: People = {} if actor is None else {"actor": actor}
    author = person(opener(predicate, custom), settings)
    if author is not None and kind is Kind.CHANGE_OPENED:
        people["author"] = author
    return people


def _reviewing(custom: Custom) -> Custom:
    """Whose the review is: CDviz writes the name; else, as of all else, who sent it."""
    github = part(custom, "github")
    review = part(github, "review")
    named = {"login": review["author"]} if review.get("author") else {}
    return part(review, "user") or named or part(github, "sender")


def _by_program(custom: Custom, settings: DecodeSettings) -> bool:
    return is_program(sender(custom), settings)


def done_by(predicate: str, custom: Custom, settings: DecodeSettings) -> Said:
    """Whether a program did it, and whether one opened the change."""
    said: Said = {}
    if _by_program(custom, settings):
        said["automation"] = True
    if is_program(opener(predicate, custom), settings):
        said["bot"] = True
    return said


def is_draft(custom: Custom) -> bool:
    """Whether the change was a draft when the body was made.

    GitHub's body for spec 0.4 never tells.
    """
    tool = tool_of(custom)
    if tool is not None:
        return is_draft_of(tool, custom)
    return _pull(custom).get("draft") is True


def head_of(predicate: str, custom: Custom) -> Said:
    """The last commit and its branch, unless that is a fork's; of a merge its commit.

    Only spec 0.5 tells them. A branch here that is called like a fork's is other work.
    """
    pull = _pull(custom)
    if predicate == "merged":
        return without_nothing({"sha": text_in(pull, "merge_commit_sha")})
    head, base, branch = part(pull, "head"), part(pull, "base"), branch_named(custom)
    # Pollers name no repository, but no branch is merged into itself.
    to_itself = branch is not None and branch == text_in(base, "ref")
    fork = to_itself or is_elsewhere(head, "repo", part(base, "repo"))
    where = {"fork": True} if fork else {"branch": branch}
    return without_nothing({"sha": text_in(head, "sha"), **where})


def branch_named(custom: Custom) -> str | None:
    """What the branch is called, also a fork's: its name may be a ticket's."""
    return text_in(part(_pull(custom), "head"), "ref")


def _pull(custom: Custom) -> Custom:
    return part(part(custom, "github"), "pull_request")
