"""What settles a failed run, beside a search through everything that came after it."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.domain.facts import Fact, Kind
from monitor.domain.items import FOREVER, in_order
from monitor.domain.making import make_fact
from monitor.indicators.waits.intervals import LOOSE
from monitor.indicators.waits.settling import breaks_of, settling

LAST = 8
KINDS = (Kind.RUN_QUEUED, Kind.RUN_FINISHED, Kind.RUN_FINISHED)
SHAS = (None, "a", "b", "c")
OUTCOMES = ("success", "failure", None)


def run(number: int, time: int, kind: Kind, sha: str | None, outcome: Any) -> Fact:
    said = {"sha": sha, "outcome": outcome}
    fields: Any = {name: word for name, word in said.items() if word is not None}
    return make_fact(kind, time, f"r-{number}", "ci.example", fields)


@st.composite
def runs(draw: st.DrawFn) -> tuple[Fact, ...]:
    """Runs of one pipeline in their order, of which one at least failed."""
    one = st.tuples(
        st.integers(0, LAST),
        st.sampled_from(KINDS),
        st.sampled_from(SHAS),
        st.sampled_from(OUTCOMES),
    )
    found = draw(st.lists(one, max_size=9))
    failed = (
        draw(st.integers(0, LAST)),
        Kind.RUN_FINISHED,
        draw(st.sampled_from(SHAS)),
    )
    drawn = [*found, (*failed, "failure")]
    return in_order([run(number, *one) for number, one in enumerate(drawn)])


def searched(
    facts: tuple[Fact, ...], first: Fact, broken: int
) -> tuple[int, Fact | None] | None:
    """Instant by instant: a success on the same sha, else anything that is own."""
    sha = first.fields.get("sha")
    for instant in range(first.time + 1, LAST + 1):
        own = instant == broken
        for fact in facts:
            if fact.time != instant:
                continue
            other = fact.fields.get("sha")
            passed = fact.fields.get("outcome") == "success"
            finished = fact.kind is Kind.RUN_FINISHED
            if sha is not None and other == sha and passed and finished:
                return instant, fact
            another = other is not None and other != sha
            own = own or another or (sha is None and passed)
        if own:
            return instant, None
    return None


@settings(max_examples=300)
@given(runs(), st.integers(0, LAST) | st.just(FOREVER))
def test_a_failure_is_settled_by_what_comes_first(
    facts: tuple[Fact, ...], broken: int
) -> None:
    by = settling(facts)
    for first in facts:
        if first.fields.get("outcome") == "failure":
            later = broken if broken > first.time else FOREVER
            assert by.settled(first, later) == searched(facts, first, later)


@given(
    st.lists(st.tuples(st.integers(0, LAST), st.sampled_from((LOOSE, "c-1", "c-2")))),
    st.sampled_from((LOOSE, "c-1", "c-3")),
    st.integers(0, LAST),
)
@example([(3, "c-2"), (5, LOOSE)], "c-1", 2)
def test_a_break_is_of_the_change_or_of_the_whole_item(
    found: list[tuple[int, str]], level: str, instant: int
) -> None:
    breaks = breaks_of(found)
    times = [
        time for time, change in found if level == LOOSE or change in {LOOSE, level}
    ]
    later = [time for time in times if time > instant]
    assert breaks.following(level, instant) == min(later, default=FOREVER)
    assert breaks.has(level, instant) == (instant in times)
