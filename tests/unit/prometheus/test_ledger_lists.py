"""Lists of items in pages, and what reading them costs who writes the books."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from monitor.adapters.state.memory import MemoryState
from monitor.pipeline.ports import State, StateView
from tests.unit.prometheus.asking import items_of, listing_of
from tests.unit.prometheus.serving import Serving, busy


@pytest.fixture
def serving() -> Serving:
    return busy()


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_each_item_is_on_one_page_of_a_list(serving: Serving, size: int) -> None:
    whole = listing_of(serving, "checkout").items
    assert len(whole) > 2 * 7
    serving.ledger = replace(serving.ledger, items_a_page=size)
    assert tuple(items_of(serving, "checkout")) == whole


def test_a_list_ends_with_its_last_item_on_a_full_page(serving: Serving) -> None:
    whole = listing_of(serving, "checkout").items
    serving.ledger = replace(serving.ledger, items_a_page=len(whole))
    full = listing_of(serving, "checkout")
    assert (full.items, full.after) == (whole, "")
    serving.ledger = replace(serving.ledger, items_a_page=len(whole) - 1)
    assert listing_of(serving, "checkout").after


class Watched(MemoryState):
    """A store whose views note whether the books were locked, step by step."""

    def __init__(self, state: State, lock: threading.Lock) -> None:
        super().__init__()
        self.locked: list[tuple[str, bool]] = []
        self._state, self._lock = state, lock

    def view(self) -> StateView:
        self.locked.append(("view", self._lock.locked()))
        view = self._state.view()
        for step in ("pin", "close"):
            setattr(view, step, self._noted(step, getattr(view, step)))
        return view

    def _noted(self, step: str, done: Callable[[], None]) -> Callable[[], None]:
        def noted() -> None:
            self.locked.append((step, self._lock.locked()))
            done()

        return noted


def test_the_consumer_does_not_wait_for_a_page_to_open_the_store(
    serving: Serving,
) -> None:
    """Opening a file takes long where others compute; standing at a commit does not."""
    runner = serving.process.runner
    watched = Watched(runner.state, runner.lock)
    runner.state = watched
    assert listing_of(serving, "checkout").items
    steps = [("view", False), ("pin", True), ("close", False)]
    assert watched.locked == steps
    # Also when the answer failed.
    serving.ledger = replace(serving.ledger, items_a_page=-1)
    with pytest.raises(ValueError, match="islice"):
        listing_of(serving, "checkout")
    assert watched.locked == steps * 2
