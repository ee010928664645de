"""Who blocks whom: every direction, told by three kinds of bodies."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.domain.preference import preferred
from tests.unit.decode.jira.jira_bodies import (
    DOING,
    HOUR,
    SHIPPED,
    TODO,
    fact_of,
    facts_of,
    issue,
    item,
    kinds_of,
    status,
    updated,
    with_rules,
)
from tests.unit.decode.records import TEN_O_CLOCK, codes, of

TYPES = {
    "Blocks": ("blocks", "is blocked by"),
    "Blocker": ("blocks", "is blocked by"),
    "Dependency": ("depends on", "is depended on by"),
    "dependent": ("depends upon", "is depended upon by"),
    "Required": ("requires", "is required by"),
}


def link_event(outward: str, inward: str, name: str = "", **more: Any) -> Any:
    words = {"name": name, "outwardName": outward, "inwardName": inward}
    link = {"id": 9, "sourceIssueId": 1, "destinationIssueId": 2}
    return {
        "webhookEvent": "issuelink_created",
        "timestamp": TEN_O_CLOCK,
        "issueLink": {**link, "issueLinkType": words},
        **more,
    }


def ends(fact: Fact) -> tuple[str, str]:
    """The blocked issue and its blocker."""
    return fact.entity, fact.fields["blocker"]


class TestEvents:
    @pytest.mark.parametrize(
        ("name", "blocked"),
        [
            ("Blocks", "jira:2"),
            ("Blocker", "jira:2"),
            ("Dependency", "jira:1"),
            ("dependent", "jira:1"),
            ("Required", "jira:1"),
        ],
    )
    def test_the_words_tell_which_end_is_blocked(self, name: str, blocked: str) -> None:
        fact = fact_of("link.added", link_event(*TYPES[name]))
        assert fact.entity == blocked
        assert set(ends(fact)) == {"jira:1", "jira:2"}

    def test_the_inward_words_tell_it_too(self) -> None:
        fact = fact_of("link.added", link_event("hält auf", "is blocked by"))
        assert ends(fact) == ("jira:2", "jira:1")

    def test_and_the_types_name_where_words_are_in_another_language(self) -> None:
        fact = fact_of("link.added", link_event("hält auf", "wartet auf", "Blocks"))
        assert ends(fact) == ("jira:2", "jira:1")

    @pytest.mark.parametrize("end", ["sourceIssueId", "destinationIssueId"])
    @pytest.mark.parametrize(
        ("number", "code"),
        [(None, "wrong_type"), ("", "missing_field"), (" ", "missing_field")],
    )
    def test_an_end_without_number_is_refused_by_its_place(
        self, end: str, number: str | None, code: str
    ) -> None:
        body = link_event(*TYPES["Blocks"])
        body["issueLink"][end] = number
        assert codes(of(body)) == [(code, f"issueLink.{end}")]

    def test_a_configured_type_tells_its_own_direction(self) -> None:
        settings = with_rules(links={"waits for": "blocked"})
        event = link_event("waits for", "is awaited by")
        assert ends(fact_of("link.added", event, settings=settings)) == (
            "jira:1",
            "jira:2",
        )

    @pytest.mark.parametrize("words", [("relates to", "relates to"), ("clones", "x")])
    def test_links_that_block_nobody_are_ignored_with_the_reason(
        self, words: tuple[str, str]
    ) -> None:
        found = of(link_event(*words))
        assert (found.facts, found.reasons) == ((), ())
        assert "blocks nobody" in found.ignored

    def test_a_link_taken_away_is_removed_between_the_same_ends(self) -> None:
        added = link_event(*TYPES["Blocks"])
        removed = added | {"webhookEvent": "issuelink_deleted"}
        assert ends(fact_of("link.removed", removed)) == ends(
            fact_of("link.added", added)
        )


def sentence(before: str | None, after: str | None, **keys: str) -> Any:
    change = item("Link", before, after, **keys)
    return {name: value for name, value in change.items() if name != "fieldId"}


class TestChangelogs:
    @pytest.mark.parametrize(
        ("words", "blocked"),
        [
            ("is blocked by", "CHK-1"),
            ("blocks", "PLT-9"),
            ("depends on", "CHK-1"),
            ("is depended upon by", "PLT-9"),
            ("required by", "PLT-9"),
            ("requires", "CHK-1"),
        ],
    )
    def test_a_sentence_names_the_words_and_the_other_key(
        self, words: str, blocked: str
    ) -> None:
        change = sentence(None, f"This issue {words} PLT-9", to="PLT-9")
        fact = fact_of("link.added", updated(issue(TODO), change))
        assert fact.entity == blocked
        assert set(ends(fact)) == {"CHK-1", "PLT-9"}
        assert fact.time == TEN_O_CLOCK + HOUR

    def test_what_is_taken_out_stands_on_the_left(self) -> None:
        change = sentence("This issue is blocked by PLT-9", None) | {"from": "PLT-9"}
        fact = fact_of("link.removed", updated(issue(TODO), change))
        assert ends(fact) == ("CHK-1", "PLT-9")

    @pytest.mark.parametrize(
        "this", ["This work item", "This ticket", "Dieser Vorgang"]
    )
    @pytest.mark.parametrize(
        ("words", "blocked"),
        [
            ("is blocked by", "CHK-1"),
            ("blocks", "PLT-9"),
            ("is required by", "PLT-9"),
            ("requires", "CHK-1"),
        ],
    )
    def test_whatever_it_calls_an_issue(
        self, this: str, words: str, blocked: str
    ) -> None:
        text = f"{this} {words} PLT-9"
        added = updated(issue(TODO), sentence(None, text, to="PLT-9"))
        gone = updated(issue(TODO), sentence(text, None) | {"from": "PLT-9"})
        told = ends(fact_of("link.added", added))
        assert told[0] == blocked
        assert told == ends(fact_of("link.removed", gone))

    def test_longer_words_go_before_those_they_end_with(self) -> None:
        settings = with_rules(links={"blocks": "blocks", "softly blocks": "none"})
        change = sentence(None, "This ticket softly blocks PLT-9", to="PLT-9")
        body = updated(issue(TODO), change)
        assert kinds_of(body, settings=settings) == ["ticket.updated"]

    @pytest.mark.parametrize(
        "words", ["relates to", "unblocks", "softly blocks", "blocks nothing of"]
    )
    @pytest.mark.parametrize("this", ["This issue", "This work item"])
    def test_words_that_hold_others_are_their_own(self, this: str, words: str) -> None:
        change = sentence(None, f"{this} {words} PLT-9", to="PLT-9")
        assert kinds_of(updated(issue(TODO), change)) == ["ticket.updated"]

    @pytest.mark.parametrize(
        "words", ["relates to", "unblocks", "softly blocks", "blocks nothing of"]
    )
    def test_of_another_term_too(self, words: str) -> None:
        change = sentence(None, f"This ticket {words} PLT-9", to="PLT-9")
        assert kinds_of(updated(issue(TODO), change)) == ["ticket.updated"]

    def test_other_links_are_an_activity(self) -> None:
        change = sentence(None, "This issue relates to PLT-9", to="PLT-9")
        assert kinds_of(updated(issue(TODO), change)) == ["ticket.updated"]


def shown(end: str, name: str = "Blocks", stands: Any = DOING) -> dict[str, Any]:
    outward, inward = TYPES[name]
    stub = {"id": "9", "key": "PLT-9", "fields": {"status": status(stands)}}
    return {
        "id": "77",
        "type": {"name": name, "outward": outward, "inward": inward},
        end: stub,
    }


class TestIssues:
    @pytest.mark.parametrize(
        ("link", "blocked"),
        [
            (shown("inwardIssue"), "CHK-1"),
            (shown("outwardIssue"), "PLT-9"),
            (shown("inwardIssue", "Dependency"), "PLT-9"),
            (shown("outwardIssue", "Dependency"), "CHK-1"),
        ],
    )
    def test_an_issue_shows_the_other_end_and_the_words_of_both(
        self, link: dict[str, Any], blocked: str
    ) -> None:
        body = updated(issue(DOING, issuelinks=[link]), item("labels", "", "x"))
        fact = fact_of("link.added", body)
        assert fact.entity == blocked
        assert set(ends(fact)) == {"CHK-1", "PLT-9"}

    @pytest.mark.parametrize(
        ("end", "blocked"), [("inwardIssue", "CHK-1"), ("outwardIssue", "PLT-9")]
    )
    def test_the_types_name_counts_where_the_words_are_in_another_language(
        self, end: str, blocked: str
    ) -> None:
        words = {"name": "Blocks", "outward": "hält auf", "inward": "wartet auf"}
        link = shown(end) | {"type": words}
        fact = fact_of("link.added", updated(issue(DOING, issuelinks=[link])))
        assert fact.entity == blocked

    def test_of_all_bodies_that_show_a_link_the_earliest_counts(self) -> None:
        linked = issue(DOING, issuelinks=[shown("inwardIssue")])
        early, late = (
            fact_of("link.added", updated(linked, item("labels", "", "x"), at=at))
            for at in (TEN_O_CLOCK, TEN_O_CLOCK + HOUR)
        )
        assert early.identity == late.identity
        for kept in (preferred(early, late), preferred(late, early)):
            assert kept.time == TEN_O_CLOCK

    def test_a_link_has_one_number_in_its_own_event_and_where_it_is_shown(self) -> None:
        one = shown("inwardIssue") | {"id": "9"}
        told = fact_of("link.added", updated(issue(DOING, issuelinks=[one])))
        event = fact_of("link.added", link_event(*TYPES["Blocks"]))
        assert told.fields["request"] == event.fields["request"]

    def test_a_link_made_anew_has_another_number_and_is_another_fact(self) -> None:
        first = updated(issue(DOING, issuelinks=[shown("inwardIssue")]))
        anew = shown("inwardIssue") | {"id": "78"}
        second = updated(issue(DOING, issuelinks=[anew]))
        one, two = fact_of("link.added", first), fact_of("link.added", second)
        assert one.identity != two.identity

    def test_what_is_done_holds_nobody_up_any_more(self) -> None:
        over = issue(DOING, issuelinks=[shown("inwardIssue", stands=SHIPPED)])
        assert "link.added" not in kinds_of(updated(over))
        seen = fact_of("link.removed", updated(over))
        assert (seen.fields["how"], seen.time) == ("resolved", TEN_O_CLOCK + HOUR)
        assert ends(seen) == ("CHK-1", "PLT-9")
        own = issue(SHIPPED, issuelinks=[shown("outwardIssue")])
        assert "link.added" not in kinds_of(updated(own))

    @pytest.mark.parametrize(
        ("stands", "configured", "kind"),
        [
            (("20", "Delivered", "indeterminate"), "done", "link.removed"),
            (("20", "Delivered", "done"), "in_progress", "link.added"),
            (("20", "Delivered", "done"), "todo", "link.added"),
            (("20", "Delivered", "done"), "done", "link.removed"),
            # Without a category a number that is delivered tells it, or a usual name.
            (("5", "Erledigt", ""), None, "link.removed"),
            (("20", "Resolved", ""), None, "link.removed"),
            (("20", "Delivered", ""), "done", "link.removed"),
            (("20", "Delivered", ""), None, "link.added"),
        ],
    )
    def test_what_is_done_the_other_end_is_told_as_of_any_issue(
        self, stands: tuple[str, str, str], configured: str | None, kind: str
    ) -> None:
        words = {} if configured is None else {"delivered": configured}
        body = updated(issue(DOING, issuelinks=[shown("inwardIssue", stands=stands)]))
        found = kinds_of(body, settings=with_rules(statuses=words))
        assert [one for one in found if one.startswith("link.")] == [kind]

    def test_an_issue_that_was_asked_for_shows_it_as_of_when_it_came(self) -> None:
        """It was last changed long before, and does not say when it was asked for."""
        over = issue(DOING, issuelinks=[shown("inwardIssue", stands=SHIPPED)])
        late = TEN_O_CLOCK + 9 * HOUR
        assert fact_of("link.removed", over, timestamp=late).time == late
        assert not [one for one in kinds_of(over, timestamp=None) if "link" in one]

    def test_a_link_of_a_new_issue_is_there_from_the_start(self) -> None:
        body = {
            "webhookEvent": "jira:issue_created",
            "timestamp": TEN_O_CLOCK + HOUR,
            "issue": issue(TODO, issuelinks=[shown("inwardIssue")]),
        }
        assert fact_of("link.added", body).time == TEN_O_CLOCK

    @pytest.mark.parametrize("end", ["inwardIssue", "outwardIssue"])
    @pytest.mark.parametrize("stands", [DOING, SHIPPED])
    def test_the_number_of_the_other_end_is_told_with_its_key(
        self, end: str, stands: Any
    ) -> None:
        """Also by a link that holds nobody up: another body may name the number."""
        links = [shown(end, stands=stands), {"type": {"name": "Relates"}}]
        about = fact_of("ticket.created", updated(issue(DOING, issuelinks=links)))
        assert about.fields["aliased"] == {"jira:9": "PLT-9"}
        assert about.fields["aliases"] == ["jira:500"]

    def test_what_has_a_key_only_tells_no_number(self) -> None:
        link = shown("inwardIssue")
        del link["inwardIssue"]["id"]
        body = updated(issue(DOING, issuelinks=[link]))
        assert "aliased" not in fact_of("ticket.created", body).fields

    def test_a_link_without_its_other_end_says_nothing(self) -> None:
        link = shown("inwardIssue")
        del link["inwardIssue"]
        found = facts_of(updated(issue(DOING, issuelinks=[link])))
        assert not [fact for fact in found if fact.kind.startswith("link.")]
