"""Who owns an item, and how it is handed around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from tests.harness.plain_events import Event, PlainWorld
from tests.harness.plain_steps import FOREVER, Span, Steps

# Kinds whose `team` changes the owner, per level of the root rule.
CHANGING = {
    "ticket": (
        "ticket.created",
        "ticket.started",
        "ticket.accepted",
        "ticket.requested",
    ),
    "change": ("change.opened", "change.ready"),
    "deploy": ("deploy.ready",),
    "incident": ("incident.opened",),
    "run": (),
}
LEVELS = ("ticket", "change", "deploy", "run", "incident")
# Kinds whose `team` says something else than the owner.
OTHERWISE = ("change.reviewed",)
ACTS = (
    "ticket.commented",
    "ticket.started",
    "link.added",
    "link.removed",
    "change.drafted",
    "change.pushed",
    "change.merged",
    "change.closed",
)


@dataclass(frozen=True)
class Hands:
    """The owner over time, the open handoffs, and what is counted of them."""

    owner: Steps
    open: tuple[tuple[Span, str], ...] = ()
    handoffs: tuple[tuple[str, str, int], ...] = ()
    returns: tuple[tuple[str, str, int], ...] = ()
    pingpongs: tuple[tuple[str, str, int], ...] = ()

    @property
    def assignee(self) -> Steps:
        """Whom it is handed to, accepted or not, else its owner."""
        edges = {edge for span, _ in self.open for edge in (span.start, span.end)}
        moments = sorted({moment for moment, _ in self.owner.points} | edges)
        return Steps(tuple((moment, self._has_it(moment)) for moment in moments))

    def _has_it(self, moment: int) -> str:
        asked = (team for span, team in self.open if span.holds(moment))
        return next(asked, self.owner.at(moment))


def hands_of(
    kind: str,
    root: str,
    events: Sequence[Event],
    leaves: Sequence[int],
    world: PlainWorld,
) -> Hands:
    """Owner and handoffs of an item with these events."""
    first = _stated_owner(kind, root, events, world)
    sweep = _Sweep(world, kind, root, first)
    for moment, group in groupby(events, key=lambda event: event.time):
        sweep.step(moment, list(group), ends=moment in leaves)
    sweep.close(FOREVER)
    return Hands(
        Steps(tuple(sweep.owners)),
        tuple(sweep.spans),
        tuple(sweep.handoffs),
        tuple(sweep.returns),
        tuple(sweep.pingpongs),
    )


def _stated_owner(
    kind: str, root: str, events: Sequence[Event], world: PlainWorld
) -> str:
    """The owner of the earliest root-level fact that names one."""
    of = {
        level: [e for e in events if e.kind.split(".")[0] == level] for level in LEVELS
    }
    own = [event for event in of[kind] if event.entity == root]
    # Where it says nothing itself, what hangs on it does, work of its kind as well.
    for level, here in ((kind, own), *of.items()):
        found = _owner_said(here, CHANGING[level], world)
        if found is not None:
            return found
    return "unknown"


def _owner_said(
    here: Sequence[Event], changing: Sequence[str], world: PlainWorld
) -> str | None:
    """Who has it first by these events: somebody named, or else a service's owner."""
    ruled = [event for event in here if event.get("service") in world.services]
    named = [event for event in here if event.get("team")]
    by_change = [event for event in named if event.kind in changing]
    others = [event for event in named if event.kind not in OTHERWISE]
    if by_change and others[0].time < by_change[0].time:
        # Whoever is named has it until somebody takes it over.
        return world.named(others[0].get("team"))
    if by_change and ruled and ruled[0].time < by_change[0].time:
        # Nobody was named yet; who is named then takes it over.
        return world.services[ruled[0].get("service")]
    for event in (*by_change, *others):
        return world.named(event.get("team"))
    return world.services[ruled[0].get("service")] if ruled else None


