"""What lies beside an instant in a lane, beside a look at all of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.working_time import DAY, HOUR
from monitor.relate.lanes import Success, beside, nearest_days, within

INSTANTS = st.integers(0, 30).map(lambda number: number * 4 * HOUR)
ENTITIES = st.sampled_from(("D-1", "D-2", "D-3"))
SUCCESSES = st.sets(st.builds(Success, INSTANTS, ENTITIES), max_size=12)


@given(SUCCESSES, INSTANTS)
def test_the_nearest_successes_are_found_in_the_nearest_days(
    known: set[Success], time: int
) -> None:
    days = sorted({one.time // DAY for one in known})
    orders = {
        day: sorted(one for one in known if one.time // DAY == day) for day in days
    }
    earlier, later = nearest_days(days, time)
    found = beside(
        [orders[day] for day in earlier], [orders[day] for day in later], time
    )
    assert found.before == max((one for one in known if one.time < time), default=None)
    assert found.at == min((one for one in known if one.time == time), default=None)
    assert found.after == min((one for one in known if one.time > time), default=None)


@given(SUCCESSES, INSTANTS, INSTANTS)
def test_what_lies_within_begins_after_the_one_and_ends_with_the_other(
    known: set[Success], since: int, until: int
) -> None:
    expected = [entity for time, entity in sorted(known) if since < time <= until]
    assert within(sorted(known), since, until) == expected
