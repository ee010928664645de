"""The page: every number it shows, and what hostile names cannot do to it."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.web import wording
from monitor.adapters.web.page import Page
from monitor.domain.snapshot import Bounds, PageModel, SourceRow, TeamRow, WaitRow
from monitor.domain.teams import RESERVED
from tests.unit.web.showing import CHECKOUT, MINUTE, NOON, NUMBERS

PAGE = Page()
HOUR, DAY = 60 * MINUTE, 24 * 60 * MINUTE


class Elements(HTMLParser):
    """Every element with its attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.pieces: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.pieces))


def text_of(page: PageModel | None, *reasons: str) -> str:
    return Elements(PAGE.render(page, reasons)).text


def text_of_team(row: TeamRow) -> str:
    return text_of(replace(NUMBERS, teams=(row,)))


def test_teams_are_in_order_of_name_so_that_nobody_is_ranked() -> None:
    names = re.findall(r'<a class="name"[^>]*>([^<]*)</a>', PAGE.render(NUMBERS, ()))
    assert names == ["checkout", "platform"]


def test_a_team_is_shown_with_its_ratio_bounds_verdict_and_hours() -> None:
    text = text_of_team(CHECKOUT)
    assert "checkout stream 0.48 0.09 to 1.68" in text
    assert " possible " in text
    # 13,650 s are 3.8 hours, 2,400 are 0.7, 47,400 are 13.2, 28,200 are 7.8.
    assert "3.8 0.7 to 13.2 7.8 32.6 % 1 " in text
    assert "5.0 h platform: ticket blocked" in text


SCALED = replace(
    CHECKOUT,
    coordination_seconds=Bounds(1_200.0, 6_825.0, 23_700.0),
    feature_seconds=14_100.0,
    payroll_scale=0.5,
    measured_feature_seconds=28_200.0,
)


def test_hours_that_are_scaled_say_so_and_open_what_was_measured() -> None:
    page = replace(NUMBERS, teams=(SCALED,))
    text = text_of(page)
    assert "1.9 0.3 to 6.6 scaled 3.9 of 7.8 measured 32.6 % 1 " in text
    assert "coordination and features are shown scaled to what they have" in text
    assert "Waiting is as measured; cost is scaled as that of the teams" in text
    (opened,) = re.findall(
        r'component=active"><data value="([^"]*)"', PAGE.render(page, ())
    )
    assert float(opened) == SCALED.measured_feature_seconds


@pytest.mark.parametrize("scale", [None, 1.0])
def test_hours_that_fit_say_nothing_of_a_scale(scale: float | None) -> None:
    page = replace(NUMBERS, teams=(replace(CHECKOUT, payroll_scale=scale),))
    assert "scaled" not in text_of(page)


def test_a_trend_says_that_stretches_were_scaled() -> None:
    assert "do not add up" not in text_of(NUMBERS)
    trend = (*NUMBERS.trend[:-1], replace(NUMBERS.trend[-1], scaled=True))
    text = text_of(replace(NUMBERS, trend=trend))
    assert "stretches do not add up to the window" in text


def test_where_nothing_is_compared_there_is_no_ratio_and_no_share() -> None:
    text = text_of(replace(NUMBERS, teams=NUMBERS.teams[:1]))
    none = "0.0 0.0 to 0.0 0.0"
    said = f"platform platform no ratio not compared {none} 12.5 % of capacity 3"
    assert said in text
    # What it is asked for, then what it waits for.
    assert " 12.5 nobody" in text
    unknown = replace(NUMBERS.teams[0], capacity_share=None)
    assert "0.0 no data 3" in text_of(replace(NUMBERS, teams=(unknown,)))


VERDICTS = {
    "established": "verdict-established",
    "indicated": "verdict-indicated",
    "possible": "verdict-possible",
    "no": "verdict-no",
    "too few items": "verdict-none",
    "withheld": "verdict-none",
    "no feature work": "verdict-none",
    "not compared": "verdict-none",
}


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_verdict_is_a_word(verdict: str) -> None:
    page = replace(NUMBERS, teams=(replace(CHECKOUT, verdict=verdict),))
    html = PAGE.render(page, ())
    assert f'<span class="verdict {VERDICTS[verdict]}">{verdict}</span>' in html


def test_every_verdict_but_the_plain_ones_has_a_style() -> None:
    for style in set(VERDICTS.values()) - {"verdict-none"}:
        assert f".{style}" in PAGE.style


def test_a_ratio_a_hair_over_one_is_not_shown_as_one() -> None:
    over = replace(CHECKOUT, ratio=Bounds(0.999, 1.001, 1.0))
    assert "just over 1 just under 1 to 1.00" in text_of_team(over)


def test_the_organisation_has_its_name_and_ratio() -> None:
    text = text_of(NUMBERS)
    assert "Acme: what teams spend waiting on each other" in text
    assert (
        "0.47 Coordination over feature cost of all stream teams together,"
        " between 0.25 and 1.25 : coordination costs more only at the highest" in text
    )
    without = text_of(replace(NUMBERS, organisation="", organisation_ratio=None))
    assert "all stream teams together, between" not in without


