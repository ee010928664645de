"""Records that cannot be unpacked: where reading stops at one, why, and what to do."""

from __future__ import annotations

import gzip
import struct
import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from kafka import codec
from kafka.errors import CorruptRecordError, UnsupportedCodecError

from monitor.adapters.kafka.reader import Reader
from monitor.adapters.kafka.unpacking import MOST_UNPACKED, UnpacksToTooMuch
from monitor.pipeline.ports import Partition


def _error_of(package: str, name: str) -> tuple[type[Exception], ...]:
    """What a codec raises, where it is installed: the library does without, too."""
    module = getattr(codec, package)
    return () if module is None else (getattr(module, name),)


# What unpacking a fetched batch can end with, a producer's broken codec included.
UNPACKING_ERRORS: Final[tuple[type[Exception], ...]] = (
    ValueError,
    RuntimeError,
    EOFError,
    struct.error,
    zlib.error,
    gzip.BadGzipFile,
    CorruptRecordError,
    UnsupportedCodecError,
    *_error_of("snappy", "UncompressError"),
    *_error_of("zstd", "ZstdError"),
)

_PACKAGES: Final = {"snappy": "python-snappy", "lz4": "lz4", "zstd": "zstandard"}
_DELETE: Final = (
    "To have what comes after it: delete the records up to and with it "
    "(kafka-delete-records), move the state file away and start anew (the numbers then "
    "begin there)"
)
_DAMAGED: Final = (
    f"a record cannot be unpacked (damaged, or a header's name is not UTF-8). {_DELETE}"
)
_TOO_MUCH: Final = (
    f"a batch of records unpacks to more than {MOST_UNPACKED // 1024**2} MiB, which is "
    f"more than memory is there for. {_DELETE}; and see to it that whoever wrote it "
    "does not do so again"
)


def why_unreadable(problem: Exception) -> str:
    """Why a record cannot be read, and what to do, from what unpacking it raised."""
    if isinstance(problem, UnpacksToTooMuch):
        return _TOO_MUCH
    if not isinstance(problem, UnsupportedCodecError):
        return _DAMAGED
    said = str(problem)
    name = next((name for name in _PACKAGES if name in said), None)
    if name is None:
        return (
            f"records are compressed in a way that this version does not know ({said})."
            f" Nothing is lost: a newer friction-monitor goes on there"
        )
    return (
        f"records are compressed with {name}, and the package that unpacks them is not "
        f"installed. Nothing is lost: install {_PACKAGES[name]} where friction-monitor "
        f"is (pip install {_PACKAGES[name]}) and start again, and it goes on there"
    )


def places_told(places: Iterable[tuple[Partition, int]]) -> str:
    """Partitions and the offsets at which reading stopped, in words."""
    return ", ".join(
        f"topic {topic}, partition {number}, from offset {offset}"
        for (topic, number), offset in sorted(places)
    )


@dataclass(slots=True)
class Unreadable:
    """Partitions that stopped at a record which cannot be unpacked.

    Once may be the network; twice at the same offset is the record. ``left_out`` tells
    of each the offset, and why.
    """

    suspects: dict[Partition, int] = field(default_factory=dict)
    left_out: dict[Partition, tuple[int, str]] = field(default_factory=dict)

    def met(self, reader: Reader, problem: Exception) -> None:
        """Unpacking failed: close that reader, whose next poll would not return.

        A new one at the same offsets tells a passing error from a record that cannot
        be read; that partition is then left out, and not in the way of the others.
        """
        culprit = reader.being_read()
        if culprit is not None:
            self.suspect(culprit, reader.positions()[culprit], problem)

    def suspect(self, partition: Partition, offset: int, problem: Exception) -> None:
        """Note a failure while unpacking from this offset."""
        if self.suspects.get(partition) == offset:
            self.left_out[partition] = (offset, why_unreadable(problem))
        self.suspects[partition] = offset

    def text(self) -> str | None:
        """What is not read, why and what to do, or None."""
        if not self.left_out:
            return None
        by_reason: defaultdict[str, list[tuple[Partition, int]]] = defaultdict(list)
        for partition, (offset, why) in self.left_out.items():
            by_reason[why].append((partition, offset))
        told = (f"{places_told(at)}: {why}." for why, at in sorted(by_reason.items()))
        return f"{' '.join(told)} All other partitions are read and counted."
