"""Lines that ``kcat -C -J`` prints: records out of a topic, exact to the byte."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from monitor.domain.outcomes import Record, record_time

_Number = Annotated[int, Field(ge=0)]


class _Printed(BaseModel):
    """One line, and nothing else in it: the body of an event looks otherwise.

    ``headers`` are there where a record has any, a name and a value in turns; ``ts``
    and ``tstype`` where it has a time; ``broker`` since kcat 1.7. The ``payload`` of a
    tombstone is null.
    """

    model_config = ConfigDict(strict=True, extra="forbid")

    topic: Annotated[str, Field(min_length=1)]
    partition: _Number
    offset: _Number
    key: str | None
    payload: str | None
    tstype: str | None = None
    ts: int | None = None
    broker: int | None = None
    headers: list[str | None] | None = None


def kcat_record(line: bytes) -> Record | None:
    """The record that the line was printed of; None for any other line.

    kcat escapes what JSON must have escaped, and prints any other byte as it is, also
    where it is no text (a packed body). A line with such bytes is no UTF-8: it is read
    as one character a byte.
    """
    if b'"payload"' not in line:
        return None
    text, encoding = _text(line)
    try:
        return _record(_Printed.model_validate_json(text), encoding)
    except ValueError:
        return None


def _text(line: bytes) -> tuple[str, str]:
    """The line as text, and what turns its texts into bytes again."""
    try:
        return line.decode(), "utf-8"
    except UnicodeDecodeError:
        return line.decode("latin-1"), "latin-1"


def _record(printed: _Printed, encoding: str) -> Record:
    """Raises ValueError for texts that have no such bytes, and half a header."""

    def raw(text: str | None) -> bytes | None:
        return None if text is None else text.encode(encoding)

    said = printed.headers or []
    return Record(
        printed.topic,
        printed.partition,
        printed.offset,
        record_time(printed.ts),
        raw(printed.key),
        # As when the topic is read, a value of null is empty.
        tuple(
            ((raw(name) or b"").decode(), raw(value) or b"")
            for name, value in zip(said[::2], said[1::2], strict=True)
        ),
        raw(printed.payload),
    )
