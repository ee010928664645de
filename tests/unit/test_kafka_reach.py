"""What can be read at present: of which partitions nothing can, and when of none."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import cast

import pytest
from kafka.errors import (
    CorruptRecordError,
    KafkaTimeoutError,
    TopicAuthorizationFailedError,
)

from monitor.adapters.kafka.reach import Reach
from monitor.adapters.kafka.reader import Reader
from monitor.pipeline.ports import Partition

OPEN, SHUT, HALF = ("open", 0), ("shut", 0), ("shut", 1)
TAKEN = frozenset({OPEN, SHUT, HALF})
TOPICS = ("open", "shut")
REFUSED = TopicAuthorizationFailedError({"shut"})


@dataclass
class Client:
    """A reader of three partitions, of which the broker tells this."""

    there: frozenset[Partition] = TAKEN
    silent: frozenset[Partition] = frozenset()
    answers: bool = True
    asked: set[Partition] = field(default_factory=set)

    def taken(self) -> set[Partition]:
        return set(TAKEN)

    def partitions(self, topics: Collection[str]) -> set[Partition]:
        return {at for at in self.there if at[0] in topics}

    def forbidden(self) -> set[str]:
        return set()

    def leaderless(self, partitions: Collection[Partition]) -> set[Partition]:
        return {*self.silent} & set(partitions)

    def leave_out(self, partition: Partition) -> None:
        """Not asked here."""

    def ends(self) -> dict[Partition, int]:
        return dict.fromkeys(TAKEN, 5)

    def bounds(
        self, partitions: Collection[Partition]
    ) -> dict[Partition, tuple[int, int]]:
        self.asked |= set(partitions)
        if not self.answers:
            raise KafkaTimeoutError
        return dict.fromkeys(partitions, (0, 100))


def looked(client: Client, *, refused: bool = False) -> Reach:
    reach, reader = Reach(lambda: 0.0), cast("Reader", client)
    if refused:
        reach.refused(reader, REFUSED)
    problem = reach.look(reader, TOPICS)
    assert (problem is None) is (not reach.beyond())
    return reach


def test_where_all_can_be_read_nothing_is_out_of_reach() -> None:
    reach = looked(Client())
    assert not reach.beyond()
    assert not reach.is_empty(TAKEN)


@pytest.mark.parametrize(
    ("client", "refused", "beyond"),
    [
        (Client(), True, {SHUT, HALF}),
        (Client(there=frozenset({OPEN})), False, {SHUT, HALF}),
        (Client(there=frozenset({OPEN, SHUT})), False, {HALF}),
        (Client(silent=frozenset({HALF})), False, {HALF}),
    ],
    ids=["refused", "deleted", "made anew with fewer", "without a leader"],
)
def test_what_cannot_be_read_is_not_all(
    client: Client, refused: bool, beyond: set[Partition]
) -> None:
    reach = looked(client, refused=refused)
    assert reach.beyond() == beyond
    assert not reach.is_empty(TAKEN)
    assert reach.is_empty(beyond)


def test_each_for_another_reason_nothing_can_be_read() -> None:
    client = Client(there=frozenset({OPEN, SHUT}), silent=frozenset({SHUT}))
    reach = looked(client)
    assert not reach.is_empty(TAKEN)
    for _ in range(2):
        reach.unreadable.suspect(OPEN, 7, CorruptRecordError())
    assert reach.is_empty(TAKEN)


def test_nothing_is_read_of_no_partitions_and_nothing_is_out_of_reach() -> None:
    assert not looked(Client()).is_empty(())


def test_of_what_is_out_of_reach_the_ends_are_asked_and_of_the_others_fetched() -> None:
    """Fetches tell no more ends of it, and records wait there all the same."""
    client = Client(silent=frozenset({HALF}))
    reach, reader = looked(client, refused=True), cast("Reader", client)
    assert reach.ends_fetched(reader) == {OPEN: 5}
    assert reach.ends_beyond(reader, TOPICS) == {SHUT: 100}
    # Of what has no leader nobody can be asked.
    assert client.asked == {SHUT}


def test_a_broker_that_does_not_tell_the_ends_leaves_what_was_known() -> None:
    client = Client(answers=False)
    reach = looked(client, refused=True)
    assert reach.ends_beyond(cast("Reader", client), TOPICS) == {}
