"""All pages of a simulated organisation agree: with each other and with /metrics.

What is compared is read from the pages as a browser shows them. Two of the teams are
too small to be shown alone, and some lists go on for several pages.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from math import fsum
from urllib.parse import parse_qs, unquote, urldefrag, urlsplit

import pytest
from playwright.sync_api import Browser

from monitor.adapters.web import addresses
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.working_time import DAY
from monitor.simulate.world import simulate
from tests.browser.crawl import Site, crawled
from tests.browser.simulated import CALM, StandingClock, simulated
from tests.harness.exposition import parsed
from tests.harness.program import fetch

# All of the pages are opened by whichever of the tests comes first.
DOMAIN = "domain:shop"
MERGED = {"search": "shop", "payments": "shop"}
WORLD = replace(CALM, teams=6, days=30, load=0.5)
_RESERVED = {"unknown", "external", "other"}
_PHASES = ("acute", "chronic", "response")
Samples = list[tuple[Mapping[str, str], float]]


@pytest.fixture(scope="module")
def told(browser: Browser) -> tuple[Site, dict[str, Samples]]:
    """Every page, and the published month, of one standing instant."""
    with simulated(WORLD, MERGED) as url:
        site = crawled(browser, url)
        status, text = fetch(url + "/metrics")
    assert status == 200
    month: dict[str, Samples] = defaultdict(list)
    for (name, labels), value in parsed(text).items():
        if ("window", "28d") in labels:
            month[name].append((dict(labels), value))
    return site, month


@pytest.fixture(scope="module")
def site(told: tuple[Site, dict[str, Samples]]) -> Site:
    return told[0]


@pytest.fixture(scope="module")
def month(told: tuple[Site, dict[str, Samples]]) -> dict[str, Samples]:
    return told[1]


@cache
def charged_to_both() -> int:
    """How many items of the month are truly charged to each of the merged teams."""
    start = StandingClock().now_ms() - DEFAULT_MODEL.settle_ms - 28 * DAY
    teams: dict[str, set[str]] = defaultdict(set)
    for entry in simulate(WORLD).ledger():
        if entry.end > start:
            teams[entry.item].add(entry.team)
    return sum(charged >= MERGED.keys() for charged in teams.values())


def asked_by(url: str) -> tuple[str, str | None, str | None]:
    """The team, the other team and the component of a list's address."""
    parts = urlsplit(url)
    _, kind, team, last = parts.path.split("/")
    component = parse_qs(parts.query).get("component", [None])[0]
    return unquote(team), unquote(last) if kind == "pair" else None, component


def test_every_page_answers_and_the_browser_has_nothing_to_say(site: Site) -> None:
    assert site.complaints == []
    assert len(site.teams()) == 5
    # Of most pairs there is a list, of each cause one more, and some go on.
    assert len(site.listings()) > 100
    assert sum("after=" in url for url in site.pages) > 5


def test_every_anchor_is_there(site: Site) -> None:
    anchors = {
        link for page in site.pages.values() for link in page["links"] if "#" in link
    }
    assert len(anchors) > 20
    for link in anchors:
        url, anchor = urldefrag(link)
        assert anchor in site.page(url)["ids"], link


def test_a_number_is_the_figure_of_the_list_it_opens(site: Site) -> None:
    compared = 0
    for page in site.pages.values():
        for link, _, shown in page["numbers"]:
            if shown is None or link not in site.listings():
                continue
            figure = site.page(link)["figure"][1][0]
            if asked_by(link)[2] != "active":
                assert shown == pytest.approx(figure, rel=1e-12), link
                compared += 1
    assert compared > 250


def test_a_figure_is_the_sum_of_the_items_of_all_pages(site: Site) -> None:
    for url in site.listings():
        pages = site.whole_list(url)
        items = [item for page in pages for item in page["items"]]
        names = [item["name"] for item in items]
        assert len(set(names)) == len(names), url
        for page in pages:
            assert page["figure"][1] == pages[0]["figure"][1]
        whole = fsum(item["seconds"] for item in items)
        assert whole == pytest.approx(pages[0]["figure"][1][0], rel=1e-9), url


def test_an_item_is_the_sum_of_its_segments(site: Site) -> None:
    whole, cut = 0, 0
    for url in site.listings():
        for page in site.whole_list(url):
            for item in page["items"]:
                shown = fsum(item["segments"])
                if item["cut"]:
                    cut += 1
                    assert shown < item["seconds"], (url, item["name"])
                    continue
                whole += 1
                assert shown == pytest.approx(item["seconds"], rel=1e-9, abs=1e-6)
                said = re.match(r"[\d,]+", item["said"])
                assert said is not None
                assert int(said[0]) == len(item["segments"])
    assert whole > 500
    assert cut > 5


def test_lists_are_what_metrics_say(site: Site, month: dict[str, Samples]) -> None:
    waits: defaultdict[tuple[str, str | None, str | None], float] = defaultdict(float)
    for at, value in month["friction_window_wait_seconds"]:
        team, on_team, component = at["team"], at["on_team"], at["component"]
        waits[team, on_team, component] += value
        waits[team, on_team, None] += value
        waits[team, None, None] += value
    for at, value in month["friction_window_active_seconds"]:
        waits[at["team"], None, "active"] += value
        waits[at["team"], None, None] += value
    for at, value in month["friction_window_unclassified_seconds"]:
        if value:
            waits[at["team"], None, "unclassified"] += value
    lists = {asked_by(url): site.page(url)["figure"][1][0] for url in site.listings()}
    known = {key: value for key, value in lists.items() if key[2] != "own_failure"}
    assert known == pytest.approx(dict(waits), rel=1e-9)


