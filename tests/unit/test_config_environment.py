"""Variables of the environment: what is wrong with one, told by its name and place."""

from pathlib import Path

import pytest

from monitor.config import load
from monitor.config_sections import Config


def told(file: Path | None, **environ: str) -> list[str]:
    found = load(file, environ)
    assert not isinstance(found, Config), "no mistake was found"
    return [str(mistake).removeprefix("environment: ") for mistake in found]


WORK_CLASS = "should be 'feature', 'defect', 'debt', 'risk', 'request' or 'none'"
STATUS = "should be 'todo', 'in_progress' or 'done'"


@pytest.mark.parametrize(
    ("name", "value", "mistakes"),
    [
        (
            "FRICTION_SIGNALS__EXEMPT",
            '[{"signal": "leaders_decide"}]',
            ["[0].until: is missing", "[0].why: is missing"],
        ),
        (
            "FRICTION_KAFKA__TOPICS",
            '[{"name": "a"}, {"provider": "github"}, {"name": "b", "unwrap": 5}]',
            [
                "[1].name: is missing",
                (
                    '[2].unwrap: should be a path as in "detail.body", or a list of '
                    "keys, not 5"
                ),
            ],
        ),
        (
            "FRICTION_DECODE__JIRA",
            '{"statuses": {"x": "y"}}',
            [f".statuses.x: {STATUS}, not 'y'"],
        ),
        ("FRICTION_DECODE__LABELS__BUG", "no", [f": {WORK_CLASS}, not 'no'"]),
    ],
)
def test_a_mistake_inside_a_variable_is_told_with_its_place(
    name: str, value: str, mistakes: list[str]
) -> None:
    assert told(None, **{name: value}) == [f"{name}{text}" for text in mistakes]


def test_of_two_variables_the_one_that_said_it_is_named() -> None:
    found = told(
        None,
        FRICTION_MODEL__OMEGA='{"lower": 0.5, "upper": 2}',
        FRICTION_MODEL__OMEGA__CENTRAL="0.1",
    )
    assert found == [
        "FRICTION_MODEL__OMEGA.upper: should be less than or equal to 1, not 2",
        "FRICTION_MODEL__OMEGA__CENTRAL: is below lower (0.5)",
    ]
