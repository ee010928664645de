"""Every panel's every query on a real Prometheus that holds sixty stated days.

The teams are chosen as a reader would: one, several, All. The history and what the
rules would have recorded of it are stated in ``tests.harness.board_history``; the
values expected here are worked out by hand from there.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.harness import board_history
from tests.harness.board_answers import LABELS
from tests.harness.board_history import CHANGED, END, START
from tests.harness.board_panels import ALL, Target, read, targets
from tests.harness.board_rules import DAY
from tests.harness.prometheus_server import PrometheusServer

# One server for all of them.
pytestmark = pytest.mark.xdist_group("board_panels")

RANGE = 30 * DAY
CHOICES = {
    "one": ("search",),
    # One of them needs quoting in a pattern.
    "several": ("checkout", "domain:data.eu", "search"),
    "all": ALL,
}
TARGETS = {str(target): target for target in targets(read())}


@pytest.fixture(scope="module")
def prometheus(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[PrometheusServer]:
    server = PrometheusServer(tmp_path_factory.mktemp("boards"), "global: {}")
    board_history.write(server.data)
    with server:
        yield server


def asked(
    server: PrometheusServer, target: Target, teams: tuple[str, ...] | None
) -> list[dict[str, Any]]:
    """What the target answers over the board's month; refusals and warnings raise."""
    expr = target.expanded(teams, RANGE)
    if target.instant:
        return server.query(expr, END)
    return server.query_range(expr, END - RANGE, END, target.step(RANGE))


def test_every_query_is_expected_to_answer_with_something() -> None:
    assert LABELS.keys() == TARGETS.keys()


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("target", TARGETS.values(), ids=str)
def test_a_query_answers_with_the_labels_it_is_shown_by(
    prometheus: PrometheusServer, target: Target, choice: str
) -> None:
    answer = asked(prometheus, target, CHOICES[choice])

    assert answer
    assert {frozenset(series["metric"]) for series in answer} == {LABELS[str(target)]}
    points = [p for s in answer for p in s.get("values", [s.get("value")])]
    assert [point for point in points if point[1] in {"NaN", "+Inf", "-Inf"}] == []


def values(
    server: PrometheusServer,
    name: str,
    *labels: str,
    teams: tuple[str, ...] | None = ALL,
    at: int = END,
) -> dict[Any, float]:
    """The numbers of a target by these labels, by the value of one label alone."""
    expr = TARGETS[name].expanded(teams, RANGE)
    found = server.values(expr, *labels, at=at)
    return {key[0] if len(key) == 1 else key: value for key, value in found.items()}


def near(expected: dict[Any, float]) -> Any:
    return pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_the_organisation_is_sums_divided_whoever_is_chosen(
    prometheus: PrometheusServer,
) -> None:
    # Features of stream teams: 40+80+20+20+20+20+0 = 200 h. Coordination, h:
    # checkout, search, data, mobile, billing, legacy, ops.
    expected = {
        "101-A": (14 + 8 + 0 + 50 + 1 + 10 + 2) / 200,
        "101-B": (43 + 11.25 + 3 + 50 + 10.75 + 10 + 2) / 200,
        "101-C": (138 + 21 + 12 + 50 + 40 + 40 + 2) / 200,
    }

    for choice in CHOICES.values():
        told = {n: values(prometheus, n, teams=choice)[()] for n in expected}
        assert told == near(expected)


def test_every_verdict_is_given_to_the_team_it_fits(
    prometheus: PrometheusServer,
) -> None:
    assert values(prometheus, "104-A", "team") == {
        "mobile": 3,  # 50 h of incidents at any weight, 20 h of features
        "checkout": 2,  # 14 / 40, 43 / 40, 138 / 40
        "billing": 1,  # 1 / 20, 10.75 / 20, 40 / 20
        "search": 0,  # at most 21 / 80
        "legacy": -1,  # 30 of 40 h waited on unknown
        "ledger": -1,  # the monitor's verdict is withheld
        "domain:data.eu": -2,  # 3 items
        "ops": -3,  # no features
        "platform": -4,  # serves others
    }
    # Two of three chosen have words on R, one has too few items.
    several = CHOICES["several"]
    counted = [values(prometheus, f"102-{r}", teams=several)[()] for r in "ABCDEFGH"]
    assert counted == [0, 1, 0, 1, 0, 1, 0, 0]


