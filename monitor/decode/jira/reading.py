"""What all Jira bodies have in common: where from, keys, persons, times, facts.

An issue is kept by its key, which people and branches name, and known by its
number too, which never changes. Facts are identified by numbers (of the issue, of
the change, of the comment), so that a webhook, its twin of another event and a
poller tell one fact, although their keys and clocks differ.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from monitor.decode.jira.models import Stub, User
from monitor.decode.jira.rules import JiraRules
from monitor.decode.noting import missing_field, noted_time
from monitor.decode.provider import Context
from monitor.decode.settings import DecodeSettings
from monitor.decode.times import read_time
from monitor.domain.facts import Fact, Fields, Kind, People
from monitor.domain.making import make_fact
from monitor.domain.opaque import site_word
from monitor.domain.outcomes import Reason, ReasonCode

NAME: Final = "jira"
# Milliseconds of 1973 and of 9998; any other number is no time in milliseconds.
_TIMESTAMPS: Final = range(100_000_000_000, 253_000_000_000_000)
_NO_TIME: Final = Reason(
    ReasonCode.BAD_TIME,
    "timestamp",
    "is no number of milliseconds nor a time with its zone, and neither what it is"
    " about nor the record has a time",
)
_NO_MILLISECONDS: Final = (
    "is a number, but not of milliseconds since 1970, such as 1772445600000"
)
# A longer number is no time either, and said to be none.
_DIGITS: Final = re.compile(r"\d{1,18}", re.ASCII)
_NO_COLON: Final = re.compile(r"[+-]\d{4}\Z", re.ASCII)
_PROGRAM: Final = "addon_"
# The type of account of an app, and of Jira's own automation.
_APP: Final = "app"


class Ref(NamedTuple):
    """An issue: its key, its number, or both."""

    key: str
    number: str

    @property
    def entity(self) -> str:
        """The key, which moves of the issue change; else the number."""
        return self.key or self.by_number

    @property
    def by_number(self) -> str:
        """The number as an alias."""
        return f"{NAME}:{self.number}"

    def at_site(self, site: str) -> str:
        """The number as no issue of another site has it."""
        return f"{NAME}:{site_word(site)}/{self.number}"

    @property
    def lasting(self) -> str:
        """What a fact's identity names the issue by."""
        return self.by_number if self.number else self.key

    @property
    def aliases(self) -> list[str]:
        """Further keys of the entity."""
        return [self.by_number] if self.key and self.number else []


class Mark(NamedTuple):
    """When something happened, and its number at the source, empty without one.

    ``revision`` orders what happened at one instant.
    """

    time: int
    number: str = ""
    revision: int = 0
    body_hash: str = ""


def ref_of(issue: Stub) -> Ref:
    """The issue, by what it says of itself."""
    number = issue.get("id")
    key = (issue.get("key") or "").strip().upper()
    return Ref(key, "" if number is None else str(number))


def names_of(user: User) -> set[str]:
    """Everything that an account is called by, lower case."""
    accounts = (user.get("accountId"), user.get("name"), user.get("key"))
    return {name.lower() for name in accounts if name}


def host_of(link: str | None) -> str:
    """The host of an address, lower case; empty without one."""
    if link and "://" in link:
        return link.split("/", 3)[2].lower()
    return ""


def site_of(link: str | None) -> str:
    """The site an address of its interface is of; on one host there may be several."""
    site, path, _ = (link or "").partition("/rest/")
    return site.partition("://")[2].lower() if path else ""


class Place(NamedTuple):
    """The host and the site that an address is of; empty where it does not tell it."""

    host: str
    site: str


def place_of(link: str, sites: Mapping[str, str]) -> Place:
    """Where a body is from: of a site's other address, in ``sites``, the site's own.

    A poller may see a site under another address than its webhooks show: that of a
    gateway, of one node.
    """
    site = site_of(link)
    own = sites.get(site or host_of(link))
    if own is None:
        return Place(host_of(link), site)
    return Place(own.partition("/")[0], own if site else "")


def page_of(link: str, key: str, sites: Mapping[str, str]) -> str:
    """Where people see the issue of an address: at the site's own; empty without."""
    address = link.partition("/rest/")[0]
    own = sites.get(site_of(link))
    if own is not None:
        address = f"{address.partition('://')[0]}://{own}"
    return f"{address}/browse/{key}" if address and key else ""


