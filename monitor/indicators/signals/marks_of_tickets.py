"""What a ticket says to the signals: who opened it about what, who decides, when.

Of labels the union of all its facts counts: a ticket once labelled stays labelled,
from when it was opened. So a campaign that labels old tickets moves no trend.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from monitor.domain.decided import OTHER, decision_word, role_word
from monitor.domain.facts import Fact, Kind
from monitor.domain.items import FOREVER, EntityType, ItemFacts
from monitor.domain.labels import (
    COMPLAINTS,
    COMPONENT,
    FINDING,
    HOW_TO,
    ID,
    PLATFORM,
    TRIAGED,
    values,
)
from monitor.domain.marks import (
    CANCELLED,
    DONE,
    FEATURE,
    Mark,
    Sort,
)
from monitor.domain.marks import PLATFORM as PLATFORM_GROUP
from monitor.domain.teams import RESERVED, Directory
from monitor.indicators.items.charges import Handover
from monitor.indicators.items.classes import classes_of
from monitor.indicators.items.flight import Flights

# A ticket that was only written down is an idea; these say that somebody means it, also
# where it is in flight for no time at all.
_TRIAGING: Final = frozenset(
    {Kind.TICKET_STARTED, Kind.TICKET_ACCEPTED, Kind.TICKET_DECIDED}
)
_PLANNED: Final = frozenset({"sprint", "date"})
_DECIDING: Final = {
    Kind.TICKET_POSTPONED: "prioritise",
    Kind.TICKET_UNBLOCKED: "unblock",
    Kind.TICKET_CANCELLED: "reject",
}
_ASKING: Final = frozenset(
    {
        Kind.TICKET_CREATED,
        Kind.TICKET_REQUESTED,
        Kind.TICKET_BLOCKED,
        Kind.DEPLOY_APPROVAL_REQUESTED,
    }
)


class _Item(NamedTuple):
    """An item's own facts, its labels, when it was opened and by which team."""

    item: ItemFacts
    own: Sequence[Fact]
    labels: list[str]
    created: int
    owner: str
    opener: str
    handover: Handover
    directory: Directory

    def mark(self, sort: Sort, team: str, on_team: str = "", word: str = "") -> Mark:
        return Mark(
            sort, self.created, self.created, self.item.key, team, on_team, word
        )

    def is_platform_at(self, instant: int) -> bool:
        """Whether it is a platform item: by its owner's kind, or by its label."""
        if PLATFORM in self.labels:
            return True
        return self._owner_is(instant, "platform")

    def group_at(self, instant: int) -> str:
        """Which of the compared groups it is in; empty: in neither."""
        if self.is_platform_at(instant):
            return PLATFORM_GROUP
        if self._owner_is(instant, "stream") and self._class_at(instant) == "feature":
            return FEATURE
        return ""

    def _owner_is(self, instant: int, kind: str) -> bool:
        team = self.directory.team(self.handover.team_at(instant))
        return team is not None and team.kind == kind

    def _class_at(self, instant: int) -> str:
        """As its time is booked: by its own word, else by what hangs on it."""
        return [one for since, one in classes_of(self.item) if since <= instant][-1]


def ticket_marks(
    item: ItemFacts, flights: Flights, handover: Handover, directory: Directory
) -> Iterator[Mark]:
    """Every mark of a ticket; of other items only the decisions on them."""
    own = [fact for fact in item.facts if fact.entity == item.key]
    if not own:
        return
    ticket = _described(item, own, handover, directory)
    yield from _decisions(ticket)
    if item.root is not EntityType.TICKET:
        return
    if ticket.labels:
        yield from _labelled(ticket)
    yield from _reopened(ticket)
    yield from _backlog(ticket, flights)


def _described(
    item: ItemFacts, own: Sequence[Fact], handover: Handover, directory: Directory
) -> _Item:
    created = next((f for f in own if f.kind is Kind.TICKET_CREATED), own[0])
    labels = sorted({one for fact in own for one in fact.fields.get("labels", ())})
    owner = handover.team_at(created.time)
    opener = _opener(own, created, owner, directory)
    return _Item(item, own, labels, created.time, owner, opener, handover, directory)


def _opener(
    own: Sequence[Fact], created: Fact, owner: str, directory: Directory
) -> str:
    """Who opened it: the stated requester, else who acted, else its owner.

    Of an actor of several teams the first by name that is not the owner.
    """
    for fact in own:
        if "requester_team" in fact.fields:
            return directory.named(fact.fields["requester_team"])
    acting = map(directory.named, created.fields.get("by_teams", ()))
    return min((team for team in acting if team != owner), default=owner)


