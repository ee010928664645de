"""Days of cost and work, cut out of the true ledger by hand."""

from __future__ import annotations

from fractions import Fraction

from monitor.domain.working_time import Hours, calendar_of
from monitor.simulate.promises import Promise
from monitor.simulate.truth.costs import Entry
from monitor.simulate.truth.true_days import TrueDay, by_day, people_on
from tests.unit.simulate.truth.true_worlds import FIRST, TEAMS, Told, at, date, team_of

OFFICE = calendar_of(Hours())


def wait(start: int, end: int, component: str, share: Fraction = Fraction(1)) -> Entry:
    names = ("checkout", "platform", component, "chronic")
    return Entry("X-1", "wait", *names, start, end, 0, share)


def test_an_entry_is_cut_at_midnight_by_the_calendar() -> None:
    """Friday 16:00 to Monday 10:00 is an hour of each; of the weekend nothing."""
    entry = wait(at(4, "16:00"), at(7, "10:00"), "ticket_blocked", Fraction(1, 3))
    days = dict(by_day(entry, OFFICE))
    assert days == {FIRST + 4: Fraction(1_200), FIRST + 7: Fraction(1_200)}


def test_an_incident_is_cut_at_midnight_by_the_wall() -> None:
    """Two responders from 20:00 to 02:00."""
    entry = wait(at(0, "20:00"), at(1, "02:00"), "incident", Fraction(2))
    days = dict(by_day(entry, OFFICE))
    assert days == {FIRST: Fraction(28_800), FIRST + 1: Fraction(14_400)}


def test_a_day_has_what_signals_ask_for() -> None:
    told = Told()
    told.waited(0, 900, "platform", phase="acute")
    told.waited(0, 3_600, "search", "review_wait", phase="chronic")
    told.waited(0, 600, "security", "deploy_approval", team="search", phase="response")
    told.waited(0, 100, "search", "ci_flaky")
    told.worked(0, 5_000)
    told.worked(0, 700, "debt", team="search")
    assert told.history.days == {
        FIRST: TrueDay(
            cost={
                "checkout": Fraction(900 + 900 + 100),
                "search": Fraction(600),
            },
            tooling=Fraction(900 + 600 + 100),
            flaky=Fraction(100),
            active={"feature": Fraction(5_000), "debt": Fraction(700)},
            named={
                "platform": Fraction(900),
                "search": Fraction(900 + 100),
                "security": Fraction(600),
            },
        )
    }


def test_who_builds_no_features_is_in_what_is_named_only() -> None:
    told = Told()
    told.waited(0, 900, "search", "ci_flaky", team="platform")
    told.worked(0, 900, team="security")
    assert told.history.days == {FIRST: TrueDay(named={"search": Fraction(900)})}
    assert told.history.first is None


def test_nobody_and_others_are_in_no_cost() -> None:
    told = Told()
    told.waited(0, 900, "unknown")
    told.waited(0, 900, "external")
    assert told.history.days == {}


def test_a_promise_holds_from_its_first_day_to_before_its_last() -> None:
    promise = Promise("platform", ("checkout",), date(1), date(3))
    told = Told(promises=(promise, Promise("search", ("*",), None, None)))
    for day in range(4):
        told.waited(day, 100)
        told.waited(day, 10, "search", team="security")
        told.waited(day, 1, "platform", team="payments")
    days = told.history.days
    promised = [days[FIRST + day].promised for day in range(4)]
    assert [found.get("platform", 0) for found in promised] == [0, 100, 100, 0]
    assert [found["search"] for found in promised] == [10, 10, 10, 10]
    assert days[FIRST + 1].named == {"platform": 101, "search": 10}


def test_people_are_those_of_the_day() -> None:
    """Capacity of Friday and Monday: 3 and 5 people for eight hours each."""
    grown = team_of("basket", "stream", (None, 3), (date(7), 5))
    assert [people_on(grown, FIRST + day) for day in (6, 7)] == [3, 5]
    history = Told(teams=(grown, *TEAMS[-2:])).history
    assert history.capacity(range(FIRST + 4, FIRST + 8)) == (3 + 5) * 28_800
    assert history.engineers(FIRST + 7) == 5


def test_history_begins_with_the_first_note_or_time_of_a_stream_team() -> None:
    told = Told()
    told.worked(3, 100)
    assert told.history.first == FIRST + 3
    told.note("found", 2, "security", what="cwe-1", detail="a")
    assert told.history.first == FIRST + 2
    assert told.history.reaches(range(FIRST + 2, FIRST + 9))
    assert not told.history.reaches(range(FIRST + 1, FIRST + 9))


def test_what_lasts_is_open_in_a_window_that_it_touches() -> None:
    told = Told()
    window = range(FIRST + 10, FIRST + 20)
    for first, last, is_open in (
        (5, 9.9, False),
        (5, 10, False),
        (5, 10.1, True),
        (5, None, True),
        (10, 10, True),
        (19.9, 30, True),
        (20, 30, False),
    ):
        told.note("found", first, "search", detail=str(is_open), until=last)
    history = told.history
    assert [n.detail for n in history.lasting("found", window)] == ["True"] * 4
    assert [n.time for n in history.began("found", window)] == [at(10), at(19.9)]
