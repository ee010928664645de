"""Where a fact was read: a short word for a record, kept with the fact.

The word is a hash of the partition in four letters and the offset in digits. Whose
hash it is follows from the partitions there are, so no list of numbers has to be kept
in step between processes. A fact that several records tell keeps the first one read.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from monitor.domain.facts import Fact, digest

# The letters of a tag.
TAG: Final = 4
# Without the generated function around it a named tuple costs half.
_new: Final = tuple.__new__


@lru_cache(maxsize=4096)
def tag_of(topic: str, partition: int) -> str:
    """The four letters of a partition; two share them once in sixteen million."""
    hashed = digest(topic, str(partition)).to_bytes(8, "big")
    return base64.urlsafe_b64encode(hashed[-3:]).decode()[:TAG]


def record_word(topic: str, partition: int, offset: int) -> str:
    """The word for a record."""
    return f"{tag_of(topic, partition)}{offset}"


def fact_of(word: str, told: Fact) -> Fact:
    """What a decoder read, as a fact of the record with the word; it is given away.

    Its link goes: it is in no number, and most of what would be stored.
    """
    kind, time, entity, _, identity, revision, fields, people = told
    if "url" in fields:
        del fields["url"]
    return _new(Fact, (kind, time, entity, word, identity, revision, fields, people))


def record_named(word: str, partitions: Iterable[tuple[str, int]]) -> str:
    """The record as ``topic/partition/offset``; empty where nobody kept which it was.

    A partition that is not among those known is a question mark.
    """
    tag, offset = word[:TAG], word[TAG:]
    if not offset.isdigit():
        return ""
    named = sorted(
        f"{topic}/{number}/{offset}"
        for topic, number in partitions
        if tag_of(topic, number) == tag
    )
    return " or ".join(named) or f"?/?/{offset}"
