"""Timelines survive their bytes; newer ones are refused."""

import json

import pytest

from monitor.domain.packed import pack_timelines, unpack_timelines
from monitor.domain.timeline import (
    Component,
    Measure,
    Measured,
    Segment,
    Sort,
    Tally,
    Timeline,
    Wait,
)
from monitor.domain.working_time import FOREVER
from monitor.errors import StateCorrupt

TIMELINE = Timeline(
    "CHK-1",
    (
        Segment(Sort.ACTIVE, "checkout", "", "", "feature", 1, 2, 9, "checkout"),
        Segment(Sort.UNACCRUED, "checkout", "", "", "idle", 2, FOREVER, 9, "checkout"),
    ),
    (Wait("checkout", "platform", Component.CI_QUEUE, 3, FOREVER, 7, 2),),
    (Tally("handoff", "checkout", "platform", 5),),
    (Measure(Measured.DEPLOYS, "checkout", "own", 5, place="till/prod"),),
)


def test_timelines_survive_their_bytes() -> None:
    timelines = (TIMELINE, Timeline("CHK-1"))
    found = unpack_timelines(pack_timelines(timelines))
    assert found == timelines
    assert found[0].segments[0].sort is Sort.ACTIVE
    assert found[0].measures[0].name is Measured.DEPLOYS


def test_timelines_from_before_measures_are_read() -> None:
    document = json.loads(pack_timelines((TIMELINE,)))
    del document[1][4]
    document[0] = 1
    (found,) = unpack_timelines(json.dumps(document).encode())
    assert found == TIMELINE._replace(measures=())


def test_timelines_from_before_exposure_are_read() -> None:
    document = json.loads(pack_timelines((TIMELINE,)))
    document[0] = 2
    assert unpack_timelines(json.dumps(document).encode()) == (TIMELINE,)


def test_timelines_from_before_it_was_told_when_failures_began_are_read() -> None:
    document = json.loads(pack_timelines((TIMELINE,)))
    del document[1][2][0][6]
    document[0] = 3
    (found,) = unpack_timelines(json.dumps(document).encode())
    assert found.waits == (TIMELINE.waits[0]._replace(earlier=0),)


def test_newer_timelines_are_refused() -> None:
    document = json.loads(pack_timelines((TIMELINE,)))
    document[0] = 99
    with pytest.raises(StateCorrupt, match="newer friction-monitor"):
        unpack_timelines(json.dumps(document).encode())
