"""Teams by rule: of the reference alone, never a person's, never a reserved word."""

from __future__ import annotations

import pickle
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.directory import ruling
from monitor.directory.growing import NOTHING
from monitor.directory.proposing import propose
from monitor.directory.provisional import ProvisionalDirectory, directory_of
from monitor.directory.ruling import Written
from monitor.domain.facts import Fact, Kind
from monitor.domain.teams import RESERVED, Directory, always
from monitor.domain.timeline import WALL
from tests.unit.directory.sighted import fact, seen

RULES = directory_of(NOTHING)
CREATED, OPENED = Kind.TICKET_CREATED, Kind.CHANGE_OPENED


def made(*facts: Fact) -> ProvisionalDirectory:
    """The directory of what a sample of these facts comes to."""
    return directory_of(propose(seen(facts)))


def test_each_kind_of_reference_names_its_team() -> None:
    known = made(fact(OPENED, "c", {"repo": "acme/shop"}))
    assert known.project("CHK") == always("chk")
    assert known.group("@Acme/Checkout") == always("checkout")
    assert known.group("top/middle/web") == always("web")
    assert known.pool(("self-hosted", "linux", "Large-1")) == always("large-1")
    assert known.repository("acme/new") == always("acme")
    assert known.named("Payments") == "payments"


def test_what_may_be_a_person_is_nobody_s() -> None:
    known = made(fact(OPENED, "c", {"repo": "acme/shop"}))
    assert known.repository("ada/notes") is None
    assert known.group("ada") is None
    assert known.listed("ada") == "unknown"
    # Whose repositories these are is not known before anything was written down.
    assert RULES.repository("acme/shop") is None


def test_an_address_that_an_event_states_is_no_team() -> None:
    assert RULES.named("example-one@acme.example") == "unknown"
    assert RULES.named("acme@shop") == "acme@shop"


def test_an_owner_that_acts_as_a_person_is_no_team() -> None:
    alone = fact(OPENED, "c", {"repo": "ada/notes"}, {"author": "github:ada"})
    known = made(alone, fact(CREATED, "CHK-1"))
    assert known.repository("ada/notes") is None
    assert known.repository("ada/other") is None


def test_a_group_shows_that_an_account_is_an_organisation() -> None:
    asked = fact(Kind.DEPLOY_APPROVAL_REQUESTED, "d", {"group": "@acme/platform"})
    assert made(asked).repository("acme/shop") == always("acme")


@pytest.mark.parametrize(
    "labels", [("self-hosted",), ("Default", "linux", "x64"), ("",), ("a*",)]
)
def test_labels_that_name_no_pool_name_no_team(labels: tuple[str, ...]) -> None:
    assert RULES.pool(labels) is None


def test_a_vendors_runners_are_nobody_s_unless_claimed() -> None:
    assert RULES.pool(("ubuntu-latest",), hosted=True) is None
    assert RULES.pool(("ubuntu-latest",)) == always("ubuntu-latest")
    queued = fact(Kind.RUN_QUEUED, "r", {"pool": ["big"]})
    assert made(queued).pool(("big",), hosted=True) == always("big")


@pytest.mark.parametrize(
    "group", ["pagerduty:P1", "jira:team:A/B", "@/x", "@acme/", ""]
)
def test_ids_of_other_tools_name_no_team(group: str) -> None:
    assert RULES.group(group) is None


def test_a_group_of_another_organisation_keeps_both_parts() -> None:
    known = made(fact(Kind.CHANGE_REVIEW_REQUESTED, "c", {"group": "@acme/web"}))
    assert known.group("@acme/web") == always("web")
    assert known.group("@beta/web") == always("beta-web")
    assert known.group("@beta/ops") == always("ops")


def test_repositories_go_apart_where_a_team_has_the_owners_name() -> None:
    known = made(
        fact(CREATED, "T-1", {"team": "acme"}), fact(OPENED, "c", {"repo": "acme/shop"})
    )
    assert known.repository("acme/shop") == always("acme-repositories")
    assert known.repository("acme/new") == always("acme-repositories")


def test_what_is_written_down_of_any_reference_comes_before_a_rule() -> None:
    known = made(
        fact(OPENED, "c", {"repo": "acme/shop"}),
        fact(CREATED, "PAY-1", {"team": "payments"}),
    )
    assert known.owner({"repo": "acme/new", "project": "PAY"}) == always("payments")
    assert known.owner({"repo": "acme/new", "project": "NEW"}) == always("acme")
    assert known.owner({"repo": "who/new", "project": "NEW"}) == always("new")
    assert known.owner({"service": "shop"}) is None


def test_a_ruled_team_is_a_stream_and_not_listed() -> None:
    known: Directory = RULES
    team = known.team("chk")
    assert team is not None
    assert (team.kind, team.kind_defaulted, team.headcount) == ("stream", True, None)
    assert team.calendar == known.organisation.calendar
    assert known.teams == {}
    assert known.provisional
    for word in (*RESERVED, WALL, "domain:x", "CHK"):
        assert known.team(word) is None


def test_the_hash_is_of_what_is_written_down_and_not_of_how_often() -> None:
    facts = [fact(CREATED, "CHK-1"), fact(CREATED, "PAY-1")]
    assert made(*facts).hash == made(*facts).hash
    assert made(*facts).hash != made(facts[0]).hash != RULES.hash
    assert len(RULES.hash) == 12


def test_another_process_has_the_same_answers() -> None:
    known = made(fact(OPENED, "c", {"repo": "acme/shop"}))
    other = pickle.loads(pickle.dumps(known))  # noqa: S301 - our own
    assert other.repository("acme/new") == always("acme")
    assert (other.hash, other.provisional) == (known.hash, True)


names = st.one_of(
    st.text(max_size=12),
    st.sampled_from([*RESERVED, WALL, "Unknown ", "a:b", "ẞ", "İ", "a*", "x" * 200]),
)
ACME = Written(accounts=frozenset({"acme"}))


def ruled(name: str) -> set[str]:
    """Every id that a rule makes of a name, whatever the name is of."""
    found = {
        ruling.named_team(name),
        ruling.team_of_project(name),
        ruling.team_of_group(f"@acme/{name}", ACME),
        ruling.team_of_group(f"@{name}/web", ACME),
        ruling.team_of_pool((name,)),
        ruling.team_of_repository(f"acme/{name}", ACME),
    }
    return {team for team in found if team is not None}


@given(names)
def test_no_rule_makes_a_reserved_or_unreadable_id(name: str) -> None:
    for team in ruled(name):
        assert team not in {*RESERVED, WALL, ""}
        assert ":" not in team
        assert team.isprintable()
        # Naming the team names the team: ids are their own names.
        assert RULES.named(team) == team
        assert RULES.team(team) is not None


@given(st.lists(names, max_size=8), st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_changes_an_answer(
    asked: list[str], chance: random.Random
) -> None:
    one, other = directory_of(NOTHING), directory_of(NOTHING)
    shuffled = [*asked, *asked]
    chance.shuffle(shuffled)
    for name in shuffled:
        other.owner({"project": name, "repo": name})
        other.pool((name,))
    for name in asked:
        fields = {"project": name, "repo": name}
        assert one.owner(fields) == other.owner(fields)  # type: ignore[arg-type]
        assert one.pool((name,)) == other.pool((name,))
        assert one.named(name) == other.named(name)
