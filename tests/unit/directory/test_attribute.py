import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.directory.attribute import attribute, without_stated_persons
from monitor.directory.file_directory import FileDirectory
from monitor.directory.teams_file import parse
from monitor.domain.facts import Fact, Fields, Kind, People
from monitor.domain.making import make_fact
from monitor.domain.opaque import blocked_on
from monitor.domain.preference import canonical
from monitor.domain.working_time import to_ms

TEXT = """\
version: 1
organisation: {roles: {manager: ["github:lead"]}}
teams:
  - id: checkout
    owns: [{repo: acme/shop, to: 2026-03-01}, {jira: CHK}]
    members: [github:one, github:both, github:lead]
  - id: platform
    owns: [{repo: acme/shop, from: 2026-03-01}]
    members: [github:two, github:both, {person: github:new, from: 2026-03-01}]
"""
BEFORE = to_ms(dt.datetime(2026, 2, 2, tzinfo=dt.UTC))
AFTER = to_ms(dt.datetime(2026, 3, 2, tzinfo=dt.UTC))


@pytest.fixture(scope="module")
def directory() -> FileDirectory:
    found = parse(TEXT)
    assert isinstance(found, FileDirectory)
    return found


def fact(
    people: People,
    fields: Fields | None = None,
    *,
    time: int = BEFORE,
    kind: Kind = Kind.CHANGE_OPENED,
) -> Fact:
    given_fields: Fields = {"repo": "acme/shop"} if fields is None else fields
    return make_fact(kind, time, "acme#1", "github.com", given_fields, people)


def added(made: Fact, directory: FileDirectory) -> dict[str, object]:
    """What attribution added to the fields, beside which of them were persons'."""
    result = attribute(made, directory)
    assert result.people == {}
    known = {*made.fields, "derived"}
    return {key: value for key, value in result.fields.items() if key not in known}


def test_a_fact_without_people_is_returned_as_it_is(directory: FileDirectory) -> None:
    made = fact({})
    assert attribute(made, directory) is made


def test_the_original_fact_and_the_identity_stay(directory: FileDirectory) -> None:
    made = fact({"author": "github:one"})
    result = attribute(made, directory)
    assert result.identity == made.identity
    assert made.fields == {"repo": "acme/shop"}
    assert made.people == {"author": "github:one"}


def test_an_authors_team_is_the_only_membership(directory: FileDirectory) -> None:
    made = fact({"author": "github:two"})
    assert added(made, directory) == {"author_team": "platform"}


def test_an_author_of_two_teams_is_of_the_one_that_owns_the_repository_then(
    directory: FileDirectory,
) -> None:
    author: People = {"author": "github:both"}
    assert added(fact(author), directory) == {"author_team": "checkout"}
    assert added(fact(author, time=AFTER), directory) == {"author_team": "platform"}


def test_an_author_without_one_clear_team_has_none(directory: FileDirectory) -> None:
    assert added(fact({"author": "github:nobody"}), directory) == {}
    assert (
        added(fact({"author": "github:both"}, {"repo": "acme/else"}), directory) == {}
    )
    assert added(fact({"author": "github:both"}, {}), directory) == {}


def test_a_membership_holds_from_its_first_day(directory: FileDirectory) -> None:
    assert added(fact({"author": "github:new"}), directory) == {}
    later = fact({"author": "github:new"}, time=AFTER)
    assert added(later, directory) == {"author_team": "platform"}


def test_an_actor_acts_for_all_teams_and_has_a_role(directory: FileDirectory) -> None:
    both = ["checkout", "platform"]
    assert added(fact({"actor": "github:both"}), directory) == {"by_teams": both}
    assert added(fact({"actor": "github:lead"}), directory) == {
        "by_teams": ["checkout"],
        "actor_role": "manager",
    }
    assert added(fact({"actor": "github:nobody"}), directory) == {}


def test_a_reviewer_reviews_for_all_teams(directory: FileDirectory) -> None:
    made = fact({"reviewer": "github:both"}, kind=Kind.CHANGE_REVIEWED)
    assert added(made, directory) == {"reviewed_by": ["checkout", "platform"]}


