"""What was delivered up to an instant, counted item by item from the definitions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.harness.plain_deploys import begun, deploy_life, lane_of
from tests.harness.plain_events import Event, PlainWorld
from tests.harness.plain_life import Life

PRODUCTION = ("production", "prod", "live")
FAILED = ("failure", "error", "timed_out")


@dataclass
class PlainDelivery:
    """Counts by team, what and label; spans in milliseconds by team and what.

    Of what was after ``edge``, where there is one.
    """

    edge: int | None = None
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    spans: dict[tuple[str, str], list[int]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def count(self, moment: int, *key: str) -> None:
        """One more of this."""
        if self.edge is None or moment > self.edge:
            team, what, label = key
            self.counts[team, what, label] += 1

    def span(self, moment: int, team: str, what: str, length: int) -> None:
        """One more span of this, which ended at an instant."""
        if self.edge is None or moment > self.edge:
            self.spans[team, what].append(length)

    def told(self) -> dict[tuple[str, ...], int | list[int]]:
        """Everything that is not zero, comparable."""
        told: dict[tuple[str, ...], int | list[int]] = {
            key: count for key, count in self.counts.items() if count
        }
        return told | {key: sorted(found) for key, found in self.spans.items()}


@dataclass
class Try:
    """One attempt of a deploy: when it ended, how, because of whom, until when."""

    time: int
    good: bool
    causes: frozenset[str]
    undone: int | None = None
    seemed: bool = False


def delivery(
    lives: Mapping[str, Life], world: PlainWorld, at: int, edge: int | None
) -> PlainDelivery:
    """What all items delivered by the instant, of events up to it."""
    found = PlainDelivery(edge)
    for root, life in sorted(lives.items()):
        tries = _deploys(found, life, lives, world)
        if life.root in ("ticket", "change"):
            _done(found, root, life)
            _asked(found, root, life)
            for change in sorted({e.entity for e in life.events if _is_change(e)}):
                _lead(found, change, life, tries)
            flying = life.flight(at)
            if flying is not None:
                found.counts[life.charged(at), "in_flight", ""] += 1
    return found


def _is_change(event: Event) -> bool:
    return event.kind.startswith("change.")


def _first(life: Life, root: str, kinds: tuple[str, ...], since: int = 0) -> int | None:
    times = [
        event.time
        for event in life.events
        if event.entity == root and event.kind in kinds and event.time >= since
    ]
    return min(times, default=None)


def _done(found: PlainDelivery, root: str, life: Life) -> None:
    end = "ticket.done" if life.root == "ticket" else "change.merged"
    done = _first(life, root, (end,))
    if done is None:
        return
    team = life.charged(done)
    had_by_then = [span.start for span in life.flights if span.start <= done]
    first = min(had_by_then, default=life.events[0].time)
    away = team != life.hands.owner.at(first)
    found.count(done, team, "done", "request" if away else life.classes.at(done))
    began = life.flights[0].start if life.flights else done
    if began < done:
        found.span(done, team, "flow_time", done - began)


def _asked(found: PlainDelivery, root: str, life: Life) -> None:
    own = [event for event in life.events if event.entity == root]
    asked = any(
        event.kind == "ticket.requested" or event.get("work_class") == "request"
        for event in own
    )
    if life.root != "ticket" or not asked:
        return
    filed = _first(life, root, ("ticket.created", "ticket.requested"))
    filed = own[0].time if filed is None else filed
    found.count(filed, life.charged(filed), "requests_opened", "")
    closed = _first(life, root, ("ticket.done", "ticket.cancelled"), filed)
    if closed is not None:
        found.count(closed, life.charged(closed), "requests_closed", "")


def _deploys(
    found: PlainDelivery, life: Life, lives: Mapping[str, Life], world: PlainWorld
) -> list[tuple[Try, str]]:
    """Count the deploys of an item; the attempts that lasted, with their owners."""
    lasted: list[tuple[Try, str]] = []
    for deploy in sorted({e.entity for e in life.events}):
        own = [
            event
            for event in life.events
            if event.entity == deploy and event.kind.startswith("deploy.")
        ]
        where = {event.get("environment") for event in own} - {None}
        if where and not where & {*PRODUCTION}:
            continue
        owner = deploy_life(life, own, world).hands.owner
        for one in _tries(own, world):
            team = owner.at(one.time)
            found.count(one.time, team, "deploys", _cause(one, team))
            if any(event.get("unplanned") for event in own):
                found.count(one.time, team, "unplanned", "")
            if one.good:
                lasted.append((one, team))
            elif _cause(one, team) != "external":
                over = _over(one, deploy, lives)
                if over is not None and over > one.time:
                    found.span(over, team, "recovery", over - one.time)
    return lasted


def _tries(own: Sequence[Event], world: PlainWorld) -> list[Try]:
    tries: list[Try] = []
    own = begun(own)
    for moment in sorted({event.time for event in own}):
        here = [event for event in own if event.time == moment]
        failed = [event for event in here if event.get("outcome") in FAILED]
        undone = [event for event in here if event.kind == "deploy.rolled_back"]
        for event in failed:
            causes = _causes(event, world)
            last = tries[-1] if tries else None
            if last is None or last.good or last.undone is not None:
                tries.append(Try(moment, good=False, causes=causes))
            elif causes:
                last.causes = causes
        if any(event.get("outcome") == "success" for event in here) and not (
            tries and tries[-1].good
        ):
            tries.append(Try(moment, good=True, causes=frozenset()))
        for event in undone:
            if not tries:
                tries.append(Try(moment, good=False, causes=frozenset(), undone=moment))
            last = tries[-1]
            last.seemed = last.seemed or last.good
            last.good, last.causes = False, _causes(event, world) or last.causes
            last.undone = moment if last.undone is None else last.undone
    return tries


def _causes(event: Event, world: PlainWorld) -> frozenset[str]:
    said = event.get("cause_team") or ()
    return frozenset(map(world.named, {said} if isinstance(said, str) else said))


def _cause(one: Try, team: str) -> str:
    if one.good:
        return "none"
    if not one.causes or team in one.causes:
        return "own"
    return "external" if one.causes == {"external"} else "other_team"


def _over(one: Try, deploy: str, lives: Mapping[str, Life]) -> int | None:
    lane = lane_of(deploy, lives)
    good = [
        event.time
        for life in lives.values()
        for event in life.events
        if event.kind == "deploy.finished" and event.get("outcome") == "success"
        if lane_of(event.entity, lives) == lane
    ]
    ends = [] if one.undone is None else [one.undone]
    if not one.seemed:
        ends += [time for time in good if time >= one.time]
    return min(ends, default=None)


def _lead(
    found: PlainDelivery,
    change: str,
    life: Life,
    lasted: Sequence[tuple[Try, str]],
) -> None:
    """From the first commit to the first deploy of the item after the merge.

    In these histories every deploy names its item, and no commits.
    """
    own = [event for event in life.events if event.entity == change]
    if all(event.kind == "change.pushed" for event in own) or life.root == "deploy":
        return
    commits = ("change.pushed", "change.opened", "change.ready")
    known = [event.time for event in own if event.kind in commits and _is_change(event)]
    merged = _first(life, change, ("change.merged",))
    if merged is None or not known:
        return
    began = min(known)
    after = [(t.time, team) for t, team in lasted if t.time >= max(merged, began)]
    if after:
        time, team = min(after)
        found.span(time, team, "lead_time", time - began)
