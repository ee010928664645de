"""CDviz's CDEvents of Jenkins' builds end as Jenkins says, and when it says."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.domain.facts import Kind
from tests.unit.decode.records import cdevent, codes, of, only_fact

# When the records' CDEvents are: 2026-03-02T10:00:00Z.
BEGAN = 1_772_445_600_000
TWENTY_MINUTES = 1_200_000
YEAR = 366 * 24 * 3_600_000


def event(predicate: str = "finished", **build: Any) -> dict[str, Any]:
    """What CDviz makes of a build, stamped with its start whatever came of it."""
    shown = {
        "number": 43,
        "timestamp": BEGAN,
        "duration": TWENTY_MINUTES,
        "building": False,
        **build,
    }
    made: dict[str, Any] = cdevent(
        f"pipelinerun.{predicate}", {"outcome": "error"}, customData={}
    )
    made["customData"]["jenkins"] = {"build": shown}
    return made


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        ("ABORTED", "cancelled"),
        ("NOT_BUILT", "skipped"),
        ("SUCCESS", "success"),
        ("UNSTABLE", "failure"),
        ("FAILURE", "failure"),
        # What is none of Jenkins' ended as CDviz says.
        ("BROKEN", "error"),
        (5, "error"),
        (None, "error"),
    ],
)
def test_a_build_ended_as_jenkins_says(result: object, outcome: str) -> None:
    """The words of the Jenkins plugin's raw result; CDviz has one for two of them.

    An error is the pipeline's owner's, and nobody's who stopped a build.
    """
    assert only_fact(of(event(result=result))).fields["outcome"] == outcome


def test_an_outcome_that_is_stated_wins() -> None:
    made = event(result="ABORTED")
    made["customData"]["friction"] = {"outcome": "failure"}

    assert only_fact(of(made)).fields["outcome"] == "failure"


def test_a_build_is_over_when_it_has_lasted() -> None:
    """CDviz tells it at the time it began, with its length beside it."""
    ended = only_fact(of(event(result="FAILURE")))

    assert (ended.kind, ended.time) == (Kind.RUN_FINISHED, BEGAN + TWENTY_MINUTES)


@pytest.mark.parametrize(
    "build",
    [
        # Told at another time than its start, which then is its end.
        {"timestamp": BEGAN - TWENTY_MINUTES},
        {"timestamp": None},
        {"duration": 0},
        {"duration": -1},
        {"duration": "1200000"},
        {"duration": True},
        {"duration": YEAR + 1},
        {"building": True},
        {"result": None},
    ],
)
def test_what_tells_no_end_of_a_build_leaves_the_time(build: dict[str, Any]) -> None:
    assert only_fact(of(event(**{"result": "FAILURE", **build}))).time == BEGAN


def test_a_build_that_goes_on_began_then() -> None:
    running = event("started", result=None, building=True, duration=0)

    assert only_fact(of(running)).time == BEGAN


def test_an_end_of_the_future_is_refused() -> None:
    """The record was written when the build had begun: it cannot tell its end."""
    told = of(event(result="FAILURE"), timestamp=BEGAN)

    assert codes(told) == [("future_time", "context.timestamp")]
