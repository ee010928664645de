"""What the two processes say to each other, as bytes.

Facts are most of it. As plain tuples they are written and read by ``marshal`` in a
third of the time ``pickle`` takes; both ends are one program on one interpreter.
"""

from __future__ import annotations

import marshal
import pickle
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from monitor.adapters.kafka.connection import Connection
from monitor.domain.facts import KIND_ORDER, KINDS, Fact, Fields, People
from monitor.domain.model import Model
from monitor.pipeline.catching_up.assistant import Chunk
from monitor.pipeline.intake import Taking
from monitor.pipeline.ports import Partition

# Words of one byte each: the program is loaded, is connected, has read everything.
LOADED: Final = b"l"
CONNECTED: Final = b"c"
ALL_READ: Final = b"r"

_NOBODY: Final[People] = {}
_new: Final = tuple.__new__
_Plain = tuple[int, int, str, str, int, int, Fields]


@dataclass(frozen=True, slots=True)
class Errand:
    """All there is to know for reading and evaluating."""

    connection: Connection
    topics: tuple[str, ...]
    taking: Taking
    model: Model
    max_bytes: int
    timeout_ms: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """From which offsets to which."""

    positions: Mapping[Partition, int]
    ends: Mapping[Partition, int]


def packed(chunk: Chunk) -> bytes:
    """A chunk as bytes. Its facts name no people: attribution has taken them."""
    facts = _packed_facts(chunk.taken.facts)
    taken = replace(chunk.taken, facts=[])
    # The constant for none cannot be written.
    plain = chunk._replace(taken=taken, epochs=dict(chunk.epochs))
    return pickle.dumps((facts, plain), protocol=5)


def unpacked(message: bytes) -> Chunk:
    """The chunk that the bytes hold."""
    facts: bytes
    chunk: Chunk
    facts, chunk = pickle.loads(message)  # noqa: S301 - from our own program
    chunk.taken.facts = _unpacked_facts(facts)
    return chunk


def _packed_facts(facts: Iterable[Fact]) -> bytes:
    return marshal.dumps(
        [
            (KIND_ORDER[kind], time, entity, source, identity, revision, fields)
            for kind, time, entity, source, identity, revision, fields, _ in facts
        ]
    )


def _unpacked_facts(message: bytes) -> list[Fact]:
    plain: list[_Plain] = marshal.loads(message)  # noqa: S302 - from our own program
    return [
        _new(
            Fact,
            (KINDS[kind], time, entity, source, identity, revision, fields, _NOBODY),
        )
        for kind, time, entity, source, identity, revision, fields in plain
    ]
