"""Damage to a world's records: lost, late, unlabelled. Seeded, and never to the truth.

Each record draws one number, whatever the share: what is lost of 1 % is lost of 5 %,
too, so that shares can be compared with each other.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from monitor.domain.outcomes import Record
from monitor.domain.working_time import DAY, HOUR
from tests.accuracy.unlabelling import unlabelled

SHARES: Final = (0.01, 0.05, 0.20)
_SHORTEST: Final = HOUR
_LONGEST: Final = 7 * DAY


class Damaged(NamedTuple):
    """What has arrived at the instant of evaluation, and what arrives later."""

    arrived: list[Record]
    later: list[Record]


Damage = Callable[[Sequence[Record], float, int, int], Damaged]


def _chance(record: Record, what: str, seed: int) -> random.Random:
    """By what is sent, not by its place: beside another hook it fares as alone."""
    delivery = b"".join(value for _, value in record.headers)
    return random.Random(f"{seed}:{what}:".encode() + delivery + (record.value or b""))


def lost(records: Sequence[Record], share: float, seed: int, at: int) -> Damaged:
    """A share of the records never arrives."""
    del at
    kept = [r for r in records if _chance(r, "lost", seed).random() >= share]
    return Damaged(kept, [])


def late(records: Sequence[Record], share: float, seed: int, at: int) -> Damaged:
    """A share of the records comes between an hour and a week late.

    As many of them come hours late as days: the logarithm of the delay is uniform.
    """
    arrived: list[Record] = []
    later: list[Record] = []
    for record in records:
        chance = _chance(record, "late", seed)
        delay = 0
        if chance.random() < share:
            spread = chance.random() * math.log(_LONGEST / _SHORTEST)
            delay = round(_SHORTEST * math.exp(spread))
        (arrived if (record.timestamp or 0) + delay <= at else later).append(record)
    return Damaged(arrived, later)


def untold(records: Sequence[Record], share: float, seed: int, at: int) -> Damaged:
    """A share of the records says nothing of owner, cause, asked team and class."""
    del at
    return Damaged(
        [
            unlabelled(r) if _chance(r, "unlabelled", seed).random() < share else r
            for r in records
        ],
        [],
    )


DAMAGES: Final[dict[str, Damage]] = {
    "lost": lost,
    "late": late,
    "unlabelled": untold,
}


def told_by(record: Record) -> str:
    """Who told it: ``GitHub``, ``Jira``, or ``native`` (CDEvents among them)."""
    names = {name for name, _ in record.headers}
    if "X-GitHub-Event" in names:
        return "GitHub"
    return "Jira" if "X-Atlassian-Webhook-Identifier" in names else "native"


def lost_of(source: str) -> Damage:
    """A share of the records of one source never arrives."""

    def damage(records: Sequence[Record], share: float, seed: int, at: int) -> Damaged:
        of_it = lost([r for r in records if told_by(r) == source], share, seed, at)
        kept = set(of_it.arrived)
        found = [r for r in records if told_by(r) != source or r in kept]
        return Damaged(found, [])

    return damage
