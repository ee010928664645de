"""Indicators 1.3, row `ci_queue`: attempts that wait for a runner of others."""

from collections.abc import Iterator
from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.domain.timeline import Tally
from monitor.indicators.items.flight import flights_of
from monitor.indicators.waits.intervals import Stretch
from monitor.indicators.waits.queues import queue_stretches
from tests.unit.indicators.history import (
    DIRECTORY,
    Case,
    at,
    done,
    fact,
    item_of,
    rule_of,
    started,
)

TO_PLATFORM = "checkout>platform ci_queue"


def run(stage: str, when: str, entity: str = "run-1", **fields: Any) -> Fact:
    return fact(f"run.{stage}", when, entity, **fields)


def queued(when: str, entity: str = "run-1", **fields: Any) -> Fact:
    return run("queued", when, entity, **{"on_team": "platform", **fields})


def waited(key: str, length: int) -> dict[str, float]:
    """One episode on Monday, all else feature."""
    return {
        f"{key} acute": 900,
        f"{key} chronic": length - 900,
        "checkout feature": 28_800 - length,
    }


CASES = [
    Case(
        "the run's start closes it",
        (started(), queued("Mon 10:00"), run("started", "Mon 10:30")),
        waited(TO_PLATFORM, 1_800),
    ),
    Case(
        "its cancellation closes it",
        (
            started(),
            queued("Mon 10:00"),
            run("finished", "Mon 10:30", outcome="cancelled"),
        ),
        waited(TO_PLATFORM, 1_800),
    ),
    Case(
        "it is capped 4 working hours after it opened",
        (started(), queued("Mon 10:00"), run("started", "Mon 16:00")),
        waited(TO_PLATFORM, 14_400),
    ),
    Case(
        "the cap counts working time: 16-17 and Tue 9-12",
        (started(), queued("Mon 16:00")),
        # 14,400 waited; active 7 h + Tue 12-17
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 13_500,
            "checkout feature": 25_200 + 18_000,
        },
        until="Tue 17:00",
    ),
    Case(
        "every run has a cap of its own",
        (started(), queued("Mon 10:00"), queued("Mon 13:00", "run-2")),
        waited(TO_PLATFORM, 25_200),
    ),
    Case(
        "a run that a gate holds waits for no runner until it is queued again",
        (
            started(),
            queued("Mon 10:00"),
            run("held", "Mon 10:01"),
            queued("Mon 14:00"),
            run("started", "Mon 14:30"),
        ),
        waited(TO_PLATFORM, 1_800),
    ),
    Case(
        "of several gates the last one counts that let it go before it ran",
        (
            started(),
            queued("Mon 10:00"),
            run("held", "Mon 10:00"),
            queued("Mon 11:00"),
            queued("Mon 14:00"),
            run("started", "Mon 14:30"),
            queued("Mon 15:00"),
        ),
        waited(TO_PLATFORM, 1_800),
    ),
    Case(
        "held when it was made and not let go: no queue",
        (started(), queued("Mon 10:00"), run("held", "Mon 10:00")),
        {"checkout feature": 28_800},
    ),
    Case(
        "held and ended without ever having been let go: no queue",
        (
            started(),
            queued("Mon 10:00"),
            run("held", "Mon 10:01"),
            run("finished", "Mon 14:00", outcome="cancelled"),
        ),
        {"checkout feature": 28_800},
    ),
    Case(
        "let go in the instant it was held",
        (
            started(),
            queued("Mon 10:00"),
            run("held", "Mon 10:01"),
            queued("Mon 10:01"),
            run("started", "Mon 10:31"),
        ),
        waited(TO_PLATFORM, 1_800),
    ),
    Case(
        "a hold that is told after it ran changes nothing",
        (
            started(),
            queued("Mon 10:00"),
            run("started", "Mon 10:30"),
            run("held", "Mon 11:00"),
        ),
        waited(TO_PLATFORM, 1_800),
    ),
    Case(
        "a gate that names no attempt holds the only one that is named",
        (
            started(),
            queued("Mon 10:00", attempt=1),
            run("held", "Mon 10:01"),
            queued("Mon 14:00"),
            run("started", "Mon 14:30", attempt=1),
        ),
        waited(TO_PLATFORM, 1_800),
    ),
    Case(
        "what runs for a merged change halts until another change is opened",
        (
            started(),
            fact("change.opened", "Mon 09:30", "shop#7"),
            fact("change.merged", "Mon 10:00", "shop#7"),
            queued("Mon 10:00", change="shop#7"),
            fact("change.opened", "Mon 10:30", "shop#8"),
            run("started", "Mon 11:00", change="shop#7"),
        ),
        waited(TO_PLATFORM, 1_800),
    ),
    Case(
        "every attempt queues anew",
        (
            started(),
            queued("Mon 10:00", attempt=1),
            run("started", "Mon 10:30", attempt=1),
            queued("Mon 11:00", attempt=2),
            run("started", "Mon 11:30", attempt=2),
        ),
        # Two episodes of 1,800.
        {
            f"{TO_PLATFORM} acute": 1_800,
            f"{TO_PLATFORM} chronic": 1_800,
            "checkout feature": 25_200,
        },
    ),
    Case(
        "an attempt opens once, at the earliest queued",
        (
            started(),
            queued("Mon 10:00"),
            queued("Mon 10:10"),
            run("started", "Mon 10:30"),
        ),
        waited(TO_PLATFORM, 1_800),
    ),
    Case(
        "the pool's owner is named by its labels",
        (
            started(),
            run("queued", "Mon 10:00", pool=["linux", "large"]),
            run("started", "Mon 10:30"),
        ),
        waited(TO_PLATFORM, 1_800),
    ),
    Case(
        "a vendor's hosted runner is external (design 11.8)",
        (
            started(),
            run("queued", "Mon 10:00", pool=["ubuntu-latest"], hosted=True),
            run("started", "Mon 10:30"),
        ),
        waited("checkout>external ci_queue", 1_800),
    ),
    Case(
        "a pool nobody claims is unknown",
        (
            started(),
            run("queued", "Mon 10:00", pool=["gpu"]),
            run("started", "Mon 10:30"),
        ),
        waited("checkout>unknown ci_queue", 1_800),
    ),
    Case(
        "the team a result names owns the pipeline, not the pool",
        (
            started(),
            run("queued", "Mon 10:00"),
            run("finished", "Mon 10:30", outcome="success", on_team="platform"),
        ),
        waited("checkout>unknown ci_queue", 1_800),
    ),
    Case(
        "a run that was never queued waited for nobody",
        (
            started(),
            queued("Mon 10:00"),
            run("started", "Mon 10:30"),
            run("started", "Mon 12:00", "run-2"),
        ),
        waited(TO_PLATFORM, 1_800),
    ),
    Case(
        "a pool of one's own is no wait",
        (started(), queued("Mon 10:00", on_team="checkout")),
        {"checkout feature": 28_800},
    ),
    Case(
        "at night it costs nobody (1.5)",
        (started(), queued("Mon 18:00"), run("started", "Tue 08:00")),
        {"checkout feature": 57_600},
        until="Tue 17:00",
    ),
    Case(
        "done closes it for good",
        (
            started(),
            queued("Mon 10:00"),
            done("Mon 10:30"),
            fact("ticket.started", "Mon 16:00", "CHK-1"),
        ),
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 900,
            "checkout feature": 3_600,
            "checkout rework": 3_600,
        },
    ),
    Case(
        "parked suspends it; the new flight is a new episode",
        (
            started(),
            queued("Mon 10:00"),
            fact("ticket.parked", "Mon 10:30", "CHK-1"),
            fact("ticket.started", "Mon 11:00", "CHK-1"),
            run("started", "Mon 11:30"),
        ),
        {
            f"{TO_PLATFORM} acute": 1_800,
            f"{TO_PLATFORM} chronic": 1_800,
            "checkout feature": 28_800 - 3_600 - 1_800,
        },
    ),
    Case(
        "a run that starts as it is queued waits for nobody",
        (started(), queued("Mon 10:00"), run("started", "Mon 10:00")),
        {"checkout feature": 28_800},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=rule_of)
