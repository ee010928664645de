"""What the name of a branch of GitHub says beside being one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from monitor.decode.github.places import Place
from monitor.decode.ticket_keys import MERGE_QUEUE, keys_on_branch
from monitor.domain.facts import Fields

_MERGE_QUEUE: Final = re.compile(r"gh-readonly-queue/.+/pr-(\d{1,9})-[0-9a-f]+")


def is_of_queue(branch: str) -> bool:
    """Whether the merge queue made it, for a pull request that its name tells."""
    return branch.startswith(MERGE_QUEUE)


def merge_queue_number(branch: str) -> int | None:
    """The pull request that the merge queue tries on a branch of its own."""
    queued = _MERGE_QUEUE.fullmatch(branch) if is_of_queue(branch) else None
    return int(queued[1]) if queued is not None else None


def queued_changes(branches: Iterable[str], place: Place) -> list[str]:
    """The pull request that is tried on one of the branches, where it is but one."""
    found = {*map(merge_queue_number, branches)} - {None}
    return [f"{place.prefix}#{number}" for number in found] if len(found) == 1 else []


def say_tickets(
    fields: Fields, branch: str, place: Place, projects: frozenset[str]
) -> None:
    """The tickets of known projects that the branch names, if it is made for any.

    The default branch is nobody's, and one of the merge queue a pull request's.
    """
    tickets = keys_on_branch(branch, projects)
    if tickets and branch != place.default_branch:
        fields["tickets"] = list(tickets)
