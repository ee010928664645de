"""Real webhook bodies made to be about the same few things, at other times.

A collection of real bodies tells a little of very many things, so that hardly any of
them meet. Here the repositories, numbers, commits and times of a few bodies become
those of a small world, actions and states are exchanged, and some bodies are damaged.
"""

from __future__ import annotations

import json
import random
import re
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Final, NamedTuple

from monitor.domain.outcomes import Record
from tests.harness.reference_data import webhook_bodies

REPOSITORIES: Final = ("acme/shop", "acme/pay", "acme/platform")
TICKETS: Final = {"SHOP-1": "10001", "PAY-2": "10002", "PLAT-3": "10003"}
# Monday 2 March 2026, 09:00 UTC, in seconds.
MONDAY: Final = 1_772_442_000
_FORTNIGHT: Final = 14 * 86_400
_PROVIDERS: Final = ("github", "cdevents", "jira")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")
_ZONE: Final = re.compile(r"[+-]\d\d:?\d\d\Z")
_SHA: Final = re.compile(r"[0-9a-f]{40}\Z")
_BRANCHES: Final = ("main", "SHOP-1-x", "PAY-2")
_TEXTS: Final = (*TICKETS, "closes #1", "fixes acme/pay#2", "Part of SHOP-1")
_WORDS: Final[Mapping[str, tuple[object, ...]]] = {
    "action": (
        *("opened", "closed", "reopened", "synchronize", "ready_for_review"),
        *("converted_to_draft", "review_requested", "submitted", "dismissed"),
        *("queued", "in_progress", "completed", "waiting", "created", "deleted"),
        *("labeled", "unlabeled", "assigned", "edited", "sub_issue_added"),
    ),
    "state": (
        *("open", "closed", "approved", "changes_requested", "commented"),
        *("success", "failure", "error", "pending", "queued", "inactive"),
    ),
    "status": ("queued", "in_progress", "completed", "waiting"),
    "conclusion": ("success", "failure", "cancelled", "skipped", None),
    "outcome": ("success", "failure", "error", "cancel"),
    "merged": (True, False),
    "draft": (True, False),
    "environment": ("production", "staging"),
    "head_branch": _BRANCHES,
    "ref": (*_BRANCHES, "refs/heads/main"),
    "state_reason": ("completed", "not_planned", None),
}
_DAMAGE: Final[tuple[object, ...]] = (
    *(None, "", 0, -1, 2**70, [], {}, True, 1.5),
    *("\0", "\ud800"),
)


class Body(NamedTuple):
    """A real body, of whom it is, and of what kind."""

    provider: str
    kind: str
    value: Any


@cache
def real_bodies() -> tuple[Body, ...]:
    """Every webhook body of the providers; each is JSON."""
    return tuple(
        Body(provider, kind, json.loads(path.read_bytes()))
        for provider in _PROVIDERS
        for kind, path in webhook_bodies(provider)
    )


