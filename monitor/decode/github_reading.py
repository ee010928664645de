"""What all GitHub bodies have in common: where from, keys, persons, times, facts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from monitor.decode.github_models import Label, Repository, Team, User
from monitor.decode.provider import Context
from monitor.decode.settings import DecodeSettings
from monitor.decode.times import read_time
from monitor.domain.facts import Fact, Fields, Kind, People, digest, make_fact
from monitor.domain.outcomes import Reason, ReasonCode

DEFAULT_HOST: Final = "github.com"
_HOST_HEADER: Final = "x-github-enterprise-host"
_BOT_SUFFIX: Final = "[bot]"


class Ignored(NamedTuple):
    """Why nothing is made of a body."""

    why: str


Read = list[Fact] | Ignored


class Place(NamedTuple):
    """A repository: ``prefix`` is what keys of its things begin with."""

    prefix: str
    repo: str
    default_branch: str | None


class Moment(NamedTuple):
    """An event time in milliseconds; ``body_hash`` when it is only that of receipt."""

    time: int
    body_hash: str = ""


def host_of(*links: str | None) -> str | None:
    """The host of the first web address that has one, lower case."""
    for link in links:
        if link and "://" in link:
            host = link.split("/", 3)[2].lower()
            if host:
                return host
    return None


def place_of(repository: Repository | None, host: str) -> Place | None:
    """Where the things of a repository belong: by its id, else by its name.

    The id outlives a rename. ``None`` when the repository has neither.
    """
    if repository is None:
        return None
    name = repository.full_name
    if not name and repository.name and repository.owner:
        name = f"{repository.owner.login or repository.owner.name}/{repository.name}"
    repo = (name or "").strip().lower()
    if repository.id is None and not repo:
        return None
    scope = repo if repository.id is None else str(repository.id)
    return Place(f"{host}:{scope}", repo, repository.default_branch)


@dataclass(slots=True)
class Reading:
    """One body being read: what it is about, and what was found wrong with it."""

    body: bytes
    context: Context
    host: str
    place: Place | None
    organization: str | None
    reasons: list[Reason] = field(default_factory=list)

    @property
    def settings(self) -> DecodeSettings:
        """What the configuration says about decoding."""
        return self.context.settings

    def home(self) -> Place:
        """The body's repository; without one nothing can be named, so a reason."""
        if self.place is not None:
            return self.place
        self.missing("repository")
        return Place(self.host, "", None)

    def missing(self, where: str) -> None:
        """Note that a field without which the body says nothing is not there."""
        text = "is missing; forward the webhook's whole body"
        self.reasons.append(Reason(ReasonCode.MISSING_FIELD, where, text))

    def instant(self, where: str, text: str | None) -> int | None:
        """The time in milliseconds; ``None`` when absent, or wrong and noted."""
        if not text:
            return None
        found = read_time(text)
        if isinstance(found, int):
            return found
        self.reasons.append(Reason(ReasonCode.BAD_TIME, where, found))
        return None

    def moment(self, where: str, *candidates: int | None) -> Moment | None:
        """The newest of the times; else that of receipt; else a reason."""
        known = [time for time in candidates if time is not None]
        if known:
            return Moment(max(known))
        if self.context.receipt is not None:
            body_hash = hashlib.blake2b(self.body, digest_size=8).hexdigest()
            return Moment(self.context.receipt, body_hash)
        if not any(reason.where == where for reason in self.reasons):
            self.missing(where)
        return None

    def automated(self, user: User | None) -> bool:
        """Whether the account is a program: by its type, its name, or configured."""
        if user is None:
            return False
        login = (user.login or "").lower()
        return (
            user.type == "Bot"
            or login.endswith(_BOT_SUFFIX)
            or login in self.settings.bots
        )

    def person(self, user: User | None) -> str | None:
        """The person's handle; ``None`` for nobody and for programs."""
        if user is None or not user.login or self.automated(user):
            return None
        return f"github:{user.login.strip().lower()}"

    def acted(self, fields: Fields, user: User | None) -> People:
        """Who did it; a program has no name and marks the fact instead."""
        handle = self.person(user)
        if handle is not None:
            return {"actor": handle}
        if self.automated(user):
            fields["automation"] = True
        return {}

    def group(self, team: Team) -> str | None:
        """A team as ``@org/slug``, lower case."""
        if not team.slug:
            return None
        path = (team.html_url or "").split("/orgs/", 1)
        owner = path[1].split("/", 1)[0] if len(path) > 1 else self.organization
        if not owner and self.place is not None:
            owner = self.place.repo.split("/", 1)[0]
        return f"@{owner}/{team.slug}".lower()

    def fact(
        self,
        kind: Kind,
        moment: Moment,
        entity: str,
        fields: Fields,
        people: People | None = None,
        *,
        revision: int = 0,
    ) -> Fact:
        """A fact from this body's host, with the repository it is about."""
        if self.place is not None and self.place.repo and "repo" not in fields:
            fields["repo"] = self.place.repo
        return make_fact(
            kind,
            moment.time,
            entity,
            self.host,
            fields,
            people,
            revision=revision,
            body_hash=moment.body_hash,
        )


def open_reading(
    body: bytes,
    context: Context,
    repository: Repository | None,
    link: str | None,
    organization: User | None,
) -> Reading:
    """Start reading a body: find its host and its repository."""
    url = repository.html_url if repository is not None else None
    host = host_of(url, link) or context.headers.get(_HOST_HEADER) or DEFAULT_HOST
    login = organization.login if organization is not None else None
    return Reading(body, context, host, place_of(repository, host), login)


def newest(*times: int | None) -> int:
    """The newest of the times in milliseconds, 0 without any: a body's revision."""
    return max((time for time in times if time is not None), default=0)


def label_names(labels: Iterable[Label] | None) -> list[str]:
    """The labels' names."""
    return [label.name for label in labels or () if label.name]


def request_key(entity: str, handle: str) -> str:
    """An opaque key of what was asked of a person, equal for equal requests."""
    return f"{digest(entity, handle):016x}"[:8]
