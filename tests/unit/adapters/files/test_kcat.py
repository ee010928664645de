"""What kcat prints of a record (1.7.1, ``kcat -C -J``) is that record again."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from monitor.adapters.files.records import read_records, record_of
from monitor.decode.decode import decode
from monitor.decode.settings import DecodeSettings, TopicHint
from monitor.domain.outcomes import Record
from tests.unit.adapters.files.test_records import NOTHING, written

FIRST = (
    b'{"topic":"friction.ci","partition":1,"offset":7,"tstype":"create",'
    b'"ts":1772445600000,"broker":1,'
)
PLACE = ("friction.ci", 1, 7, 1_772_445_600_000)


@pytest.mark.parametrize(
    ("printed", "key", "headers", "value"),
    [
        (
            (
                b'"headers":["X-GitHub-Event","push","a","1","a",null],"key":"k",'
                b'"payload":"{\\"a\\":\\n \\"\xc3\xa9 / \\\\u00e9\\"}"'
            ),
            b"k",
            (("X-GitHub-Event", b"push"), ("a", b"1"), ("a", b"")),
            b'{"a":\n "\xc3\xa9 / \\u00e9"}',
        ),
        (b'"key":"gone","payload":null', b"gone", (), None),
        (b'"key":"","payload":""', b"", (), b""),
        (b'"headers":null,"key":null,"payload":"x"', None, (), b"x"),
        (
            (
                b'"headers":["n\xc3\xa9","gz\xffip"],"key":"\xff\\u0000",'
                b'"payload":"\\u001F\x8b\\b\\u0000\xc3\xa9"'
            ),
            b"\xff\x00",
            (("n\xe9", b"gz\xffip"),),
            b"\x1f\x8b\x08\x00\xc3\xa9",
        ),
    ],
)
def test_a_printed_record_is_read_to_the_byte(
    printed: bytes,
    key: bytes | None,
    headers: tuple[tuple[str, bytes], ...],
    value: bytes | None,
) -> None:
    for mark in (b"", b"\xef\xbb\xbf"):
        read = record_of(mark + FIRST + printed + b"}", "file", 0, 0)
        assert read == Record(*PLACE, key, headers, value)


@pytest.mark.parametrize(
    "time",
    [
        b"",
        b'"tstype":"create","ts":-1,',
        b'"tstype":"create","ts":1772445600000000,',  # microseconds
        b'"tstype":"create","ts":9223372036854775807,',
    ],
)
def test_a_record_without_time_broker_and_headers_has_none(time: bytes) -> None:
    line = b'{"topic":"t","partition":0,"offset":0,' + time + b'"key":null,'

    read = record_of(line + b'"payload":"x"}', "file", 5, 9)

    assert read == Record("t", 0, 0, None, None, (), b"x")


@pytest.mark.parametrize(
    "line",
    [
        b'{"topic":"t","partition":0,"offset":0,"key":null}',
        b'{"topic":"t","partition":0,"offset":0,"payload":"x"}',
        b'{"partition":0,"offset":0,"key":null,"payload":"x"}',
        b'{"topic":"t","partition":0,"offset":0,"key":null,"payload":"x","id":1}',
        b'{"topic":"t","partition":0,"offset":0,"key":null,"payload":{"a":1}}',
        b'{"topic":"t","partition":-1,"offset":0,"key":null,"payload":"x"}',
        b'{"topic":"t","partition":"0","offset":0,"key":null,"payload":"x"}',
        b'{"topic":"","partition":0,"offset":0,"key":null,"payload":"x"}',
        FIRST + b'"headers":["a"],"key":null,"payload":"x"}',
        FIRST + b'"headers":[],"key":null,"payload":"\\ud800"}',
        FIRST + b'"headers":["a","\xff"],"key":null,"payload":"\\u2026"}',
        b'{"event":"push","payload":{"a":1}}',
        b'{"payload": ',
        b'["payload"]',
    ],
)
def test_what_kcat_does_not_print_is_a_body(line: bytes) -> None:
    assert record_of(line, "file", 1, 9) == Record("file", 1, 9, None, None, (), line)


def test_printed_records_come_to_the_same_facts_as_in_the_topic(tmp_path: Path) -> None:
    """A body that only the rule of its topic finds, late by its own record's time."""
    event = {
        "schema": "friction.event.v1",
        "id": "1",
        "source": "tracker.example",
        "kind": "ticket.started",
        "time": "2026-03-02T10:00:00Z",
        "entity": "CHK-1",
    }
    body = gzip.compress(json.dumps({"msg": {"told": event}}).encode(), mtime=0)
    escaped = json.dumps(body.decode("latin-1"), ensure_ascii=False).encode("latin-1")
    line = FIRST + b'"key":null,"payload":' + escaped + b"}"
    (read,) = read_records([written(tmp_path / "ci.jsonl", line)], NOTHING)

    def outcome(record: Record) -> object:
        hint = TopicHint(unwrap=("msg", "told"))
        return decode(record, hint, DecodeSettings())

    assert outcome(read) == outcome(Record(*PLACE, None, (), body))
    assert len(decode(read, TopicHint(unwrap=("msg", "told")), DecodeSettings()).facts)
