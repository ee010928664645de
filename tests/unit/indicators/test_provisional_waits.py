"""Who waits for whom where only rules name teams, in whatever order facts come."""

from __future__ import annotations

import random

import pytest

from monitor.directory.growing import NOTHING, grown
from monitor.directory.proposing import propose
from monitor.directory.provisional import directory_of
from monitor.domain.facts import Fact, Fields, Kind
from monitor.domain.making import make_fact
from tests.harness.driving import Drive
from tests.harness.plain_calendar import instant
from tests.unit.directory.sighted import fact, seen

AT = instant("2026-03-02T17:00:00Z")
HOUR = 3_600_000
REPO = fact(Kind.CHANGE_OPENED, "c", {"repo": "acme/shop"})
DIRECTORY = directory_of(grown(NOTHING, propose(seen([REPO]))))


def happened(kind: Kind, hour: int, entity: str, fields: Fields) -> Fact:
    """A fact at the full hour of Monday 2026-03-02."""
    return make_fact(kind, AT + (hour - 17) * HOUR, entity, "s", fields)


FACTS = [
    happened(Kind.CHANGE_OPENED, 9, "acme/new#1", {"repo": "acme/new"}),
    happened(
        Kind.CHANGE_REVIEW_REQUESTED, 10, "acme/new#1", {"group": "@acme/platform"}
    ),
    happened(Kind.CHANGE_MERGED, 12, "acme/new#1", {}),
    happened(Kind.CHANGE_OPENED, 9, "acme/new#2", {"repo": "acme/new"}),
    happened(
        Kind.RUN_QUEUED,
        10,
        "r2",
        {"item": "acme/new#2", "pool": ["self-hosted", "gpu"]},
    ),
    happened(Kind.RUN_STARTED, 11, "r2", {"item": "acme/new#2"}),
    happened(Kind.CHANGE_OPENED, 9, "acme/new#3", {"repo": "acme/new"}),
    happened(
        Kind.RUN_QUEUED,
        10,
        "r3",
        {"item": "acme/new#3", "pool": ["ubuntu-latest"], "hosted": True},
    ),
    happened(Kind.RUN_STARTED, 11, "r3", {"item": "acme/new#3"}),
]


def driven(*batches: list[Fact]) -> Drive:
    """What the facts come to, batch by batch."""
    drive = Drive(DIRECTORY, AT)
    for batch in batches:
        drive.take(batch)
    return drive


def test_groups_pools_and_accounts_are_waited_for_by_rule() -> None:
    pairs = {
        (segment.team, segment.on_team, segment.component)
        for timeline in driven(FACTS).timelines()
        for segment in timeline.segments
        if segment.on_team
    }
    assert pairs == {
        ("acme", "platform", "review_wait"),
        ("acme", "gpu", "ci_queue"),
        # A vendor's runners are nobody's pool.
        ("acme", "external", "ci_queue"),
    }


@pytest.mark.parametrize("seed", range(5))
def test_order_and_repetition_of_facts_change_no_number(seed: int) -> None:
    chance = random.Random(seed)
    mixed = [*FACTS, *chance.sample(FACTS, 4)]
    chance.shuffle(mixed)
    cut = chance.randrange(len(mixed))
    other, plain = driven(mixed[:cut], mixed[cut:]), driven(FACTS)
    assert other.families() == plain.families()
    assert sorted(map(repr, other.timelines())) == sorted(map(repr, plain.timelines()))
