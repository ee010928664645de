"""What a browser shows is what /metrics says at the same instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import complaints, opened
from tests.browser.simulated import simulated
from tests.harness.exposition import parsed
from tests.harness.program import fetch

Labels = Mapping[str, str]
F = "feature"
# The weights of the cost model as it is delivered, and what is in which bound.
_CHRONIC = {"lower": 0.0, "central": 0.25, "upper": 1.0}


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with simulated() as url:
        yield url


def samples(url: str, name: str) -> list[tuple[Labels, float]]:
    """The samples of a family."""
    status, text = fetch(url + "/metrics")
    assert status == 200
    return [(dict(at), value) for (n, at), value in parsed(text).items() if n == name]


def month(url: str, name: str) -> list[tuple[Labels, float]]:
    """The samples of a family in the window of 28 days."""
    found = samples(url, name)
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


@dataclass(frozen=True)
class Spent:
    """What a team spent in a window, in seconds, and what it had; as published."""

    cost: float = 0.0
    feature: float = 0.0
    active: float = 0.0
    capacity: float = 0.0

    def without(self, part: Spent) -> Spent:
        """The rest of a window, of which this was the later part."""
        return Spent(
            self.cost - part.cost,
            self.feature - part.feature,
            self.active - part.active,
            self.capacity - part.capacity,
        )

    def displayed(self) -> tuple[float, float]:
        """Coordination and features, times what makes them fit into capacity."""
        work = self.cost + self.active
        scale = min(1.0, self.capacity / work) if work else 1.0
        return self.cost * scale, self.feature * scale


def spent_in(url: str, window: str) -> dict[str, Spent]:
    """What each stream team spent in a window."""

    def of(name: str) -> list[tuple[Labels, float]]:
        found = samples(url, f"friction_window_{name}_seconds")
        return [(at, value) for at, value in found if at["window"] == window]

    waits, active, capacity = of("wait"), of("active"), of("capacity")
    kinds = samples(url, "friction_team_info")
    return {
        team: Spent(
            coordination(waits, team, "central"),
            sum(v for at, v in active if (at["team"], at["work_class"]) == (team, F)),
            sum(v for at, v in active if at["team"] == team),
            sum(v for at, v in capacity if at["team"] == team),
        )
        for team in (at["team"] for at, _ in kinds if at["kind"] == "stream")
    }


def test_each_stretch_is_scaled_to_what_each_team_had_in_it(
    browser: Browser, service: str
) -> None:
    windows = [spent_in(service, window) for window in ("28d", "14d", "7d", "3d")]
    nothing = dict.fromkeys(windows[0], Spent())
    expected = [
        [one[team].without(later[team]).displayed() for team in one]
        for one, later in pairwise([*windows, nothing])
    ]
    with opened(browser) as watched:
        page = watched.open(service + "/")
        said = page.locator("#changed").inner_text()
        shown = [
            [
                values(page, f"#changed tbody tr:nth-child({n}) td:nth-child({of})")[0]
                for of in (2, 4)
            ]
            for n in range(1, 5)
        ]
    for numbers, teams in zip(shown, expected, strict=True):
        assert numbers == pytest.approx(
            [sum(column) for column in zip(*teams, strict=True)]
        )
    # Some team had more at once than people in some stretch.
    assert "stretches do not add up to the window" in said
