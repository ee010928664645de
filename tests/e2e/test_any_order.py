"""Events about the same few things come to the same, however they arrive."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.decode.decode import decode
from monitor.decode.settings import DecodeSettings, TopicHint
from monitor.directory.attribute import attribute
from monitor.domain.facts import Fact
from monitor.domain.outcomes import Record
from monitor.domain.provenance import record_word
from monitor.domain.timeline import Timeline
from monitor.relate.packed_rows import unpack
from tests.harness.colliding_bodies import MONDAY, colliding_records
from tests.harness.colliding_events import colliding_events
from tests.harness.driving import Drive, Samples, directory_of
from tests.harness.examples import law

pytestmark = pytest.mark.slow

TEAMS = """
version: 1
organisation: {name: Acme}
teams:
  - {id: shop, headcount: 4, owns: [{repo: acme/shop}, {jira: SHOP}],
     members: ['github:dev-a']}
  - {id: pay, headcount: 3, owns: [{repo: acme/pay}, {jira: PAY}],
     members: ['github:dev-b']}
  - {id: plat, kind: platform, headcount: 5,
     owns: [{repo: acme/platform}, {jira: PLAT}, {pool: self-hosted}]}
"""
DIRECTORY = directory_of(TEAMS)
SETTINGS = DecodeSettings(projects=DIRECTORY.projects)
AT = (MONDAY + 40 * 86_400) * 1000


def facts_of(records: Iterable[Record]) -> list[Fact]:
    """The facts of the records; a record that is refused has none."""
    found: list[Fact] = []
    for record in records:
        word = record_word(record.topic, record.partition, record.offset)
        told = decode(record, TopicHint(), SETTINGS).facts
        found += [attribute(fact, DIRECTORY)._replace(source=word) for fact in told]
    return found


def arrived(records: list[Record], chance: random.Random) -> Drive:
    """A live service that hears of them in disorder, some twice, and starts anew."""
    again = [*records, *chance.sample(records, len(records) // 3)]
    chance.shuffle(again)
    driven, rest = Drive(DIRECTORY, AT), facts_of(again)
    while rest:
        size = chance.choice((1, 3, 10))
        driven.take(rest[:size], deferring=chance.random() < 0.3)
        rest = rest[size:]
        if chance.random() < 0.1:
            driven.catch_up()
        if chance.random() < 0.03:
            driven.restart()
    driven.catch_up()
    return driven


def timelines_of(driven: Drive) -> list[Timeline]:
    return [timeline for timeline in driven.timelines() if any(timeline[1:])]


def shown_by(driven: Drive) -> dict[str, Samples]:
    """What is shown that is not 0."""
    shown = {
        name: {labels: value for labels, value in samples.items() if value}
        for name, samples in driven.families().items()
    }
    return {name: samples for name, samples in shown.items() if samples}


def facts_in(driven: Drive) -> int:
    """How many facts are kept."""
    rows = [unpack(packed) for _, packed in driven.state.scan("items")]
    return sum(len(one.facts) for row in rows for one in row.sections.values())


def same_however_they_arrive(records: list[Record], chance: random.Random) -> None:
    at_once = Drive(DIRECTORY, AT)
    at_once.take(facts_of(records))
    driven = arrived(records, chance)
    assert timelines_of(driven) == timelines_of(at_once)
    assert shown_by(driven) == shown_by(at_once)
    assert driven.distinct == at_once.distinct == facts_in(at_once)


@law
@given(st.integers(0, 2**32))
def test_real_bodies_come_to_the_same_in_any_order(seed: int) -> None:
    chance = random.Random(seed)
    same_however_they_arrive(colliding_records(chance), chance)


@law
@given(st.integers(0, 2**32))
def test_events_of_any_kind_about_any_key_come_to_the_same_in_any_order(
    seed: int,
) -> None:
    chance = random.Random(seed)
    records = [
        Record("t", 0, offset, None, None, (), json.dumps(event).encode())
        for offset, event in enumerate(colliding_events(chance))
    ]
    same_however_they_arrive(records, chance)