def test_a_teams_row_holds_its_ratio_with_bounds_and_its_hours(
    prometheus: PrometheusServer,
) -> None:
    several = CHOICES["several"]
    rows = {
        ref: values(prometheus, f"104-{ref}", "team", teams=several)
        for ref in "BCDEFGHI"
    }

    assert {ref: row["checkout"] for ref, row in rows.items()} == near(
        {
            "B": 14 / 40,
            "C": 43 / 40,
            "D": 138 / 40,
            "E": 43 / 83,
            "F": 43 / (0.2 * 640),
            "G": 43,
            "H": 40,
            "I": 24,
        }
    )
    # Without a headcount there is no burn; that is no burn of zero.
    assert "domain:data.eu" not in rows["F"]
    assert rows["C"]["domain:data.eu"] == pytest.approx(3 / 20)


def test_teams_that_serve_others_have_hours_but_no_ratio(
    prometheus: PrometheusServer,
) -> None:
    assert values(prometheus, "104-G", "team")["platform"] == pytest.approx(1)
    for name in ("104-B", "104-C", "104-D", "104-E", "403-A"):
        assert "platform" not in values(prometheus, name, "team")


def test_person_hours_of_a_team_are_no_more_than_its_capacity(
    prometheus: PrometheusServer,
) -> None:
    # billing has 15.375 h, and 20 h of features beside 1 + 0.25 * 39 = 10.75 h of
    # coordination: half of each is shown. R is that of the whole: 10.75 / 20.
    shown = [values(prometheus, f"104-{ref}", "team")["billing"] for ref in "CFGH"]
    assert shown == pytest.approx([10.75 / 20, 5.375 / (0.2 * 15.375), 5.375, 10])

    blocked = ("billing", "platform", "ticket_blocked")
    labels = ("team", "on_team", "component")
    assert values(prometheus, "201-B", *labels)[blocked] == pytest.approx(5.375)
    assert values(prometheus, "202-A", "id")["billing/platform"] == pytest.approx(5.375)
    # Delay is what was measured.
    assert values(prometheus, "201-A", *labels)[blocked] == pytest.approx(40)
    # A quarter of the month in the week, of capacity as of hours.
    weekly = values(prometheus, "203-A", "component", teams=("billing",))
    assert weekly == near({"ticket_blocked": 5.375 / 4})


def test_waits_are_shown_by_pair_and_cause(prometheus: PrometheusServer) -> None:
    labels = ("team", "on_team", "component")
    delay = values(prometheus, "201-A", *labels)
    cost = values(prometheus, "201-B", *labels)

    blocked = ("checkout", "platform", "ticket_blocked")
    assert (delay[blocked], cost[blocked]) == pytest.approx((110, 10 + 25))
    # Nobody owns it: delay, but no central cost. Not waited for now: no row.
    unowned = ("checkout", "unknown", "ticket_blocked")
    assert delay[unowned] == pytest.approx(8)
    assert unowned not in cost
    assert ("mobile", "search", "review_wait") not in delay
    edges = values(prometheus, "202-A", "id")
    assert edges["checkout/platform"] == pytest.approx(35)
    assert edges["search/platform"] == pytest.approx(2 + 2 + 6)


def test_who_is_asked_for_most_is_in_the_order_of_cost(
    prometheus: PrometheusServer,
) -> None:
    answer = asked(prometheus, TARGETS["301-A"], ALL)
    shown = [(s["metric"]["on_team"], float(s["value"][1])) for s in answer]

    # 35 checkout, 10 search, 3 data, 50 mobile, 10.75 / 2 billing, 10 legacy, 2 ops.
    assert [name for name, _ in shown] == ["platform", "search", "checkout"]
    assert [hours for _, hours in shown] == pytest.approx([115.375, 8 + 1, 1.25])
    # Over one hour: all seven; of search only checkout, not platform with 1 h.
    asking = values(prometheus, "302-A", "on_team")
    assert asking == {"platform": 7, "search": 1, "checkout": 1}
    part = values(prometheus, "302-C", "on_team")
    assert part["platform"] == pytest.approx(115.375 / 125.625)
    assert values(prometheus, "302-B", "on_team") == near(dict(shown))


