"""Signals as metrics: what `evaluate` says of the same events, however they came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from monitor.domain.snapshot import Family
from monitor.domain.working_time import DAY
from monitor.indicators.signals.report import Judging, signals_report
from monitor.pipeline.sealing import Retention, Sealing
from monitor.pipeline.showing.readings import Reader
from monitor.pipeline.showing.refreshing import Refresher
from monitor.pipeline.showing.signal_job import SignalJob
from tests.unit.indicators.signals.story import (
    STREAMS,
    TEAMS,
    Story,
    instant,
    marks_in,
    shuffled,
    weekdays,
)
from tests.unit.pipeline.running import Process


class Watched:
    """A process with the job aside, told the time by the test."""

    def __init__(self, story: Story, day: float) -> None:
        self.process = Process(teams=TEAMS)
        self.process.clock.ms = instant(day)
        self.rules = story.history.rules
        self.go_on()

    def go_on(self) -> None:
        """Catch up; of signals only what is stored is known."""
        self.process.caught_up()
        runner = self.process.runner
        self.job = SignalJob(runner.directory, runner.model, self.rules)
        self.refresher = Refresher(runner, Reader(), (self.job,), 30, lambda _: False)

    def send(self, *events: Mapping[str, Any]) -> None:
        self.process.send(*events)
        self.process.runner.turn()

    def seal(self, *days: int) -> None:
        """Walk on each of the days, and seal what was closed for ten."""
        runner, kept = self.process.runner, Retention(10 * DAY, 400 * DAY)
        walk = Sealing(runner.state, runner.directory, runner.model, kept, self.rules)
        for day in days:
            while (chunk := walk.step(instant(day))) is not None:
                runner.state.commit(chunk.changes)

    def at(self, day: float) -> dict[str, Any]:
        """What is shown on a day: samples by family, then by label."""
        self.process.clock.ms = instant(day)
        self.process.runner.turn()
        self.refresher.step()
        made = self.refresher.latest()
        assert made is not None
        names = ("signal_active", "signal_ratio")
        pms = ("platform_pm_current", "platform_pm_recommended")
        return {
            name: _samples(made.family(f"friction_{name}")) for name in (*names, *pms)
        }


def _samples(family: Family) -> dict[str, float]:
    return {"".join(labels): value for labels, value in family.samples}


def evaluated(story: Story, watched: Watched) -> dict[str, Any]:
    """The same from the events all at once, at the instant that was refreshed."""
    made = watched.refresher.latest()
    assert made is not None
    batch = story.batch()
    by = Judging(batch.directory, batch.model, batch.rules)
    found: Any = signals_report(batch.timelines(), marks_in(batch), by, made.instant)
    signals = found["signals"]
    ratios = {name: one["ratio"] for name, one in signals.items()}
    pms = found["platform_pm"]
    return {
        "signal_active": {name: one["active"] for name, one in signals.items()},
        "signal_ratio": {
            name: ratio for name, ratio in ratios.items() if ratio is not None
        },
        "platform_pm_current": {"": pms["current"]},
        "platform_pm_recommended": pms["recommended"],
    }


def busy() -> Story:
    """Six weeks with something for every signal but the one that needs twelve."""
    story = Story()
    for day in weekdays(0, 41):
        for team in STREAMS:
            story.waited(team, "platform", day, "09:00", "17:00")
        team = STREAMS[day % 4]
        key = story.ticket("plt")
        labels = ["platform", "area/ci", "how-to", f"uses:ci/{team}"]
        story.tell("ticket.created", day, "09:00", key, by_team=team, labels=labels)
        said = {"decision": "approve", "actor_role": "staff"}
        story.tell("ticket.decided", day, "10:00", key, **said)
        story.tell("ticket.postponed", day, "11:00", key, how="sprint")
        story.tell("ticket.done", day + 3, "11:00", key)
        for class_ in ("CWE-1", "CWE-2", "CWE-3"):
            found = {"team": team, "class": class_}
            story.tell("finding.opened", day, "09:00", f"{class_}-{day}", **found)
    return story


@pytest.mark.slow
def test_it_says_what_evaluate_says_whatever_the_order_and_the_slices() -> None:
    story = busy()
    told = shuffled(story, 7)
    watched = Watched(story, 30)
    watched.at(30)
    for start in range(0, len(told), 100):
        watched.send(*told[start : start + 100])
        watched.at(30 + start / 1_000)
    assert len(told) > 300
    on = watched.at(45)["signal_active"]
    for day in (45, 45.5, 60, 100):
        assert watched.at(day) == evaluated(story, watched)
    assert {name for name, active in on.items() if active} == {
        "hard_interfaces",
        "leaders_decide",
        "platform_postponed",
        "slow_tooling",
        "systemic_findings",
    }


def test_what_is_done_at_midnight_changes_the_day_that_begins_then() -> None:
    """What was read of the day before stays as it is, as `evaluate` says it."""
    story = Story()
    for team in ("plt", "basket"):
        for _ in range(10):
            key, said = story.ticket(team), {"work_class": "feature"}
            story.tell("ticket.started", 70, "00:00", key, **said)
    begun = len(story.events)
    for number in range(11, 21):
        story.tell("ticket.done", 80, "00:00", f"BASKET-{number}")
    watched = Watched(story, 80.1)
    watched.send(*story.events[:begun])
    watched.at(80.2)
    watched.send(*story.events[begun:])
    for day, is_on in ((93.5, False), (94.5, True)):
        shown = watched.at(day)
        assert shown == evaluated(story, watched)
        assert shown["signal_active"]["platform_postponed"] == is_on


def test_sealed_items_say_what_they_said_also_after_a_start() -> None:
    story = busy()
    watched = Watched(story, 45)
    watched.send(*shuffled(story, 7))
    before, runner = watched.at(60), watched.process.runner
    watched.seal(59, 60)
    assert len(list(runner.state.scan("sealed"))) > 50
    assert len(list(runner.state.scan("items"))) < 130
    again = Watched.__new__(Watched)
    again.process, again.job = watched.process, watched.job
    again.process.start()
    again.process.caught_up()
    started = again.process.runner
    again.job = SignalJob(started.directory, started.model, story.history.rules)
    again.refresher = Refresher(started, Reader(), (again.job,), 30, lambda _: False)
    assert again.at(60) == before
    assert any(before["signal_active"].values())


def test_after_a_start_items_are_read_in_parts_and_signals_wait_for_all() -> None:
    """Thirty at each refresh; meanwhile some of the unread and of the read change."""
    story = busy()
    told = story.events
    watched = Watched(story, 45)
    watched.job.most_at_a_refresh = 30
    watched.send(*told[:-100])
    refreshes = 0
    while not (shown := watched.at(45 + refreshes / 1_000))["signal_active"]:
        assert shown["platform_pm_current"] == {"": 1}
        watched.send(*told[-100 + 10 * refreshes :][:10])
        refreshes += 1
    assert refreshes > 4
    watched.send(*told[-100:])
    assert watched.at(46) == evaluated(story, watched)


def test_what_was_found_last_is_shown_while_everything_is_read_again() -> None:
    """As after an error, or more changes than anybody has kept in mind."""
    story = busy()
    watched = Watched(story, 45)
    watched.send(*story.events)
    before = watched.at(45)
    watched.job.most_at_a_refresh = 30
    watched.process.runner.touched.forget()
    found = {"team": "basket", "class": "CWE-9"}
    story.tell("finding.opened", 44, "09:00", "new", **found)
    watched.send(story.events[-1])
    assert watched.at(45.1) == before
    watched.job.most_at_a_refresh = 1_000
    after = watched.at(45.2)
    assert after == evaluated(story, watched)
    assert after != before


def test_a_late_event_changes_days_that_were_read() -> None:
    """Two findings of each class would do; the third team is told of late."""
    story = Story()
    for class_ in ("CWE-1", "CWE-2", "CWE-3"):
        for team in STREAMS[:3]:
            said = {"team": team, "class": class_}
            story.tell("finding.opened", 0, "09:00", f"{class_}-{team}", **said)
    late = [event for event in story.events if event["team"] == STREAMS[2]]
    watched = Watched(story, 20)
    watched.send(*(event for event in story.events if event not in late))
    assert watched.at(20)["signal_active"]["systemic_findings"] == 0
    watched.send(*late)
    assert watched.at(20.5)["signal_active"]["systemic_findings"] == 1
    assert watched.at(20.5) == evaluated(story, watched)
    # Also on the newest day that has ended.
    said = {"team": "search", "class": "CWE-4"}
    story.tell("finding.opened", 19, "09:00", "lone", **said)
    watched.send(story.events[-1])
    shown = watched.at(20.6)
    assert shown["signal_ratio"]["systemic_findings"] == 0.9
    assert shown == evaluated(story, watched)


def test_a_window_is_covered_by_what_was_first_known() -> None:
    """A finding on day 0, waits from day 20 on: day 27 has four weeks."""
    story = Story()
    said = {"team": "basket", "class": "CWE-1"}
    story.tell("finding.opened", 0, "09:00", "f", **said)
    for day in weekdays(20, 30):
        story.waited("basket", "platform", day, "09:00", "17:00")
    watched = Watched(story, 28.5)
    watched.send(*story.events)
    assert watched.at(28.5)["signal_ratio"]["slow_tooling"] == 1
    assert watched.at(28.6) == evaluated(story, watched)


def test_sealed_items_of_which_nothing_was_counted_say_what_they_said() -> None:
    """Tickets that were decided and then cancelled: there is no other trace of them."""
    story = Story()
    for day in weekdays(0, 11):
        key, said = story.ticket("plt"), {"decision": "approve", "actor_role": "staff"}
        story.tell("ticket.decided", day, "10:00", key, **said)
        story.tell("ticket.cancelled", day, "11:00", key)
    watched = Watched(story, 25)
    watched.send(*story.events)
    before, runner = watched.at(25), watched.process.runner
    assert before["signal_ratio"]["leaders_decide"] > 0
    watched.seal(24, 25)
    assert list(runner.state.scan("items")) == []
    watched.process.start()
    watched.go_on()
    assert watched.at(25) == before


def test_a_process_that_starts_again_says_the_same() -> None:
    story = busy()
    watched = Watched(story, 45)
    watched.send(*story.events)
    before = watched.at(45)
    watched.process.start()
    watched.process.caught_up()
    again = Watched.__new__(Watched)
    again.process = watched.process
    runner = again.process.runner
    job = SignalJob(runner.directory, runner.model, story.history.rules)
    again.refresher = Refresher(runner, Reader(), (job,), 30, lambda _: False)
    assert again.at(45) == before


def test_what_is_older_than_a_year_and_a_window_is_let_go() -> None:
    story = busy()
    watched = Watched(story, 45)
    watched.send(*story.events)
    watched.at(45)
    for day in (400, 530, 531):
        assert watched.at(day) == evaluated(story, watched)
    # Only the findings, which nobody closed, are left.
    growing = watched.job._growing
    assert growing is not None
    history = growing.history()
    assert history.daily.days == {}
    assert [sort for sort, marks in history.marks.items() if marks] == ["finding"]


@pytest.mark.slow
def test_an_unread_item_that_changes_is_counted_once() -> None:
    """Every wait for the platform turns out shorter while few items have been read."""
    story = busy()
    for day in weekdays(0, 41):
        story.waited("basket", "search", day, "09:00", "12:00")
    watched = Watched(story, 45)
    watched.send(*story.events)
    watched.job.most_at_a_refresh = 30
    watched.at(45)
    told = len(story.events)
    for one in [one for one in story.events if one.get("on_team") == "platform"]:
        ended = {**one, "id": f"{one['id']}-end", "kind": "ticket.unblocked"}
        ended["time"] = one["time"].replace("T09:", "T10:")
        story.events.append(ended)
    watched.send(*story.events[told:])
    for step in range(1, 20):
        watched.at(45 + step / 1_000)
    shown = watched.at(46)
    assert "slow_tooling" in shown["signal_ratio"]
    assert shown == evaluated(story, watched)


def test_what_timelines_of_sealed_items_tell_is_told_after_a_start() -> None:
    story = Story()
    for day in weekdays(0, 41):
        story.waited("basket", "platform", day, "09:00", "17:00")
        key, cause = story.ticket("inc"), {"cause_team": "platform"}
        story.tell("incident.opened", day, "10:00", key, team="basket", **cause)
        story.tell("incident.mitigated", day, "11:00", key)
        story.tell("incident.resolved", day, "12:00", key)
    watched = Watched(story, 45)
    watched.send(*story.events)
    before, runner = watched.at(60), watched.process.runner
    assert "hard_interfaces" in before["signal_ratio"]
    watched.seal(59, 60)
    assert len(list(runner.state.scan("sealed"))) > 40
    watched.process.start()
    watched.go_on()
    assert watched.at(60) == before
