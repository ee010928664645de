"""Failed pipelines of one item: pending, shared, flaky or own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tests.harness import plain_pipelines
from tests.harness.plain_branches import broken_by, culprit
from tests.harness.plain_calendar import DAY_MS
from tests.harness.plain_events import Event, PlainWorld
from tests.harness.plain_life import Life, by_instant
from tests.harness.plain_steps import FOREVER, Span

HOURS_4 = 14_400_000


@dataclass(frozen=True)
class PlainWait:
    """One wait; ``level`` is item or change, ``sort`` wait, pending or internal.

    ``beat`` holds the blocker's activities for the stale rule; a wait with a cap
    of its own (``capped``) is never stale.
    """

    component: str
    on_team: str
    span: Span
    level: str = "item"
    change: str | None = None
    capped: bool = False
    beat: tuple[int, ...] = ()
    sort: str = "wait"


@dataclass(frozen=True)
class _Red:
    """A pipeline that failed; ``team`` is the foreign cause, absent while pending."""

    start: int
    sha: str | None
    change: str | None
    limit: int
    team: str | None = None
    since: int = 0
    owner: str = ""


@dataclass
class _Pipeline:
    life: Life
    lives: Mapping[str, Life]
    world: PlainWorld
    failing: Sequence[Event]
    red: _Red | None = None
    own: bool = False  # red by a stated cause of its own, until the next success
    unrepaired: bool = False  # settled as its own, and not succeeded since
    waits: list[PlainWait] = field(default_factory=list)

    def step(self, group: list[Event], *, ends: bool, leaves: bool) -> None:
        """One instant: an open failure is closed first, else opened first."""
        moment = group[0].time
        opening = [event for event in group if event in self.failing]
        closing = [event for event in group if event not in opening]
        # Of one instant, the success on the failed sha is the better match.
        closing.sort(key=self.is_retry, reverse=True)
        self.expire(moment - 1)
        was_open = bool(self.red) or self.own or self.unrepaired
        self.expire(moment)
        for phase in ("close", "open") if was_open else ("open", "close"):
            if phase == "open":
                for event in opening:
                    self.fail(event)
            else:
                for event in closing:
                    self.succeed(event)
                    self.push(event)
                    self.run_again(event)
                if leaves:
                    self.leave(moment, final=ends)

    def expire(self, moment: int) -> None:
        """Let a shared failure end at its cap."""
        if self.red and self.red.team is not None and self.red.limit <= moment:
            self.finish(self.red.limit)

    def late(self, moment: int) -> bool:
        return bool(self.red) and self.red.team is None and self.red.limit < moment  # type: ignore[union-attr]

    def fail(self, event: Event) -> None:
        moment, sha = event.time, event.get("sha")
        cause = event.get("cause_team")
        stated = self.world.named(cause) if cause else None
        if self.red and self.red.team is not None:
            self.rename(moment, stated)
            return
        if self.red and sha not in (None, self.red.sha):
            self.settle_own(moment)
        if self.red is None:
            self.first(event, stated)
        elif stated is not None:
            start = self.red
            self.red = None
            self.own = stated == self.life.charged(start.start)
            if not self.own:
                self.open_shared(start.start, start.sha, start.change, stated)

    def first(self, event: Event, stated: str | None) -> None:
        sha, change = event.get("sha"), event.get("change")
        named = stated
        if named is None and not self.own:
            named = culprit(event, self.life, self.lives, self.world)
            named = named or broken_by(event, self.world)
        if named is not None:
            self.own = named == self.life.charged(event.time)
            if not self.own:
                self.open_shared(event.time, sha, change, named)
        elif not self.own:
            limit = self.after(event.time, DAY_MS)
            owner = self.owner_of(event)
            self.red = _Red(event.time, sha, change, limit, owner=owner)

    def owner_of(self, event: Event) -> str:
        return self.world.named(event.get("on_team") or "unknown")

    def open_shared(
        self, start: int, sha: str | None, change: str | None, team: str
    ) -> None:
        limit = self.after(start, 10 * DAY_MS)
        self.red = _Red(start, sha, change, limit, team, start)

    def rename(self, moment: int, stated: str | None) -> None:
        assert self.red is not None
        if stated is None or stated == self.red.team:
            return
        if stated == self.life.charged(moment):
            self.finish(moment)
            self.own = True
            return
        self.piece(moment)
        self.red = replace(self.red, team=stated, since=moment)

    def is_retry(self, event: Event) -> bool:
        """Whether it is a success on the sha that failed."""
        sha = self.red.sha if self.red else None
        succeeded = event.get("outcome") == "success"
        return succeeded and sha is not None and event.get("sha") == sha

    def succeed(self, event: Event) -> None:
        red = self.red
        if event.get("outcome") == "success":
            self.own = self.unrepaired = False
        if red is None or event.get("outcome") != "success":
            return
        if red.team is not None:
            self.finish(event.time)
        elif self.late(event.time) or red.sha is None or red.sha != event.get("sha"):
            self.settle_own(event.time)
        else:
            self.red = None
            end = min(event.time, self.after(red.start, HOURS_4))
            self.add("ci_flaky", red.owner, Span(red.start, end), red.change)

    def push(self, event: Event) -> None:
        red = self.red
        if red is None or event.kind != "change.pushed":
            return
        mine = red.change in (None, event.entity)
        if mine and red.team is None and not self.late(event.time):
            self.red, self.unrepaired = None, True

    def run_again(self, event: Event) -> None:
        """Any other run of the pipeline on another sha: the failure was its own."""
        red, sha = self.red, event.get("sha")
        if red is None or red.team is not None or not event.kind.startswith("run."):
            return
        later = red.start < event.time and not self.late(event.time)
        if later and sha is not None and sha != red.sha:
            self.red, self.unrepaired = None, True

    def leave(self, moment: int, *, final: bool) -> None:
        self.own = self.own and not final
        if self.red and self.red.team is not None:
            if final:
                self.finish(moment)
        elif self.red and (final or not self.late(moment)):
            self.settle_own(moment)

    def settle_own(self, moment: int) -> None:
        """A pending failure was the team's own; a day that passed stays pending."""
        if self.red and self.late(moment):
            self.stay_pending(self.red)
        self.red = None

    def stay_pending(self, red: _Red) -> None:
        self.add("", "", Span(red.start, red.limit), red.change, "pending")

    def finish(self, moment: int) -> None:
        self.piece(moment)
        self.red = None

    def piece(self, moment: int) -> None:
        red = self.red
        assert red is not None
        assert red.team is not None
        span = Span(red.since, min(moment, red.limit))
        self.add("ci_shared_failure", red.team, span, red.change)

    def last(self) -> None:
        """Nothing more is known."""
        if self.red and self.red.team is not None:
            self.finish(FOREVER)
        elif self.red:
            self.stay_pending(self.red)

    def add(
        self, what: str, team: str, span: Span, change: str | None, sort: str = "wait"
    ) -> None:
        if span.start < span.end:
            wait = PlainWait(what, team, span, "change", change, capped=True, sort=sort)
            self.waits.append(wait)

    def after(self, start: int, working: int) -> int:
        calendar = self.world.calendar_of(self.life.charged(start))
        return calendar.after(start, working)


def failure_waits(
    life: Life, lives: Mapping[str, Life], world: PlainWorld
) -> Iterator[PlainWait]:
    """The waits and pending intervals of every pipeline of an item."""
    every = [event for event in life.events if event.kind.startswith("run.")]
    for runs, failing in plain_pipelines.lanes(every):
        yield from _one(life, lives, world, runs, failing)


def _one(
    life: Life,
    lives: Mapping[str, Life],
    world: PlainWorld,
    runs: Sequence[Event],
    failing: Sequence[Event],
) -> list[PlainWait]:
    pipeline = _Pipeline(life, lives, world, failing)
    ends = {span.end for span in life.flights} | set(life.leaves)
    for moment, group in by_instant(life.events):
        mine = [e for e in group if e in runs or e.kind == "change.pushed"]
        leaves = moment in ends
        if mine or leaves:
            given = mine or [Event(moment, "leave", "", {})]
            pipeline.step(given, ends=moment in life.leaves, leaves=leaves)
    pipeline.last()
    return pipeline.waits
