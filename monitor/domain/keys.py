"""What the key of a thing tells of where it belongs. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from monitor.domain.facts import Fact
from monitor.domain.items import EntityType, entity_type

_IN_REPOSITORY: Final = re.compile(r"([^/\s#:]+/[^/\s#:]+)#\d+\Z")
_PROJECT: Final = re.compile(r"([A-Z][A-Z0-9_]+)-\d+\Z")


def repository_of(entity: str) -> str | None:
    """The repository of an issue or change that is named such as ``owner/shop#12``."""
    match = _IN_REPOSITORY.match(entity)
    return match.group(1) if match else None


def repository_in(fact: Fact) -> str | None:
    """The repository a fact is in: it says so, or it is of a ticket named after it."""
    repo = fact.fields.get("repo")
    if repo is None and entity_type(fact) is EntityType.TICKET:
        return repository_of(fact.entity)
    return repo


def repository_by_key(entity: str, facts: Iterable[Fact]) -> str | None:
    """The repository of an issue or change, by its name or by its number.

    A key such as ``github.com:77#12`` tells the repository's number, whose name facts
    about other things of the repository tell.
    """
    named = repository_of(entity)
    prefix, separator, _ = entity.rpartition("#")
    if named is not None or not separator:
        return named
    beside = (one for one in facts if one.entity.rpartition("#")[0] == prefix)
    return next((one.fields["repo"] for one in beside if "repo" in one.fields), None)


def project_of(entity: str) -> str | None:
    """The project a tracker key such as ``CHK-1`` belongs to."""
    match = _PROJECT.match(entity)
    return match.group(1) if match else None
