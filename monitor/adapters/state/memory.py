"""The store without a disk: for tests, for ``demo``, and for one-off evaluations."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from monitor.domain.facts import digest
from monitor.indicators.totals.ledger import Entry, Pair
from monitor.pipeline.dead_letters import KeptLetter
from monitor.pipeline.ports import (
    KEPT_DEAD_LETTERS,
    LAST_PLACE,
    TABLES,
    WAITING_TIMES,
    Changes,
    Charged,
    DeadLetter,
    FencedError,
    LookedUp,
    Named,
    Partition,
    Place,
    StateView,
    Stored,
    Table,
    Unsent,
)


class MemoryState:
    """A store as long as the process: same promises, durability apart."""

    def __init__(self, *, keep_letters: int = KEPT_DEAD_LETTERS) -> None:
        """Start empty; of dead letters the newest so many stay."""
        self._keep_letters = keep_letters
        self._values: dict[Table, dict[str, bytes]] = {table: {} for table in TABLES}
        self._offsets: dict[Partition, int] = {}
        self._boundaries: dict[int, list[bytes]] = {}
        self._letters: dict[int, DeadLetter] = {}
        self._buried = 0
        self._ledger: dict[Pair, dict[str, Entry]] = {}
        self._gone: set[str] = set()

    def get_many(self, table: Table, keys: Collection[str]) -> dict[str, bytes]:
        """The values of those keys that have one."""
        stored = self._values[table]
        return {key: stored[key] for key in keys if key in stored}

    def scan(self, table: Named) -> Iterator[tuple[str, bytes]]:
        """Every key and value of a table. Do not commit while iterating."""
        yield from self._values[table].items()

    def page(self, table: Named, after: int, limit: int) -> list[Stored]:
        """So many keys and values, in the order of their numbers, after a number."""
        return self._page(table, after, limit)

    def numbered(
        self, table: LookedUp, after: int, limit: int
    ) -> list[tuple[int, bytes]]:
        """As ``page``, of a table that keeps no keys: their numbers, and values."""
        return [(n, value) for n, _, value in self._page(table, after, limit)]

    def _page(self, table: Table, after: int, limit: int) -> list[Stored]:
        numbered = sorted((digest(key), key) for key in self._values[table])
        held = self._values[table]
        later = [Stored(n, key, held[key]) for n, key in numbered if n > after]
        return later[:limit]

    def any_gone(self) -> bool:
        """Whether the facts of anything were dropped for good."""
        return bool(self._gone)

    def gone(self, keys: Collection[str]) -> set[str]:
        """Those of the keys whose facts were dropped for good."""
        return self._gone.intersection(keys)

    def offsets(self) -> dict[Partition, int]:
        """The next offset to read of each partition."""
        return dict(self._offsets)

    def boundaries(
        self, first_hour: int, last_hour: int
    ) -> Iterator[tuple[int, bytes]]:
        """What was appended for the hours, both ends included, in order."""
        for hour in sorted(self._boundaries):
            if first_hour <= hour <= last_hour:
                for value in self._boundaries[hour]:
                    yield hour, value

    def dead_letters(self, limit: int, topic: str | None = None) -> list[KeptLetter]:
        """The newest dead letters, of a topic or all, newest first, without bodies."""
        newest = [
            KeptLetter(replace(letter, body=None), letter.body is not None)
            for letter in reversed(self._letters.values())
            if topic in (None, letter.topic)
        ]
        return newest[:limit]

    def letters_kept(self) -> int:
        """How many dead letters are stored."""
        return len(self._letters)

    def verify(self) -> None:
        """Nothing: memory has no name that could be taken from it."""

    def unsent(self, limit: int) -> list[Unsent]:
        """The oldest dead letters whose body is still to be published."""
        waiting = [
            Unsent(number, letter)
            for number, letter in self._letters.items()
            if letter.body is not None
        ]
        return waiting[:limit]

    def commit(self, changes: Changes) -> None:
        """Apply all changes. Raises FencedError, and then changed nothing."""
        self._fence(changes)
        for partition, (_, new) in changes.offsets.items():
            self._offsets[partition] = new
        for table, values in changes.puts.items():
            for key, value in values.items():
                if value is None:
                    self._values[table].pop(key, None)
                else:
                    self._values[table][key] = value
        self._shrink(changes)
        self._change_boundaries(changes)
        self._change_letters(changes)
        self._change_ledger(changes)
        self._gone.update(changes.gone)

    def pairs(self) -> Collection[Pair]:
        """Every pair of the ledger, and maybe some that nothing is charged to now."""
        return tuple(self._ledger)

    def charged(
        self, pair: Pair, what: int, after_ms: int, before: Place = LAST_PLACE
    ) -> Iterator[Charged]:
        """Items of a pair charged for any of the bits, the last place first."""
        places = [
            (Place(entry.until, digest(item)), item)
            for item, entry in self._ledger.get(pair, {}).items()
            if entry.what & what and entry.until > after_ms
        ]
        for place, item in sorted(places, reverse=True):
            if place < before:
                yield Charged(place, item, self._values["timelines"][item])

    def view(self) -> StateView:
        """What is stored when it is pinned; later commits do not show."""
        return _View(self)

    def copied(self) -> MemoryState:
        """Another store with the same contents."""
        copied = MemoryState()
        copied._values = {table: {**held} for table, held in self._values.items()}
        copied._offsets = {**self._offsets}
        copied._boundaries = {hour: [*of] for hour, of in self._boundaries.items()}
        copied._letters, copied._buried = {**self._letters}, self._buried
        copied._gone = {*self._gone}
        copied._ledger = {pair: {**held} for pair, held in self._ledger.items()}
        return copied

    def close(self) -> None:
        """Nothing to give back."""

    def _fence(self, changes: Changes) -> None:
        for partition, (expected, _) in changes.offsets.items():
            if self._offsets.get(partition) != expected:
                topic, number = partition
                raise FencedError(
                    f"topic {topic}, partition {number}: another writer has moved the "
                    f"stored offset from {expected}; nothing was stored."
                )

    def _shrink(self, changes: Changes) -> None:
        for table, values in changes.shrunk.items():
            held = self._values[table]
            for key in held:
                if (number := digest(key)) in values:
                    held[key] = values[number]

    def _change_boundaries(self, changes: Changes) -> None:
        for hour, value in changes.replace_boundaries.items():
            self._boundaries[hour] = [value]
        for hour, value in changes.boundaries:
            self._boundaries.setdefault(hour, []).append(value)
        limit = changes.drop_boundaries_before
        if limit is not None:
            for hour in [hour for hour in self._boundaries if hour < limit]:
                del self._boundaries[hour]

    def _change_ledger(self, changes: Changes) -> None:
        if changes.empty_ledger:
            self._ledger.clear()
        for item, gone, put in changes.ledger:
            for pair, until in gone:
                entries = self._ledger.get(pair, {})
                if item in entries and entries[item].until == until:
                    del entries[item]
            for pair, entry in put:
                self._ledger.setdefault(pair, {})[item] = entry

    def _change_letters(self, changes: Changes) -> None:
        for letter in changes.dead_letters:
            self._buried += 1
            self._letters[self._buried] = letter
        numbers, keep = list(self._letters), self._keep_letters
        old = len(numbers) - WAITING_TIMES * keep
        for place, number in enumerate(numbers[:-keep]):
            if place < old or self._letters[number].body is None:
                del self._letters[number]
        for number in changes.outbox_sent:
            if number in self._letters:
                self._letters[number] = replace(self._letters[number], body=None)


class _View(MemoryState):
    def __init__(self, state: MemoryState) -> None:
        super().__init__()
        self._state = state

    def pin(self) -> None:
        vars(self).update(vars(self._state.copied()))
