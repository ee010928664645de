"""Laws that hold for every history, and the agreement with the second opinion."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.terminal.arguments import span_of
from monitor.domain.items import FOREVER
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.teams import Directory
from monitor.domain.timeline import UNIT, Component, Sort, Timeline
from monitor.indicators.evaluate import evaluate, evaluate_each
from monitor.indicators.timelines import sweep
from monitor.indicators.totals.instant import amount_between, seconds, totals_of
from monitor.indicators.totals.report import Numbers, numbers_at, report
from monitor.relate.packed_rows import unpack
from tests.harness.driving import Drive, directory_of, facts_of
from tests.harness.examples import law
from tests.harness.histories import History, disorders, histories
from tests.harness.plain_calendar import instant
from tests.harness.plain_evaluator import measure
from tests.harness.plain_evaluator import report as plain_report
from tests.harness.plain_events import parse, readings
from tests.harness.plain_runs import whole
from tests.harness.plain_steps import FOREVER as PLAIN_FOREVER
from tests.harness.plain_verdict import verdict
from tests.harness.scenarios import teams_yaml

pytestmark = pytest.mark.slow

Body = Mapping[str, Any]
# What a run tells once for all of its events.
OF_RUNS = ("repo", "pipeline", "sha", "default_branch", "item", "change")
# None is one that /metrics has; histories last some weeks.
ODD_WINDOWS = ("36h", "1w", "90d", "1d12h30m", "17d", "5h", "30d1s")


def timelines_at(
    events: Sequence[Body], directory: Directory, at: int
) -> list[Timeline]:
    """The timelines of what was knowable at an instant."""
    drive = Drive(directory, at)
    drive.take([fact for fact in facts_of(events, directory) if fact.time <= at])
    return [timeline for timeline in drive.timelines() if any(timeline[1:])]


def last_of(history: History) -> int:
    return instant(history.instants[-1])


@law
@given(st.data())
def test_order_and_duplicates_change_nothing(data: st.DataObject) -> None:
    history = data.draw(histories())
    again = data.draw(disorders(history.events))
    directory = directory_of(teams_yaml(history.world))
    at = last_of(history)
    expected = timelines_at(history.events, directory, at)
    assert timelines_at(again, directory, at) == expected


@law
@given(st.data())
def test_a_team_stays_itself_under_another_id(data: st.DataObject) -> None:
    """Whatever was read before it had that, and by whichever id events name it."""
    history = data.draw(histories())
    renamed = data.draw(st.sets(st.sampled_from(sorted(history.world.teams))))
    cut = data.draw(st.integers(0, len(history.events)))
    text, at = teams_yaml(history.world), last_of(history)
    for name in renamed:
        now = f"  - id: {name}-now\n    formerly: [{name}]\n"
        text = text.replace(f"  - id: {name}\n", now)
    before, after = directory_of(teams_yaml(history.world)), directory_of(text)
    drive = Drive(before, at)
    drive.take(facts_of(history.events[:cut], before))
    drive.restart(after)
    later = with_names(list(history.events[cut:]), renamed)
    drive.take(facts_of(later, after))
    expected = Drive(before, at)
    expected.take(facts_of(history.events, before))
    told = [[*one] for one in expected.timelines()]
    assert json.loads(json.dumps(drive.timelines())) == with_names(told, renamed)


def with_names(said: list[Any], renamed: set[str]) -> list[Any]:
    """What is said, with the ids of now."""
    text = json.dumps(said)
    for name in renamed:
        text = text.replace(f'"{name}"', f'"{name}-now"')
    found: list[Any] = json.loads(text)
    return found


@law
@given(histories(), st.randoms(use_true_random=False))
def test_whichever_event_of_a_run_tells_something_it_is_the_runs(
    history: History, chance: random.Random
) -> None:
    told, spread = everywhere_and_anywhere(history.events, chance)
    directory = directory_of(teams_yaml(history.world))
    at = last_of(history)
    assert timelines_at(spread, directory, at) == timelines_at(told, directory, at)


def everywhere_and_anywhere(
    events: Sequence[Body], chance: random.Random
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Every run's words told by all of its events; and each by some of them, or one."""
    words: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for body in events:
        if body["kind"].startswith("run."):
            words[body["entity"]] |= {n: body[n] for n in OF_RUNS if n in body}
    told = [{**body, **words.get(body["entity"], {})} for body in events]
    spread = [{**body} for body in told]
    for entity, said in words.items():
        own = [body for body in spread if body["entity"] == entity]
        for name in said:
            for silent in chance.sample(own, chance.randrange(len(own))):
                del silent[name]
    return told, spread