def test_what_changed_is_told_by_pair(prometheus: PrometheusServer) -> None:
    now, before, change = (
        values(prometheus, f"401-{r}", "team", "on_team") for r in "ABC"
    )

    def row(*pair: str) -> list[float | None]:
        return [column.get(pair) for column in (now, before, change)]

    assert row("checkout", "platform") == pytest.approx([35, 25, 10])
    # Neither pair waited before, but both teams were measured.
    assert row("billing", "platform") == pytest.approx([5.375, 0, 5.375])
    assert row("search", "checkout") == pytest.approx([1.25, 0, 1.25])
    # It waits no more.
    assert row("mobile", "search") == pytest.approx([0, 3, -3])
    # It was not measured four weeks ago, so nothing is said of then.
    assert row("legacy", "platform") == [pytest.approx(10), None, None]


def test_nothing_is_compared_with_a_month_of_which_part_is_known(
    prometheus: PrometheusServer,
) -> None:
    # Four weeks before this moment 22 and a half days of the window were known.
    at = START + 50 * DAY
    assert values(prometheus, "401-A", "team", "on_team", at=at)
    assert values(prometheus, "403-A", "team", at=at)
    for panel in ("401-B", "401-C", "403-B", "403-C"):
        assert values(prometheus, panel, "team", "on_team", at=at) == {}, panel


def test_only_a_pair_that_never_waited_before_is_new(
    prometheus: PrometheusServer,
) -> None:
    fresh = values(prometheus, "402-A", "team", "on_team")

    assert fresh == near({("search", "checkout"): 5})


def test_ratios_are_compared_with_four_weeks_ago(prometheus: PrometheusServer) -> None:
    change = values(prometheus, "403-C", "team")

    assert change["checkout"] == pytest.approx(43 / 40 - 33 / 60)
    assert "legacy" not in change


def test_what_cannot_be_trusted_is_counted(prometheus: PrometheusServer) -> None:
    # Of 8 + 30 h on unknown among 324 h of waiting; of 6 h unclassified in 220 h.
    assert values(prometheus, "503-A")[()] == pytest.approx(38 / 324)
    assert values(prometheus, "504-A")[()] == pytest.approx(6 / 220)
    # Nobody is unknown to search: that is 0, because it does wait.
    assert values(prometheus, "503-A", teams=("search",))[()] == 0
    assert values(prometheus, "501-A")[()] == 5
    assert values(prometheus, "502-A")[()] == 7 + 5
    # Two an hour for thirty days.
    assert values(prometheus, "505-A")[()] == pytest.approx(2 * 24 * 30)


def test_numbers_get_older_while_none_are_served(prometheus: PrometheusServer) -> None:
    """While the monitor catches up it shows none, and no instant they are true for."""
    two_hours = 7_200
    assert values(prometheus, "501-A", at=END + two_hours)[()] == 5 + two_hours


def test_a_team_nobody_measured_shows_nothing_and_not_zero(
    prometheus: PrometheusServer,
) -> None:
    chosen = [t for t in TARGETS.values() if "$team" in t.expr]

    told = [str(t) for t in chosen if asked(prometheus, t, ("nobody",))]

    assert len(chosen) > 30
    assert told == []


def test_the_teams_to_choose_from_are_those_measured(
    prometheus: PrometheusServer,
) -> None:
    (variable,) = (v for v in read()["templating"]["list"] if v["name"] == "team")
    assert variable["query"]["query"] == "label_values(friction_team_info, team)"

    span = {"match[]": "friction_team_info", "start": END - RANGE, "end": END}
    names = prometheus.get("/api/v1/label/team/values?" + urlencode(span))

    assert names == sorted(team.name for team in board_history.TEAMS)


def test_a_teams_delivery_is_its_own_and_by_cause(
    prometheus: PrometheusServer,
) -> None:
    rows = {ref: values(prometheus, f"601-{ref}", "team") for ref in "ABCDEFGHIJK"}
    assert {ref: row["checkout"] for ref, row in rows.items()} == near(
        {
            "A": 14 / 28,
            "B": 6 / 20,
            "C": 2 / 20,
            "D": 4 / 20,
            "E": 2.5 * 3_600,
            "F": 3.7 * 3_600,
            "G": 2.5 * 3_600,
            "H": 6 + 2,
            "I": 1.5 * DAY,
            "J": 0.25,
            "K": 5,
        }
    )
    # A team that never failed has no recovery, and that is not one of no time.
    assert "ops" not in rows["G"]
    assert rows["B"]["ops"] == 0
    # Nothing succeeded: none a day, as `friction evaluate` says.
    assert rows["A"]["mobile"] == 0


