"""Tickets that are moved: one number, one ticket, by the key of the newest body."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import permutations

import pytest

from monitor.domain.facts import Fact
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.timeline import Measured, Timeline
from monitor.domain.working_time import DAY
from monitor.pipeline.relating.relate import Related
from monitor.pipeline.sealing import Retention, Sealing
from tests.harness.driving import Drive
from tests.harness.driving import facts_of as native
from tests.unit.pipeline.test_jira_items import (
    DIRECTORY,
    END,
    Body,
    at,
    changed,
    event,
    facts_of,
    finished,
    link,
    shown,
    started,
)
from tests.unit.pipeline.test_jira_items import hours_of as hours_of_bodies
from tests.unit.pipeline.test_relating import body

SITE = "https://acme.example"
KEYS = ("CHK-1", "PAY-3", "PLT-9")


def of_site(told: Body, site: str = SITE) -> Body:
    """The body with the address that its issue has at a site."""
    told["issue"]["self"] = f"{site}/rest/api/2/issue/{told['issue']['id']}"
    return told


def move(before: str, after: str, clock: str, standing: str = "In Progress") -> Body:
    numbers = {"from": before[:3], "to": after[:3]}
    project = changed("project", before[:3], after[:3], **numbers)
    return of_site(
        event(after, "500", clock, standing, project, changed("Key", before, after))
    )


def hours_of(bodies: Sequence[Body], site: str = SITE) -> dict[str, dict[str, float]]:
    """Working hours by item, whatever the order; each body is a batch of facts."""
    told = [of_site(one, site) if "issue" in one else one for one in bodies]
    (first, *others) = [
        hours_of_bodies(list(order), batch=1) for order in permutations(told)
    ]
    assert all(one == first for one in others)
    return first


class TestLostMove:
    def test_leaves_one_ticket(self) -> None:
        """Started at nine, moved at eleven, of which nobody heard; done at one."""
        bodies = [started("CHK-4", "500"), finished("PLT-4", "500", "13:00")]
        assert hours_of(bodies) == {"PLT-4": {"checkout feature": 4.0}}

    def test_leaves_one_ticket_while_it_is_not_yet_told(self) -> None:
        """As of ten the later body tells its creation alone."""
        told = [started("CHK-4", "500"), finished("PLT-4", "500", "13:00")]
        facts = [
            one for one in facts_of([*map(of_site, told)]) if one.time < at("10:00")
        ]
        drive = Drive(DIRECTORY, END)
        drive.take(facts)
        assert [one.item for one in drive.timelines()] == ["PLT-4"]
        assert drive.distinct == 2

    def test_of_two_sites_makes_two_tickets(self) -> None:
        ours = of_site(started("CHK-4", "500"))
        theirs = of_site(started("PLT-4", "500", "10:00"), "https://other.example")
        done = of_site(finished("PLT-4", "500", "13:00"), "https://other.example")
        for order in permutations([ours, theirs, done]):
            assert hours_of_bodies(list(order), batch=1) == {
                "CHK-4": {"checkout feature": 8.0},
                "PLT-4": {"platform feature": 3.0},
            }

    def test_of_two_sites_behind_one_host_makes_two_tickets(self) -> None:
        gateway = "https://api.example/ex/jira"
        ours = of_site(started("CHK-4", "500"), f"{gateway}/1f")
        theirs = of_site(started("PLT-4", "500"), f"{gateway}/2e")
        assert {*hours_of_bodies([ours, theirs])} == {"CHK-4", "PLT-4"}

    def test_of_a_blocker_that_only_links_show_leaves_one_blocker(self) -> None:
        """Waited for from nine on, first by one key; the link goes at twelve."""
        bodies = [
            started("CHK-1", "500", issuelinks=[shown(key="OPS-4")]),
            event("CHK-1", "500", "11:00", "In Progress", issuelinks=[shown()]),
            link("issuelink_deleted", "12:00"),
            finished("CHK-1", "500", "14:00"),
        ]
        assert hours_of(bodies) == {
            "CHK-1": {
                "checkout feature": 2.0,
                "checkout>platform dependency_link": 3.0,
            }
        }


def test_a_ticket_moved_there_and_back_has_the_key_it_came_back_to() -> None:
    bodies = [
        started("CHK-1", "500"),
        move("CHK-1", "PAY-3", "12:00"),
        move("PAY-3", "CHK-1", "13:00"),
        finished("CHK-1", "500", "14:00"),
    ]
    assert hours_of(bodies) == {
        "CHK-1": {"checkout feature": 4.0, "checkout>payments handoff": 1.0}
    }


def test_a_number_shown_by_two_keys_at_one_instant_keeps_the_greater() -> None:
    bodies = [started("PLT-9", "500"), started("CHK-1", "500")]
    assert {*hours_of(bodies)} == {"PLT-9"}


def history(chance: random.Random) -> list[tuple[str, Body]]:
    """A ticket's bodies in order, each with its key; it is moved about."""
    key, minute, standing = chance.choice(KEYS), 0, "To Do"
    told = [(key, of_site(event(key, "500", "08:00", standing)))]
    for _ in range(chance.randint(3, 7)):
        minute += chance.randint(1, 60)
        clock = f"{8 + minute // 60:02d}:{minute % 60:02d}"
        what = chance.choice(("start", "move", "move", "edit"))
        if what == "start" and standing == "To Do":
            standing, one = "In Progress", started(key, "500", clock)
        elif what == "move":
            before, key = key, chance.choice([one for one in KEYS if one != key])
            one = move(before, key, clock, standing)
        else:
            one = event(key, "500", clock, standing, user=chance.choice(("ada", "x")))
        told.append((key, of_site(one)))
    return told


