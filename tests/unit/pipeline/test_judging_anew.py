"""What nobody claims, asked with a teams file before the start that is due."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.teams import BEGINNING, Directory
from monitor.indicators.explaining.gaps import Gap, gaps_of
from monitor.pipeline import restating
from monitor.pipeline.batch import stored_facts, stored_items
from monitor.pipeline.judging_anew import items_under
from monitor.pipeline.ports import Changes
from monitor.pipeline.restating import OTHER_MODEL, OTHER_TEAMS, start_due
from tests.harness.driving import Drive, directory_of, facts_of
from tests.unit.indicators.explaining.test_gaps import AT, DONE, STARTED, event

CHECKOUT = "  - {id: checkout, owns: [{jira: CHK}]}\n"
PLATFORM = "  - {id: platform, owns: [{jira: PLT}, {repo: acme/infra}]}\n"
RUNNERS = "  - {id: runners}\n"
SOME = f"version: 1\nteams:\n{CHECKOUT}"
ALL = SOME + PLATFORM + RUNNERS
ONE, TWO, OTHER = map(directory_of, (SOME, ALL, SOME.replace("CHK", "PLT")))
# From nine to three; a run waits from ten to eleven, and the ticket of platform's
# blocks from noon to one. Platform's change is open from nine to noon.
EVENTS = (
    STARTED,
    event("run.queued", 10, "run-1", item="CHK-1", on_team="runners"),
    event("run.started", 11, "run-1", item="CHK-1"),
    event("ticket.created", 9, "PLT-2", project="PLT"),
    event("link.added", 12, blocker="PLT-2"),
    event("ticket.done", 13, "PLT-2"),
    DONE,
    event("change.opened", 9, "acme/infra#1", repo="acme/infra"),
    event("change.merged", 12, "acme/infra#1"),
)
ASKED = {
    "team:runners": 3_600,
    "project:PLT": 3_600,
    "repo:acme/infra": 3 * 3_600,
}


def gaps(driven: Drive, asked: Directory, *, anew: bool) -> list[Gap]:
    items = stored_items(driven.state, asked)
    if anew:
        items = items_under(driven.state, asked, DEFAULT_MODEL)
    facts_of_others = stored_facts(driven.state, asked)
    return gaps_of(items, asked, BEGINNING, AT, facts_of_others)


def driven_by(directory: Directory) -> Drive:
    driven = Drive(directory, AT)
    driven.take(facts_of(EVENTS, TWO))
    return driven


def test_a_file_that_claims_more_leaves_no_gap_that_it_claims() -> None:
    driven = driven_by(ONE)
    before = gaps(driven, ONE, anew=False)
    assert {gap.reference: gap.seconds for gap in before} == ASKED
    assert gaps(driven, TWO, anew=True) == []


@pytest.mark.parametrize("later", [ONE, TWO, OTHER])
@pytest.mark.parametrize("first", [ONE, TWO])
def test_it_is_what_a_start_with_the_file_comes_to(
    first: Directory, later: Directory
) -> None:
    driven = driven_by(first)
    found = gaps(driven, later, anew=True)
    driven.restart(later)
    assert found == gaps(driven, later, anew=False)


def test_the_state_tells_with_which_file_its_numbers_were_made() -> None:
    driven = driven_by(ONE)
    assert start_due(driven.state, ONE, DEFAULT_MODEL) == ""
    assert start_due(driven.state, TWO, DEFAULT_MODEL) == OTHER_TEAMS
    driven.restart(TWO)
    assert start_due(driven.state, TWO, DEFAULT_MODEL) == ""
    # A start is at it, or there was none yet.
    driven.state.commit(Changes(puts={"meta": {"basis": b"rebuilding"}}))
    assert start_due(driven.state, ONE, DEFAULT_MODEL) == ""
    driven.state.commit(Changes(puts={"meta": {"basis": None}}))
    assert start_due(driven.state, ONE, DEFAULT_MODEL) == ""


@pytest.mark.parametrize("name", ["d0_ms", "settle_ms", "idle_days"])
def test_the_state_tells_with_which_model_its_numbers_were_made(name: str) -> None:
    driven = driven_by(ONE)
    asked = replace(DEFAULT_MODEL, **{name: getattr(DEFAULT_MODEL, name) + 1})
    assert start_due(driven.state, ONE, asked) == OTHER_MODEL
    assert start_due(driven.state, TWO, asked) == OTHER_TEAMS


def test_the_state_tells_that_another_version_made_its_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    driven = driven_by(ONE)
    monkeypatch.setattr(restating, "_RULES", restating._RULES + 1)
    assert start_due(driven.state, ONE, DEFAULT_MODEL) == OTHER_MODEL
    driven.restart(ONE)
    assert start_due(driven.state, ONE, DEFAULT_MODEL) == ""
