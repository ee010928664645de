"""What a test needs from the machine: absent, it is skipped, but never in CI."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

KAFKA = "FRICTION_REQUIRE_KAFKA"
PROMTOOL = "FRICTION_REQUIRE_PROMTOOL"


def skipping_is_failing() -> bool:
    """Tell whether this run requires everything, as CI does."""
    return bool(os.environ.get(KAFKA)) and bool(os.environ.get(PROMTOOL))


def absent(what: str, variable: str) -> NoReturn:
    """Skip the test, or fail it when the variable says that it must run."""
    if os.environ.get(variable):
        pytest.fail(f"{what} ({variable} is set, so this is no reason to skip)")
    pytest.skip(what)


def promtool() -> Path:
    """Return Prometheus's own checker, or skip (fail in CI)."""
    found = shutil.which("promtool")
    if found is None:
        absent("no promtool: `make test` sets it up", PROMTOOL)
    return Path(found)
