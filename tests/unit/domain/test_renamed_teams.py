"""Stored results under the ids that teams have now."""

from __future__ import annotations

from monitor.domain.items import Freeze, Profile, Red, Shipped
from monitor.domain.marks import Mark
from monitor.domain.marks import Sort as Says
from monitor.domain.renamed_teams import name_under, profile_under, sealed_under
from monitor.domain.sealed import Sealed
from monitor.domain.teams import BEGINNING, Since
from monitor.domain.timeline import (
    UNIT,
    Component,
    Measure,
    Measured,
    Segment,
    Sort,
    Tally,
    Timeline,
    Wait,
)

FORMERLY = {"search": "finder", "index": "finder"}
BLOCKED = Component.TICKET_BLOCKED
HOW_TO, TROUBLE = Says.HOW_TO, Says.TROUBLE


def waited(team: str, on_team: str) -> Segment:
    return Segment(Sort.WAIT, team, on_team, BLOCKED, "acute", 0, 9, UNIT, team)


def sealed(team: str, on_team: str) -> Sealed:
    """An item of the one team that waited for the other."""
    return Sealed(
        10,
        (0,),
        (
            Timeline(
                "CHK-1",
                (waited(team, on_team),),
                (Wait(team, on_team, BLOCKED, 0, 9, 9),),
                (Tally("handoff", team, on_team, 0),),
                (Measure(Measured.DONE, team, "feature", 9),),
            ),
        ),
        (Mark(Says.HOW_TO, 0, 0, "CHK-1", team, on_team),),
    )


def test_a_name_is_the_id_of_now_however_it_is_spelled() -> None:
    assert name_under(FORMERLY, " Search") == "finder"
    assert name_under(FORMERLY, "Shop") == "Shop"


def test_a_sealed_item_names_teams_by_the_ids_of_now() -> None:
    assert sealed_under(FORMERLY, sealed("shop", "search")) == sealed("shop", "finder")
    assert sealed_under(FORMERLY, sealed("index", "shop")) == sealed("finder", "shop")
    assert sealed_under({}, sealed("index", "shop")) == sealed("index", "shop")


def test_what_two_teams_that_became_one_waited_for_each_other_is_internal() -> None:
    """As of an item that was handed back to its origin: in neither cost."""
    found = sealed_under(FORMERLY, sealed("index", "search"))
    (timeline,) = found.timelines
    assert timeline.segments == (
        Segment(Sort.UNACCRUED, "finder", "", "", "internal", 0, 9, UNIT, "finder"),
    )
    assert (timeline.waits, timeline.tallies) == ((), ())
    assert timeline.measures == (Measure(Measured.DONE, "finder", "feature", 9),)


def test_what_two_teams_that_became_one_said_of_each_other_is_said_no_more() -> None:
    """Marks made of facts name nobody who asks itself, or breaks its own work."""
    alone = Mark(Says.BACKLOG, 0, 9, "CHK-1", "index", word="platform")
    both = [Mark(one, 0, 0, "CHK-1", "index", "search") for one in (HOW_TO, TROUBLE)]
    known = sealed("index", "search")._replace(marks=(*both, alone))
    assert sealed_under(FORMERLY, known).marks == (alone._replace(team="finder"),)


def told(team: str) -> Profile:
    """What a blocker says that names the team wherever it may."""
    return Profile(
        ((BEGINNING, 5),),
        (Since(BEGINNING, team), Since(3, "shop")),
        (1,),
        assignee=(Since(BEGINNING, team),),
        freezes=(Freeze(0, 9, team, ("till",), ("shop", team)),),
        reds=(Red(1, (team, "shop")),),
        shipped=(Shipped(2, ("production",), team),),
    )


def test_what_a_blocker_told_names_teams_by_the_ids_of_now() -> None:
    assert profile_under(FORMERLY, told("search")) == told("finder")
