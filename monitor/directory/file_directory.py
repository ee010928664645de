"""The resolver: who owns a reference, as a schedule over time.

Everything is found by looking up a folded reference; patterns are only tried the
first time a reference is seen. Two claims on one reference: an exact one beats a
pattern, a longer pattern a shorter; equally long patterns of different teams that
both match leave the reference ``unknown`` rather than guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from monitor.directory.claims import EVERY_TEAM, Claim, accounts_in, group_key
from monitor.directory.dates import Held, Span, joined, to_schedule
from monitor.directory.patterns import folded, glob, path_glob, path_strength
from monitor.directory.register import MOST_REMEMBERED, Register
from monitor.domain.facts import Fields
from monitor.domain.memos import Memo
from monitor.domain.opaque import blocked_on
from monitor.domain.teams import (
    COMMON_POOL_LABELS,
    RESERVED,
    UNKNOWN,
    Organisation,
    Schedule,
    Team,
    team_at,
)
from monitor.domain.working_time import Calendar, Hours, calendar_of

_Named = Literal["repo", "project", "service", "pool", "group", "pipeline"]


class FileDirectory:
    """The directory of a teams file. Its answers never change; it remembers them."""

    __slots__ = (
        "_by_repo",
        "_consumers",
        "_ids",
        "_members",
        "_owners",
        "_paths",
        "_pools",
        "_registers",
        "_roles",
        "_teams",
        "accounts",
        "formerly",
        "hash",
        "organisation",
        "persons",
        "projects",
        "provisional",
    )

    def __init__(
        self,
        *,
        hash: str,  # noqa: A002  the protocol's word
        organisation: Organisation,
        teams: Mapping[str, Team],
        claims: Iterable[Claim],
        roles: Mapping[str, str],
        provisional: bool = False,
    ) -> None:
        """Take claims that are known not to contradict one another."""
        self.hash = hash
        self.organisation = organisation
        self.provisional = provisional
        self._teams = dict(teams)
        self._ids = {folded(name): name for name in (*teams, *sorted(RESERVED))}
        before = [(old, team.id) for team in teams.values() for old in team.formerly]
        # What is kept of a label's word finds the team that goes by it.
        words = (folded, blocked_on)
        self.formerly = {word(old): name for word in words for old, name in before}
        self._ids |= {blocked_on(name): name for name in teams} | self.formerly
        self._roles = dict(roles)
        by_subject: dict[str, list[Claim]] = {}
        known = tuple(claims)
        self.accounts = accounts_in(known)
        for claim in known:
            by_subject.setdefault(claim.subject, []).append(claim)
        self._paths = by_subject.pop("path", [])
        self._members = _members(by_subject.pop("member", []))
        self.persons = _persons((*self._members, *self._roles))
        self._consumers = _members(by_subject.pop("consumer", []))
        self._registers: dict[_Named, Register] = {
            "repo": Register(by_subject.get("repo", ())),
            "project": Register(by_subject.get("project", ())),
            "service": Register(by_subject.get("service", ()), with_words=True),
            "pool": Register(by_subject.get("pool", ())),
            "group": Register(by_subject.get("group", ())),
            "pipeline": Register(by_subject.get("pipeline", ()), with_words=True),
        }
        projects = by_subject.get("project", ())
        self.projects = frozenset(claim.reference.upper() for claim in projects)
        self._owners = Memo[tuple[str | None, ...], Schedule | None](MOST_REMEMBERED)
        self._pools = Memo[tuple[str, ...], Schedule | None](MOST_REMEMBERED)
        self._by_repo = Memo[str, list[Claim]](MOST_REMEMBERED)

    @property
    def teams(self) -> dict[str, Team]:
        """Every team of the file, by id, in the file's order."""
        return self._teams

    def team(self, name: str) -> Team | None:
        """The team of this id, with what is known of it."""
        return self._teams.get(name)

    def named(self, name: str) -> str:
        """The team an event names: its id, compared without case, or ``unknown``."""
        return self.listed(name)

    def listed(self, name: str) -> str:
        """The team of the file that goes by this name, or ``unknown``."""
        if name in self._teams:
            return name
        return self._ids.get(folded(name), UNKNOWN)

    def owner(self, fields: Fields) -> Schedule | None:
        """The owner by a tracker's areas, service, repository (with paths), project.

        Under a microsecond for references seen before, unless there are paths in
        a repository that has path rules.
        """
        for area in fields.get("areas", ()):
            found = self.group(area)
            if found is not None:
                return found
        repo = fields.get("repo")
        key = (fields.get("service"), repo, fields.get("project"))
        if repo is not None and "paths" in fields and self._path_rules(repo):
            return self._owner_of_paths(fields, repo)
        try:
            return self._owners[key]
        except KeyError:
            return self._owners.keep(key, self._owner(*key))

    def _owner(
        self, service: str | None, repo: str | None, project: str | None
    ) -> Schedule | None:
        found = self.service(service) if service is not None else None
        if found is None and repo is not None:
            found = self.repository(repo)
        if found is None and project is not None:
            found = self.project(project)
        return found

    def _owner_of_paths(self, fields: Fields, repo: str) -> Schedule | None:
        service, project = fields.get("service"), fields.get("project")
        found = self.service(service) if service is not None else None
        if found is None:
            found = self._agreed(repo, fields["paths"])
        if found is None and project is not None:
            found = self.project(project)
        return found

    def _path_rules(self, repo: str) -> list[Claim]:
        try:
            return self._by_repo[repo]
        except KeyError:
            key = folded(repo)
            rules = [one for one in self._paths if glob(one.repo).fullmatch(key)]
            return self._by_repo.keep(repo, rules)

    def _agreed(self, repo: str, paths: list[str]) -> Schedule | None:
        """The team all paths agree on, at each instant; else the repository's."""
        whole = self.repository(repo)
        base = self._registers["repo"].matching(folded(repo))
        found = {self._of_path(path, base, repo) for path in paths}
        if len(found) <= 1:
            return found.pop() if found else whole
        cuts = {entry.start for one in (*found, whole) if one for entry in one}
        agreed = joined((cut, _common(found, whole, cut)) for cut in sorted(cuts))
        return None if whole is None and _is_unknown(agreed) else agreed

    def _of_path(self, path: str, base: list[Held], repo: str) -> Schedule | None:
        rooted = path if path.startswith("/") else f"/{path}"
        claims = [
            Held(
                (1, *path_strength(rule.reference, rule.repo, rooted)),
                rule.span,
                rule.team,
            )
            for rule in self._path_rules(repo)
            if path_glob(rule.reference).fullmatch(rooted)
        ]
        claims.extend(Held((0, *one.strength), one.span, one.team) for one in base)
        return to_schedule(claims)

    def repository(self, repo: str) -> Schedule | None:
        """The owner of a repository, paths apart."""
        return self._registers["repo"].schedule(repo)

    def service(self, service: str) -> Schedule | None:
        """The owner of a service."""
        return self._registers["service"].schedule(service)

    def project(self, project: str) -> Schedule | None:
        """The owner of a tracker project."""
        return self._registers["project"].schedule(project)

    def group(self, group: str) -> Schedule | None:
        """The team behind a group, with or without its ``@``."""
        return self._registers["group"].schedule(group_key(group))

    def pool(
        self,
        labels: tuple[str, ...],
        *,
        hosted: bool = False,  # noqa: ARG002 - a claim holds whoever has the runners
    ) -> Schedule | None:
        """The owner of a runner pool: the first of its names that is claimed.

        Labels that every self-hosted runner has are asked last.
        """
        try:
            return self._pools[labels]
        except KeyError:
            ordered = sorted(labels, key=lambda one: folded(one) in COMMON_POOL_LABELS)
            found = (self._registers["pool"].schedule(label) for label in ordered)
            first = next((one for one in found if one is not None), None)
            return self._pools.keep(labels, first)

    def pipeline(self, name: str) -> Schedule | None:
        """The team that claims ``owner/repo/workflow/job`` itself, if any."""
        return self._registers["pipeline"].schedule(name)

    def memberships(self, handle: str, instant: int) -> tuple[str, ...]:
        """The teams a person is in at an instant, sorted."""
        held = self._members.get(folded(handle), ())
        return tuple(team for span, team in held if span.covers(instant))

    def services(self, provider: str, consumer: str) -> Sequence[Span]:
        """From when to when the provider is declared to serve the team as a service."""
        if not self._consumers:
            return ()
        held = (
            one
            for team in (folded(consumer), EVERY_TEAM)
            for one in self._consumers.get(team, ())
        )
        return [span for span, name in held if name == provider]

    def role(self, handle: str) -> str | None:
        """The person's role, such as ``manager`` or ``staff``."""
        return self._roles.get(folded(handle))

    def calendar(self, team: str) -> Calendar:
        """The team's calendar; the organisation's for reserved or unknown teams."""
        found = self._teams.get(team)
        return found.calendar if found else self.organisation.calendar


