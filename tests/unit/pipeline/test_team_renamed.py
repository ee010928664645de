"""A team gets another id: with `formerly` all that was read stays its own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from monitor.pipeline.ports import Changes
from tests.unit.pipeline.running import HOUR, MONDAY, Process, event
from tests.unit.pipeline.test_sealing import KEPT, heard, settled
from tests.unit.pipeline.test_team_gone import (
    BY_ADA,
    HEAD,
    MERGED,
    OF_ADA,
    OPENED,
    asked,
    read,
    shown,
    with_another_file,
)

SHOP = '  - {id: shop, owns: [{repo: acme/web}], members: ["github:bob"]}\n'
SEARCH = '  - {id: search, owns: [{group: "@acme/search"}], members: ["github:ada"]}\n'
FINDER = SEARCH.replace("id: search", "id: finder, formerly: [search]")
STORE = SHOP.replace("id: shop", "id: store, formerly: [shop]")
OF_SEARCH = asked(requested_team={"slug": "search", "name": "search"})
# Asked at eleven, reviewed at noon, merged at 15:00, opened at ten.
REVIEWED = {
    "shop feature": 4 * 3_600.0,
    "shop finder review_wait acute": 900.0,
    "shop finder review_wait chronic": 2_700.0,
    "shop": 1.0,
}


@pytest.mark.parametrize("request_", [OF_SEARCH, OF_ADA])
def test_a_renamed_team_reviewed_what_it_reviewed(request_: dict[str, Any]) -> None:
    bodies = OPENED, request_, BY_ADA, MERGED
    found = with_another_file(HEAD + SHOP + SEARCH, HEAD + SHOP + FINDER, *bodies)
    assert found == REVIEWED


def test_what_a_renamed_teams_member_wrote_is_the_teams() -> None:
    moved = STORE.replace("owns: [{repo: acme/web}], ", "")
    found = with_another_file(HEAD + SHOP, HEAD + moved, OPENED, MERGED)
    assert found == {"store feature": 5 * 3_600.0, "store": 1.0}


def test_a_name_given_back_tells_what_was_read_in_between_too() -> None:
    process = Process(teams=HEAD + SHOP + SEARCH)
    read(process, OPENED, OF_SEARCH)
    process.start(teams=HEAD + SHOP + FINDER)
    read(process, BY_ADA, MERGED)
    back = SEARCH.replace("id: search", "id: search, formerly: [finder]")
    process.start(teams=HEAD + SHOP + back)
    found = {name.replace("search", "finder"): each for name, each in REVIEWED.items()}
    assert {
        name.replace("search", "finder"): n for name, n in read(process).items()
    } == (found)


def native(opens: str, closes: str, old: str, new: str) -> list[dict[str, Any]]:
    """Waited for under one name from eleven, and no more under another from noon."""
    entity = "CHK-1" if opens.startswith("ticket") else "shop!7"
    return [
        event("ticket.started", 1, "CHK-1", team="shop", work_class="feature"),
        event("change.opened", 1, "shop!7", item="CHK-1"),
        event(opens, 2, entity, on_team=old),
        event(closes, 3, entity, on_team=new),
        event("ticket.done", 6, "CHK-1"),
    ]


@pytest.mark.parametrize(
    ("opens", "closes", "component"),
    [
        ("ticket.blocked", "ticket.unblocked", "ticket_blocked"),
        ("change.review_requested", "change.review_unrequested", "review_wait"),
    ],
)
@pytest.mark.parametrize("names", [("Search", "finder"), ("finder", "search")])
def test_events_may_name_one_wait_by_both_names(
    opens: str, closes: str, component: str, names: tuple[str, str]
) -> None:
    bodies = native(opens, closes, *names)
    found = with_another_file(HEAD + SHOP + SEARCH, HEAD + SHOP + FINDER, *bodies)
    assert found == {
        "shop feature": 4 * 3_600.0,
        f"shop finder {component} acute": 900.0,
        f"shop finder {component} chronic": 2_700.0,
        "shop": 1.0,
    }


def test_a_team_that_became_part_of_another_waits_for_it_no_more() -> None:
    bodies = OPENED, OF_SEARCH, BY_ADA, MERGED
    whole = SHOP.replace("id: shop", "id: shop, formerly: [search]").replace(
        "owns: [", 'owns: [{group: "@acme/search"}, '
    )
    found = with_another_file(HEAD + SHOP + SEARCH, HEAD + whole, *bodies)
    assert found == {"shop feature": 5 * 3_600.0, "shop": 1.0}


def told_gone(process: Process, teams: str) -> list[list[str]]:
    """The ids that a start with this file says nobody is known by any more."""
    with capture_logs() as lines:
        process.start(teams=teams)
    found = [line for line in lines if "formerly: [ID]" in line["event"]]
    return [line["teams"] for line in found]


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (HEAD + SHOP + FINDER, []),
        (HEAD + SHOP + SEARCH.replace("search", "Search", 1), []),
        (HEAD + FINDER, [["shop"]]),
        (HEAD + SEARCH.replace("id: search", "id: index"), [["search", "shop"]]),
    ],
)
def test_a_start_without_a_team_of_before_says_so_once(
    after: str, told: list[list[str]]
) -> None:
    process = Process(teams=HEAD + SHOP + SEARCH)
    read(process, OPENED)
    for expected in (told, []):
        assert told_gone(process, after) == expected


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (FINDER.replace(", formerly: [search]", ""), [["search"]]),
        (FINDER.replace("[search]", "[Search]"), []),
        (FINDER.replace("[search]", "[lookup]"), [["search"]]),
        # An id that it had, and one that it has, are both gone.
        (FINDER.replace("finder, formerly: [search]", "index"), [["finder", "search"]]),
        # The id is a team's again, or another's now.
        (SEARCH.replace("id: search", "id: search, formerly: [finder]"), []),
        (FINDER.replace(", formerly: [search]", "") + "  - {id: search}\n", []),
    ],
)
def test_a_start_without_a_former_id_of_before_says_so_once(
    after: str, told: list[list[str]]
) -> None:
    """Events of when the team was called so name nobody that is known then."""
    process = Process(teams=HEAD + SHOP + SEARCH)
    read(process, OPENED)
    assert told_gone(process, HEAD + SHOP + FINDER) == []
    assert told_gone(process, HEAD + SHOP + after) == told
    assert told_gone(process, HEAD + SHOP + after) == []


def test_a_state_from_before_tells_of_no_former_ids() -> None:
    process = Process(teams=HEAD + SHOP + FINDER)
    read(process, OPENED)
    stored = json.loads(process.state.get_many("meta", ["teams"])["teams"])
    del stored["formerly"]
    changes = Changes()
    changes.put("meta", "teams", json.dumps(stored).encode())
    process.state.commit(changes)
    without = FINDER.replace(", formerly: [search]", "")
    assert told_gone(process, HEAD + SHOP + without) == []


def test_counters_of_a_renamed_team_do_not_fall() -> None:
    bodies = OPENED, OF_SEARCH, BY_ADA, MERGED
    process = Process(teams=HEAD + SHOP + SEARCH)
    read(process, *bodies)
    before = process.shown("friction_wait_seconds_total")
    process.start(teams=HEAD + SHOP + FINDER)
    read(process)
    after = process.shown("friction_wait_seconds_total")
    assert before
    assert all(after[labels] >= amount for labels, amount in before.items())
    assert any("finder" in labels for labels in after)


def test_a_sealed_item_is_the_renamed_teams() -> None:
    """Its timelines name the id of then; the facts are gone."""
    process = Process(teams=HEAD + SHOP + SEARCH, retention=KEPT)
    process.caught_up()
    heard(process, *native("ticket.blocked", "ticket.unblocked", "search", "search"))
    settled(process)
    assert [key for key, _ in process.state.scan("sealed")] == ["CHK-1"]
    process.start(teams=HEAD + STORE + FINDER)
    read_on(process)
    fresh = Process(teams=HEAD + STORE + FINDER, topics=process.topics)
    read_on(fresh)
    waits = process.shown("friction_wait_seconds_total")
    assert {labels: n for labels, n in waits.items() if "shop" not in labels} == (
        fresh.shown("friction_wait_seconds_total")
    )
    assert any(labels[:2] == ("store", "finder") for labels in waits)


def read_on(process: Process) -> None:
    process.clock.ms = MONDAY + 92 * 24 * HOUR
    process.caught_up()
    process.runner.turn()
    shown(process)
