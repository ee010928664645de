"""What CDviz tells of GitHub beside the CDEvents it makes of its webhooks.

All that happens to a pull request but its opening, its end and its reviews is
``change.updated``, and who did it is nowhere in a CDEvent. Either is in its
``customData``: as a part of GitHub's body (for spec 0.4), or as all of it (0.5).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monitor.decode.github_changes import TOUCHING_CHANGES
from monitor.decode.native_fields import Said
from monitor.decode.settings import DecodeSettings
from monitor.domain.facts import Kind

Custom = Mapping[str, object]

# As they are read in GitHub's own bodies. Of a request for a review CDviz does not say
# who was asked, so all that is left is that somebody asked.
_KINDS: Final[Mapping[str, Kind]] = {
    "synchronize": Kind.CHANGE_PUSHED,
    "reopened": Kind.CHANGE_OPENED,
    "ready_for_review": Kind.CHANGE_READY,
    "converted_to_draft": Kind.CHANGE_DRAFTED,
    "review_requested": Kind.TICKET_UPDATED,
    "review_request_removed": Kind.TICKET_UPDATED,
    **dict.fromkeys(TOUCHING_CHANGES, Kind.TICKET_UPDATED),
}


def github_action(custom: Custom) -> str | None:
    """What GitHub says was done; ``None`` where nobody tells."""
    action = _part(custom, "github").get("action")
    return action if isinstance(action, str) and action else None


def updated_change(custom: Custom) -> Kind | None:
    """What ``change.updated`` is of; ``None`` for what says nothing of the work.

    Without an action it is the new commits that the CDEvent is meant for.
    """
    action = github_action(custom)
    return Kind.CHANGE_PUSHED if action is None else _KINDS.get(action)


def by_program(custom: Custom, settings: DecodeSettings) -> bool:
    """Whether a program did what GitHub tells of."""
    return _is_program(_part(_part(custom, "github"), "sender"), settings)


def done_by(predicate: str, custom: Custom, settings: DecodeSettings) -> Said:
    """Whether a program did it, and whether one opened the change.

    Who opened it is told by the pull request, if the body has it; else by who sent
    the opening. Of any later event the sender may be anybody.
    """
    said: Said = {}
    if by_program(custom, settings):
        said["automation"] = True
    pull = _part(_part(custom, "github"), "pull_request")
    opened = "automation" in said and predicate == "created"
    if "user" in pull:
        opened = _is_program(_part(pull, "user"), settings)
    if opened:
        said["bot"] = True
    return said


def _is_program(account: Custom, settings: DecodeSettings) -> bool:
    login = account.get("login")
    if account.get("type") == "Bot":
        return True
    return isinstance(login, str) and settings.is_bot(login)


def _part(owner: Custom, name: str) -> Custom:
    part = owner.get(name)
    return part if isinstance(part, dict) else {}
