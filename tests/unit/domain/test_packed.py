"""Timelines survive their bytes; newer ones are refused."""

import json

import pytest

from monitor.domain.packed import UnknownVersion, pack_timelines, unpack_timelines
from monitor.domain.timeline import Component, Segment, Sort, Tally, Timeline, Wait
from monitor.domain.working_time import FOREVER

TIMELINE = Timeline(
    "CHK-1",
    (
        Segment(Sort.ACTIVE, "checkout", "", "", "feature", 1, 2, 9, "checkout"),
        Segment(Sort.UNACCRUED, "checkout", "", "", "idle", 2, FOREVER, 9, "checkout"),
    ),
    (Wait("checkout", "platform", Component.CI_QUEUE, 1, FOREVER, 7),),
    (Tally("handoff", "checkout", "platform", 5),),
)


def test_timelines_survive_their_bytes() -> None:
    timelines = (TIMELINE, Timeline("CHK-1"))
    found = unpack_timelines(pack_timelines(timelines))
    assert found == timelines
    assert found[0].segments[0].sort is Sort.ACTIVE


def test_newer_timelines_are_refused() -> None:
    document = json.loads(pack_timelines((TIMELINE,)))
    document[0] = 99
    with pytest.raises(UnknownVersion, match="99"):
        unpack_timelines(json.dumps(document).encode())
