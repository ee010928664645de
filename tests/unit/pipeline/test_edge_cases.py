"""Impossible histories give defined results: the rows of docs/edge-cases.md.

Each goes through the live pipeline and through that of ``friction evaluate``. The
expected seconds are worked out from the specification, over Monday 2 March 2026,
09:00 to 17:00 UTC, unless a case says otherwise. Whatever comes in, no number that is
published may be negative, infinite or not a number.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

import pytest

from monitor.directory.teams_file import parse
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.timeline import UNIT, Sort
from monitor.pipeline.batch import report_at
from tests.harness.reference_data import REPOSITORY
from tests.unit.indicators.history import at
from tests.unit.pipeline.edge_case import (
    DAY,
    TEAMS,
    Case,
    batch_of,
    name_of,
    spent,
    started,
)
from tests.unit.pipeline.edge_crowds import CIRCLES, MANY, NOBODY, OLD
from tests.unit.pipeline.edge_ends import CLOSED_FIRST, NEGATIVE
from tests.unit.pipeline.running import Process
from tests.unit.prometheus.serving import Serving

CASES = [*CLOSED_FIRST, *NEGATIVE, *CIRCLES, *OLD, *NOBODY, *MANY]


every = pytest.mark.parametrize("case", CASES, ids=name_of)
# Those that take no time.
SMALL = [case for case in CASES if len(case.bodies) < 5_000]
small = pytest.mark.parametrize("case", SMALL, ids=name_of)


def serving(case: Case) -> Serving:
    """The live pipeline after the case, as at its end."""
    process = Process(teams=case.teams)
    found = Serving(process=process)
    process.clock.ms = at(case.until) + DEFAULT_MODEL.settle_ms
    found.send(*case.bodies)
    process.caught_up()
    return found


def numbers_in(value: Any) -> Iterator[float]:
    match value:
        case bool() | None | str():
            return
        case Mapping():
            for one in value.values():
                yield from numbers_in(one)
        case list():
            for one in value:
                yield from numbers_in(one)
        case _:
            yield value


@every
@pytest.mark.slow
def test_the_result_is_the_stated_one(case: Case) -> None:
    batch = batch_of(case, case.bodies)
    assert batch.records()["rejected"] == 0
    assert spent(batch.state, case, batch.directory) == dict(case.expected)
    document: Any = report_at(batch, None)
    assert all(math.isfinite(n) and n >= 0 for n in numbers_in(document))
    for path, expected in case.said.items():
        found = document
        for name in path.split("."):
            found = found[name]
        assert found == (expected if expected is None else pytest.approx(expected)), (
            path
        )


@small
def test_every_part_of_a_second_is_somebodys_and_none_is_twice(case: Case) -> None:
    counted = (Sort.WAIT, Sort.ACTIVE, Sort.UNACCRUED)
    for timeline in batch_of(case, case.bodies).timelines():
        steps: Counter[int] = Counter()
        for segment in timeline.segments:
            assert segment.start < segment.end
            if segment.sort in counted:
                steps[segment.start] += segment.share
                steps[segment.end] -= segment.share
        assert set(accumulate(steps[instant] for instant in sorted(steps))) <= {0, UNIT}


@small
def test_the_order_of_arrival_changes_nothing(case: Case) -> None:
    again = list(case.bodies)
    random.Random(5).shuffle(again)
    batch = batch_of(case, tuple(again))
    assert spent(batch.state, case, batch.directory) == dict(case.expected)


_SAMPLE = re.compile(r"^(\w+)(?:\{.*\})? (\S+)$")


@every
@pytest.mark.slow
def test_metrics_show_it_and_nothing_negative_or_unreal(case: Case) -> None:
    found = serving(case)
    text = found.scrape()
    samples = [_SAMPLE.match(line) for line in text.splitlines() if line[0] != "#"]
    assert len(samples) > 50
    for sample in samples:
        assert sample is not None
        value = float(sample[2])
        assert math.isfinite(value), sample[0]
        assert value >= 0, sample[0]
    # What is not finite would be left out, and counted for the next scrape.
    assert "\nfriction_unrepresentable_samples_total 0\n" in found.scrape()
    assert all(f"\n{line}\n" in text for line in case.shown)
    process = found.process
    kept = spent(process.state, case, process.runner.directory)
    assert kept == dict(case.expected)
    zeros = process.shown("friction_negative_lengths_total").values()
    assert sum(zeros) == case.zeros


def test_two_owners_at_once_are_one_and_always_the_same_one() -> None:
    both = (started(), started(team="search"))
    case = Case("", both, {})
    one, other = batch_of(case, both), batch_of(case, both[::-1])
    found = spent(one.state, case, one.directory)
    assert found == spent(other.state, case, other.directory)
    assert list(found.values()) == [DAY]


REFUSED = {
    "hours that end when they begin": 'hours: ["09:00", "09:00"]',
    "hours that end before they begin": 'hours: ["17:00", "09:00"]',
    "no hours": "hours: []",
    "no days": "days: []",
}


@pytest.mark.parametrize("calendar", REFUSED.values(), ids=REFUSED)
def test_a_calendar_without_hours_is_refused_with_its_line(calendar: str) -> None:
    text = TEAMS.replace("headcount: 4", f"headcount: 4, calendar: {{{calendar}}}")
    mistakes = parse(text)
    assert isinstance(mistakes, tuple)
    (mistake,) = mistakes
    assert mistake.path.startswith("teams[0].calendar.")
    assert text.splitlines()[mistake.line - 1].strip().startswith("- {id: checkout")


@pytest.mark.parametrize("headcount", ["-1", ".inf", ".nan", "[]"])
def test_a_headcount_that_is_none_is_refused(headcount: str) -> None:
    mistakes = parse(TEAMS.replace("headcount: 4", f"headcount: {headcount}"))
    assert isinstance(mistakes, tuple)
    assert mistakes[0].path.startswith("teams[0].headcount")


@pytest.mark.parametrize(
    "time",
    [
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "1969-12-31T23:59:59Z",
    ],
)
def test_a_time_that_is_a_placeholder_is_refused(time: str) -> None:
    batch = batch_of(Case("", (), {}), (started(time),))
    assert batch.records()["rejected"] == 1


@pytest.mark.parametrize("name", [*(case.name for case in CASES), *REFUSED])
def test_the_documentation_lists_it(name: str) -> None:
    written = (REPOSITORY / "docs" / "edge-cases.md").read_text()
    assert f"\n| {name} |" in written


def test_the_documentation_lists_nothing_else() -> None:
    written = (REPOSITORY / "docs" / "edge-cases.md").read_text()
    tables = written.partition("\n## Refused")[0]
    rows = re.findall(r"^\| (?!case|---)([^|]+) \|", tables, re.MULTILINE)
    assert rows == [case.name for case in CASES]
