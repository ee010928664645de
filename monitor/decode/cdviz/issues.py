"""What CDviz tells of issues, and of comments on them and on GitHub's pull requests.

All that happens to an issue but its opening and its end is ``ticket.updated``, and so
is all that happens to a comment. For spec 0.5 ``customData.github`` is GitHub's whole
body; for 0.4 it has no more than the action, who sent it and where. What it tells of
other tools is read in ``tools``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monitor.decode.cdviz.accounts import sender
from monitor.decode.cdviz.body import (
    Custom,
    is_program,
    number_in,
    part,
    person,
    text_in,
)
from monitor.decode.cdviz.told import github_action
from monitor.decode.cdviz.tools import is_deleted, issue_updated, tool_of
from monitor.decode.github.reading import TOUCHING
from monitor.decode.native.fields import Said
from monitor.decode.settings import DecodeSettings
from monitor.domain.facts import Kind, People

# As they are read in GitHub's own bodies.
_KINDS: Final[Mapping[str, Kind]] = {
    "reopened": Kind.TICKET_REOPENED,
    **dict.fromkeys(TOUCHING | {"assigned", "unassigned"}, Kind.TICKET_UPDATED),
}


def updated_issue(custom: Custom) -> Kind | None:
    """What ``ticket.updated`` is of; ``None`` for what says nothing of the work.

    Without an action it is the activity that the CDEvent is meant for. Of a comment
    only that it was made says something.
    """
    if is_deletion(custom):
        return Kind.TICKET_CANCELLED
    tool = tool_of(custom)
    if tool is not None:
        return issue_updated(tool, custom)
    action = github_action(custom)
    if action is None or action == "created":
        return Kind.TICKET_UPDATED
    if _moved_to(custom) is not None:
        return Kind.TICKET_ASSIGNED
    if "comment" in part(custom, "github") or _lost_its_label(custom):
        return None
    return _KINDS.get(action)


def of_issue(
    predicate: str, custom: Custom, known: Said, settings: DecodeSettings
) -> Said:
    """What it says of an issue of which it is ``known`` what it is called and where."""
    said: Said = {}
    if is_program(_doer(predicate, custom), settings):
        said["automation"] = True
    here: list[str] = known.get("aliases", [])
    if predicate == "created":
        return said | _called(here, _named(_elsewhere(custom, "old")))
    moved = _moved_to(custom)
    if predicate != "updated" or moved is None:
        return said | ({"deleted": True} if is_deletion(custom) else {})
    before = {"repo_before": known["repo"]} if "repo" in known else {}
    return said | _called(_named(moved), here) | before | {"repo": moved[0]}


def acted_on_issue(predicate: str, custom: Custom, settings: DecodeSettings) -> People:
    """Who did it, as in GitHub's own bodies; a program is nobody.

    Names of other tools than GitHub are no members'.
    """
    if tool_of(custom) is not None:
        return {}
    actor = person(_doer(predicate, custom), settings)
    return {} if actor is None else {"actor": actor}


def _doer(predicate: str, custom: Custom) -> Custom:
    """Who opened it, as the issue says if the body has it; else who sent the body.

    Who sent an opening may only have moved the issue here.
    """
    github = part(custom, "github")
    opener = part(part(github, "issue"), "user") if predicate == "created" else {}
    return opener or sender(custom)


def is_deletion(custom: Custom) -> bool:
    """Whether the issue was deleted; for spec 0.4 it may have been a comment."""
    tool = tool_of(custom)
    if tool is not None:
        return is_deleted(tool, custom)
    github = part(custom, "github")
    whole = "issue" in github and "comment" not in github
    return whole and github_action(custom) == "deleted"


def _lost_its_label(custom: Custom) -> bool:
    """Whether a label was deleted: the body of each issue that had it names none."""
    github = part(custom, "github")
    unnamed = "issue" in github and not part(github, "label")
    return unnamed and github_action(custom) == "unlabeled"


def is_transfer(custom: Custom) -> bool:
    """Whether an issue went to another repository, as the one that it left tells."""
    return _moved_to(custom) is not None


def _moved_to(custom: Custom) -> tuple[str, int] | None:
    """The repository an issue was transferred to, and its number there."""
    if github_action(custom) != "transferred":
        return None
    return _elsewhere(custom, "new")


def _elsewhere(custom: Custom, when: str) -> tuple[str, int] | None:
    """Where an issue is ("new") or was ("old"), beside the place of the event."""
    changes = part(part(custom, "github"), "changes")
    repo = text_in(part(changes, f"{when}_repository"), "full_name")
    number = number_in(part(changes, f"{when}_issue"), "number")
    return None if repo is None or number is None else (repo.lower(), number)


def _named(place: tuple[str, int] | None) -> list[str]:
    return [] if place is None else [f"{place[0]}#{place[1]}"]


def _called(now: list[str], before: list[str]) -> Said:
    """Its names, first the one that it has now: it is kept by that one."""
    names = [*now, *before]
    return {"aliases": names} if names else {}
