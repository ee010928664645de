"""Native events: what each field becomes."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.decode.native.events import decode, decode_marked
from monitor.decode.native.model import KNOWN
from monitor.decode.provider import Context
from monitor.domain.facts import Kind
from monitor.domain.making import make_fact
from monitor.domain.opaque import branch_word
from tests.unit.decode.records import (
    NEEDS,
    SETTINGS,
    TEN_O_CLOCK,
    native,
    of,
    only_fact,
)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_accepted_with_what_it_needs(kind: Kind) -> None:
    event = native(kind=str(kind), **NEEDS.get(kind, {}))

    decoded = of(event)

    fact = only_fact(decoded)
    assert (fact.kind, fact.entity, fact.time) == (kind, "CHK-1", TEN_O_CLOCK)
    assert fact.people == {}
    assert (decoded.provider, decoded.raw_kind) == ("native", str(kind))


def test_example_of_the_format_becomes_a_fact_with_its_identity() -> None:
    fact = only_fact(of(native(team="checkout", on_team="platform")))

    assert fact == make_fact(
        Kind.TICKET_BLOCKED,
        TEN_O_CLOCK,
        "CHK-1",
        "tracker.example",
        {"team": "checkout", "on_team": "platform"},
    )


def test_delivery_id_is_no_part_of_the_identity() -> None:
    one, other = only_fact(of(native(id="a"))), only_fact(of(native(id="b")))

    assert one == other


TOUCHES = ("ticket.commented", "ticket.updated")


@pytest.mark.parametrize("kind", TOUCHES)
def test_what_two_teams_or_a_program_do_at_one_instant_are_facts_of_their_own(
    kind: str,
) -> None:
    said: list[dict[str, object]] = [
        {},
        {"by_team": "checkout"},
        {"by_team": "search"},
        {"automation": True},
    ]

    facts = [only_fact(of(native(kind=kind, **one))) for one in said]

    assert len({fact.identity for fact in facts}) == len(said)


@pytest.mark.parametrize("kind", TOUCHES)
def test_what_programs_do_at_one_instant_is_one_fact(kind: str) -> None:
    one = only_fact(of(native(kind=kind, automation=True)))
    other = only_fact(of(native(kind=kind, automation=True, by_team="search")))

    assert one.identity == other.identity


def test_only_of_a_touch_is_who_did_it_a_part_of_its_identity() -> None:
    """Stored facts are known by it: all others keep theirs."""
    for more in ({}, {"by_team": "search"}, {"automation": True}):
        kind = "ticket.commented" if not more else "ticket.started"
        fact = only_fact(of(native(kind=kind, **more)))
        plain = make_fact(Kind(kind), TEN_O_CLOCK, "CHK-1", "tracker.example")
        assert fact.identity == plain.identity


FOUND: dict[str, object] = {"kind": "finding.opened", "entity": "CVE-2026-1111"}


@pytest.mark.parametrize("kind", ["finding.opened", "finding.closed"])
def test_a_finding_of_two_teams_at_one_instant_is_a_fact_for_each(kind: str) -> None:
    """A published flaw is one thing that many teams have; each is told of by itself."""
    said: list[dict[str, object]] = [
        FOUND | {"kind": kind, "class": "CWE-79", "team": team}
        for team in ("checkout", "search")
    ]

    facts = [only_fact(of(native(**one))) for one in said]

    assert len({fact.identity for fact in facts}) == len(said)
    assert only_fact(of(native(**said[0], id="b"))) == facts[0]


def test_another_class_of_a_finding_at_one_instant_is_the_same_fact() -> None:
    """It has one class at a time: the higher revision is a correction of the other."""
    said: dict[str, object] = {**FOUND, "team": "checkout"}
    one = only_fact(of(native(**said, **{"class": "CWE-79"})))
    other = only_fact(of(native(**said, revision=2, **{"class": "CWE-80"})))

    assert one.identity == other.identity


def test_a_closing_that_names_no_team_keeps_its_identity() -> None:
    fact = only_fact(of(native(kind="finding.closed")))

    plain = make_fact(Kind.FINDING_CLOSED, TEN_O_CLOCK, "CHK-1", "tracker.example")
    assert fact.identity == plain.identity


def test_every_optional_field_is_carried() -> None:
    event = native(
        kind="run.finished",
        entity="run-1",
        item="CHK-1",
        team="checkout",
        by_team="mobile",
        on_team="platform",
        cause_team=["platform", "data", "platform"],
        repo="Acme/Shop",
        service="checkout-api",
        project="chk",
        url="https://ci.example/1",
        change="acme/shop#7",
        sha="abc",
        branch="main",
        pipeline="acme/shop/ci/test",
        attempt=2,
        outcome="timed_out",
        default_branch=True,
        automation=False,
        revision=3,
    )

    fact = only_fact(of(event))

    assert fact.revision == 3
    assert fact.fields == {
        "item": "CHK-1",
        "team": "checkout",
        "by_teams": ["mobile"],
        "on_team": "platform",
        "cause_teams": ["platform", "data"],
        "repo": "acme/shop",
        "service": "checkout-api",
        "project": "CHK",
        "url": "https://ci.example/1",
        "change": "acme/shop#7",
        "sha": "abc",
        "branch": branch_word("main"),
        "pipeline": "acme/shop/ci/test",
        "attempt": 2,
        "outcome": "timed_out",
        "default_branch": True,
        "automation": False,
    }


def test_fields_of_deploys_freezes_and_incidents_are_carried() -> None:
    ready = native(
        kind="deploy.ready",
        environment="production",
        items=["CHK-1"],
        shas=["abc", "def"],
        unplanned=True,
    )
    freeze = native(kind="freeze.started", on_team="sre", services=["a"], teams=["b"])
    incident = native(kind="incident.opened", service="a", responders=3)

    assert only_fact(of(ready)).fields == {
        "environment": "production",
        "items": ["CHK-1"],
        "shas": ["abc", "def"],
        "unplanned": True,
    }
    assert only_fact(of(freeze)).fields == {
        "on_team": "sre",
        "services": ["a"],
        "teams": ["b"],
    }
    assert only_fact(of(incident)).fields == {"service": "a", "responders": 3}


def test_single_cause_team_is_a_list_of_one() -> None:
    fact = only_fact(of(native(kind="incident.mitigated", cause_team="platform")))

    assert fact.fields == {"cause_teams": ["platform"]}


def test_team_of_a_review_is_the_team_that_reviewed() -> None:
    fact = only_fact(of(native(kind="change.reviewed", team="platform")))

    assert fact.fields == {"reviewed_by": ["platform"]}


@pytest.mark.parametrize(
    "kind", ["change.review_requested", "change.review_unrequested"]
)
def test_review_asked_of_a_team_has_the_team_as_key(kind: str) -> None:
    fact = only_fact(of(native(kind=kind, on_team="platform")))

    assert fact.fields == {"on_team": "platform", "request": "platform"}


def test_acting_team_of_an_opened_change_is_its_author_team() -> None:
    opened = only_fact(of(native(kind="change.opened", by_team="mobile")))
    merged = only_fact(of(native(kind="change.merged", by_team="mobile")))

    assert opened.fields == {"by_teams": ["mobile"], "author_team": "mobile"}
    assert merged.fields == {"by_teams": ["mobile"]}


def test_class_of_a_finding_is_no_work_class() -> None:
    fact = only_fact(of(native(kind="finding.opened", team="a", **{"class": "CWE-79"})))

    assert fact.fields == {"team": "a", "finding_class": "CWE-79"}


def test_labels_give_the_work_class_where_none_is_stated() -> None:
    by_label = only_fact(of(native(kind="ticket.created", labels=["x", "kind/bug"])))
    stated = native(kind="ticket.created", labels=["bug"], work_class="risk")
    unknown = only_fact(of(native(kind="ticket.created", labels=["x"])))

    assert by_label.fields == {"work_class": "defect"}
    assert only_fact(of(stated)).fields == {"work_class": "risk"}
    assert unknown.fields == {}


def test_branch_names_tickets_of_known_projects_only() -> None:
    event = native(kind="change.opened", branch="chk-12/PLAT-3-utf-8-CVE-2026-1")

    assert only_fact(of(event)).fields["tickets"] == ["CHK-12", "PLAT-3"]


def test_words_of_a_branch_may_be_joined_by_underscores() -> None:
    event = native(kind="change.pushed", branch="feature_CHK-12")

    assert only_fact(of(event)).fields["tickets"] == ["CHK-12"]


def test_the_default_branch_names_no_ticket() -> None:
    event = native(kind="run.queued", branch="CHK-12", default_branch=True)

    assert "tickets" not in only_fact(of(event)).fields


def test_null_says_the_same_as_a_field_left_out() -> None:
    event = {**native(team="checkout"), "on_team": None, "labels": None}

    assert only_fact(of(event)).fields == {"team": "checkout"}


def test_unknown_fields_are_ignored_and_counted() -> None:
    decoded = of(native(title="secret", nested={"a": [1]}))

    assert only_fact(decoded).fields == {}
    assert decoded.unknown_fields == 2


def test_surrounding_space_is_cut_and_case_is_kept() -> None:
    fact = only_fact(of(native(entity="  Job-a ", source=" Tracker ", team=" A ")))

    assert (fact.entity, fact.source, fact.fields) == (
        "Job-a",
        "Tracker",
        {"team": "A"},
    )


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ("chk-1", "CHK-1"),
        ("Chk-1", "CHK-1"),
        ("utf-8", "utf-8"),
        ("chk-1a", "chk-1a"),
        ("acme/chk-1", "acme/chk-1"),
    ],
)
def test_keys_of_known_projects_are_upper_case(told: str, known: str) -> None:
    event = native(
        entity=told,
        item=told,
        blocker=told,
        needed_by=told,
        items=["a", told],
    )

    fact = only_fact(of(event))

    assert (fact.entity, fact.identity) == (
        known,
        only_fact(of({**event, "entity": known, "blocker": known})).identity,
    )
    assert fact.fields == {
        "item": known,
        "blocker": known,
        "needed_by": known,
        "items": ["a", known],
    }


@pytest.mark.parametrize("kind", ["deploy.ready", "run.queued", "change.opened"])
def test_what_is_no_ticket_keeps_its_name(kind: str) -> None:
    """A deploy may be called by its service and a number, as ``pay-17``."""
    fact = only_fact(of(native(kind=kind, entity="chk-1", change="chk-2")))
    assert (fact.entity, fact.fields) == ("chk-1", {"change": "chk-2"})


def test_commits_are_lower_case() -> None:
    event = native(kind="deploy.ready", sha="AB12CD3", shas=["Ab12cd3", "R-7", "V1"])

    fact = only_fact(of(event))

    assert fact.fields == {"sha": "ab12cd3", "shas": ["ab12cd3", "R-7", "V1"]}


SAID = st.sampled_from(
    [
        *(None, "", " a ", "CHK-1", "success", "approved", "bug", "nul \0"),
        *("x" * 1_001, "2026-03-02T10:00:00Z"),
        *(["a", "b"], [], [1], {"a": 1}, True, 0, 3, 2**70),
    ]
)
FIELDS = st.dictionaries(st.sampled_from([*sorted(KNOWN), "mood", "note"]), SAID)


@given(st.sampled_from(list(Kind)), FIELDS, st.randoms(use_true_random=False))
def test_the_cheap_way_gives_what_the_whole_schema_gives(
    kind: Kind, said: dict[str, object], chance: random.Random
) -> None:
    event = {**native(kind=str(kind), **NEEDS.get(kind, {})), **said}
    names = list(event)
    chance.shuffle(names)
    body = json.dumps({name: event[name] for name in names}).encode()

    for receipt in (None, TEN_O_CLOCK - 3_600_000):
        cheap = decode_marked(body, SETTINGS, receipt)
        whole = decode(body, None, Context(SETTINGS, receipt, {}))
        assert cheap == whole or (cheap is None and "schema" in said)
