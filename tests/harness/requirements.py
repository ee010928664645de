"""What a test needs from the machine: absent, it is skipped, but never in CI."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

KAFKA = "FRICTION_REQUIRE_KAFKA"
PROMTOOL = "FRICTION_REQUIRE_PROMTOOL"
CHROMIUM = "FRICTION_REQUIRE_CHROMIUM"


def skipping_is_failing() -> bool:
    """Tell whether this run requires everything, as CI does."""
    return all(os.environ.get(name) for name in (KAFKA, PROMTOOL, CHROMIUM))


def absent(what: str, variable: str) -> NoReturn:
    """Skip the test, or fail it when the variable says that it must run."""
    if os.environ.get(variable):
        pytest.fail(f"{what} ({variable} is set, so this is no reason to skip)")
    pytest.skip(what)


def debian_program(name: str) -> Path:
    """Return a program of Debian's Prometheus packages, or skip (fail in CI)."""
    found = shutil.which(name)
    if found is None:
        absent(f"no {name}: `make test` sets it up", PROMTOOL)
    return Path(found)


def promtool() -> Path:
    """Return Prometheus's own checker, or skip (fail in CI)."""
    return debian_program("promtool")


def chromium() -> Path:
    """Return Debian's Chromium, or skip (fail in CI)."""
    found = shutil.which("chromium")
    if found is None:
        absent("no chromium: `make test` sets it up", CHROMIUM)
    return Path(found)
