"""What every elementary interval of an item counts as, one interval after another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from tests.harness.plain_calendar import DAY_MS
from tests.harness.plain_deploys import (
    broken_by_itself,
    broken_lane,
    deploy_life,
    freezes,
)
from tests.harness.plain_events import Event, PlainWorld
from tests.harness.plain_failures import PlainWait
from tests.harness.plain_life import Life
from tests.harness.plain_steps import FOREVER, Span
from tests.harness.plain_waits import approvals, waits_of

ACUTE_MS = 900_000


@dataclass(frozen=True)
class Amount:
    """Milliseconds of one interval: sort is wait, active or unaccrued.

    Beside active there may be own_failure, of the same time.
    """

    sort: str
    team: str
    on_team: str
    component: str
    phase: str
    start: int
    end: int
    milliseconds: Fraction
    item: str = ""


@dataclass(frozen=True)
class Verdict:
    """What one interval is: who is charged, and for what or for whom."""

    sort: str
    charged: str
    phase: str = ""
    waits: tuple[PlainWait, ...] = ()


@dataclass
class Episode:
    """Working milliseconds of the running episode; ``None`` between episodes."""

    used: int = 0

    def take(self, working: int) -> tuple[int, int]:
        """Split so much more waiting into acute and chronic."""
        acute = min(working, max(0, ACUTE_MS - self.used))
        self.used += working
        return acute, working - acute


@dataclass(frozen=True)
class Judge:
    """The rules at one instant of one item."""

    life: Life
    waits: tuple[PlainWait, ...]
    world: PlainWorld
    # Where deploys of the item's own are broken: shown apart where it is active.
    broken: tuple[Span, ...] = ()
    # Of a deploy, which waits or is nothing: when it was first heard of.
    deploy_since: int | None = None

    @property
    def only_waits(self) -> bool:
        """Whether this is a deploy outside of its item's flight."""
        return self.deploy_since is not None

    def beats(self) -> list[int]:
        """The instants of the item's activities, its first entry among them."""
        human = set(self.life.beats)
        if self.deploy_since is not None:
            return sorted(human) or [self.deploy_since]
        return sorted(human | {span.start for span in self.life.flights[:1]})

    def limit(self, beats: Iterable[int], moment: int, days: int) -> int:
        """When so many working days have passed since the last activity."""
        past = [beat for beat in beats if beat <= moment]
        if not past:
            return moment
        return self.after(max(past), days)

    def after(self, beat: int, days: int) -> int:
        calendar = self.world.calendar_of(self.life.charged(beat))
        return calendar.after(beat, days * DAY_MS)

    def points(self) -> set[int]:
        """Every instant at which anything can change."""
        beats = {*self.beats()}
        for wait in self.waits:
            beats |= {*wait.beat}
        found = set(beats)
        for beat in beats:
            found |= {self.after(beat, 5), self.after(beat, 10)}
        spans = [wait.span for wait in self.waits]
        spans += [*self.life.flights, *(span for span, _ in self.life.hands.open)]
        spans += self.broken
        for held in self.life.open_changes.values():
            spans += held
        for span in spans:
            found |= {span.start, span.end}
        found |= {event.time for event in self.life.events}
        return found

    def halting(self, moment: int) -> list[PlainWait]:
        """The open waits that halt the item; a change's on its own team is none."""
        charged = self.life.charged(moment)
        held = [wait for wait in self.waits if wait.span.holds(moment)]
        change_level = [
            wait for wait in held if wait.level == "change" and wait.on_team != charged
        ]
        covered = {wait.change for wait in change_level}
        opened = {
            change
            for change, spans in self.life.open_changes.items()
            if any(span.holds(moment) for span in spans)
        }
        halting = [wait for wait in held if wait.level == "item"]
        if opened <= covered:
            halting += [w for w in change_level if w.change in opened or not opened]
        return halting

    def stale(self, wait: PlainWait, moment: int) -> bool:
        if wait.capped:
            return False
        return self.limit([*self.beats(), *wait.beat], moment, 10) <= moment

    def verdict(self, moment: int) -> Verdict:  # noqa: PLR0911 - one a rule
        """What the item is at an instant of its flight."""
        life = self.life
        charged = life.charged(moment)
        idle = self.limit(self.beats(), moment, 5) <= moment
        cause = life.again.at(moment)
        cause = "" if cause in ("", "rework") else self.world.named(cause)
        own = ("", charged, life.hands.owner.at(moment))
        if cause not in own and not idle:
            reopened = PlainWait("reopen", cause, Span(moment, FOREVER))
            return Verdict("response", charged, waits=(reopened,))
        halting = self.halting(moment)
        foreign = [w for w in halting if w.sort == "wait" and w.on_team != charged]
        accruing = [wait for wait in foreign if not self.stale(wait, moment)]
        if accruing:
            return Verdict("wait", charged, waits=tuple(accruing))
        if foreign:
            # A wait that is stale holds the item so while no other accrues.
            return Verdict("unaccrued", charged, "stale")
        if any(wait.sort == "pending" for wait in halting):
            return Verdict("unaccrued", charged, "pending")
        internal = [wait for wait in halting if wait.sort == "internal"]
        if any(not self.stale(wait, moment) for wait in internal):
            return Verdict("unaccrued", charged, "internal")
        if internal:
            return Verdict("unaccrued", charged, "stale")
        if idle:
            return Verdict("unaccrued", charged, "idle")
        return Verdict("active", charged, life.active_class(moment))


