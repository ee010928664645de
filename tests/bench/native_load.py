"""Native events of 0.5 to 1.2 kB, in bursts as tools send them.

An item lives through four bursts of three events; bursts lie further apart than a
batch, so that a batch of 20,000 brings about three events for each item it touches.
"""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from tests.bench.world import PLATFORMS, project, repository, team

EVENTS_PER_ITEM: Final = 12
# Between two bursts of an item, in events of the whole topic.
_APART: Final = 26_000
_WITHIN: Final = 300
# Events are this far apart in time, so that a topic covers some weeks.
_STEP_MS: Final = 12_000
_BODY_BYTES: Final = (500, 1_200)


def native_records(
    count: int, teams: int, until_ms: int, seed: int = 1
) -> Iterator[bytes]:
    """Bodies in the order of their times, the last one before ``until_ms``."""
    chance = random.Random(seed)
    told: list[tuple[float, int, int]] = []
    for item in range(count // EVENTS_PER_ITEM):
        begun = float(item * EVENTS_PER_ITEM)
        for number in range(EVENTS_PER_ITEM):
            burst = number // 3
            place = begun + burst * _APART + chance.random() * _WITHIN
            told.append((place + (number % 3) * _WITHIN, item, number))
    told.sort()
    first = until_ms - round(told[-1][0] + 1) * _STEP_MS
    lives: dict[int, list[dict[str, Any]]] = {}
    for place, item, number in told:
        life = lives.get(item) or lives.setdefault(item, _life(item, teams, seed))
        body = life[number]
        if number == EVENTS_PER_ITEM - 1:
            del lives[item]
        yield _written(body, first + round(place * _STEP_MS), item, number, chance)


def _life(item: int, teams: int, seed: int) -> list[dict[str, Any]]:
    """What happens to one item, in order: blocked, built, reviewed, done."""
    chance = random.Random(f"{seed}/{item}")
    owner = chance.randrange(PLATFORMS, teams)
    platform = team(chance.randrange(PLATFORMS))
    key, change, run = f"{project(owner)}-{item}", f"PR-{item}", f"R-{item}"
    sha = f"{item:040x}"
    ticket = {"entity": key}
    on_run = {"entity": run, "item": key, "pipeline": "ci", "sha": sha}
    on_change = {"entity": change, "item": key}
    reviewer = team(chance.randrange(PLATFORMS, teams))
    return [
        {
            "kind": "ticket.created",
            **ticket,
            "team": team(owner),
            "work_class": "feature",
        },
        {"kind": "ticket.started", **ticket, "team": team(owner)},
        {"kind": "ticket.blocked", **ticket, "on_team": platform},
        {"kind": "ticket.unblocked", **ticket, "on_team": platform},
        {
            "kind": "change.opened",
            **on_change,
            "sha": sha,
            "branch": f"{key}-work",
            "repo": repository(owner),
        },
        {"kind": "run.queued", **on_run, "on_team": platform, "change": change},
        {"kind": "run.started", **on_run},
        {"kind": "run.finished", **on_run, "outcome": "success"},
        {"kind": "change.review_requested", **on_change, "on_team": reviewer},
        {"kind": "change.reviewed", **on_change, "team": reviewer},
        {"kind": "change.merged", **on_change},
        {"kind": "ticket.done", **ticket},
    ]


def _written(
    body: dict[str, Any], time_ms: int, item: int, number: int, chance: random.Random
) -> bytes:
    time = datetime.fromtimestamp(time_ms / 1_000, UTC).isoformat()
    event = {
        "schema": "friction.event.v1",
        "id": f"{item}-{number}",
        "source": "tracker.example",
        "time": time,
        **body,
    }
    return padded(event, chance.randint(*_BODY_BYTES))


def padded(event: dict[str, Any], size: int) -> bytes:
    """The event as JSON of about so many bytes, by its address and a summary."""
    event["url"] = f"https://tracker.example/browse/{event['entity']}"
    missing = size - len(json.dumps(event)) - 14
    event["summary"] = "waiting for a decision of the others " * (missing // 37 + 1)
    event["summary"] = event["summary"][: max(0, missing)]
    return json.dumps(event).encode()
