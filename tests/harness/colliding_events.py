"""Native events of every kind about a handful of keys, with any of their fields.

No tool sends such: what is a ticket in one event is a deploy in the next, and belongs
to itself. What they come to means little, but must not depend on their order. Natively
an issue is known by two keys where its repository is told by name and by id, and a
sub-task names its ticket as its item; no native event says that it is an epic.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any, Final

from monitor.domain.facts import Kind

_KEYS: Final = (
    "SHOP-1",
    "SHOP-2",
    "PAY-1",
    "shop!1",
    "shop!2",
    "r-1",
    "d-1",
    "=r-1",
    "X",
    "acme/shop#1",
    "github.com:1#1",
)
_TEAMS: Final = ("shop", "pay", "plat")
_FIRST, _SECOND = "a" * 40, "b" * 40
# How often an event has a field, and what of it is drawn.
_FIELDS: Final[Mapping[str, tuple[float, Sequence[object]]]] = {
    "team": (0.5, _TEAMS),
    "on_team": (0.6, _TEAMS),
    "by_team": (0.2, _TEAMS),
    "to_team": (0.6, _TEAMS),
    "requester_team": (0.4, _TEAMS),
    "cause_team": (0.3, (*_TEAMS, ["pay", "plat"])),
    "sha": (0.3, (_FIRST, _SECOND)),
    "shas": (0.2, ([_FIRST], [_FIRST, _SECOND])),
    "branch": (0.3, ("fix", "main", "SHOP-1-x")),
    "repo": (0.5, ("acme/shop", "acme/pay")),
    "default_branch": (0.2, (True,)),
    "pipeline": (0.6, ("test",)),
    "attempt": (0.2, (1, 2)),
    "project": (0.1, ("SHOP", "PAY")),
    "labels": (0.1, (["bug"], ["enhancement"])),
    "url": (0.1, ("https://tracker.example/1",)),
    "service": (0.4, ("till", "other")),
    "services": (0.2, (["till"], ["other"])),
    "teams": (0.2, (["shop"], ["pay", "plat"])),
    "environment": (0.3, ("production", "staging")),
    "outcome": (0.9, ("success", "failure", "error", "cancelled")),
    "decision": (0.8, ("approved", "rejected")),
    "actor_role": (0.5, ("manager",)),
    "how": (0.3, ("sprint", "rank", "date")),
    "automation": (0.1, (True,)),
    "responders": (0.2, (1, 3)),
    "unplanned": (0.2, (True,)),
    "work_class": (0.3, ("feature", "defect")),
    "class": (0.8, ("CWE-1",)),
    "revision": (0.2, (1, 2)),
}
_NAMING: Final = {
    "item": 0.35,
    "change": 0.2,
    "blocker": 0.5,
    "needed_by": 0.1,
}


def colliding_events(chance: random.Random) -> list[dict[str, Any]]:
    """Between four and forty events; some tell one happening twice."""
    keys = chance.sample(_KEYS, chance.choice((3, 5, 8)))
    return [_event(number, keys, chance) for number in range(chance.randrange(4, 40))]


def _event(number: int, keys: list[str], chance: random.Random) -> dict[str, Any]:
    fields = {
        name: chance.choice(values)
        for name, (share, values) in _FIELDS.items()
        if chance.random() < share
    }
    for name, share in _NAMING.items():
        if chance.random() < share:
            fields[name] = chance.choice(keys)
    if chance.random() < 0.15:
        fields["items"] = keys[: chance.choice((1, 2))]
    again = chance.random() < 0.2
    hour, minute = chance.randrange(8, 18), chance.choice(("00", "30"))
    return {
        **fields,
        "schema": "friction.event.v1",
        "id": f"again-{chance.randrange(3)}" if again else f"event-{number}",
        "source": "tracker.example",
        "kind": chance.choice(list(Kind)),
        "time": f"2026-03-02T{hour:02}:{minute}:00Z",
        "entity": chance.choice(keys),
    }
