"""Configured services on topics of their own, and commands typed in this process."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from monitor import __main__ as command_line
from tests.e2e.service import Service
from tests.harness.program import Program


@pytest.fixture
def service(program: Callable[..., Program], tmp_path: Path) -> Callable[..., Service]:
    """Configure services: ``service(bootstrap, [topic], teams)``; none is started."""

    def make(*arguments: object, **options: object) -> Service:
        folder = tmp_path / f"service-{len(list(tmp_path.glob('service-*')))}"
        return Service(program, folder, *arguments, **options)  # type: ignore[arg-type]

    return make


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., int]]:
    """Run a command in this process; gives its exit code.

    Commands configure logging to the standard error of the test: that is undone.
    """

    def run(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["friction", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            command_line.main()
        return int(ended.value.code or 0)

    yield run
    structlog.reset_defaults()
