"""Where the things of a GitHub body belong: its host and its repository."""

from __future__ import annotations

from typing import Final, NamedTuple

from monitor.decode.github.models import Repository
from monitor.domain.memos import memoised

# The ``type`` of an account that is neither an organisation's nor a program's.
_PERSON: Final = "User"


class Place(NamedTuple):
    """A repository: ``prefix`` is what keys of its things begin with.

    ``is_by_id`` if that tells the repository's id; ``is_persons`` if a body says that
    its owner is a person.
    """

    prefix: str
    repo: str
    default_branch: str | None
    is_by_id: bool = False
    is_persons: bool = False

    @property
    def person(self) -> str:
        """The login of the person whose repository it is, empty for all others."""
        # Few are, and each fact asks.
        if not self.is_persons:
            return ""
        owner, has_owner, _ = self.repo.partition("/")
        return owner if has_owner else ""


@memoised
def host_of(link: str | None) -> str | None:
    """The host of a web address, lower case."""
    if link and "://" in link:
        return link.split("/", 3)[2].lower() or None
    return None


def place_of(repository: Repository | None, host: str) -> Place | None:
    """Where the things of a repository belong: by its id, else by its name.

    The id outlives a rename. ``None`` when the repository has neither.
    """
    if repository is None:
        return None
    name, owner = repository.get("full_name"), repository.get("owner") or {}
    if not name:
        own, login = repository.get("name"), owner.get("login") or owner.get("name")
        if own and login:
            name = f"{login}/{own}"
    is_persons = owner.get("type") == _PERSON
    branch = repository.get("default_branch")
    return _place(host, repository.get("id"), name, branch, is_persons)


@memoised
def _place(
    host: str,
    id_: int | None,
    name: str | None,
    default_branch: str | None,
    is_persons: bool,
) -> Place | None:
    repo = (name or "").strip().lower()
    if id_ is None and not repo:
        return None
    scope = repo if id_ is None else str(id_)
    return Place(f"{host}:{scope}", repo, default_branch, id_ is not None, is_persons)


def named_place(link: str | None, home: Place | None) -> Place | None:
    """The repository an issue's address names; the body's own keeps its id."""
    parts = (link or "").rstrip("/").split("/")
    if len(parts) > 5 and parts[3] == "repos":
        parts = [*parts[:3], *parts[4:]]
    elif len(parts) > 7 and parts[5] == "repos":
        # An enterprise server's interface lies under /api/v3.
        parts = [*parts[:3], *parts[6:]]
    if len(parts) < 5 or not parts[3] or not parts[4]:
        return None
    name = f"{parts[3]}/{parts[4]}".lower()
    if home is not None and name == home.repo:
        return home
    return Place(name, name, None)
