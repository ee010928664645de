"""What the teams of a file claim, and where the claims contradict one another.

Works on the file's data before it is known to be sound: what has a wrong form is
left out here and reported elsewhere, so that one run shows every mistake.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from monitor.directory.dates import Span, instant_of
from monitor.directory.mistakes import Lines, Mistake, Path, dotted, line_of
from monitor.directory.patterns import folded, is_glob, path_key
from monitor.directory.teams_model import (
    CalendarEntry,
    ConsumerEntry,
    Dated,
    HeadcountEntry,
    MemberEntry,
    OwnsEntry,
)
from monitor.directory.yaml_tree import Plain, Tree

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
# Several teams may have the same of these at a time.
_SHARED = frozenset({"member", "consumer"})
# What is called ``owner/name``.
_OF_ACCOUNTS: Final = frozenset({"repo", "path", "group", "pipeline"})
_Entry = TypeVar("_Entry", bound=BaseModel)
# Whom a team serves that serves all.
EVERY_TEAM = "*"
_ROLES = ("manager", "director", "architect", "staff")


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


def zone_of(value: Plain) -> zoneinfo.ZoneInfo:
    """The organisation's zone; UTC where the file does not say, or says it wrongly."""
    calendar = _sound(CalendarEntry, _get(_get(value, "organisation"), "calendar"))
    return zoneinfo.ZoneInfo((calendar and calendar.zone) or "UTC")


def claims_of(tree: Tree) -> tuple[tuple[Claim, ...], tuple[Mistake, ...]]:
    """The sound claims of all teams, and what is wrong between them."""
    zone = zone_of(tree.value)
    claims: list[Claim] = []
    mistakes: list[Mistake] = []
    for at, team in _teams(tree.value):
        for found in (one for kind in _LISTS for one in _listed(team, at, kind, zone)):
            if isinstance(found, Claim):
                claims.append(found)
            else:
                mistakes.append(_mistake(*found, tree.lines))
        headcounts = _repeated_days(team, at, zone)
        mistakes.extend(_mistake(*found, tree.lines) for found in headcounts)
    mistakes.extend(_repeated_ids(tree))
    mistakes.extend(_unknown_consumers(claims, tree))
    mistakes.extend(_repeated_roles(tree))
    mistakes.extend(_contradictions(claims, tree.lines))
    return tuple(claims), tuple(mistakes)


# A place and what is wrong there.
_Wrong = tuple[Path, str]


def _mistake(at: Path, text: str, lines: Lines) -> Mistake:
    return Mistake(line_of(at, lines), dotted(at), text)


def _get(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _items(value: Any) -> Iterator[tuple[int, Any]]:
    return enumerate(value) if isinstance(value, list) else iter(())


def _teams(value: Plain) -> Iterator[tuple[Path, Any]]:
    for index, team in _items(_get(value, "teams")):
        if isinstance(_get(team, "id"), str):
            yield ("teams", index), team


def _sound(model: type[_Entry], value: Any) -> _Entry | None:
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


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
) -> Iterator[Claim | _Wrong]:
    """The sound claims of one list of a team."""
    for index, raw in _items(_get(team, one.key)):
        place, span = (*at, one.key, index), _dates(raw, zone)
        if isinstance(span, str):
            yield place, span
            continue
        is_short = one.short and isinstance(raw, str)
        entry = _sound(one.model, {one.short: raw} if is_short else raw)
        if entry is None or span is None:
            continue
        subject, reference, repo = one.reference(entry)
        yield Claim(subject, reference, repo, span, team["id"], place)


def _unknown_consumers(claims: Iterable[Claim], tree: Tree) -> Iterator[Mistake]:
    known = {folded(team["id"]) for _, team in _teams(tree.value)} | {EVERY_TEAM}
    for claim in claims:
        if claim.subject == "consumer" and claim.reference not in known:
            text = f"'{claim.reference}' is no team of this file"
            yield _mistake(claim.at, text, tree.lines)


def _dates(raw: Any, zone: zoneinfo.ZoneInfo) -> Span | str | None:
    """The span of an entry, whatever else is wrong with it; None for no dates."""
    said = raw if isinstance(raw, dict) else {}
    dated = _sound(Dated, {key: said[key] for key in ("from", "to") if key in said})
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


def _repeated_days(team: Any, at: Path, zone: zoneinfo.ZoneInfo) -> Iterator[_Wrong]:
    seen: dict[int | str | None, int] = {}
    for index, raw in _items(_get(team, "headcount")):
        entry = _sound(HeadcountEntry, raw)
        if entry is None:
            continue
        day = instant_of(entry.since, zone) if entry.since is not None else None
        if day in seen:
            text = f"begins when headcount[{seen[day]}] begins"
            yield (*at, "headcount", index), text
        seen.setdefault(day, index)


def _repeated_ids(tree: Tree) -> Iterator[Mistake]:
    teams = [*_teams(tree.value)]
    ids = [(folded(team["id"]), (*at, "id")) for at, team in teams]
    yield from _repeated(ids, "another team has this id", tree.lines)
    formerly = (
        (folded(name), (*at, "formerly", index))
        for at, team in teams
        for index, name in _items(_get(team, "formerly"))
        if isinstance(name, str)
    )
    known = dict(reversed(ids)).items()
    yield from _repeated((*known, *formerly), "is or was a team's id", tree.lines)


def _repeated_roles(tree: Tree) -> Iterator[Mistake]:
    roles = _get(_get(tree.value, "organisation"), "roles")
    people = (
        (folded(person), ("organisation", "roles", role, index))
        for role in _ROLES
        for index, person in _items(_get(roles, role))
        if isinstance(person, str)
    )
    return _repeated(people, "this person has a role already", tree.lines)


def _repeated(
    named: Iterable[tuple[str, Path]], text: str, lines: Lines
) -> Iterator[Mistake]:
    seen: dict[str, Path] = {}
    for name, at in named:
        if name in seen:
            where = f"{text} (line {line_of(seen[name], lines)})"
            yield _mistake(at, where, lines)
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
                yield _mistake(claim.at, _contradiction(claim, other, lines), lines)
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