def test_the_window_and_the_instant_are_told() -> None:
    html = PAGE.render(NUMBERS, ())
    assert "last 28 days" in html
    time = '<time datetime="2026-03-02T11:55:00.000Z">2026-03-02 11:55:00 UTC</time>'
    assert time in html


def test_freshness_and_completeness_are_told() -> None:
    text = text_of(NUMBERS)
    assert "Evaluated at 2026-03-02 11:55:00 UTC 5 min ago" in text
    assert "Records not yet read 1,234" in text
    assert "github 2026-03-02 10:30:00 UTC 90 min ago 12" in text
    assert "Teams file 0123456789ab" in text
    assert "Cost model 1-0123abcd" in text
    assert "Version 1.2.3" in text
    assert "repo:acme/orphan" in text


def test_all_references_nobody_owns_are_counted_and_the_first_are_listed() -> None:
    gaps = tuple(f"repo:acme/r{number:02}" for number in range(80))
    html = PAGE.render(replace(NUMBERS, gaps=gaps), ())
    text = Elements(html).text
    assert "References nobody owns 80 " in text
    assert "The first 50 of 80, by name." in text
    assert html.count("<code>repo:acme/r") == 50
    assert "repo:acme/r49" in text
    assert "repo:acme/r50" not in text


def test_where_all_references_are_listed_there_is_no_first() -> None:
    gaps = tuple(f"repo:acme/r{number:02}" for number in range(50))
    text = text_of(replace(NUMBERS, gaps=gaps))
    assert "References nobody owns 50 " in text
    assert "repo:acme/r49" in text
    assert "The first" not in text


def test_what_is_not_known_is_not_shown_as_nothing() -> None:
    unknown = replace(
        NUMBERS,
        evaluated_at_ms=None,
        lag_records=None,
        sources=(SourceRow("github", None),),
    )
    text = text_of(unknown)
    assert "Records not yet read no data" in text
    assert "Evaluated at no data" in text
    assert "github no data no data no data" in text


def test_longest_waits_are_shown_in_the_order_of_their_cost() -> None:
    waits = (
        WaitRow("search", "platform", "review_wait", 720_000.0),
        WaitRow("checkout", "search", "ci_queue", 60.0),
    )
    text = text_of(replace(NUMBERS, top_waits=waits))
    assert "search platform review wait 200 checkout search CI queue < 0.1" in text


def test_an_organisation_without_waits_is_told_so() -> None:
    text = text_of(replace(NUMBERS, pairs=(), top_waits=(), teams=()))
    assert "No team's work waited on another team in this window." in text
    assert "Nothing was charged to any team in this window." in text


def test_notices_are_shown() -> None:
    assert '<p class="notice">These numbers are simulated.</p>' in PAGE.render(
        NUMBERS, ()
    )


def test_provisional_teams_are_called_so() -> None:
    assert "Provisional teams" not in text_of(NUMBERS)
    text = text_of(replace(NUMBERS, provisional=True))
    assert "There is no teams file, so teams were made from the data." in text
    assert "Teams file none" in text


def test_every_reason_for_not_being_ready_is_shown_with_the_numbers() -> None:
    text = text_of(NUMBERS, "no broker answers", "catching up")
    assert "Not ready no broker answers catching up" in text
    assert "checkout" in text
    assert "Numbers appear here" not in text


def test_it_says_that_the_ratio_is_no_target() -> None:
    assert "The ratio is no target" in text_of(NUMBERS)


def named(name: str) -> PageModel:
    """The page with this name in every place that data can reach."""
    row = replace(
        CHECKOUT,
        team=name,
        kind=name,
        verdict=name,
        waits=(WaitRow(name, name, name, 1.0),),
    )
    return replace(
        NUMBERS,
        window=name,
        teams=(row,),
        top_waits=row.waits,
        sources=(SourceRow(name, NOON),),
        organisation=name,
        directory_hash=name,
        cost_model=name,
        gaps=(name,),
        notices=(name,),
        version=name,
    )


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style></title><svg/onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;script&gt;",
    "javascript:alert(1)",
)


# Attributes that may hold a name: an address, where it is escaped, and a label.
NAMING = {"href", "aria-label"}


def shape(page: Elements) -> list[tuple[str, dict[str, str | None]]]:
    """Every element, without what names of the data may change."""
    for _, attributes in page.found:
        address = attributes.get("href") or ""
        assert re.fullmatch(r"data:,|[\w.~%?=&#+/-]*", address), address
    return [
        (tag, {name: None if name in NAMING else its[name] for name in its})
        for tag, its in page.found
    ]


