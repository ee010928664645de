"""Why a record cannot be read: what is said, and when a partition is left out."""

from __future__ import annotations

import struct

import pytest
from kafka import codec
from kafka.errors import UnsupportedCodecError
from kafka.record.default_records import (
    DefaultRecordBatch,
    DefaultRecordBatchBuilder,
)

from monitor.adapters.kafka import unpacking
from monitor.adapters.kafka.unpacking import UnpacksToTooMuch, bound_unpacking
from monitor.adapters.kafka.unreadable import (
    UNPACKING_ERRORS,
    Unreadable,
    why_unreadable,
)

GZIP, ZSTD = 1, 4
SNAPPY, PLACE, OTHER = 2, ("friction.ci", 3), ("friction.deploys", 0)


@pytest.mark.parametrize("packing", [GZIP, ZSTD])
def test_a_batch_is_unpacked_up_to_its_bound(
    packing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound_unpacking()
    builder = DefaultRecordBatchBuilder(2, packing, 0, -1, -1, -1, 10_000_000)
    for number in range(3):
        builder.append(number, 0, None, b" " * 2_000_000, [])
    packed = bytes(builder.build())
    assert len(packed) < 20_000
    assert [len(one.value) for one in DefaultRecordBatch(packed)] == [2_000_000] * 3
    monkeypatch.setattr(unpacking, "MOST_UNPACKED", 6_000_000)
    with pytest.raises(UnpacksToTooMuch) as refused:
        list(DefaultRecordBatch(packed))
    assert isinstance(refused.value, UNPACKING_ERRORS)
    assert "128 MiB" in why_unreadable(refused.value)
    assert "kafka-delete-records" in why_unreadable(refused.value)


def refusal(monkeypatch: pytest.MonkeyPatch) -> Exception:
    """What the library raises where a codec is not installed."""
    monkeypatch.setattr(codec, "snappy", None)
    with pytest.raises(UnsupportedCodecError) as refused:
        DefaultRecordBatchBuilder(2, SNAPPY, 0, -1, -1, -1, 1000)._assert_has_codec(
            SNAPPY
        )
    return refused.value


def test_a_codec_that_is_missing_is_named_with_its_package_and_nothing_is_deleted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    why = why_unreadable(refusal(monkeypatch))
    assert "compressed with snappy" in why
    assert "pip install python-snappy" in why
    assert "delete" not in why
    assert "damaged" not in why


def test_a_codec_that_nobody_knows_is_told_in_the_librarys_words() -> None:
    why = why_unreadable(UnsupportedCodecError("Unrecognized compression type: 5"))
    assert "Unrecognized compression type: 5" in why
    assert "delete" not in why


def test_a_damaged_record_is_called_that() -> None:
    assert "damaged" in why_unreadable(struct.error("unpack requires 4 bytes"))


@pytest.mark.parametrize("name", ["snappy", "zstd", "gzip", "lz4"])
def test_what_a_broken_codec_raises_is_an_error_of_unpacking(name: str) -> None:
    with pytest.raises(UNPACKING_ERRORS):
        getattr(codec, f"{name}_decode")(b"\xff" * 30)


def test_a_partition_is_left_out_when_it_fails_twice_at_the_same_offset() -> None:
    unreadable = Unreadable()
    unreadable.suspect(PLACE, 7, ValueError())
    assert unreadable.text() is None
    unreadable.suspect(PLACE, 9, ValueError())
    assert not unreadable.left_out
    unreadable.suspect(PLACE, 9, ValueError())
    assert unreadable.left_out.keys() == {PLACE}
    assert "topic friction.ci, partition 3, from offset 9" in (unreadable.text() or "")


def test_each_reason_is_told_once_with_its_places() -> None:
    unreadable = Unreadable()
    for place, problem in (
        (
            PLACE,
            UnsupportedCodecError("Libraries for zstd compression codec not found"),
        ),
        (OTHER, ValueError()),
    ):
        unreadable.suspect(place, 0, problem)
        unreadable.suspect(place, 0, problem)
    text = unreadable.text() or ""
    assert text.count("compressed with zstd") == text.count("cannot be unpacked") == 1
    assert "All other partitions are read and counted." in text
