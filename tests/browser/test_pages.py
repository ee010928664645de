"""The pages in a real Chromium: for everybody, on a phone, without a script, inert."""

from __future__ import annotations

import re
from collections import deque
from typing import get_args
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser

from monitor.adapters.web import addresses
from monitor.domain.snapshot import Condition
from tests.browser.chromium import COLOURS, DESK, PHONE, Scheme, complaints, opened
from tests.browser.made_up import HOSTILE, TEAMS, served
from tests.unit.web.opening import Opened
from tests.unit.web.showing import Told

# One address of each kind of page, and its status.
PAGES = {
    "/": 200,
    "/team/checkout": 200,
    "/team/platform": 200,
    "/team/checkout/items?component=active": 200,
    "/pair/checkout/platform?component=ticket_blocked": 200,
    "/pair/checkout/platform?after=more": 200,
    "/" + addresses.team(HOSTILE[1]): 200,
    "/team/nobody": 404,
    "/pair/checkout/platform?after=never": 400,
}
_STYLES = """() => {
  const sorts = new Map([...document.querySelectorAll("body, body *")].map(
    (e) => [e.tagName + " " + e.className, e]));
  return [...sorts].map(([sort, e]) => {
    const style = getComputedStyle(e);
    const names = [...style].filter((name) => !name.startsWith("--"));
    return sort + names.map((name) => name + ":" + style.getPropertyValue(name));
  });
}"""
_COLOUR = re.compile(r"rgba?\([^)]*\)|color-scheme:[a-z ]*")
_REACHABLE = "a[href], summary, [tabindex='0']"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_to_complain_about(
    browser: Browser, hostile: str, path: str, width: int, scheme: Scheme
) -> None:
    with opened(browser, width, scheme) as watched:
        page = watched.open(hostile + path, PAGES[path])
        page.evaluate(
            "document.querySelectorAll('details').forEach(d => d.open = true)"
        )
        assert complaints(page, COLOURS if scheme == "dark" else ()) == []


def test_a_scheme_changes_nothing_but_colours(browser: Browser, hostile: str) -> None:
    """So that in the dark only the rules on colours have anything new to say."""
    light, dark = (
        styles(browser, hostile + "/", scheme) for scheme in get_args(Scheme)
    )
    assert light != dark
    assert [_COLOUR.sub("", one) for one in light] == [
        _COLOUR.sub("", one) for one in dark
    ]


def styles(browser: Browser, url: str, scheme: Scheme) -> list[str]:
    """How the elements of a page are shown, one of each sort."""
    with opened(browser, scheme=scheme) as watched:
        found: list[str] = watched.open(url).evaluate(_STYLES)
    return found


def test_axe_finds_what_is_wrong(browser: Browser, hostile: str) -> None:
    # Were the check blind, the test above could not fail.
    with opened(browser) as watched:
        page = watched.open(hostile + "/team/checkout")
        page.evaluate("document.querySelector('h1').style.color = '#bbb'")
        page.evaluate("document.documentElement.removeAttribute('lang')")
        found = {complaint.split(":")[0] for complaint in complaints(page)}
    assert {"color-contrast", "html-has-lang"} <= found


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_does_not_scroll_sideways(
    browser: Browser, hostile: str, path: str
) -> None:
    with opened(browser, PHONE) as watched:
        page = watched.open(hostile + path, PAGES[path])
        page.evaluate(
            "document.querySelectorAll('details').forEach(d => d.open = true)"
        )
        width = page.evaluate("document.documentElement.scrollWidth")
        stacks = page.eval_on_selector_all(
            ".stack", "all => all.map(e => e.scrollWidth)"
        )
    assert width <= PHONE
    # What is most read does not scroll in its box, either.
    assert max(stacks, default=0) <= PHONE


