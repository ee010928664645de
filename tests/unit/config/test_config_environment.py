"""Variables of the environment: what is wrong with one, told by its name and place."""

from pathlib import Path

import pytest

from monitor.config.loading import check, load
from monitor.config.sections import Config


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


@pytest.mark.parametrize("is_written", [True, False])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "FRICTION_HTTP__PORT__X",
            "http.port holds no keys: should be FRICTION_HTTP__PORT",
        ),
        (
            "friction_directory__path__x__y",
            "directory.path holds no keys: should be FRICTION_DIRECTORY__PATH",
        ),
        (
            "FRICTION_KAFKA__TOPICS__NAME",
            "kafka.topics holds no keys: should be FRICTION_KAFKA__TOPICS",
        ),
        (
            "FRICTION_MODEL__OMEGA__LOWER__X",
            "model.omega.lower holds no keys: should be FRICTION_MODEL__OMEGA__LOWER",
        ),
        (
            "FRICTION_DECODE__LABELS__BUG__X",
            "decode.labels.bug holds no keys: should be FRICTION_DECODE__LABELS__BUG",
        ),
        (
            "FRICTION_MODEL__OMEGO__LOWER",
            "there is no key 'omego' in model; did you mean 'omega'?",
        ),
    ],
)
def test_a_variable_that_goes_too_deep_is_blamed_and_no_line_of_the_file(
    name: str, text: str, *, is_written: bool, tmp_path: Path
) -> None:
    file = tmp_path / "friction.toml"
    file.write_text(
        '[kafka]\nbootstrap_servers = "a"\ntopics = ["a"]\n[http]\nport = 9105\n'
        '[directory]\npath = "t.yaml"\n[model]\nomega = {lower = 0}\n'
        '[decode.labels]\nBug = "defect"\n'
        if is_written
        else ""
    )
    assert told(file, **{name: "1"}) == [f"{name}: {text}"]


def test_words_of_tables_in_tables_are_variables(tmp_path: Path) -> None:
    environ = {
        "FRICTION_KAFKA__BOOTSTRAP_SERVERS": "a",
        "FRICTION_DECODE__JIRA__STATUSES__OPEN": "todo",
        "FRICTION_SIGNALS__WAYS__CI__BUILD": "template",
    }
    file = tmp_path / "friction.toml"
    file.touch()
    assert check(file, None, environ) == []
