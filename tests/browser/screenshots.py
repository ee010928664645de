"""Writes the pictures of docs/images anew: `make screenshots`.

Of the simulated organisation at a standing instant, so that pictures change only
when the pages do.
"""

from __future__ import annotations

from typing import Final

from playwright.sync_api import FloatRect

from tests.browser.chromium import DESK, PHONE, opened, started
from tests.browser.simulated import simulated
from tests.harness.reference_data import REPOSITORY

_FOLDER: Final = REPOSITORY / "docs" / "images"
_PAGES: Final = {
    "overview": "/",
    "team": "/team/checkout",
    "items": "/pair/checkout/platform",
}
_HEIGHTS: Final = {DESK: 1000, PHONE: 1100}


def write_pictures() -> None:
    """One picture of each page on a desk and on a phone.

    A page that does not answer is said and left out.
    """
    _FOLDER.mkdir(exist_ok=True)
    with simulated() as url, started() as browser:
        for name, path in _PAGES.items():
            for width, kind in ((DESK, "desk"), (PHONE, "phone")):
                with opened(browser, width) as watched:
                    answer = watched.page.goto(url + path)
                    if answer is None or answer.status != 200:
                        print(f"left out: {path}")  # noqa: T201 - a command
                        continue
                    size = FloatRect(x=0, y=0, width=width, height=_HEIGHTS[width])
                    watched.page.screenshot(
                        path=_FOLDER / f"{name}-{kind}.png",
                        clip=size,
                        full_page=True,
                    )


if __name__ == "__main__":
    write_pictures()
