"""What is compressed in parts is read back as a whole."""

from __future__ import annotations

import gzip
import threading
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.prometheus.compression import Gzip

GZIP = Gzip()


@given(st.lists(st.binary(max_size=50) | st.just(b"a line\n" * 5_000), max_size=8))
def test_all_parts_are_read_back_in_order(parts: list[bytes]) -> None:
    assert gzip.decompress(GZIP.compressed(parts)) == b"".join(parts)


def test_it_is_one_member_without_a_time() -> None:
    packed = GZIP.compressed([b"x" * 100_000, b"y"])
    assert packed[4:8] == bytes(4)
    member = zlib.decompressobj(wbits=31)
    assert member.decompress(packed) == b"x" * 100_000 + b"y"
    assert member.eof
    assert member.unused_data == b""


def test_equal_parts_are_equal_bytes_however_they_are_cut() -> None:
    text = b"0123456789" * 20_000
    assert GZIP.compressed([text]) == GZIP.compressed([text[:9], text[9:]])


def test_a_part_that_cannot_be_made_ends_the_answer() -> None:
    def parts() -> Iterator[bytes]:
        yield b"x" * 100_000
        raise ValueError("no such family")

    with pytest.raises(ValueError, match="no such family"):
        GZIP.compressed(parts())
    assert gzip.decompress(GZIP.compressed([b"next"])) == b"next"


def test_parts_are_made_while_others_are_compressed() -> None:
    made_in: set[int] = set()

    def parts() -> Iterator[bytes]:
        for _ in range(3):
            made_in.add(threading.get_ident())
            yield b"z" * 50_000

    GZIP.compressed(parts())
    assert made_in == {threading.get_ident()}
