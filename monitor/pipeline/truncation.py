"""The broker no longer has what is to be read next: what is said of it."""

from __future__ import annotations

from monitor.errors import FrictionError

Partition = tuple[str, int]


class LogTruncated(FrictionError):  # noqa: N818 - a condition, as in errors.py
    """The broker no longer holds the records after the stored offset.

    Going on silently would make every number wrong, so the program stops. The
    message says what was lost and the ways to go on.
    """

    def __init__(
        self,
        partition: Partition,
        stored: int,
        oldest: int | None,
        newest: int | None = None,
        *,
        partitions: int | None = None,
        differs_from: int | None = None,
    ) -> None:
        """Keep what is lost: records from ``stored`` up to ``oldest``, exclusive.

        ``partitions`` tells how many the topic has, where this is none of them;
        ``differs_from`` the first offset read whose record the log no longer has.
        """
        self.partition = partition
        self.stored = stored
        self.oldest = oldest
        self.newest = newest
        self.differs_from = differs_from
        if differs_from is None:
            said = _truncation(partition, stored, oldest, newest, partitions)
        else:
            said = _cut(partition, stored, differs_from)
        super().__init__(said)


def _truncation(
    partition: Partition,
    stored: int,
    oldest: int | None,
    newest: int | None,
    partitions: int | None,
) -> str:
    topic, number = partition
    place = f"topic {topic}, partition {number}"
    ways = (
        "To go on: restore the records; or move the state file away together with its "
        "-wal and -shm, then restore it from a backup or start anew from the oldest "
        "record (the numbers then begin there)."
    )
    if oldest is not None and stored < oldest:
        return (
            f"{place}: {oldest - stored} records are lost: the next to read was offset "
            f"{stored}, the oldest the broker still has is {oldest} (retention, or "
            f"records were deleted). {ways}"
        )
    if newest is not None and stored > newest:
        return (
            f"{place}: the state has read up to offset {stored}, but the log ends at "
            f"{newest}: the topic was made anew, or the broker lost records. {ways}"
        )
    if partitions is not None:
        return (
            f"topic {topic}: partition {number} does not exist, of which the state has "
            f"read up to offset {stored}; the topic has {partitions} now: it was made "
            f"anew with fewer partitions. {ways}"
        )
    return (
        f"{place}: offset {stored} is not in the broker's log any more, or comes after "
        f"other records than those that were read. {ways}"
    )


def _cut(partition: Partition, stored: int, differs_from: int) -> str:
    topic, number = partition
    return (
        f"topic {topic}, partition {number}: the state has read up to offset {stored}, "
        f"but from offset {differs_from} on the log lost what was read, and other "
        f"records may stand there now: a broker that had less came to lead (unclean "
        f"leader election, or a disk that was replaced), or the topic was made anew. "
        f"To go on: move the state file away together with its -wal and -shm, then "
        f"restore it from a backup that had read no further than offset "
        f"{differs_from}, or start anew from the oldest record (the numbers then "
        f"begin there)."
    )