@law
@given(histories())
def test_items_come_to_the_same_together_as_each_alone(history: History) -> None:
    directory = directory_of(teams_yaml(history.world))
    drive = Drive(directory, last_of(history))
    drive.take(facts_of(history.events, directory))
    items = [unpack(packed).item(directory) for _, packed in drive.state.scan("items")]
    together = evaluate_each(items, directory, DEFAULT_MODEL)
    assert together == [evaluate(item, directory, DEFAULT_MODEL) for item in items]


@law
@given(histories())
def test_one_item_adds_at_most_one_second_a_second(history: History) -> None:
    directory = directory_of(teams_yaml(history.world))
    for timeline in timelines_at(history.events, directory, last_of(history)):
        one = [
            segment
            for segment in timeline.segments
            if segment.sort in (Sort.WAIT, Sort.ACTIVE, Sort.UNACCRUED)
            and segment.component != Component.INCIDENT
        ]
        instants = sorted({s.start for s in one} | {s.end for s in one})
        for start, end in pairwise(instants):
            shares = sum(s.share for s in one if s.start <= start and end <= s.end)
            assert shares <= UNIT


@law
@given(histories())
def test_every_segment_that_accrues_ends(history: History) -> None:
    directory = directory_of(teams_yaml(history.world))
    for timeline in timelines_at(history.events, directory, last_of(history)):
        for segment in timeline.segments:
            assert segment.start < segment.end
            assert segment.sort is Sort.UNACCRUED or segment.end < FOREVER


@law
@given(histories(), st.randoms(use_true_random=False))
def test_totals_are_monotone_in_the_instant(
    history: History, chance: random.Random
) -> None:
    directory = directory_of(teams_yaml(history.world))
    last = last_of(history)
    timelines = timelines_at(history.events, directory, last)
    early = instant(history.instants[0])
    instants = sorted(chance.randint(early, last + 10**9) for _ in range(4))
    for before, after in pairwise(instants):
        less = totals_of(timelines, directory, None, before)
        more = totals_of(timelines, directory, None, after)
        assert all(more.waits[key] >= value for key, value in less.waits.items())
        assert all(more.active[key] >= value for key, value in less.active.items())


@law
@given(histories())
def test_thousands_of_waits_are_judged_as_a_few_are(history: History) -> None:
    directory = directory_of(teams_yaml(history.world))
    at = last_of(history)
    few = timelines_at(history.events, directory, at)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep, "FEW", -1)
        assert timelines_at(history.events, directory, at) == few


def is_told_apart(history: History) -> bool:
    """Whether no two failures of a pipeline or deploy at one instant differ.

    In cause or, where none is stated, in the sha on which a retry may pass.

    Such facts are ordered by their identity alone, which only the product knows.
    """
    causes: dict[tuple[str, str], set[str]] = {}
    for body in (one.body for one in whole(parse(history.events, PLAIN_FOREVER))):
        failed = body["kind"] in ("run.finished", "deploy.finished")
        undone = body["kind"] == "deploy.rolled_back"
        if undone or (failed and body.get("outcome") != "success"):
            key = (str(body["time"]), str(body.get("pipeline", body["entity"])))
            causes.setdefault(key, set()).add(_named_by(body))
    return all(len(stated) == 1 for stated in causes.values())


def _named_by(body: Body) -> str:
    broken = body.get("on_team") if body.get("outcome") == "error" else ""
    return str(body.get("cause_team") or f"owner {broken}, sha {body.get('sha')}")


@law
@given(histories().filter(is_told_apart))
def test_the_second_opinion_agrees(history: History) -> None:
    """An evaluator that shares no code with the product gives the same numbers."""
    wrong: list[str] = []
    for events in readings(history.events):
        wrong = [
            difference
            for text in history.instants
            for difference in differences(history, events, text)
        ]
        odd = span_of(ODD_WINDOWS[len(history.events) % len(ODD_WINDOWS)])
        wrong += differences(history, events, history.instants[-1], odd)
        if not wrong:
            break
    assert wrong == []


