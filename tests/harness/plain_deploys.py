"""What deploys wait for besides approvals: a broken lane, and freezes.

Written from the definition: results of all deploys are walked in order of time, and a
freeze is looked for at every deploy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tests.harness.plain_calendar import DAY_MS
from tests.harness.plain_events import Event, PlainWorld
from tests.harness.plain_failures import PlainWait
from tests.harness.plain_life import Life
from tests.harness.plain_steps import FOREVER, Span, Steps, overlap, pair, where

_FAILED = ("failure", "error", "timed_out")
_BEGUN = ("deploy.started", "deploy.finished", "deploy.rolled_back")


@dataclass(frozen=True)
class Result:
    """A deploy has succeeded, or failed by another team until a cap."""

    time: int
    deploy: str
    until: int
    causes: tuple[str, ...] = ()


def deploy_life(
    life: Life, own: Sequence[Event], world: PlainWorld, *, stated: bool = True
) -> Life:
    """The deploy as an item of its own: the team stated, else its service's owner."""
    named = (event.get("team") for event in own if stated)
    owner = next(filter(None, named), None)
    service = next((e.get("service") for e in own if e.get("service")), None)
    steps = life.hands.owner
    if owner is not None:
        steps = Steps(((-FOREVER, world.named(owner)),))
    elif service is not None and service in world.services:
        steps = Steps(((-FOREVER, world.services[service]),))
    hands = replace(life.hands, owner=steps, open=())
    return replace(
        life, hands=hands, flights=(), again=Steps(((0, ""),)), open_changes={}
    )


def broken_lane(
    deploy: str, lives: Mapping[str, Life], world: PlainWorld
) -> Iterator[PlainWait]:
    """The waits of a failed deploy that is the first to hold its lane."""
    lane = lane_of(deploy, lives)
    results = [
        result
        for life in lives.values()
        for other in sorted({e.entity for e in life.events})
        if lane_of(other, lives) == lane is not None
        for result in _results(other, life, world)
    ]
    holder: Result | None = None
    for moment in sorted({result.time for result in results}):
        here = sorted(
            (result for result in results if result.time == moment),
            key=lambda result: result.deploy,
        )
        good = any(not result.causes for result in here)
        if holder is not None and holder.until <= moment:
            yield from _wait(holder, holder.until, deploy)
            holder = None
        was_held = holder is not None
        if holder is not None and good:
            yield from _wait(holder, moment, deploy)
            holder = None
        bad = [result for result in here if result.causes]
        if holder is None and bad and (was_held or not good):
            holder = bad[0]
    if holder is not None:
        yield from _wait(holder, holder.until, deploy)


def broken_by_itself(
    life: Life, lives: Mapping[str, Life], world: PlainWorld
) -> list[Span]:
    """Where a deploy of the item failed by nobody, or its own team, in some lane.

    Each lane is one key: it opens with such failures of the item's deploys, and closes
    with the successes of anybody's.
    """
    deploys = {e.entity for one in lives.values() for e in one.events}
    lanes = {deploy: lane_of(deploy, lives) for deploy in deploys}
    events = [e for one in lives.values() for e in one.events if lanes[e.entity]]
    found: list[Span] = []
    for lane in sorted({lanes[e.entity] for e in life.events} - {None}):  # type: ignore[type-var]
        there = [event for event in events if lanes[event.entity] == lane]
        opens = [e.time for e in there if e in life.events and _own(e, life, world)]
        found += pair(opens, [event.time for event in there if _succeeds(event)])
    return found


def _own(event: Event, life: Life, world: PlainWorld) -> bool:
    named = {world.named(name) for name in _causes(event)}
    return _fails(event) and named <= {life.charged(event.time)}


def _fails(event: Event) -> bool:
    if event.kind == "deploy.finished":
        return event.get("outcome") in _FAILED
    return event.kind == "deploy.rolled_back"


def _succeeds(event: Event) -> bool:
    return event.kind == "deploy.finished" and event.get("outcome") == "success"


def _causes(event: Event) -> set[str]:
    said = event.get("cause_team") or ()
    return {said} if isinstance(said, str) else {*said}


def _wait(holder: Result, end: int, deploy: str) -> Iterator[PlainWait]:
    if holder.deploy == deploy and holder.time < end:
        for cause in holder.causes:
            span = Span(holder.time, end)
            yield PlainWait("deploy_failure", cause, span, capped=True)