def amounts_of(
    root: str, lives: Mapping[str, Life], world: PlainWorld, cuts: Iterable[int]
) -> Iterator[Amount]:
    """Every amount of one item up to the last of ``cuts``, in time order."""
    life = lives[root]
    cuts = sorted(cuts)
    judge = Judge(life, tuple(waits_of(root, lives, world)), world)
    every: list[PlainWait] = []
    for deploy, own in _deploys_of(life):
        every += _deploy_waits(deploy, own, life, lives, world)
    broken = tuple(broken_by_itself(life, lives, world))
    judge = replace(judge, waits=(*judge.waits, *every), broken=broken)
    if life.flights:
        yield from _walk(judge, life.flights, cuts, root)
    yield from outside_amounts(root, lives, world, cuts)


def _deploys_of(life: Life) -> list[tuple[str, list[Event]]]:
    deploys: dict[str, list[Event]] = {}
    for event in life.events:
        if event.kind.startswith("deploy."):
            deploys.setdefault(event.entity, []).append(event)
    return sorted(deploys.items())


def outside_amounts(
    root: str, lives: Mapping[str, Life], world: PlainWorld, cuts: Iterable[int]
) -> Iterator[Amount]:
    """What the deploys on a root wait for outside its flight, whatever it is."""
    life, cuts = lives[root], sorted(cuts)
    for deploy, own in _deploys_of(life):
        alone = deploy_life(life, own, world)
        # What a freeze of teams holds up is not whose an item's deploy says it is.
        held = deploy_life(life, own, world, stated=deploy == root)
        waits = _deploy_waits(deploy, own, held, lives, world)
        since = min(event.time for event in own)
        outside = Judge(alone, tuple(waits), world, deploy_since=since)
        yield from _walk(outside, _gaps(life, waits), cuts, root)


def _deploy_waits(
    deploy: str,
    own: list[Event],
    held: Life,
    lives: Mapping[str, Life],
    world: PlainWorld,
) -> list[PlainWait]:
    """The waits of one deploy; freezes of teams are those of whoever has ``held``."""
    return [
        *approvals(own, world),
        *broken_lane(deploy, lives, world),
        *freezes(own, held, lives, world),
    ]


def _walk(
    judge: Judge, flights: Iterable[Span], cuts: list[int], root: str
) -> Iterator[Amount]:
    for flight in flights:
        episode = Episode()
        points = judge.points() | {*cuts, flight.start, flight.end}
        inside = sorted(
            p for p in points if flight.start <= p <= min(flight.end, cuts[-1])
        )
        for start, end in pairwise(inside):
            verdict = judge.verdict(start)
            calendar = judge.world.calendar_of(verdict.charged)
            working = calendar.worked(start, end)
            if working == 0:
                continue
            if judge.only_waits and verdict.sort != "wait" and verdict.phase != "stale":
                episode = Episode()
                continue
            if verdict.sort != "wait" and verdict.phase != "stale":
                episode = Episode()
            for amount in _amounts(verdict, Span(start, end), working, episode):
                yield replace(amount, item=root)
                broken = any(span.holds(start) for span in judge.broken)
                if amount.sort == "active" and broken:
                    apart = replace(amount, sort="own_failure", phase="deploy")
                    yield replace(apart, item=root)


def _amounts(
    verdict: Verdict, span: Span, working: int, episode: Episode
) -> Iterator[Amount]:
    charged, start, end = verdict.charged, span.start, span.end
    if not verdict.waits:
        whole = Fraction(working)
        yield Amount(verdict.sort, charged, "", "", verdict.phase, start, end, whole)
        return
    if verdict.sort == "response":
        phases = [("response", working)]
    else:
        acute, chronic = episode.take(working)
        phases = [("acute", acute), ("chronic", chronic)]
    for (team, component), share in shares(verdict.waits).items():
        for phase, length in phases:
            if length:
                part = length * share
                yield Amount("wait", charged, team, component, phase, start, end, part)


def shares(waits: Iterable[PlainWait]) -> dict[tuple[str, str], Fraction]:
    """Equal parts for the teams, then for the components of each team."""
    named = {(wait.on_team, wait.component) for wait in waits}
    teams = {team for team, _ in named}
    return {
        (team, component): Fraction(1, len(teams) * sum(t == team for t, _ in named))
        for team, component in sorted(named)
    }


def _gaps(life: Life, waits: Iterable[PlainWait]) -> list[Span]:
    """When a deploy waits outside the item's flight: its waits joined together."""
    points = {edge for wait in waits for edge in (wait.span.start, wait.span.end)}
    points |= {edge for span in life.flights for edge in (span.start, span.end)}
    gaps: list[Span] = []
    ordered = sorted(points)
    for start, end in pairwise(ordered):
        waiting = any(wait.span.holds(start) for wait in waits)
        if waiting and life.flight(start) is None:
            if gaps and gaps[-1].end == start:
                gaps[-1] = Span(gaps[-1].start, end)
            else:
                gaps.append(Span(start, end))
    return gaps
