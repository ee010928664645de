"""Tests of one group run in one process: what they share is set up once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_TESTS = """
import os
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("one")


@pytest.mark.parametrize("number", range(8))
def test_that_leaves_its_process(number):
    process = os.environ["PYTEST_XDIST_WORKER"]
    (Path(__file__).parent / f"{process}.{number}").touch()
"""


@pytest.mark.slow
def test_a_group_is_run_by_one_process(tmp_path: Path) -> None:
    """Which pytest and pytest-xdist have to agree on; where not, nothing else fails."""
    file = tmp_path / "test_group.py"
    file.write_text(_TESTS)
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", file]
    run = subprocess.run(
        [*map(str, command)], cwd=tmp_path, capture_output=True, check=False
    )
    assert run.returncode == 0, run.stdout.decode()
    left = list(tmp_path.glob("gw*.*"))
    assert len(left) == 8
    assert len({one.stem for one in left}) == 1