def test_which_teams_were_persons_is_told_and_which_an_event_states_is_not(
    directory: FileDirectory,
) -> None:
    people: People = {
        "author": "github:one",
        "actor": "github:nobody",
        "reviewer": "github:one",
        "asked": "github:two",
        "receiver": "github:two",
    }
    made = fact(people, {"repo": "acme/shop", "on_team": "checkout"})
    found = attribute(made, directory).fields
    assert found["derived"] == ["author_team", "reviewed_by", "to_team"]
    assert "derived" not in attribute(fact({"named": "one"}), directory).fields


def test_an_unmapped_reviewer_is_left_to_the_repositorys_owner(
    directory: FileDirectory,
) -> None:
    made = fact({"reviewer": "github:nobody"}, kind=Kind.CHANGE_REVIEWED)
    assert added(made, directory) == {"inferred": True}


def test_an_asked_person_is_their_only_team_or_the_owning_one(
    directory: FileDirectory,
) -> None:
    kind = Kind.CHANGE_REVIEW_REQUESTED
    one = fact({"asked": "github:two"}, kind=kind)
    both = fact({"asked": "github:both"}, kind=kind)
    assert added(one, directory) == {"on_team": "platform"}
    assert added(both, directory) == {"on_team": "checkout"}


@pytest.mark.parametrize("person", ["github:nobody", "github:both"])
def test_an_asked_person_without_one_clear_team_is_inferred(
    person: str, directory: FileDirectory
) -> None:
    made = fact({"asked": person}, {"repo": "acme/else"})
    assert added(made, directory) == {"inferred": True}


def test_a_receiver_is_their_team_or_nobody(directory: FileDirectory) -> None:
    kind = Kind.TICKET_ASSIGNED
    one = fact({"receiver": "github:one"}, kind=kind)
    nobody = fact({"receiver": "github:nobody"}, kind=kind)
    assert added(one, directory) == {"to_team": "checkout"}
    assert added(nobody, directory) == {}


@pytest.mark.parametrize(
    ("beside", "team"),
    [
        (["github:lead"], "checkout"),
        (["github:both"], "checkout"),
        (["github:nobody"], "checkout"),
        (["github:two"], None),
        (["github:lead", "github:two"], None),
    ],
    ids=["a colleague", "of both teams", "unknown", "of another team", "of both"],
)
def test_who_comes_beside_people_of_another_team_only_helps_them(
    beside: list[str], team: str | None, directory: FileDirectory
) -> None:
    people: People = {"receiver": "github:one", "beside": beside}
    made = fact(people, kind=Kind.TICKET_ASSIGNED)
    assert added(made, directory).get("to_team") == team


def test_where_there_is_no_repository_the_projects_owner_decides(
    directory: FileDirectory,
) -> None:
    made = fact({"receiver": "github:both"}, {"project": "CHK"})
    assert added(made, directory) == {"to_team": "checkout"}


@pytest.mark.parametrize(
    ("people", "fields"),
    [
        ({"author": "github:one"}, {"author_team": "x"}),
        ({"actor": "github:lead"}, {"by_teams": ["x"], "actor_role": "staff"}),
        ({"reviewer": "github:nobody"}, {"reviewed_by": ["x"]}),
        ({"asked": "github:nobody"}, {"on_team": "x"}),
        ({"receiver": "github:one"}, {"to_team": "x"}),
    ],
)
def test_a_team_the_event_states_wins(
    people: People, fields: Fields, directory: FileDirectory
) -> None:
    assert added(fact(people, fields), directory) == {}


BLOCKED = Kind.TICKET_BLOCKED


@pytest.mark.parametrize("name", ["platform", "Platform", "unknown", "external"])
def test_a_label_may_name_a_team_of_the_file(
    name: str, directory: FileDirectory
) -> None:
    assert added(fact({"named": name}, kind=BLOCKED), directory) == {"on_team": name}