def test_the_phases_of_a_team_page_are_what_metrics_say(
    site: Site, month: dict[str, Samples]
) -> None:
    published: defaultdict[tuple[str, str, str | None], dict[str, float]]
    published = defaultdict(lambda: dict.fromkeys(_PHASES, 0.0))
    for at, value in month["friction_window_wait_seconds"]:
        for component in (at["component"], None):
            key = at["team"], at["on_team"], component
            published[key][at["phase"]] += value
    compared = 0
    for url in site.teams():
        for link, section, cells in site.page(url)["phases"]:
            if link is None:
                continue
            assert section in {"waits", "asked"}
            team, on_team, component = asked_by(link)
            shown = [cell[0] if cell else 0.0 for cell in cells[-3:]]
            expected = published[team, str(on_team), component]
            assert shown == pytest.approx([expected[phase] for phase in _PHASES])
            assert sum(shown) == pytest.approx(cells[-4][0])
            compared += 1
    assert compared > 120


def test_a_row_of_the_first_page_is_what_the_team_page_says(
    site: Site, month: dict[str, Samples]
) -> None:
    rows = site.page("/")["cells"]
    items = {at["team"]: value for at, value in month["friction_window_items"]}
    assert charged_to_both()
    assert [site.address(link) for link, _ in rows] == site.teams()
    for link, cells in rows:
        page = site.page(link)
        costs = dict(page["costs"])
        kind = page["lead"].split(" team.")[0]
        assert cells[0][0].split() == [page["heading"], kind]
        assert cells[1][1] == page["headline"]
        assert cells[2][0].strip() == page["verdict"]
        assert cells[3][1] == costs["Coordination, hours"]
        assert cells[4][1] == costs["Feature, hours"]
        share = costs.get("Coordination share") or costs.get("Of its capacity", [])
        assert cells[5][1] == share
        assert int(cells[6][0]) == items[page["heading"]]
        listed = sum(len(one["items"]) for one in site.whole_list(link + "/items"))
        # An item of two members counts once for each, and is listed once.
        both = charged_to_both() if page["heading"] == DOMAIN else 0
        assert int(cells[6][0]) == listed + both
        waited = [
            value
            for there, section, value in page["numbers"]
            if section == "asked" and asked_by(there)[2] is None
        ]
        assert cells[7][1][0] == pytest.approx(fsum(waited))


def test_what_is_asked_of_a_team_is_what_others_wait(site: Site) -> None:
    sides: dict[str, dict[str, float]] = {"waits": {}, "asked": {}}
    for url in site.teams():
        for link, section, value in site.page(url)["numbers"]:
            if section in sides and asked_by(link)[1] not in _RESERVED:
                sides[section][link] = value
    assert len(sides["asked"]) > 50
    assert sides["asked"] == sides["waits"]


def test_a_matrix_cell_is_the_sum_of_the_causes_of_its_pair(site: Site) -> None:
    cells = {
        link: value
        for link, section, value in site.page("/")["numbers"]
        if section == "waits" and "/pair/" in link and "?" not in link
    }
    waits: defaultdict[str, float] = defaultdict(float)
    for url in site.teams():
        for link, section, cells_of in site.page(url)["phases"]:
            if section == "waits" and link and "?" not in link:
                waits[link] += cells_of[-4][0]
    assert cells == pytest.approx(dict(waits))


def test_hours_of_a_team_are_no_more_than_its_capacity(
    site: Site, month: dict[str, Samples]
) -> None:
    """O6: times min(1, K / W), with W coordination and all active seconds."""
    capacity = {
        at["team"]: value for at, value in month["friction_window_capacity_seconds"]
    }
    active: defaultdict[str, float] = defaultdict(float)
    for at, value in month["friction_window_active_seconds"]:
        active[at["team"]] += value
    cost: defaultdict[str, float] = defaultdict(float)
    for at, value in month["friction_window_wait_seconds"]:
        if at["on_team"] not in {"unknown", "external"}:
            weight = 0.25 if at["phase"] == "chronic" else 1.0
            cost[at["team"]] += weight * value
    for link, cells in site.page("/")["cells"]:
        team = site.page(link)["heading"]
        central, feature = cells[3][1][0], cells[4][1]
        scale = min(1.0, capacity[team] / (cost[team] + active[team]))
        assert central == pytest.approx(cost[team] * scale)
        assert feature[0] == pytest.approx(feature[-1] * scale)
        assert len(feature) == (2 if scale < 1 else 1)


def test_features_are_the_class_of_that_name(site: Site) -> None:
    rows = site.page("/")["cells"]
    assert {len(cells[4][1]) for _, cells in rows} == {1, 2}
    for link, cells in rows:
        page = site.page(link)
        tables = {heading: dict(rows) for heading, rows in page["classes"]}
        active = tables["Active, by class"]
        # The last is as measured, after what is scaled to the team's capacity.
        assert active["feature"] == cells[4][1][-1:]
        whole = fsum(value for name, (value,) in active.items() if name != "all")
        assert active["all"] == pytest.approx([whole])


def test_a_small_team_is_nowhere_told_from_its_domain(site: Site) -> None:
    shown = site.page(addresses.team(DOMAIN))
    assert shown["heading"] == DOMAIN
    assert shown["figure"] is not None
    for url, page in site.pages.items():
        said = {link.split("?")[0].rsplit("/", 1)[-1] for link in page["links"]}
        assert not said & set(MERGED), url
        assert not set(MERGED) & set(re.findall(r"[\w-]+", page["text"])), url
