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
_HEIGHTS: Final = {DESK: 900, PHONE: 1100}
# Pictures are in every clone for good.
_MOST_BYTES: Final = 200_000


def write_pictures() -> None:
    """One picture of each page on a desk and on a phone, with an item open."""
    _FOLDER.mkdir(exist_ok=True)
    with simulated() as url, started() as browser:
        for name, path in _PAGES.items():
            for width, kind in ((DESK, "desk"), (PHONE, "phone")):
                picture = _FOLDER / f"{name}-{kind}.png"
                with opened(browser, width) as watched:
                    page = watched.open(url + path)
                    if page.locator(".items summary").count():
                        page.locator(".items summary").nth(1).click()
                    page.screenshot(
                        path=picture,
                        clip=FloatRect(x=0, y=0, width=width, height=_HEIGHTS[width]),
                        full_page=True,
                    )
                assert picture.stat().st_size < _MOST_BYTES, picture


if __name__ == "__main__":
    write_pictures()
