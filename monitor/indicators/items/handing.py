"""The handing around of an item, instant by instant: who owns it, who is given it.

While a handoff is open the whole item is charged to its origin, the first team
that had it in flight: it is their work that bounces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from monitor.domain.facts import Fact, Fields, Kind
from monitor.domain.items import ItemFacts
from monitor.domain.teams import Directory, team_at
from monitor.domain.timeline import Tally
from monitor.indicators.items.charges import Charge, Handoff
from monitor.indicators.items.owners import (
    OWNING,
    had_it,
    owner_by_rule,
    receiver,
)

# What a team does that shows it has taken an item on; a review does not.
_ACCEPTING: Final = frozenset(
    {
        Kind.TICKET_STARTED,
        Kind.TICKET_ACCEPTED,
        Kind.TICKET_BLOCKED,
        Kind.TICKET_UNBLOCKED,
        Kind.TICKET_COMMENTED,
        Kind.TICKET_UPDATED,
        Kind.TICKET_POSTPONED,
        Kind.TICKET_DECIDED,
        Kind.TICKET_DONE,
        Kind.TICKET_CANCELLED,
        Kind.TICKET_PARKED,
        Kind.TICKET_REOPENED,
        Kind.LINK_ADDED,
        Kind.LINK_REMOVED,
        Kind.CHANGE_OPENED,
        Kind.CHANGE_READY,
        Kind.CHANGE_DRAFTED,
        Kind.CHANGE_PUSHED,
        Kind.CHANGE_MERGED,
        Kind.CHANGE_CLOSED,
    }
)
# Of one instant, these come before a ticket is handed over (design 4, order of kinds).
_BEFORE_HANDING: Final = frozenset({Kind.TICKET_CREATED, Kind.TICKET_STARTED})
# By these the giver has it back: it works on it, or says so.
_TAKEN_BACK: Final = frozenset({Kind.TICKET_STARTED, Kind.TICKET_ACCEPTED})
_CLOSING: Final = frozenset({Kind.TICKET_DONE, Kind.TICKET_CANCELLED})


@dataclass(slots=True)
class Handing:
    """Whose an item is, and to whom it is handed: one instant after the other."""

    item: ItemFacts
    directory: Directory
    owner: str
    pending: str | None = None
    since: int = 0
    # Holders in order, with whether each has accepted: for returns, ping-pongs.
    chain: list[tuple[str, bool]] = field(default_factory=list)
    charged: list[Charge] = field(default_factory=list)
    handoffs: list[Handoff] = field(default_factory=list)
    tallies: list[Tally] = field(default_factory=list)

    def at(self, instant: int, facts: Sequence[Fact]) -> None:
        """Apply one instant: the open handoff closes before another opens."""
        taker = self._accept(instant, facts)
        before = self.owner
        said = [fact for fact in facts if self._says_whose(fact)]
        owning = [fact for fact in said if self._named(fact) != taker]
        earlier = [fact for fact in owning if fact.kind in _BEFORE_HANDING]
        given = self._receivers(facts) if earlier else ()
        # The receiver that starts on it in that instant does so once it was given it.
        earlier = [fact for fact in earlier if self._named(fact) not in given]
        self._take(instant, earlier)
        self._hand_around(instant, facts)
        self._take(instant, [fact for fact in owning if fact not in earlier])
        if self.owner != before:
            self._count_bounce(instant)
        self._accept(instant, facts)
        if any(f.kind in _CLOSING and f.entity == self.item.key for f in facts):
            self._close(instant)
        self.note(instant)

    def _hand_around(self, instant: int, facts: Sequence[Fact]) -> None:
        """Hand it over, or back where nobody of a team has it any more.

        Who is put in the place of somebody of the same team at that instant has it.
        """
        left = list[str]()
        given = set[str]()
        for fact in facts:
            if fact.kind is not Kind.TICKET_ASSIGNED or fact.entity != self.item.key:
                continue
            if (to_team := receiver(fact, self.directory)) is not None:
                self._assign(instant, to_team)
                given.add(to_team)
            elif (team := had_it(fact, self.directory)) is not None:
                left.append(team)
        if self.pending in left and self.pending not in given:
            self._assign(instant, self.owner)

    def _receivers(self, facts: Sequence[Fact]) -> set[str | None]:
        return {
            receiver(fact, self.directory)
            for fact in facts
            if fact.kind is Kind.TICKET_ASSIGNED and fact.entity == self.item.key
        }

    def note(self, instant: int) -> None:
        """Remember who is charged from this instant on."""
        charge = Charge(instant, self.owner, self.pending is not None)
        last = self.charged[-1]
        if (last.owner, last.pending) != (charge.owner, charge.pending):
            self.charged.append(charge)

    def _accept(self, instant: int, facts: Sequence[Fact]) -> str | None:
        """Close the open handoff where its receiver takes it on; who that is."""
        team = self.pending
        if team is None or not any(self._accepts(fact, team) for fact in facts):
            return None
        self._close(instant)
        self.owner = team
        self.chain[-1] = (team, True)
        self._count_bounce(instant)
        return team

    def _count_bounce(self, instant: int) -> None:
        """Count a ping-pong where the owner owned it before the last one did."""
        last = (self.chain if self.pending is None else self.chain[:-1])[-3:]
        if len(last) == 3 and last[0] == last[2] and last[0][1] and last[1][1]:
            self.tallies.append(Tally("pingpong", last[2][0], last[1][0], instant))

    def _accepts(self, fact: Fact, team: str) -> bool:
        if self._says_whose(fact):
            return self._named(fact) == team
        if fact.kind not in _ACCEPTING or fact.fields.get("automation"):
            return False
        on_root = fact.entity == self.item.key
        acting = list(self._acting(fact.fields))
        if on_root and fact.kind is Kind.TICKET_STARTED and not acting:
            return self._begun_for(fact) == team
        return team in acting

    def _begun_for(self, fact: Fact) -> str | None:
        """Whose work somebody of no team has begun, where the tracker says it."""
        owner = owner_by_rule(fact, self.directory) if "areas" in fact.fields else None
        return None if owner is None else team_at(owner, fact.time)

    def _acting(self, fields: Fields) -> Iterable[str]:
        return (self.directory.named(name) for name in fields.get("by_teams", ()))

    def _assign(self, instant: int, team: str) -> None:
        holder = self.owner if self.pending is None else self.pending
        if team == holder:
            return
        self._close(instant)
        self.tallies.append(Tally("handoff", holder, team, instant))
        if any(team == earlier for earlier, _ in self.chain):
            self.tallies.append(Tally("return", holder, team, instant))
        given_back = team == self.owner
        self.chain.append((team, given_back))
        if not given_back:
            self.pending, self.since = team, instant

    def _says_whose(self, fact: Fact) -> bool:
        """Whether it says whose the item is, whoever says it."""
        on_root = fact.entity == self.item.key
        return on_root and fact.kind in OWNING and "team" in fact.fields

    def _named(self, fact: Fact) -> str:
        return self.directory.named(fact.fields["team"])

    def _take(self, instant: int, facts: Sequence[Fact]) -> None:
        for fact in facts:
            team = self._named(fact)
            if team == self.pending:
                continue  # accepted, which is told apart
            if team != self.owner:
                self._close(instant)
                self.move(team)
            elif self.pending is not None and fact.kind in _TAKEN_BACK:
                self._close(instant)
                self.chain.append((team, True))

    def move(self, team: str) -> None:
        """The owner becomes another team without a handoff."""
        if team != self.owner:
            self.owner = team
            self.chain.append((team, True))

    def _close(self, instant: int) -> None:
        if self.pending is not None:
            if instant > self.since:
                self.handoffs.append(Handoff(self.since, instant, self.pending))
            self.pending = None