def naming(key: str) -> list[Body]:
    """What else names the ticket: a change, one that waits for it, one it waits for."""
    return [
        body("change.opened", "09:10", "PR-1", item=key, team="checkout"),
        body("change.review_requested", "09:20", "PR-1", on_team="platform"),
        body("change.merged", "10:10", "PR-1"),
        body("ticket.started", "08:30", "CHK-7", team="checkout"),
        body("link.added", "09:30", "CHK-7", blocker=key),
        body("link.added", "11:30", key, blocker="PLT-7"),
        body("ticket.done", "12:30", "PLT-7"),
    ]


def read(
    groups: Sequence[list[Fact]], chance: random.Random | None
) -> tuple[list[Timeline], int]:
    """Timelines and how many facts there are, by batches of any size, or one."""
    drive, rest = Drive(DIRECTORY, END), [fact for group in groups for fact in group]
    while rest:
        size = chance.randint(1, 6) if chance else len(rest)
        deferring = chance is not None and chance.random() < 0.3
        if not deferring:
            drive.catch_up()
        drive.take(rest[:size], deferring=deferring)
        rest = rest[size:]
        if chance is not None and chance.random() < 0.2:
            drive.restart()
    drive.catch_up()
    return [one for one in drive.timelines() if any(one[1:])], drive.distinct


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.slow
def test_whatever_is_lost_of_a_moved_ticket_it_is_one_in_any_order(seed: int) -> None:
    """But not all that came after its last move: by that its key is known."""
    chance = random.Random(seed)
    told = history(chance)
    key, newest = told[-1]
    kept = [one for one in told[:-1] if chance.random() < 0.6]
    groups = [facts_of([one]) for _, one in kept] + [facts_of([newest])]
    named = chance.choice([key, *(one for one, _ in kept)])
    groups += [native([one], DIRECTORY) for one in naming(named)]
    timelines, distinct = expected = read(groups, None)
    items = {one.item for one in timelines}
    assert items.isdisjoint({*KEYS} - {key})
    assert distinct == len({fact.identity for group in groups for fact in group})
    for _ in range(3):
        chance.shuffle(groups)
        assert read(groups, chance) == expected


