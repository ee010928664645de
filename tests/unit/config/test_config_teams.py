"""A teams file that the configuration names, and that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config.loading import check
from tests.unit.config.test_config import LEAST


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("nope.yaml", "No such file or directory"),
        ("~/teams.yaml", "No such file or directory"),
        ("folder", "Is a directory"),
    ],
)
def test_a_teams_file_that_cannot_be_read_is_told_where_it_is_named(
    tmp_path: Path, name: str, why: str
) -> None:
    file = tmp_path / "friction.toml"
    (tmp_path / "folder").mkdir()
    file.write_text(f'[http]\nport = -1\n[directory]\npath = "{name}"\n')
    told = f"{tmp_path}/{name} cannot be read: {why}"
    assert [str(mistake) for mistake in check(file, None, {})][1:] == [
        f"{file}:2: http.port: should be greater than or equal to 0, not -1",
        f"{file}:4: directory.path: {told}",
    ]
    variable = "FRICTION_DIRECTORY__PATH"
    (one,) = check(None, tmp_path / name, {})
    assert str(one) == f"{tmp_path}/{name}: cannot be read: {why}"
    file.write_text(LEAST, encoding="utf-8")
    (one,) = check(file, None, {variable: f"{tmp_path}/{name}"})
    assert str(one) == f"environment: {variable}: {told}"


def test_a_teams_file_that_is_no_text_is_told_by_its_own_line(
    tmp_path: Path,
) -> None:
    file = tmp_path / "friction.toml"
    (tmp_path / "teams.yaml").write_bytes(b"version: 1\n\xff")
    file.write_text(LEAST, encoding="utf-8")
    (one,) = check(file, None, {})
    assert str(one) == f"{tmp_path}/teams.yaml:2: is not UTF-8 text"
