"""`friction --version`."""

from __future__ import annotations

import tomllib
from collections.abc import Callable

import pytest

from tests.harness.reference_data import REPOSITORY


def test_the_version_is_that_of_the_package(
    typed: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    package = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    assert typed("--version") == 0
    assert capsys.readouterr().out == f"friction {package['project']['version']}\n"
