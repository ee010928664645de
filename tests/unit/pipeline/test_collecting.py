import gc
import weakref
from collections.abc import Iterator

import pytest

from monitor.pipeline.collecting import Collecting


class _Cycle:
    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _collector_as_before() -> Iterator[None]:
    yield
    gc.enable()


def test_nothing_is_collected_inside_a_turn() -> None:
    with Collecting(lambda: 0.0):
        assert not gc.isenabled()
        gone = weakref.ref(_Cycle())
        assert gone() is not None
    assert gc.isenabled()


def test_what_a_turn_left_behind_is_collected_after_it() -> None:
    with Collecting(lambda: 0.0) as collecting:
        gone = weakref.ref(_Cycle())
        collecting.between_turns(ready=True)
        assert gone() is None


def test_what_was_loaded_is_never_walked_again() -> None:
    with Collecting(lambda: 0.0) as collecting:
        loaded = gc.get_freeze_count()
        assert loaded > 0
        kept = [_Cycle() for _ in range(1_000)]
        collecting.between_turns(ready=False)
        assert gc.get_freeze_count() <= loaded
        collecting.between_turns(ready=True)
        assert gc.get_freeze_count() >= loaded + len(kept)
    assert gc.get_freeze_count() == 0


def test_old_cycles_are_collected_once_a_minute() -> None:
    now = 0.0
    with Collecting(lambda: now) as collecting:
        cycle = _Cycle()
        gone = weakref.ref(cycle)
        collecting.between_turns(ready=False)
        del cycle
        collecting.between_turns(ready=False)
        assert gone() is not None
        now = 61.0
        collecting.between_turns(ready=False)
        assert gone() is None


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    with Collecting(lambda: 0.0):
        pass
    assert not gc.isenabled()
