"""Books whose sums move at random: entries early and late, corrections, and time."""

from __future__ import annotations

import random
from dataclasses import dataclass

from hypothesis import strategies as st

from monitor.domain.timeline import UNIT, WALL
from monitor.domain.working_time import DAY
from monitor.indicators.totals.accounts import Accounts
from monitor.indicators.totals.series import ACCRUING, WINDOWS, Entry, Family, Key
from monitor.pipeline.books import Books
from tests.unit.indicators.history import DIRECTORY, at
from tests.unit.indicators.totals.test_accounts import Stored

START = at("Mon+4 12:00")
_TEAMS = ("checkout", "search", "payments")
# More than have a name of their own.
_COUNTERPARTS = tuple(f"counterpart-{number:02}" for number in range(20))


@dataclass(frozen=True, slots=True)
class Step:
    """What happens between two looks at the books."""

    moves: tuple[tuple[Key, int, int], ...]
    later: int

    def into(self, books: Books) -> None:
        """Enter it as ``Books.replace`` does, then let time pass."""
        accounts = books.accounts
        now = accounts.instants[0]
        known = (accounts.series.get(key) for key, _, _ in self.moves)
        shown = {one.number: accounts.published(one) for one in known if one}
        accounts.enter(Entry(now + time, key, by) for key, time, by in self.moves)
        accounts.hold(shown)
        books.advance(now + self.later)


def books_at(now: int = START) -> Books:
    """Empty books."""
    instants = [now, *(now - window for window in WINDOWS)]
    return Books(Accounts(DIRECTORY, Stored(), instants))


def lives() -> st.SearchStrategy[list[Step]]:
    """Several steps; some let no time pass, some move nothing."""
    # Drawn by a seed: thousands of choices of Hypothesis' own take seconds.
    return st.integers(0, 2**32).map(lambda seed: _life(random.Random(seed)))


def _life(chance: random.Random) -> list[Step]:
    keys = [_key(chance) for _ in range(chance.choice([1, 8, 60]))]
    return [_step(chance, keys) for _ in range(chance.randint(1, 6))]


def _step(chance: random.Random, keys: list[Key]) -> Step:
    moves = tuple(
        _move(chance, chance.choice(keys)) for _ in range(chance.choice([0, 1, 30]))
    )
    return Step(moves, chance.choice([0, 1, 60_000, 3_600_000, DAY, 9 * DAY]))


def _move(chance: random.Random, key: Key) -> tuple[Key, int, int]:
    amount = chance.choice([1, 1, 2, -1])
    if key[0] in ACCRUING:
        amount *= UNIT // chance.choice([1, 1, 2, 3, 7])
    return key, chance.randint(-40 * DAY, 2 * DAY), amount


def _key(chance: random.Random) -> Key:
    team, on_team = chance.choice(_TEAMS), chance.choice(_COUNTERPARTS)
    component = chance.choice(["ci_queue", "dependency_link"])
    return chance.choice(
        [
            (Family.WAIT, team, team, on_team, component, "acute"),
            (Family.WAIT, WALL, team, on_team, "incident", "response"),
            (Family.ACTIVE, team, team, "feature"),
            (Family.UNCLASSIFIED, team, team),
            (Family.OWN_FAILURE, team, team, "ci"),
            (Family.WAITS, "", team, on_team, component),
            (Family.OPEN, "", team, on_team, component),
            (Family.HANDOFFS, "", team, on_team),
            (Family.NEGATIVES, "", team, component),
            (Family.STALE, "", team),
            (Family.ITEM_FIRST, "", team),
            (Family.ITEM_GAP, "", team, "7"),
            (Family.BUCKET, "", team, component, str(chance.randint(0, 8))),
            (Family.DURATION, "", team, component),
        ]
    )
