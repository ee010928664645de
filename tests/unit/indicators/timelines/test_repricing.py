"""Waits split anew from segments alone are split as their facts would have it."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain.model import DEFAULT_MODEL, Model
from monitor.domain.sealed import Sealed, seal, unseal
from monitor.domain.teams import BEGINNING, Directory
from monitor.domain.timeline import Segment, Sort, Timeline
from monitor.indicators.evaluate import evaluate, sweeps_of
from monitor.indicators.timelines.repricing import repriced
from monitor.indicators.totals.instant import amount_between
from monitor.relate.packed_rows import unpack
from tests.harness.driving import Drive, directory_of, facts_of
from tests.harness.histories import History, histories
from tests.harness.plain_calendar import instant
from tests.harness.scenarios import teams_yaml
from tests.unit.indicators.history import DIRECTORY, at, done, fact, item_of, started

MINUTE = 60_000
HOUR = 60 * MINUTE


def priced(d0_ms: int) -> Model:
    return Model(d0_ms=d0_ms)


def worth(
    timeline: Timeline, directory: Directory, until: int
) -> Counter[tuple[str, ...]]:
    """Amounts by whatever a segment is, up to an instant."""
    amounts: Counter[tuple[str, ...]] = Counter()
    for segment in timeline.segments:
        sort, team, on_team, component, phase, *_ = segment
        amount = amount_between(segment, directory, BEGINNING, until)
        amounts[sort, team, on_team, component, phase] += amount
    return +amounts


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(
    histories(most=10),
    st.sampled_from([0, MINUTE, 15 * MINUTE, 3 * HOUR, 30 * HOUR]),
    st.sampled_from([0, 15 * MINUTE, 8 * HOUR]),
)
def test_pricing_segments_anew_is_pricing_facts_anew(
    history: History, d0_ms: int, before_ms: int
) -> None:
    directory = directory_of(teams_yaml(history.world))
    drive = Drive(directory, instant(history.instants[-1]))
    drive.take(facts_of(history.events, directory))
    for _, packed in drive.state.scan("items"):
        item = unpack(packed).item(directory)
        sealed = Sealed(
            drive.now,
            tuple(
                sorted(
                    {
                        flight.start
                        for sweep in sweeps_of(item, directory, priced(before_ms))
                        for flight in sweep.flights
                    }
                    - {BEGINNING}
                )
            ),
            evaluate(item, directory, priced(before_ms)),
        )
        kept = unseal(item.key, seal(item.key, sealed))
        expected = evaluate(item, directory, priced(d0_ms))
        found = repriced(kept, directory, d0_ms).timelines
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert one.waits == other.waits
            points = {s.end for s in one.segments} | {s.end for s in other.segments}
            for until in (*sorted(points), drive.now):
                assert worth(one, directory, until) == worth(other, directory, until)


def acute(timeline: Timeline) -> float:
    return sum(
        amount / 720_720 / 720_720 / 1_000
        for key, amount in worth(timeline, DIRECTORY, at("Fri+3 17:00")).items()
        if key[4] == "acute"
    )


BLOCKED = (
    started(),
    fact("ticket.blocked", "Mon 10:00", "CHK-1", on_team="platform"),
    fact("ticket.unblocked", "Mon 10:10", "CHK-1"),
    fact("ticket.blocked", "Mon 11:00", "CHK-1", on_team="platform"),
    fact("ticket.unblocked", "Mon 17:00", "CHK-1"),
    fact("ticket.blocked", "Tue 09:00", "CHK-1", on_team="search"),
    fact("ticket.unblocked", "Tue 11:00", "CHK-1"),
    done("Tue 12:00"),
)


@pytest.mark.parametrize(
    ("d0_ms", "seconds"),
    [
        (0, 0),
        (10 * MINUTE, 600 + 600),
        # The night between the second and the third is no working time: one episode.
        (7 * HOUR, 600 + 7 * 3_600),
        (40 * HOUR, 600 + 8 * 3_600),
    ],
)
def test_active_time_ends_an_episode_and_a_night_does_not(
    d0_ms: int, seconds: int
) -> None:
    timelines = evaluate(item_of(BLOCKED), DIRECTORY, DEFAULT_MODEL)
    (found,) = repriced(
        Sealed(0, (at("Mon 09:00"),), timelines), DIRECTORY, d0_ms
    ).timelines
    assert acute(found) == seconds


def test_leaving_flight_ends_an_episode_even_in_a_night() -> None:
    """Segments alone would not tell: that is what the breaks are kept for."""
    facts = (
        *BLOCKED[:4],
        fact("ticket.parked", "Mon 17:00", "CHK-1"),
        fact("ticket.started", "Tue 09:00", "CHK-1"),
        fact("ticket.unblocked", "Tue 11:00", "CHK-1"),
        done("Tue 12:00"),
    )
    timelines = evaluate(item_of(facts), DIRECTORY, DEFAULT_MODEL)
    breaks = (at("Mon 09:00"), at("Tue 09:00"))
    (kept,) = repriced(Sealed(0, breaks, timelines), DIRECTORY, 3 * HOUR).timelines
    assert acute(kept) == 600 + 3 * 3_600 + 2 * 3_600
    (joined,) = repriced(
        Sealed(0, breaks[:1], timelines), DIRECTORY, 3 * HOUR
    ).timelines
    assert acute(joined) == 600 + 3 * 3_600


def test_a_deploy_that_does_not_wait_outside_flight_ends_the_episode() -> None:
    """That time is in no segment at all."""
    facts = (
        fact(
            "deploy.approval_requested",
            "Mon 10:00",
            "d",
            team="checkout",
            on_team="platform",
        ),
        fact("deploy.approval_decided", "Mon 10:10", "d", on_team="platform"),
        fact("deploy.approval_requested", "Mon 11:00", "d", on_team="search"),
        fact("deploy.approval_decided", "Mon 12:00", "d", on_team="search"),
    )
    timelines = evaluate(item_of(facts, "d"), DIRECTORY, DEFAULT_MODEL)
    found = repriced(Sealed(0, (), timelines), DIRECTORY, 30 * MINUTE).timelines
    assert sum(map(acute, found)) == 600 + 1_800


def test_active_time_on_another_teams_calendar_ends_the_episode() -> None:
    """In the night of the team that waits, the other team has worked on it."""
    facts = (
        *BLOCKED[:1],
        fact("ticket.blocked", "Mon 16:50", "CHK-1", on_team="platform"),
        fact("ticket.unblocked", "Mon 17:00", "CHK-1"),
        fact("ticket.accepted", "Mon 17:00", "CHK-1", team="always"),
        fact("ticket.accepted", "Tue 09:00", "CHK-1", team="checkout"),
        fact("ticket.blocked", "Tue 09:00", "CHK-1", on_team="platform"),
        fact("ticket.unblocked", "Tue 11:00", "CHK-1"),
        done("Tue 12:00"),
    )
    timelines = evaluate(item_of(facts), DIRECTORY, DEFAULT_MODEL)
    breaks = (at("Mon 09:00"),)
    (found,) = repriced(Sealed(0, breaks, timelines), DIRECTORY, 30 * MINUTE).timelines
    assert acute(found) == 600 + 1_800


def test_a_pause_for_staleness_does_not_end_an_episode() -> None:
    facts = (
        *BLOCKED[:1],
        fact("ticket.blocked", "Mon 10:00", "CHK-1", on_team="platform"),
        fact("ticket.commented", "Mon+3 09:00", "CHK-1"),
        fact("ticket.unblocked", "Mon+3 11:00", "CHK-1"),
        done("Mon+3 12:00"),
    )
    timelines = evaluate(item_of(facts), DIRECTORY, DEFAULT_MODEL)
    breaks = (at("Mon 09:00"),)
    (found,) = repriced(Sealed(0, breaks, timelines), DIRECTORY, 81 * HOUR).timelines
    # Ten working days from the flag on, then stale; two hours after that.
    assert acute(found) == 81 * 3_600


def test_what_is_no_halting_wait_stays_as_it_is() -> None:
    response = Segment(
        Sort.WAIT, "search", "platform", "incident", "response", 1, 5, 7, "wall"
    )
    timeline = Timeline("INC-1", (response,))
    sealed = Sealed(9, (), (timeline,))
    assert repriced(sealed, DIRECTORY, HOUR) == sealed
