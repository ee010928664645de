"""What is open now, as pages show it: also where it adds nothing to a number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.adapters.web.wording import effect_words, lasting
from monitor.domain.pages import OpenCount, OpenRows
from monitor.indicators.explaining.open_now import Effect
from tests.unit.web.opening import OPEN, Opened
from tests.unit.web.showing import Told
from tests.unit.web.test_page import HOSTILE, Elements

PAIR = "/pair/checkout/platform"
ONE = OpenRows(1, (OPEN,))


def html_at(path: str, ledger: Opened) -> str:
    answer = Told(ledger=ledger).browser().get(path)
    assert answer.status_code == 200
    return answer.text


def text_at(path: str, ledger: Opened) -> str:
    return Elements(html_at(path, ledger)).text


def test_an_open_wait_is_named_with_its_age_and_why_it_adds_nothing() -> None:
    text = text_at(PAIR, Opened(open_now=ONE))
    assert "Item Because of Since, UTC Open for Counts now" in text
    assert (
        "OLD-1 review wait 2026-01-01 12:00:00 59 d no, it is stale: nobody touched"
        " it for long" in text
    )
    assert "more" not in text.split("Counts now")[1].split("Items, the latest")[0]
    led_to = html_at(PAIR, Opened(open_now=ONE))
    assert '<a href="https://tracker.example/OLD-1" rel="noopener' in led_to


def test_who_is_waited_for_is_told_where_that_varies() -> None:
    text = text_at("/team/checkout/items", Opened(open_now=ONE))
    assert "Item Because of Waits on Since, UTC" in text
    assert "OLD-1 review wait platform 2026-01-01" in text


def test_an_empty_number_does_not_say_that_nothing_waits() -> None:
    nothing = "No item is behind this number in this window"
    text = text_at(PAIR, Opened(open_now=ONE, empty=True))
    assert f"{nothing}: what is open now has added nothing in it." in text
    text = text_at(PAIR, Opened(empty=True))
    assert f"{nothing}." in text
    assert "Nothing of it is open now." in text


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        (PAIR, "--team checkout --on-team platform --open"),
        (
            f"{PAIR}?component=review_wait",
            "--team checkout --on-team platform --component review_wait --open",
        ),
        ("/pair/checkout/other", "--team checkout --on-team other --open"),
        ("/team/checkout/items", "--team checkout --open"),
    ],
)
def test_what_is_left_out_is_counted_and_the_command_names_it(
    path: str, asked: str
) -> None:
    command = "friction explain --config friction.toml"
    text = text_at(path, Opened(open_now=OpenRows(1_235, (OPEN,))))
    assert f"1,234 more are open: {command} {asked} prints all of them." in text
    text = text_at(path, Opened(open_now=OpenRows(2, (OPEN,))))
    assert f"1 more is open: {command} {asked}" in text


def test_the_command_can_be_typed_as_it_stands() -> None:
    ledger = Opened(teams=("domain:a b",), open_now=OpenRows(2, (OPEN,)))
    text = text_at("/pair/domain:a%20b/it%27s", ledger)
    assert """ --team 'domain:a b' --on-team 'it'"'"'s' --open prints""" in text


@pytest.mark.parametrize("path", ["/team/checkout/items?component=active", PAIR])
def test_what_is_no_waiting_and_what_goes_on_has_nothing_open(path: str) -> None:
    assert "Open now" not in text_at(path, Opened(open_now=None))


def test_a_team_page_counts_what_is_open_and_leads_there() -> None:
    counts = (OpenCount("ci_queue", "platform", 1_200), OpenCount("handoff", "b", 1))
    ledger = Opened(open_waits=counts)
    text = text_at("/team/checkout", ledger)
    assert "Waits on Because of Open now platform CI queue 1,200 b handoff 1" in text
    assert "Team Because of Open now platform CI queue 1,200 b handoff 1" in text
    found = {
        it.get("href") for _, it in Elements(html_at("/team/checkout", ledger)).found
    }
    assert {
        "../pair/checkout/platform?component=ci_queue#open",
        "../pair/platform/checkout?component=ci_queue#open",
    } <= found


def test_a_team_page_without_hours_says_whether_anything_waits() -> None:
    waited = "Its work waited on no other team in this window."
    asked = "No other team's work waited on it in this window."
    text = text_at("/team/checkout", Opened(parts=()))
    assert waited in text
    assert asked in text
    counts = (OpenCount("ci_queue", "platform", 1),)
    text = text_at("/team/checkout", Opened(parts=(), open_waits=counts))
    assert waited not in text
    assert asked not in text
    assert "What it waits for now has cost it nothing in this window." in text
    assert "What waits for it now has cost nothing in this window." in text


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_names_of_what_is_open_are_text(title: str) -> None:
    row = replace(OPEN, item=title, on_team=title, url="javascript:alert(1)")
    pages = [
        Elements(html_at("/team/checkout/items", Opened(open_now=OpenRows(1, (one,)))))
        for one in (replace(OPEN, url=""), row)
    ]
    plain, found = ([tag for tag, _ in page.found] for page in pages)
    assert found == plain
    assert title in "".join(pages[1].pieces)


def test_every_effect_has_its_words_and_only_one_is_a_yes() -> None:
    worded = {effect: effect_words(effect) for effect in Effect}
    assert [one for one, said in worded.items() if said == "yes"] == [Effect.COUNTS]
    assert all(said.startswith("no") for said in worded.values() if said != "yes")


def test_a_wait_lasts_days_by_the_wall() -> None:
    hour = 3_600_000
    assert (lasting(60 * 24 * hour), lasting(47 * hour)) == ("60 d", "47 h")
