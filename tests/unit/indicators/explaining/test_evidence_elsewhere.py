"""Evidence of what lies outside an item's flight, or is told by other things."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from monitor.domain.facts import Fact
from tests.harness.driving import directory_of
from tests.unit.indicators.explaining.test_evidence import PLATFORM, Asked, because
from tests.unit.indicators.history import TEAMS, blocker, done, fact, started

DATED = directory_of(
    TEAMS.replace("{service: till}", "{service: till, to: 2026-03-03}").replace(
        "{jira: SRCH}", "{jira: SRCH}, {service: till, from: 2026-03-03}"
    )
)


@pytest.mark.parametrize(
    ("segment", "since", "ended"),
    [
        ("checkout>platform incident response", "Mon 20:00", "waits changed"),
        ("checkout>platform incident response", "Mon 22:00", "owner changed"),
        ("search>platform incident response", "Tue 00:00", "cap"),
    ],
)
def test_an_incident_whose_service_changes_hands_says_so(
    segment: str, since: str, ended: str
) -> None:
    facts = (
        fact("incident.opened", "Mon 20:00", "INC-5", service="till"),
        fact("incident.opened", "Mon 22:00", "INC-5", responders=2),
        fact("incident.mitigated", "Wed 09:00", "INC-5", cause_teams=["platform"]),
    )
    asked = Asked("", "", facts, segment, since, key="INC-5")
    assert because(asked, DATED).ended == ended


@pytest.mark.parametrize(
    ("segment", "since", "ended"),
    [
        ("checkout>platform incident response", "Mon 20:00", "owner changed"),
        ("search>platform incident response", "Mon 21:00", "waits changed"),
        ("search>platform incident response", "Mon 22:00", "closed"),
        ("checkout>data deploy_approval acute", "Mon 20:30", "closed"),
    ],
)
def test_an_incident_that_comes_to_another_team_says_so(
    segment: str, since: str, ended: str
) -> None:
    """Whatever a deploy that mends it does at that instant."""
    asked: Any = {"item": "INC-5", "on_team": "data", "service": "till"}
    facts = (
        fact("incident.opened", "Mon 20:00", "INC-5", team="checkout"),
        fact("deploy.approval_requested", "Mon 20:30", "D", **asked),
        fact("incident.opened", "Mon 21:00", "INC-5", team="search"),
        fact("incident.opened", "Mon 22:00", "INC-5", team="search", responders=2),
        fact("incident.resolved", "Tue 09:10", "INC-5", cause_teams=["platform"]),
        fact("deploy.approval_decided", "Tue 09:10", "D", decision="approved"),
    )
    told = Asked("", "", facts, segment, since, key="INC-5")
    assert because(told).ended == ended


def test_a_failed_deploy_outside_flight_ends_at_its_cap() -> None:
    """Ten working days after Monday 10:00, two weeks on."""
    facts = (
        started(),
        done("Mon 09:30"),
        fact(
            "deploy.finished",
            "Mon 10:00",
            "d",
            item="CHK-1",
            service="till",
            outcome="failure",
            cause_teams=["platform"],
        ),
    )
    asked = Asked("", "", facts, f"{PLATFORM} deploy_failure chronic", "Mon 10:15")
    assert because(asked).ended == "cap"


def freeze(name: str, team: str, start: str, end: str, **scope: Any) -> list[Fact]:
    return [
        fact("freeze.started", start, name, on_team=team, **scope),
        fact("freeze.ended", end, name),
    ]


def frozen(others: dict[str, list[Fact]], *facts: Fact) -> Asked:
    told = {name: blocker(*said, key=name)[name] for name, said in others.items()}
    return Asked(
        "",
        "",
        (started(), fact("deploy.ready", "Mon 10:00", "d", item="CHK-1"), *facts),
        f"{PLATFORM} deploy_freeze acute",
        "Mon 11:00",
        blockers=told,
        others=others,
    )


def test_a_freeze_is_named_by_who_began_it() -> None:
    """Whoever starts it again while it is on changes nothing."""
    again = fact("freeze.started", "Mon 11:00", "F-1", on_team="search")
    others = {"F-1": [again, *freeze("F-1", "platform", "Mon 11:00", "Mon 12:00")]}
    (reason,) = because(frozen(others)).reasons
    assert [one.fields["on_team"] for one in reason.opened] == ["platform"]


def test_another_freeze_of_the_same_instant_is_not_named_beside_it() -> None:
    """That one holds up another team's deploys; this one holds with the owner again."""
    others = {
        "F-1": freeze("F-1", "platform", "Mon 09:30", "Mon 12:00", teams=["checkout"]),
        "F-2": freeze("F-2", "data", "Mon 11:00", "Mon 12:00", teams=["berlin"]),
        "F-3": freeze("F-3", "data", "Mon 10:30", "Mon 11:00", teams=["berlin"]),
    }
    handed = (
        fact("ticket.started", "Mon 10:30", "CHK-1", team="search"),
        fact("ticket.started", "Mon 11:00", "CHK-1", team="checkout"),
    )
    found = because(frozen(others, *handed))
    (reason,) = found.reasons
    assert {one.entity for one in reason.opened} == {"d", "CHK-1"}


def test_what_began_with_a_freeze_names_no_other_freeze() -> None:
    others = {
        "F-1": freeze("F-1", "platform", "Mon 11:00", "Mon 12:00"),
        "F-2": freeze("F-2", "data", "Mon 11:00", "Mon 12:00", teams=["berlin"]),
    }
    working = replace(frozen(others), segment="checkout feature", since="Mon 09:00")
    (reason,) = because(working).reasons
    assert [one.entity for one in reason.closed] == ["F-1"]


def test_a_link_to_an_incident_is_closed_by_its_resolution() -> None:
    """Beside what else happens at that instant."""
    incident = (
        fact("incident.opened", "Mon 09:00", "INC-5", team="platform"),
        fact("incident.resolved", "Mon 10:10", "INC-5"),
    )
    asked = Asked(
        "",
        "",
        (
            started(),
            fact("link.added", "Mon 10:00", "CHK-1", blocker="INC-5"),
            fact("ticket.commented", "Mon 10:10", "CHK-1"),
        ),
        f"{PLATFORM} dependency_link acute",
        "Mon 10:00",
        blockers=blocker(*incident, key="INC-5"),
        others={"INC-5": incident},
    )
    found = because(asked)
    (reason,) = found.reasons
    assert (found.ended, reason.closed) == ("closed", incident[1:])