def test_repositories_of_other_accounts_are_counted_and_not_named() -> None:
    text = text_of(replace(NUMBERS, other_accounts=12))
    assert "And 12 repositories of accounts that no line names" in text
    assert "References nobody owns 13" in text
    alone = text_of(replace(NUMBERS, gaps=(), other_accounts=12))
    assert "12 repositories of accounts that no line names" in alone


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text_and_nothing_else(name: str) -> None:
    plain, hostile = (Elements(PAGE.render(named(one), (one,))) for one in ("x", name))
    assert [tag for tag, _ in hostile.found] == [tag for tag, _ in plain.found]
    assert [list(its) for _, its in hostile.found] == [
        list(its) for _, its in plain.found
    ]
    assert shape(hostile) == shape(plain)
    assert name in "".join(hostile.pieces)


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(
        lambda name: name not in RESERVED
    )
)
def test_no_name_adds_an_element(name: str) -> None:
    plain = Elements(PAGE.render(named("x"), ()))
    assert shape(Elements(PAGE.render(named(name), ()))) == shape(plain)


def test_the_page_needs_no_script_no_inline_style_and_nobody_else() -> None:
    found = Elements(PAGE.render(NUMBERS, ("catching up",))).found
    assert not {tag for tag, _ in found} & {"script", "style", "iframe", "img", "form"}
    for _, attributes in found:
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        for name in ("href", "src"):
            assert "//" not in (attributes.get(name) or "")
    assert "url(" not in PAGE.style
    assert "@import" not in PAGE.style


def test_every_number_of_a_team_opens_what_is_behind_it() -> None:
    row = replace(NUMBERS, teams=(CHECKOUT,))
    addresses = {its.get("href") for _, its in Elements(PAGE.render(row, ())).found}
    assert {
        "team/checkout",
        "team/checkout#waits",
        "team/checkout#asked",
        "team/checkout/items",
        "team/checkout/items?component=active",
        "pair/checkout/platform",
        "pair/checkout/platform?component=ticket_blocked",
    } <= addresses


def test_the_five_questions_are_answered_in_this_order() -> None:
    headings = re.findall(r"<h2[^>]*>([^<]*\?)</h2>", PAGE.render(NUMBERS, ()))
    assert headings == [
        "Is coordination costing more than features?",
        "Who waits on whom, and why?",
        "Who is asked for most?",
        "What changed in four weeks?",
        "How far can this be trusted?",
    ]


def test_numbers_carry_their_exact_value() -> None:
    html = PAGE.render(NUMBERS, ())
    assert '<data value="54000.0">15.0</data>' in html  # 54,000 s are 15 hours
    assert '<data value="0.471875">0.47</data>' in html


def test_what_could_not_be_told_is_a_table_of_those_teams_only() -> None:
    text = text_of(NUMBERS)
    assert "checkout 12.5 % 0 %" in text
    assert "Records rejected 7" in text
    sure = replace(CHECKOUT, unknown_share=0.0)
    assert "What could not be told" not in text_of_team(sure)


def test_a_source_that_was_silent_for_a_day_is_marked() -> None:
    for age, marked in ((DAY, False), (DAY + 1, True)):
        page = replace(NUMBERS, sources=(SourceRow("github", NOON - age),))
        assert (">silent<" in PAGE.render(page, ())) is marked


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        (Bounds(1.01, 2.0, 3.0), "costs more, at every weight"),
        (Bounds(1.0, 2.0, 3.0), "at the central weight, not at the lowest"),
        (Bounds(0.5, 1.0, 1.01), "only at the highest weight"),
        (Bounds(0.5, 0.6, 1.0), "costs less, at every weight"),
    ],
)
def test_the_certainty_of_the_organisation_is_said(bounds: Bounds, said: str) -> None:
    assert said in text_of(replace(NUMBERS, organisation_ratio=bounds))


def test_for_whom_it_costs_more_is_said() -> None:
    sure = replace(CHECKOUT, verdict="established")
    assert "It costs more for checkout (established)." in text_of_team(sure)
    assert "Of no team can it be said with certainty" in text_of_team(CHECKOUT)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0.0"),
        (1, "< 0.1"),
        (180, "0.1"),
        (540, "0.2"),
        (900, "0.3"),
        (1_260, "0.4"),
        (3_600, "1.0"),
        (99.94 * 3_600, "99.9"),
        (99.96 * 3_600, "100"),
        (100.5 * 3_600, "101"),
        (3_600_000, "1,000"),
    ],
)
def test_hours(seconds: float, shown: str) -> None:
    assert wording.hours(seconds) == shown


@pytest.mark.parametrize(
    ("past", "shown"),
    [
        (-1, "in the future"),
        (0, "0 s ago"),
        (119_999, "119 s ago"),
        (2 * MINUTE, "2 min ago"),
        (2 * HOUR, "2 h ago"),
        (2 * DAY, "2 d ago"),
        (40 * DAY, "40 d ago"),
    ],
)
def test_ages(past: int, shown: str) -> None:
    assert wording.age(NOON, NOON - past) == shown


@pytest.mark.parametrize(
    ("ratio", "position"),
    [(0.0, 0), (1 / 16, 0), (0.25, 25), (1.0, 50), (4.0, 75), (16.0, 100), (1e9, 100)],
)
def test_the_scale_is_logarithmic_with_one_in_its_middle(
    ratio: float, position: float
) -> None:
    assert wording.scale_position(ratio) == position