def lane_of(deploy: str, lives: Mapping[str, Life]) -> tuple[str, str] | None:
    own = [e for life in lives.values() for e in life.events if e.entity == deploy]
    own = [event for event in own if event.kind.startswith("deploy.")]
    services = sorted({str(e.get("service")) for e in own if e.get("service")})
    places = sorted({str(e.get("environment")) for e in own if e.get("environment")})
    if not own:
        return None
    # Without a service the deploy is a lane of its own.
    return services[0] if services else f"deploy {deploy}", (places or [""])[0]


# What says whether a deploy may run, in its order at one instant.
_ASKED, _LET_GO, _REFUSED, _STARTED, _FAILURE, _DONE = range(6)


def begun(own: Sequence[Event]) -> list[Event]:
    """The events of a deploy but the failures of what never began.

    It began where a start comes before the failure and no end between them. Else the
    last word before decides, of those that were not said while it ran: a request or a
    refusal that nothing followed; or else the next one, if it is a refusal.
    """
    starts = [event.time for event in own if event.kind == "deploy.started"]
    ends = [e.time for e in own if e.kind in ("deploy.finished", "deploy.rolled_back")]
    runs = [
        Span(start, min([end for end in ends if end >= start] + [FOREVER]))
        for start in starts
    ]
    words = [(run.start, _STARTED) for run in runs]
    words += [(run.end, _DONE) for run in runs]
    for event in own:
        word = _gate(event)
        if word is not None and not any(
            run.start < event.time <= run.end for run in runs
        ):
            words.append((event.time, word))
        if event.kind == "deploy.rolled_back" or event.get("outcome") == "success":
            words.append((event.time, _DONE))
    return [event for event in own if not _never_began(event, runs, sorted(words))]


def _gate(event: Event) -> int | None:
    if event.kind == "deploy.approval_requested":
        return _ASKED
    if event.kind != "deploy.approval_decided":
        return None
    refused = event.get("decision") in ("rejected", "cancelled")
    return _REFUSED if refused else _LET_GO


def _never_began(
    event: Event, runs: Sequence[Span], words: Sequence[tuple[int, int]]
) -> bool:
    if event.kind != "deploy.finished" or event.get("outcome") not in _FAILED:
        return False
    if any(run.start <= event.time <= run.end for run in runs):
        return False
    here = (event.time, _FAILURE)
    before = [word for moment, word in words if (moment, word) < here]
    after = [word for moment, word in words if (moment, word) > here]
    if before and before[-1] in (_ASKED, _REFUSED):
        return True
    open_ = not before or before[-1] == _LET_GO
    return open_ and after[:1] == [_REFUSED]


def _results(deploy: str, life: Life, world: PlainWorld) -> Iterator[Result]:
    own = begun([event for event in life.events if event.entity == deploy])
    outside = deploy_life(life, own, world)
    for event in own:
        if _succeeds(event):
            yield Result(event.time, deploy, event.time)
        elif _fails(event):
            causes = tuple(sorted({world.named(name) for name in _causes(event)}))
            flown = life.flight(event.time) is not None
            charged = (life if flown else outside).charged(event.time)
            if {*causes} - {charged}:
                cap = world.calendar_of(charged).after(event.time, 10 * DAY_MS)
                yield Result(event.time, deploy, cap, causes)


def freezes(
    own: Sequence[Event], charged: Life, lives: Mapping[str, Life], world: PlainWorld
) -> Iterator[PlainWait]:
    """The waits of one deploy for freezes, ``charged`` telling whose it is when."""
    ready = [event.time for event in own if event.kind == "deploy.ready"]
    if not ready:
        return
    begun = [event.time for event in own if event.kind in _BEGUN]
    waiting = Span(min(ready), max(min(ready), min([*begun, FOREVER])))
    services = {event.get("service") for event in own if event.get("service")}
    for freeze, life in sorted(lives.items()):
        said = [e for e in life.events if e.kind.startswith("freeze.")]
        starts = [event for event in said if event.kind == "freeze.started"]
        ends = [event.time for event in said if event.kind == "freeze.ended"]
        named = {n.lower() for event in said for n in event.get("services") or ()}
        teams = {world.named(n) for event in said for n in event.get("teams") or ()}
        held = [waiting]
        if (named or teams) and not named & services:
            moments = [-FOREVER, *(moment for moment, _ in charged.hands.owner.points)]
            held = where(
                moments,
                lambda moment, teams=teams: (  # type: ignore[misc]
                    charged.hands.owner.at(moment) in teams - {"unknown"}
                ),
            )
        beat = tuple(event.time for event in said if event.human)
        for on in pair([event.time for event in starts], ends):
            owner = next(
                e.get("on_team") for e in starts if e.time == on.start and freeze
            )
            for span in overlap(overlap([on], [waiting]), held):
                yield PlainWait("deploy_freeze", world.named(owner), span, beat=beat)
