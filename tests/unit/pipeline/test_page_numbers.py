"""The page's numbers are those of the window gauges, with the verdicts of /metrics."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.snapshot import Bounds, Judgement, PageModel
from monitor.domain.working_time import DAY
from monitor.pipeline.showing.page_numbers import Freshness, page_model
from monitor.pipeline.showing.readings import reading_of
from tests.harness import scenarios
from tests.harness.driving import Drive, directory_of, facts_of
from tests.harness.plain_calendar import instant

FEATURE = {"team": "checkout", "work_class": "feature"}
FEW = """
version: 1
teams: [{id: checkout, headcount: 3}, {id: platform, kind: platform}]
"""


def events_of(*told: tuple[str, str, str, dict[str, str]]) -> list[dict[str, object]]:
    """Native events of tickets: what, which, when (UTC) and what is said of it."""
    return [
        {
            "schema": "friction.event.v1",
            "source": "tools.example",
            "id": f"{kind}-{entity}",
            "kind": f"ticket.{kind}",
            "entity": entity,
            "time": f"{time}:00Z",
            **more,
        }
        for kind, entity, time, more in told
    ]


def page_of(teams: str, events: list[dict[str, object]], now: str) -> PageModel:
    directory = directory_of(teams)
    drive = Drive(directory, instant(now), served=True)
    drive.take(facts_of(events, directory))
    fresh = Freshness(drive.now, {}, 0)
    reading = reading_of(drive.books)
    return page_model(reading, directory, DEFAULT_MODEL, fresh, {}, {})


def page(*gaps: str, owned: str = "") -> PageModel:
    """Scenario A, an hour after its last event; ``owned`` is a further team."""
    teams = scenarios.teams_yaml(scenarios.WORLD)
    directory = directory_of(teams + owned)
    drive = Drive(directory, instant("2026-03-04T18:00:00Z"), served=True)
    drive.take(facts_of(scenarios.A.events, directory))
    fresh = Freshness(drive.now, {"native": drive.now}, 0, gaps)
    reading, words = (
        reading_of(drive.books),
        {
            "checkout": Judgement("possible", (0.25, 2.0)),
            "platform": Judgement("no", (0.5, 0.75)),
        },
    )
    return page_model(reading, directory, DEFAULT_MODEL, fresh, words, {})


def test_teams_are_in_order_of_name_with_bounds_and_verdict() -> None:
    teams = page().teams
    assert [team.team for team in teams] == ["checkout", "platform", "search"]
    assert teams[2].verdict == "not yet known"
    checkout = teams[0]
    assert checkout.ratio is not None
    assert round(checkout.ratio.central, 6) == 0.484043
    assert round(checkout.ratio.upper, 6) == 1.680851
    assert checkout.feature_seconds == 28_200
    assert (checkout.verdict, checkout.limits) == ("possible", (0.25, 2.0))


def test_the_page_tells_by_which_model_its_numbers_are() -> None:
    assert page().cost_model == "1"
    model = replace(DEFAULT_MODEL, d0_ms=0)
    drive = Drive(directory_of(FEW), instant("2026-03-02T17:00:00Z"), model)
    fresh = Freshness(drive.now, {}, 0)
    reading = reading_of(drive.books)
    shown = page_model(reading, drive.directory, model, fresh, {}, {})
    assert shown.cost_model == model.version


def test_a_platform_team_is_not_compared() -> None:
    platform = page().teams[1]
    assert (platform.kind, platform.verdict) == ("platform", "not compared")
    assert platform.ratio is None
    assert platform.limits is None
    assert platform.share is None
    # 6.1: acute, of response and chronic, none of it weighed.
    assert platform.asked_seconds == 3_300 + 5_400 + 24_300
    assert platform.capacity_share == 0


def test_coordination_is_set_against_capacity_where_there_is_a_headcount() -> None:
    checkout = page().teams[0]
    assert checkout.capacity_share == 13_650 / 345_600
    assert checkout.asked_seconds == 0


def test_the_longest_waits_come_first_and_few_for_each_team() -> None:
    shown = page()
    lengths = [wait.seconds for wait in shown.top_waits]
    assert lengths == sorted(lengths, reverse=True)
    # 900 acute and 27,900 chronic for the review of search, the longest of 6.1
    assert (shown.top_waits[0].on_team, lengths[0]) == ("search", 28_800)
    assert all(len(team.waits) <= 3 for team in shown.teams)


def test_pairs_sum_their_waits_of_all_reasons() -> None:
    found = {(pair.team, pair.on_team): pair.seconds for pair in page().pairs}
    assert found == {
        ("checkout", "platform"): 18_000 + 600,
        ("checkout", "search"): 28_800,
        ("search", "platform"): 5_400 + 3_600 + 5_400,
    }


def test_who_is_asked_for_has_its_delay_its_cost_and_its_askers() -> None:
    search, platform = sorted(page().asked, key=lambda row: row.on_team, reverse=True)
    # A quarter of what is chronic costs.
    assert (platform.seconds, platform.teams) == (33_000, 2)
    assert platform.cost_seconds == 14_775
    assert (search.seconds, search.cost_seconds) == (28_800, 900 + 27_900 / 4)
    assert [row.on_team for row in page().asked] == ["platform", "search"]


def test_the_stretches_of_the_window_sum_to_it() -> None:
    shown = page()
    trend = shown.teams[0].trend
    assert [(step.end_ms - step.start_ms) / DAY for step in trend] == [14, 7, 4, 3]
    assert [step.end_ms for step in trend[:-1]] == [s.start_ms for s in trend[1:]]
    # All of scenario A happened in its last three days.
    assert [step.feature_seconds for step in trend] == [0, 0, 0, 28_200]
    assert trend[-1].coordination_seconds == Bounds(2_400, 13_650, 47_400)
    assert trend[-1].ratio == shown.teams[0].ratio
    assert trend[0].ratio is None
    assert trend[0].working_seconds == 0
    assert [step.known for step in trend] == [False, False, False, True]
    # 6.1: both stream teams together.
    assert shown.trend[-1].coordination_seconds.central == 22_650
    assert shown.trend[-1].feature_seconds == 48_000
    assert shown.trend[-1].ratio == shown.organisation_ratio
    assert [step.ratio for step in shown.teams[1].trend] == [None] * 4


def test_it_is_told_since_when_anything_is_known_of_the_window() -> None:
    """From the ticket's start at 09:00 on, until that is 28 days ago."""
    events = events_of(("started", "A-1", "2026-03-02T09:00", FEATURE))

    def told(now: str) -> int | None:
        return page_of(FEW, events, now).known_from_ms

    assert told("2026-03-02T17:00:00Z") == instant("2026-03-02T09:00:00Z")
    assert told("2026-03-30T08:59:59Z") == instant("2026-03-02T09:00:00Z")
    assert told("2026-03-30T09:00:00Z") is None
    assert page_of(FEW, [], "2026-03-02T17:00:00Z").known_from_ms is None


