"""Other addresses of GitHub's servers, proposed where a sample shows two of one."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import pytest

from monitor.config.decoding import GithubSection
from monitor.config.proposal import config_text
from monitor.config.proposal_github import github_lines
from monitor.decode.github.sample import GithubSample
from monitor.decode.hosts import ServerHosts
from monitor.decode.settings import NO_HINT, DecodeSettings
from monitor.domain.outcomes import Record
from monitor.pipeline.surveying import Survey

Body = dict[str, Any]
OLD, OWN = "ghe-1.example", "ghe.example"


def seen_at(address: str, number: int = 7, **shown: Any) -> Body:
    repository = {
        "id": number,
        "node_id": f"R_{number}",
        "full_name": "acme/shop",
        "html_url": f"https://{address}/acme/shop",
        **shown,
    }
    return {"action": "created", "repository": repository, "sender": {"login": "dev-a"}}


def lines_of(*bodies: object, hosts: ServerHosts | None = None) -> list[str]:
    sample = GithubSample()
    for body in bodies:
        sample.add(body)
    return github_lines(sample, hosts or ServerHosts())


def taken(lines: list[str]) -> dict[str, str]:
    """The table when the guess is taken, as a person would take it."""
    text = "\n".join(re.sub(r"\A# (?=\[|[a-z_]+ = )", "", line) for line in lines)
    found: dict[str, Any] = tomllib.loads(text)
    return GithubSection.model_validate(found["decode"]["github"]).hosts


def test_a_repository_at_two_addresses_proposes_one_as_the_others() -> None:
    """On the right the last in the alphabet; a repository is counted once."""
    told = [seen_at(OWN), seen_at(OLD), seen_at(OLD), seen_at(OLD, 8), seen_at(OWN, 8)]
    lines = lines_of(*told)
    assert taken(lines) == {OLD: OWN}
    assert f'#   "{OLD}", "{OWN}": 2' in lines
    text = config_text("a:1", {}, {}, lines)
    assert tomllib.loads(text) == tomllib.loads(config_text("a:1", {}, {}))


def test_several_addresses_of_a_server_have_the_same_own_one() -> None:
    told = [seen_at(f"node{at}.example") for at in range(3)]
    hosts = taken(lines_of(*told))
    assert hosts == {f"node{at}.example": "node2.example" for at in range(2)}


def test_inside_of_what_wraps_it_a_body_is_seen_too() -> None:
    wrapped = {"customData": {"github": seen_at(OLD)}}
    assert taken(lines_of([wrapped], seen_at(OWN))) == {OLD: OWN}


@pytest.mark.parametrize(
    "other",
    [
        {"number": 8},
        {"full_name": "acme/till"},
        {"node_id": "R_8"},
        {"html_url": None},
        {"html_url": f"https://{OWN}/acme/shop"},
    ],
)
def test_another_repository_at_another_address_is_of_another_server(
    other: Body,
) -> None:
    """Numbers begin anew on each: number, name and node id have to be the same."""
    assert lines_of(seen_at(OWN), seen_at(OLD, **other)) == []


def test_addresses_that_are_known_already_are_not_proposed() -> None:
    told = [seen_at(OLD), seen_at(OWN)]
    assert lines_of(*told, hosts=ServerHosts({OLD: OWN})) == []


@pytest.mark.parametrize("body", [None, 5, "x", [], {"repository": [1]}, {"a": {}}])
def test_what_is_no_body_of_githubs_shows_nothing(body: object) -> None:
    assert lines_of(body) == []


def test_a_survey_looks_at_bodies_of_github_and_of_cdevents() -> None:
    event = {
        "context": {
            "version": "0.4.1",
            "id": "1",
            "source": "cdviz",
            "type": "dev.cdevents.change.created.0.4.0",
            "timestamp": "2026-03-02T10:00:00Z",
        },
        "subject": {"id": "7", "type": "change", "content": {}},
        "customData": {"github": seen_at(OLD)},
    }
    survey = Survey(DecodeSettings(), lambda _: NO_HINT)
    for offset, body in enumerate([event, {**seen_at(OWN), "issue": {"number": 1}}]):
        value = json.dumps(body).encode()
        survey.add(Record("t", 0, offset, 1_780_000_000_000, None, (), value))
    assert taken(github_lines(survey.github, ServerHosts())) == {OLD: OWN}