def differences(
    history: History, events: Sequence[Body], text: str, window: int | None = None
) -> list[str]:
    """Where the product's numbers are not those of the plain reading of events."""
    directory = directory_of(teams_yaml(history.world))
    at = instant(text)
    timelines = timelines_at(history.events, directory, at)
    numbers = numbers_at(timelines, directory, DEFAULT_MODEL, at, window)
    output: Any = report(numbers, directory, DEFAULT_MODEL, {})
    plain = plain_report(measure(events, history.world, text, window))
    waits: Any = {
        tuple(map(str, key)): seconds(amount)
        for key, amount in numbers.totals.waits.items()
    }
    wrong = [
        f"{text} {key}: {waits.get(key, 0)} is not {plain['waits'].get(key, 0)}"
        for key in sorted({*waits, *plain["waits"]})
        if waits.get(key, 0) != plain["waits"].get(key, 0)
    ]
    for team, expected in plain["teams"].items():
        found = output["teams"].get(team, {})
        wrong += [f"{text} {team} {said}" for said in teams_differ(found, expected)]
        on: defaultdict[str, Fraction] = defaultdict(Fraction)
        for (charged, on_team, *_), amount in plain["waits"].items():
            on[on_team] += amount if charged == team else 0
        # Of whom the file does not know, and nothing accrued of, nothing is judged.
        judged = team in history.world.teams or expected["items"] > 0
        word = verdict(expected, on, window) if judged else None
        if found.get("verdict", word) != word:
            wrong.append(f"{text} {team}: {found['verdict']} is not {word}")
    own = own_deploys(timelines, directory, at, window)
    for team in sorted({*own, *plain["own_deploys"]}):
        broken, expected = own.get(team, 0), plain["own_deploys"].get(team, 0)
        if broken != expected:
            wrong.append(f"{text} {team}, own deploys: {broken} is not {expected}")
    wrong += [
        f"{text} {name}: {output['organisation'][name]} is not {plain[name]}"
        for name in ("handoffs", "pingpongs")
        if output["organisation"][name] != plain[name]
    ]
    reopened, expected = reopenings(timelines), [*plain["reopened"]]
    if reopened != expected:
        wrong.append(f"{text} reopened: {reopened} is not {expected}")
    return wrong + [f"{text} {said}" for said in delivered_differ(numbers, plain)]


def own_deploys(
    timelines: Sequence[Timeline], directory: Directory, at: int, window: int | None
) -> dict[str, Fraction]:
    """How long deploys of their own were broken, by team, whatever else was then."""
    found: defaultdict[str, Fraction] = defaultdict(Fraction)
    start = at - window if window is not None else -(1 << 60)
    for one in (segment for timeline in timelines for segment in timeline.segments):
        if one.sort is Sort.OWN_FAILURE and one.phase == "deploy":
            whole = one._replace(share=UNIT)
            found[one.team] += seconds(amount_between(whole, directory, start, at))
    return dict(found)


def reopenings(timelines: Sequence[Timeline]) -> list[Any]:
    """Every reopening that is counted; of one that is open no length."""
    waits = (wait for timeline in timelines for wait in timeline.waits)
    return sorted(
        (one.team, one.on_team, one.start, one.end, one.duration)
        if one.end < FOREVER
        else (one.team, one.on_team, one.start, PLAIN_FOREVER, 0)
        for one in waits
        if one.component == Component.REOPEN
    )


def delivered_differ(numbers: Numbers, plain: Mapping[str, Any]) -> list[str]:
    """Which counts and spans of delivery are not the expected ones."""
    found: dict[tuple[str, ...], Any] = {}
    for team, one in numbers.delivered.teams.items():
        for (name, label), count in one.counts.items():
            if count:
                found[team, str(name), label] = count
        for timed, spans in one.spans.items():
            found[team, str(timed)] = sorted(spans)
    expected = plain["delivered"]
    return [
        f"{key}: {found.get(key)} is not {expected.get(key)}"
        for key in sorted({*found, *expected})
        if found.get(key) != expected.get(key)
    ]


def teams_differ(found: Mapping[str, Any], expected: Mapping[str, Any]) -> list[str]:
    """Which of a team's numbers are not the expected ones."""
    wrong = [
        f"{name}: {found.get(name)} is not {expected.get(name)}"
        for name in ("feature_seconds", "items", "capacity_seconds", "share")
        if not near(found.get(name), expected.get(name))
    ]
    limits = found.get("interval") or {"lower": None, "upper": None}
    expected_limits = expected["interval"] or (None, None)
    for name, limit in zip(("lower", "upper"), expected_limits, strict=True):
        if not near(limits[name], limit):
            wrong.append(f"interval.{name}: {limits[name]} is not {limit}")
    for name in ("active_seconds", "unaccrued_seconds", "coordination_seconds"):
        one, other = found.get(name, {}), expected.get(name, {})
        wrong += [
            f"{name}.{key}: {one.get(key, 0)} is not {other.get(key, 0)}"
            for key in sorted({*one, *other})
            if not near(one.get(key, 0), other.get(key, 0))
        ]
    return wrong


def near(actual: float | None, expected: Fraction | float | None) -> bool:
    if actual is None or expected is None:
        return actual is None and expected is None
    return abs(actual - float(expected)) < 1e-6
