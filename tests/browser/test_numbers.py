"""What a browser shows is what /metrics says at the same instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import complaints, opened
from tests.browser.simulated import simulated
from tests.e2e.service import parsed
from tests.harness.program import fetch

Labels = Mapping[str, str]
# The weights of the cost model as it is delivered, and what is in which bound.
_CHRONIC = {"lower": 0.0, "central": 0.25, "upper": 1.0}


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with simulated() as url:
        yield url


def month(url: str, name: str) -> list[tuple[Labels, float]]:
    """The samples of a family in the window of 28 days."""
    status, text = fetch(url + "/metrics")
    assert status == 200
    found = [(dict(at), value) for (n, at), value in parsed(text).items() if n == name]
    return [(at, value) for at, value in found if at["window"] == "28d"]


def values(page: Page, selector: str) -> list[float]:
    """The exact values of the numbers there."""
    found = page.eval_on_selector_all(
        f"{selector} data", "all => all.map(e => e.getAttribute('value'))"
    )
    return [float(value) for value in found]


def test_the_matrix_is_what_metrics_say(browser: Browser, service: str) -> None:
    pairs: dict[tuple[str, str], float] = defaultdict(float)
    for at, value in month(service, "friction_window_wait_seconds"):
        pairs[at["team"], at["on_team"]] += value
    assert len(pairs) > 10
    with opened(browser) as watched:
        page = watched.open(service + "/")
        rows = page.eval_on_selector_all(
            ".matrix tr",
            "all => all.map(r => [...r.children].map(c => [c.innerText,"
            " c.querySelector('data')?.getAttribute('value')]))",
        )
        assert complaints(page) == []
    columns = [text for text, _ in rows[0][1:-1]]
    shown = {
        (row[0][0], column): float(value)
        for row in rows[1:-1]
        for column, (_, value) in zip(columns, row[1:-1], strict=True)
        if value is not None
    }
    assert shown == pytest.approx(dict(pairs))
    whole = sum(pairs.values())
    assert float(rows[-1][-1][1]) == pytest.approx(whole)


def test_coordination_and_features_are_what_metrics_say(
    browser: Browser, service: str
) -> None:
    feature = {
        at["team"]: value
        for at, value in month(service, "friction_window_active_seconds")
        if at["work_class"] == "feature"
    }
    waits = month(service, "friction_window_wait_seconds")
    with opened(browser) as watched:
        page = watched.open(service + "/")
        teams = page.locator("#teams tbody th a").all_inner_texts()
        assert teams == sorted(teams)
        assert set(feature) <= set(teams)
        for number, team in enumerate(teams, 1):
            row = f"#teams tbody tr:nth-child({number})"
            cost = [coordination(waits, team, bound) for bound in _CHRONIC]
            lower, central, upper = cost
            shown = values(page, f"{row} td:nth-child(4)")
            assert shown == pytest.approx([central, lower, upper])
            assert values(page, f"{row} td:nth-child(5)") == pytest.approx(
                [feature.get(team, 0.0)]
            )
            if ratio := values(page, f"{row} td:nth-child(2)"):
                built = feature[team]
                assert ratio == pytest.approx(
                    [central / built, lower / built, upper / built]
                )


def coordination(waits: list[tuple[Labels, float]], team: str, bound: str) -> float:
    """A bound of a team's coordination cost, out of the published waits."""
    found = 0.0
    for at, value in waits:
        left_out = {"external"} if bound == "upper" else {"external", "unknown"}
        if at["team"] == team and at["on_team"] not in left_out:
            found += value * (_CHRONIC[bound] if at["phase"] == "chronic" else 1.0)
    return found


def test_the_stretches_sum_to_the_window(browser: Browser, service: str) -> None:
    with opened(browser) as watched:
        page = watched.open(service + "/")
        ratio = values(page, "#teams .figure")
        stretches = [
            values(page, f"#changed tbody tr:nth-child({n}) td:nth-child({column})")[0]
            for column in (2, 4)
            for n in range(1, 5)
        ]
    assert [sum(stretches[:4]) / sum(stretches[4:])] == pytest.approx(ratio)
