"""The waits of one item: spans of time in which somebody is waited for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from tests.harness.plain_attempts import attempts
from tests.harness.plain_changes import SHUTS, open_spans
from tests.harness.plain_events import Event, PlainWorld, roots
from tests.harness.plain_failures import HOURS_4, PlainWait, failure_waits
from tests.harness.plain_life import Life, life_of
from tests.harness.plain_steps import (
    FOREVER,
    Span,
    Steps,
    overlap,
    pair,
    where,
    without,
)

NEVER = Span(FOREVER, FOREVER)


def lives_of(events: list[Event], world: PlainWorld) -> dict[str, Life]:
    """The life of every root item."""
    return {root: life_of(root, own, world) for root, own in roots(events).items()}


def waits_of(
    root: str, lives: Mapping[str, Life], world: PlainWorld
) -> list[PlainWait]:
    """Every wait of an item except those of its deploys, foreign or not."""
    life = lives[root]
    links = list(links_of(life, lives))
    waits = [*links, *_requests(root, lives), *_blocks(life, links, world)]
    waits += [*_handoffs(life), *_reviews(life, world), *_queues(life, world)]
    waits += failure_waits(life, lives, world)
    return [wait for wait in waits if wait.span.start < wait.span.end]


def _times(life: Life, kind: str, **wanted: object) -> list[int]:
    return [
        event.time
        for event in life.events
        if event.kind == kind and all(event.get(k) == v for k, v in wanted.items())
    ]


def links_of(life: Life, lives: Mapping[str, Life]) -> Iterator[PlainWait]:
    """A wait for each link of an item to one that is not resolved, foreign or not."""
    added = [event for event in life.events if event.kind == "link.added"]
    for blocker in sorted({event.get("blocker") for event in added}):
        spans = pair(
            _times(life, "link.added", blocker=blocker),
            _times(life, "link.removed", blocker=blocker),
        )
        other = lives.get(blocker)
        if other is None:
            for span in spans:
                yield PlainWait("dependency_link", "unknown", span)
            continue
        owner = other.hands.owner
        for span in without(spans, other.resolved):
            for piece, team in _pieces(span, owner):
                yield PlainWait("dependency_link", team, piece, beat=other.beats)


def _requests(root: str, lives: Mapping[str, Life]) -> Iterator[PlainWait]:
    """Requests that name the item: each needed until it names another, or resolved."""
    for ticket, other in sorted(lives.items()):
        asked = [e for e in other.events if e.get("needed_by") and e.entity == ticket]
        for now, then in pairwise([*asked, None]):
            if now is None or now.get("needed_by") != root:
                continue
            span = Span(now.time, FOREVER if then is None else then.time)
            for open_span in without([span], other.resolved):
                for piece, team in _pieces(open_span, other.hands.assignee):
                    yield PlainWait("ticket_request", team, piece, beat=other.beats)


def _pieces(span: Span, steps: Steps) -> Iterator[tuple[Span, str]]:
    moments = [span.start, *(moment for moment, _ in steps.points), span.end]
    inside = sorted({m for m in moments if span.start <= m <= span.end})
    for start, end in pairwise(inside):
        yield Span(start, end), steps.at(start)


def _blocks(
    life: Life, links: list[PlainWait], world: PlainWorld
) -> Iterator[PlainWait]:
    blocked = [event for event in life.events if event.kind == "ticket.blocked"]
    for name in {event.get("on_team") for event in blocked}:
        lifted = _times(life, "ticket.unblocked", on_team=name)
        lifted += _times(life, "ticket.unblocked", on_team=None)
        spans = pair(
            _times(life, "ticket.blocked", on_team=name), [*lifted, *life.leaves]
        )
        if name is None:
            spans = without(spans, [link.span for link in links])
        for span in spans:
            team = "unknown" if name is None else world.named(name)
            yield PlainWait("ticket_blocked", team, span)


def _handoffs(life: Life) -> Iterator[PlainWait]:
    for span, receiver in life.hands.open:
        sort = "internal" if receiver == life.origin else "wait"
        yield PlainWait("handoff", receiver, span, sort=sort)


def _reviews(life: Life, world: PlainWorld) -> Iterator[PlainWait]:
    asked = [e for e in life.events if e.kind == "change.review_requested"]
    for change, name in {(e.entity, e.get("on_team")) for e in asked}:
        own = [event for event in life.events if event.entity == change]
        standing = pair(
            [e.time for e in asked if (e.entity, e.get("on_team")) == (change, name)],
            [event.time for event in own if _answers(event, name)],
        )
        for span in overlap(standing, _reviewable(own)):
            yield PlainWait("review_wait", world.named(name), span, "change", change)


def _answers(event: Event, name: str) -> bool:
    if event.kind == "change.reviewed":
        return bool(event.get("team") == name)
    return bool(
        event.kind == "change.review_unrequested" and event.get("on_team") == name
    )


def _reviewable(own: list[Event]) -> list[Span]:
    """When a change is neither draft nor merged or closed."""
    drafts = pair(
        [event.time for event in own if event.kind == "change.drafted"],
        [event.time for event in own if event.kind == "change.ready"],
    )
    opens = open_spans(own, own[0].entity)
    shut = [event.time for event in own if event.kind in SHUTS]
    points = [-FOREVER, *(event.time for event in own)]
    closed = where(
        points,
        lambda moment: (
            any(time <= moment for time in shut)
            and not any(span.holds(moment) for span in opens)
        ),
    )
    return without([Span(-FOREVER, FOREVER)], [*drafts, *closed])


def _queues(life: Life, world: PlainWorld) -> Iterator[PlainWait]:
    runs = [event for event in life.events if event.kind.startswith("run.")]
    for own in attempts(runs):
        later = [e.time for e in own if e.kind in ("run.started", "run.finished")]
        start = _queued_at(own, min([*later, FOREVER]))
        if start is None:
            continue
        ends = [*later, *(leave for leave in life.leaves if leave >= start)]
        calendar = world.calendar_of(life.charged(start))
        ends.append(calendar.after(start, HOURS_4))
        named = [e.get("on_team") for e in own if e.kind != "run.finished"]
        team = world.named(next(filter(None, named), "unknown"))
        change = next((e.get("change") for e in own if e.get("change")), None)
        span = Span(start, min(ends))
        yield PlainWait("ci_queue", team, span, "change", change, capped=True)


def _queued_at(own: list[Event], end: int) -> int | None:
    """When the queue began: where a gate held the run, when it last let it go."""
    queued = [event.time for event in own if event.kind == "run.queued"]
    holds = [e.time for e in own if e.kind == "run.held" and e.time < end]
    if not queued or not holds:
        return min(queued, default=None)
    freed = [
        time
        for time in queued
        if max(holds) <= time <= end and (time, max(holds)) != (min(queued),) * 2
    ]
    return max(freed, default=None)


# A deploy that has come so far waits for no approval asked before.
GOING_ON = ("deploy.started", "deploy.finished", "deploy.rolled_back")


def approvals(own: list[Event], world: PlainWorld) -> list[PlainWait]:
    """The approval waits of one deploy: each asked team once."""
    asked = [event for event in own if event.kind == "deploy.approval_requested"]
    decided = [event for event in own if event.kind == "deploy.approval_decided"]
    going_on = [event.time for event in own if event.kind in GOING_ON]
    waits = []
    for name in sorted({event.get("on_team") for event in asked}):
        start = min(event.time for event in asked if event.get("on_team") == name)
        ends = [
            event.time
            for event in decided
            if event.get("on_team") == name
            or (event.get("on_team") is None and event.time >= start)
        ]
        ends += [moment for moment in going_on if moment >= start]
        span = Span(start, max(start, min([*ends, FOREVER])))
        waits.append(PlainWait("deploy_approval", world.named(name), span))
    return [wait for wait in waits if wait.span.start < wait.span.end]