def test_ci_queue(case: Case) -> None:
    assert case.found() == case.expected


def test_a_later_stage_closes_the_queue_whatever_its_time_and_is_counted() -> None:
    """1.6: negative lengths become 0 and are counted."""
    case = Case("", (started(), run("started", "Mon 09:50"), queued("Mon 10:00")), {})
    (timeline,) = case.timelines()
    assert case.found() == {"checkout feature": 28_800}
    assert timeline.tallies == (
        Tally("negative", "checkout", "ci_queue", at("Mon 10:00")),
    )


class Walked(list[Fact]):
    """Facts that count how often anybody goes through them."""

    times = 0

    def __iter__(self) -> Iterator[Fact]:
        self.times += 1
        return super().__iter__()


def test_the_holds_of_many_jobs_are_found_in_one_walk() -> None:
    """A hold names no attempt; for each such job all facts were walked once more."""
    runs = Walked(
        one
        for job in (f"job-{number}" for number in range(5))
        for one in (
            queued("Mon 10:00", job, attempt=1),
            run("held", "Mon 10:01", job),
            queued("Mon 11:00", job, attempt=1),
            run("started", "Mon 11:30", job, attempt=1),
        )
    )
    item = item_of([started(), *runs])
    runs.times = 0
    of_team = DIRECTORY.calendar("checkout")
    flights = flights_of(item)
    found = list(queue_stretches(item, flights, runs, lambda _: of_team, DIRECTORY))
    assert runs.times == 1
    # Each from when it was let go until it ran.
    spans = [(one.start, one.end) for one in found if isinstance(one, Stretch)]
    assert spans == [(at("Mon 11:00"), at("Mon 11:30"))] * 5
