"""Words that stand for names which may be a person's, and tell them apart. Pure.

What people type freely, the name of a branch (``ada-patch-1``) or whom a label waits
for (``blocked-by:ada``), an environment or a job that is there for a branch, or the
address of somebody's own server, is needed only to find what names the same. So no
name is kept but a word made of it, which nobody reads a name from. Whoever has a name
in mind can still make its word and compare: that is how a team is found behind one.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

from monitor.domain.environments import is_ordinary
from monitor.domain.facts import Fields
from monitor.domain.memos import memoised

# No name of a branch begins so in git, so no word is made of a word.
WORD_BEGINS: Final = "~"
BLOCKED_ON: Final = "blocked-on:"
_DIGITS: Final = 12
_ADDRESS: Final = re.compile(r"[^@\s/]+@[^@\s/.]+(?:\.[^@\s/.]+)+")
WORD: Final = re.compile(rf"{WORD_BEGINS}[0-9a-f]{{{_DIGITS}}}")


@memoised
def branch_word(name: str) -> str:
    """What is kept of a branch's name: equal for equal names, and of a word itself."""
    if name.startswith(WORD_BEGINS):
        return name
    return f"{WORD_BEGINS}{_digits(name)}"


@memoised
def environment_word(name: str) -> str:
    """What is kept of an environment's name: an ordinary one as it is, else a word.

    Equal for names that are compared as equal, without case, and of a word itself.
    """
    if is_ordinary(name) or WORD.fullmatch(name):
        return name
    return f"{WORD_BEGINS}{_digits(name.strip().casefold())}"


@memoised
def job_word(name: str) -> str:
    """What is kept of a job's name that may be a branch's: as of an environment.

    Equal for equal names only: branches that differ in case are two.
    """
    if is_ordinary(name) or WORD.fullmatch(name):
        return name
    return f"{WORD_BEGINS}{_digits(name)}"


@memoised
def blocked_on(name: str) -> str:
    """What is kept of a name that is in no teams file, compared without case."""
    if name.startswith(BLOCKED_ON):
        return name
    return f"{BLOCKED_ON}{_digits(name.strip().casefold())}"


def flag_name(fields: Fields) -> str:
    """What is kept of the name on a flag, whatever team it means; empty for none."""
    if "on_team" not in fields:
        return ""
    return fields.get("request") or blocked_on(fields["on_team"])


@memoised
def pipeline_word(name: str) -> str:
    """A word of a pipeline's whole name, by which it is the same where that is kept."""
    return _digits(name)


@memoised
def site_word(site: str) -> str:
    """What is kept of a tracker's address, which tells its site from all others."""
    return _digits(site)


def is_address(name: str) -> bool:
    """Whether a name holds the address of a mailbox, and so is hardly a team's.

    >>> is_address("Example One <one@acme.example>"), is_address("@acme/shop")
    (True, False)
    """
    return "@" in name and _ADDRESS.search(name) is not None


def team_reference(name: str) -> str:
    """How a team that an event names and no file has is listed among the gaps.

    What only a label names, and what is somebody's address, is not shown.
    """
    if name.startswith(BLOCKED_ON):
        return name
    return blocked_on(name) if is_address(name) else f"team:{name}"


def _digits(name: str) -> str:
    hashed = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8)
    return hashed.hexdigest()[:_DIGITS]
