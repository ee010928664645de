"""Whatever happens to headcounts, domains and teams: no counter as shown falls."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.adapters.prometheus.catalogue import CATALOGUE
from monitor.domain.snapshot import Family
from monitor.pipeline.showing.families import business_families
from tests.unit.pipeline.running import HOUR, MONDAY, Process, event
from tests.unit.prometheus.test_renaming import Scraped

DEBT = "friction_correction_debt_seconds"
SECONDS = (
    "friction_wait_seconds_total",
    "friction_active_seconds_total",
    "friction_own_failure_seconds_total",
    "friction_capacity_seconds_total",
)
Row = tuple[str, ...]
_PEOPLE = st.sampled_from(
    [
        "2",
        "5",
        "0.3",
        "[{value: 2}, {from: 2026-03-04, value: 5}, {from: 2026-03-11, value: 2}]",
        "[{value: 4}, {from: 2026-03-05, value: 1}, {from: 2026-03-10, value: 3}]",
        "[{from: 2026-03-09, value: 2}]",
        "",
        "gone",
    ]
)
_DOMAIN = st.sampled_from(["x", "y"])
_FILES = st.tuples(*[st.tuples(_PEOPLE, _DOMAIN)] * 3)
_TEAM = st.sampled_from("abcp")
# Team, counterpart, from and until in hours before now, whether it is taken back.
_WAITS = st.tuples(
    _TEAM, _TEAM, st.floats(0, 90), st.one_of(st.none(), st.floats(0, 60))
)
_STEPS = st.one_of(
    st.tuples(st.just("later"), st.integers(1, 40)),
    st.tuples(st.just("wait"), _WAITS),
    st.tuples(st.just("mistaken"), st.integers(0, 10)),
    st.tuples(st.just("killed"), _FILES),
    st.tuples(st.just("turn"), st.none()),
)


def text_of(file: tuple[tuple[str, str], ...]) -> str:
    """A teams file, in which a team may have no headcount, or not be at all."""
    lines = [
        f"  - {{id: {team}, domain: {domain}{', headcount: ' if people else ''}"
        f"{people}}}"
        for team, (people, domain) in zip("abc", file, strict=False)
        if people != "gone"
    ]
    head = "version: 1\norganisation: {name: Acme}\nteams:\n"
    return head + "\n".join([*lines, "  - {id: p, kind: platform, headcount: 6}\n"])


def counters(families: dict[str, Family]) -> Iterator[tuple[Row, float]]:
    """Every counter as shown, those that a histogram is made of among them."""
    for name, family in families.items():
        if CATALOGUE[name].type == "counter":
            yield from (((name, *labels), value) for labels, value in family.samples)
        for labels, buckets, total, observations in family.histograms:
            for place, value in enumerate((*buckets, total, observations)):
                yield (name, str(place), *labels), value


class Life:
    """A service that goes through steps, scraped after each."""

    def __init__(self, file: tuple[tuple[str, str], ...]) -> None:
        self.shown = Scraped(Process(teams=text_of(file)))
        self.process = self.shown.process
        self.process.caught_up()
        self.seen: dict[Row, float] = {}
        self.numbers = count()

    def step(self, what: str, how: object) -> None:
        process = self.process
        if what == "later" and isinstance(how, int):
            process.clock.ms += how * HOUR
            process.runner.turn()
        elif what == "wait" and isinstance(how, tuple):
            self.wait(*how)
            process.runner.turn()
        elif what == "mistaken":
            process.send(event("ticket.cancelled", 0, f"T-{how}"))
            process.runner.turn()
        elif what == "killed" and isinstance(how, tuple):
            self.shown.restarted(text_of(how))
        else:
            process.runner.turn()

    def wait(self, team: str, on_team: str, since: float, until: float | None) -> None:
        now = (self.process.clock.ms - MONDAY) / HOUR
        entity, start = f"T-{next(self.numbers)}", now - since
        told = [
            event("ticket.started", start - 1, entity, team=team, work_class="defect"),
            event("ticket.blocked", start, entity, on_team=on_team),
        ]
        if until is not None and until < since:
            lifted = event("ticket.unblocked", now - until, entity, on_team=on_team)
            told.append(lifted)
        self.process.send(*told)

    def look(self) -> dict[str, Family]:
        """A scrape, which nobody sees before new names are stored."""
        families = self.shown.families()
        if not self.process.runner.books.names_stored:
            self.process.runner.turn()
        found = dict(counters(families))
        for row, value in found.items():
            assert value >= self.seen.get(row, 0), row
        self.seen |= found
        return families


def small(life: Life) -> set[str]:
    """Teams of the file that are of fewer than three people now."""
    now, found = life.process.clock.now_ms(), set[str]()
    for team in life.process.runner.directory.teams.values():
        people = [0.0, *(size for since, size in team.headcount or () if since <= now)]
        if team.headcount is not None and people[-1] < 3:
            found.add(team.id)
    return found


@settings(deadline=None, max_examples=60)
@given(file=_FILES, steps=st.lists(_STEPS, max_size=14))
def test_no_counter_falls_and_none_is_of_a_small_team(
    file: tuple[tuple[str, str], ...], steps: list[tuple[str, object]]
) -> None:
    life = Life(file)
    life.look()
    life.process.runner.turn()
    for what, how in steps:
        life.step(what, how)
        families = life.look()
        for name, *labels in dict(counters(families)):
            assert small(life).isdisjoint(labels), name


@settings(deadline=None, max_examples=40)
@given(file=_FILES, steps=st.lists(_STEPS, max_size=14))
def test_counters_less_debt_and_what_is_carried_are_the_true_totals(
    file: tuple[tuple[str, str], ...], steps: list[tuple[str, object]]
) -> None:
    life = Life(file)
    for what, how in steps:
        life.step(what, how)
        families = life.look()
        runner = life.process.runner
        # Stored with this turn, for what goes on between two scrapes is not seen.
        runner.turn()
        true = business_families(runner.books, runner.directory, runner.model)
        named = runner.books.named
        merged = (named.merged or {}).keys()
        for name in SECONDS:
            shown = total(families, name) + sum(
                float(amount)
                for labels, (amount,) in named.carried.get(name, {}).items()
                if not merged.isdisjoint(labels)
            )
            assert shown == pytest.approx(total({f.name: f for f in true}, name))
        debts = total(families, DEBT)
        assert debts == pytest.approx(total({f.name: f for f in true}, DEBT))


def total(families: dict[str, Family], name: str) -> float:
    return sum((value for _, value in families.get(name, Family(name)).samples), 0.0)
