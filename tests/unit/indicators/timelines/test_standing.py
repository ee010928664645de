"""What halts an item: both ways of finding it, beside the rule read word by word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.domain.timeline import UNIT, Component, Sort
from monitor.indicators.timelines.crowd import crowd
from monitor.indicators.timelines.standing import Few, Standing, Verdict, by_start
from monitor.indicators.waits.intervals import LOOSE, TICKET_LEVEL, Span, Stretch

LAST = 12
TEAMS = ("checkout", "platform", "search")
CHANGES = ("c-1", "c-2")
LEVELS = (TICKET_LEVEL, LOOSE, *CHANGES, *CHANGES)
WAITED = (Component.HANDOFF, Component.REVIEW_WAIT, Component.TICKET_BLOCKED)
BLOCKERS = ("", "PLT-1")


@dataclass(frozen=True)
class Drawn:
    """An item's waits, where they pause and its changes are open, and what to ask."""

    stretches: Sequence[Stretch]
    stale: Mapping[str, Sequence[Span]]
    changes: Mapping[str, Sequence[Span]]
    asked: Sequence[tuple[int, str]]

    def both(self) -> tuple[Standing, Standing]:
        few = Few(self.stale, self.changes, by_start(self.stretches))
        return few, crowd(self.stretches, self.stale, self.changes)


@st.composite
def spans_apart(draw: st.DrawFn) -> tuple[Span, ...]:
    """Spans in order; one may begin where the one before it ends, or have no length."""
    edges = sorted(draw(st.lists(st.integers(0, LAST), max_size=6)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def stretches(draw: st.DrawFn) -> Stretch:
    """A wait, or a failure that nobody is charged for yet."""
    start = draw(st.integers(0, LAST - 1))
    end = draw(st.integers(start + 1, LAST))
    level = draw(st.sampled_from(LEVELS))
    if draw(st.booleans()) and draw(st.booleans()):
        return Stretch(Component.CI_FLAKY, (), start, end, level, "r", pending=True)
    component = draw(st.sampled_from(WAITED))
    some = st.lists(st.sampled_from(TEAMS), min_size=1, max_size=2, unique=True)
    # A handoff is one of the whole item, to one team.
    if component is Component.HANDOFF:
        some, level = st.lists(st.sampled_from(TEAMS), min_size=1, max_size=1), ""
    pauses = draw(st.sampled_from((None, *BLOCKERS)))
    return Stretch(component, tuple(draw(some)), start, end, level, "x", pauses)


@st.composite
def items(draw: st.DrawFn) -> Drawn:
    of_teams = st.sampled_from(TEAMS)
    return Drawn(
        draw(st.lists(stretches(), max_size=8)),
        {blocker: draw(spans_apart()) for blocker in BLOCKERS},
        {name: spans for name in CHANGES if (spans := draw(spans_apart()))},
        sorted(draw(st.lists(st.tuples(st.integers(0, LAST), of_teams), max_size=12))),
    )


def is_in(instant: int, spans: Sequence[Span]) -> bool:
    return any(start <= instant < end for start, end in spans)


def waiting(item: Drawn, instant: int, team: str) -> Iterator[Stretch]:
    """What halts: waits of the ticket, else where every open change has one."""
    is_open = {name for name, spans in item.changes.items() if is_in(instant, spans)}
    foreign = [
        one
        for one in item.stretches
        if one.start <= instant < one.end and (one.pending or {*one.names} - {team})
    ]
    everywhere = all(any(one.level == name for one in foreign) for name in is_open)
    for one in foreign:
        on_open = one.level in is_open and everywhere
        if one.level == TICKET_LEVEL or not is_open or on_open:
            yield one


def expected(item: Drawn, instant: int, team: str) -> tuple[str, dict[str, set[str]]]:
    """In a word what the instant is, and the components by team waited for."""
    halting = list(waiting(item, instant, team))
    waits = [one for one in halting if not one.pending]
    named: dict[str, set[str]] = {}
    for one in waits:
        paused = one.stale_by is not None and is_in(instant, item.stale[one.stale_by])
        for name in () if paused else one.names:
            if name != team:
                named.setdefault(name, set()).add(one.component)
    if named:
        return "wait", named
    return ("stale" if waits else "pending" if halting else "nothing"), {}


def told(verdict: Verdict) -> tuple[str, dict[str, set[str]]]:
    named: dict[str, set[str]] = {}
    for component, name, _ in verdict.shares:
        named.setdefault(name, set()).add(component)
    if verdict.sort is Sort.WAIT:
        return "wait", named
    return verdict.phase or "nothing", named


def review(change: str, team: str) -> Stretch:
    return Stretch(Component.REVIEW_WAIT, (team,), 0, 9, change, change, stale_by="")


# For platform the first change waits for nobody else.
ONE_FOR_ITSELF = Drawn(
    [review("c-1", "platform"), review("c-2", "search")],
    {"": ()},
    {"c-1": ((0, 9),), "c-2": ((0, 9),)},
    [(1, "platform"), (2, "checkout")],
)


@pytest.mark.slow
@settings(max_examples=400)
@given(items())
@example(ONE_FOR_ITSELF)
def test_what_halts_an_item_is_found_whichever_way_it_is_looked_for(
    item: Drawn,
) -> None:
    for standing in item.both():
        for instant, team in item.asked:
            is_any = any(s.start <= instant < s.end for s in item.stretches)
            assert standing.advance(instant) == is_any
            assert told(standing.halt(team)) == expected(item, instant, team)


@given(items())
def test_shares_are_equal_over_teams_and_make_up_the_whole(item: Drawn) -> None:
    for standing in item.both():
        for instant, team in item.asked:
            standing.advance(instant)
            by_team: dict[str, int] = {}
            shares = standing.halt(team).shares
            for _, name, share in shares:
                by_team[name] = by_team.get(name, 0) + share
            parts = by_team.values()
            assert not shares or sum(parts) == UNIT
            assert not shares or max(parts) - min(parts) <= 1


@given(items())
def test_a_handoff_is_known_while_it_is_open(item: Drawn) -> None:
    for standing in item.both():
        for instant, _ in item.asked:
            standing.advance(instant)
            given_to = {
                one.names[0]
                for one in item.stretches
                if one.component is Component.HANDOFF and one.start <= instant < one.end
            }
            assert {team for team in TEAMS if standing.gives_to(team)} == given_to