def read_jira_time(value: str | int) -> int | str:
    """As ``read_time``; Jira writes the offset without its colon, or milliseconds.

    These are a number in Jira's own bodies, and text when an app has passed it on.
    """
    if isinstance(value, str):
        text = value.strip()
        if not _DIGITS.fullmatch(text):
            if _NO_COLON.search(text):
                text = f"{text[:-2]}:{text[-2:]}"
            return read_time(text)
        value = int(text)
    return value if value in _TIMESTAMPS else _NO_MILLISECONDS


@dataclass(slots=True)
class Reading:
    """One body being read: where it is from, and what was found wrong with it.

    ``host`` and ``site`` are empty where it does not tell them. ``unknown`` counts
    names of statuses that nothing says the meaning of.
    """

    body: bytes
    context: Context
    host: str
    site: str
    reasons: list[Reason] = field(default_factory=list)
    unknown: int = 0

    @property
    def settings(self) -> DecodeSettings:
        """What holds for all providers."""
        return self.context.settings

    @property
    def rules(self) -> JiraRules:
        """The site's own words."""
        return self.context.settings.jira

    def missing(self, where: str) -> None:
        """Note that a field without which the body says nothing is not there."""
        self.reasons.append(missing_field(where))

    def instant(self, where: str, told: str | int | None) -> int | None:
        """The time in milliseconds; ``None`` when absent, or wrong and noted."""
        return noted_time(read_jira_time(told), where, self.reasons) if told else None

    def mark(self, timestamp: str | int | None, *others: int | None) -> Mark | None:
        """The body's time; else its newest object's; else its bridge's; else receipt.

        A ``timestamp`` that is text was written on the way, and counts where it states
        its zone or is a number of milliseconds.
        """
        told = self.told(timestamp)
        if told is not None:
            return told
        known = [time for time in others if time is not None]
        if known:
            return Mark(max(known))
        outer = self.context.outer_time
        if outer is not None:
            return Mark(outer)
        if self.context.receipt is not None:
            body_hash = hashlib.blake2b(self.body, digest_size=8).hexdigest()
            return Mark(self.context.receipt, body_hash=body_hash)
        if timestamp is not None:
            self.reasons.append(_NO_TIME)
        elif not self.reasons:
            self.missing("timestamp")
        return None

    def told(self, timestamp: str | int | None) -> Mark | None:
        """The body's own time; ``None`` where it says none."""
        time = None if timestamp is None else read_jira_time(timestamp)
        return Mark(time) if isinstance(time, int) else None

    def written(self) -> Mark | None:
        """When a body that has no time of its own came, soon after it was made."""
        context = self.context
        outer = context.outer_time
        time = context.receipt if outer is None else outer
        return None if time is None else Mark(time)

    def person(self, user: User | None) -> str | None:
        """The person's handle; ``None`` for nobody and for programs."""
        if user is None or self.automated(user):
            return None
        return self.handle(user.get("accountId") or user.get("name") or user.get("key"))

    def handle(self, account: str | None) -> str | None:
        """The handle of an account by its id or name; programs have none."""
        name = (account or "").strip().lower()
        if not name or name in self.settings.bots:
            return None
        return f"{NAME}:{name}"

    def automated(self, user: User | None) -> bool:
        """Whether the account is a program: by its type, its name, or configured."""
        if user is None:
            return False
        names = names_of(user)
        if user.get("accountType") == _APP or not names.isdisjoint(self.settings.bots):
            return True
        return any(name.startswith(_PROGRAM) for name in names)

    def acted(self, fields: Fields, user: User | None) -> People:
        """Who did it; a program has no name and marks the fact instead."""
        handle = self.person(user)
        if handle is not None:
            return {"actor": handle}
        if self.automated(user):
            fields["automation"] = True
        return {}

    def fact(
        self,
        kind: Kind,
        mark: Mark,
        ref: Ref,
        fields: Fields,
        people: People | None = None,
    ) -> Fact:
        """A fact about an issue of this site, identified by numbers where it can."""
        if mark.body_hash:
            fields["receipt"] = True
        at = mark.number or mark.body_hash or str(mark.time)
        return make_fact(
            kind,
            mark.time,
            ref.entity,
            self.host or NAME,
            fields,
            people,
            revision=mark.revision,
            identified=(ref.lasting, at),
        )
