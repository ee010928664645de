"""How often work is handed over, comes back, and bounces."""

import pytest

from monitor.domain.facts import Fact
from tests.unit.indicators.history import Case, at, started
from tests.unit.indicators.test_rules_handoffs import accepted, given, ticket

# There and back, accepted both times.
BOUNCED = [
    ("handoff", "checkout", "platform"),
    ("handoff", "platform", "checkout"),
    ("return", "platform", "checkout"),
    ("pingpong", "checkout", "platform"),
]
# (history, then (tally, giver or holder, the other team) in order)
TALLIES: dict[str, tuple[tuple[Fact, ...], list[tuple[str, str, str]]]] = {
    "a handoff is counted from giver to receiver": (
        (started(), given("Mon 10:00"), accepted("Mon 11:00")),
        [("handoff", "checkout", "platform")],
    ),
    "an accepted A-B-A is a return and a ping-pong": (
        (
            started(),
            given("Mon 10:00"),
            accepted("Mon 11:00"),
            given("Mon 12:00", "checkout"),
            accepted("Mon 13:00", "checkout"),
        ),
        BOUNCED,
    ),
    "given back unaccepted is a return and no ping-pong": (
        (started(), given("Mon 10:00"), given("Mon 11:00", "checkout")),
        [
            ("handoff", "checkout", "platform"),
            ("handoff", "platform", "checkout"),
            ("return", "platform", "checkout"),
        ],
    ),
    "started by its receiver in the instant in which it is given is a handoff": (
        (
            started(),
            given("Mon 10:00"),
            ticket("started", "Mon 10:00", team="platform"),
        ),
        [("handoff", "checkout", "platform")],
    ),
    "handed on by who took it over in that instant": (
        (started(), ticket("started", "Mon 10:00", team="search"), given("Mon 10:00")),
        [("handoff", "search", "platform")],
    ),
    "who takes it back unasked bounces it, too": (
        (
            started(),
            given("Mon 10:00"),
            accepted("Mon 11:00"),
            accepted("Mon 12:00", "checkout"),
        ),
        [
            ("handoff", "checkout", "platform"),
            ("pingpong", "checkout", "platform"),
        ],
    ),
    "and so does who is given back what was taken unasked": (
        (
            started(),
            accepted("Mon 11:00"),
            given("Mon 12:00", "checkout"),
            accepted("Mon 13:00", "checkout"),
        ),
        [
            ("handoff", "platform", "checkout"),
            ("return", "platform", "checkout"),
            ("pingpong", "checkout", "platform"),
        ],
    ),
    "taken and taken back, nobody asking, is one": (
        (started(), accepted("Mon 11:00"), accepted("Mon 12:00", "checkout")),
        [("pingpong", "checkout", "platform")],
    ),
    "taken back before it was taken on is none": (
        (started(), given("Mon 10:00"), accepted("Mon 12:00", "checkout")),
        [("handoff", "checkout", "platform")],
    ),
    "taken back and handed on in one instant is one": (
        (
            started(),
            accepted("Mon 11:00"),
            ticket("started", "Mon 12:00", team="checkout"),
            given("Mon 12:00", "search"),
        ),
        [("pingpong", "checkout", "platform"), ("handoff", "checkout", "search")],
    ),
    "two owners named in one instant bounce nothing: the last one has had it": (
        (
            started(team="platform"),
            accepted("Mon 11:00", "checkout"),
            ticket("started", "Mon 12:00", team="platform"),
            accepted("Mon 12:00", "checkout"),
        ),
        [],
    ),
    "who says twice that it has it is one holder": (
        (
            started(),
            given("Mon 10:00"),
            accepted("Mon 11:00"),
            ticket("started", "Mon 11:30", team="platform"),
            given("Mon 12:00", "checkout"),
            accepted("Mon 13:00", "checkout"),
        ),
        BOUNCED,
    ),
    "a team that takes it over unasked is no handoff": (
        (started(), accepted("Mon 10:00")),
        [],
    ),
}


@pytest.mark.parametrize("name", TALLIES)
def test_handoffs_are_counted(name: str) -> None:
    facts, expected = TALLIES[name]
    (timeline,) = Case("", facts, {}).timelines()
    found = [(tally.name, tally.team, tally.on_team) for tally in timeline.tallies]
    assert sorted(found) == sorted(expected)


def test_each_is_counted_when_it_happens() -> None:
    """A handoff and a return as it is given, a ping-pong as it is accepted."""
    facts, _ = TALLIES["an accepted A-B-A is a return and a ping-pong"]
    (timeline,) = Case("", facts, {}).timelines()
    assert [(tally.name, tally.time) for tally in timeline.tallies] == [
        ("handoff", at("Mon 10:00")),
        ("handoff", at("Mon 12:00")),
        ("return", at("Mon 12:00")),
        ("pingpong", at("Mon 13:00")),
    ]
