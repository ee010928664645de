"""Notes of a plan: what is true for the signals, worked out by hand."""

from __future__ import annotations

import random

import pytest

from monitor.domain.working_time import HOUR
from monitor.simulate.draft import Draft
from monitor.simulate.life import Life, Outage
from monitor.simulate.notes import Note
from monitor.simulate.organisation import make_organisation
from monitor.simulate.settings import Simulation
from monitor.simulate.steps import noting, tracker

ORGANISATION = make_organisation(Simulation(teams=6))
BEGIN = 1_772_442_000_000  # Mon 2026-03-02 09:00 UTC


def draft_of(team: str, work_class: str = "feature", *labels: str) -> Draft:
    """A native ticket of a team, opened at BEGIN by checkout."""
    draft = Draft(ORGANISATION, ORGANISATION.named(team), random.Random(1), 7, BEGIN)
    draft.tracker, draft.work_class, draft.labels = "native", work_class, labels
    draft.opener = ORGANISATION.named("checkout")
    tracker.write_down(draft)
    return draft


def finished(draft: Draft) -> tuple[Note, ...]:
    """It is done an hour after BEGIN."""
    draft.now = BEGIN + HOUR
    tracker.finish(draft)
    return draft.finish().notes


@pytest.mark.parametrize(
    ("team", "work_class", "group"),
    [
        ("search", "feature", "feature"),
        ("search", "defect", ""),
        ("platform", "debt", "platform"),
        ("security", "feature", ""),
    ],
)
def test_a_ticket_is_in_the_group_of_whoever_it_was_first_meant_by(
    team: str, work_class: str, group: str
) -> None:
    draft = draft_of(team, work_class)
    noting.meant(draft)
    draft.owner = ORGANISATION.named("platform")
    noting.meant(draft)
    found = finished(draft)
    until = BEGIN + HOUR
    expected = Note("triaged", BEGIN, team, "", group, "done", until)
    assert found == ((expected,) if group else ())


def test_put_off_counts_from_when_it_is_meant_until_it_first_ends() -> None:
    draft = draft_of("platform", "debt")
    noting.moved_down(draft)
    noting.put_off(draft, "manager")
    draft.now += 1
    tracker.finish(draft)
    noting.put_off(draft)
    sorts = [
        (note.sort, note.time - BEGIN, note.detail) for note in draft.finish().notes
    ]
    assert sorts == [
        ("decided", 0, "manager"),
        ("decided", 1, ""),
        ("postponed", 0, ""),
        ("triaged", 0, "done"),
    ]


def test_labels_say_who_asks_whom_about_what() -> None:
    labels = ("tooling", "how-to", "platform", "component:ci", "CWE-79", "uses:ci/own")
    found = finished(draft_of("platform", "defect", *labels))
    until = BEGIN + HOUR
    assert found == (
        Note("asked", BEGIN, "checkout", "", "ci"),
        Note("complained", BEGIN, "checkout", "", "tooling"),
        Note("found", BEGIN, "platform", "", "cwe-79", "AAE-7", until),
        Note("how_to", BEGIN, "checkout", "platform"),
        # Natively labels are told once.
        Note("uses", BEGIN, "platform", "", "ci", "own", BEGIN),
    )


def test_a_question_to_oneself_is_none() -> None:
    assert finished(draft_of("checkout", "defect", "how-to")) == ()


def test_what_has_not_happened_yet_is_not_known() -> None:
    notes = (
        Note("triaged", 10, "search", "", "feature", "done", 30),
        Note("found", 10, "search", "", "cwe-79", "X-1", 30),
        Note("deployed", 20, "search", "", "ok"),
    )
    life = Life("X-1", notes=notes)
    assert life.notes_at(30) == notes
    assert life.notes_at(19) == (
        Note("triaged", 10, "search", "", "feature"),
        Note("found", 10, "search", "", "cwe-79", "X-1"),
    )
    assert life._replace(deleted=25).notes_at(25) == ()
    assert life._replace(deleted=25).notes_at(24)


def test_an_incident_is_nobodys_before_somebody_says_so() -> None:
    outage = Outage("search", 10, 30, ((30, ("platform",)),), 1)
    note = Note("trouble", 10, "search", "platform", "incident")
    life = Life("incident-1", outage=outage, notes=(note,))
    assert life.notes_at(29) == ()
    assert life.notes_at(30) == (note,)
