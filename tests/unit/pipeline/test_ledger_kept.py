"""The ledger goes with the timelines, whatever becomes of the items."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from monitor.domain.packed import unpack_timelines
from monitor.domain.timeline import Sort
from monitor.indicators.explaining.explain import Question, lines_of
from monitor.indicators.totals.ledger import BITS, Pair
from monitor.pipeline.batch import stored_timelines, timelines_behind
from monitor.pipeline.ports import StateReader
from tests.unit.pipeline.running import HOUR, MONDAY, TEAMS, Process, event

OTHER_TEAMS = f"{TEAMS}  - id: payments\n    owns: [{{jira: CHK}}]\n"


def ledger_of(state: StateReader) -> set[tuple[Pair, int, str]]:
    return {
        (pair, one.place.until, one.item)
        for pair in state.pairs()
        for one in state.charged(pair, sum(BITS.values()), -1)
    }


def of_timelines(state: StateReader) -> set[tuple[Pair, int, str]]:
    """The latest end by item and pair, of all accruing segments."""
    ends: dict[tuple[Pair, str], int] = {}
    for item, packed in state.scan("timelines"):
        for timeline in unpack_timelines(packed):
            for one in timeline.segments:
                if one.sort is not Sort.UNACCRUED:
                    key = ((one.team, one.on_team), item)
                    ends[key] = max(ends.get(key, 0), one.end)
    return {(pair, end, item) for (pair, item), end in ends.items()}


def lived(process: Process, names: Iterable[str]) -> None:
    for key in names:
        process.send(
            event("ticket.started", 0, key, team="checkout", work_class="feature"),
            event("ticket.blocked", 1, key, on_team="platform"),
        )


def test_the_ledger_follows_what_is_caught_up_and_what_comes_live() -> None:
    process = Process()
    lived(process, ["CHK-1", "CHK-2"])
    process.caught_up()
    assert ledger_of(process.state) == of_timelines(process.state) != set()
    caught_up = ledger_of(process.state)
    process.send(event("ticket.unblocked", 2, "CHK-1"))
    lived(process, ["CHK-3"])
    process.runner.turn()
    assert ledger_of(process.state) == of_timelines(process.state) != caught_up


def test_another_directory_makes_another_ledger() -> None:
    process = Process()
    lived(process, ["CHK-1"])
    process.send(event("ticket.started", 0, "CHK-9", work_class="feature"))
    process.caught_up()
    before = ledger_of(process.state)
    process.start(OTHER_TEAMS)
    assert ledger_of(process.state) == set()
    process.caught_up()
    assert ledger_of(process.state) == of_timelines(process.state) != before


@pytest.mark.parametrize("component", [None, "ticket_blocked", "active", "unaccrued"])
@pytest.mark.parametrize("on_team", [None, "platform", "nobody"])
@pytest.mark.parametrize("begin", [-(2**62), MONDAY + HOUR, MONDAY + 3 * HOUR])
def test_the_ledger_leads_to_all_that_makes_a_number(
    component: str | None, on_team: str | None, begin: int
) -> None:
    process = Process()
    lived(process, ["CHK-1", "CHK-2"])
    process.send(event("ticket.unblocked", 2, "CHK-1"))
    process.send(event("ticket.started", 0, "PLT-1", team="platform"))
    process.caught_up()
    state, directory = process.state, process.runner.directory
    end = MONDAY + 60 * 24 * HOUR  # long after its blocked items are stale
    question = Question("checkout", on_team, component, begin, end)
    found = timelines_behind(state, question)
    everything = stored_timelines(state)
    assert lines_of(found, question, directory) == lines_of(
        everything, question, directory
    )
    if component != "unaccrued":
        assert len(found) < len(everything)
    elif on_team is None:
        assert lines_of(found, question, directory)
