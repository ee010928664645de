"""Record files: lines that are bodies, and lines that are whole records."""

from __future__ import annotations

import gzip
import io
import json
import os
import threading
from pathlib import Path

import pytest

from monitor.adapters.files.records import (
    can_be_read_again,
    read_records,
    record_of,
)
from monitor.domain.outcomes import Record
from monitor.errors import ConfigError
from tests.harness.reference_data import REPOSITORY

NOTHING = io.BytesIO()


def written(path: Path, *lines: bytes) -> str:
    path.write_bytes(b"\n".join(lines) + b"\n")
    return str(path)


def test_bare_bodies_get_the_files_name_and_the_lines_number(tmp_path: Path) -> None:
    path = written(tmp_path / "ci.jsonl", b'{"a": 1}', b"", b'{"a": 2}')

    assert list(read_records([path], NOTHING)) == [
        Record("ci.jsonl", 0, 0, None, None, (), b'{"a": 1}'),
        Record("ci.jsonl", 0, 2, None, None, (), b'{"a": 2}'),
    ]


def test_whole_record_says_where_it_is_from() -> None:
    line = {
        "topic": "friction.ci",
        "partition": 3,
        "offset": 41,
        "timestamp": 1_772_445_600_000,
        "key": "k",
        "headers": {"X-GitHub-Event": "push"},
        "value": {"a": 1},
    }

    assert record_of(json.dumps(line).encode(), "file", 0, 0) == Record(
        "friction.ci",
        3,
        41,
        1_772_445_600_000,
        b"k",
        (("X-GitHub-Event", b"push"),),
        b'{"a":1}',
    )


@pytest.mark.parametrize(
    ("stated", "value"),
    [
        ({"value": '{"a": 1}'}, b'{"a": 1}'),
        ({"value": "poison"}, b"poison"),
        ({"value": [1]}, b"[1]"),
        ({"value": None}, None),
        ({"value_base64": "//4="}, b"\xff\xfe"),
        ({"value_base64": "***"}, b"***"),
    ],
)
def test_value_is_json_text_bytes_or_nothing(
    stated: dict[str, object], value: bytes | None
) -> None:
    line = json.dumps({"topic": "t", **stated}).encode()

    assert record_of(line, "file", 0, 0).value == value


def test_a_byte_order_mark_before_a_record_is_taken_off() -> None:
    line = b'{"topic": "t", "offset": 3, "value": {"a": 1}}'

    marked = record_of(b"\xef\xbb\xbf" + line, "file", 0, 0)
    assert marked == record_of(line, "file", 0, 0)
    assert marked.value == b'{"a":1}'


def test_timestamp_may_be_a_time() -> None:
    line = b'{"timestamp": "1970-01-01T00:00:01Z", "value": 1}'

    assert record_of(line, "file", 0, 0).timestamp == 1_000


@pytest.mark.parametrize(
    "stated",
    [
        b"-1",
        b"-1000",
        b'"1969-12-31T23:59:59Z"',
        b"1772445600000000",  # microseconds
        b"9223372036854775807",
        b'"2200-01-01T00:00:00Z"',
    ],
)
def test_what_is_no_timestamp_of_a_record_is_none(stated: bytes) -> None:
    line = b'{"timestamp": ' + stated + b', "value": 1}'

    assert record_of(line, "file", 0, 0).timestamp is None


@pytest.mark.parametrize(
    "line",
    [
        b'{"value": 1}',
        b'{"value": 1, "topic": "t", "other": 2}',
        b'{"topic": "t"}',
        b'["value"]',
        b'{"value": ',
        b'"value"',
        b"\xff",
    ],
)
def test_line_that_is_no_record_is_a_body(line: bytes) -> None:
    assert record_of(line, "file", 1, 9) == Record("file", 1, 9, None, None, (), line)


def test_place_of_a_wrong_type_is_the_default() -> None:
    line = (
        b'{"topic": 1, "partition": "x", "offset": -1, "timestamp": true, "value": 1}'
    )

    assert record_of(line, "file", 1, 9) == Record("file", 1, 9, None, None, (), b"1")


def test_headers_may_repeat_as_pairs() -> None:
    line = b'{"headers": [["a", "1"], ["a", null], "x"], "value": 1}'

    assert record_of(line, "file", 0, 0).headers == (("a", b"1"), ("a", b""))


