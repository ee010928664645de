import json
import tomllib
from pathlib import Path

import jsonschema
import pytest
import yaml

from monitor.config.schema import FOLDER, schema_texts, write_schemas
from tests.harness.reference_data import REPOSITORY

EXAMPLES = REPOSITORY / "examples"


@pytest.mark.parametrize("name", ["teams.schema.json", "friction-toml.schema.json"])
def test_the_schemas_in_the_repository_are_those_of_the_models(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert text == schema_texts()[name], "run: python -m monitor.config.schema"
    jsonschema.Draft202012Validator.check_schema(json.loads(text))


def test_the_schemas_accept_the_examples() -> None:
    texts = schema_texts()
    with (EXAMPLES / "friction.toml").open("rb") as file:
        config = tomllib.load(file)
    jsonschema.validate(config, json.loads(texts["friction-toml.schema.json"]))
    teams_text = (EXAMPLES / "teams.yaml").read_text(encoding="utf-8")
    teams = yaml.load(teams_text, Loader=yaml.BaseLoader)  # noqa: S506 - only texts
    teams = _numbers(teams)
    jsonschema.validate(teams, json.loads(texts["teams.schema.json"]))


def test_the_schemas_refuse_unknown_keys() -> None:
    schema = json.loads(schema_texts()["teams.schema.json"])
    wrong = {"version": 1, "teams": [{"id": "a", "hedcount": 3}]}
    with pytest.raises(jsonschema.ValidationError, match="hedcount"):
        jsonschema.validate(wrong, schema)


def test_both_schemas_are_written_at_once(tmp_path: Path) -> None:
    write_schemas(tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"teams.schema.json", "friction-toml.schema.json"}


def _numbers(value: object) -> object:
    """What an editor makes of plain scalars that are numbers."""
    if isinstance(value, dict):
        return {key: _numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_numbers(inner) for inner in value]
    try:
        return json.loads(str(value))
    except ValueError:
        return value
