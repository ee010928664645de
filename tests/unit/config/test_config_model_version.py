"""The version of the cost model follows what is configured, however it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config.loading import load
from monitor.config.sections import Config
from monitor.config.values import model_of

OTHER = "omega = {lower = 0, central = 0.5, upper = 1}\nd0_seconds = 1800\n"
# What test_model_version has of these parameters.
WORD = "1-197ec902"


def version(folder: Path, text: str, **environ: str) -> str:
    file = folder / "friction.toml"
    file.write_text(f"[model]\n{text}", encoding="utf-8")
    found = load(file, environ)
    assert isinstance(found, Config), found
    return model_of(found).version


@pytest.mark.parametrize(
    "text",
    [
        OTHER,
        "d0_seconds = 1_800.000\nomega = {upper = 1.0, central = 0.50, lower = 0e1}\n",
        "d0_seconds = 18e2\n[model.omega]\ncentral = 5e-1\n",
        OTHER + "settle_seconds = 60\nmin_items_week = 1\n",
    ],
)
def test_equal_parameters_have_one_version(tmp_path: Path, text: str) -> None:
    assert version(tmp_path, text) == WORD


@pytest.mark.parametrize("central", ["0.5", ".5", "5e-1"])
def test_a_variable_is_worth_what_the_file_is(tmp_path: Path, central: str) -> None:
    text = "d0_seconds = 1800\n"
    assert version(tmp_path, text, FRICTION_MODEL__OMEGA__CENTRAL=central) == WORD


def test_defaults_that_are_written_down_are_the_defaults(tmp_path: Path) -> None:
    text = "omega = {lower = 0, central = 0.250, upper = 1}\nd0_seconds = 9e2\n"
    assert version(tmp_path, text) == version(tmp_path, "") == "1"
