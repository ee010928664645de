"""What is kept of a sealed item survives its bytes, and stored JSON its packing."""

from __future__ import annotations

import json
import random

import pytest

from monitor.domain.deflated import deflate, inflated, is_deflated
from monitor.domain.marks import Mark
from monitor.domain.marks import Sort as Says
from monitor.domain.packed import pack_timelines, unpack_timelines
from monitor.domain.sealed import Sealed, closed_at, seal, unseal
from monitor.domain.timeline import (
    UNIT,
    Component,
    Measure,
    Measured,
    Segment,
    Sort,
    Tally,
    Timeline,
    Wait,
)

MONDAY = 1_772_442_000_000
HOUR = 3_600_000
WAITING = Segment(
    Sort.WAIT,
    "checkout",
    "plätform",
    Component.CI_QUEUE,
    "acute",
    MONDAY,
    MONDAY + HOUR,
    UNIT // 3,
    "checkout",
)


def timeline(*segments: Segment) -> Timeline:
    return Timeline(
        "CHK-1",
        segments,
        (Wait("checkout", "platform", "ci_queue", MONDAY, MONDAY + HOUR, HOUR),),
        (Tally("handoff", "checkout", "platform", MONDAY + 2 * HOUR),),
        (
            Measure(Measured.IN_FLIGHT, "checkout", "", MONDAY),
            Measure(Measured.DEPLOYS, "checkout", "own", MONDAY + HOUR, 1, "prod/api"),
            Measure(Measured.FLOW_TIME, "checkout", "", MONDAY + 4 * HOUR, HOUR + 7),
        ),
    )


@pytest.mark.parametrize(
    "segment",
    [
        WAITING,
        WAITING._replace(start=MONDAY + 1, end=MONDAY + HOUR + 999),
        WAITING._replace(start=MONDAY - 90 * 24 * HOUR),
        # Three responders, each half for one cause; a share that is no whole part.
        WAITING._replace(share=UNIT * 3 // 2, calendar="wall", phase="response"),
        WAITING._replace(share=UNIT // 7 + 1),
        WAITING._replace(sort=Sort.UNACCRUED, phase="stale", end=2**52),
    ],
)
def test_a_sealed_item_survives_its_bytes(segment: Segment) -> None:
    known = Sealed(
        MONDAY + 5 * HOUR, (MONDAY, MONDAY + 3 * HOUR), (timeline(segment, WAITING),)
    )
    assert unseal("CHK-1", seal("CHK-1", known)) == known
    assert unseal("D-9", seal("D-9", known)) == known


@pytest.mark.parametrize("earlier", [0, HOUR, HOUR + 7])
def test_when_what_is_waited_for_began_survives_too(earlier: int) -> None:
    """Where it began with the wait nothing is said, as of what was sealed before."""
    plain = timeline(WAITING)
    (wait,) = plain.waits
    known = plain._replace(waits=(wait._replace(earlier=earlier), wait))
    packed = seal("CHK-1", Sealed(MONDAY, (), (known,)))
    assert unseal("CHK-1", packed).timelines == (known,)
    written = json.loads(inflated(packed[5:]))[2][0][2]
    assert [len(one) for one in written] == [7 if earlier else 6, 6]


@pytest.mark.parametrize(
    "mark",
    [
        Mark(Says.USE, MONDAY, MONDAY, "CHK-1", "checkout", "", "ci", "own"),
        Mark(Says.BACKLOG, MONDAY + 7, 2**52, "CHK-9", "checkout", word="platform"),
        Mark(Says.DECISION, MONDAY, MONDAY, "CHK-1", "data", amount=HOUR),
        Mark(Says.TOPIC, MONDAY + 5 * HOUR, MONDAY + 5 * HOUR, "CHK-1", ""),
    ],
)
def test_what_it_says_to_the_signals_survives_too(mark: Mark) -> None:
    known = Sealed(MONDAY + 5 * HOUR, (), (), (mark, mark))
    assert unseal("CHK-1", seal("CHK-1", known)) == known


def test_when_it_closed_is_known_to_the_second() -> None:
    packed = seal("CHK-1", Sealed(MONDAY + 1_234, (), ()))
    assert closed_at(packed) == MONDAY + 1_000
    assert unseal("CHK-1", packed) == Sealed(MONDAY + 1_000, (), ())


def test_segments_are_what_they_were_to_the_type() -> None:
    (found,) = unseal(
        "CHK-1", seal("CHK-1", Sealed(0, (), (timeline(WAITING),)))
    ).timelines
    assert type(found.segments[0].sort) is Sort
    assert type(found.segments[0]) is Segment
    assert type(found.waits[0]) is Wait
    assert type(found.measures[0].name) is Measured


def test_deflated_json_is_read_as_json_is() -> None:
    plain = pack_timelines((timeline(WAITING),))
    stored = deflate(plain)
    assert len(stored) < len(plain) / 2
    assert (is_deflated(plain), is_deflated(stored)) == (False, True)
    assert inflated(plain) == inflated(stored) == plain
    assert unpack_timelines(stored) == unpack_timelines(plain)


def test_any_json_survives_being_deflated() -> None:
    chance = random.Random(7)
    for _ in range(50):
        words = [chr(chance.randrange(32, 900)) * chance.randrange(9) for _ in range(9)]
        plain = json.dumps(words).encode()
        assert inflated(deflate(plain)) == plain


def test_bytes_that_were_written_before_are_read() -> None:
    """The dictionary is part of the format: these bytes are in people's files."""
    assert inflated(FROM_BEFORE) == b'[1,["CHK-1",[["active","checkout","","","feature"'


FROM_BEFORE = bytes.fromhex("018b36049aecece1ad6b88aa30392335391b987a30f40000")
