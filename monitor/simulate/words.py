"""Titles, branches and shas: plausible, and about nobody."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Final

_VERBS: Final = [
    "add",
    "move",
    "drop",
    "speed-up",
    "split",
    "retry",
    "cache",
    "validate",
    "rename",
    "show",
]
_THINGS: Final = [
    "price-list",
    "login-form",
    "export",
    "basket-total",
    "retry-queue",
    "audit-log",
    "search-index",
    "time-zone-picker",
    "receipt",
    "webhook-client",
    "rate-limit",
    "health-check",
]


# How trackers write what labels say; natively they are written plainly.
_SPELLINGS: Final = {
    "tooling": "kind/tooling",
    "infra": "infrastructure",
    "how-to": "question",
    "triaged": "triage/accepted",
}


def spelled(labels: Iterable[str]) -> tuple[str, ...]:
    """Labels as people write them in a tracker."""
    return tuple(
        _SPELLINGS.get(label, label).replace("component:", "area/") for label in labels
    )


def title(chance: random.Random) -> str:
    """A few words of work."""
    verb, thing = chance.choice(_VERBS), chance.choice(_THINGS)
    return f"{verb} {thing}".replace("-", " ")


def slug(chance: random.Random) -> str:
    """The same as part of a branch name."""
    return f"{chance.choice(_VERBS)}-{chance.choice(_THINGS)}"


def sha(chance: random.Random) -> str:
    """A commit's name: 40 hexadecimal digits."""
    return f"{chance.getrandbits(160):040x}"
