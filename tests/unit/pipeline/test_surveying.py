"""What a sample's records come to by topic, and where a provider has to be named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from monitor.decode.settings import NO_HINT, DecodeSettings
from monitor.directory.proposing import propose
from monitor.domain.outcomes import Record
from monitor.pipeline.surveying import AnyProject, Survey
from tests.unit.directory.sighted import claims

TICKET = {
    "schema": "friction.event.v1",
    "id": "1",
    "source": "tracker.example",
    "kind": "ticket.created",
    "time": "2026-03-02T10:00:00Z",
    "entity": "CHK-1",
}
# A pull request cut down so far that only the event's name tells what it is.
PULL = {
    "action": "opened",
    "repository": {"id": 1, "full_name": "acme/shop"},
    "pull_request": {
        "number": 1,
        "title": "CHK-1: UTF-8 prices",
        "created_at": "2026-03-02T10:00:00Z",
        "user": {"login": "somebody"},
    },
}
STAR = {"action": "created", "starred_at": "2026-03-02T10:00:00Z"}


def survey_of(*bodies: Any, headers: Mapping[str, str] | None = None) -> Survey:
    """The survey of records of one topic."""
    survey = Survey(DecodeSettings(), lambda _: NO_HINT)
    pairs = tuple((name, text.encode()) for name, text in (headers or {}).items())
    for offset, body in enumerate(bodies):
        value = body if isinstance(body, bytes) else json.dumps(body).encode()
        survey.add(Record("t", 0, offset, 1_800_000_000_000, None, pairs, value))
    return survey


def test_records_are_counted_by_provider_and_by_what_became_of_them() -> None:
    seen = survey_of(TICKET, PULL, b"no json", {"a": 1}).topic("t")
    assert seen.read == 4
    assert dict(seen.providers) == {"native": 1, "github": 1, "unknown": 2}
    assert seen.rejected == 2
    assert dict(seen.reasons) == {"not_json": 1, "unrecognised": 1}


def test_a_topic_whose_records_are_recognised_needs_no_hint() -> None:
    assert survey_of(TICKET, PULL).topic("t").hint is None
    named = survey_of(STAR, headers={"X-GitHub-Event": "star"})
    assert named.topic("t").hint is None


def test_a_hint_is_proposed_where_only_it_gives_facts() -> None:
    # Without its action a pull request is told by its envelope's word alone.
    bare = {key: value for key, value in PULL.items() if key != "action"}
    survey = survey_of({"event": "pull_request", "payload": bare}, {"a": 1})
    seen = survey.topic("t")
    assert seen.hint == "github"
    assert (seen.facts, seen.rejected, dict(seen.helped)) == (1, 1, {"github": 1})
    nothing = {"event": "invented", "payload": {"a": 1}}
    assert survey_of(nothing).topic("t").hint is None


def test_any_project_holds_every_key() -> None:
    assert "CHK" in AnyProject()
    assert AnyProject()


def test_keys_are_read_before_anybody_says_which_projects_there_are() -> None:
    proposal = propose(survey_of(PULL, TICKET).sightings)
    assert claims(proposal) == {"chk": ["project CHK", "repo acme/shop"]}
    (team,) = proposal.teams
    assert team.lines[1].why == "1 of 1 changes name CHK"
