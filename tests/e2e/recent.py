"""Histories that reach into the last days, so that every window has something."""

import json
import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.harness.oracles import ALL
from tests.harness.scenarios import WORLD, Scenario

Body = dict[str, Any]

_NAMES = ("entity", "item", "change", "blocker", "needed_by")
_LISTS = ("items", "changes")


def now_seconds() -> float:
    """The present, as the service under test sees it."""
    return time.time()  # noqa: TID251 - the service cannot be told another


def shifted(event: Mapping[str, Any], by: timedelta, prefix: str = "") -> Body:
    """The same event later, about things of other names."""
    moment = datetime.fromisoformat(event["time"]) + by
    moved = {**event, "time": _text(moment), "id": f"{prefix}{event['id']}"}
    for name in _NAMES:
        if name in event:
            moved[name] = prefix + event[name]
    for name in _LISTS:
        if name in event:
            moved[name] = [prefix + value for value in event[name]]
    return moved


def recent_scenarios(now: float) -> list[Body]:
    """The worked scenarios of one directory, again in each of the last six weeks.

    Whole weeks apart from the original, so that working days stay working days;
    nothing lies in the last hour.
    """
    latest = datetime.fromtimestamp(now, UTC) - timedelta(hours=1)
    found: list[Body] = []
    for number, scenario in enumerate(_of_one_world()):
        for weeks in range(6):
            for event in scenario.events:
                moved = _within(event, weeks, latest, f"s{number}w{weeks}-")
                if moved is not None:
                    found.append(moved)
    return found


def _of_one_world() -> Sequence[Scenario]:
    return [s for s in ALL if s.world == WORLD and all("time" in e for e in s.events)]


def _within(
    event: Mapping[str, Any], weeks: int, latest: datetime, prefix: str
) -> Body | None:
    first = datetime.fromisoformat("2026-03-02T00:00:00+00:00")
    whole = (latest - first).days // 7 - weeks
    moved = shifted(event, timedelta(weeks=whole), prefix)
    return moved if datetime.fromisoformat(moved["time"]) <= latest else None


def lives(seed: int, now: float) -> Iterator[Body]:
    """Endless work items of the last weeks, with corrections of what was said.

    Each item's events come in order; whoever sends them may mix them up.
    """
    chance = random.Random(seed)
    number = 0
    while True:
        number += 1
        blocker = f"L-{chance.randint(max(1, number - 50), number + 5)}"
        yield from _life(chance, f"L-{number}", blocker, now)


def _life(chance: random.Random, item: str, blocker: str, now: float) -> list[Body]:
    teams = ("checkout", "search", "platform")
    team, other = chance.sample(teams, 2)
    clock = now - chance.uniform(0.01, 32) * 86_400
    events: list[Body] = []

    def happens(kind: str, entity: str, /, **fields: Any) -> None:
        nonlocal clock
        clock += chance.uniform(1, 6 * 3_600)
        if clock < now:
            moment = _text(datetime.fromtimestamp(clock, UTC))
            events.append(event_at(kind, moment, entity, **fields))

    work_class = chance.choice(("feature", "defect", "debt"))
    happens("ticket.started", item, team=team, work_class=work_class)
    happens("ticket.blocked", item, on_team=other)
    if chance.random() < 0.8:
        happens("ticket.unblocked", item, on_team=other)
    if chance.random() < 0.3 and blocker != item:
        happens("link.added", item, blocker=blocker)
    happens("run.queued", f"run-{item}", item=item, on_team="platform")
    happens("run.started", f"run-{item}", item=item)
    failed = {"item": item, "pipeline": "build", "sha": f"sha-{item}"}
    happens("run.finished", f"run-{item}", outcome="failure", **failed)
    if chance.random() < 0.5:
        happens("run.finished", f"again-{item}", outcome="success", **failed)
    happens("change.review_requested", f"PR-{item}", item=item, on_team=other)
    happens("change.reviewed", f"PR-{item}", item=item, team=other)
    if chance.random() < 0.3:
        happens("ticket.assigned", item, to_team=other)
        happens("ticket.accepted", item, team=other)
    if chance.random() < 0.7:
        happens("ticket.done", item)
    if chance.random() < 0.2:
        happens("ticket.reopened", item, cause_team=other)
    if chance.random() < 0.1:
        incident = f"INC-{item}"
        happens("incident.opened", incident, team=team, cause_team=other)
        happens("incident.mitigated", incident)
    return events


def event_at(kind: str, moment: str, entity: str, **fields: Any) -> Body:
    """One native event."""
    return {
        "schema": "friction.event.v1",
        "id": f"{entity}-{kind}-{moment}",
        "source": "tracker.example",
        "kind": kind,
        "time": moment,
        "entity": entity,
        **fields,
    }


def disordered(events: Iterable[Body], seed: int) -> Iterator[Body]:
    """The same events with jitter, some much later, some twice; none is lost."""
    chance = random.Random(seed)
    held: list[Body] = []
    for event in events:
        if chance.random() < 0.05:
            yield {**event, "id": f"again-{event['id']}"}
        held.append(event)
        limit = 3_000 if chance.random() < 0.1 else 40
        if len(held) > limit:
            yield held.pop(chance.randrange(len(held)))
        while len(held) > 2_000:
            yield held.pop(chance.randrange(len(held)))
    chance.shuffle(held)
    yield from held


def encoded(events: Iterable[Body]) -> list[bytes]:
    """The events as a producer sends them."""
    return [json.dumps(event).encode() for event in events]


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
