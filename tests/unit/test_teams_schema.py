"""``schemas/teams.schema.json`` takes what ``friction check`` takes, and says no more.

What it cannot say (that a zone exists, that two claims differ) only check refuses; what
it can say of a single value it refuses, too.
"""

import json
from typing import Final

import jsonschema
import pytest

from monitor.config.schema import schema_texts
from monitor.directory.file_directory import FileDirectory
from monitor.directory.teams_file import parse
from monitor.directory.yaml_tree import read_tree
from tests.harness import jira_histories, scenarios
from tests.harness.reference_data import REPOSITORY
from tests.unit.directory import test_attribute, test_resolving, test_teams_file
from tests.unit.indicators import history
from tests.unit.indicators.signals import story
from tests.unit.pipeline import edge_case, running

_SCHEMA: Final = jsonschema.Draft202012Validator(
    json.loads(schema_texts()["teams.schema.json"])
)
_SOUND: Final = {
    "the example": (REPOSITORY / "examples" / "teams.yaml").read_text("utf-8"),
    "a whole file": test_teams_file.FULL,
    "memberships": test_attribute.TEXT,
    "references": test_resolving.TEAMS,
    "scenarios": scenarios.teams_yaml(scenarios.WORLD),
    "histories": jira_histories.TEAMS,
    "indicators": history.TEAMS,
    "signals": story.TEAMS,
    "edge cases": edge_case.TEAMS,
    "a service": running.TEAMS,
}
# What is unusual and sound in one entry of a team.
_ALLOWED: Final = (
    "owns: [{repo: a/b, jira: }, {jira: CHK, from: 2026-01-01, to: }]",
    'owns: [{pool: "a b"}, {path: {repo: a/b, pattern: /x/**}}, {service: Käse}]',
    "headcount: 0",
    "headcount: 2.5",
    "headcount: [{value: 0}]",
    "headcount:",
    "members: [{person: 'github:a:b', from: 2026-01-01T09:00:00Z}, 'jira:5'] ",
    "calendar: {hours: ['00:00', '24:00'], holidays: [2026-12-25]}",
    "formerly: [others, externals, wallet]",
    "as_a_service_to: ['*', {team: c}]",
)
_REFUSED: Final = (
    "owns: [{}]",
    "owns: [{from: 2026-01-01}]",
    "owns: [{repo: }]",
    "owns: [{repo: a/b, jira: CHK}]",
    "owns: [{jira: CHK, project: CHK}]",
    "owns: [{service: ''}]",
    "owns: [{service: 12}]",
    "owns: [{pool: ' a'}]",
    "headcount: -1",
    "headcount: []",
    "headcount: '4'",
    "headcount: [{value: -1}]",
    "headcount: 1000001",
    "calendar: {hours: ['09:00']}",
    "calendar: {hours: ['09:00', '12:00', '17:00']}",
    "calendar: {hours: ['9:00', '17:00']}",
    "calendar: {hours: ['09:00', '25:00']}",
    "calendar: {holidays: [25.12.2026]}",
    "members: [somebody]",
    "members: ['github:']",
    "members: [{person: somebody}]",
    "members: ['']",
    "formerly: [unknown]",
    "formerly: ['a:b']",
    "as_a_service_to: ['']",
)
_IDS: Final = ("external", "External", "UNKNOWN", "other", "wall", "a:b", "''", "' a'")


def is_sound(text: str) -> bool:
    return isinstance(parse(text), FileDirectory)


def is_valid(text: str) -> bool:
    """By the schema; the values are those that check sees."""
    return _SCHEMA.is_valid(read_tree(text).value)


def with_entry(entry: str) -> str:
    return f"version: 1\nteams:\n  - id: b\n    {entry}\n  - id: c\n"


@pytest.mark.parametrize("name", _SOUND)
def test_files_that_check_takes_are_valid(name: str) -> None:
    assert is_sound(_SOUND[name])
    assert is_valid(_SOUND[name])


@pytest.mark.parametrize("entry", _ALLOWED)
def test_unusual_entries_that_check_takes_are_valid(entry: str) -> None:
    assert is_sound(with_entry(entry))
    assert is_valid(with_entry(entry))


@pytest.mark.parametrize("entry", _REFUSED)
def test_entries_that_check_refuses_are_not_valid(entry: str) -> None:
    assert not is_sound(with_entry(entry))
    assert not is_valid(with_entry(entry))


@pytest.mark.parametrize("name", _IDS)
def test_ids_that_check_refuses_are_not_valid(name: str) -> None:
    text = f"version: 1\nteams: [{{id: {name}}}]\n".replace("id: a:b", "id: 'a:b'")
    assert not is_sound(text)
    assert not is_valid(text)
