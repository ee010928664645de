"""A batch of events of several providers, as what it is counted and looked through."""

from __future__ import annotations

import json
from typing import Any

import pytest

from monitor.decode.settings import NO_HINT, DecodeSettings
from monitor.domain.outcomes import Record
from monitor.pipeline.decoding import Decoding
from monitor.pipeline.watching import Watch
from tests.harness.driving import directory_of
from tests.unit.decode.records import cdevent, native, of
from tests.unit.pipeline.test_watching import Sums

NATIVE = native()
BAD = native(time="soon")
NOBODYS = {"foo": 1}
CDEVENT = cdevent("ticket.created")
IGNORED = cdevent("taskrun.started")
ISSUE = {
    "action": "opened",
    "issue": {
        "id": 1,
        "number": 1,
        "title": "x",
        "created_at": "2026-03-02T09:00:00Z",
        "updated_at": "2026-03-02T09:00:00Z",
    },
    "repository": {"id": 5, "full_name": "acme/shop"},
    "sender": {"login": "ada", "id": 1, "type": "User"},
}
TEAMS = """
version: 1
organisation: {name: Acme}
teams:
  - id: checkout
    headcount: 4
    members: [github:ada]
"""


@pytest.mark.parametrize(
    ("events", "source"),
    [
        ([NOBODYS, NATIVE], "native"),
        ([BAD, ISSUE], "github"),
        ([ISSUE, ISSUE], "github"),
        ([ISSUE, CDEVENT, NATIVE], "cdevents"),
        ([IGNORED, NATIVE], "native"),
        ([NOBODYS, IGNORED], "cdevents"),
        ([NOBODYS, NOBODYS], "unknown"),
    ],
)
def test_a_batch_is_of_the_first_provider_that_has_facts(
    events: list[object], source: str
) -> None:
    assert of(events).provider == source


@pytest.mark.parametrize(
    ("events", "source", "kind"),
    [
        ([ISSUE, BAD], "native", "ticket.blocked"),
        ([NATIVE, NOBODYS, BAD], "unknown", "unknown"),
        ([{"headers": {}, "body": [ISSUE, BAD]}], "native", "ticket.blocked"),
    ],
)
def test_a_rejection_is_of_the_provider_whose_event_is_refused_first(
    events: list[object], source: str, kind: str
) -> None:
    sums = Sums()
    Watch(sums, lambda: 0.0).decoded(of(events)._replace(facts=()))

    rejected = [key for key in sums.counts if "rejected" in " ".join(key)]
    assert {key[1] for key in rejected} == {source}
    assert ("friction_events_total", source, kind, "rejected") in rejected


@pytest.mark.parametrize("first", [NOBODYS, ISSUE, IGNORED])
def test_a_person_stated_in_a_batch_is_their_team_whatever_comes_first(
    first: object,
) -> None:
    decoding = Decoding(directory_of(TEAMS), DecodeSettings(), lambda _: NO_HINT)
    stated: dict[str, Any] = native(on_team="github:ada")
    value = json.dumps([first, stated]).encode()

    (decoded,) = decoding.each([Record("t", 0, 0, None, None, (), value)])

    assert decoded.facts[-1].fields["on_team"] == "checkout"
