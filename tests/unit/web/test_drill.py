"""A team's page and the items behind a number: what is shown, and for what address."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from monitor.adapters.web import addresses
from monitor.adapters.web.grouping import apart_of, causes_of, counterparts_of
from monitor.domain.pages import PartRow, Question
from monitor.domain.snapshot import Condition
from tests.unit.web.opening import ITEM, NOON, SEGMENT, Opened
from tests.unit.web.showing import CHECKOUT, NUMBERS, Browser, Told
from tests.unit.web.test_page import HOSTILE, PAGE, Elements

STRANGE = ("a/b", "domain:shop", "a b", "..", "=.", "%2F", "Käse", "?a#b", *HOSTILE)


def browser_of(ledger: Opened) -> Browser:
    return Told(ledger=ledger).browser()


def text_at(path: str, ledger: Opened | None = None) -> str:
    answer = browser_of(ledger or Opened()).get(path)
    assert answer.status_code == 200
    return Elements(answer.text).text


@pytest.mark.parametrize("name", STRANGE)
def test_a_team_of_any_name_has_a_page_and_items(name: str) -> None:
    ledger = Opened(teams=(name,))
    browser = browser_of(ledger)
    page = browser.get("/" + addresses.team(name))
    assert page.status_code == 200
    assert name in Elements(page.text).pieces
    for on_team in (None, name):
        address = addresses.listing(name, on_team, "ci_queue")
        assert browser.get("/" + address).status_code == 200
        assert ledger.asked[-1] == Question(name, on_team, "ci_queue")


def test_without_a_component_everything_is_asked_for() -> None:
    ledger = Opened()
    browser = browser_of(ledger)
    browser.get("/team/checkout/items")
    browser.get("/team/checkout/items?component=")
    browser.get("/pair/checkout/platform")
    whole = Question("checkout", None, None)
    assert ledger.asked == [whole, whole, Question("checkout", "platform", None)]


def test_a_team_page_tells_verdict_waits_askers_and_time() -> None:
    text = text_at("/team/checkout")
    assert "0.48 possible 0.09 to 1.68" in text
    # 600 + 900 + 17,100 s are 5.2 hours on platform, the longest cause first.
    # Of both causes 1,500 s are acute and 17,100 s chronic.
    assert "platform all causes 5.2 0.4 4.8 none ticket blocked 5.0 0.3 4.8" in text
    # Who has one cause has one line.
    assert "CI queue 0.2 0.2 none none unknown review wait 0.1 0.1 none" in text
    assert "search incident 1.5 none none 1.5" in text
    assert "feature 7.8 all 7.8" in text
    whole = "friction explain --config friction.toml --team checkout --component"
    assert f"{whole} unaccrued lists it" in text
    assert "acute 0.3 all 0.3" in text
    assert "16 Feb to 23 Feb 7 days 14.0 7.0 to 28.0 0.25 28.0 0.50 0.50" in text
    # Nothing was measured in the first fortnight.
    assert "2 Feb to 16 Feb 14 days not measured 16 Feb" in text


def test_a_team_page_says_what_is_scaled_and_what_is_not() -> None:
    page = Opened().team("checkout")
    assert page is not None
    assert "scaled" not in Elements(PAGE.team(page)).text
    row = replace(
        page.row, payroll_scale=0.25, measured_feature_seconds=page.row.feature_seconds
    )
    shown = replace(row, feature_seconds=row.feature_seconds / 4)
    text = Elements(PAGE.team(replace(page, row=shown))).text
    # The same 28,200 s are 7.8 hours among the classes of active time.
    assert "Feature, hours 2.0 of 7.8 measured Hours scaled by 0.25" in text
    assert "feature 7.8 all 7.8" in text
    assert "At the top it is scaled to the hours that the team has; here" in text
    assert "As measured, item by item" in text


def test_a_list_says_that_its_hours_are_as_measured() -> None:
    text = text_at("/team/checkout/items?component=active")
    assert "as published: not weighted, and not scaled to the hours" in text


def test_a_team_page_tells_the_limits_of_its_ratio_where_there_are_any() -> None:
    assert "95 % limits of the ratio 0.20 to 0.95" in text_at("/team/checkout")
    without = browser_of(Opened(limited=False)).get("/team/checkout").text
    assert "95 % limits" not in without


def test_the_numbers_of_a_team_page_lead_to_their_items() -> None:
    answer = browser_of(Opened()).get("/team/checkout")
    found = {its.get("href") for _, its in Elements(answer.text).found}
    assert {
        "../pair/checkout/platform",
        "../pair/checkout/platform?component=ticket_blocked",
        "../pair/checkout/unknown",
        "../pair/search/checkout",
        "../team/checkout/items",
        "../team/platform",
        *(
            f"../team/checkout/items?component={what}"
            for what in ("active", "own_failure", "unclassified")
        ),
    } <= found
    # Nobody is behind these: there is no page of theirs.
    assert "../team/unknown" not in found


def test_the_trend_can_be_heard() -> None:
    html = browser_of(Opened()).get("/team/checkout").text
    label = (
        "checkout. 14 days: not measured; 7 days: coordination 14.0 h, features"
        " 28.0 h; 4 days: coordination 16.0 h, features 8.0 h; 3 days: coordination"
        " 6.0 h, features 0.0 h"
    )
    assert f'role="img" aria-label="{label}"' in html


def test_a_listing_tells_the_number_its_parts_and_its_items() -> None:
    text = text_at("/pair/checkout/platform?component=ticket_blocked")
    assert "checkout waiting on platform: ticket blocked" in text
    assert "5.0 h 18,000 seconds of working time" in text
    assert "response ticket blocked 5.0 5.0 none none" in text
    assert "CHK-1 0.3 h 900 s" in text
    # One segment is shown, two are not.
    assert "3 segments" in text
    assert "The longest are shown. 2 more segments are not" in text
    assert "From, UTC To, UTC What Share Seconds" in text
    assert "2026-03-01 12:00:00 2026-03-01 12:15:00 ticket blocked acute" in text
    assert "acute 100 % 900" in text


def test_a_segment_names_who_is_waited_for_and_what_made_it_where_that_varies() -> None:
    made = replace(SEGMENT, entity="run 7", url="https://ci.example/7")
    item = replace(ITEM, segments=(SEGMENT, made), segments_left_out=0)
    for path in ("/team/checkout/items", "/pair/checkout/other"):
        text = text_at(path, Opened(item=item))
        assert "What On whom Made by Share Seconds" in text
        assert "acute platform the item itself 100 % 900" in text
        assert "acute platform run 7 100 % 900" in text
    assert "What Made by Share" in text_at("/pair/checkout/platform", Opened(item=item))


def test_an_item_tells_the_days_of_its_segments_also_of_those_left_out() -> None:
    path = "/pair/checkout/platform"
    item = replace(ITEM, end_ms=NOON)
    text = text_at(path, Opened(item=item))
    assert "3 segments of CHK-1 , 1 Mar to 2 Mar From" in text
    one = replace(ITEM, segments_left_out=0)
    assert "1 segment of CHK-1 , 1 Mar From" in text_at(path, Opened(item=one))
    two = replace(ITEM, segments_left_out=1)
    assert "1 more segment is not" in text_at(path, Opened(item=two))


def test_a_list_leads_to_the_wider_lists_and_to_all_who_wait_there() -> None:
    def ways(path: str) -> set[str | None]:
        html = browser_of(Opened()).get(path).text
        around = re.search(r'<nav class="around".*?</nav>', html, re.DOTALL)
        return set(re.findall(r'href="([^"]*)"', around[0])) if around else set()

    assert ways("/pair/checkout/platform?component=ci_queue") == {
        "../../pair/checkout/platform",
        "../../team/checkout/items",
        "../../team/platform#asked",
    }
    assert ways("/pair/checkout/external") == {"../../team/checkout/items"}
    assert ways("/team/checkout/items?component=active") == {
        "../../team/checkout/items"
    }
    assert ways("/team/checkout/items") == set()


def test_parts_of_a_number_open_only_what_is_a_number_of_its_own() -> None:
    there = "../../pair/checkout/platform?component=ticket_blocked"

    def is_linked(path: str) -> bool:
        html = browser_of(Opened()).get(path).text
        return f'href="{there}"' in html

    assert is_linked("/pair/checkout/platform")
    assert is_linked("/team/checkout/items")
    assert not is_linked("/pair/checkout/other")


def test_small_teams_are_told_to_be_shown_together() -> None:
    told = "Teams of fewer than three people"
    assert told in text_at("/team/domain%3Ashop", Opened(teams=("domain:shop",)))
    assert told not in text_at("/team/checkout")


@pytest.mark.parametrize(
    ("name", "typed"), [("a b", "--team 'a b' "), ("it's", "--team 'it'\"'\"'s' ")]
)
def test_a_command_on_a_page_can_be_typed_as_it_stands(name: str, typed: str) -> None:
    text = text_at("/" + addresses.team(name), Opened(teams=(name,)))
    assert f"friction explain --config friction.toml {typed}" in text


def test_a_domain_is_no_team_to_ask_about_at_a_terminal() -> None:
    text = text_at("/team/domain%3Ashop", Opened(teams=("domain:shop",)))
    assert "pending is in no number." in text
    assert "friction explain" not in text


def test_a_list_goes_on_and_back() -> None:
    browser = browser_of(Opened())
    first = browser.get("/pair/checkout/platform?component=ci_queue").text
    there = "../../pair/checkout/platform?component=ci_queue&amp;after=more"
    assert f'<a rel="next" href="{there}">' in first
    assert "Back to the latest" not in first
    second = browser.get("/pair/checkout/platform?component=ci_queue&after=more").text
    assert 'rel="next"' not in second
    assert (
        '<a href="../../pair/checkout/platform?component=ci_queue">Back to the latest'
        in second
    )


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "data:text/html,x", "//evil.example/x"]
)
def test_an_item_leads_to_its_tool_and_nowhere_else(url: str) -> None:
    def led_to(ledger: Opened) -> set[str | None]:
        html = browser_of(ledger).get("/team/checkout/items").text
        return {its.get("href") for _, its in Elements(html).found}

    assert "https://tracker.example/CHK-1" in led_to(Opened())
    item = replace(ITEM, url=url, segments=(replace(SEGMENT, url=url),))
    for found in led_to(Opened(item=item)) - {None, ""}:
        assert re.match(r"\.\./|#|data:,$", str(found)), found


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_titles_of_items_are_text(title: str) -> None:
    segment = replace(SEGMENT, entity=title, what=title, phase=title, on_team=title)
    hostile = Opened(item=replace(ITEM, item=title, segments=(segment,)))
    pages = [
        Elements(browser_of(ledger).get("/team/checkout/items").text)
        for ledger in (Opened(), hostile)
    ]
    plain, found = ([tag for tag, _ in page.found] for page in pages)
    assert found == plain
    assert title in "".join(pages[1].pieces)


NOWHERE = (
    "/team",
    "/pair",
    "/team/nobody",
    "/team/nobody/items",
    "/pair/nobody/checkout",
    "/team/",
    "/team/checkout/",
    "/team/checkout/items/more",
    "/pair/checkout",
    "/pair/a/b/c",
    "/team/%FF",
)


@pytest.mark.parametrize("path", NOWHERE)
def test_what_is_nowhere_names_the_teams_there_are(path: str) -> None:
    answer = browser_of(Opened()).get(path)
    assert answer.status_code == 404
    depth = path.count("/") - 1
    assert f'<a href="{"../" * depth}team/platform">platform</a>' in answer.text
    assert f'href="{"../" * depth}page.css"' in answer.text


@pytest.mark.parametrize("start", ["/team/", "/pair/"])
def test_an_address_of_many_parts_is_answered_shortly(start: str) -> None:
    answer = browser_of(Opened()).get(start + "/" * 60_000)
    assert answer.status_code == 404
    assert "no such page" in answer.text
    assert len(answer.content) < 1_000


@pytest.mark.parametrize(("teams", "named"), [(200, 200), (201, 200)])
def test_what_is_nowhere_names_so_many_teams_and_leads_to_the_others(
    teams: int, named: int
) -> None:
    rows = tuple(replace(CHECKOUT, team=f"t{number}") for number in range(teams))
    told = Told(numbers=replace(NUMBERS, teams=rows))
    answer = told.browser().get("/team/nobody")
    assert answer.text.count('href="../team/') == named
    assert ("There are more" in answer.text) is (teams > named)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (
            "domain:shop",
            "tiny has fewer than three people, and is shown with the small",
        ),
        ("other", "tiny is one of the latest of more teams than are shown by name"),
    ],
)
def test_a_team_without_a_page_of_its_own_is_told_where_it_is_shown(
    name: str, why: str
) -> None:
    answer = browser_of(Opened(together={"tiny": name})).get("/team/tiny")
    assert answer.status_code == 404
    text = Elements(answer.text).text
    assert why in text
    assert f"It is part of {name} ." in text
    assert f'href="../{addresses.team(name)}"' in answer.text
    assert "No team of this name" not in text


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/team/search", "team/finder"),
        ("/team/search/items", "team/finder/items"),
        ("/team/search/items?component=active", "team/finder/items?component=active"),
        ("/pair/search/platform?after=more", "pair/finder/platform"),
        (
            "/pair/platform/search?component=ci_queue",
            "pair/platform/finder?component=ci_queue",
        ),
        ("/pair/search/search", "pair/finder/finder"),
    ],
)
def test_an_id_that_a_team_had_leads_to_the_one_it_has(path: str, there: str) -> None:
    """For now: a browser that kept it would miss a team that gets the id again."""
    ledger = Opened(teams=("finder", "platform"), formerly={"search": "finder"})
    answer = browser_of(ledger).get(path)
    assert answer.status_code == 307
    up = "../" * (path.partition("?")[0].count("/") - 1)
    assert answer.headers["location"] == up + there


@pytest.mark.parametrize("name", ["other", "unknown", "external"])
def test_a_name_of_boards_that_is_no_team_leads_to_where_all_are_named(
    name: str,
) -> None:
    """A bar of the board leads there: "all else to the part of `/` that says more"."""
    for path in (f"/team/{name}", f"/team/={name}"):
        answer = browser_of(Opened()).get(path)
        assert answer.status_code == 307
        assert answer.headers["location"] == "../#asked"
    assert 'id="asked"' in browser_of(Opened()).get("/").text
    # Where anything is known of it, it has a page.
    assert browser_of(Opened(teams=(name,))).get(f"/team/={name}").status_code == 200
    # A team may be called `=other`: of a name the sign is escaped.
    for path in (f"/team/%3D{name}", f"/team/{name}/items", f"/pair/{name}/checkout"):
        assert browser_of(Opened()).get(path).status_code == 404


def test_a_position_that_nobody_gave_out_is_refused() -> None:
    answer = browser_of(Opened()).get("/pair/checkout/platform?after=%3Cb%3E")
    assert answer.status_code == 400
    assert "does not continue any list" in answer.text
    assert "<b>" not in answer.text


@pytest.mark.parametrize(
    "path", ["/team/checkout", "/team/checkout/items", "/pair/checkout/platform"]
)
def test_while_catching_up_it_is_said_when_to_come_back(path: str) -> None:
    told = Told(
        numbers=None,
        state=Condition(("3 records are not yet read",)),
        ledger=Opened(ready=False),
    )
    answer = told.browser().get(path)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "10"
    assert "<li>3 records are not yet read</li>" in answer.text


def test_waits_are_grouped_by_team_then_cause_the_longest_first() -> None:
    parts = (
        PartRow("ci_queue", "acute", "a", 1.0),
        PartRow("incident", "response", "b", 5.0),
        PartRow("review_wait", "acute", "a", 2.0),
        PartRow("review_wait", "chronic", "a", 1.0),
        PartRow("review_wait", "chronic", "a", 2.0),
        PartRow("active", "feature", "", 99.0),
    )
    first, second = counterparts_of(parts)
    assert (first.on_team, first.seconds) == ("a", 6.0)
    assert [cause.component for cause in first.causes] == ["review_wait", "ci_queue"]
    assert first.causes[0].phases == {"acute": 2.0, "chronic": 3.0}
    assert first.phases == {"acute": 3.0, "chronic": 3.0}
    assert (second.on_team, second.causes[0].seconds) == ("b", 5.0)
    assert [cause.seconds for cause in causes_of(parts)] == [5.0, 5.0, 1.0]
    assert apart_of(parts) == parts[-1:]
