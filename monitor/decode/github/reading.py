"""What all GitHub bodies have in common: where from, keys, persons, times, facts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from monitor.decode.github.models import (
    About,
    Body,
    Label,
    Team,
    User,
)
from monitor.decode.github.places import Place, host_of, place_of
from monitor.decode.noting import missing_field, noted_time
from monitor.decode.provider import Context
from monitor.decode.settings import DecodeSettings, is_program
from monitor.decode.times import read_time
from monitor.decode.touches import TOUCHED, who_touched
from monitor.domain.facts import Fact, Fields, Kind, People
from monitor.domain.making import make_fact
from monitor.domain.memos import memoised
from monitor.domain.outcomes import Reason

DEFAULT_HOST: Final = "github.com"
_HOST_HEADER: Final = "x-github-enterprise-host"
# Actions on issues and pull requests that are neither a transition nor housekeeping:
# whoever does one works on it.
TOUCHING: Final = frozenset(
    {
        "edited",
        "labeled",
        "unlabeled",
        "typed",
        "untyped",
        "milestoned",
        "demilestoned",
    }
)

# Their keys do not tell the repository, as those of changes, issues and pushes do.
_KEYED_APART: Final = frozenset(
    kind for kind in Kind if kind.startswith(("run.", "deploy."))
)


class Ignored(NamedTuple):
    """Why nothing is made of a body."""

    why: str


Read = list[Fact] | Ignored


@dataclass(slots=True)
class Moment:
    """An event time in milliseconds; ``body_hash`` when it is only that of receipt."""

    time: int
    body_hash: str = ""


def handle_of(login: str | None) -> str | None:
    """Whom a login names; ``None`` for nobody."""
    return f"github:{login.strip().lower()}" if login else None


@memoised
def _account(
    login: str | None, type_: str | None, bots: frozenset[str]
) -> tuple[str | None, bool]:
    """The handle of a person, ``None`` for programs; and whether it is a program."""
    if type_ == "Bot" or is_program(login or "", bots):
        return None, True
    return handle_of(login), False


@dataclass(slots=True)
class Reading:
    """One body being read: what it is about, and what was found wrong with it."""

    body: bytes
    context: Context
    settings: DecodeSettings
    host: str
    place: Place | None
    organization: str | None
    reasons: list[Reason] = field(default_factory=list)
    newest: int = 0  # of the times that were read of it, in milliseconds

    def home(self) -> Place:
        """The body's repository; without one nothing can be named, so a reason."""
        if self.place is not None:
            return self.place
        self.missing("repository")
        return Place(self.host, "", None)

    def missing(self, where: str) -> None:
        """Note that a field without which the body says nothing is not there."""
        self.reasons.append(missing_field(where))

    def instant(self, where: str, text: str | None) -> int | None:
        """The time in milliseconds; ``None`` when absent, or wrong and noted."""
        time = noted_time(read_time(text), where, self.reasons) if text else None
        if time is not None and time > self.newest:
            self.newest = time
        return time

    def moment(self, where: str, *candidates: int | None) -> Moment | None:
        """The newest time; else the bridge's; else that of receipt; else a reason."""
        known = newest(*candidates)
        if known or 0 in candidates:
            return Moment(known)
        received = self.received()
        if received is None and not any(one.where == where for one in self.reasons):
            self.missing(where)
        return received

    def received(self) -> Moment | None:
        """When a bridge had the body, else the broker, if either is known."""
        outer = self.context.outer_time
        if outer is not None:
            return Moment(outer)
        if self.context.receipt is None:
            return None
        body_hash = hashlib.blake2b(self.body, digest_size=8).hexdigest()
        return Moment(self.context.receipt, body_hash)

    def told(self, where: str, time: int | None, *about: int | None) -> Moment | None:
        """The time a body tells of it; else as ``moment`` by what it is about."""
        return Moment(time) if time is not None else self.moment(where, *about)

    def automated(self, user: User | None) -> bool:
        """Whether the account is a program: by its type, its name, or configured."""
        return user is not None and self._known(user)[1]

    def person(self, user: User | None) -> str | None:
        """The person's handle; ``None`` for nobody and for programs."""
        return None if user is None else self._known(user)[0]

    def _known(self, user: User) -> tuple[str | None, bool]:
        return _account(user.get("login"), user.get("type"), self.settings.bots)

    def acted(self, fields: Fields, user: User | None) -> People:
        """Who did it; a program has no name and marks the fact instead."""
        if user is None:
            return {}
        handle, automated = self._known(user)
        if handle is not None:
            return {"actor": handle}
        if automated:
            fields["automation"] = True
        return {}

    def mark(self, fields: Fields, user: User | None) -> None:
        """Mark what a program did; who else did it is not said."""
        if self.automated(user):
            fields["automation"] = True

    def node_keys(self, node_id: str | None) -> list[str]:
        """What a thing is called by its node id, if it is told, on this host.

        An Enterprise Server's may be that of another thing on another host: the older
        ones hold no more than the thing's number in its database.
        """
        if not node_id:
            return []
        return [node_id if self.host == DEFAULT_HOST else f"{self.host}:{node_id}"]

    def group(self, team: Team) -> str | None:
        """A team as ``@org/slug``, lower case."""
        return group_named(team, self.organization, self.place)

    def fact(
        self,
        kind: Kind,
        moment: Moment,
        entity: str,
        fields: Fields,
        people: People | None = None,
        *,
        revision: int = 0,
        what: str = "",
    ) -> Fact:
        """A fact from this body's host, with the repository it is about.

        ``what`` was done, or by what, is part of the identity, where that matters.
        """
        identified = None
        if kind in TOUCHED or what:
            at = moment.body_hash or str(moment.time)
            who = who_touched(fields, people or {}) if kind in TOUCHED else ""
            identified = (entity, f"{at}|{who}|{what}")
        return self.stated(
            kind,
            moment.time,
            entity,
            fields,
            people,
            revision,
            moment.body_hash,
            identified,
        )

    def stated(
        self,
        kind: Kind,
        time: int,
        entity: str,
        fields: Fields,
        people: People | None = None,
        revision: int = 0,
        body_hash: str = "",
        identified: tuple[str, str] | None = None,
    ) -> Fact:
        """As ``fact``, at a time that the body states."""
        place = self.place
        if place is not None and place.repo and "repo" not in fields:
            fields["repo"] = place.repo
            if place.is_by_id and kind in _KEYED_APART:
                fields["repo_id"] = place.prefix
        if place is not None and (person := place.person):
            # Nobody may ever act by this name, which is no team's all the same.
            people = {**(people or {}), "owner": f"github:{person}"}
        return make_fact(
            kind,
            time,
            entity,
            self.host,
            fields,
            people,
            revision=revision,
            body_hash=body_hash,
            identified=identified,
        )


