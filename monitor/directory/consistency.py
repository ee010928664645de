"""What is wrong between the values of a teams file, each of which is sound.

Works on the file's data as ``claims`` does, beside the judging of each value, so that
one run shows every mistake.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from monitor.directory.claims import EVERY_TEAM, Claim
from monitor.directory.dates import instant_of
from monitor.directory.mistakes import Lines, Mistake, Path, line_of
from monitor.directory.patterns import folded
from monitor.directory.teams_model import HeadcountEntry
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
from monitor.directory.teams_values import without_at
from monitor.directory.yaml_tree import Tree

# Several teams may have the same of these at a time.
_SHARED: Final = frozenset({"member", "consumer"})
_ROLES: Final = ("manager", "director", "architect", "staff")


def mistakes_between(claims: Sequence[Claim], tree: Tree) -> Iterator[Mistake]:
    """What the file says twice, or says of what it does not have."""
    zone = zone_of(tree.value)
    for at, team in teams_in(tree.value):
        for found in _repeated_days(team, at, zone):
            yield mistake_at(*found, tree.lines)
    yield from _repeated_ids(tree)
    yield from _unknown_consumers(claims, tree)
    yield from _repeated_roles(tree)
    yield from _repeated_domains(tree)
    yield from _contradictions(claims, tree.lines)


def _unknown_consumers(claims: Iterable[Claim], tree: Tree) -> Iterator[Mistake]:
    known = {name for name, _ in _ids(tree)} | {EVERY_TEAM}
    for claim in claims:
        if claim.subject == "consumer" and claim.reference not in known:
            text = f"'{claim.reference}' is no team of this file"
            yield mistake_at(claim.at, text, tree.lines)


def _repeated_days(team: Any, at: Path, zone: zoneinfo.ZoneInfo) -> Iterator[Wrong]:
    seen: dict[int | str | None, int] = {}
    for index, raw in items_of(value_of(team, "headcount")):
        entry = sound(HeadcountEntry, raw)
        if entry is None:
            continue
        day = instant_of(entry.since, zone) if entry.since is not None else None
        if day in seen:
            text = f"begins when headcount[{seen[day]}] begins"
            yield (*at, "headcount", index), text
        seen.setdefault(day, index)


def _repeated_ids(tree: Tree) -> Iterator[Mistake]:
    ids = _ids(tree)
    yield from _repeated(ids, "another team has this id", tree.lines)
    formerly = (
        (folded(name), (*at, "formerly", index))
        for at, team in teams_in(tree.value)
        for index, name in items_of(value_of(team, "formerly"))
        if isinstance(name, str)
    )
    known = dict(reversed(ids)).items()
    yield from _repeated((*known, *formerly), "is or was a team's id", tree.lines)


def _ids(tree: Tree) -> list[tuple[str, Path]]:
    teams = ((id_of(team), at) for at, team in teams_in(tree.value))
    return [(folded(name), (*at, "id")) for name, at in teams if name is not None]


def _repeated_roles(tree: Tree) -> Iterator[Mistake]:
    roles = value_of(tree.value, "organisation", "roles")
    people = (
        (without_at(folded(person)), ("organisation", "roles", role, index))
        for role in _ROLES
        for index, person in items_of(value_of(roles, role))
        if isinstance(person, str)
    )
    return _repeated(people, "this person has a role already", tree.lines)


def _repeated_domains(tree: Tree) -> Iterator[Mistake]:
    at = ("organisation", "platform", "domains")
    domains = (
        (folded(name), (*at, index))
        for index, name in items_of(value_of(tree.value, *at))
        if isinstance(name, str)
    )
    return _repeated(domains, "this domain is named already", tree.lines)


def _repeated(
    named: Iterable[tuple[str, Path]], text: str, lines: Lines
) -> Iterator[Mistake]:
    seen: dict[str, Path] = {}
    for name, at in named:
        if name in seen:
            where = f"{text} (line {line_of(seen[name], lines)})"
            yield mistake_at(at, where, lines)
        seen.setdefault(name, at)


def _contradictions(claims: Iterable[Claim], lines: Lines) -> Iterator[Mistake]:
    by_reference: dict[tuple[str, ...], list[Claim]] = {}
    for claim in claims:
        key: tuple[str, ...] = (claim.subject, claim.reference, claim.repo)
        if claim.subject in _SHARED:
            # A person may be in several teams, but once at a time in each.
            key = (*key, claim.team)
        earlier = by_reference.setdefault(key, [])
        for other in earlier:
            if claim.span.overlaps(other.span):
                yield mistake_at(claim.at, _contradiction(claim, other, lines), lines)
                break
        earlier.append(claim)


def _contradiction(claim: Claim, other: Claim, lines: Lines) -> str:
    line = line_of(other.at, lines)
    if claim.subject == "consumer":
        return f"the team is served at that time already (line {line})"
    if claim.subject == "member":
        return f"the person is in this team already at that time (line {line})"
    return (
        f"{claim.subject} '{claim.reference}' is claimed by {other.team} at the same "
        f"time (line {line}): keep one, or give both dates that do not overlap"
    )