@pytest.mark.parametrize("minute", range(6))
def test_of_an_event_told_twice_the_same_counts_before_a_move_and_after(
    minute: int,
) -> None:
    """Either team's, but the same in all orders; content decides, not the key."""
    created = f"08:{minute:02d}"
    groups = [
        *(
            native([body("ticket.created", created, "CHK-1", team=team)], DIRECTORY)
            for team in ("checkout", "payments")
        ),
        native([body("ticket.started", "09:00", "CHK-1")], DIRECTORY),
        facts_of([move("CHK-1", "PLT-9", "12:00")]),
    ]
    (first, *others) = [found_after(list(order)) for order in permutations(groups)]
    assert all(one == first for one in others)


def found_after(groups: Sequence[list[Fact]]) -> list[Timeline]:
    """The timelines after each group in turn."""
    drive = Drive(DIRECTORY, END)
    for group in groups:
        drive.take(group)
    return [one for one in drive.timelines() if any(one[1:])]


def sealed(*bodies: Body) -> Drive:
    """What is known half a year later of what was told then."""
    drive = Drive(DIRECTORY, END)
    for one in bodies:
        drive.take(facts_of([one]))
    later = END + 180 * DAY
    walk = Sealing(drive.state, DIRECTORY, DEFAULT_MODEL, Retention(90 * DAY))
    for instant in (*[later] * 4, later + DAY, *[later + DAY] * 4):
        chunk = walk.step(instant)
        if chunk is not None:
            drive.state.commit(chunk.changes)
    drive.recent.clear()
    assert not list(drive.state.scan("items"))
    return drive


MOVED = (of_site(started("CHK-4", "500")), of_site(finished("PLT-4", "500", "13:00")))


@pytest.mark.parametrize("key", ["CHK-4", "PLT-4", "PAY-4"])
def test_a_sealed_ticket_stays_so_under_each_of_its_keys(key: str) -> None:
    drive = sealed(*MOVED)
    late = facts_of([of_site(event(key, "500", "14:00", "Done"))])
    assert drive.take(late) == Related(0, 0, len(late))
    assert not list(drive.state.scan("items"))


def test_nothing_of_its_keys_is_left_of_a_sealed_ticket() -> None:
    state = sealed(*MOVED).state
    assert state.numbered("homes", 0, 1) == []
    assert not state.get_many("indexes", ["keyed:PLT-4", "keyed:CHK-4"])


def test_a_sealed_ticket_seals_none_of_its_number_at_another_site() -> None:
    drive = sealed(*MOVED)
    theirs = facts_of([of_site(started("PAY-4", "500"), "https://other.example")])
    assert drive.take(theirs) == Related(len(theirs), 0, 0)
    assert [key for key, _ in drive.state.scan("items")] == ["PAY-4"]


def test_a_ticket_sealed_without_its_site_is_late_under_a_new_key_too() -> None:
    """As one is that an older program sealed: nothing says that it is another."""
    drive = sealed(started("CHK-4", "500"), finished("CHK-4", "500", "13:00"))
    later = facts_of([of_site(started("PAY-4", "500"))])
    assert drive.take(later) == Related(0, 0, len(later))


MOVE_AND_DEPLOY = [
    facts_of(
        [event("PAY-3", "500", "08:24", "To Do", changed("Key", "CHK-1", "PAY-3"))]
    ),
    *(
        native([one], DIRECTORY)
        for one in (
            body("change.opened", "09:10", "PR-1", item="CHK-1", team="checkout"),
            body("change.merged", "10:10", "PR-1"),
            body(
                "deploy.finished",
                "15:00",
                "dep-1",
                items=["CHK-1", "PLT-7"],
                environment="production",
                outcome="success",
            ),
        )
    ),
]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_a_deploy_carried_the_ticket_by_its_old_key(order: tuple[int, ...]) -> None:
    """Opened at 9:10, in production at 15:00."""
    driven = Drive(DIRECTORY, END)
    for place in order:
        driven.take(MOVE_AND_DEPLOY[place])
    found = [
        (one.item, measure.value)
        for one in driven.timelines()
        for measure in one.measures
        if measure.name is Measured.LEAD_TIME
    ]
    assert found == [("PAY-3", (5 * 60 + 50) * 60_000)]
