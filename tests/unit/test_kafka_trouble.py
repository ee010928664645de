"""What is said of a log that lost records, whatever can still be asked of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import pytest
from kafka import OffsetAndMetadata, TopicPartition
from kafka.errors import KafkaTimeoutError, LogTruncationError

from monitor.adapters.kafka.trouble import lost_of
from monitor.pipeline.ports import Partition

WHOLE, CUT = ("friction.ci", 0), ("friction.ci", 1)
CUT_AT_5 = LogTruncationError({TopicPartition(*CUT): OffsetAndMetadata(5, "", 0)})


@dataclass
class Reading:
    """Two partitions, one read up to offset 15, of which the broker tells this."""

    there: set[Partition] = field(default_factory=lambda: {WHOLE, CUT})
    silent: set[Partition] = field(default_factory=set)
    answers: bool = True

    def positions(self) -> dict[Partition, int]:
        return {WHOLE: 7, CUT: 15}

    def partitions(self, topics: Collection[str]) -> set[Partition]:
        return {at for at in self.there if at[0] in topics}

    def leaderless(self, partitions: Collection[Partition]) -> set[Partition]:
        return self.silent & set(partitions)

    def bounds(
        self, partitions: Collection[Partition]
    ) -> dict[Partition, tuple[int, int]]:
        if not self.answers:
            raise KafkaTimeoutError
        return dict.fromkeys(partitions, (0, 100))


@pytest.mark.parametrize(
    "reading",
    [Reading(), Reading(silent={CUT}), Reading(answers=False)],
    ids=["it has grown since", "it has no leader", "the broker does not answer"],
)
def test_a_cut_that_was_told_is_named_whatever_is_told_afterwards(
    reading: Reading,
) -> None:
    lost = lost_of(reading, CUT_AT_5)
    assert (lost.partition, lost.stored, lost.differs_from) == (CUT, 15, 5)
    assert "from offset 5 on the log lost what was read" in str(lost)


def test_of_a_partition_that_is_gone_it_is_said_that_it_is() -> None:
    lost = lost_of(Reading(there={WHOLE}), CUT_AT_5)
    assert "partition 1 does not exist" in str(lost)
    assert "the topic has 1 now" in str(lost)