@pytest.mark.parametrize(
    ("name", "time", "team"),
    [
        ("two", BEFORE, "platform"),
        ("@Two", BEFORE, "platform"),
        ("github:two", BEFORE, "platform"),
        ("new", BEFORE, "unknown"),
        ("new", AFTER, "platform"),
        ("both", BEFORE, "checkout"),
        ("both", AFTER, "platform"),
        ("lead", BEFORE, "checkout"),
    ],
)
def test_a_person_whom_a_label_names_is_their_team_then(
    name: str, time: int, team: str, directory: FileDirectory
) -> None:
    made = fact({"named": name}, time=time, kind=BLOCKED)
    said = added(made, directory)
    assert said == {"on_team": team, "request": blocked_on(name)}


def test_a_team_comes_before_a_person_of_its_name() -> None:
    found = parse(TEXT.replace("github:new,", "github:checkout,"))
    assert isinstance(found, FileDirectory)
    made = fact({"named": "checkout"}, time=AFTER, kind=BLOCKED)
    assert added(made, found) == {"on_team": "checkout"}


@pytest.mark.parametrize("name", ["Ada Lovelace", "somebody", "@somebody"])
def test_of_any_other_name_on_a_label_no_text_is_kept(
    name: str, directory: FileDirectory
) -> None:
    said = added(fact({"named": name.lower()}, kind=BLOCKED), directory)
    assert said == {"on_team": blocked_on(name)}
    assert directory.listed(blocked_on(name)) == "unknown"
    assert name.lower().lstrip("@") not in str(said)
    other = added(fact({"named": "other"}, kind=BLOCKED), directory)
    assert other["on_team"] != said["on_team"]


def test_a_team_written_down_later_is_found_behind_what_was_kept() -> None:
    later = parse(TEXT + "  - id: Somebody\n")
    assert isinstance(later, FileDirectory)
    assert later.listed(blocked_on("somebody")) == "Somebody"


def test_the_identity_is_that_of_the_name_a_label_holds() -> None:
    """As it was before labels were told from teams."""
    named = fact({"named": "platform"}, kind=BLOCKED)
    stated = fact({}, {"on_team": "platform"}, kind=BLOCKED)
    assert named.identity == stated.identity


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"team": "TWO"}, {"team": "platform"}),
        ({"to_team": "@new"}, {"to_team": "unknown"}),
        ({"requester_team": "one"}, {"requester_team": "checkout"}),
        (
            {"on_team": "two", "request": "two"},
            {"on_team": "platform", "request": blocked_on("two")},
        ),
        ({"author_team": "both"}, {"author_team": "unknown"}),
        (
            {"by_teams": ["both", "data"]},
            {"by_teams": ["checkout", "platform", "data"]},
        ),
        ({"reviewed_by": ["new"]}, {"reviewed_by": ["unknown"]}),
        ({"cause_teams": ["two", "one"]}, {"cause_teams": ["platform", "checkout"]}),
        ({"teams": ["two", "platform"]}, {"teams": ["platform"]}),
    ],
)
def test_a_person_in_a_field_for_teams_is_their_team(
    fields: Fields, kept: Fields, directory: FileDirectory
) -> None:
    made = fact({}, fields)
    result = without_stated_persons(made, directory)
    assert result.fields == kept
    assert result.identity == made.identity


def test_a_name_in_a_field_for_teams_is_else_a_teams(directory: FileDirectory) -> None:
    made = fact({}, {"team": "data", "by_teams": ["search"], "on_team": "checkout"})
    assert without_stated_persons(made, directory) is made


@given(
    st.fixed_dictionaries(
        {},
        optional={
            role: st.sampled_from(["github:one", "github:both", "github:ghost"])
            for role in ("author", "actor", "asked", "reviewer", "receiver", "named")
        },
    ),
    st.sampled_from([BEFORE, AFTER]),
)
def test_no_person_is_left_anywhere(people: People, time: int) -> None:
    found = parse(TEXT)
    assert isinstance(found, FileDirectory)
    result = attribute(fact(people, time=time), found)
    text = canonical(result) + json.dumps(result.people)
    assert "github:" not in text
    assert "ghost" not in text
