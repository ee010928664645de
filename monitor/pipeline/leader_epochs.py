"""Under which leader the last record was written that was read of each partition.

A log that was cut and then grew past where we read looks whole by its offsets. By the
epoch of its leader it does not: Kafka finds where it differs from what was read
(KIP-320). It is stored with the offset it belongs to, so that an offset that a program
moved which knows no epochs is not taken for one that differs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final

from monitor.domain.stored_values import reading_stored, refuse_fractions
from monitor.pipeline.ports import Changes, Partition, StateReader

_KEY: Final = "leader_epoch/"


def stored_epochs(
    state: StateReader, offsets: Mapping[Partition, int]
) -> dict[Partition, int]:
    """The epochs of these stored offsets, where they are known. Raises StateCorrupt."""
    places = _by_key(offsets)
    found: dict[Partition, int] = {}
    for key, packed in state.get_many("meta", list(places)).items():
        with reading_stored("what was read"):
            offset, epoch = json.loads(packed)
            refuse_fractions((offset, epoch))
        if offset == offsets[places[key]]:
            found[places[key]] = epoch
    return found


def keep_epochs(changes: Changes, epochs: Mapping[Partition, int]) -> None:
    """Store them with the offsets that change; of others nothing was read."""
    for key, at in _by_key(changes.offsets.keys() & epochs.keys()).items():
        packed = json.dumps([changes.offsets[at][1], epochs[at]])
        changes.put("meta", key, packed.encode())


def _by_key(partitions: Iterable[Partition]) -> dict[str, Partition]:
    return {f"{_KEY}{topic}/{number}": (topic, number) for topic, number in partitions}
