"""What of an issue may own it, who did what, and of what it is a part."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.decode.settings import DecodeSettings
from tests.unit.decode.jira.jira_bodies import (
    APP,
    CHECKING,
    DOING,
    PERSON,
    TODO,
    fact_of,
    facts_of,
    issue,
    item,
    kinds_of,
    transition,
    updated,
    with_rules,
)

ID = "customfield_10001"
TEAMED = with_rules(team_fields=(ID, "squad"))


class TestAreas:
    @pytest.mark.parametrize(
        ("value", "areas"),
        [
            (
                {"id": "t-7", "name": "Payments"},
                ["jira:team:t-7", "jira:team:Payments"],
            ),
            ({"id": "10", "value": "Payments"}, ["jira:team:10", "jira:team:Payments"]),
            ("Payments", ["jira:team:Payments"]),
            ([{"value": "Payments"}], ["jira:team:Payments"]),
            (None, []),
            # A team of Advanced Roadmaps on a server; numbers may come as 36.0.
            (36, ["jira:team:36"]),
            (36.0, ["jira:team:36"]),
            ([36, "37"], ["jira:team:36", "jira:team:37"]),
            (True, []),
            (1.5, []),
            (10**400, [f"jira:team:1{400 * '0'}"]),
            # A person picked in a field that was taken for a team's.
            ({"accountId": "5b10", "name": "ada", "displayName": "Somebody"}, []),
            ({"name": "ada", "emailAddress": "ada@acme.example"}, []),
        ],
    )
    def test_a_team_field_is_referred_to_by_number_and_name(
        self, value: Any, areas: list[str]
    ) -> None:
        body = updated(issue(TODO, customfield_10001=value))
        created = fact_of("ticket.created", body, settings=TEAMED)
        assert created.fields["areas"] == areas

    def test_a_component_is_referred_to_with_its_project(self) -> None:
        shown = issue(TODO, components=[{"name": "Till"}, {"name": "Cart"}])
        created = fact_of("ticket.created", updated(shown))
        assert created.fields["areas"] == [
            "jira:component:CHK/Cart",
            "jira:component:CHK/Till",
        ]

    @pytest.mark.parametrize(
        "named",
        [
            {"field": "Team", "fieldId": "customfield_10001", "fieldtype": "custom"},
            {"field": "Squad", "fieldId": "", "fieldtype": "custom"},
        ],
    )
    def test_another_team_in_the_field_is_a_handover(self, named: Any) -> None:
        change = item("", "Search", "Payments", **{"from": "[t-1]", "to": "[t-7]"})
        body = updated(issue(TODO), change | named)
        handed = fact_of("ticket.assigned", body, settings=TEAMED)
        assert handed.fields["areas"] == ["jira:team:t-7", "jira:team:Payments"]
        assert handed.fields["areas_before"] == ["jira:team:t-1", "jira:team:Search"]
        assert handed.people == {"actor": "jira:5b10"}

    def test_the_creation_shows_the_team_before_the_change(self) -> None:
        named = {"fieldId": "customfield_10001", "fieldtype": "custom"}
        change = item("Team", "Search", "Payments", **{"from": "1", "to": "7"}) | named
        shown = issue(TODO, customfield_10001={"id": "7", "name": "Payments"})
        created = fact_of("ticket.created", updated(shown, change), settings=TEAMED)
        assert created.fields["areas"] == ["jira:team:1", "jira:team:Search"]

    def test_of_two_team_fields_one_may_change_without_the_other(self) -> None:
        settings = with_rules(team_fields=("customfield_1", "customfield_2"))
        shown = issue(TODO, customfield_1="Search", customfield_2="Payments")
        change = item("Helper", "Data", "Payments") | {"fieldId": "customfield_2"}
        handed = fact_of("ticket.assigned", updated(shown, change), settings=settings)
        assert handed.fields["areas"] == ["jira:team:Search", "jira:team:Payments"]
        assert handed.fields["areas_before"] == ["jira:team:Search", "jira:team:Data"]

    @pytest.mark.parametrize("configured", [(ID, "team"), ("team", ID)])
    @pytest.mark.parametrize("told", [{"fieldId": ID}, {"fieldId": ""}])
    @pytest.mark.parametrize("before", [None, "Search"])
    def test_a_field_named_by_id_and_by_name_is_one(
        self, configured: tuple[str, ...], told: Any, before: str | None
    ) -> None:
        settings = with_rules(team_fields=configured)
        shown = issue(TODO, **{ID: {"id": "7", "name": "Payments"}})
        numbers = {"from": before and "1", "to": "7", "fieldtype": "custom"}
        change = item("Team", before, "Payments", **numbers) | told
        handed = fact_of("ticket.assigned", updated(shown, change), settings=settings)
        assert handed.fields["areas"] == ["jira:team:7", "jira:team:Payments"]
        there = ["jira:team:1", "jira:team:Search"] if before else []
        assert handed.fields["areas_before"] == there

    def test_a_name_without_an_id_is_of_the_field_that_shows_its_value(self) -> None:
        settings = with_rules(team_fields=("customfield_1", ID, "helper"))
        shown = issue(TODO, **{"customfield_1": "Search", ID: "Payments"})
        change = item("Helper", "Data", "Payments", fieldtype="custom", fieldId="")
        handed = fact_of("ticket.assigned", updated(shown, change), settings=settings)
        assert handed.fields["areas_before"] == ["jira:team:Search", "jira:team:Data"]

    def test_a_team_told_by_its_number_has_the_name_that_the_issue_shows(self) -> None:
        shown = issue(TODO, **{ID: {"id": "7", "name": "Payments"}})
        numbers = {"fieldId": ID, "from": None, "to": "[7]"}
        body = updated(shown, item("Team", None, None, **numbers))
        handed = fact_of("ticket.assigned", body, settings=TEAMED)
        assert handed.fields["areas"] == ["jira:team:7", "jira:team:Payments"]

    def test_and_so_has_a_component(self) -> None:
        parts = [{"id": "3", "name": "Cart"}, {"id": "4", "name": "Till"}]
        change = item("Component", None, None, fieldId="components", to="3")
        body = updated(issue(TODO, components=parts), change)
        handed = fact_of("ticket.assigned", body)
        assert handed.fields["areas_before"] == ["jira:component:CHK/Till"]

    def test_a_component_put_on_is_a_handover_from_what_was_there(self) -> None:
        shown = issue(TODO, components=[{"name": "Cart"}, {"name": "Till"}])
        change = item("Component", None, "Cart") | {"fieldId": "components"}
        handed = fact_of("ticket.assigned", updated(shown, change))
        assert handed.fields["areas_before"] == ["jira:component:CHK/Till"]

    def test_a_move_names_both_projects_and_the_old_key(self) -> None:
        changes = (
            item("project", "Old One", "Checkout", **{"from": "9", "to": "10"}),
            item("Key", "OLD-4", "CHK-1") | {"fieldId": ""},
        )
        body = updated(issue(TODO), *changes)
        handed = fact_of("ticket.assigned", body)
        assert handed.fields["project"] == "CHK"
        assert handed.fields["project_before"] == "OLD"
        moved = fact_of("ticket.updated", {**body})
        assert moved.fields["aliases"] == ["jira:500", "OLD-4"]

    def test_work_begun_says_whose_the_issue_is(self) -> None:
        body = transition(TODO, DOING)
        body["issue"]["fields"]["components"] = [{"name": "Till"}]
        started = fact_of("ticket.started", body)
        assert started.fields["areas"] == ["jira:component:CHK/Till"]

    def test_work_that_goes_on_says_nothing_of_whose_the_issue_is(self) -> None:
        settings = with_rules(statuses={"doing": "in_progress"})
        going_on = transition(DOING, CHECKING)
        assert (
            "areas" not in fact_of("ticket.started", going_on, settings=settings).fields
        )


class TestPeople:
    def test_a_person_assigned_receives(self) -> None:
        change = item("assignee", None, "Somebody", **{"from": None, "to": "7F33"})
        handed = fact_of("ticket.assigned", updated(issue(TODO), change))
        assert handed.people == {"actor": "jira:5b10", "receiver": "jira:7f33"}

    @pytest.mark.parametrize(
        ("told", "shown"),
        [
            ({"to": "pat.person", "tmpToAccountId": "7F33"}, None),
            ({"to": "pat.person"}, {"name": "pat.person", "accountId": "7f33"}),
            ({"to": "JIRAUSER102"}, {"name": "7f33", "key": "JIRAUSER102"}),
            ({"to": "7f33"}, {"name": "somebody", "key": "JIRAUSER1"}),
        ],
    )
    def test_a_person_is_known_under_one_name_whatever_the_changelog_has(
        self, told: Any, shown: Any
    ) -> None:
        change = item("assignee", None, "Somebody", **told)
        body = updated(issue(TODO, assignee=shown), change)
        assert fact_of("ticket.assigned", body).people["receiver"] == "jira:7f33"

    def test_who_gives_it_up_is_known_by_the_account_too(self) -> None:
        told = {"from": "pat.person", "to": None, "tmpFromAccountId": "7f33"}
        body = updated(issue(TODO), item("assignee", "Somebody", None, **told))
        assert fact_of("ticket.assigned", body).people["receiver"] == "jira:7f33"

    def test_who_is_taken_off_has_it_no_longer(self) -> None:
        change = item("assignee", "Somebody", None, **{"from": "7f33", "to": None})
        body = updated(issue(TODO), change)
        assert kinds_of(body) == ["ticket.assigned"]
        given_up = fact_of("ticket.assigned", body)
        assert given_up.fields["how"] == "unassigned"
        assert given_up.people["receiver"] == "jira:7f33"

    def test_nobody_assigned_is_an_activity(self) -> None:
        change = item("assignee", None, None, **{"from": None, "to": None})
        assert kinds_of(updated(issue(TODO), change)) == ["ticket.updated"]

    @pytest.mark.parametrize(
        ("user", "handle"),
        [
            ({"accountId": "5B10", "name": "x"}, "jira:5b10"),
            ({"name": "grace", "key": "JIRAUSER1"}, "jira:grace"),
            ({"key": "JIRAUSER1"}, "jira:jirauser1"),
        ],
    )
    def test_an_account_is_its_id_else_its_name(self, user: Any, handle: str) -> None:
        body = transition(TODO, DOING) | {"user": user}
        assert fact_of("ticket.started", body).people == {"actor": handle}

    @pytest.mark.parametrize(
        ("user", "settings"),
        [
            (APP, DecodeSettings()),
            ({"name": "addon_com.example.sync"}, DecodeSettings()),
            ({"name": "Deploy-Bot"}, DecodeSettings(bots=frozenset({"deploy-bot"}))),
        ],
    )
    def test_what_programs_do_is_marked_and_has_no_name(
        self, user: Any, settings: DecodeSettings
    ) -> None:
        body = transition(TODO, DOING) | {"user": user}
        started = fact_of("ticket.started", body, settings=settings)
        assert started.fields["automation"] is True
        assert started.people == {}

    def test_what_a_person_does_is_not_marked(self) -> None:
        body = transition(TODO, DOING) | {"user": PERSON}
        assert "automation" not in fact_of("ticket.started", body).fields


class TestParts:
    def test_a_sub_task_names_its_parent(self) -> None:
        kind = {"name": "Teilaufgabe", "subtask": True}
        shown = issue(TODO, issuetype=kind, parent={"id": "499", "key": "CHK-0"})
        created = fact_of("ticket.created", updated(shown))
        assert created.fields["parent"] == "CHK-0"

    def test_a_sub_task_names_its_parent_whenever_it_is_read(self) -> None:
        kind = {"name": "Teilaufgabe", "subtask": True}
        shown = issue(TODO, issuetype=kind, parent={"id": "499", "key": "CHK-0"})
        for fact in facts_of(updated(shown, item("labels", "", "x"))):
            assert fact.fields["parent"] == "CHK-0"

    def test_a_story_below_an_epic_is_an_item_of_its_own(self) -> None:
        kind = {"name": "Story", "subtask": False, "hierarchyLevel": 0}
        shown = issue(TODO, issuetype=kind, parent={"id": "400", "key": "CHK-9"})
        assert "parent" not in fact_of("ticket.created", updated(shown)).fields

    def test_a_level_tells_a_sub_task_on_cloud(self) -> None:
        kind = {"name": "Teilaufgabe", "hierarchyLevel": -1}
        shown = issue(TODO, issuetype=kind, parent={"id": "499"})
        created = fact_of("ticket.created", updated(shown))
        assert created.fields["parent"] == "jira:499"

    def test_a_part_made_an_issue_of_its_own_has_no_parent_any_more(self) -> None:
        change = item("issuetype", "Sub-task", "Story")
        assert (
            fact_of("ticket.updated", updated(issue(TODO), change)).fields["parent"]
            == ""
        )

    @pytest.mark.parametrize(
        "kind", [{"name": "Epic"}, {"name": "Thema", "hierarchyLevel": 1}]
    )
    def test_an_epic_is_no_item(self, kind: Any) -> None:
        for fact in facts_of(updated(issue(TODO, issuetype=kind))):
            assert fact.fields["epic"] is True

    def test_a_class_is_that_of_type_then_label(self) -> None:
        def class_of(**fields: Any) -> str | None:
            created = fact_of("ticket.created", updated(issue(TODO, **fields)))
            return created.fields.get("work_class")

        assert class_of(issuetype={"name": "Bug"}, labels=["security"]) == "defect"
        assert class_of(issuetype={"name": "Vorgang"}, labels=["security"]) == "risk"
        assert class_of(issuetype={"name": "Vorgang"}) is None

    def test_a_class_given_later_holds_from_then_on(self) -> None:
        body = updated(
            issue(TODO, issuetype={"name": "Bug"}), item("issuetype", "Story", "Bug")
        )
        assert fact_of("ticket.created", body).fields["work_class"] == "feature"
        for fact in facts_of(body):
            if fact.kind == "ticket.updated":
                assert fact.fields["work_class"] == "defect"


def test_a_deleted_issue_was_a_mistake() -> None:
    body = {
        "webhookEvent": "jira:issue_deleted",
        "timestamp": 1_772_449_200_000,
        "user": PERSON,
        "issue": issue(DOING),
    }
    assert fact_of("ticket.cancelled", body).fields["deleted"] is True
