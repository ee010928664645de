"""Signal 1: on, off again, and off where the difference is declared."""

from __future__ import annotations

from fractions import Fraction

import pytest

from monitor.domain.marks import Sort
from monitor.domain.named_by_branch import hidden_last, hidden_pipeline
from monitor.domain.signal_rules import Signal, SignalRules, Way
from monitor.domain.working_time import DAY
from tests.unit.indicators.signals.story import STREAMS, Story, exempt, instant

SIGNAL = Signal.DIFFERENT_WAYS


def built(story: Story, team: str, day: int, way: str) -> None:
    """A run, and how it was built."""
    key = story.worked(team, day, "09:00", "11:00")
    story.tell("run.queued", day, "09:30", f"run-{key}", item=key, labels=[way])


def migration(**more: object) -> Story:
    """Each team builds its own way on day 0, and all one way from day 30 on."""
    story = Story(**more)  # type: ignore[arg-type]
    for team in STREAMS:
        built(story, team, 0, f"uses:ci/{team}-scripts")
        for day in (30, 91):
            built(story, team, day, "uses:ci/shared")
    return story


def test_it_turns_on_after_two_weeks_and_off_when_the_last_way_is_old() -> None:
    """Four ways in four teams are D = 1; day 0 leaves the 90 days with day 90."""
    story = migration()
    assert story.reading(SIGNAL, 0).ratio == 1
    # Half of each team on its own way: 4 x (1/8)^2 + (1/2)^2 = 5/16.
    assert story.reading(SIGNAL, 30).ratio == (Fraction(16, 5) - 1) / 3
    assert story.reading(SIGNAL, 90).ratio == 0
    assert story.on_days(SIGNAL, 110) == list(range(13, 103))
    found = story.standing(SIGNAL, 40)
    assert found.since == instant(14)
    (evidence,) = found.reading.evidence
    assert evidence.what.startswith("ci: basket-scripts, ")
    assert evidence.teams == STREAMS


def test_a_migration_half_done_is_no_sign_until_its_end_date() -> None:
    story = migration(exemptions=(exempt(SIGNAL, 0, 60, subject="ci"),))
    assert story.reading(SIGNAL, 60).ratio is None
    assert story.reading(SIGNAL, 61).ratio is not None
    assert story.on_days(SIGNAL, 110) == list(range(74, 103))


def test_a_team_that_has_to_differ_is_left_out() -> None:
    story = migration(exemptions=(exempt(SIGNAL, 0, 900, team="search"),))
    evidence = story.reading(SIGNAL, 0).evidence[0]
    assert evidence.teams == ("basket", "checkout", "payments")


def test_platform_teams_are_not_compared() -> None:
    story = migration()
    key = story.worked("plt", 0, "09:00", "11:00")
    said = {"item": key, "labels": ["uses:ci/platform-scripts"]}
    story.tell("run.queued", 0, "09:30", "own-run", **said)
    assert story.reading(SIGNAL, 0).evidence[0].teams == STREAMS


def test_the_last_use_counts_until_its_own_instant_is_out_of_the_window() -> None:
    """Of day 90 the 90 days begin with day 1, whose first instant was the last use."""
    story = Story()
    for number, team in enumerate(STREAMS[:3]):
        for day in (0, 1):
            labels = [f"uses:ci/{number}"]
            story.tell(
                "ticket.updated", day, "00:00", f"{team.upper()}-1", labels=labels
            )
    ratios = [story.reading(SIGNAL, day).ratio for day in (90, 91)]
    assert ratios == [1, None]


def test_a_single_use_just_before_the_window_is_not_in_it() -> None:
    story = Story()
    for number, team in enumerate(STREAMS[:3]):
        key = f"{team.upper()}-1"
        story.tell(
            "ticket.created", 1 - 1 / DAY, "00:00", key, labels=[f"uses:ci/{number}"]
        )
    assert story.reading(SIGNAL, 90).ratio is None


def test_two_teams_are_no_capability_to_compare() -> None:
    story = Story()
    for team in ("basket", "search"):
        built(story, team, 0, f"uses:ci/{team}")
    assert story.reading(SIGNAL, 0).ratio is None
    assert not story.standing(SIGNAL, 60).active


