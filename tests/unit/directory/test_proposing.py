"""Each kind of hint becomes a team; hints that plainly name one team are one."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.terminal.samples import proposal_lines
from monitor.directory.proposal_text import proposal_text
from monitor.directory.proposing import MOST_LINES, MOST_TEAMS, propose
from monitor.directory.sightings import LABELLED
from monitor.domain.facts import Fact, Fields, Kind
from monitor.domain.teams import always
from tests.unit.directory.sighted import claims, fact, proposed, seen, written

OPENED, CREATED = Kind.CHANGE_OPENED, Kind.TICKET_CREATED
REQUESTED = Kind.CHANGE_REVIEW_REQUESTED


def changes(count: int, repo: str, fields: Fields, first: int = 1) -> list[Fact]:
    """So many changes of a repository, each saying the fields."""
    numbers = range(first, first + count)
    return [fact(OPENED, f"{repo}!{n}", {"repo": repo, **fields}) for n in numbers]


def asked(count: int, repo: str, group: str) -> list[Fact]:
    """So many changes of a repository that ask a group for a review."""
    numbers = range(1, count + 1)
    said: Fields = {"repo": repo, "group": group}
    return [fact(REQUESTED, f"{repo}!{n}", said) for n in numbers]


def why(facts: list[Fact], name: str) -> str:
    """What is said beside a reference."""
    teams = propose(seen(facts)).teams
    return next(x.why for team in teams for x in team.lines if x.seen.name == name)


def test_a_project_that_has_tickets_is_a_team() -> None:
    facts = [
        fact(CREATED, "CHK-1"),
        fact(Kind.TICKET_DONE, "CHK-1"),
        fact(CREATED, "no-key", {"project": "pay"}),
        fact(Kind.LINK_ADDED, "CHK-2", {"blocker": "PLAT-9"}),
    ]
    assert proposed(*facts) == {"chk": ["project CHK"], "pay": ["project PAY"]}
    assert why(facts, "CHK") == "2 tickets"


def test_an_issue_tells_its_repository_by_its_name() -> None:
    facts = [
        fact(CREATED, "acme/shop#1"),
        fact(CREATED, "beta/site#1", {"repo": "beta/moved"}),
        fact(Kind.LINK_ADDED, "acme/shop#1", {"blocker": "gamma/site#9"}),
    ]
    assert proposed(*facts) == {
        "acme": ["repo acme/shop"],
        "beta": ["repo beta/moved"],
    }


def test_a_project_that_is_called_as_tickets_are_is_no_project_of_jiras() -> None:
    text, found = written([fact(CREATED, "17", {"project": "WEB-2"})])
    assert "      - project: WEB-2  # 1 ticket" in text
    assert found.project("WEB-2") == always("web-2")


def test_what_only_looks_like_a_project_is_none() -> None:
    facts = changes(1, "acme/shop", {"tickets": ["UTF-8"]})
    assert proposed(*facts) == {"acme": ["repo acme/shop"]}


def test_a_group_is_a_team_by_its_last_part() -> None:
    facts = asked(2, "acme/shop", "@Acme/Platform")
    facts.append(fact(Kind.DEPLOY_APPROVAL_REQUESTED, "d", {"group": "pagerduty:P123"}))
    found = proposed(*facts)
    assert found["p123"] == ["group pagerduty:p123"]
    assert found["platform"][0] == "group @acme/platform"


def test_of_groups_with_one_name_the_more_asked_for_has_it() -> None:
    facts = asked(2, "acme/shop", "@acme/web") + asked(3, "beta/site", "@beta/web")
    found = proposed(*facts)
    assert "group @beta/web" in found["web"]
    assert "group @acme/web" in found["acme-web"]


def test_a_team_that_native_events_name_is_one_and_labels_name_none() -> None:
    blocked = fact(Kind.TICKET_BLOCKED, "CHK-1", {"on_team": "Platform"})
    assert set(proposed(blocked)) == {"chk", "platform"}
    assert set(proposed(blocked, explicit=False)) == {"chk"}
    left_out = dict(propose(seen([blocked], explicit=False)).left_out)
    assert left_out == {"waits on somebody whom only a label names": 1}


def test_an_address_is_no_team() -> None:
    told = fact(CREATED, "CHK-1", {"team": "example-one@acme.example"})
    assert proposed(told) == {"chk": ["project CHK"]}


def test_labels_that_name_a_team_of_the_file_leave_nothing_out() -> None:
    """Three of five waits are on somebody else; one is outside the organisation."""
    names = ("Chk", "ghosts", "Ghosts", "spirits", "external")
    facts = [
        fact(Kind.TICKET_BLOCKED, f"CHK-{number}", {"on_team": name})
        for number, name in enumerate(names)
    ]
    found = propose(seen([*facts, facts[1]], explicit=False))
    assert [team.id for team in found.teams] == ["chk"]
    assert dict(found.left_out) == {LABELLED: 3}
    assert dict(propose(seen(facts[::4], explicit=False)).left_out) == {}


def test_a_label_holds_the_name_as_people_wrote_it() -> None:
    told = fact(Kind.TICKET_BLOCKED, "CHK-1", people={"named": " CHK"})
    assert propose(seen([told], explicit=False)).left_out == ()
    other = fact(Kind.TICKET_BLOCKED, "CHK-1", people={"named": "ghosts"})
    assert propose(seen([other], explicit=False)).left_out == ((LABELLED, 1),)


@pytest.mark.parametrize("number", [1, 2])
def test_what_is_left_out_reads_well_of_one_too(number: int) -> None:
    facts = [
        fact(Kind.TICKET_BLOCKED, f"CHK-{one}", {"on_team": "ghosts"})
        for one in range(number)
    ]
    found = propose(seen(facts, explicit=False))
    said = f"{LABELLED}: {number}"
    assert f"#   {said}\n" in proposal_text(found, ())
    path = Path("t.yaml")
    lines = list(proposal_lines(found, (), path, path, path))
    assert f"not in the file: {said}" in lines


def test_a_self_hosted_pool_is_a_team_by_its_own_label() -> None:
    def queued(run: str, pool: list[str], *, hosted: bool = False) -> Fact:
        said: Fields = {"pool": pool}
        return fact(Kind.RUN_QUEUED, run, said | ({"hosted": True} if hosted else {}))

    facts = [
        queued("r1", ["Default", "self-hosted", "Linux", "Big"]),
        queued("r2", ["self-hosted", "big"]),
        queued("r3", ["self-hosted", "linux"]),
        queued("r4", ["ubuntu-latest"], hosted=True),
    ]
    assert proposed(*facts) == {"big": ["pool big"]}
    assert why(facts, "big") == "2 runs"
    assert dict(propose(seen(facts)).left_out) == {
        "runs on a vendor's runners": 1,
        "runs on self-hosted runners that no label tells apart": 1,
    }


def test_group_explicit_name_and_project_of_one_id_are_one_team() -> None:
    facts = [
        *asked(1, "acme/shop", "@acme/chk"),
        fact(CREATED, "CHK-1"),
        fact(Kind.TICKET_BLOCKED, "PAY-1", {"on_team": "Chk"}),
    ]
    found = proposed(*facts)
    assert found["chk"][:2] == ["project CHK", "group @acme/chk"]
    assert set(found) == {"chk", "pay"}


@pytest.mark.parametrize(
    ("named", "team"),
    [
        (["checkout", "checkout", "platform"], "checkout"),
        (["checkout", "platform"], "chk"),
        (["checkout", "platform", "search"], "chk"),
    ],
)
def test_a_project_is_the_team_that_most_of_its_tickets_name(
    named: list[str], team: str
) -> None:
    facts = [fact(CREATED, f"CHK-{n}", {"team": x}) for n, x in enumerate(named)]
    assert "project CHK" in proposed(*facts)[team]


def test_a_repository_is_the_team_whose_tickets_its_changes_name_most_often() -> None:
    facts = [
        fact(CREATED, "CHK-1"),
        fact(CREATED, "PAY-1"),
        *changes(3, "acme/shop", {"tickets": ["CHK-1"]}),
        *changes(2, "acme/shop", {"tickets": ["PAY-1", "PAY-2"]}, first=4),
        *changes(1, "acme/shop", {}, first=6),
        *asked(6, "acme/shop", "@acme/platform"),
    ]
    assert proposed(*facts)["chk"] == ["project CHK", "repo acme/shop"]
    assert why(facts, "acme/shop") == "3 of 6 changes name CHK"


def test_equally_many_for_two_teams_tell_nothing() -> None:
    facts = [
        fact(CREATED, "CHK-1"),
        fact(CREATED, "PAY-1"),
        *changes(2, "acme/shop", {"tickets": ["CHK-1"]}),
        *changes(2, "acme/shop", {"tickets": ["PAY-1"]}, first=3),
    ]
    assert proposed(*facts)["acme"] == ["repo acme/shop"]
    told = "4 changes; none tells whose, so its owner's"
    assert why(facts, "acme/shop") == told


@pytest.mark.parametrize(("asking", "team"), [(3, "shop"), (2, "acme")])
def test_a_group_has_a_repository_when_more_than_half_of_the_changes_ask_it(
    asking: int, team: str
) -> None:
    facts = changes(4, "acme/shop", {}) + asked(asking, "acme/shop", "@acme/shop")
    assert "repo acme/shop" in proposed(*facts)[team]


def test_an_owner_that_is_a_team_too_keeps_its_repositories_apart() -> None:
    facts = [*changes(1, "acme/shop", {}), fact(CREATED, "ACME-1")]
    found = proposed(*facts)
    assert found["acme"] == ["project ACME"]
    assert found["acme-repositories"] == ["repo acme/shop"]


def test_a_service_follows_its_tickets_its_repository_or_the_name_of_one() -> None:
    deploy = Kind.DEPLOY_FINISHED
    facts = [
        fact(CREATED, "CHK-1"),
        *changes(1, "acme/shop", {"tickets": ["CHK-1"]}),
        fact(deploy, "d1", {"service": "by-ticket", "items": ["CHK-1"]}),
        fact(deploy, "d2", {"service": "by-repo", "repo": "acme/shop"}),
        fact(deploy, "d5", {"service": "by-issue", "items": ["Acme/Shop#12"]}),
        fact(deploy, "d3", {"service": "Shop"}),
        fact(deploy, "d4", {"service": "nobody's"}),
    ]
    assert proposed(*facts) == {
        "chk": [
            "project CHK",
            "repo acme/shop",
            "service by-issue",
            "service by-repo",
            "service by-ticket",
            "service shop",
        ]
    }
    left_out = dict(propose(seen(facts)).left_out)
    assert left_out == {"services that no event puts beside a team": 1}


@pytest.mark.parametrize(("askers", "asks", "guessed"), [(2, 0, False), (3, 0, True)])
def test_a_platform_is_guessed_where_three_others_ask(
    askers: int, asks: int, guessed: bool
) -> None:
    assert _is_platform(askers, asks) is guessed


@pytest.mark.parametrize(("asks", "guessed"), [(1, True), (2, True), (3, False)])
def test_who_asks_nearly_as_many_is_guessed_to_be_no_platform(
    asks: int, guessed: bool
) -> None:
    assert _is_platform(4, asks) is guessed


def _is_platform(askers: int, asks: int) -> bool:
    blocked = Kind.TICKET_BLOCKED
    facts = [fact(blocked, f"A{n}-1", {"on_team": "plt"}) for n in range(askers)]
    facts += [fact(blocked, f"PLT-{n}", {"on_team": f"B{n}"}) for n in range(asks)]
    facts.append(fact(blocked, "PLT-9", {"on_team": "plt"}))
    text, directory = written(facts)
    (team,) = (t for t in propose(seen(facts)).teams if t.id == "plt")
    assert (team.asked_by, team.asks) == (askers, asks)
    assert (directory.teams["plt"].kind == "platform") is team.is_platform
    assert directory.teams["a0"].kind_defaulted
    assert ("a guess" in text) is team.is_platform
    return team.is_platform


def test_no_person_is_written() -> None:
    facts = [
        fact(
            OPENED,
            "c1",
            {"repo": "ada-l/fork", "author_team": "ada-l"},
            {"author": "github:Ada-L"},
        ),
        fact(REQUESTED, "c2", {"repo": "acme/shop", "group": "@ada-l"}),
        fact(REQUESTED, "c2", {"repo": "acme/shop"}, {"asked": "github:bob-b"}),
    ]
    text, _ = written(facts)
    assert "ada" not in text.lower()
    assert "bob" not in text.lower()
    assert "github:" not in text.replace("github:example-lead", "")


@pytest.mark.parametrize("turn", [0, 1, 2])
def test_a_person_by_whose_repository_nobody_acts_is_no_team(turn: int) -> None:
    facts = [
        fact(OPENED, "c1", {"repo": "example-one/notes"}),
        fact(OPENED, "c2", {"repo": "example-one/b"}, {"owner": "github:example-one"}),
        fact(OPENED, "c3", {"repo": "acme/shop"}),
    ]
    shuffled = (*facts[turn:], *facts[:turn])
    assert proposed(*shuffled) == {"acme": ["repo acme/shop"]}


def test_repeated_and_shuffled_facts_give_the_same_proposal() -> None:
    facts = [
        *(fact(CREATED, f"CHK-{n}", {"team": "checkout"}) for n in range(9)),
        *changes(5, "acme/shop", {"tickets": ["CHK-1"]}),
        *asked(7, "acme/tools", "@acme/platform"),
    ]
    expected = propose(seen(facts))
    again = [*facts, *facts]
    random.Random(1).shuffle(again)
    assert propose(seen(again)) == expected


@pytest.mark.slow
def test_ten_thousand_references_are_bounded_and_the_rest_is_counted() -> None:
    facts = [
        one
        for number in range(10_000)
        for one in changes(1 + (number < 5), f"acme/r{number}", {})
    ]
    facts += [fact(CREATED, f"P{n}-1") for n in range(MOST_TEAMS + 50)]
    proposal = propose(seen(facts))
    owned = [name for names in claims(proposal).values() for name in names]
    assert len(proposal.teams) == MOST_TEAMS
    assert len(owned) == MOST_LINES
    # What is seen most often is kept.
    assert {f"repo acme/r{n}" for n in range(5)} <= set(owned)
    assert dict(proposal.left_out) == {
        "teams beyond the most that are proposed": 51,
        "references beyond the most that are proposed": 10_000 + 199 - MOST_LINES,
    }


def test_names_beyond_what_is_counted_are_passed_over_and_said() -> None:
    facts = [fact(OPENED, f"c{n}", {"repo": f"acme/r{n}"}) for n in range(10_003)]
    left_out = dict(propose(seen(facts)).left_out)
    assert left_out == {
        "mentions of further names or things, beyond what is counted": 3,
        "references beyond the most that are proposed": 10_000 - MOST_LINES,
    }


HOSTILE = [
    "null",
    "True",
    "123",
    "1e5",
    "- a",
    "a: b",
    "#x",
    "'",
    '"',
    "\\",
    "{a}",
    "[",
    "&a",
    "*",
    "a?",
    "!t",
    "%",
    "@",
    "x\ny",
    " padded ",
    "unknown",
    "WALL",
    "é\u2028",
    "",
    "\u017f",
    "s" * 300,
    "a/b",
]
NAME = st.sampled_from(HOSTILE) | st.text(max_size=12)


@given(st.lists(st.tuples(NAME, NAME), max_size=8))
def test_whatever_the_names_are_the_file_is_sound(
    names: list[tuple[str, str]],
) -> None:
    facts = [
        one
        for number, (name, other) in enumerate(names)
        for one in (
            fact(CREATED, f"t{number}", {"project": name, "team": other}),
            fact(CREATED, f"u{number}", {"areas": [f"jira:team:{name}"]}),
            fact(CREATED, f"v{number}", {"areas": [f"jira:component:{name}/{other}"]}),
            fact(OPENED, f"c{number}", {"repo": f"{name}/{other}", "team": name}),
            fact(REQUESTED, f"c{number}", {"repo": name, "group": other}),
            fact(REQUESTED, f"d{number}", {"repo": name, "group": f"@{name}/{other}"}),
            fact(Kind.RUN_QUEUED, f"r{number}", {"pool": [name]}),
            fact(Kind.DEPLOY_FINISHED, f"d{number}", {"service": name, "repo": other}),
        )
    ]
    written([*facts, fact(CREATED, "OK-1")])


@pytest.mark.parametrize(
    "name", ["null", "123", "- a", "a: b", "{a}", "#x", '"', "\u017f"]
)
def test_an_odd_name_is_found_again(name: str) -> None:
    service: Fields = {"service": name, "items": ["CHK-1"]}
    facts = [fact(CREATED, "CHK-1"), fact(Kind.DEPLOY_FINISHED, "d", service)]
    _, directory = written(facts)
    assert directory.service(name) == always("chk")