def open_reading(body: bytes, context: Context, parsed: Body, about: About) -> Reading:
    """Start reading a body: find its host and its repository."""
    repository, link = about
    host = host_of(repository.get("html_url")) if repository is not None else None
    if host is None:
        host = host_of(link) or context.headers.get(_HOST_HEADER) or DEFAULT_HOST
        host = context.settings.hosts.own(host)
    organization = parsed.get("organization")
    login = organization.get("login") if organization is not None else None
    place = place_of(repository, host)
    return Reading(body, context, context.settings, host, place, login)


def newest(*times: int | None) -> int:
    """The newest of the times in milliseconds, 0 without any: a body's revision."""
    found = 0
    for time in times:
        if time is not None and time > found:
            found = time
    return found


def label_names(labels: Iterable[Label | str | None] | None) -> list[str]:
    """The labels' names; some bodies hold nothing else of a label."""
    found: list[str] = []
    for label in labels or ():
        name = label.get("name") if isinstance(label, dict) else label
        if name:
            found.append(name)
    return found


def group_named(
    team: Team, organization: str | None, place: Place | None
) -> str | None:
    """A team as ``@org/slug``, lower case; its page tells best whose it is."""
    slug = team.get("slug")
    if not slug:
        return None
    path = (team.get("html_url") or "").split("/orgs/", 1)
    owner = path[1].split("/", 1)[0] if len(path) > 1 else organization
    if not owner and place is not None:
        owner = place.repo.split("/", 1)[0]
    return f"@{owner}/{slug}".lower()
