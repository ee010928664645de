"""What the pipeline asks of the outside: a source of records and a durable store.

The runner knows these protocols only; ``bootstrap`` chooses who keeps them. Every
promise here is held by ``tests/contract`` against each implementation, the
in-memory ones included.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, Protocol, get_args

from monitor.domain.outcomes import Record
from monitor.errors import FrictionError
from monitor.indicators.totals.ledger import Moved, Pair
from monitor.pipeline.dead_letters import DeadLetter as DeadLetter  # noqa: PLC0414 - a port's word too
from monitor.pipeline.dead_letters import KeptLetter
from monitor.pipeline.truncation import LogTruncated as LogTruncated  # noqa: PLC0414 - a port's word too

Partition = tuple[str, int]
# The next offset of each; under which leader what is before that was written.
Offsets = Mapping[Partition, int]
Epochs = Mapping[Partition, int]
NO_EPOCHS: Final[Epochs] = MappingProxyType({})
# Tables whose keys can be read back, and those that are only looked up by a key.
Named = Literal["items", "timelines", "deferred", "series", "meta", "sealed"]
LookedUp = Literal["homes", "indexes"]
Table = Literal[Named, LookedUp]

NAMED: Final[tuple[Named, ...]] = get_args(Named)
LOOKED_UP: Final[tuple[LookedUp, ...]] = get_args(LookedUp)
TABLES: Final[tuple[Table, ...]] = (*NAMED, *LOOKED_UP)

# Dead letters kept where nobody says how many; of those that wait to be published,
# so many times as many.
KEPT_DEAD_LETTERS: Final = 10_000
WAITING_TIMES: Final = 10
# Above this a body is not published: a broker's default limit is 1 MiB a record.
MAX_PUBLISHED_BYTES: Final = 900_000


class FencedError(FrictionError):
    """Another writer moved an offset: nothing of the commit was stored.

    Whatever is held in memory is stale. Drop it and read the store again, or stop.
    """


class StateUnavailable(FrictionError):  # noqa: N818 - a condition, as in errors.py
    """The store cannot be used now: locked, full, or failing. Nothing half-written."""


class Source(Protocol):
    """Records of all partitions of the configured topics, in the order of each log.

    Used by one thread; ``problem`` may be read by any.
    """

    def start(self, stored: Offsets, epochs: Epochs = NO_EPOCHS) -> None:
        """Read on from the stored offsets, else from the oldest record.

        Blocks, with bounded backoff, until the broker answers and every topic
        exists. ``stored`` holds the next offset to read and wins over whatever
        the broker's group has. Raises LogTruncated when it is no longer there, or
        when what is before it was not written under the leaders of ``epochs``.
        """

    def poll(
        self, max_records: int, max_bytes: int, timeout_ms: int
    ) -> Sequence[Record]:
        """The next records, possibly none, within ``timeout_ms``.

        Returns as soon as one of the limits is reached, or it has records and
        knows of no more; so it fills batches while behind and is prompt when live.
        ``max_bytes`` may be passed by the last record alone. A broker that is
        away gives no records and a ``problem``; it does not raise. Raises
        LogTruncated.
        """

    def positions(self) -> Mapping[Partition, int]:
        """The next offset to read of each partition, after what ``poll`` returned.

        Passes over what is no record (transaction markers, compacted gaps), so
        these, not ``last offset + 1``, are the offsets to store.
        """

    def epochs(self) -> Epochs:
        """Under which leader what is before each position was written, if known."""

    def skip_to(self, offsets: Offsets, epochs: Epochs = NO_EPOCHS) -> None:
        """Read on from these offsets, of what is read: others read what is before."""

    def end_offsets(self) -> Mapping[Partition, int]:
        """The end of each partition's log, as last told by the broker.

        Never blocks; known for every partition once ``start`` has returned, and
        then exact for what was readable at that instant.
        """

    def left_out(self) -> Collection[Partition]:
        """Partitions that stopped at a record that cannot be unpacked; others go on."""

    def out_of_reach(self) -> Collection[Partition]:
        """Partitions that nothing can be read of now, with those left out."""

    def refresh_partitions(self, now_ms: int) -> Sequence[Partition]:
        """Partitions found since the last look, now read from their beginning.

        Asks the broker at most once in 20 seconds of ``now_ms``; between, and when
        the broker is away, there are none.
        """

    def publish(self, offsets: Mapping[Partition, int]) -> None:
        """Tell the broker's group how far we are, for lag tools: best effort.

        Never blocks and never raises; failures are counted.
        """

    def problem(self) -> str | None:
        """What keeps the source from reading now, for ``/readyz``; None when well."""

    def is_silent(self) -> bool:
        """Whether nobody answers or nothing can be read: what is new, nobody knows."""

    def close(self) -> None:
        """Give the connections back. May be called twice."""


class Unsent(NamedTuple):
    """A dead letter whose body waits to be published; ``id`` marks it as sent."""

    id: int
    letter: DeadLetter


@dataclass(slots=True)
class Changes:
    """Everything one batch changes, stored at once or not at all.

    ``puts``: a value, or None to delete. ``offsets``: (expected, new) of each
    partition; expected None says the store has none yet. Boundaries are applied in
    the order replace (what is stored of an hour), append, drop (hours below).
    ``ledger`` goes with the timelines in ``puts``, each item at most once;
    ``empty_ledger`` takes everything out of it before. ``replaced`` is not stored: what
    the timelines in ``puts`` were until now, as far as it is known, empty for none.
    ``gone`` are entities whose facts were dropped for good, whatever else is stored of
    them. ``shrunk`` are stored values, by their keys' numbers, said in fewer bytes, and
    ``afresh`` says that some in ``puts`` got much shorter, too: a file then closes the
    gaps.
    """

    puts: dict[Table, dict[str, bytes | None]] = field(default_factory=dict)
    offsets: dict[Partition, tuple[int | None, int]] = field(default_factory=dict)
    boundaries: list[tuple[int, bytes]] = field(default_factory=list)
    replace_boundaries: dict[int, bytes] = field(default_factory=dict)
    drop_boundaries_before: int | None = None
    dead_letters: list[DeadLetter] = field(default_factory=list)
    outbox_sent: list[int] = field(default_factory=list)
    ledger: list[Moved] = field(default_factory=list)
    empty_ledger: bool = False
    replaced: dict[str, bytes] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    shrunk: dict[Table, dict[int, bytes]] = field(default_factory=dict)
    afresh: bool = False

    def put(self, table: Table, key: str, value: bytes | None) -> None:
        """Note a value to store under a key; None deletes it."""
        self.puts.setdefault(table, {})[key] = value

    def shrink(self, table: Table, number: int, value: bytes) -> None:
        """Note a value that says what is stored under a key's number."""
        self.shrunk.setdefault(table, {})[number] = value


