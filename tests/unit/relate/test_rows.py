"""A row survives its bytes; a newer one is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from monitor.domain.facts import Fact, Fields, Kind
from monitor.domain.items import EntityType, Profile, RedSince, Shipped
from monitor.domain.making import make_fact
from monitor.domain.teams import BEGINNING, Since
from monitor.errors import StateCorrupt
from monitor.relate.packed_rows import has_dependents, pack, unpack
from monitor.relate.rows import Dependents, Row, Section
from tests.harness.driving import directory_of

DIRECTORY = directory_of("version: 1\nteams: [{id: checkout}]")

STARTED = make_fact(
    Kind.TICKET_STARTED, 1_000, "CHK-1", "jira", {"team": "checkout"}, revision=3
)
QUEUED = make_fact(Kind.RUN_QUEUED, 2_000, "run-1", "ci", {"pool": ["größer", "gpu"]})
OPENED = make_fact(Kind.CHANGE_OPENED, 1_500, "shop#7", "github.com")


def section(entity: str, *facts: Fact, parent: str | None = None) -> Section:
    return Section(entity, parent, {fact.identity: fact for fact in facts})


def row() -> Row:
    return Row(
        "CHK-1",
        {
            "CHK-1": section("CHK-1", STARTED),
            "shop#7": section("shop#7", OPENED, parent="CHK-1"),
            "run-1": section("run-1", QUEUED, parent="shop#7"),
        },
        {"PLT-1": Profile(((BEGINNING, 5),), (Since(BEGINNING, "platform"),), (1, 2))},
        {"CHK-1": Dependents({"SRCH-1": None}, 99, 1)},
    )


def test_a_row_survives_its_bytes_without_people() -> None:
    found, expected = unpack(pack(row())), row()
    for known in expected.sections.values():
        known.facts = {
            key: fact._replace(people={}) for key, fact in known.facts.items()
        }
    assert found == expected
    assert pack(found) == pack(row())


def test_a_row_from_before_deploys_were_told_to_be_in_production_is_read() -> None:
    shipped = (Shipped(5, ("prod-eu",), "checkout", production=True),)
    known = row()
    known.blockers = {"D-1": Profile((), (), (), shipped=shipped)}
    packed = pack(known)
    assert unpack(packed).blockers == known.blockers
    document = json.loads(packed)
    document[0] = 7
    for told in document[3]["D-1"][8]:
        told.pop()
    found = unpack(json.dumps(document).encode())
    assert found.blockers["D-1"].shipped == (Shipped(5, ("prod-eu",), "checkout"),)


@pytest.mark.parametrize("version", [2, 3])
def test_a_row_from_before_facts_told_their_record_is_read(version: int) -> None:
    document = json.loads(pack(row()))
    document[0] = version
    for _, _, facts, *_ in document[2]:
        for fact in facts:
            fact.pop()
    found, expected = unpack(json.dumps(document).encode()), unpack(pack(row()))
    for known in expected.sections.values():
        known.facts = {
            key: fact._replace(source="") for key, fact in known.facts.items()
        }
    assert found == expected


def test_names_that_a_change_once_had_survive_their_bytes() -> None:
    known = row()
    change = known.sections["shop#7"]
    told = OPENED._replace(fields={"sha": "abc", "repo": "acme/shop", "branch": "fix"})
    assert change.keep_names(told, OPENED)
    assert not change.keep_names(told, OPENED)
    assert change.named == {"sha:abc", "branch:acme/shop@fix"}
    kept = unpack(pack(known)).sections["shop#7"]
    assert kept.named == change.named
    assert kept.said.shas == {"sha:abc"}
    assert list(kept.shas()) == ["abc"]
    run = known.sections["run-1"]
    assert not run.keep_names(QUEUED._replace(fields={"sha": "def"}), QUEUED)
    assert run.named is None


def test_a_row_from_before_such_names_were_kept_is_read() -> None:
    known = row()
    known.sections["run-1"].point(
        2_000, ("acme/shop", "test"), RedSince(1_000, "run-0")
    )
    document = json.loads(pack(known))
    document[0] = 4
    assert document[2][2].pop() == []
    assert unpack(json.dumps(document).encode()).sections == (
        unpack(pack(known)).sections
    )


def test_an_empty_row_survives_its_bytes() -> None:
    assert unpack(pack(Row("CHK-1"))) == Row("CHK-1")


def test_a_row_that_does_not_say_how_many_were_told_tells_all_again() -> None:
    document = json.loads(pack(row()))
    document[-1] = {"CHK-1": [["SRCH-1"], 99]}
    found = unpack(json.dumps(document).encode())
    assert found.dependents == {"CHK-1": Dependents({"SRCH-1": None}, 99, 0)}
    assert found.sections == unpack(pack(row())).sections


def test_a_newer_row_is_refused() -> None:
    document = json.loads(pack(Row("CHK-1")))
    document[0] = 99
    with pytest.raises(StateCorrupt, match="newer friction-monitor"):
        unpack(json.dumps(document).encode())


def test_what_evaluation_reads_is_in_order_and_knows_the_runs_change() -> None:
    item = row().item(DIRECTORY)
    assert [fact.entity for fact in item.facts] == ["CHK-1", "shop#7", "run-1"]
    assert item.root is EntityType.TICKET
    assert item.changes_of_runs == {"run-1": "shop#7"}
    assert set(item.blockers) == {"PLT-1"}


def test_what_blockers_told_is_of_the_teams_of_now() -> None:
    text = "version: 1\nteams: [{id: runtime, formerly: [platform]}]"
    (told,) = row().item(directory_of(text)).blockers.values()
    assert told.owner == (Since(BEGINNING, "runtime"),)
    (as_it_was,) = row().item(DIRECTORY).blockers.values()
    assert as_it_was.owner == (Since(BEGINNING, "platform"),)


def test_a_run_of_the_ticket_itself_has_the_change_it_names_or_none() -> None:
    known = row()
    fields: Fields = {"change": "shop#7"}
    named = make_fact(Kind.RUN_QUEUED, 3_000, "run-2", "ci", fields)
    known.sections["run-1"] = replace(known.sections["run-1"], parent="CHK-1")
    known.sections["run-2"] = section("run-2", named, parent="CHK-1")
    assert known.item(DIRECTORY).changes_of_runs.get("run-2") == "shop#7"


def test_a_run_of_the_ticket_finds_its_change_by_the_sha() -> None:
    known = row()
    pushed = make_fact(
        Kind.CHANGE_PUSHED, 1_600, "shop#7", "github.com", {"sha": "abc"}
    )
    known.sections["shop#7"] = section("shop#7", OPENED, pushed, parent="CHK-1")
    for entity, sha in (("run-2", "abc"), ("run-3", "def")):
        run = make_fact(Kind.RUN_QUEUED, 3_000, entity, "ci", {"sha": sha})
        known.sections[entity] = section(entity, run, parent="CHK-1")
    changes = known.item(DIRECTORY).changes_of_runs
    assert changes["run-2"] == "shop#7"
    assert changes.get("run-3") != "shop#7"


def test_a_run_that_is_its_own_root_has_no_change() -> None:
    run = make_fact(Kind.RUN_QUEUED, 3_000, "run-2", "ci")
    known = Row("run-2", {"run-2": section("run-2", run)})
    assert known.item(DIRECTORY).changes_of_runs == {}


def test_a_root_of_which_only_children_are_known_is_taken_for_a_ticket() -> None:
    known = Row("CHK-1", {"shop#7": section("shop#7", OPENED, parent="CHK-1")})
    assert known.root_type() is EntityType.TICKET
    assert Row("x", {"x": section("x", OPENED)}).root_type() is EntityType.CHANGE
    assert Section("x").type is None


def test_the_bytes_tell_whether_anybody_depends_on_the_row() -> None:
    full = row()
    assert has_dependents(pack(full))
    full.dependents = {}
    assert not has_dependents(pack(full))
    full.blockers = {}
    assert not has_dependents(pack(full))
