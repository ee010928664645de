"""What the laws draw of native events is what these can say, and is read."""

from __future__ import annotations

import json
import random
from itertools import chain

from monitor.decode.decode import decode
from monitor.decode.native.model import KNOWN
from monitor.decode.settings import NO_HINT, DecodeSettings
from monitor.domain.facts import Kind
from monitor.domain.outcomes import Record
from tests.harness.colliding_events import colliding_events

EVENTS = list(
    chain.from_iterable(colliding_events(random.Random(seed)) for seed in range(200))
)


def test_every_field_of_native_events_is_drawn_and_no_other() -> None:
    """An unknown field is ignored, so that a law over it would hold by itself."""
    assert set().union(*EVENTS) == KNOWN


def test_events_of_every_kind_come_to_facts() -> None:
    read: set[Kind] = set()
    for event in EVENTS:
        record = Record("t", 0, 0, None, None, (), json.dumps(event).encode())
        read.update(
            fact.kind for fact in decode(record, NO_HINT, DecodeSettings()).facts
        )
    assert read == set(Kind)
