"""What an assistant tells arrives as it was, whatever records came to."""

from __future__ import annotations

import json

import pytest

from monitor.adapters.assistant.wire import packed, unpacked
from monitor.decode.settings import DecodeSettings
from monitor.domain.outcomes import Record
from monitor.pipeline.batch import no_hint
from monitor.pipeline.catching_up.assistant import Chunk
from monitor.pipeline.decoding import Decoding
from monitor.pipeline.intake import Taken, Taking
from tests.bench.github_load import github_records
from tests.harness.driving import directory_of
from tests.harness.reference_data import REPOSITORY
from tests.harness.scenarios import THREE_TEAMS, WORLD, teams_yaml

AT = 1_772_800_000_000
DIRECTORY = directory_of(teams_yaml(WORLD))
SAMPLES = sorted((REPOSITORY / "schemas" / "valid").rglob("*.json"))


def record(body: bytes, offset: int, headers: tuple[tuple[str, bytes], ...]) -> Record:
    return Record("t", 0, offset, AT, None, headers, body)


def records() -> list[Record]:
    """Events of every kind, webhooks, what is refused and what is ignored."""
    native = [json.dumps(event).encode() for event in THREE_TEAMS]
    bodies = [path.read_bytes() for path in SAMPLES] + native
    bodies += [b"{}", b"\xff", b'{"zen": "x", "hook_id": 1, "hook": {}}']
    found = [record(body, at, ()) for at, body in enumerate(bodies)]
    for body, headers in github_records(2, 60, AT):
        found.append(record(body, len(found), tuple(headers.items())))
    return found


def taking(*, publish_bodies: bool = False) -> Taking:
    decoding = Decoding(DIRECTORY, DecodeSettings(projects=frozenset()), no_hint)
    return Taking(decoding, 1_000, publish_bodies)


@pytest.mark.parametrize("publish_bodies", [False, True])
def test_facts_and_everything_else_arrive_as_they_were(publish_bodies: bool) -> None:
    taken = taking(publish_bodies=publish_bodies).take(records())
    assert taken.facts
    assert taken.letters
    assert taken.sources
    assert taken.unknown
    chunk = Chunk(taken, (), {("t", 0): 7, ("t", 1): 0}, "the broker is away")
    arrived = unpacked(packed(chunk))
    assert arrived.taken.facts == taken.facts
    assert arrived == chunk


def test_what_is_left_to_be_taken_arrives_as_it_was() -> None:
    chunk = Chunk(Taken(), records(), {("t", 0): 7}, None, {("t", 0): 3})
    assert unpacked(packed(chunk)) == chunk
