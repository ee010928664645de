"""Indicators 1.7: the identity of a fact, which of two counts, and the order."""

from __future__ import annotations

from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.facts import Fact, Fields, Kind, People
from monitor.domain.items import EntityType, entity_type, fact_order, in_order
from monitor.domain.making import make_fact, raw_target
from monitor.domain.preference import canonical, preferred

ASKED = Kind.CHANGE_REVIEW_REQUESTED


def made(
    kind: Kind = ASKED,
    time: int = 1_000,
    entity: str = "shop#7",
    source: str = "github.com",
    revision: int = 0,
    **fields: object,
) -> Fact:
    known: Fields = fields  # type: ignore[assignment]
    return make_fact(kind, time, entity, source, known, revision=revision)


DIFFERENT: dict[str, Fact] = {
    "source": made(source="gitlab.com"),
    "kind": made(Kind.CHANGE_OPENED),
    "entity": made(entity="shop#8"),
    "event time": made(time=1_001),
    "attempt": made(attempt=2),
    "outcome": made(outcome="failure"),
    "asked team": made(on_team="platform"),
    "asked group": made(group="@acme/platform"),
    "request": made(request="aa"),
    "blocker": made(blocker="PLT-1"),
    "receiver": made(to_team="search"),
    "decision": made(decision="approved"),
    "needed by": made(needed_by="CHK-1"),
    "reviewer": made(reviewed_by=["data"]),
}


@pytest.mark.parametrize("what", DIFFERENT)
def test_what_happened_makes_the_identity(what: str) -> None:
    assert DIFFERENT[what].identity != made().identity


def test_no_two_of_the_differences_collide() -> None:
    identities = {fact.identity for fact in DIFFERENT.values()}
    assert len(identities) == len(DIFFERENT)


def test_what_is_said_beside_it_does_not() -> None:
    assert made(team="checkout", url="https://x", sha="a").identity == made().identity


NAMED = "ada-lovelace-patch-1"


@pytest.mark.parametrize(
    ("entity", "kept"),
    [("github.com:5@" + NAMED, "github.com:5@"), ("shop#7", "shop#7")],
    ids=["a push, known by its branch", "anything else"],
)
def test_a_branch_is_told_from_others_and_its_name_is_not_kept(
    entity: str, kept: str
) -> None:
    """GitHub calls the branch of an edit on the web after the person."""
    named, again = (made(entity=entity, branch=NAMED) for _ in range(2))
    assert NAMED not in repr(named)
    assert named == again
    assert named.entity.startswith(kept)
    other = made(entity=entity, branch="grace-hopper-patch-1")
    assert other.fields["branch"] != named.fields["branch"]


def test_a_push_is_known_by_the_branch_it_names() -> None:
    push = made(Kind.CHANGE_PUSHED, entity=f"github.com:5@{NAMED}", branch=NAMED)
    assert push.entity == f"github.com:5@{push.fields['branch']}"


def test_fields_said_of_two_facts_name_one_branch() -> None:
    fields: Fields = {"branch": NAMED}
    first = make_fact(ASKED, 1, "shop#7", "github.com", fields)
    second = make_fact(ASKED, 2, "shop#7", "github.com", fields)
    assert second.fields["branch"] == first.fields["branch"]


def test_the_identity_of_a_push_is_that_of_the_branch_by_its_name() -> None:
    """So what was stored before names were left out is known again."""
    entity = f"github.com:5@{NAMED}"
    assert made(entity=entity, branch=NAMED).identity == made(entity=entity).identity


@pytest.mark.parametrize("role", ["asked", "reviewer", "receiver"])
def test_a_person_is_part_of_the_identity_before_attribution(role: str) -> None:
    one: People = {role: "github:a"}  # type: ignore[misc]
    other: People = {role: "github:b"}  # type: ignore[misc]
    found = {
        make_fact(ASKED, 1, "e", "s", people=people).identity for people in (one, other)
    }
    assert len(found) == 2


def test_who_merely_did_it_is_not() -> None:
    people: People = {"actor": "github:a"}
    assert raw_target({}, people) == raw_target({}, {})


def test_an_identity_fits_a_signed_64_bit_integer() -> None:
    assert all(0 <= fact.identity < 2**63 for fact in DIFFERENT.values())


def test_without_an_event_time_the_body_takes_its_place() -> None:
    one, other = (make_fact(ASKED, t, "e", "s", body_hash="ab") for t in (1, 2))
    third = make_fact(ASKED, 1, "e", "s", body_hash="cd")
    assert one.identity == other.identity != third.identity
    assert one.fields == {"receipt": True}


def told_at(time: int, revision: int = 0, fields: Fields | None = None) -> Fact:
    """A change by its number, as it is told by one of several clocks."""
    numbered = ("jira:500", "change:900")
    kind, said = Kind.TICKET_STARTED, fields.copy() if fields else None
    return make_fact(
        kind, time, "CHK-1", "s", said, revision=revision, identified=numbered
    )


