"""Values of a tracker's team field are teams; a component is its project's team's."""

from __future__ import annotations

from monitor.directory.proposing import propose
from monitor.domain.facts import Fact, Fields, Kind
from monitor.domain.teams import always
from tests.unit.directory.sighted import claims, fact, proposed, seen, written

CREATED, ASSIGNED = Kind.TICKET_CREATED, Kind.TICKET_ASSIGNED
UUID = "jira:team:36885b3c-1bf0"


def ticket(key: str, *areas: str) -> Fact:
    """A ticket that was created with these areas."""
    return fact(CREATED, key, {"project": key.partition("-")[0], "areas": [*areas]})


def handed(key: str, before: list[str], after: list[str]) -> Fact:
    """A ticket whose areas changed."""
    project = key.partition("-")[0]
    said: Fields = {"project": project, "areas": after}
    return fact(
        ASSIGNED, key, {**said, "areas_before": before, "project_before": project}
    )


def test_a_value_of_a_team_field_is_a_team_by_its_name() -> None:
    found = proposed(ticket("CHK-1", UUID, "jira:team:Web Shop"), ticket("CHK-2"))
    assert found["web shop"] == ["project CHK", "area jira:team:web shop"]


def test_both_ends_of_a_handover_are_seen() -> None:
    found = proposed(handed("CHK-1", ["jira:team:Search"], ["jira:team:Data"]))
    assert found == {
        "chk": ["project CHK"],
        "search": ["area jira:team:search"],
        "data": ["area jira:team:data"],
    }


def test_the_line_is_one_of_a_group_and_is_read_as_the_value() -> None:
    text, directory = written([ticket("CHK-1", "jira:team:Web Shop")])
    assert '- group: "jira:team:web shop"  # 1 ticket' in text
    assert directory.group("jira:team:Web Shop") == always("web shop")


def test_a_number_that_stands_for_one_name_is_no_team() -> None:
    named = [UUID, "jira:team:Payments"]
    assert set(proposed(ticket("A-1", *named), ticket("A-2", *named))) == {"payments"}


def test_values_of_two_fields_are_all_teams() -> None:
    """Two squads of one tribe: neither is the other's number."""
    squads = [
        ticket("A-1", "jira:team:Reds", "jira:team:Tribe"),
        ticket("B-1", "jira:team:Blues", "jira:team:Tribe"),
    ]
    assert {"reds", "blues", "tribe"} <= set(proposed(*squads))


def test_a_value_that_stands_alone_somewhere_is_a_team() -> None:
    tickets = [
        ticket("A-1", "jira:team:Reds", "jira:team:Tribe"),
        ticket("A-2", "jira:team:Reds"),
    ]
    assert {"reds", "tribe"} <= set(proposed(*tickets))


def test_value_group_and_stated_team_of_one_name_are_one_team() -> None:
    review = fact(Kind.CHANGE_REVIEW_REQUESTED, "acme/x#1", {"group": "@acme/payments"})
    blocked = fact(Kind.TICKET_BLOCKED, "B-1", {"on_team": "Payments"})
    found = proposed(ticket("A-1", "jira:team:Payments"), review, blocked)
    assert {"group @acme/payments", "area jira:team:payments"} <= set(found["payments"])


def test_a_project_is_the_team_whose_field_most_of_its_tickets_have() -> None:
    tickets = [
        ticket("SHOP-1", "jira:team:Payments"),
        ticket("SHOP-2", "jira:team:Payments"),
        ticket("SHOP-3", "jira:team:Search"),
        ticket("SHOP-4"),
    ]
    found = proposed(*tickets)
    assert found["payments"] == ["project SHOP", "area jira:team:payments"]
    assert found["search"] == ["area jira:team:search"]
    undecided = proposed(*tickets, ticket("SHOP-5", "jira:team:Search"))
    assert undecided["shop"] == ["project SHOP"]


def test_a_component_is_written_where_its_tickets_name_another_team() -> None:
    till, shelf = "jira:component:SHOP/Till", "jira:component:SHOP/Shelf"
    facts = [
        *(ticket(f"SHOP-{n}", "jira:team:Shop") for n in range(5)),
        ticket("SHOP-5", "jira:team:Payments", till),
        ticket("SHOP-6", "jira:team:Payments", till),
        ticket("SHOP-7", "jira:team:Shop", till, shelf),
        ticket("SHOP-8", shelf),
    ]
    proposal = propose(seen(facts))
    assert claims(proposal)["payments"] == [
        "area jira:team:payments",
        "component jira:component:shop/till",
    ]
    (line,) = (x for t in proposal.teams for x in t.lines if x.seen.name.endswith("l"))
    assert line.why == ("2 of 3 tickets that name a team name jira:team:payments")
    assert dict(proposal.left_out) == {
        "components that stay with their project's team": 1
    }
    text, directory = written(facts)
    assert '- group: "jira:component:shop/till"' in text
    assert directory.group(till) == always("payments")
    assert directory.group(shelf) is None


def test_a_persons_name_in_a_team_field_is_no_team() -> None:
    acting = fact(Kind.TICKET_STARTED, "A-1", {}, {"actor": "jira:somebody"})
    facts = [ticket("A-1", "jira:team:Somebody"), acting]
    assert set(proposed(*facts)) == {"a"}
    assert dict(propose(seen(facts)).left_out) == {
        "values of team fields that are persons', or nameless": 1
    }


def test_who_hands_tickets_over_asks_for_the_receivers_work() -> None:
    facts = [
        handed(f"{project}-1", [], ["jira:team:Tools"]) for project in ("A", "B", "C")
    ]
    asked = {team.id: team.asked_by for team in propose(seen(facts)).teams}
    assert asked == {"a": 0, "b": 0, "c": 0, "tools": 3}
    (tools,) = (team for team in propose(seen(facts)).teams if team.id == "tools")
    assert tools.is_platform
