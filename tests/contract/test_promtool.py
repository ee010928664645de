"""Prometheus's own checker on what a running pipeline exposes."""

from __future__ import annotations

import subprocess

import pytest

from monitor.adapters.prometheus.negotiation import Syntax
from monitor.domain.snapshot import Family
from tests.harness.requirements import promtool
from tests.unit.prometheus.serving import Serving, busy
from tests.unit.prometheus.test_render import one_of_each, rendering


def complaints(text: str) -> str:
    """What promtool says of an exposition; nothing when it is clean."""
    checked = subprocess.run(
        [promtool(), "check", "metrics"],
        input=text.encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    said = (checked.stdout + checked.stderr).decode()
    return said or ("" if checked.returncode == 0 else f"exit {checked.returncode}")


def test_a_running_pipeline_is_clean() -> None:
    serving = busy()
    serving.scrape()
    text = serving.scrape()
    assert text.count("# TYPE") > 50
    assert complaints(text) == ""


def test_a_pipeline_that_catches_up_is_clean() -> None:
    assert complaints(Serving().scrape()) == ""


def test_every_family_of_the_catalogue_is_clean() -> None:
    # The names of the process metrics are the client library's.
    assert complaints(rendering(one_of_each(), Syntax.TEXT).text.decode()) == ""


@pytest.mark.parametrize("name", ['"', "\\", "\n", "\x00", "é🐙", "# EOF", "a\r\nb"])
def test_hostile_names_are_read(name: str) -> None:
    family = Family("friction_stale_items", (((name,), 1.0),))
    assert complaints(rendering([family], Syntax.TEXT).text.decode()) == ""


def test_what_is_wrong_is_found() -> None:
    """Or the tests above would show nothing."""
    assert "no help text" in complaints("# TYPE requests counter\nrequests 1\n")
    assert complaints("friction_ready{team=} 1\n")