def test_gaps_and_freshness_are_shown() -> None:
    shown = page("service:x")
    assert shown.gaps == ("service:x",)
    assert shown.other_accounts == 0
    assert [source.source for source in shown.sources] == ["native"]
    assert shown.lag_records == 0


@pytest.mark.parametrize(
    ("line", "account"),
    [
        ("repo: Acme/shop", "acme"),
        ("repo: acme/*", "acme"),
        ("path: {repo: acme/mono, pattern: /x}", "acme"),
        ("group: '@acme/web'", "acme"),
        ("pipeline: acme/shop/ci/test", "acme"),
        ("repo: oct*/shop", ""),
        ("group: 'pagerduty:acme/x'", ""),
        ("service: acme/x", ""),
    ],
)
def test_repositories_of_accounts_that_no_line_names_are_counted_only(
    line: str, account: str
) -> None:
    """Whose they are may be a person."""
    owned = f"  - id: further\n    owns: [{{{line}}}]\n"
    shown = page("repo:acme/x", "repo:octocat/hello", "repo:plain", owned=owned)
    theirs = ("repo:acme/x",) if account else ()
    assert shown.gaps == (*theirs, "repo:plain")
    assert shown.other_accounts == 2 - len(theirs)


def test_an_account_with_a_group_is_no_persons() -> None:
    gaps = ("group:@acme/web", "repo:acme/x", "repo:octocat/hello")
    shown = page(*gaps)
    assert shown.gaps == gaps[:2]
    assert shown.other_accounts == 1


def test_the_share_of_work_without_a_class_is_of_its_active_time() -> None:
    """Two hours of a ticket that states no class, beside six that do."""
    events = events_of(
        ("started", "A-1", "2026-03-02T09:00", FEATURE),
        ("done", "A-1", "2026-03-02T15:00", {}),
        ("started", "A-2", "2026-03-02T09:00", {"team": "checkout"}),
        ("done", "A-2", "2026-03-02T11:00", {}),
    )
    teams = "version: 1\nteams: [{id: checkout}]\n"
    (row,) = page_of(teams, events, "2026-03-02T17:00:00Z").teams
    assert row.unclassified_share == 0.25


