"""The committed boards as Grafana would use them: panels, and what they ask.

Variables are replaced as Grafana's Prometheus data source does: one value stands by
itself, several as ``(a|b)``, each quoted for a pattern; All is the variable's own
``.+``.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.harness.reference_data import REPOSITORY

FOLDER = REPOSITORY / "grafana" / "dashboards"
PLATFORM_PM = FOLDER / "friction-platform-pm.json"

# The width in pixels of half a screen: how many points a graph asks for.
_POINTS = 720
# As in grafana/provisioning/datasources.
SCRAPE_SECONDS = 60
_SPANS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
# What Grafana rounds an interval to, near those of a month.
_STEPS = (300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400)

ALL = None


@dataclass(frozen=True)
class Target:
    """One question of a panel. ``shortest`` is the panel's least step in seconds."""

    panel: int
    title: str
    ref: str
    expr: str
    table: bool
    instant: bool
    shortest: int

    def __str__(self) -> str:
        """Name it in a test's name."""
        return f"{self.panel}-{self.ref}"

    def step(self, span: int) -> int:
        """The step in seconds over a range of so many seconds."""
        wanted = span / _POINTS
        rounded = next(step for step in _STEPS if step >= wanted)
        return max(rounded, self.shortest, SCRAPE_SECONDS)

    def expanded(self, teams: Sequence[str] | None, span: int) -> str:
        """The expression without variables, for these teams (``ALL``) and range."""
        step = self.step(span)
        values = {
            "team": ".+" if teams is ALL else _chosen(teams),
            "__range": f"{span}s",
            "__rate_interval": f"{max(step + SCRAPE_SECONDS, 4 * SCRAPE_SECONDS)}s",
        }
        return re.sub(r"\$(\w+)", lambda found: values[found[1]], self.expr)


def read(path: Any = PLATFORM_PM) -> dict[str, Any]:
    """Return a committed board."""
    board: dict[str, Any] = json.loads(path.read_text())
    return board


def panels(board: dict[str, Any]) -> list[dict[str, Any]]:
    """Return its panels without the rows."""
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def targets(board: dict[str, Any]) -> Iterator[Target]:
    """Give every question of every panel."""
    for panel in panels(board):
        for target in panel.get("targets", ()):
            yield Target(
                panel["id"],
                panel["title"],
                target["refId"],
                target["expr"],
                target["format"] == "table",
                target.get("instant", False),
                _seconds(panel.get("interval", "0s")),
            )


def _seconds(text: str) -> int:
    return int(text[:-1]) * _SPANS[text[-1]]


def _chosen(teams: Sequence[str]) -> str:
    quoted = [_quoted(team) for team in teams]
    return quoted[0] if len(quoted) == 1 else f"({'|'.join(quoted)})"


def _quoted(value: str) -> str:
    """Quote a value for a pattern inside a string of PromQL."""
    doubled = value.replace("\\", "\\\\\\\\")
    return re.sub(r"[$^*{}\[\]'+?.()|]", lambda found: f"\\\\{found[0]}", doubled)


def defaults(panel: dict[str, Any]) -> dict[str, Any]:
    """How all values of a panel look."""
    found: dict[str, Any] = panel.get("fieldConfig", {}).get("defaults", {})
    return found


def overrides(panel: dict[str, Any]) -> list[dict[str, Any]]:
    """Which values look otherwise, and how."""
    listed: list[dict[str, Any]] = panel.get("fieldConfig", {}).get("overrides", [])
    return listed


def properties(panel: dict[str, Any]) -> list[dict[str, Any]]:
    """How some values look otherwise."""
    return [p for part in overrides(panel) for p in part["properties"]]
