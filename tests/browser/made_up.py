"""An organisation made up to be hard on the pages: hostile names, many teams."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle
from typing import Final

from monitor.adapters.prometheus.catalogue import CATALOGUE
from monitor.adapters.prometheus.exposition import Exposition
from monitor.adapters.prometheus.meters import Meters
from monitor.adapters.prometheus.metric import Size
from monitor.adapters.web.app import make_app
from monitor.adapters.web.server import WebServer
from monitor.domain.pages import OpenCount, OpenRows
from monitor.domain.snapshot import AskedRow, PageModel, PairRow, WaitRow
from monitor.indicators.explaining.open_now import Effect
from tests.unit.web.opening import ITEM, OPEN, SEGMENT, TREND, Opened
from tests.unit.web.showing import CHECKOUT, NUMBERS, PLATFORM, Told

HOSTILE: Final = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "</style></title><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "https://evil.example/x",
    "//evil.example",
    "../../metrics",
    "..",
    "a/b?c#d%2Fe",
    "unbreakable" * 12,
)
_MANY: Final = tuple(f"team {number:02}" for number in range(6))
TEAMS: Final = (*HOSTILE, "checkout", "platform", "search", *_MANY)


def page_of_many() -> PageModel:
    """``/`` with all of these teams, each waiting on some others."""
    pairs = [
        (team, TEAMS[(number * step) % len(TEAMS)], float(3_600 * (number + step)))
        for number, team in enumerate(TEAMS)
        for step in (2, 5, 11)
    ]
    waits = [WaitRow(team, on, "ticket_blocked", s) for team, on, s in pairs]
    rows = [
        replace(
            PLATFORM if team == "platform" else CHECKOUT,
            team=team,
            waits=tuple(wait for wait in waits if wait.team == team),
            trend=tuple(replace(step, scaled=True) for step in TREND),
            payroll_scale=0.5,
            measured_feature_seconds=57_600.0,
        )
        for team in TEAMS
    ]
    return replace(
        NUMBERS,
        teams=tuple(rows),
        top_waits=tuple(waits[:15]),
        pairs=tuple(PairRow(*pair) for pair in pairs),
        asked=tuple(AskedRow(team, 7_200.0, 3_600.0, 2) for team in TEAMS[:15]),
        gaps=HOSTILE,
        organisation=HOSTILE[0],
        notices=(HOSTILE[1],),
    )


def hostile_ledger() -> Opened:
    """All teams, with items whose titles and addresses are hostile."""
    segments = tuple(
        replace(SEGMENT, entity=text, url=text, phase=text, on_team=text)
        for text in HOSTILE
    )
    item = replace(ITEM, item=HOSTILE[1], url="javascript:alert(1)", segments=segments)
    rows = tuple(
        replace(OPEN, item=text, url=text, on_team=text, effect=effect)
        for text, effect in zip(HOSTILE, cycle(Effect), strict=False)
    )
    counts = tuple(OpenCount("review_wait", text, 1_234) for text in HOSTILE)
    return Opened(
        teams=TEAMS, item=item, open_now=OpenRows(1_234, rows), open_waits=counts
    )


@contextmanager
def served(told: Told) -> Iterator[str]:
    """The pages of this source on a free port; gives their address."""
    exposition = Exposition(told, Meters(CATALOGUE, Size(teams=50)), lambda: 0.0)
    server = WebServer(make_app(told, told, exposition, told.ledger), "127.0.0.1", 0)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()
