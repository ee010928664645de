"""What a change or a ticket is called beside its CDEvent's subject, and where it is."""

from __future__ import annotations

from typing import Final

from monitor.decode.cdevents.content import Content, referred, text_of
from monitor.decode.native.fields import Said, without_nothing
from monitor.decode.references import (
    is_on_github,
    named_thing,
    number_of,
    numbered_name,
    page_of,
    project_key,
    repository_around,
    repository_of,
)
from monitor.decode.settings import DecodeSettings

# Digits of a number beyond every change's.
_LONG: Final = 10


def stated(**fields: object) -> Said:
    """Those of the fields that say something."""
    return without_nothing(fields)


def change_called(id_: str, content: Content) -> Said:
    """The repository of a change, and by what its host calls it, where that is told.

    A bare number is told to be GitHub's by a link of the repository's; of others
    nobody knows whether their changes and issues are counted together.
    """
    repository = content.get("repository")
    told = repository if isinstance(repository, dict) else {}
    links = [referred(content, "repository"), text_of(told.get("source"))]
    named = named_thing(id_)
    by_id = named.repository if named else id_
    repo = repository_of(links[0] or by_id) or repository_of(by_id)
    is_bare = id_.isascii() and id_.isdigit() and len(id_) < _LONG
    if repo is not None and is_bare and any(is_on_github(one or "") for one in links):
        return _called(repo, int(id_), f"{repo}#{int(id_)}")
    return _numbered(id_, repo)


def ticket_called(reference: str, settings: DecodeSettings) -> Said:
    """The name of a ticket whose id or page this is, and where it is."""
    # Of trackers that are one page alone the key stands behind its ``#``.
    places = page_of(reference), reference
    keys = (project_key(place, settings.projects) for place in places)
    key = next(filter(None, keys), None)
    if key is not None:
        return {"aliases": [key], "project": key.rpartition("-")[0]}
    return _numbered(reference, repository_around(reference))


def _numbered(reference: str, repo: str | None) -> Said:
    named = named_thing(reference)
    if named is not None:
        return _called(repo or named.repository, named.number, named.name)
    page = page_of(reference)
    number = number_of(page)
    if repo is None or number is None:
        return stated(repo=repo)
    return _called(repo, number, numbered_name(repo, number, page))


def _called(repo: str, number: int, name: str | None) -> Said:
    return stated(repo=repo, number=number, aliases=[name] if name else None)
