"""Instants under a key, in order whatever comes and goes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.state.memory import MemoryState
from monitor.pipeline.ports import Changes
from monitor.pipeline.relating.by_day import enter, ordered, take_out
from monitor.pipeline.working_set import WorkingSet

KEY = "lane\x1ftill\x1f1"
STEPS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 5), st.sampled_from(("D-1", "D-2", "D-3")))
)


@given(STEPS, STEPS)
def test_what_was_entered_is_in_order_in_this_batch_and_in_the_next(
    first: list[tuple[bool, int, str]], second: list[tuple[bool, int, str]]
) -> None:
    state, known = MemoryState(), set[tuple[int, str]]()
    for steps in (first, second):
        working = WorkingSet(state)
        for enters, time, entity in steps:
            one = (time, entity)
            if enters:
                assert enter(KEY, entity, time, working) == (one not in known)
                known.add(one)
            else:
                left = take_out(KEY, entity, time, working)
                assert (left is None) == (one not in known)
                known.discard(one)
            assert ordered(KEY, working) == sorted(known)
        changes = Changes()
        working.collect(changes)
        state.commit(changes)
