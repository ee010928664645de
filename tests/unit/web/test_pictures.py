"""The pictures of a page: where the dot of a ratio lies, and how high bars are."""

from __future__ import annotations

import re
from math import log2

import pytest

from monitor.adapters.web.page import Page
from monitor.adapters.web.trend import Bar, picture_of
from tests.unit.web.opening import TREND
from tests.unit.web.showing import CHECKOUT, NUMBERS, Told


def test_bars_are_hours_per_working_hour_on_both_sides_of_one_axis() -> None:
    picture = picture_of(TREND)
    assert picture is not None
    # Rates are 0.25, 0.5 and 0.25 above and 0.5, 0.25 and 0 below: the axis is in the
    # middle of 100. Of 28 days, 280 units wide, 14 were not measured.
    assert picture.axis == 50.0
    _, first, second, third = picture.steps
    assert first.coordination == Bar(140.0, 25.0, 68.0, 25.0)
    assert first.feature == Bar(140.0, 50.0, 68.0, 50.0)
    assert second.coordination == Bar(210.0, 0.0, 38.0, 50.0)
    assert second.feature == Bar(210.0, 50.0, 38.0, 25.0)
    assert third.coordination == Bar(250.0, 25.0, 28.0, 25.0)
    assert third.feature.height == 0.0


def test_the_days_stand_where_the_stretches_begin() -> None:
    html = Told().browser().get("/team/checkout").text
    found = re.findall(r'<text class="day" x="([\d.]+)%" y="98%">([^<]*)<', html)
    assert found == [
        ("0.0", "2 Feb"),
        ("50.0", "16 Feb"),
        ("75.0", "23 Feb"),
        ("89.29", "27 Feb"),
    ]


def test_the_dot_is_at_the_central_ratio_and_the_bar_at_its_bounds() -> None:
    html = Page().render(NUMBERS, ())
    of_team = html[html.index('href="team/checkout"') :]
    range_ = re.search(r'class="range" x1="([\d.]+)%" y1="50%" x2="([\d.]+)%"', of_team)
    dot = re.search(r'class="central" cx="([\d.]+)%"', of_team)
    assert range_ is not None
    assert dot is not None
    bounds = CHECKOUT.ratio
    assert bounds is not None
    # The line runs from 2 ** -4 to 2 ** 4.
    expected = [12.5 * (log2(one) + 4) for one in bounds]
    shown = [float(range_[1]), float(dot[1]), float(range_[2])]
    assert shown == pytest.approx(expected, abs=0.01)