def test_of_less_than_a_day_there_are_no_deploys_a_day(
    prometheus: PrometheusServer,
) -> None:
    # Half a day is known at the start, and 20 days after 19 and a half.
    assert values(prometheus, "601-A", "team", at=START) == {}
    assert values(prometheus, "601-B", "team", at=START)["ops"] == 0
    later = values(prometheus, "601-A", "team", at=START + 19 * DAY + DAY // 2)
    assert later["checkout"] == pytest.approx(14 / 20)


def test_failures_and_lead_times_of_several_teams_are_of_their_sums(
    prometheus: PrometheusServer,
) -> None:
    several = CHOICES["several"]
    found = [values(prometheus, f"602-{ref}", teams=several)[()] for ref in "AB"]
    assert found == [pytest.approx(7 / 48), pytest.approx(3 / 48)]
    # Ten changes within one to four hours, ten within one to two days.
    spans = [values(prometheus, f"603-{ref}", teams=several)[()] for ref in "AB"]
    assert spans == [pytest.approx(4 * 3_600), pytest.approx(1.8 * DAY)]


def test_a_queue_of_which_nothing_is_closed_is_the_one_that_grows(
    prometheus: PrometheusServer,
) -> None:
    # 12 / 10 and 3 / 2; of 5, and of 1, none was closed, which counts as half a one:
    # above 1.1 (section 4) however few were opened.
    expected = {"platform": 1.2, "search": 1.5, "billing": 10, "ops": 2}
    assert values(prometheus, "604-A", "team") == near(expected)


def test_a_signal_is_told_with_the_threshold_it_is_judged_by(
    prometheus: PrometheusServer,
) -> None:
    state, ratio, side, threshold = (
        values(prometheus, f"703-{ref}", "signal") for ref in "ABCD"
    )

    assert state == {
        "different_ways": 1,
        "slow_tooling": 1,
        "hard_interfaces": 0,
        "leaders_decide": -1,
        "platform_postponed": 1,
        "upkeep_neglected": 0,
        "systemic_findings": 0,
    }
    # What is not known has no ratio, and that is not one of zero.
    assert ratio == near(
        {
            "different_ways": 0.62,
            "slow_tooling": 0.39,
            "hard_interfaces": 2,
            "upkeep_neglected": 0.25,
            "systemic_findings": 0,
        }
    )
    # Section 3 of the indicators' specification, row by row.
    assert threshold == {
        "different_ways": 0.5,
        "slow_tooling": 0.5,
        "hard_interfaces": 2,
        "leaders_decide": 0.5,
        "platform_postponed": 1.5,
        "upkeep_neglected": 0.15,
        "systemic_findings": 0.3,
    }
    assert [name for name, at_least in side.items() if not at_least] == [
        "upkeep_neglected"
    ]


def test_a_signals_line_changes_when_the_signal_does(
    prometheus: PrometheusServer,
) -> None:
    lines = {
        series["metric"]["signal"]: series["values"]
        for series in asked(prometheus, TARGETS["701-A"], ALL)
    }

    def changes(name: str) -> list[tuple[int, str]]:
        told = [(int(at), code) for at, code in lines[name]]
        before = [("", ""), *lines[name]]
        pairs = zip(told, before, strict=False)
        return [point for point, (_, last) in pairs if point[1] != last]

    begin = END - RANGE
    assert changes("different_ways") == [(begin, "0"), (CHANGED, "1")]
    assert changes("slow_tooling") == [(begin, "1")]
    # Nobody knew its ratio, and then it was on by another condition.
    assert changes("platform_postponed") == [(begin, "-1"), (CHANGED, "1")]
    assert changes("upkeep_neglected") == [(begin, "1"), (CHANGED, "0")]


def test_platform_pms_are_a_range_beside_how_many_there_are(
    prometheus: PrometheusServer,
) -> None:
    now, before = (
        [values(prometheus, f"702-{ref}", at=at)[()] for ref in "ABC"]
        for at in (END, CHANGED - DAY)
    )

    # One for each of four domains is more than one for six of fourteen teams.
    assert now == [1, 2, 4]
    # Nobody said how many there were; one for six of eight teams is more than one
    # for their one domain.
    assert before == [-1, 1, 2]
