"""Pages in a real Chromium: what they ask for, what they say, what axe says of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Final, Literal

from playwright.sync_api import Browser, Page, sync_playwright

from tests.harness.requirements import chromium

Scheme = Literal["light", "dark"]
DESK: Final = 1280
PHONE: Final = 390
_TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_EVERYBODY: Final = {"type": "tag", "values": _TAGS}
# What axe has to say of colours, which is all that a scheme changes.
COLOURS: Final = ("color-contrast", "link-in-text-block")
# Violations are told to the page itself, before anything of it is read.
_WATCH: Final = """
window.refused = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.refused.push(event.violatedDirective + " " + event.blockedURI));
"""


@dataclass
class Watched:
    """A page and everything it did: requests, dialogs, words in the console."""

    page: Page
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    def open(self, url: str, status: int = 200) -> Page:
        """Go there; the answer has this status."""
        answer = self.page.goto(url)
        assert answer is not None
        assert answer.status == status, url
        return self.page

    def refused(self) -> list[str]:
        """What the content security policy refused."""
        found: list[str] = self.page.evaluate("window.refused")
        return found


@contextmanager
def started() -> Iterator[Browser]:
    """Debian's Chromium, headless; root has no sandbox."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Browser,
    width: int = DESK,
    scheme: Scheme = "light",
    *,
    scripts: bool = True,
) -> Iterator[Watched]:
    """A fresh page of this width; nothing is shared with others."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        java_script_enabled=scripts,
    )
    if scripts:
        context.add_init_script(_WATCH)
    watched = Watched(context.new_page())
    watched.page.on("request", lambda request: watched.requests.append(request.url))
    watched.page.on("console", lambda message: watched.console.append(message.text))

    def on_dialog(dialog: Any) -> None:
        watched.dialogs.append(dialog.message)
        dialog.dismiss()

    watched.page.on("dialog", on_dialog)
    yield watched
    context.close()


def complaints(page: Page, of: Collection[str] = ()) -> list[str]:
    """What axe finds wrong with the page as it is now: rule, element, why.

    By all rules for everybody, or by those named.
    """
    page.evaluate(_axe())
    only = {"type": "rule", "values": [*of]} if of else _EVERYBODY
    found = page.evaluate(
        "(only) => axe.run(document, {runOnly: only, resultTypes: ['violations']})",
        only,
    )
    return [
        f"{rule['id']}: {node['html'][:160]}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@cache
def _axe() -> str:
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
