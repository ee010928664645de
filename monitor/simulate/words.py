"""Titles, branches and shas: plausible, and about nobody."""

from __future__ import annotations

import random
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