@dataclass
class _Sweep:
    world: PlainWorld
    kind: str
    root: str
    owner: str
    pending: str | None = None
    # Whether somebody took it over in this instant without being handed it.
    moved: bool = False
    since: int = 0
    hands: list[tuple[str, bool]] = field(default_factory=list)
    owners: list[tuple[int, str]] = field(default_factory=list)
    spans: list[tuple[Span, str]] = field(default_factory=list)
    handoffs: list[tuple[str, str, int]] = field(default_factory=list)
    returns: list[tuple[str, str, int]] = field(default_factory=list)
    pingpongs: list[tuple[str, str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.owners.append((-FOREVER, self.owner))
        self.hands.append((self.owner, True))

    def step(self, moment: int, group: list[Event], *, ends: bool) -> None:
        """One instant: an open handoff ends before the next begins.

        Then kinds have their order: created and started come before assigned, but for
        the receiver, who can only start on what it was given.
        """
        tosses = [event for event in group if event.kind == "ticket.assigned"]
        receivers = {self.world.named(event.get("to_team")) for event in tosses}
        others = [event for event in group if event.kind != "ticket.assigned"]
        accepting = [event for event in others if self.accepts(event)]
        waited = self.pending
        for event in accepting:
            self.take(event)
        left = [
            event
            for event in others
            if event not in accepting
            and not (accepting and self.world.named(event.get("team")) == waited)
        ]
        first = [
            event
            for event in left
            if event.kind in ("ticket.created", "ticket.started")
            and event.get("team")
            and self.world.named(event.get("team")) not in receivers
        ]
        before, self.moved = self.owner, False
        for event in first:
            self.take(event)
        for event in tosses:
            self.toss(event)
        for event in left:
            if event not in first:
                self.take(event)
        if self.moved and self.owner != before:
            self.bounce(moment)
        if ends:
            self.close(moment)

    def toss(self, event: Event) -> None:
        receiver = self.world.named(event.get("to_team"))
        giver = self.pending or self.owner
        if event.get("by_team"):
            giver = self.world.named(event.get("by_team"))
        if receiver == (self.pending or self.owner):
            return
        self.close(event.time)
        self.handoffs.append((giver, receiver, event.time))
        if receiver in {team for team, _ in self.hands}:
            self.returns.append((giver, receiver, event.time))
        self.hands.append((receiver, receiver == self.owner))
        if receiver != self.owner:
            self.pending, self.since = receiver, event.time

    def take(self, event: Event) -> None:
        """Let an event change the owner or accept the open handoff."""
        named = event.get("team")
        if named and event.entity == self.root and event.kind in CHANGING[self.kind]:
            taker = self.world.named(named)
            if taker == self.owner:
                self.keep(event)
                return
            # Whoever takes it, it waits for nobody else.
            self.accept(event.time, taker)
            self.own(event.time, taker)
        acting = event.get("by_team") if event.human else None
        if acting and self.pending == self.world.named(acting) and event.kind in ACTS:
            self.accept(event.time, self.pending)
            self.own(event.time, self.world.named(acting))

    def keep(self, event: Event) -> None:
        """The giver starts on it after all, before anybody took it on."""
        if self.pending and event.kind in ("ticket.accepted", "ticket.started"):
            self.close(event.time)
            self.hands.append((self.owner, True))

    def accepts(self, event: Event) -> bool:
        """Whether the team that is waited for takes the item on."""
        if self.pending is None:
            return False
        owning = event.kind in CHANGING[self.kind] and event.entity == self.root
        taken = event.get("team") if owning else None
        acts = event.human and event.kind in ACTS
        acting = event.get("by_team") if acts else None
        return self.pending in [self.world.named(n) for n in (taken, acting) if n]

    def accept(self, moment: int, taker: str) -> None:
        if self.pending == taker:
            self.hands[-1] = (taker, True)
            self.bounce(moment)
        self.close(moment)

    def bounce(self, moment: int) -> None:
        """Count who has it again after one other team, both having accepted it.

        An incident is no item that is handed around.
        """
        is_open = self.hands[-1] == (self.pending, False)
        last = (self.hands[:-1] if is_open else self.hands)[-3:]
        accepted = len(last) == 3 and last[0] == last[2] and last[1][1]
        if accepted and self.kind != "incident":
            self.pingpongs.append((last[2][0], last[1][0], moment))

    def own(self, moment: int, team: str) -> None:
        if team != self.owner:
            self.owner = team
            self.owners.append((moment, team))
            if self.hands[-1] != (team, True):
                self.hands.append((team, True))
                self.moved = True

    def close(self, moment: int) -> None:
        if self.pending is not None and self.since < moment:
            self.spans.append((Span(self.since, moment), self.pending))
        self.pending = None
