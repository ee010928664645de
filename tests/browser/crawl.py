"""Every page that links lead to from `/`, as a browser reads it."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urldefrag, urljoin

from playwright.sync_api import Browser

from tests.browser.chromium import opened

_READ: Final = """() => {
  const value = (e) => e === null ? null : Number(e.getAttribute('value'));
  const values = (e) => [...e.querySelectorAll('data')].map(value);
  const all = (selector, read) => [...document.querySelectorAll(selector)].map(read);
  return {
    heading: document.querySelector('h1')?.innerText ?? null,
    text: document.body.innerText,
    ids: all('[id]', (e) => e.id),
    links: all('a', (e) => e.href),
    numbers: all('td a, dd a', (e) =>
      [e.href, e.closest('section').id, value(e.querySelector('data'))]),
    cells: all('#teams tbody tr', (row) => [row.querySelector('a').href,
      [...row.cells].map((cell) => [cell.innerText, values(cell)])]),
    costs: all('dd', (e) => [e.previousElementSibling.innerText, values(e)]),
    figure: all('.figure', (e) => [e.innerText, values(e)])[0] ?? null,
    headline: all('#verdict .headline', values)[0] ?? null,
    lead: document.querySelector('.lead')?.innerText ?? null,
    verdict: document.querySelector('#verdict .verdict')?.innerText ?? null,
    phases: all('.waits-table tr', (row) => [
      row.querySelector('a[href*="/pair/"]')?.href ?? null,
      row.closest('section').id, [...row.cells].map(values)]),
    classes: all('#time .columns > div', (e) => [e.querySelector('h3').innerText,
      [...e.querySelectorAll('tbody tr')].map((row) =>
        [row.cells[0].innerText, values(row)])]),
    items: all('.items > li', (e) => ({
      name: e.querySelector('.key-of').innerText.trim(),
      seconds: value(e.querySelector('.amount data')),
      said: e.querySelector('summary').innerText,
      segments: [...e.querySelectorAll('.segments tbody data')].map(value),
      cut: e.querySelector('details > p') !== null})),
    next: document.querySelector('a[rel=next]')?.href ?? null,
  };
}"""


@dataclass
class Site:
    """What every page says, by address, and what the browser complained of."""

    root: str
    pages: dict[str, Any] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def page(self, path: str) -> Mapping[str, Any]:
        """The page of this address, with or without the root and an anchor."""
        page: Mapping[str, Any] = self.pages[self.address(path)]
        return page

    def address(self, path: str) -> str:
        """Whole, without the anchor."""
        return urldefrag(urljoin(self.root + "/", path)).url

    def teams(self) -> list[str]:
        """The addresses of the teams' pages."""
        return sorted(
            url
            for url in self.pages
            if url.startswith(self.root + "/team/") and "/items" not in url
        )

    def listings(self) -> list[str]:
        """The addresses of the first pages of lists."""
        return sorted(
            url
            for url in self.pages
            if ("/pair/" in url or "/items" in url) and "after=" not in url
        )

    def whole_list(self, path: str) -> list[Mapping[str, Any]]:
        """The pages of a list, from the first to the last."""
        found = [self.page(path)]
        while found[-1]["next"]:
            found.append(self.page(found[-1]["next"]))
        return found


def crawled(browser: Browser, root: str) -> Site:
    """Every page reached from `/`; each answers with 200 and breaks no policy."""
    site, waiting = Site(root), deque([root + "/"])
    with opened(browser) as watched:
        while waiting:
            url = waiting.popleft()
            if url in site.pages:
                continue
            page = watched.open(url)
            read = page.evaluate(_READ)
            site.pages[url] = read
            site.complaints += [f"{url}: {text}" for text in watched.refused()]
            inside = [urldefrag(link).url for link in read["links"]]
            waiting.extend(link for link in inside if link.startswith(root + "/"))
        site.complaints += watched.console + watched.dialogs
    return site