@pytest.mark.parametrize("path", PAGES)
def test_hostile_names_do_nothing(browser: Browser, hostile: str, path: str) -> None:
    with opened(browser) as watched:
        page = watched.open(hostile + path, PAGES[path])
        page.evaluate(
            "document.querySelectorAll('details').forEach(d => d.open = true)"
        )
        page.wait_for_load_state("networkidle")
        links = page.eval_on_selector_all("a", "all => all.map(a => a.href)")
        scripts = page.locator("script, img, iframe, [onload], [onerror]").count()
        assert scripts == 0
        assert watched.refused() == []
    assert watched.dialogs == []
    # A page that is not there is told in the console, and nothing else is.
    assert [said for said in watched.console if "status of 4" not in said] == []
    asked = {urlsplit(url).netloc for url in watched.requests if "data:" not in url}
    assert asked == {urlsplit(hostile).netloc}
    schemes = {urlsplit(link).scheme for link in links}
    assert schemes <= {"http", "https"}


def test_every_link_is_answered(browser: Browser, hostile: str) -> None:
    # Lists go on in the crawl of the simulated organisation; here are the names.
    names = set()
    seen, waiting = set(), deque([hostile + "/"])
    with opened(browser) as watched:
        while waiting:
            url = waiting.popleft()
            heading, links, ids = watched.open(url).evaluate(
                "[document.querySelector('h1')?.innerText,"
                " [...document.links].map(a => a.href),"
                " [...document.querySelectorAll('[id]')].map(e => e.id)]"
            )
            names.add(heading)
            for link in links:
                there, anchor = urldefrag(urljoin(url, link))
                if there == url and anchor:
                    assert ids.count(anchor) == 1, link
                of_team = urlsplit(there).path.startswith("/team/")
                plain = not urlsplit(there).query and there.startswith(hostile + "/")
                if of_team and plain and there not in seen:
                    seen.add(there)
                    waiting.append(there)
    assert set(TEAMS) <= names


@pytest.mark.parametrize("path", ["/", "/team/checkout", "/team/checkout/items"])
def test_every_link_is_reached_with_the_keyboard_and_seen(
    browser: Browser, hostile: str, path: str
) -> None:
    with opened(browser) as watched:
        page = watched.open(hostile + path)
        count = page.locator(_REACHABLE).count()
        reached, unseen = set(), []
        for _ in range(count + 5):
            page.keyboard.press("Tab")
            at, outline = page.evaluate(
                "(all) => { const e = document.activeElement;"
                " return [[...document.querySelectorAll(all)].indexOf(e),"
                " getComputedStyle(e).outlineStyle]; }",
                _REACHABLE,
            )
            reached.add(at)
            if at >= 0 and outline == "none":
                unseen.append(at)
        visible = page.evaluate(
            "(all) => [...document.querySelectorAll(all)].map((e, n) =>"
            " e.checkVisibility() ? n : -1)",
            _REACHABLE,
        )
    assert set(visible) - {-1} <= reached
    assert unseen == []


def test_it_all_works_without_a_script(browser: Browser, hostile: str) -> None:
    with opened(browser, scripts=False) as watched:
        page = watched.open(hostile + "/")
        page.get_by_role("link", name="checkout", exact=True).first.click()
        page.wait_for_url("**/team/checkout")
        page.locator("#waits a", has_text="hours").or_(
            page.locator("#waits td a")
        ).first.click()
        page.wait_for_url("**/pair/checkout/platform")
        details = page.locator(".items details").first
        assert not details.locator("table").is_visible()
        details.locator("summary").focus()
        page.keyboard.press("Enter")
        assert details.locator("table").is_visible()
        page.get_by_role("link", name="Earlier items").click()
        page.wait_for_url("**/pair/checkout/platform?after=more")
        assert page.get_by_role("link", name="Back to the latest").is_visible()


def test_while_catching_up_pages_say_so_to_everybody(browser: Browser) -> None:
    told = Told(
        numbers=None, state=Condition(("catching up",)), ledger=Opened(ready=False)
    )
    with served(told) as url, opened(browser, PHONE, "dark") as watched:
        for path, status in (("/", 200), ("/team/checkout", 503)):
            page = watched.open(url + path, status)
            assert complaints(page) == []
            assert "catching up" in page.inner_text("main")
