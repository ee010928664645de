"""What a CDEvent says by its links that it belongs to: ``domainId`` of spec 0.6.

A link to another event (``contextId``) names no thing, only a record that this stage
has not seen; it is not followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple
from urllib.parse import unquote

from monitor.decode.native.fields import Said
from monitor.decode.native.model import LONGEST_LIST
from monitor.decode.references import is_commit, repository_and_number
from monitor.decode.settings import DecodeSettings
from monitor.decode.ticket_keys import ticket_keys

_SCHEME: Final = ["cdevents", "v0"]
_SEGMENTS: Final = 8
# A path says of what the event comes; of a relation ``linkKind`` does, which is free
# text: ``TRIGGER`` says what comes of the event, others nothing that is agreed on.
_COMES_OF: Final = frozenset({"triggeredby", "causedby"})
_NO_LETTER: Final = re.compile(r"[^a-z]+")


class Linked(NamedTuple):
    """Changes, tickets and commits that an event comes of, first named first."""

    changes: tuple[str, ...] = ()
    tickets: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()


def linked_to(about: Mapping[str, object], settings: DecodeSettings) -> Linked:
    """What the links of an event's context name, where it is clear what is meant.

    GitHub's pull requests and issues, tickets of known projects, commits. A merge
    request's host is not told.
    """
    found: dict[str, dict[str, None]] = {"pr": {}, "issue": {}, "commit": {}}
    for type_, name in _named(about.get("links"), settings):
        found[type_][name] = None
    return Linked(*(tuple(names) for names in found.values()))


def with_links(said: Said, subject: str, linked: Linked) -> Said:
    """What a run, a change or a deploy says, with what its links say it belongs to.

    A change knows its ticket, so that a run which names both is the change's. What a
    link names goes before what a title does; a build knows its own commit.
    """
    changes, tickets, commits = (list(names) for names in linked)
    found: Said = {}
    match subject:
        case "pipelinerun":
            found = {"sha": commits[0]} if commits and "sha" not in said else {}
            if changes:
                one = len(changes) == 1
                found |= {"change": changes[0]} if one else {"changes": changes}
            elif tickets:
                found["item"] = tickets[0]
        case "change" if tickets:
            by_title = said.get("tickets", [])
            found = {"tickets": list(dict.fromkeys([*tickets, *by_title]))}
        case "service":
            found = {"items": [*changes, *tickets]} if changes or tickets else {}
            found |= {"shas": commits} if commits and "shas" not in said else {}
    return said | found


def _named(links: object, settings: DecodeSettings) -> Iterator[tuple[str, str]]:
    """The type and the name of each thing that the event comes of."""
    for link in links[:LONGEST_LIST] if isinstance(links, list) else []:
        origin = _origin(link) if isinstance(link, dict) else None
        domain_id = origin.get("domainId") if isinstance(origin, dict) else None
        if isinstance(domain_id, str):
            yield from _thing(domain_id, settings)


def _origin(link: Mapping[str, object]) -> object:
    """What the link says the event comes of; ``None``: it says something else."""
    match link.get("linkType"), link.get("linkKind"):
        case "PATH", _:
            return link.get("from")
        case "RELATION", str(kind) if _NO_LETTER.sub("", kind.lower()) in _COMES_OF:
            return link.get("target")
        case _:
            return None


def _thing(domain_id: str, settings: DecodeSettings) -> Iterator[tuple[str, str]]:
    segments = domain_id.split(":", _SEGMENTS - 1)
    if len(segments) != _SEGMENTS or segments[:2] != _SCHEME:
        return
    provider, _, owner, groups, type_, number = map(unquote, segments[2:])
    if type_ == "commit" and is_commit(number):
        yield type_, number.lower()
    elif type_ in ("pr", "issue") and provider == "github":
        named = repository_and_number(f"{owner}/{groups}#{number}")
        if named is not None:
            yield type_, f"{named[0]}#{named[1]}"
    elif type_ == "issue":
        keys = ticket_keys((number,), settings.projects)
        if keys == [number.upper()]:
            yield type_, keys[0]
