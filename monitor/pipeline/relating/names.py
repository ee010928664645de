"""Names of repositories: whose a name was, at an instant and on a host.

Bodies tell ids with names. One name may be of several ids: on two hosts, or of one
repository after the other. What the text of a change names is looked up whenever the
change is placed, as of when it was opened; so it is not rewritten in its facts, and
the change is placed anew when more becomes known of the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from monitor.domain.facts import Fact, Fields
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.code_index import Candidate
from monitor.relate.parents import stated_parents, ticket_named
from monitor.relate.rows import Section

BY_ID: Final = re.compile(r"(?P<prefix>[^#\s/]+:\d+)#\d+\Z")
BY_NAME: Final = re.compile(r"(?P<name>[^#\s/:]+/[^#\s/]+)#(?P<number>\d+)\Z")
# With its host a name is nobody else's, and no id stands for it: GitLab's.
_ON_HOST: Final = re.compile(r"[^#!\s/]+(?:/[^#!\s/]+){2,}[#!]\d+\Z")

# A name, and the prefix of an id that had it.
Held = tuple[str, str]


def node_of(name: str) -> str:
    """The key of the index by which ids are found by their name."""
    return f"repo:{name}"


def _asked(name: str) -> str:
    """The key of the index by which changes are found whose text holds the name."""
    return f"asked:{name}"


def is_by_name(key: str) -> bool:
    """Whether the key is that of a thing by its repository's name."""
    return "#" in key and BY_NAME.match(key) is not None


def is_on_host(key: str) -> bool:
    """Whether the key is that of a thing by its host, repository and number."""
    return _ON_HOST.match(key) is not None


def names_told(facts: Iterable[Fact]) -> dict[Held, int]:
    """Since when at the latest ids have names, as the facts' bodies tell.

    So has the repository that an issue came from: no other body need tell of it.
    """
    told: dict[Held, int] = {}
    last: dict[str, tuple[str, int]] = {}
    # Every fact comes by here, and most say no more than one before them did.
    for _, time, entity, _, _, revision, fields, _ in facts:
        if "repo" not in fields:
            continue
        if "repo_before" in fields:
            since = _told_at(time, revision)
            for held in _left(fields):
                told[held] = min(since, told.get(held, since))
        repo = fields["repo"]
        if repo in last:
            begin, earliest = last[repo]
            if earliest <= time and entity.startswith(begin):
                continue
        match = BY_ID.match(entity) if "#" in entity else None
        if match is not None:
            held = repo, match["prefix"]
            since = _told_at(time, revision)
            told[held] = since = min(since, told.get(held, since))
            last[repo] = f"{match['prefix']}#", since
    return told


def _left(fields: Fields) -> Iterator[Held]:
    """The name of where an issue was, with the ids by which it was known there."""
    name = fields["repo_before"]
    for alias in fields.get("aliases", ()):
        former = BY_ID.match(alias)
        if former is not None and name:
            yield name, former["prefix"]


def _told_at(time: int, revision: int) -> int:
    """When the body was that told a fact, as far as its revision says so.

    An issue's counts seconds, a pull request's milliseconds; most facts have none.
    """
    if not revision:
        return time
    return max(time, revision if revision >= time else revision * 1000)


class Named(NamedTuple):
    """What is new of a name: a first id, or since when which of several had it.

    ``asking`` are those that have to be placed anew for it.
    """

    is_new: bool
    is_several: bool
    asking: list[str]


_AS_BEFORE: Final = Named(is_new=False, is_several=False, asking=[])


def learn_name(name: str, prefix: str, since: int, working: WorkingSet) -> Named:
    """Learn that an id has the name, and since when at the latest."""
    node = working.node(node_of(name))
    known = node.changes.get(prefix)
    if known is not None and known.number <= since:
        return _AS_BEFORE
    node.changes[prefix] = Candidate(since, ())
    working.touch_node(node_of(name))
    is_new, is_several = known is None, len(node.changes) > 1
    if not (is_new or is_several):
        return _AS_BEFORE
    return Named(is_new, is_several, list(working.node(_asked(name)).followers))


def holder(key: str, entity: str, instant: int, working: WorkingSet) -> str:
    """What a key by name means in the text of an entity, as of an instant.

    Of the ids on the entity's host, the one that had the name last by then; if it was
    told of none by then, the first. On a host without one it is nobody else's.
    """
    match = BY_NAME.match(key)
    if match is None:
        return key
    lowered = key.lower()
    told = working.node(node_of(match["name"].lower())).changes
    by_id = BY_ID.match(entity)
    host = by_id["prefix"].rpartition(":")[0] if by_id is not None else None
    prefix = _had_it(told, host, instant)
    if prefix is None:
        return f"{host}/{lowered}" if told else working.canonical(lowered)
    return f"{prefix}#{match['number']}"


def called_so(name: str, entity: str, instant: int, working: WorkingSet) -> str | None:
    """What events mean by a name in lower case, by id; ``None`` as long as none had it.

    As ``holder`` of what stands in a text; but of whatever host there is, if on the
    entity's own nothing had the name.
    """
    repo, _, number = name.rpartition("#")
    told = working.node(node_of(repo)).changes
    if not told:
        return None
    prefix: str | None = next(iter(told))
    if len(told) > 1:
        by_id = BY_ID.match(entity)
        host = by_id["prefix"].rpartition(":")[0] if by_id is not None else None
        prefix = _had_it(told, host, instant) or _had_it(told, None, instant)
    return f"{prefix}#{number}"


def kept_as(name: str, entity: str, instant: int, working: WorkingSet) -> str:
    """The key by which it is kept; the name as long as no id had it."""
    known = working.canonical(name)
    if known != name:
        return known
    by_id = called_so(name, entity, instant, working)
    return name if by_id is None else working.canonical(by_id)


def _had_it(
    told: Mapping[str, Candidate], host: str | None, instant: int
) -> str | None:
    """Of the ids on a host, the last to have the name by then; else the first."""
    since = [
        (known.number, prefix)
        for prefix, known in told.items()
        if host is None or prefix.rpartition(":")[0] == host
    ]
    by_then = [one for one in since if one[0] <= instant]
    if by_then:
        return max(by_then)[1]
    return min(since)[1] if since else None


def looked_up(section: Section, parent: str, working: WorkingSet) -> str:
    """The parent that the section states, by id if its text tells it by name."""
    if not is_by_name(parent) or ticket_named(section, working.projects) != parent:
        return parent
    key = _asked(parent.lower().rpartition("#")[0])
    node = working.node(key)
    if section.entity not in node.followers:
        node.followers[section.entity] = 0
        working.touch_node(key)
    said = section.said
    instant = said.opened if said.opened is not None else said.first_time
    return holder(parent, section.entity, instant, working)


def stated(section: Section, working: WorkingSet) -> str | None:
    """The parent that the section states: of several one that is not sealed."""
    first: str | None = None
    for parent in stated_parents(section, working.projects):
        found = looked_up(section, parent, working)
        if not working.is_gone(working.canonical(found)):
            return found
        first = first or found
    return first


def forget_asking(section: Section, working: WorkingSet) -> None:
    """The section is not placed anew for what its text names any more."""
    tickets = section.said.latest.get("tickets", ())
    # Which is the first depends on the projects that were known when it was placed.
    for name in filter(is_by_name, tickets):
        key = _asked(name.lower().rpartition("#")[0])
        if working.node(key).followers.pop(section.entity, None) is not None:
            working.touch_node(key)
