"""The ledger of every store: the file's and its twin's in memory."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from monitor.adapters.state.memory import MemoryState
from monitor.adapters.state.sqlite import SqliteReader, SqliteState
from monitor.domain.facts import digest
from monitor.domain.packed import pack_timelines
from monitor.domain.timeline import UNIT, Component, Segment, Sort, Timeline
from monitor.errors import StateCorrupt
from monitor.indicators.totals.ledger import BITS, Entry, Moved, Pair, moved
from monitor.pipeline.ports import Changes, FencedError, Place, State, StateReader
from tests.contract.test_state_file import with_sqlite

PAIR: Pair = ("checkout", "platform")
ALL = sum(BITS.values())
Timelines = tuple[Timeline, ...]


@pytest.fixture(params=["sqlite", "memory"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[State]:
    made: State = (
        SqliteState(tmp_path / "friction.db")
        if request.param == "sqlite"
        else MemoryState()
    )
    yield made
    made.close()


def put(*entries: tuple[str, int], what: int = 1, pair: Pair = PAIR) -> Changes:
    """Items charged to the pair until an instant, each with its timelines."""
    changes = Changes()
    for item, until in entries:
        changes.put("timelines", item, item.encode("utf-8", "surrogatepass"))
        changes.ledger.append(Moved(item, [], [(pair, Entry(until, what))]))
    return changes


def names(state: StateReader, what: int = 1, after_ms: int = 0) -> list[str]:
    return [one.item for one in state.charged(PAIR, what, after_ms)]


def test_items_come_by_their_end_the_last_first_with_their_timelines(
    state: State,
) -> None:
    state.commit(put(("a", 5), ("c", 9), ("b", 7)))
    found = list(state.charged(PAIR, 1, 0))
    assert [(one.item, one.timelines) for one in found] == [
        ("c", b"c"),
        ("b", b"b"),
        ("a", b"a"),
    ]
    assert found[0].place == Place(9, digest("c"))


def test_only_what_ends_later_is_of_the_pair_and_asked_for_comes(state: State) -> None:
    state.commit(put(("a", 5), ("b", 7)))
    state.commit(put(("other", 9), what=2))
    state.commit(put(("elsewhere", 9), pair=("checkout", "search")))
    assert names(state, after_ms=5) == ["b"]
    assert names(state, what=2) == ["other"]
    assert names(state, what=3) == ["other", "b", "a"]
    assert list(state.charged(("platform", "checkout"), ALL, 0)) == []
    assert set(state.pairs()) == {PAIR, ("checkout", "search")}


def test_a_list_goes_on_after_any_place_also_where_many_end_together(
    state: State,
) -> None:
    state.commit(put(*((f"CHK-{number}", 7) for number in range(9)), ("late", 8)))
    whole = list(state.charged(PAIR, 1, 0))
    assert len(whole) == 10
    for number, one in enumerate(whole):
        assert list(state.charged(PAIR, 1, 0, one.place)) == whole[number + 1 :]


def test_a_place_holds_when_its_item_is_gone(state: State) -> None:
    state.commit(put(("a", 5), ("b", 7), ("c", 9)))
    place = list(state.charged(PAIR, 1, 0))[1].place
    state.commit(Changes(ledger=[Moved("b", [(PAIR, 7)], [])]))
    assert [one.item for one in state.charged(PAIR, 1, 0, place)] == ["a"]


def test_hostile_names_of_items_and_teams_are_kept(state: State) -> None:
    item, pair = "NUL\0 \ud800 '; DROP TABLE ledger", ("\ud800", "")
    state.commit(put((item, 5), pair=pair))
    assert set(state.pairs()) == {pair}
    assert [one.item for one in state.charged(pair, 1, 0)] == [item]


def test_a_fenced_commit_leaves_the_ledger_and_its_pairs(state: State) -> None:
    state.commit(put(("a", 5)))
    fenced = put(("b", 6), pair=("new", "pair"))
    fenced.offsets[("ci", 0)] = (3, 4)
    with pytest.raises(FencedError):
        state.commit(fenced)
    assert set(state.pairs()) == {PAIR}
    state.commit(put(("b", 6), pair=("new", "pair")))
    assert [one.item for one in state.charged(("new", "pair"), 1, 0)] == ["b"]


def test_an_emptied_ledger_takes_what_the_same_commit_puts(state: State) -> None:
    state.commit(put(("a", 5)))
    changes = put(("b", 6), pair=("search", ""))
    changes.empty_ledger = True
    state.commit(changes)
    assert names(state) == []
    assert [one.item for one in state.charged(("search", ""), 1, 0)] == ["b"]
    state.commit(put(("c", 7)))
    assert names(state) == ["c"]


def test_a_view_does_not_show_what_is_committed_later(state: State) -> None:
    state.commit(put(("a", 5)))
    view = state.view()
    view.pin()
    state.commit(put(("b", 6)))
    state.commit(Changes(ledger=[Moved("a", [(PAIR, 5)], [])], puts={}))
    assert names(view) == ["a"]
    assert names(state) == ["b"]
    view.close()


def test_a_view_stands_where_it_is_pinned_not_where_it_was_opened(state: State) -> None:
    view = state.view()
    state.commit(put(("a", 5)))
    view.pin()
    state.commit(put(("b", 6)))
    assert names(view) == ["a"]
    view.close()


def version(chance: random.Random) -> Timelines:
    segments = [
        Segment(
            *chance.choice(
                [
                    (Sort.WAIT, "checkout", "platform", Component.CI_QUEUE),
                    (Sort.WAIT, "checkout", "platform", Component.INCIDENT),
                    (Sort.WAIT, "search", "platform", Component.CI_QUEUE),
                    (Sort.ACTIVE, "checkout", "", ""),
                    (Sort.UNACCRUED, "search", "", ""),
                ]
            ),
            "acute",
            0,
            chance.randint(1, 4),
            UNIT,
            "checkout",
        )
        for _ in range(chance.randint(0, 3))
    ]
    return (Timeline("i", tuple(segments)),) if segments else ()


def replaced_at_random(state: State, seed: int) -> dict[str, Timelines]:
    chance, held = random.Random(seed), dict[str, Timelines]()
    for _ in range(12):
        changes = Changes()
        for item in chance.sample(["a", "b", "c", "d", "e"], 3):
            new = version(chance)
            changes.put("timelines", item, pack_timelines(new) if new else None)
            if (found := moved(item, held.get(item, ()), new)) is not None:
                changes.ledger.append(found)
            held[item] = new
        state.commit(changes)
    return held


def expected_of(held: dict[str, Timelines]) -> set[tuple[Pair, int, str]]:
    """Every pair of any accruing segment, with its latest end: by plain loops."""
    ends: dict[tuple[Pair, str], int] = {}
    for item, timelines in held.items():
        for one in (one for timeline in timelines for one in timeline.segments):
            if one.sort is not Sort.UNACCRUED:
                key = ((one.team, one.on_team), item)
                ends[key] = max(ends.get(key, 0), one.end)
    return {(pair, end, item) for (pair, item), end in ends.items()}


def all_of(state: StateReader) -> set[tuple[Pair, int, str]]:
    return {
        (pair, one.place.until, one.item)
        for pair in state.pairs()
        for one in state.charged(pair, ALL, -1)
    }


@pytest.mark.parametrize("seed", range(20))
def test_timelines_replaced_at_random_leave_the_ledger_of_the_last(
    state: State, seed: int
) -> None:
    held = replaced_at_random(state, seed)
    assert all_of(state) == expected_of(held)


def _without_ledger(path: Path) -> None:
    for statement in (
        "DROP TABLE ledger",
        "DROP TABLE pairs",
        "DROP TABLE sealed",
        "DROP TABLE gone",
        "DROP TABLE last_commit",
        "PRAGMA user_version=2",
    ):
        with_sqlite(path, statement)


def test_a_file_of_the_last_version_is_given_its_ledger(tmp_path: Path) -> None:
    path = tmp_path / "friction.db"
    before = SqliteState(path)
    held = replaced_at_random(before, 3)
    before.close()
    _without_ledger(path)
    with pytest.raises(StateCorrupt, match="Start `friction run` once"):
        SqliteReader(path)
    for _ in range(2):  # the second start finds it made
        again = SqliteState(path)
        assert all_of(again) == expected_of(held) != set()
        again.close()


def test_a_pair_of_a_commit_that_failed_is_stored_by_the_next(tmp_path: Path) -> None:
    state = SqliteState(tmp_path / "friction.db")
    with pytest.raises(OverflowError):
        state.commit(put(("a", 2**70)))
    assert set(state.pairs()) == set()
    state.commit(put(("a", 5)))
    assert names(state) == ["a"]
    state.close()


def test_views_in_other_threads_go_with_the_thread(tmp_path: Path) -> None:
    state = SqliteState(tmp_path / "friction.db")
    state.commit(put(("a", 5)))
    assert in_a_thread(lambda: _seen(state)) == ["a"]
    state.close()


def _seen(state: State) -> list[str]:
    view = state.view()
    view.pin()
    try:
        return names(view)
    finally:
        view.close()


def in_a_thread(work: Callable[[], list[str]]) -> list[str]:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()
