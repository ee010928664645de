"""A configured service on topics of its own, ended after the test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.service import Service
from tests.harness.program import Program


@pytest.fixture
def service(program: Callable[..., Program], tmp_path: Path) -> Callable[..., Service]:
    """Configure services: ``service(bootstrap, [topic], teams)``; none is started."""

    def make(*arguments: object, **options: object) -> Service:
        folder = tmp_path / f"service-{len(list(tmp_path.glob('service-*')))}"
        return Service(program, folder, *arguments, **options)  # type: ignore[arg-type]

    return make
