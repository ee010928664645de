"""Design 6 and 11.5: the document of an evaluation, its keys always there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.timeline import Timeline
from monitor.domain.working_time import DAY
from monitor.indicators.totals.report import numbers_at, report, rfc3339
from tests.harness.reference_data import REPOSITORY
from tests.unit.indicators.history import DIRECTORY, Case, at, done, fact, started

HISTORY = (
    started(),
    fact("ticket.blocked", "Mon 10:00", "CHK-1", on_team="platform"),
    fact("ticket.unblocked", "Mon 11:00", "CHK-1"),
    fact("ticket.assigned", "Mon 12:00", "CHK-1", to_team="search"),
    fact("ticket.assigned", "Mon 12:00", "CHK-1", to_team="search"),
    fact("ticket.accepted", "Mon 12:30", "CHK-1", team="search"),
    done("Mon 13:00"),
)


def timelines() -> list[Timeline]:
    return list(Case("", HISTORY, {}).timelines())


def document(
    found: list[Timeline], when: str = "Mon 17:00", window: int | None = None
) -> dict[str, Any]:
    numbers = numbers_at(found, DIRECTORY, DEFAULT_MODEL, at(when), window)
    return report(numbers, DIRECTORY, DEFAULT_MODEL, {"read": 7})


TEAM_KEYS = {
    "coordination_seconds",
    "feature_seconds",
    "active_seconds",
    "ratio",
    "share",
    "capacity_seconds",
    "payroll_scale",
    "budget_burn",
    "cost",
    "items",
    "interval",
    "verdict",
    "unclassified_seconds",
    "unaccrued_seconds",
    "handoffs",
    "returns",
    "pingpongs",
    "delivery",
    "flow",
}


def test_an_empty_evaluation_has_every_key_and_null_for_what_is_not_known() -> None:
    found = document([])
    assert set(found) == {
        *("at", "from", "teams", "waits", "organisation", "records", "cost_model"),
    }
    assert (found["at"], found["from"]) == ("2026-03-02T17:00:00Z", None)
    assert list(found["teams"]) == list(DIRECTORY.teams)
    absent = {"lower": None, "central": None, "upper": None}
    assert found["organisation"]["ratio"] == absent
    for team in found["teams"].values():
        assert set(team) == TEAM_KEYS
        assert team["ratio"] == absent
        assert team["share"] is team["interval"] is None
        assert team["verdict"] == "no feature work"
    data = found["teams"]["data"]
    assert data["capacity_seconds"] is data["payroll_scale"] is None
    assert data["budget_burn"] is None
    assert data["cost"] == absent


def test_it_tells_by_which_model_time_was_priced() -> None:
    """Two evaluations of the same records are told apart by it (indicators 8(6))."""
    model = replace(DEFAULT_MODEL, d0_ms=0)
    numbers = numbers_at(timelines(), DIRECTORY, model, at("Mon 17:00"), None)
    found = report(numbers, DIRECTORY, model, {})
    assert found["cost_model"] == model.version != document([])["cost_model"] == "1"


def test_every_key_is_documented() -> None:
    text = (REPOSITORY / "docs" / "evaluate.md").read_text()
    found = document(timelines())
    team = found["teams"]["checkout"]
    (wait, *_) = found["waits"]
    keys = {*found, *team, *wait, *found["organisation"], *team["unaccrued_seconds"]}
    assert {key for key in keys if f"`{key}`" not in text} == set()


def test_the_numbers_of_a_team() -> None:
    """Active 9-10 and 11-12; waits 3,600 + 1,800 in two episodes, chronic 3,600."""
    found = document(timelines())
    team = found["teams"]["checkout"]
    assert team["feature_seconds"] == 7_200
    assert team["active_seconds"] == {"feature": 7_200}
    assert team["coordination_seconds"] == {
        "lower": 1_800,
        "central": 2_700,
        "upper": 5_400,
    }
    assert team["ratio"] == {"lower": 0.25, "central": 0.375, "upper": 0.75}
    assert (team["handoffs"], team["returns"], team["pingpongs"]) == (1, 0, 0)
    assert (team["items"], team["verdict"]) == (1, "too few items")
    assert found["teams"]["search"]["active_seconds"] == {"request": 1_800}
    assert found["organisation"]["handoffs"] == 1
    assert found["organisation"]["ratio"]["central"] == 0.375
    assert found["records"] == {"read": 7}


def test_waits_are_listed_by_name_in_order() -> None:
    found = document(timelines())
    keys = ("team", "on_team", "component", "phase", "seconds")
    assert [tuple(line[key] for key in keys) for line in found["waits"]] == [
        ("checkout", "platform", "ticket_blocked", "acute", 900),
        ("checkout", "platform", "ticket_blocked", "chronic", 2_700),
        ("checkout", "search", "handoff", "acute", 900),
        ("checkout", "search", "handoff", "chronic", 900),
    ]


def test_without_a_window_capacity_runs_from_the_first_accrual() -> None:
    """Design 10.2: from Mon 09:00 to 17:00, 4 x 28,800."""
    found = document(timelines())
    assert found["from"] == "2026-03-02T09:00:00Z"
    assert found["teams"]["checkout"]["capacity_seconds"] == 4 * 28_800


@pytest.mark.parametrize(
    ("when", "days", "start", "capacity"),
    [
        # The window begins before anything accrues, or after.
        ("Tue 17:00", 3, "2026-03-02T09:00:00Z", 4 * 57_600),
        ("Thu+1 09:00", 3, "2026-03-09T09:00:00Z", 4 * 3 * 28_800),
    ],
)
def test_capacity_of_a_window(when: str, days: int, start: str, capacity: int) -> None:
    found = document(timelines(), when, days * DAY)
    assert found["from"] == start
    assert found["teams"]["checkout"]["capacity_seconds"] == capacity


def test_a_window_holds_only_what_accrued_in_it() -> None:
    found = document(timelines(), "Mon 11:30", DAY // 24)
    # 10:30-11:30: chronic 1,800 of the block and 1,800 of work
    team = found["teams"]["checkout"]
    assert team["feature_seconds"] == 1_800
    assert team["coordination_seconds"]["upper"] == 1_800
    assert team["handoffs"] == 0


def test_items_and_interval_count_what_is_charged_to_the_team() -> None:
    second = Case(
        "", (started(entity="CHK-2"), done("Mon 12:00", "CHK-2")), {}, key="CHK-2"
    )
    found = document([*timelines(), *second.timelines()])
    assert found["teams"]["checkout"]["items"] == 2
    assert found["teams"]["checkout"]["interval"] is not None
    assert found["teams"]["search"]["items"] == 1


def test_a_deploy_outside_flight_is_no_item_of_its_own() -> None:
    facts = (
        started(),
        done("Mon 10:00"),
        fact("deploy.approval_requested", "Mon 11:00", "D-1", on_team="platform"),
        fact("deploy.approval_decided", "Mon 12:00", "D-1", decision="approved"),
    )
    found = document(list(Case("", facts, {}).timelines()))
    assert found["teams"]["checkout"]["items"] == 1


def test_what_is_in_neither_cost_is_shown() -> None:
    facts = (started(),)
    found = document(list(Case("", facts, {}).timelines()), "Mon+1 17:00")
    assert found["teams"]["checkout"]["unaccrued_seconds"] == {
        "idle": 28_800,
        "stale": 0,
        "internal": 0,
        "pending": 0,
    }


def test_a_team_no_file_knows_appears_after_the_others() -> None:
    facts = (fact("ticket.started", "Mon 16:00", "T-9", work_class="feature"),)
    found = document(list(Case("", facts, {}, key="T-9").timelines()))
    assert list(found["teams"])[-1] == "unknown"
    assert found["teams"]["unknown"]["feature_seconds"] == 3_600
    assert found["organisation"]["ratio"]["central"] is None


def test_instants_are_printed_with_their_milliseconds_and_z() -> None:
    assert rfc3339(at("Mon 09:00")) == "2026-03-02T09:00:00Z"
    assert rfc3339(at("Mon 09:00") + 5) == "2026-03-02T09:00:00.005000Z"


def test_whose_time_accrues_nothing_is_listed_and_not_judged() -> None:
    """A failed run that is nobody's yet, of an item that is nobody's."""
    failed = fact("run.finished", "Mon 09:00", "r-1", item="T-9", outcome="failure")
    found = document(list(Case("", (failed,), {}, key="T-9").timelines()))
    row = found["teams"]["unknown"]
    assert row["unaccrued_seconds"]["pending"] == 28_800
    assert row["verdict"] is None


def test_who_only_delivered_is_listed_and_not_judged() -> None:
    deployed = fact("deploy.finished", "Mon 10:00", "D-1", outcome="success")
    found = document(list(Case("", (deployed,), {}, key="D-1").timelines()))
    row = found["teams"]["unknown"]
    assert row["delivery"]["deploys"]["succeeded"] == 1
    assert (row["verdict"], row["items"]) == (None, 0)
    assert found["teams"]["checkout"]["verdict"] == "no feature work"
    assert found["organisation"]["delivery"]["deploys"]["succeeded"] == 1