class Stored(NamedTuple):
    """A key of a table and its value; ``number`` stands for the key."""

    number: int
    key: str
    value: bytes


class Place(NamedTuple):
    """Where an item stands in the ledger of a pair; ``number`` stands for its name."""

    until: int
    number: int


class Charged(NamedTuple):
    """An item charged to a pair, and its timelines as they are stored."""

    place: Place
    item: str
    timelines: bytes


# After every place there is, however late the item ends.
LAST_PLACE: Final = Place(2**62, 2**62)


class StateReader(Protocol):
    """What is stored, as of the last commit."""

    def get_many(self, table: Table, keys: Collection[str]) -> dict[str, bytes]:
        """The values of those keys that have one."""

    def scan(self, table: Named) -> Iterator[tuple[str, bytes]]:
        """Every key and value of a table, in no promised order.

        Do not commit while iterating.
        """

    def page(self, table: Named, after: int, limit: int) -> list[Stored]:
        """So many keys and values, in the order of their numbers, after a number.

        Numbers are above 0 and stay, so that a walk may go on after other commits.
        """

    def numbered(
        self, table: LookedUp, after: int, limit: int
    ) -> list[tuple[int, bytes]]:
        """As ``page``, of a table that keeps no keys: their numbers, and values."""

    def any_gone(self) -> bool:
        """Whether the facts of anything were dropped for good."""

    def gone(self, keys: Collection[str]) -> set[str]:
        """Those of the keys whose facts were dropped for good."""

    def offsets(self) -> dict[Partition, int]:
        """The next offset to read of each partition."""

    def boundaries(
        self, first_hour: int, last_hour: int
    ) -> Iterator[tuple[int, bytes]]:
        """What was appended for the hours of the range, both ends included.

        By hour, then in the order of appending. Do not commit while iterating.
        """

    def dead_letters(self, limit: int, topic: str | None = None) -> list[KeptLetter]:
        """The newest dead letters, of a topic or all, newest first, without bodies."""

    def letters_kept(self) -> int:
        """How many dead letters are stored."""

    def pairs(self) -> Collection[Pair]:
        """Every pair of the ledger, and maybe some that nothing is charged to now."""

    def charged(
        self, pair: Pair, what: int, after_ms: int, before: Place = LAST_PLACE
    ) -> Iterator[Charged]:
        """Items of a pair charged for any of the bits ``what``, the last place first.

        Those whose entry ends after an instant (ms UTC), at a place before the one
        given. Read as asked for: take what you need. Do not commit while iterating.
        """

    def close(self) -> None:
        """Give the file back. May be called twice."""


class StateView(StateReader, Protocol):
    """What was stored when it was pinned; later commits do not show."""

    def pin(self) -> None:
        """Stand at the last commit, once, before anything is read; takes no time."""


class State(StateReader, Protocol):
    """The one durable store, with one writer."""

    def commit(self, changes: Changes) -> None:
        """Store all changes in one transaction that survives ``kill -9``.

        Raises FencedError: nothing was stored. Raises StateUnavailable or
        StateCorrupt: nothing is half-stored; only the store opened anew can say
        whether a failing disk kept the commit, so stop and start again.
        """

    def verify(self) -> None:
        """Raise StateUnavailable when what was committed is where nobody finds it.

        Quick enough to be asked between batches.
        """

    def unsent(self, limit: int) -> list[Unsent]:
        """The oldest dead letters whose body is still to be published."""

    def view(self) -> StateView:
        """What is stored when the calling thread pins it.

        Any thread may ask at any time, but pin only while nobody commits. Close it
        soon.
        """
