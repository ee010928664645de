"""What the teams of a file claim, each claim by itself.

Works on the file's data before it is known to be sound: what has a wrong form is
left out here and reported elsewhere, so that one run shows every mistake.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, Literal, NamedTuple

from monitor.directory.dates import Span, instant_of
from monitor.directory.mistakes import Mistake, Path, dotted
from monitor.directory.patterns import folded, is_glob, path_key
from monitor.directory.teams_model import (
    ConsumerEntry,
    Dated,
    MemberEntry,
    OwnsEntry,
)
from monitor.directory.teams_tree import (
    Wrong,
    id_of,
    items_of,
    mistake_at,
    sound,
    teams_in,
    value_of,
    zone_of,
)
from monitor.directory.yaml_tree import Tree

Subject = Literal[
    "repo",
    "path",
    "project",
    "service",
    "pool",
    "group",
    "pipeline",
    "member",
    "consumer",
]
# What is called ``owner/name``.
_OF_ACCOUNTS: Final = frozenset({"repo", "path", "group", "pipeline"})
# Whom a team serves that serves all.
EVERY_TEAM = "*"


class Claim(NamedTuple):
    """A team claims a reference, has a member, or serves a team, during a span.

    ``reference`` is folded; ``repo`` is set for paths only. ``at`` is the place in
    the file.
    """

    subject: Subject
    reference: str
    repo: str
    span: Span
    team: str
    at: Path


def claims_of(tree: Tree) -> tuple[tuple[Claim, ...], tuple[Mistake, ...]]:
    """The sound claims of all teams, and what is wrong with the dates of others."""
    zone = zone_of(tree.value)
    claims: list[Claim] = []
    mistakes: list[Mistake] = []
    for at, team in teams_in(tree.value):
        for found in (one for kind in _LISTS for one in _listed(team, at, kind, zone)):
            if isinstance(found, Claim):
                claims.append(found)
            else:
                mistakes.append(mistake_at(*found, tree.lines))
    return tuple(claims), tuple(mistakes)


def _reference(entry: OwnsEntry) -> tuple[Subject, str, str]:
    if entry.path is not None:
        # Paths keep their case: file systems of repositories tell it apart.
        return "path", path_key(entry.path.pattern), folded(entry.path.repo)
    if entry.group is not None:
        return "group", group_key(entry.group), ""
    plain: tuple[tuple[Subject, str | None], ...] = (
        ("repo", entry.repo),
        ("project", entry.jira),
        ("project", entry.project),
        ("service", entry.service),
        ("pool", entry.pool),
        ("pipeline", entry.pipeline),
    )
    return next(
        (subject, folded(text), "") for subject, text in plain if text is not None
    )


def group_key(group: str) -> str:
    """A group as it is compared: ``@acme/platform`` and ``acme/platform`` are one."""
    return folded(group).removeprefix("@")


def account_of(reference: str) -> str:
    """The owner in ``owner/name``, else nothing."""
    account, slash, _ = reference.partition("/")
    return account.strip() if slash else ""


def accounts_in(claims: Iterable[Claim]) -> frozenset[str]:
    """Who owns the repositories and groups that claims name; patterns name nobody."""
    found = (
        account_of(claim.repo or claim.reference)
        for claim in claims
        if claim.subject in _OF_ACCOUNTS and ":" not in claim.reference
    )
    return frozenset(name for name in found if name and not is_glob(name))


def _member(entry: MemberEntry) -> tuple[Subject, str, str]:
    return "member", folded(entry.person), ""


def _consumer(entry: ConsumerEntry) -> tuple[Subject, str, str]:
    return "consumer", folded(entry.team), ""


class _Listed(NamedTuple):
    """A dated list of a team; where a bare text stands for a field, its name."""

    key: str
    short: str
    model: type[OwnsEntry | MemberEntry | ConsumerEntry]
    reference: Callable[[Any], tuple[Subject, str, str]]


_LISTS: Final = (
    _Listed("owns", "", OwnsEntry, _reference),
    _Listed("members", "person", MemberEntry, _member),
    _Listed("as_a_service_to", "team", ConsumerEntry, _consumer),
)


def _listed(
    team: Any, at: Path, one: _Listed, zone: zoneinfo.ZoneInfo
) -> Iterator[Claim | Wrong]:
    """The sound claims of one list of a team."""
    for index, raw in items_of(value_of(team, one.key)):
        place, span = (*at, one.key, index), _dates(raw, zone)
        if isinstance(span, str):
            yield place, span
            continue
        is_short = one.short and isinstance(raw, str)
        entry = sound(one.model, {one.short: raw} if is_short else raw)
        if entry is None or span is None:
            continue
        subject, reference, repo = one.reference(entry)
        # A team without an id may be in the way of another all the same.
        yield Claim(subject, reference, repo, span, id_of(team) or dotted(at), place)


def _dates(raw: Any, zone: zoneinfo.ZoneInfo) -> Span | str | None:
    """The span of an entry, whatever else is wrong with it; None for no dates."""
    said = raw if isinstance(raw, dict) else {}
    dated = sound(Dated, {key: said[key] for key in ("from", "to") if key in said})
    return None if dated is None else _span(dated.since, dated.until, zone)


def _span(since: str | None, until: str | None, zone: zoneinfo.ZoneInfo) -> Span | str:
    start = instant_of(since, zone) if since is not None else Span().start
    end = instant_of(until, zone) if until is not None else Span().end
    # The entry is sound, and what is a date in one zone is one in all.
    assert isinstance(start, int)
    assert isinstance(end, int)
    if start >= end:
        return f"from {since} is not before to {until}"
    return Span(start, end)