def test_pipelines_tell_the_way_where_patterns_are_configured() -> None:
    ways = (
        Way("ci", "acme/*/template-*", "template"),
        Way("ci", "acme/*", "own"),
        Way("scan", "*/scan", "scanner"),
    )
    story = Story(ways=ways)
    for team, pipeline in (
        ("basket", "acme/a/template-x"),
        ("checkout", "acme/b/Template-y"),
        ("search", "acme/c/build"),
    ):
        key = story.worked(team, 0, "09:00", "11:00")
        story.tell("run.queued", 0, "09:30", f"r-{key}", item=key, pipeline=pipeline)
    # 1 / (4/9 + 1/9) = 9/5 of three teams.
    assert story.reading(SIGNAL, 0).ratio == Fraction(2, 5)


def test_a_pipeline_whose_last_part_is_hidden_tells_its_way() -> None:
    """Facts have a word of it where it may be a branch's; patterns have the name."""
    rules = SignalRules(ways=(Way("ci", "Ti* \u00bb Till-Build", "template"),))
    named = "Till \u00bb Till-Build"
    hidden = hidden_last(named)

    assert hidden != named
    assert rules.ways_of(named) == rules.ways_of(hidden) == (("ci", "template"),)
    assert rules.ways_of(hidden_last(f"{named}-2")) == ()


def test_a_way_is_told_wherever_in_the_name_a_branch_is_hidden() -> None:
    rules = SignalRules(ways=(Way("ci", "acme/*/Template-*", "template"),))
    hidden = hidden_pipeline("acme/shop/template-x/run", "template", "acme/shop")

    assert "template" not in hidden
    assert rules.ways_of(hidden) == (("ci", "template"),)


def asked_for(story: Story, component: str, teams: tuple[str, ...]) -> None:
    for team in teams:
        labels = ["platform", f"area/{component}"]
        key = story.ticket("plt")
        story.tell("ticket.created", 0, "09:00", key, by_team=team, labels=labels)


def test_three_components_that_three_teams_ask_for_turn_it_on() -> None:
    story = Story()
    for component in ("cache", "queue", "search"):
        asked_for(story, component, ("basket", "checkout", "search"))
    asked_for(story, "alone", ("basket", "basket", "search"))
    reading = story.reading(SIGNAL, 0)
    assert reading.ratio is None
    assert [(one.what, one.number) for one in reading.evidence] == [
        ("component cache", 3),
        ("component queue", 3),
        ("component search", 3),
    ]
    assert story.on_days(SIGNAL, 110) == list(range(13, 103))


def test_two_such_components_do_not() -> None:
    story = Story()
    for component in ("cache", "queue"):
        asked_for(story, component, STREAMS)
    assert story.reading(SIGNAL, 0).parts[1].value == 2
    assert story.on_days(SIGNAL, 40) == []


def test_a_capability_without_a_way_says_nothing() -> None:
    story = Story()
    built(story, "basket", 0, "uses:ci")
    assert Sort.USE not in {mark.sort for mark in story.marks()}


@pytest.mark.parametrize(
    ("kind", "said", "tells"),
    [
        ("ticket.created", {}, True),
        ("change.opened", {}, True),
        ("deploy.finished", {"outcome": "success"}, True),
        ("run.finished", {"outcome": "success"}, False),
        ("incident.opened", {}, False),
        ("freeze.started", {"on_team": "basket"}, False),
        ("finding.opened", {"class": "CWE-79"}, False),
    ],
)
def test_ways_are_told_of_what_a_team_works_on(
    kind: str, said: dict[str, str], *, tells: bool
) -> None:
    story = Story()
    story.tell(kind, 0, "09:00", "a-1", team="basket", labels=["uses:ci/own"], **said)
    used = [mark.team for mark in story.marks() if mark.sort is Sort.USE]
    assert used == ["basket"] * tells


def test_an_item_of_which_only_a_run_is_known_says_how_it_was_built() -> None:
    story = Story()
    said = {"item": "SEARCH-9", "labels": ["uses:ci/shared"]}
    story.tell("run.queued", 0, "09:00", "r", **said)
    (mark,) = story.marks()
    assert (mark.team, mark.word, mark.detail) == ("search", "ci", "shared")