def _labelled(ticket: _Item) -> Iterator[Mark]:
    labels, opener = ticket.labels, ticket.opener
    complaint = next((one for one in COMPLAINTS if one in labels), "")
    if complaint:
        yield ticket.mark(Sort.COMPLAINT, opener, word=complaint)
    if PLATFORM in labels:
        for component in values(labels, COMPONENT):
            yield ticket.mark(Sort.TOPIC, opener, word=component)
    asked = ticket.owner
    if HOW_TO in labels and opener != asked and not RESERVED & {opener, asked}:
        yield ticket.mark(Sort.HOW_TO, opener, asked)
    known = values(labels, ID)
    for class_ in values(labels, FINDING):
        end, _ = _ending(ticket, ticket.created)
        what = known[0] if known else ticket.item.key
        yield ticket.mark(Sort.FINDING, ticket.owner, word=class_)._replace(
            end=end, detail=what
        )


def _reopened(ticket: _Item) -> Iterator[Mark]:
    for fact in ticket.own:
        if fact.kind is not Kind.TICKET_REOPENED:
            continue
        team = ticket.handover.team_at(fact.time)
        causes = map(ticket.directory.named, fact.fields.get("cause_teams", ()))
        for cause in sorted({*causes} - RESERVED - {team}):
            yield Mark(
                Sort.TROUBLE,
                fact.time,
                fact.time,
                ticket.item.key,
                team,
                cause,
                "reopen",
            )


def _decisions(ticket: _Item) -> Iterator[Mark]:
    """Decisions on a platform item, with how long they were waited for.

    By the wall, from the latest question before (opened, requested, blocked,
    approval asked). What automation does is none.
    """
    asked = ticket.created
    for fact in ticket.item.facts:
        if fact.kind in _ASKING:
            asked = fact.time
        word = _decision(fact)
        if not word or fact.fields.get("automation"):
            continue
        if ticket.is_platform_at(fact.time):
            yield Mark(
                Sort.DECISION,
                fact.time,
                fact.time,
                ticket.item.key,
                ticket.handover.team_at(fact.time),
                "",
                word,
                role_word(fact.fields.get("actor_role", "")),
                max(0, fact.time - asked),
            )


def _decision(fact: Fact) -> str:
    if fact.kind in (Kind.TICKET_DECIDED, Kind.DEPLOY_APPROVAL_DECIDED):
        word = decision_word(fact.fields.get("decision", ""))
        return "" if word == OTHER else word
    return _DECIDING.get(fact.kind, "")


def _backlog(ticket: _Item, flights: Flights) -> Iterator[Mark]:
    """The span from triage to the end, and what was put off in it."""
    triaged = _triaged(ticket, flights)
    if triaged is None:
        return
    group = ticket.group_at(triaged)
    if not group:
        return
    end, ended = _ending(ticket, triaged)
    team = ticket.handover.team_at(triaged)
    key = ticket.item.key
    yield Mark(Sort.BACKLOG, triaged, end, key, team, "", group, ended)
    for fact in ticket.own:
        if fact.kind is Kind.TICKET_POSTPONED and triaged <= fact.time <= end:
            how = fact.fields.get("how", "")
            yield Mark(Sort.POSTPONED, fact.time, fact.time, key, team, "", group, how)


def _triaged(ticket: _Item, flights: Flights) -> int | None:
    """When it became more than an idea: by a label, by a word, or by being begun."""
    if TRIAGED in ticket.labels:
        return ticket.created
    told = next((f.time for f in ticket.item.facts if _triages(f)), FOREVER)
    begun = flights.flights[0].start if flights.flights else FOREVER
    first = min(told, begun)
    return first if first < FOREVER else None


def _triages(fact: Fact) -> bool:
    if fact.kind in _TRIAGING or "needed_by" in fact.fields:
        return True
    return fact.kind is Kind.TICKET_POSTPONED and fact.fields.get("how") in _PLANNED


def _ending(ticket: _Item, since: int) -> tuple[int, str]:
    """When it was first done or cancelled after an instant, and which."""
    for fact in ticket.own:
        if fact.time >= since:
            if fact.kind is Kind.TICKET_DONE:
                return fact.time, DONE
            if fact.kind is Kind.TICKET_CANCELLED:
                return fact.time, CANCELLED
    return FOREVER, ""
