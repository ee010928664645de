"""Names as a teams file can hold them: ids of teams, and repositories."""

from __future__ import annotations

import re
from typing import Final

from monitor.directory.patterns import folded, is_glob
from monitor.domain.teams import RESERVED
from monitor.domain.timeline import WALL

# Short enough that an id made from a name is still one.
_LONGEST: Final = 180
# Of a page or a clone, in front of the repository's name.
_ADDRESS: Final = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://[^/]*/|git@[^:/]*[:/]"
    r"|(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org)/)",
    re.IGNORECASE,
)

_TICKET: Final = re.compile(r"([a-z][a-z0-9_]+)-[0-9]+", re.IGNORECASE)
# As Jira's pages of a ticket, and of a project.
_KEY_IN_ADDRESS: Final = re.compile(
    r"/(?:browse|projects)/([a-z][a-z0-9_]+)(?![a-z0-9_])", re.IGNORECASE
)


def is_writable(name: str) -> bool:
    """Whether a teams file can hold the name, and as what it is: no pattern."""
    is_text = name.isprintable() and name == name.strip()
    return is_text and 0 < len(name) <= _LONGEST and not is_glob(name)


def is_id(name: str) -> bool:
    """Whether a team may be called so: no colon, none of the reserved words."""
    return ":" not in name and folded(name) not in RESERVED | {WALL}


def free_id(name: str, subject: str) -> str:
    """The name as an id; one that may be none has its ``subject`` before it."""
    text = folded(name.replace(":", "-"))
    return text if is_id(text) else f"{subject}-{text}"


def repository_slip(text: str) -> str | None:
    """Why no repository is called so, and what to write; None for ``owner/name``.

    A pattern may be any, but for an address, which is in front of no name; and a native
    event may call a repository by its name alone.

    >>> repository_slip("https://github.com/acme/shop.git")
    "'https://github.com/acme/shop.git' is an address: write acme/shop"
    """
    if found := _ADDRESS.match(text):
        name = text[found.end() :].strip("/").removesuffix(".git")
        return f"'{text}' is an address: write {name or 'owner/name'}"
    if text.endswith(".git") and not is_glob(text):
        # No tool lets a repository be called so: it is how a clone is fetched.
        owner, _, name = text.removesuffix(".git").strip("/").rpartition("/")
        named = f"{owner or 'owner'}/{name or 'name'}"
        return f"'{text}' is the end of an address: write {named}"
    steps = text.split("/")
    if is_glob(text) or all(steps):
        return None
    named = "/".join(filter(None, steps))
    if "/" in named:
        return f"'{text}' is no owner/name: write {named}"
    if text.endswith("/") and named:
        return f"'{text}' is no owner/name: write {named}/*"
    return f"'{text}' is no owner/name: put the owner before it"


def project_slip(text: str) -> str | None:
    """Why no project of Jira's is called so, and what to write; None for a key.

    Another tracker may call a project so, and a native event state it.

    >>> project_slip("chk-12")
    "'chk-12' is a ticket in Jira: write chk, or project: chk-12 if it is none"
    """
    if found := _ADDRESS.match(text):
        key = _KEY_IN_ADDRESS.search(text, found.end() - 1)
        return f"'{text}' is an address: write {key[1] if key else 'a key, as CHK'}"
    ticket = _TICKET.fullmatch(text)
    if ticket is None:
        return None
    other = f"project: {text} if it is none"
    return f"'{text}' is a ticket in Jira: write {ticket[1]}, or {other}"


def project_word(name: str) -> str:
    """The key of ``owns`` that a project of this name is claimed by."""
    return "jira" if project_slip(name) is None else "project"


def claimed_repository(name: str) -> str:
    """The name as a claim can hold it: by a pattern where an event put it otherwise."""
    return name if repository_slip(name) is None else f"*{name}"
