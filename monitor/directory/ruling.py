"""A team's id for a reference that nobody has written down: a rule, not a guess.

Each depends on the reference and on what was written down before, on no count and
no order: records in any order, twice, or read by two processes give equal teams. What
may be a person's name is nobody's: a bare group, and the owner of a repository as
long as nothing shows that this owner is an organisation.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.directory.claims import account_of, group_key
from monitor.directory.ids import free_id, is_id, is_writable
from monitor.directory.patterns import folded
from monitor.domain.opaque import is_address
from monitor.domain.teams import COMMON_POOL_LABELS, pool_name


@dataclass(frozen=True, slots=True)
class Written:
    """What the rules take from the teams that were written down.

    ``accounts`` are owners of repositories that are organisations, ``asked`` the
    first group (folded, without ``@``) that each team has.
    """

    teams: Collection[str] = ()
    accounts: Collection[str] = ()
    asked: Mapping[str, str] = field(default_factory=dict)


def named_team(name: str) -> str | None:
    """The id of a team that an event states as one: its name, without case.

    Somebody's address is none.
    """
    text = folded(name)
    may_be = is_writable(text) and is_id(text) and not is_address(text)
    return text if may_be else None


def team_of_project(project: str) -> str | None:
    """The id of a tracker project's team: its key (``CHK`` is ``chk``)."""
    name = folded(project)
    return free_id(name, "project") if is_writable(name) else None


def team_of_group(group: str, written: Written) -> str | None:
    """The id of a group of an organisation: ``@acme/checkout`` is ``checkout``.

    Where another organisation's group has that name, its own with both parts.
    """
    key = group_key(group)
    name = key.rpartition("/")[2].strip()
    if not account_of(key) or not name or ":" in key or not is_writable(key):
        return None
    if written.asked.get(free_id(name, "group"), key) != key:
        name = key.replace("/", "-")
    return free_id(name, "group")


def team_of_pool(labels: Sequence[str]) -> str | None:
    """The id of a self-hosted pool: its label that not every such runner has."""
    name = folded(pool_name(labels))
    is_named = is_writable(name) and name not in COMMON_POOL_LABELS
    return free_id(name, "pool") if is_named else None


def team_of_repository(repo: str, written: Written) -> str | None:
    """The id of the organisation that owns it: ``acme/shop`` is ``acme``."""
    account = account_of(folded(repo))
    return team_of_account(account, written) if account in written.accounts else None


def team_of_account(account: str, written: Written) -> str:
    """The id for all of an owner's repositories; a team of its name is another."""
    name = free_id(account, "repo")
    apart = f"{name}-repositories"
    return apart if apart in written.teams else name