@dataclass
class World:
    """The few things that the bodies of one history are about."""

    chance: random.Random
    repo: str = ""
    times: list[int] = field(init=False)
    shas: list[str] = field(init=False)
    # How often a word is another one.
    other: float = field(init=False)

    def __post_init__(self) -> None:
        draw = self.chance
        self.times = [
            MONDAY + draw.randrange(_FORTNIGHT) for _ in range(draw.choice((3, 7)))
        ]
        self.shas = [f"{number:040x}" for number in range(10, 14)]
        self.other = draw.choice((0.2, 0.6))

    def moved(self, value: Any, key: str = "") -> Any:
        """The value, about things of this world."""
        match value:
            case dict():
                known = self._repository(value) or self._ticket(value)
                return {
                    name: known[name] if name in known else self.moved(each, name)
                    for name, each in value.items()
                }
            case list():
                return [self.moved(each, key) for each in value]
            case _ if key in _WORDS and self.chance.random() < self.other:
                return self.chance.choice(_WORDS[key])
            case str():
                return self._text(value, key)
            case int() if not isinstance(value, bool):
                return self._number(value, key)
        return value

    def _repository(self, value: Mapping[str, Any]) -> dict[str, object]:
        if "full_name" not in value or "owner" not in value:
            return {}
        return {
            "full_name": self.repo,
            "name": self.repo.partition("/")[2],
            "id": 1 + REPOSITORIES.index(self.repo),
            "default_branch": "main",
        }

    def _ticket(self, value: Mapping[str, Any]) -> dict[str, object]:
        """A number stands for one ticket, or two would be one by either's name."""
        if not re.match(r"[A-Z]+-\d+\Z", str(value.get("key"))):
            return {}
        key = self.chance.choice(list(TICKETS))
        return {"key": key, "id": TICKETS[key]}

    def _text(self, value: str, key: str) -> str:
        draw = self.chance
        if _TIME.match(value):
            return _stamp(draw.choice(self.times), value)
        if _SHA.match(value):
            same = self.shas[zlib.crc32(value.encode()) % len(self.shas)]
            return same if draw.random() < 0.7 else draw.choice(self.shas)
        if key in ("title", "body", "ref") and draw.random() < 0.4:
            return draw.choice(_TEXTS)
        if key == "id" and draw.random() < 0.5:
            return draw.choice(("s1", "s2", "s3"))
        if key == "login":
            return draw.choice(("dev-a", "dev-b", "dependabot[bot]"))
        return value

    def _number(self, value: int, key: str) -> int:
        if key in ("number", "id", "run_id"):
            return self.chance.choice((1, 2, 3, 4))
        if key == "run_attempt":
            return self.chance.choice((1, 2))
        if key == "timestamp":
            return self.chance.choice(self.times) * 1000
        return value

    def numbered(self, value: Any, key: str = "") -> Any:
        """GitHub's numbers: of changes even, of issues odd; ids of one repository."""
        if isinstance(value, list):
            return [self.numbered(each, key) for each in value]
        if not isinstance(value, dict):
            return value
        found = {name: self.numbered(each, name) for name, each in value.items()}
        number, place = found.get("number"), REPOSITORIES.index(self.repo)
        if isinstance(number, int):
            is_change = key == "pull_request" or not found.keys().isdisjoint(
                ("head", "base", "merged_at")
            )
            number = 2 * number - (not is_change)
            found |= {"number": number, "id": 1000 * (1 + place) + number}
            if "node_id" in found:
                found["node_id"] = f"N_{place}_{number}"
        elif isinstance(found.get("id"), int) and "full_name" not in found:
            found["id"] += 10 * place
        # A job deploys once.
        deployment, check = found.get("deployment"), found.get("check_run")
        if isinstance(deployment, dict) and isinstance(check, dict):
            check["id"] = deployment.get("id")
        # A transfer would give two issues one past.
        if isinstance(found.get("changes"), dict):
            found["changes"] = {
                name: each
                for name, each in found["changes"].items()
                if not name.startswith(("old_", "new_"))
            }
        return found

    def damaged(self, value: Any) -> Any:
        """The value with up to three of its parts gone, or of another type."""
        value = json.loads(json.dumps(value))
        for _ in range(self.chance.randrange(4)):
            places = list(_places(value))
            if places:
                self.chance.choice(places)(self.chance)
        return value


def _places(value: Any) -> Iterator[Callable[[random.Random], None]]:
    """How to damage each part of the value."""
    entries: Any = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        entries = enumerate(value)
    for name, each in entries:
        yield partial(_damage, value, name)
        yield from _places(each)


def _damage(parent: Any, name: Any, draw: random.Random) -> None:
    if isinstance(parent, dict) and draw.random() < 0.3:
        del parent[name]
    else:
        parent[name] = draw.choice(_DAMAGE)


def _stamp(instant: int, like: str) -> str:
    zone = _ZONE.search(like)
    written = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(instant))
    return written + (zone.group() if zone else "Z")


def colliding_records(chance: random.Random) -> list[Record]:
    """Between five and a hundred records of a small world, mostly of few kinds."""
    world, bodies = World(chance), real_bodies()
    some = chance.sample(bodies, chance.choice((3, 6, 12)))
    often, most = chance.choice((0.3, 0.8)), chance.choice((20, 60, 100))
    repositories = chance.sample(REPOSITORIES, chance.choice((1, 2)))
    now = (MONDAY + 2 * _FORTNIGHT) * 1000
    records: list[Record] = []
    for offset in range(chance.randrange(5, most)):
        body = chance.choice(some if chance.random() < often else bodies)
        world.repo = chance.choice(repositories)
        value = world.moved(body.value)
        headers: tuple[tuple[str, bytes], ...] = ()
        if body.provider == "github":
            headers = (("X-GitHub-Event", body.kind.encode()),)
            value = world.numbered(value)
        if chance.random() < 0.15:
            value = world.damaged(value)
        raw = json.dumps(value).encode()
        records.append(Record("t", 0, offset, now, None, headers, raw))
    return records