def _members(claims: Iterable[Claim]) -> dict[str, tuple[tuple[Span, str], ...]]:
    """The teams of each person, or that serve each team, and when."""
    people: dict[str, list[tuple[Span, str]]] = {}
    for claim in sorted(claims, key=lambda claim: claim.team):
        people.setdefault(claim.reference, []).append((claim.span, claim.team))
    return {person: tuple(held) for person, held in people.items()}


def _persons(handles: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The handles of each name: a handle itself, and what it is at its provider."""
    found: dict[str, set[str]] = {}
    for handle in handles:
        for name in (handle, handle.partition(":")[2]):
            found.setdefault(name, set()).add(handle)
    found.pop("", None)
    return {name: tuple(sorted(held)) for name, held in found.items()}


def _common(
    schedules: Iterable[Schedule | None], otherwise: Schedule | None, instant: int
) -> str:
    teams = {team_at(one, instant) if one else UNKNOWN for one in schedules}
    if len(teams) == 1:
        return teams.pop()
    return team_at(otherwise, instant) if otherwise else UNKNOWN


def _is_unknown(schedule: Schedule) -> bool:
    return all(entry.team == UNKNOWN for entry in schedule)


def usual_organisation() -> Organisation:
    """What holds for all teams where no file says it."""
    return Organisation(
        name="organisation",
        engineer_cost_per_hour=None,
        currency="EUR",
        budget=0.20,
        platform_pms=None,
        platform_domains=(),
        calendar=calendar_of(Hours()),
    )
