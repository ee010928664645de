"""What a transition in Jira means: by category first, by a site's names where told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.decode.jira.jira_bodies import (
    BLOCKED,
    CHECKING,
    DOING,
    HOUR,
    SHIPPED,
    TODO,
    fact_of,
    facts_of,
    issue,
    item,
    kinds_of,
    moved,
    transition,
    updated,
    with_rules,
)
from tests.unit.decode.records import TEN_O_CLOCK, of

LATER = ("10009", "Later", "new")
HELD = ("10010", "Blocked", "new")
VERIFIED = ("10011", "Verified", "done")


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        (TODO, DOING, ["ticket.started"]),
        (DOING, CHECKING, ["ticket.started"]),
        (DOING, SHIPPED, ["ticket.done"]),
        (TODO, SHIPPED, ["ticket.done"]),
        (DOING, TODO, ["ticket.parked"]),
        (SHIPPED, DOING, ["ticket.reopened"]),
        (SHIPPED, TODO, ["ticket.reopened", "ticket.parked"]),
        # Within things to do, or within what is done, nothing begins or ends.
        (TODO, LATER, ["ticket.updated"]),
        (SHIPPED, VERIFIED, ["ticket.updated"]),
        (DOING, BLOCKED, ["ticket.started", "ticket.blocked"]),
        (BLOCKED, DOING, ["ticket.started", "ticket.unblocked"]),
        (BLOCKED, SHIPPED, ["ticket.done", "ticket.unblocked"]),
        (TODO, BLOCKED, ["ticket.started", "ticket.blocked"]),
        # A blocked status among the things to do neither starts nor parks.
        (DOING, HELD, ["ticket.blocked"]),
        (TODO, HELD, ["ticket.blocked"]),
        (SHIPPED, HELD, ["ticket.reopened", "ticket.blocked"]),
        (HELD, DOING, ["ticket.started", "ticket.unblocked"]),
        (HELD, TODO, ["ticket.parked", "ticket.unblocked"]),
    ],
)
def test_a_transition_means_what_its_two_categories_say(
    before: tuple[str, str, str], after: tuple[str, str, str], kinds: list[str]
) -> None:
    rules = {"Shipped": "done", "Verified": "done"}
    statuses = {name.lower(): meaning for name, meaning in rules.items()}
    statuses |= {"doing": "in_progress"}
    settings = with_rules(statuses=statuses)

    assert kinds_of(transition(before, after), settings=settings) == kinds


@pytest.mark.parametrize(
    ("since", "kinds"),
    [
        # The transition is of eleven o'clock.
        ("2026-03-02T10:15:00.000+0000", ["ticket.updated"]),
        ("2026-03-02T10:59:59.980+0000", ["ticket.parked"]),
        (None, ["ticket.parked"]),
    ],
)
def test_a_status_of_unknown_meaning_was_of_the_category_that_did_not_change(
    since: str | None, kinds: list[str]
) -> None:
    body = transition(("77", "Offen", ""), LATER)
    body["issue"]["fields"]["statuscategorychangedate"] = since
    assert kinds_of(body) == kinds


def test_and_a_configured_meaning_is_not_what_the_category_means() -> None:
    body = transition(("77", "Offen", ""), LATER)
    body["issue"]["fields"]["statuscategorychangedate"] = "2026-03-02T10:15:00.000+0000"
    settings = with_rules(statuses={"later": "in_progress"})
    assert kinds_of(body, settings=settings) == ["ticket.started"]


def test_the_category_of_the_new_status_needs_no_configuration() -> None:
    assert kinds_of(transition(TODO, ("77", "Работа", "indeterminate"))) == [
        "ticket.started"
    ]


def test_a_delivered_status_is_known_by_its_number_under_any_name() -> None:
    body = updated(
        issue(DOING, status={"id": "3", "name": "Bearbeitung"}),
        moved(("6", "Erledigt", ""), ("3", "Bearbeitung", "")),
    )
    assert kinds_of(body) == ["ticket.reopened"]


def test_an_event_is_read_by_field_id_whatever_the_language() -> None:
    change = moved(TODO, DOING) | {"field": "Статус"}
    assert kinds_of(updated(issue(DOING), change)) == ["ticket.started"]


@pytest.mark.parametrize("number", ["customfield_10500", None])
def test_a_custom_field_called_status_is_no_status(number: str | None) -> None:
    """Cloud tells it by its id, Server by its type alone."""
    named = {"fieldId": number, "fieldtype": "custom"}
    change = item("status", "To Do", "In Progress") | named
    assert kinds_of(updated(issue(TODO), change)) == ["ticket.updated"]


def test_the_changelog_counts_where_the_issue_has_moved_on_already() -> None:
    body = updated(issue(SHIPPED), moved(TODO, ("3", "In Progress", "")))
    assert kinds_of(body) == ["ticket.started"]


def test_a_name_nothing_is_known_of_is_an_activity_and_is_counted() -> None:
    body = updated(issue(DOING), moved(DOING, ("88", "Limbo", "")))
    found = of(body)
    assert [str(fact.kind) for fact in found.facts] == [
        "ticket.created",
        "ticket.updated",
    ]
    assert found.unknown_fields == 1


def test_a_configured_meaning_overrules_the_category() -> None:
    settings = with_rules(statuses={"checking": "todo"})
    body = transition(DOING, CHECKING)
    assert kinds_of(body, settings=settings) == ["ticket.parked"]


class TestEndings:
    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("Done", "ticket.done"),
            ("Won't Do", "ticket.cancelled"),
            ("Won\u2019t Fix", "ticket.cancelled"),
            ("DUPLICATE", "ticket.cancelled"),
            (None, "ticket.done"),
        ],
    )
    def test_a_resolution_tells_done_from_cancelled(
        self, name: str | None, kind: str
    ) -> None:
        body = transition(DOING, SHIPPED, item("resolution", None, name))
        assert kinds_of(body) == [kind]

    def test_without_its_change_the_issues_own_resolution_counts(self) -> None:
        shown = issue(SHIPPED, resolution={"name": "Declined"})
        assert kinds_of(updated(shown, moved(DOING, SHIPPED))) == ["ticket.cancelled"]

    @pytest.mark.parametrize(
        ("told", "kind"),
        [("Declined", "ticket.cancelled"), ("Fixed", "ticket.done")],
    )
    def test_a_resolution_may_be_told_by_its_name_alone(
        self, told: str, kind: str
    ) -> None:
        shown = issue(SHIPPED, resolution=told)
        assert kinds_of(updated(shown, moved(DOING, SHIPPED))) == [kind]

    @pytest.mark.parametrize("told", ["None", " none ", "", None])
    def test_text_that_says_none_is_no_resolution(self, told: str | None) -> None:
        """Not even where a site has a resolution of that name, told as an object."""
        settings = with_rules(cancelled_resolutions=frozenset({"none"}))
        body = updated(issue(SHIPPED, resolution=told), moved(DOING, SHIPPED))
        assert kinds_of(body, settings=settings) == ["ticket.done"]
        named = issue(SHIPPED, resolution={"name": "None"})
        body = updated(named, moved(DOING, SHIPPED))
        assert kinds_of(body, settings=settings) == ["ticket.cancelled"]

    def test_a_status_may_mean_cancelled_by_itself(self) -> None:
        dropped = ("12", "Cancelled", "done")
        assert kinds_of(transition(DOING, dropped)) == ["ticket.cancelled"]

    def test_configured_names_take_the_place_of_the_usual_ones(self) -> None:
        settings = with_rules(cancelled_resolutions=frozenset({"parked for good"}))
        change = item("resolution", None, "Parked for good")
        body = transition(DOING, SHIPPED, change)
        assert kinds_of(body, settings=settings) == ["ticket.cancelled"]
        usual = transition(DOING, SHIPPED, item("resolution", None, "Duplicate"))
        assert kinds_of(usual, settings=settings) == ["ticket.done"]


def flag(before: str | None, after: str | None) -> Any:
    numbers = {"from": before and "[10019]", "to": after and "[10019]"}
    return item("Flagged", before, after, **numbers) | {
        "fieldId": "customfield_10021",
        "fieldtype": "custom",
    }


class TestBlocks:
    def test_a_flag_blocks_until_it_is_taken_off(self) -> None:
        assert kinds_of(updated(issue(DOING), flag(None, "Impediment"))) == [
            "ticket.blocked"
        ]
        assert kinds_of(updated(issue(DOING), flag("Impediment", None))) == [
            "ticket.unblocked"
        ]

    def test_a_server_names_the_flag_without_its_id(self) -> None:
        change = flag(None, "Impediment")
        del change["fieldId"]
        assert kinds_of(updated(issue(DOING), change)) == ["ticket.blocked"]

    @pytest.mark.parametrize(
        ("name", "before", "after", "text"),
        [
            ("Sprint", "", "7", "Sprint 7"),
            ("Sprint", "", "[7]", "Sprint 7"),
            ("Rank", "", "", "Ranked higher"),
            # In any language: no option is written so.
            ("Спринт", "", "7", "Спринт 7"),
            ("Спринт", "", "7, 8", "Спринт 7, Спринт 8"),
        ],
    )
    def test_another_field_under_the_flags_usual_number_blocks_nothing(
        self, name: str, before: str, after: str, text: str
    ) -> None:
        numbers = {"fieldId": "customfield_10021", "from": before, "to": after}
        change = item(name, "", text, **numbers)
        assert kinds_of(updated(issue(DOING), change)) == ["ticket.updated"]

    def test_and_a_later_sprint_postpones_under_any_number(self) -> None:
        numbers = {"from": "7", "to": "7, 8", "fieldId": "customfield_10021"}
        change = item("Sprint", "Sprint 7", "Sprint 7, Sprint 8", **numbers)
        assert kinds_of(updated(issue(DOING), change)) == ["ticket.postponed"]

    def test_a_flag_in_another_language_is_known_by_its_number(self) -> None:
        change = flag(None, "Hindernis") | {"field": "Gekennzeichnet"}
        assert kinds_of(updated(issue(DOING), change)) == ["ticket.blocked"]
        change = flag("Hindernis", None) | {"field": "Gekennzeichnet"}
        assert kinds_of(updated(issue(DOING), change)) == ["ticket.unblocked"]

    @pytest.mark.parametrize("called", ["held up", "customfield_10777"])
    def test_a_field_that_the_site_names_blocks_however_it_is_written(
        self, called: str
    ) -> None:
        settings = with_rules(flagged_fields=(called,))
        numbers = {"from": None, "to": "10100", "fieldId": "customfield_10777"}
        change = item("Held up", None, "Yes", **numbers)
        assert kinds_of(updated(issue(DOING), change), settings=settings) == [
            "ticket.blocked"
        ]

    def test_out_of_blocked_a_flag_that_is_still_there_blocks_on(self) -> None:
        shown = issue(DOING, customfield_10021=[{"value": "Impediment"}])
        assert kinds_of(updated(shown, moved(BLOCKED, DOING))) == ["ticket.started"]

    def test_another_fields_value_under_the_flags_number_is_no_flag(self) -> None:
        shown = issue(DOING, customfield_10021=[{"id": 7, "name": "Sprint 7"}])
        assert kinds_of(updated(shown, moved(BLOCKED, DOING))) == [
            "ticket.started",
            "ticket.unblocked",
        ]

    def test_a_waiting_status_names_the_team_it_waits_for(self) -> None:
        settings = with_rules(waiting={"waiting for infra": "platform"})
        waiting = ("13", "Waiting for Infra", "indeterminate")
        into = fact_of("ticket.blocked", transition(DOING, waiting), settings=settings)
        assert into.fields["on_team"] == "platform"
        out = fact_of("ticket.unblocked", transition(waiting, DOING), settings=settings)
        assert out.fields["on_team"] == "platform"

    def test_from_one_wait_to_another_the_first_ends(self) -> None:
        settings = with_rules(waiting={"waiting for infra": "platform"})
        waiting = ("13", "Waiting for Infra", "indeterminate")
        body = transition(waiting, BLOCKED)
        assert kinds_of(body, settings=settings) == [
            "ticket.started",
            "ticket.unblocked",
            "ticket.blocked",
        ]
        assert (
            fact_of("ticket.blocked", body, settings=settings).fields.get("on_team")
            is None
        )

    def test_lifting_a_nameless_block_says_again_what_still_holds(self) -> None:
        settings = with_rules(waiting={"waiting for infra": "platform"})
        waiting = ("13", "Waiting for Infra", "indeterminate")
        body = updated(issue(waiting), flag("Impediment", None))
        assert kinds_of(body, settings=settings) == [
            "ticket.unblocked",
            "ticket.blocked",
        ]
        held = fact_of("ticket.blocked", body, settings=settings)
        assert held.fields["on_team"] == "platform"

    def test_a_customer_who_is_waited_for_is_outside_the_organisation(self) -> None:
        body = transition(DOING, ("14", "Waiting for customer", "indeterminate"))
        assert fact_of("ticket.blocked", body).fields["on_team"] == "external"

    def test_waiting_for_support_is_supports_work(self) -> None:
        body = transition(TODO, ("15", "Waiting for support", "indeterminate"))
        assert kinds_of(body) == ["ticket.started"]


class TestStandings:
    """What a body knows of the past: events get lost."""

    def test_cloud_tells_since_when_work_has_been_in_progress(self) -> None:
        shown = issue(DOING, statuscategorychangedate="2026-03-02T10:30:00.000+0000")
        started = fact_of("ticket.started", updated(shown, item("labels", "", "x")))
        assert started.time == TEN_O_CLOCK + 1_800_000

    @pytest.mark.parametrize(
        ("shown", "since", "kinds"),
        [
            (TODO, "10:30:00.000", ["ticket.parked"]),
            # Since it was created, and in a status that holds it up.
            (TODO, "10:00:00.040", []),
            (HELD, "10:30:00.000", []),
        ],
    )
    def test_and_since_when_it_has_been_put_back(
        self, shown: tuple[str, str, str], since: str, kinds: list[str]
    ) -> None:
        date = f"2026-03-02T{since}+0000"
        body = updated(
            issue(shown, statuscategorychangedate=date), item("labels", "", "x")
        )
        told = [fact for fact in facts_of(body) if fact.time != TEN_O_CLOCK + HOUR]
        found = [str(fact.kind) for fact in told if fact.kind != "ticket.created"]
        assert found == kinds
        assert all(f.time == TEN_O_CLOCK + HOUR // 2 for f in told[1:])

    @pytest.mark.parametrize(
        ("shown", "meaning"),
        [(CHECKING, "done"), (LATER, "in_progress"), (VERIFIED, "in_progress")],
    )
    def test_the_categorys_date_is_not_that_of_a_configured_meaning(
        self, shown: tuple[str, str, str], meaning: str
    ) -> None:
        """The category may have been there long before: the issue changed inside it."""
        since = issue(shown, statuscategorychangedate="2026-03-02T10:30:00.000+0000")
        settings = with_rules(statuses={shown[1].lower(): meaning})
        edited = updated(since, item("summary", "a", "b"))
        assert kinds_of(edited, settings=settings) == ["ticket.updated"]
        assert kinds_of(since, settings=settings) == []

    @pytest.mark.parametrize(
        ("shown", "meaning", "kind"),
        [
            (DOING, "in_progress", "ticket.started"),
            (SHIPPED, "done", "ticket.done"),
            (LATER, "todo", "ticket.parked"),
        ],
    )
    def test_but_of_one_that_says_what_the_category_says(
        self, shown: tuple[str, str, str], meaning: str, kind: str
    ) -> None:
        since = issue(shown, statuscategorychangedate="2026-03-02T10:30:00.000+0000")
        settings = with_rules(statuses={shown[1].lower(): meaning})
        assert kinds_of(since, settings=settings) == [kind]

    @pytest.mark.parametrize(
        ("shown", "kind", "meaning"),
        [
            (("3", "In Progress"), "ticket.started", "in_progress"),
            (("6", "Done"), "ticket.done", "done"),
        ],
    )
    def test_where_no_category_is_shown_its_date_is_the_statuss(
        self, shown: tuple[str, str], kind: str, meaning: str
    ) -> None:
        since = issue(DOING, statuscategorychangedate="2026-03-02T10:30:00.000+0000")
        since["fields"]["status"] = dict(zip(("id", "name"), shown, strict=True))
        assert kinds_of(since) == [kind]
        settings = with_rules(statuses={shown[1].lower(): meaning})
        assert kinds_of(since, settings=settings) == []

    def test_an_end_that_the_category_does_not_date_is_as_of_its_resolution(
        self,
    ) -> None:
        ended = issue(
            CHECKING,
            resolution={"name": "Done"},
            statuscategorychangedate="2026-03-02T10:10:00.000+0000",
            resolutiondate="2026-03-02T10:30:00.000+0000",
        )
        settings = with_rules(statuses={"checking": "done"})
        told = updated(ended, item("summary", "a", "b"))
        done = fact_of("ticket.done", told, settings=settings)
        assert done.time == TEN_O_CLOCK + HOUR // 2

    def test_a_transition_is_told_by_its_change_alone(self) -> None:
        shown = issue(DOING, statuscategorychangedate="2026-03-02T10:59:59.990+0000")
        assert kinds_of(updated(shown, moved(TODO, DOING))) == ["ticket.started"]

    def test_a_server_tells_when_it_was_resolved(self) -> None:
        shown = issue(SHIPPED, resolutiondate="2026-03-02T10:45:00.000+0000")
        done = fact_of("ticket.done", updated(shown, item("labels", "", "x")))
        assert done.time == TEN_O_CLOCK + 2_700_000

    def test_a_resolution_in_a_status_that_is_not_done_ends_nothing(self) -> None:
        shown = issue(DOING, resolutiondate="2026-03-02T10:45:00.000+0000")
        body = updated(shown, item("labels", "", "x"))
        assert kinds_of(body) == ["ticket.updated"]

    def test_a_ticket_may_be_created_in_progress(self) -> None:
        body = {"webhookEvent": "jira:issue_created", "issue": issue(DOING)}
        assert fact_of("ticket.started", body).time == TEN_O_CLOCK

    def test_a_changelog_of_a_creation_is_no_transition(self) -> None:
        body = {
            "webhookEvent": "jira:issue_created",
            "issue": issue(TODO),
            "changelog": {"id": "1", "items": [item("status", None, "To Do")]},
        }
        assert kinds_of(body) == []


def test_postponing_by_sprint_rank_and_date() -> None:
    def how(change: Any) -> str | None:
        found = [
            fact.fields["how"]
            for fact in of(updated(issue(TODO), change)).facts
            if fact.kind == "ticket.postponed"
        ]
        return found[0] if found else None

    def sprint(before: str, after: str) -> Any:
        names = (before and f"Sprint {before}", after and f"Sprint {after}")
        return item("Sprint", *names, **{"from": before, "to": after})

    assert how(sprint("7", "7, 8")) == "sprint"
    assert how(sprint("7", "")) == "sprint"
    assert how(sprint("", "7")) is None
    assert how(sprint("8", "7")) is None
    assert how(item("Rank", "", "Ranked lower")) == "rank"
    assert how(item("Rank", "", "Ranked higher")) is None
    dates = {"from": "2026-03-04", "to": "2026-03-11"}
    naive = ("2026-03-04 00:00:00.0", "2026-03-11 00:00:00.0")
    assert how(item("duedate", *naive, **dates)) == "date"
    assert (
        how(item("duedate", *naive, **{"from": "2026-03-11", "to": "2026-03-04"}))
        is None
    )