def crowded() -> PageModel:
    """Three people with 60 items at once, most of their time blocked.

    Each item: active for an hour on Monday and on Tuesday, 7,200 s; blocked for two
    times seven hours, 900 s acute and 49,500 s chronic. Of 172,800 s of capacity.
    """
    on = {"on_team": "platform"}
    events = events_of(
        *(
            one
            for n in range(60)
            for one in (
                ("started", f"A-{n}", "2026-03-02T09:00", FEATURE),
                ("blocked", f"A-{n}", "2026-03-02T10:00", on),
                ("unblocked", f"A-{n}", "2026-03-03T16:00", on),
                ("done", f"A-{n}", "2026-03-03T17:00", {}),
            )
        )
    )
    return page_of(FEW, events, "2026-03-03T17:00:00Z")


def test_person_hours_are_scaled_to_the_capacity_of_the_team() -> None:
    """O6: W = 60 x (900 + 49,500 / 4 + 7,200) = 1,228,500, s = K / W."""
    row = crowded().teams[0]
    scale = 172_800 / 1_228_500
    assert row.payroll_scale == pytest.approx(scale)
    lower, central, upper = row.coordination_seconds
    assert lower == pytest.approx(60 * 900 * scale)
    assert central == pytest.approx(796_500 * scale)
    assert upper == pytest.approx(60 * 50_400 * scale)
    assert row.feature_seconds == pytest.approx(432_000 * scale)
    assert central + row.feature_seconds == pytest.approx(172_800)
    assert row.measured_feature_seconds == 432_000
    # What is scaled cancels in the ratio, and both shares say one thing.
    assert row.ratio is not None
    assert row.ratio.central == 796_500 / 432_000
    assert row.capacity_share == pytest.approx(796_500 / 1_228_500)
    assert row.budget_burn == pytest.approx(796_500 / 1_228_500 / 0.20)


def test_waits_are_as_measured_and_what_they_cost_is_scaled() -> None:
    shown = crowded()
    (asked,) = shown.asked
    assert asked.cost_seconds == pytest.approx(796_500 * 172_800 / 1_228_500)
    whole = 60 * 50_400
    assert asked.seconds == shown.pairs[0].seconds == whole
    assert shown.top_waits[0].seconds == shown.teams[1].asked_seconds == whole


def test_a_stretch_is_scaled_to_what_the_team_had_in_it() -> None:
    """One person: an item three weeks ago, and two at once on the last day.

    In the window 86,400 s of 16 days fit; on the last day, a weekend before it,
    57,600 s are twice what there is.
    """
    days = (("A-1", "02"), ("A-2", "23"), ("A-3", "23"))
    events = events_of(
        *(
            one
            for item, day in days
            for one in (
                ("started", item, f"2026-03-{day}T09:00", FEATURE),
                ("done", item, f"2026-03-{day}T17:00", {}),
            )
        )
    )
    one = FEW.replace("headcount: 3", "headcount: 1")
    shown = page_of(one, events, "2026-03-23T17:00:00Z")
    row = shown.teams[0]
    assert (row.payroll_scale, row.feature_seconds) == (1, 86_400)
    for trend in (row.trend, shown.trend):
        assert [step.feature_seconds for step in trend] == [28_800, 0, 0, 28_800]
        assert [step.scaled for step in trend] == [False, False, False, True]


@pytest.mark.parametrize(
    ("items", "headcount", "little"),
    [
        # Ten items of an hour in a day of eight hours: 5 % of 25 people's 200 hours.
        (10, 25, False),
        (10, 26, True),
        # Here items are too few in any case.
        (9, 26, False),
    ],
)
def test_it_is_told_where_feature_work_alone_is_too_little_for_a_verdict(
    items: int, headcount: int, *, little: bool
) -> None:
    events = events_of(
        *(
            one
            for n in range(items)
            for one in (
                ("started", f"A-{n}", "2026-03-02T09:00", FEATURE),
                ("done", f"A-{n}", "2026-03-02T10:00", {}),
            )
        )
    )
    teams = FEW.replace("headcount: 3", f"headcount: {headcount}")
    row = page_of(teams, events, "2026-03-02T17:00:00Z").teams[0]
    assert (row.items, row.little_feature) == (items, little)


def test_without_a_headcount_hours_are_as_measured() -> None:
    silent = FEW.replace(", headcount: 3", "")
    events = events_of(
        ("started", "A-1", "2026-03-02T09:00", FEATURE),
        ("started", "A-2", "2026-03-02T09:00", FEATURE),
    )
    row = page_of(silent, events, "2026-03-02T17:00:00Z").teams[0]
    assert (row.payroll_scale, row.capacity_share) == (None, None)
    assert row.feature_seconds == 2 * 28_800
    assert not row.scaled
