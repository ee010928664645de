"""What a batch may unpack to: a megabyte of zstd can be thirty thousand of spaces.

The library unpacks a batch whole and has no option for that, so it is given codecs of
ours in the place of its own. Those of lz4 and snappy are left: they make 255 bytes of
one at most, and a broker takes a megabyte unless it is told otherwise.
"""

from __future__ import annotations

import gzip
import io
from typing import Any, Final

from kafka import codec
from kafka.record import default_records, legacy_records

# The largest record that a broker is ever told to take is far smaller, and producers
# end a batch of several long before.
MOST_UNPACKED: Final = 128 * 1024 * 1024
_AT_ONCE: Final = 1024 * 1024
# The library has no types; where a codec's package is missing it does not get so far.
_CODEC: Final[Any] = codec
_READING: Final[tuple[Any, ...]] = (default_records, legacy_records)


class UnpacksToTooMuch(ValueError):  # noqa: N818 - what is wrong with a batch
    """A batch is no batch that a producer would make of events."""


def bound_unpacking() -> None:
    """From now on batches that unpack to more raise UnpacksToTooMuch, where read."""
    for module in _READING:
        module.gzip_decode = _gzip
        module.zstd_decode = _zstd


def _gzip(packed: Any) -> bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(packed), mode="r") as unpacked:
        return _all_of(unpacked)


def _zstd(packed: Any) -> bytes:
    unpacker = _CODEC.zstd.ZstdDecompressor()
    with unpacker.stream_reader(
        io.BytesIO(packed), read_across_frames=True
    ) as unpacked:
        return _all_of(unpacked)


def _all_of(unpacked: Any) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := unpacked.read(_AT_ONCE):
        parts.append(part)
        size += len(part)
        if size > MOST_UNPACKED:
            raise UnpacksToTooMuch
    return b"".join(parts)
