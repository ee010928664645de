"""Marks beside notes: what items say to the signals is what is true of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

import pytest

from monitor.domain.decided import decision_word, role_word
from monitor.domain.items import FOREVER
from monitor.domain.marks import Mark, Sort
from monitor.pipeline.batch import stored_marks
from monitor.simulate.bodies.jira_things import Site
from monitor.simulate.notes import Note, NoteSort
from monitor.simulate.settings import ORDERLY, Disorder, Simulation
from monitor.simulate.world import SimulatedWorld, simulate
from tests.e2e.test_true_ledger import batch_of, called_first, lives_of
from tests.e2e.test_true_ledger import differences as costs_differ
from tests.e2e.worlds import troubled

SORTS: Final[Mapping[Sort, NoteSort]] = {
    Sort.USE: "uses",
    Sort.TOPIC: "asked",
    Sort.COMPLAINT: "complained",
    Sort.HOW_TO: "how_to",
    Sort.TROUBLE: "trouble",
    Sort.DECISION: "decided",
    Sort.BACKLOG: "triaged",
    Sort.POSTPONED: "postponed",
    Sort.DEPLOY: "deployed",
    Sort.FINDING: "found",
}
Said = dict[str, Counter[Note]]


def note_of(mark: Mark) -> Note:
    """What a mark says, as a plan would note it: how long, and how, are no notes."""
    lasts = mark.sort in (Sort.USE, Sort.BACKLOG, Sort.FINDING)
    until = mark.end if lasts and mark.end != FOREVER else 0
    detail = "" if mark.sort is Sort.POSTPONED else mark.detail
    who = (mark.team, mark.on_team)
    return Note(SORTS[mark.sort], mark.start, *who, mark.word, detail, until)


def as_compared(note: Note) -> Note:
    """Decisions in the words that the product keeps of them."""
    if note.sort != "decided":
        return note
    what, detail = decision_word(note.what), role_word(note.detail)
    return note._replace(what=what, detail=detail)


def seen(world: SimulatedWorld, first: Mapping[str, str]) -> Said:
    """What the product's marks say, by item."""
    batch = batch_of(world)
    found: Said = defaultdict(Counter)
    for mark in stored_marks(batch.state, batch.directory, batch.rules):
        found[first.get(mark.item, mark.item)][note_of(mark)] += 1
    return found


def noted(world: SimulatedWorld, first: Mapping[str, str]) -> Said:
    """What is true by the plan, by item."""
    until = world.config.until_ms
    found: Said = defaultdict(Counter)
    for life in lives_of(world):
        item = life.item_at(until)
        said = map(as_compared, life.notes_at(until))
        found[first.get(item, item)].update(said)
    return found


def differences(world: SimulatedWorld) -> list[tuple[str, str, Note]]:
    """What is true and not seen, and what is seen and not true."""
    return list(_differences(world))


def _differences(world: SimulatedWorld) -> Iterator[tuple[str, str, Note]]:
    first = called_first(world)
    found, truth = seen(world, first), noted(world, first)
    for item in sorted({*found, *truth}):
        for note in (truth[item] - found[item]).elements():
            yield item, "not seen", note
        for note in (found[item] - truth[item]).elements():
            yield item, "not true", note


USUAL: Final = {"trouble", "decided", "triaged", "postponed", "deployed"}


def sorts(world: SimulatedWorld) -> set[str]:
    """Which sorts of notes there are."""
    return {note.sort for said in noted(world, {}).values() for note in said}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_measured_is_true_on_complete_but_disorderly_records(seed: int) -> None:
    """Marks are the true notes, and costs the true ledger."""
    world = simulate(Simulation(teams=12, days=30, seed=seed))
    assert differences(world) == []
    assert sorts(world) == USUAL
    assert costs_differ(world) == []


def test_marks_are_the_true_notes_on_orderly_records() -> None:
    world = simulate(Simulation(teams=5, days=12, seed=7, disorder=ORDERLY))
    assert differences(world) == []


@pytest.mark.slow
@pytest.mark.parametrize("site", ["cloud", "server"])
def test_marks_are_the_true_notes_in_a_troubled_world(site: Site) -> None:
    """Where there are all sorts of them, and the costs are the true ones, too."""
    world = troubled(3, jira_share=1.0, jira_site=site)
    assert differences(world) == []
    assert sorts(world) == set(SORTS.values())
    assert costs_differ(world) == []


@pytest.mark.parametrize("seed", [9, 12])
@pytest.mark.parametrize("site", ["cloud", "server"])
def test_marks_are_the_true_notes_whatever_happens_in_jira(
    site: Site, seed: int
) -> None:
    disorder = Disorder(late_share=0.05, repeated_share=0.05, redelivered_share=0.05)
    config = Simulation(
        teams=6, days=25, seed=seed, disorder=disorder, jira_share=1.0, jira_site=site
    )
    assert differences(simulate(config)) == []
    assert differences(simulate(replace(config, jira_ways="all"))) == []


def test_lost_records_are_noticed() -> None:
    """The comparison can fail: with records lost, marks are not the true notes."""
    config = Simulation(teams=6, days=14, complete=False, lost_share=0.2)
    assert differences(simulate(config))
