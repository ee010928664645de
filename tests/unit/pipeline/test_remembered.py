"""What intake knew of sources and owners is known after a restart."""

from __future__ import annotations

import json

import pytest

from monitor.adapters.state.memory import MemoryState
from monitor.decode.settings import DecodeSettings
from monitor.domain.outcomes import Record
from monitor.pipeline.batch import no_hint
from monitor.pipeline.decoding import Decoding
from monitor.pipeline.intake import Intake, Taking
from monitor.pipeline.ports import Changes
from monitor.pipeline.watching import silent_watch
from tests.harness.driving import directory_of
from tests.unit.pipeline.running import MONDAY, TEAMS, event, record

_GOOD = json.dumps(event("ticket.created", 0, team="checkout")).encode()
_STRAYS = {
    "team": "who-is-that",
    "repo": "acme/stray",
    "service": "stray-api",
}
_REFERENCES = {
    "team:who-is-that",
    "repo:acme/stray",
    "service:stray-api",
}
_CLAIMING = (
    f"{TEAMS}"
    "    owns:\n"
    "      - repo: acme/stray\n"
    "      - service: stray-api\n"
    "  - id: who-is-that\n"
)


def strays(*names: str) -> Record:
    """A record that names some of what nobody claims."""
    fields = {name: _STRAYS[name] for name in names}
    body = event("run.queued", len(names), "run-1", **fields)
    return record(json.dumps(body).encode())


def intake(teams: str = TEAMS) -> Intake:
    decoding = Decoding(directory_of(teams), DecodeSettings(), no_hint)
    return Intake(Taking(decoding, 3), silent_watch())


def restarted(state: MemoryState, before: Intake, teams: str = TEAMS) -> Intake:
    """Another process over what the one before committed."""
    before.collect(changes := Changes())
    state.commit(changes)
    after = intake(teams)
    after.load(state)
    return after


def test_a_source_that_fell_silent_is_there_after_a_restart() -> None:
    before = intake()
    before.take([record(_GOOD)])
    after = restarted(MemoryState(), before)
    assert after.watermarks == {"native": MONDAY}


def test_a_stored_time_that_is_none_is_forgotten_at_a_restart() -> None:
    """Of a version that took a record's microseconds for milliseconds."""
    state, before = MemoryState(), intake()
    late = record(_GOOD)._replace(timestamp=1000 * MONDAY)
    before.take([late])
    before.watermarks["cdevents"] = 1000 * MONDAY
    after = restarted(state, before)
    assert after.watermarks == {"native": MONDAY}
    assert after.broker.newest == {}
    after.take([record(_GOOD)._replace(timestamp=MONDAY)])
    assert restarted(state, after).broker.newest == {("t", 0): MONDAY}


def test_references_nobody_owns_are_there_after_a_restart() -> None:
    state, before = MemoryState(), intake()
    before.take([strays("repo", "team")])
    after = restarted(state, before)
    assert after.unknown == {"repo:acme/stray", "team:who-is-that"}
    # Those found later are stored beside them.
    after.take([strays(*_STRAYS)])
    assert restarted(state, after).unknown == _REFERENCES


def test_a_reference_that_is_claimed_since_is_told_no_more() -> None:
    state, before = MemoryState(), intake()
    before.take([strays(*_STRAYS)])
    after = restarted(state, before, TEAMS + "    owns: [{repo: acme/stray}]\n")
    assert after.unknown == _REFERENCES - {"repo:acme/stray"}
    claiming = restarted(state, after, _CLAIMING)
    assert claiming.unknown == set()
    # The events that named them are read no more, and the claims are taken back.
    assert restarted(state, claiming).unknown == _REFERENCES


def test_what_is_stored_of_references_is_bounded() -> None:
    state, before = MemoryState(), intake()
    before.unknown = {f"repo:acme/{number}" for number in range(9_999)}
    everything = TEAMS + '    owns: [{repo: "acme/*"}]\n'
    after = restarted(state, before, everything)
    assert after.unknown == set()
    after.take([strays("team", "service")])
    again = restarted(state, after)
    assert again.unknown == {"team:who-is-that", "service:stray-api"}


def test_of_references_nobody_owns_no_more_than_that_are_remembered() -> None:
    taking = intake()
    taking.unknown = {f"repo:acme/{number}" for number in range(9_999)}
    taking.take([strays("repo")])
    taking.take([strays("service")])
    assert len(taking.unknown) == 10_000
    assert "repo:acme/stray" in taking.unknown


def test_a_stamp_that_goes_back_does_not_put_back_the_clock_of_its_partition() -> None:
    taking = intake()
    taking.take([record(_GOOD)._replace(timestamp=MONDAY + 5)])
    taking.take([record(_GOOD)._replace(timestamp=MONDAY)])
    assert taking.broker.lowest([("t", 0)]) == MONDAY + 5


def test_what_did_not_change_is_not_stored_again() -> None:
    state, before = MemoryState(), intake()
    before.take([strays(*_STRAYS)])
    after = restarted(state, before)
    after.take([strays(*_STRAYS)])
    after.collect(changes := Changes())
    assert changes.puts == {}


@pytest.mark.parametrize(
    ("reference", "line"),
    [
        ("group:@acme/strays", 'group: "@acme/strays"'),
        ("group:pagerduty:P9", 'group: "pagerduty:P9"'),
        ("pool:stray-pool", "pool: stray-pool"),
    ],
)
def test_what_only_other_tools_name_can_be_claimed_too(
    reference: str, line: str
) -> None:
    state, before = MemoryState(), intake()
    before.unknown = {reference, "group:@acme/others", "pool:other"}
    after = restarted(state, before, TEAMS + f"    owns: [{{{line}}}]\n")
    assert after.unknown == {"group:@acme/others", "pool:other"}
