"""Limits and verdicts of the live process are those of `evaluate` at their instant."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.adapters.prometheus.limits import LIMIT, VERDICT, Limits, judgements_of
from monitor.adapters.prometheus.naming import merged_names
from monitor.domain.packed import unpack_timelines
from monitor.domain.snapshot import Sample
from monitor.domain.working_time import DAY
from monitor.indicators.totals.report import numbers_at, report
from monitor.pipeline.ports import StateUnavailable
from monitor.pipeline.showing.readings import Reader
from monitor.pipeline.showing.refreshing import Refresher
from tests.harness.histories import disorders, histories
from tests.harness.plain_calendar import instant
from tests.harness.scenarios import teams_yaml
from tests.unit.pipeline.running import HOUR, MONDAY, HandClock, Process, event

TEAMS = """
version: 1
organisation: {name: Acme}
teams:
  - {id: checkout, headcount: 4}
  - {id: search, calendar: {zone: America/New_York}}
  - {id: platform, kind: platform, headcount: 5}
"""
SMALL = """
version: 1
organisation: {name: Acme}
teams:
  - {id: tiny, headcount: 2, domain: shop}
  - {id: small, headcount: 1, domain: shop}
  - {id: platform, kind: platform, headcount: 5}
"""
Shown = Mapping[tuple[str, ...], float]


@dataclass
class Live:
    """A process that refreshes when it is told to; `evaluate` merges no teams."""

    process: Process
    merges: bool = True
    limits: Limits = field(init=False)
    refresher: Refresher = field(init=False)

    def __post_init__(self) -> None:
        runner = self.process.runner
        directory = runner.directory

        def names() -> tuple[Iterable[str], dict[str, str]]:
            now = runner.clock.now_ms()
            merged = merged_names(directory.teams.values(), now) if self.merges else {}
            return directory.teams, merged

        self.limits = Limits(directory, runner.model, names)  # type: ignore[arg-type]
        self.refresher = Refresher(runner, Reader(), [self.limits], 30, lambda _: False)

    def at(self, hours: float, *events: Mapping[str, Any]) -> None:
        """So many hours after Monday these are told, and all is refreshed."""
        self.process.clock.ms = MONDAY + round(hours * HOUR) + 300_000
        self.tell(*events)

    def tell(self, *events: Mapping[str, Any]) -> None:
        """These are told now, and all is refreshed."""
        self.process.send(*events)
        self.process.runner.turn()
        self.refresher.step()

    def shown(self, name: str) -> Shown:
        made = self.refresher.latest()
        assert made is not None
        samples: Iterable[Sample] = made.family(name).samples
        return dict(samples)

    def words(self) -> dict[str, str]:
        judged = judgements_of(self.refresher.latest())
        return {team: one.word for team, one in judged.items()}

    def evaluated(self, window: int = 28 * DAY) -> dict[str, Any]:
        """What `friction evaluate` says of the stored timelines at that instant."""
        made, runner = self.refresher.latest(), self.process.runner
        assert made is not None
        timelines = [
            one
            for _, packed in self.process.state.scan("timelines")
            for one in unpack_timelines(packed)
        ]
        at, directory, model = made.instant, runner.directory, runner.model
        numbers = numbers_at(timelines, directory, model, at, window)
        found: dict[str, Any] = report(numbers, directory, model, {})["teams"]  # type: ignore[assignment]
        return found


def live(teams: str = TEAMS, clock: HandClock | None = None) -> Live:
    process = Process(teams=teams, clock=clock or HandClock())
    process.caught_up()
    return Live(process)


def expected_word(month: Mapping[str, Any], week: Mapping[str, Any] | None) -> str:
    """`evaluate` has one window: `indicated` in 28 days alone is `possible` in both.

    A team that is not in the file has no row for a week in which nothing was its.
    """
    central = week["ratio"]["central"] if week is not None else None
    if month["verdict"] == "indicated" and not (central and central > 1):
        return "possible"
    return str(month["verdict"])


def assert_as_evaluated(now: Live) -> None:
    month, week = now.evaluated(), now.evaluated(7 * DAY)
    limits = now.shown(LIMIT)
    expected = {
        ("28d", team, limit): value
        for team, row in month.items()
        for limit, value in (row["interval"] or {}).items()
    }
    assert limits == pytest.approx(expected, rel=1e-12)
    # Of who only delivered there is none.
    judged = {team: row for team, row in month.items() if row["verdict"] is not None}
    words = {team: expected_word(row, week.get(team)) for team, row in judged.items()}
    assert now.words() == words


def work(name: str, hour: float, team: str, waits: float) -> list[dict[str, Any]]:
    """Two hours of feature work, and a wait of so many hours between."""
    on = {"on_team": "platform"}
    return [
        event("ticket.started", hour, name, team=team, work_class="feature"),
        event("ticket.blocked", hour + 1, name, **on),
        event("ticket.unblocked", hour + 1 + waits, name, **on),
        event("ticket.done", hour + 2 + waits, name),
    ]


def month_of(team: str, days: Iterable[int], hour: int = 0) -> list[dict[str, Any]]:
    """Every working day an item; the later, the longer it waits."""
    return [
        one
        for day in days
        if day % 7 < 5
        for one in work(f"{team}-{day}", day * 24 + hour, team, day % 6)
    ]


def test_limits_and_words_are_those_of_evaluate_as_time_passes() -> None:
    now = live()
    now.at(26 * 24, *month_of("checkout", range(27)), *month_of("search", range(9), 6))
    assert_as_evaluated(now)
    assert now.shown(LIMIT).keys() == {
        ("28d", team, limit)
        for team in ("checkout", "search")
        for limit in ("lower", "upper")
    }
    for hours in (1, 7, 24, 30, 24 * 5, 24 * 9, 24 * 29):
        now.at(26 * 24 + hours)
        assert_as_evaluated(now)
    assert now.shown(LIMIT) == {}


def test_what_is_told_late_is_in_the_next_refresh() -> None:
    now = live()
    now.at(20 * 24, *month_of("checkout", range(20)))
    before = now.shown(LIMIT)
    late = event("ticket.unblocked", 3 * 24 + 1.5, "checkout-3", on_team="platform")
    now.at(20 * 24 + 0.1, late)
    assert_as_evaluated(now)
    assert now.shown(LIMIT) != before
    now.at(20 * 24 + 0.2, event("ticket.cancelled", 0.5, "checkout-0"))
    assert_as_evaluated(now)
    # An item that comes to belong to another team leaves the one and joins the other.
    now.at(20 * 24 + 0.3, event("ticket.created", 0, "checkout-7", team="search"))
    assert_as_evaluated(now)


def test_an_item_may_be_touched_as_it_meets_an_edge() -> None:
    """Between two refreshes the wait becomes chronic, and is told to have ended."""
    now = live()
    begun = [
        one
        for name in ("A-1", "A-2")
        for one in (
            event("ticket.started", 5, name, team="checkout", work_class="feature"),
            event("ticket.blocked", 6, name, on_team="platform"),
        )
    ]
    now.at(6.1, *begun)
    assert_as_evaluated(now)
    now.at(6.5, event("ticket.unblocked", 6.4, "A-2", on_team="platform"))
    assert now.shown(LIMIT)
    assert_as_evaluated(now)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_any_history_in_any_order_is_judged_as_evaluate_does(
    data: st.DataObject,
) -> None:
    """Told in parts, with time going on between them, up to weeks after the last."""
    history = data.draw(histories(most=6))
    told = data.draw(disorders(history.events))
    first = min(instant(str(body["time"])) for body in told)
    last = instant(history.instants[-1]) + 300_000
    moments = st.lists(st.integers(first, last), min_size=3, max_size=3)
    clock = HandClock(first)
    now = live(teams_yaml(history.world), clock)
    now.merges = False
    for part, ms in enumerate([*sorted(data.draw(moments)), last]):
        clock.ms = ms
        now.tell(*told[part::3] if part < 3 else ())
        assert_as_evaluated(now)


def test_waiting_on_nobody_knows_whom_withholds_the_word() -> None:
    now = live()
    unnamed = [
        one
        for day in range(10)
        for one in (
            event("ticket.blocked", day * 24 + 1.1, f"checkout-{day}"),
            event("ticket.unblocked", day * 24 + 1.2, f"checkout-{day}"),
        )
    ]
    now.at(20 * 24, *month_of("checkout", range(20)), *unnamed)
    assert now.words()["checkout"] != "withheld"
    late = [event("ticket.blocked", day * 24 + 7.5, "open") for day in range(1)]
    started = event("ticket.started", 1, "open", team="checkout", work_class="feature")
    now.at(20 * 24, started, *late)
    assert_as_evaluated(now)
    assert now.words()["checkout"] == "withheld"


def test_a_start_reads_what_is_stored() -> None:
    now = live()
    now.at(20 * 24, *month_of("checkout", range(20)))
    shown = now.shown(LIMIT), now.words()
    now.process.start()
    now.process.caught_up()
    again = Live(now.process)
    again.refresher.step()
    assert (again.shown(LIMIT), again.words()) == shown


def test_after_a_failure_everything_is_read_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = live()
    now.at(20 * 24, *month_of("checkout", range(20)))

    def away(*_: object) -> None:
        raise StateUnavailable("the disk is away")

    with monkeypatch.context() as patched:
        patched.setattr("monitor.adapters.prometheus.limits.read_changed", away)
        now.at(20 * 24 + 1, *work("late", 25, "checkout", 5))
    now.at(20 * 24 + 2)
    assert_as_evaluated(now)


def test_exactly_one_word_of_the_seven_is_1() -> None:
    now = live()
    now.at(26 * 24, *month_of("checkout", range(27)))
    shown = now.shown(VERDICT)
    assert len(shown) == 7 * 3
    assert [team for (team, _), value in shown.items() if value] == list(now.words())
    assert now.words()["platform"] == "no feature work"


def test_few_teams_are_judged_by_what_they_have_together() -> None:
    """An item of two members is one; limits follow from the sums of the item."""
    now = live(SMALL)
    handed = [
        event("ticket.started", 0, "H-1", team="tiny", work_class="feature"),
        event("ticket.started", 2, "H-1", team="small"),
        event("ticket.done", 4, "H-1"),
    ]
    waited = work("W-1", 24, "tiny", 3)
    now.at(30, *handed, *waited)
    assert set(now.words()) == {"domain:shop", "platform"}
    # H-1: 2 h until it was another team's request. W-1: 2 h, and 3 h waited, of which
    # 900 s are acute.
    by_item = [(0.0, 7_200.0), (900 + (3 * 3_600 - 900) / 4, 7_200.0)]
    cost, feature = (sum(column) for column in zip(*by_item, strict=True))
    ratio = cost / feature
    squares = sum((c - ratio * f) ** 2 for c, f in by_item)
    spread = math.exp(1.96 * math.sqrt(2 * squares) / feature / ratio)
    assert now.shown(LIMIT) == {
        ("28d", "domain:shop", "lower"): pytest.approx(ratio / spread),
        ("28d", "domain:shop", "upper"): pytest.approx(ratio * spread),
    }


def test_a_domain_needs_feature_work_of_its_members_capacity() -> None:
    """Ten items of 20 minutes: 12,000 s. Three people in 28 days: 20 x 28,800 x 3."""
    now = live(SMALL)
    short = [
        one
        for day in range(14)
        if day % 7 < 5
        for one in (
            event("ticket.started", day * 24, f"S-{day}", team="tiny"),
            event("ticket.done", day * 24 + 1 / 3, f"S-{day}"),
        )
    ]
    now.at(8, event("ticket.started", 0, "P-1", team="platform"))
    now.at(27.9 * 24, *short)
    assert now.words()["domain:shop"] == "too few items"
    people = SMALL.replace("headcount: 2", "headcount: 0.1")
    few = live(people.replace("headcount: 1", "headcount: 0.1"))
    few.at(8, event("ticket.started", 0, "P-1", team="platform"))
    few.at(27.9 * 24, *short)
    assert few.words()["domain:shop"] == "no"


@pytest.mark.parametrize(
    ("kind", "word"), [("stream", "no"), ("subsystem", "withheld")]
)
def test_work_without_a_class_withholds_the_verdict_where_it_is_no_feature(
    kind: str, word: str
) -> None:
    """3 items of 2 h of features, 8 of 2 h without a class: 16 of 22 h, 73 %.

    It counts as feature of stream teams only (1.2). Without the word, R of three
    items that waited an hour each, 900 + 2,700 / 4 s on 7,200, would be a `no`.
    """
    teams = f"version: 1\nteams: [{{id: sub, kind: {kind}}}, {{id: platform}}]\n"
    now = live(teams)
    untold = [
        one
        for number in range(8)
        for one in (
            event("ticket.started", number / 2, f"U-{number}", team="sub"),
            event("ticket.done", number / 2 + 2, f"U-{number}"),
        )
    ]
    now.at(30, *untold, *(one for n in range(3) for one in work(f"F-{n}", n, "sub", 1)))
    row = now.evaluated()["sub"]
    assert (row["items"], row["unclassified_seconds"]) == (11, 8 * 7_200)
    assert now.words()["sub"] == row["verdict"] == word


def test_a_team_that_is_merged_from_a_day_on_is_read_anew() -> None:
    teams = SMALL.replace(
        "headcount: 2",
        "headcount: [{from: 2026-01-01, value: 4}, {from: 2026-03-20, value: 2}]",
    )
    now = live(teams)
    now.at(15 * 24, *month_of("tiny", range(14)))
    assert "tiny" in now.words()
    limits = {key[2]: value for key, value in now.shown(LIMIT).items()}
    assert {key[1] for key in now.shown(LIMIT)} == {"tiny"}
    now.at(19 * 24)
    assert "tiny" not in now.words()
    assert now.shown(LIMIT) == {
        ("28d", "domain:shop", limit): value for limit, value in limits.items()
    }


@pytest.mark.parametrize(
    ("in_the_last_week", "word"), [(True, "indicated"), (False, "possible")]
)
def test_indicated_needs_the_last_week_too(
    *, in_the_last_week: bool, word: str
) -> None:
    """Two items of ten waited for nine days: R is 1.8, its limits around 1."""
    now = live("version: 1\nteams: [{id: a}, {id: platform}]\n")
    short = [one for day in range(4) for one in work(f"S-{day}", day * 24, "a", 0)]
    short += [one for day in range(4) for one in work(f"T-{day}", day * 24, "a", 0)]
    long = [one for name in ("L-1", "L-2") for one in work(name, 0, "a", 24 * 10 + 23)]
    last = work("LAST", 15 * 24, "a", 3 * 24 if in_the_last_week else 0)
    now.at(20 * 24, *short, *long, *last)
    assert_as_evaluated(now)
    assert now.words()["a"] == word


def test_nothing_is_known_before_the_first_refresh() -> None:
    assert judgements_of(None) == {}