@pytest.mark.parametrize(
    ("said", "headers"),
    [
        ('["push"]', (("a", b"push"),)),
        ('["1", 2, null]', (("a", b"1"), ("a", b"2"), ("a", b""))),
        ("null", (("a", b""),)),
        ("[]", ()),
        ('{"value": "push"}', ()),
        ("[[1], {}]", ()),
    ],
)
def test_headers_may_be_lists_and_what_is_no_text_is_none(
    said: str, headers: tuple[tuple[str, bytes], ...]
) -> None:
    for stated in (f'{{"a": {said}}}', f'[["a", {said}]]'):
        line = f'{{"headers": {stated}, "value": 1}}'.encode()
        assert record_of(line, "file", 0, 0).headers == headers


def test_packed_file_and_standard_input_are_read_in_order(tmp_path: Path) -> None:
    packed = tmp_path / "ci.jsonl.gz"
    packed.write_bytes(gzip.compress(b"{}\r\n", mtime=0))

    records = list(read_records(["-", str(packed)], io.BytesIO(b"[]\n")))

    assert [(it.topic, it.partition, it.value) for it in records] == [
        ("stdin", 0, b"[]"),
        ("ci.jsonl.gz", 1, b"{}"),
    ]


def test_every_missing_file_is_named_before_the_first_record(tmp_path: Path) -> None:
    there = written(tmp_path / "a", b"{}")

    with pytest.raises(ConfigError) as error:
        read_records([there, "/nowhere/b", "/nowhere/c"], NOTHING)

    assert error.value.mistakes == (
        "/nowhere/b: no such file",
        "/nowhere/c: no such file",
    )


@pytest.mark.parametrize(
    ("name", "written"),
    [("ci.jsonl", b"{}\n[]\n"), ("ci.jsonl.gz", gzip.compress(b"{}\n[]\n", mtime=0))],
)
def test_a_pipe_is_read_as_a_file_of_its_name(
    tmp_path: Path, name: str, written: bytes
) -> None:
    pipe = tmp_path / name
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(written,))
    writer.start()
    records = list(read_records([str(pipe)], NOTHING))
    writer.join()
    assert [(it.topic, it.offset, it.value) for it in records] == [
        (name, 0, b"{}"),
        (name, 1, b"[]"),
    ]


def test_a_pipe_without_a_name_is_read() -> None:
    read, write = os.pipe()
    with os.fdopen(read, "rb"), os.fdopen(write, "wb") as end:
        end.write(b"{}\n")
        end.close()
        records = list(read_records([f"/dev/fd/{read}"], NOTHING))
    assert [it.value for it in records] == [b"{}"]


def test_what_can_be_read_once_only_is_told_apart(tmp_path: Path) -> None:
    file, pipe = written(tmp_path / "a", b"{}"), tmp_path / "pipe"
    os.mkfifo(pipe)
    asked = (file, str(pipe), "-", "/dev/null", str(tmp_path), "/nowhere")
    assert [path for path in asked if can_be_read_again(path)] == [file]


@pytest.mark.parametrize("name", ["nowhere", "n" * 5_000])
def test_a_folder_and_an_impossible_name_are_no_file(tmp_path: Path, name: str) -> None:
    path = str(tmp_path / name)
    with pytest.raises(ConfigError) as error:
        read_records([path, str(tmp_path)], NOTHING)
    assert error.value.mistakes == (
        f"{path}: no such file",
        f"{tmp_path}: is a folder: name the files in it",
    )


@pytest.mark.parametrize(
    "damaged", [gzip.compress(b"{}\n" * 100, mtime=0)[:-12], b"no gzip"]
)
def test_damaged_file_is_named(tmp_path: Path, damaged: bytes) -> None:
    path = tmp_path / "ci.jsonl.gz"
    path.write_bytes(damaged)

    with pytest.raises(ConfigError, match=r"ci\.jsonl\.gz: cannot be read"):
        list(read_records([str(path)], NOTHING))


def test_every_example_of_an_event_is_one_record() -> None:
    """Documents send their readers here with such files."""
    paths = sorted((REPOSITORY / "schemas" / "valid").rglob("*.json"))
    records = list(read_records([str(path) for path in paths], NOTHING))
    assert [record.topic for record in records] == [path.name for path in paths]
    for record, path in zip(records, paths, strict=True):
        assert json.loads(record.value or b"") == json.loads(path.read_bytes())


def test_a_printed_record_says_where_it_is_from(tmp_path: Path) -> None:
    stated = {"topic": "t", "offset": 7, "value": {"a": 1}}
    path = written(tmp_path / "x", b"[]", json.dumps(stated, indent=2).encode(), b"{}")
    found = [
        (one.topic, one.offset, one.value) for one in read_records([path], NOTHING)
    ]
    # Lines 1 to 7 are the record.
    assert found == [("x", 0, b"[]"), ("t", 7, b'{"a":1}'), ("x", 8, b"{}")]
