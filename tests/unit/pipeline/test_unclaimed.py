"""What the facts of records name and nobody claims: counted, and listed on the page."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest

from monitor.decode.settings import DecodeSettings
from monitor.domain.facts import Fact, Fields, Kind
from monitor.domain.making import make_fact
from monitor.pipeline.batch import no_hint
from monitor.pipeline.decoding import Decoding
from monitor.pipeline.intake import Intake, Taking
from monitor.pipeline.unclaimed import Asking
from monitor.pipeline.watching import silent_watch
from tests.harness.driving import directory_of
from tests.unit.pipeline.running import MONDAY, event, record

DIRECTORY = directory_of(
    """\
version: 1
teams:
  - id: checkout
    owns:
      - {jira: CHK}
      - {jira: OLD, to: "2026-03-02T11:00:00Z"}
      - {repo: acme/shop}
      - {repo: acme/later, from: "2026-03-02T11:00:00Z"}
      - {repo: "acme/x?z"}
  - {id: platform, owns: [{repo: "acme/?yz"}]}
"""
)
Body = dict[str, Any]


def unclaimed(*bodies: Body) -> set[str]:
    """What is known to be unclaimed after a batch of each event."""
    taking = Taking(Decoding(DIRECTORY, DecodeSettings(), no_hint), 3)
    intake = Intake(taking, silent_watch())
    for body in bodies:
        intake.take([record(json.dumps(body).encode())])
    return intake.unknown


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            event(
                "run.queued",
                0,
                "run-1",
                repo="acme/x",
                service="api",
                on_team="nobody",
            ),
            {"repo:acme/x", "service:api", "team:nobody"},
        ),
        (event("run.queued", 0, "run-1", repo="acme/shop", on_team="Platform"), set()),
        # Of a ticket its project: the one it states, or that of its key.
        (event("ticket.started", 0, "N-1", project="N"), {"project:N"}),
        (event("ticket.started", 0, "NEW-1"), {"project:NEW"}),
        (event("ticket.started", 0, "CHK-1"), set()),
        (event("ticket.started", 0, "new-1"), set()),
        (event("deploy.started", 0, "NEW-1", team="checkout"), set()),
        (event("link.added", 0, "CHK-1", blocker="OPS-7"), {"project:OPS"}),
        (event("link.added", 0, "CHK-1", blocker="CHK-7"), set()),
        # Causes, one or several; whom a freeze is for.
        (
            event("incident.opened", 0, "i1", team="checkout", cause_team="ghosts"),
            {"team:ghosts"},
        ),
        (
            event(
                "incident.opened",
                0,
                "i1",
                team="checkout",
                cause_team=["ghosts", "checkout", "spirits", "unknown"],
            ),
            {"team:ghosts", "team:spirits"},
        ),
        (
            event("freeze.started", 0, "f1", on_team="platform", teams=["ghosts"]),
            {"team:ghosts"},
        ),
        # A claim that ended at 11:00, and one that began then.
        (event("ticket.started", 1, "OLD-1"), set()),
        (event("ticket.started", 2, "OLD-1"), {"project:OLD"}),
        (event("change.opened", 1, "c1", repo="acme/later"), {"repo:acme/later"}),
        (event("change.opened", 2, "c1", repo="acme/later"), set()),
        # Two equally long patterns of different teams.
        (event("change.opened", 0, "c1", repo="acme/xyz"), {"repo:acme/xyz"}),
        (event("change.opened", 0, "c1", repo="acme/xaz"), set()),
    ],
)
def test_what_a_fact_names_and_nobody_claims(body: Body, expected: set[str]) -> None:
    assert unclaimed(body) == expected


def test_the_order_of_the_facts_changes_nothing() -> None:
    """A reference may be claimed at the time of the one fact, and not of the other."""
    bodies = [event("ticket.started", hour, f"OLD-{hour}") for hour in (0, 1, 2, 3)]
    for several in permutations([*bodies, event("ticket.created", 0, "OLD-x")]):
        assert unclaimed(*several) == {"project:OLD"}


def test_a_pool_nobody_claims_is_named_by_its_own_label_unless_a_vendor_has_it() -> (
    None
):
    asking, found = Asking(DIRECTORY), set[str]()
    labels = ["self-hosted", "gpu"]
    asking.add([queued(Fields(pool=labels, hosted=True))], found)
    assert found == set()
    asking.add([queued(Fields(pool=labels)), queued(Fields(group="@acme/x"))], found)
    assert found == {"pool:gpu", "group:@acme/x"}


def queued(fields: Fields) -> Fact:
    return make_fact(Kind.RUN_QUEUED, MONDAY, "run-1", "s", fields)


def test_what_is_asked_about_again_is_told_once() -> None:
    asking = Asking(DIRECTORY)
    first, again = set[str](), set[str]()
    asking.add([queued(Fields(repo="acme/x"))], first)
    asking.add([queued(Fields(repo="acme/x"))], again)
    assert (first, again) == ({"repo:acme/x"}, set())


@pytest.mark.slow
def test_more_combinations_than_are_remembered_are_told_again() -> None:
    asking = Asking(DIRECTORY)
    for number in range(30_000):
        asking.add([queued(Fields(repo=f"acme/{number}"))], set())
    found = set[str]()
    asking.add([queued(Fields(repo="acme/1"))], found)
    assert found == {"repo:acme/1"}


@pytest.mark.parametrize(("length", "is_told"), [(1_000, True), (1_100, False)])
def test_what_is_longer_than_any_name_is_not_told(length: int, is_told: bool) -> None:
    asking, found = Asking(DIRECTORY), set[str]()
    asking.add([queued(Fields(pool=["x" * length]))], found)
    assert found == ({f"pool:{'x' * length}"} if is_told else set())


def test_each_repository_that_only_a_tickets_key_names_is_told() -> None:
    keys, both = ("acme/one#1", "acme/two#2"), {"repo:acme/one", "repo:acme/two"}
    assert unclaimed(*(event("ticket.created", 0, key) for key in keys)) == both
    links = (event("link.added", 0, "CHK-1", blocker=key) for key in keys)
    assert unclaimed(*links) == both


def test_a_key_that_begins_like_a_repositorys_does_not_stand_for_it() -> None:
    keys = ("acme/web-7", "acme/web#7")
    tickets = [event("ticket.created", 0, key) for key in keys]
    for order in permutations(tickets):
        assert unclaimed(*order) == {"repo:acme/web"}