class TestPreferred:
    def test_the_higher_revision(self) -> None:
        old, new = made(team="a", url="b"), made(revision=1)
        assert preferred(old, new) is preferred(new, old) is new

    def test_then_the_fact_that_says_more(self) -> None:
        little, much = made(team="a"), made(team="a", url="b")
        assert preferred(little, much) is preferred(much, little) is much

    def test_then_one_of_them_whatever_the_order(self) -> None:
        one, other = made(team="a"), made(team="b")
        assert preferred(one, other) == preferred(other, one)

    def test_then_the_same_one_whichever_key_of_a_thing_it_names(self) -> None:
        """By then another body may have told the key that the thing is kept by."""
        for number in range(20):
            one = made(branch=f"b{number}", tickets=["acme/pay#2"])
            other = made(branch="main", tickets=["SHOP-1"])
            renamed = made(branch=f"b{number}", tickets=["github.com:2#2"])
            kept = preferred(one, other).fields["branch"]
            assert preferred(renamed, other).fields["branch"] == kept
            assert preferred(other, renamed).fields["branch"] == kept

    def test_then_the_same_one_by_whichever_key_the_thing_is_kept(self) -> None:
        """By then it may have been moved, and both be told under its new key."""
        for number in range(20):
            told = made(team="a", url=str(number)), made(team="b", url=str(number))
            moved = tuple(fact._replace(entity="SHOP-9") for fact in told)
            assert preferred(*told).fields == preferred(*moved).fields

    def test_of_those_that_differ_in_references_only_one(self) -> None:
        one, other = made(tickets=["SHOP-1"]), made(tickets=["SHOP-2"])
        assert preferred(one, other) == preferred(other, one)

    def test_where_their_times_differ_the_earlier_whatever_else_it_says(self) -> None:
        """All facts of a change have the time of one clock: that which is behind."""
        for number in range(20):
            url = str(number)
            late = told_at(37, revision=2, fields={"team": "a", "url": url})
            early = told_at(0, fields={"team": "b"})
            assert early.identity == late.identity
            assert preferred(early, late) is preferred(late, early) is early

    def test_a_time_of_receipt_only_where_no_other_is_told(self) -> None:
        told, received = told_at(37), told_at(0, fields={"receipt": True})
        assert preferred(told, received) is preferred(received, told) is told

    def test_of_any_number_of_them_the_same_one_in_any_order(self) -> None:
        receipt: list[Fields] = [{}, {"receipt": True}]
        every = [
            told_at(time, revision=revision, fields=fields)
            for time in (0, 37)
            for revision in (0, 1)
            for fields in receipt
        ]
        for three in permutations(every, 3):
            first, *others = (reduce(preferred, told) for told in permutations(three))
            assert all(other == first for other in others)

    def test_the_earlier_of_two_receipts(self) -> None:
        early, late = (
            make_fact(ASKED, time, "e", "s", {"team": team}, body_hash="ab")
            for time, team in ((1, "b"), (2, "a"))
        )
        assert preferred(early, late) is preferred(late, early) is early

    def test_two_receipts_of_one_instant_by_what_they_say(self) -> None:
        one, other = (
            make_fact(ASKED, 1, "e", "s", {"team": team}, body_hash="ab")
            for team in "ab"
        )
        assert preferred(one, other) == preferred(other, one)


def test_equal_facts_have_equal_text() -> None:
    assert canonical(made(team="a", url="b")) == canonical(made(url="b", team="a"))
    assert canonical(made(team="a")) != canonical(made(team="b"))


class TestOrder:
    def test_by_event_time_first(self) -> None:
        late, early = made(Kind.TICKET_CREATED, 2), made(Kind.TICKET_DONE, 1)
        assert in_order([late, early]) == (early, late)

    def test_then_by_source_revision(self) -> None:
        second, first = made(Kind.TICKET_CREATED, revision=2), made(revision=1)
        assert in_order([second, first]) == (first, second)

    def test_then_by_the_table_of_kinds(self) -> None:
        done, opened = made(Kind.TICKET_DONE), made(Kind.TICKET_CREATED)
        assert in_order([done, opened]) == (opened, done)

    def test_then_by_raw_target(self) -> None:
        search, platform = made(on_team="search"), made(on_team="platform")
        assert in_order([search, platform]) == (platform, search)

    def test_then_by_identity(self) -> None:
        two = [made(entity="a"), made(entity="b")]
        assert in_order(two) == tuple(sorted(two, key=lambda fact: fact.identity))

    def test_one_fact_for_each_identity(self) -> None:
        little, much = made(), made(team="a")
        assert in_order([little, much, little]) == (much,)

    @given(st.permutations(list(DIFFERENT.values())))
    def test_it_does_not_depend_on_the_order_of_arrival(
        self, facts: list[Fact]
    ) -> None:
        expected = tuple(sorted(DIFFERENT.values(), key=fact_order))
        assert in_order(facts + facts[:3]) == expected


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_tells_what_the_thing_is(kind: Kind) -> None:
    expected = "ticket" if kind.startswith("link") else kind.partition(".")[0]
    assert entity_type(made(kind)) is EntityType(expected)


@pytest.mark.parametrize(
    ("said", "kept"),
    [("Prioritised", "prioritise"), ("drop what example-one made", "other")],
)
def test_of_a_decision_only_what_it_is_about_is_kept(said: str, kept: str) -> None:
    first, second = (made(Kind.TICKET_DECIDED, decision=x) for x in (said, f"{said}!"))
    assert first.fields["decision"] == second.fields["decision"] == kept
    assert first.identity != second.identity


@pytest.mark.parametrize(
    ("said", "kept"), [("Director", "director"), ("example-one", "other"), (" ", "")]
)
def test_of_a_role_only_whether_it_is_a_leaders_is_kept(said: str, kept: str) -> None:
    assert made(Kind.TICKET_DECIDED, actor_role=said).fields["actor_role"] == kept


def test_the_decision_on_an_approval_is_of_a_closed_list() -> None:
    refused = made(Kind.DEPLOY_APPROVAL_DECIDED, decision="rejected")
    assert refused.fields["decision"] == "rejected"
