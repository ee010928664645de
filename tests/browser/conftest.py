"""A browser and servers for the tests of one module.

Not for the session: while Playwright runs, no other loop can run in this thread, and
other tests need theirs.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import started
from tests.browser.made_up import hostile_ledger, page_of_many, served
from tests.unit.web.showing import Told


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one process have all of these tests: a browser is large, and slow."""
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.xdist_group("browser"))
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with started() as running:
        yield running


@pytest.fixture(scope="module")
def hostile() -> Iterator[str]:
    """The address of pages that are full of hostile names."""
    with served(Told(numbers=page_of_many(), ledger=hostile_ledger())) as url:
        yield url
