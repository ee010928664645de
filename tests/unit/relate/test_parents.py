"""Indicators 1.2, link upward: to which entity an entity directly belongs."""

from __future__ import annotations

from typing import Any, cast

import pytest

from monitor.domain.facts import Fields, Kind
from monitor.domain.making import make_fact
from monitor.relate.parents import (
    Projects,
    branch_ticket,
    is_epic,
    parents_named,
    stated_changes,
    stated_parents,
)
from monitor.relate.rows import Section


def first_stated(section: Section, projects: Projects = None) -> str | None:
    return next(stated_parents(section, projects), None)


def section(kind: Kind, *said: dict[str, Any], entity: str = "it") -> Section:
    """A thing whose facts say one thing after the other."""
    facts = [
        make_fact(kind, 1_000 + n, entity, "s", cast("Fields", fields))
        for n, fields in enumerate(said)
    ]
    return Section(entity, None, {fact.identity: fact for fact in facts})


CHANGE, RUN, DEPLOY = Kind.CHANGE_OPENED, Kind.RUN_QUEUED, Kind.DEPLOY_READY
PARENTS: dict[str, tuple[Section, str | None]] = {
    "an explicit item comes first": (
        section(CHANGE, {"item": "A-1", "tickets": ["B-1"]}),
        "A-1",
    ),
    "the latest explicit item holds": (
        section(CHANGE, {"item": "A-1"}, {"item": "A-2"}, {}),
        "A-2",
    ),
    "an item that is the thing itself is none": (section(CHANGE, {"item": "it"}), None),
    "a change's first ticket": (section(CHANGE, {"tickets": ["A-1", "B-1"]}), "A-1"),
    "the tickets of its latest text, for its whole history": (
        section(CHANGE, {"tickets": ["A-1"]}, {"tickets": ["B-1"]}),
        "B-1",
    ),
    "a text that names none any more": (
        section(CHANGE, {"tickets": ["A-1"]}, {"tickets": []}),
        None,
    ),
    "a change that names none is an item itself": (section(CHANGE, {}), None),
    "a sub-task's parent": (section(Kind.TICKET_CREATED, {"parent": "A-1"}), "A-1"),
    "a ticket taken out of its parent": (
        section(Kind.TICKET_CREATED, {"parent": "A-1"}, {"parent": ""}),
        None,
    ),
    "a ticket that names itself as its parent": (
        section(Kind.TICKET_CREATED, {"parent": "it"}),
        None,
    ),
    "a run's change": (section(RUN, {"change": "shop#7"}), "shop#7"),
    "a run's explicit item": (section(RUN, {"change": "c", "item": "A-1"}), "A-1"),
    "a deploy that names exactly one item": (
        section(DEPLOY, {"items": ["A-1"]}),
        "A-1",
    ),
    "a deploy that names several states none of them": (
        section(DEPLOY, {"items": ["A-1"]}, {"items": ["A-2"]}),
        None,
    ),
    "an incident is always its own root (design 11.19)": (
        section(Kind.INCIDENT_OPENED, {"item": "A-1"}),
        None,
    ),
    "a freeze is": (section(Kind.FREEZE_STARTED, {"item": "A-1"}), None),
    "a finding is": (section(Kind.FINDING_OPENED, {"item": "A-1"}), None),
    "a thing without facts has no parent": (section(CHANGE), None),
}


@pytest.mark.parametrize("name", PARENTS)
def test_first_stated(name: str) -> None:
    thing, expected = PARENTS[name]
    assert first_stated(thing) == expected


TEXTS: dict[str, tuple[Section, str | None]] = {
    "the first of a known project": (
        section(CHANGE, {"tickets": ["A-1", "B-1"]}),
        "B-1",
    ),
    "none of a known project": (section(CHANGE, {"tickets": ["A-1", "AB-1"]}), None),
    "an issue of a repository is of no project": (
        section(CHANGE, {"tickets": ["A-1", "acme/shop#2", "B-1"]}),
        "acme/shop#2",
    ),
    "a later text that names none of them says nothing": (
        section(
            CHANGE, {"tickets": ["B-1"]}, {"tickets": ["B-2"]}, {"tickets": ["A-1"]}
        ),
        "B-2",
    ),
    "what is stated is no text": (section(CHANGE, {"item": "A-1"}), "A-1"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_of_a_text_only_tickets_of_known_projects_count(name: str) -> None:
    thing, expected = TEXTS[name]
    assert first_stated(thing, frozenset({"B"})) == expected


def test_a_runs_branch_names_tickets_of_known_projects_only() -> None:
    run = section(RUN, {"tickets": ["A-1", "B-1"]})
    assert branch_ticket(run, frozenset({"B"})) == "B-1"
    assert branch_ticket(run, frozenset()) is None


def test_a_runs_candidates_are_those_of_all_its_facts() -> None:
    run = section(RUN, {"changes": ["a", "b"]}, {"changes": ["c"]}, {})
    assert stated_changes(run) == {"a", "b", "c"}


def test_only_a_run_is_of_the_ticket_its_branch_names() -> None:
    said = {"tickets": ["A-1", "B-1"]}
    assert branch_ticket(section(RUN, said), None) == "A-1"
    assert branch_ticket(section(RUN, {}), None) is None
    assert branch_ticket(section(CHANGE, said), None) is None


def test_every_parent_a_fact_may_make() -> None:
    said = {"item": "A-1", "change": "c", "tickets": ["B-1", "B-2"]}
    (told,) = section(RUN, said).facts.values()
    (silent,) = section(RUN, {}).facts.values()
    assert list(parents_named(told)) == ["A-1", "c", "B-1"]
    assert list(parents_named(silent)) == []


@pytest.mark.parametrize(
    ("said", "epic"),
    [
        ([], False),
        ([{}], False),
        ([{"epic": True}], True),
        ([{"epic": True}, {"epic": False}], False),
    ],
)
def test_the_latest_word_makes_an_epic(said: list[dict[str, Any]], epic: bool) -> None:
    assert is_epic(section(Kind.TICKET_UPDATED, *said).said) is epic
