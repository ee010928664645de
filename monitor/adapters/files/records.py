"""Record files: JSON lines that stand for Kafka records, packed or not.

A line is a bare body, or ``{"topic", "partition", "offset", "timestamp", "key",
"headers", "value"}``, where ``value`` is JSON or text, and ``value_base64`` holds
bytes that are no text; or what ``kcat -C -J`` prints of a record. Each may also be
printed over several lines. Lines are not judged here: what is no JSON becomes a record
that decoding rejects with a reason, as it would from a topic.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from pydantic_core import from_json, to_json

from monitor.adapters.files.bodies import bodies_of
from monitor.adapters.files.kcat import kcat_record
from monitor.decode.json_text import BYTE_ORDER_MARK
from monitor.decode.times import read_time
from monitor.domain.outcomes import Record, record_time
from monitor.errors import ConfigError

STANDARD_INPUT: Final = "-"
_VALUES: Final = ("value", "value_base64")
_PLACE: Final = frozenset(
    {"topic", "partition", "offset", "timestamp", "key", "headers"}
)
_RECORD: Final = _PLACE | {*_VALUES}


def read_records(paths: Sequence[str], standard_input: BinaryIO) -> Iterator[Record]:
    """The records of the files and pipes, in order; ``-`` is standard input.

    A body that does not say where it is from gets the file's name as topic, the
    file's position among ``paths`` as partition, and the number of its first line, from
    0, as offset. Raises ``ConfigError`` with every file that is not there, before the
    first record, and at the place where a file turns out to be unreadable.
    """
    mistakes = [
        f"{path}: {wrong}"
        for path in paths
        if path != STANDARD_INPUT and (wrong := _no_file(path))
    ]
    if mistakes:
        raise ConfigError(mistakes)
    return _records(paths, standard_input)


def can_be_read_again(path: str) -> bool:
    """Whether a second reading gives the same: not of a pipe, nor standard input."""
    # Not Path's own questions, which raise for a name that is too long.
    return path != STANDARD_INPUT and os.path.isfile(path)  # noqa: PTH113


def record_of(line: bytes, topic: str, partition: int, number: int) -> Record:
    """The record of one line; ``topic``, ``partition`` and ``number`` are defaults."""
    line_alone = line.removeprefix(BYTE_ORDER_MARK)
    if (printed := kcat_record(line_alone)) is not None:
        return printed
    stated = _stated(line_alone)
    if stated is None:
        return Record(topic, partition, number, None, None, (), line)
    return Record(
        _text(stated.get("topic")) or topic,
        _whole(stated.get("partition"), partition),
        _whole(stated.get("offset"), number),
        _timestamp(stated.get("timestamp")),
        _bytes(stated.get("key")),
        tuple(_headers(stated.get("headers"))),
        _value(stated),
    )


def _records(paths: Sequence[str], standard_input: BinaryIO) -> Iterator[Record]:
    for partition, path in enumerate(paths):
        if path == STANDARD_INPUT:
            yield from _lines(standard_input, "stdin", partition)
            continue
        with _readable(path) as lines:
            yield from _lines(lines, Path(path).name, partition)


def _lines(lines: Iterable[bytes], topic: str, partition: int) -> Iterator[Record]:
    for number, body in bodies_of(lines):
        yield record_of(body, topic, partition, number)


def _no_file(path: str) -> str | None:
    """Why there is neither a file nor a pipe, or None."""
    if os.path.isdir(path):  # noqa: PTH112
        return "is a folder: name the files in it"
    return None if os.path.exists(path) else "no such file"  # noqa: PTH110


@contextmanager
def _readable(path: str) -> Iterator[Iterable[bytes]]:
    try:
        with (
            gzip.open(path) if path.endswith(".gz") else Path(path).open("rb")
        ) as stream:
            yield stream
    except (OSError, EOFError, zlib.error) as error:
        raise ConfigError([f"{path}: cannot be read: {error}"]) from error


def _stated(line: bytes) -> dict[str, object] | None:
    if b'"value' not in line:
        return None
    try:
        parsed: object = from_json(line)
    except ValueError:
        return None
    if not isinstance(parsed, dict) or not parsed.keys() <= _RECORD:
        return None
    is_record = any(name in parsed for name in _VALUES) and parsed.keys() & _PLACE
    return parsed if is_record else None


def _value(stated: dict[str, object]) -> bytes | None:
    encoded = stated.get("value_base64")
    if isinstance(encoded, str):
        try:
            return base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            return encoded.encode()
    return _bytes(stated.get("value"))


def _bytes(value: object) -> bytes | None:
    if value is None:
        return None
    return value.encode() if isinstance(value, str) else to_json(value)


def _headers(value: object) -> Iterator[tuple[str, bytes]]:
    pairs: list[object] = []
    if isinstance(value, dict):
        pairs = [[name, one] for name, one in value.items()]
    elif isinstance(value, list):
        pairs = value
    for pair in pairs:
        if isinstance(pair, list) and len(pair) == 2:
            name, said = pair
            # Of several values each is a header of its own, as in Kafka.
            for one in said if isinstance(said, list) else [said]:
                if not isinstance(one, dict | list):
                    yield str(name), _bytes(one) or b""


def _timestamp(value: object) -> int | None:
    """Milliseconds, or text as a time is written elsewhere."""
    time = value if type(value) is int else read_time(value)
    return record_time(time) if isinstance(time, int) else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: object, default: int) -> int:
    return value if type(value) is int and value >= 0 else default
