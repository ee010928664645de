"""Numbers for the page and a process that is told how it is."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx
from starlette.applications import Starlette

from monitor.adapters.prometheus.catalogue import CATALOGUE
from monitor.adapters.prometheus.exposition import Exposition
from monitor.adapters.prometheus.meters import Meters
from monitor.adapters.prometheus.metric import Size
from monitor.adapters.web.app import make_app
from monitor.domain.snapshot import (
    AskedRow,
    Bounds,
    Condition,
    Family,
    PageModel,
    PairRow,
    Snapshot,
    SourceRow,
    TeamRow,
    WaitRow,
)
from tests.unit.web.opening import TREND, Opened

NOON = 1_772_452_800_000  # Monday 2 March 2026, 12:00 UTC
MINUTE = 60_000

CHECKOUT = TeamRow(
    team="checkout",
    kind="stream",
    verdict="possible",
    ratio=Bounds(0.085106, 0.484043, 1.680851),
    coordination_seconds=Bounds(2_400.0, 13_650.0, 47_400.0),
    feature_seconds=28_200.0,
    share=0.326165,
    items=1,
    waits=(WaitRow("checkout", "platform", "ticket_blocked", 18_000.0),),
    unknown_share=0.125,
    unclassified_share=0.0,
    trend=TREND,
)
PLATFORM = TeamRow(
    team="platform",
    kind="platform",
    verdict="not compared",
    ratio=None,
    coordination_seconds=Bounds(0.0, 0.0, 0.0),
    feature_seconds=0.0,
    share=None,
    items=3,
    asked_seconds=45_000.0,
    capacity_share=0.125,
)
NUMBERS = PageModel(
    window="28d",
    now_ms=NOON,
    evaluated_at_ms=NOON - 5 * MINUTE,
    teams=(PLATFORM, CHECKOUT),
    top_waits=(WaitRow("checkout", "platform", "ci_queue", 36_000.0),),
    sources=(SourceRow("github", NOON - 90 * MINUTE, 12),),
    lag_records=1_234,
    organisation="Acme",
    organisation_ratio=Bounds(0.25, 0.471875, 1.25),
    directory_hash="0123456789ab",
    cost_model="1-0123abcd",
    gaps=("repo:acme/orphan",),
    notices=("These numbers are simulated.",),
    version="1.2.3",
    pairs=(PairRow("checkout", "platform", 54_000.0),),
    asked=(AskedRow("platform", 54_000.0, 14_400.0, 1),),
    trend=TREND,
    dead_letters=7,
)


# A list of pairs where a name comes in several lines.
Headers = Mapping[str, str] | list[tuple[str, str]]


@dataclass(frozen=True)
class Browser:
    """Asks an application without a server.

    Starlette's own client wants another library than the one locked here.
    """

    app: Starlette

    def get(self, path: str, headers: Headers | None = None) -> httpx.Response:
        return self.ask("GET", path, headers)

    def ask(
        self, method: str, path: str, headers: Headers | None = None
    ) -> httpx.Response:
        return asyncio.run(self._ask(method, path, headers))

    async def _ask(
        self, method: str, path: str, headers: Headers | None
    ) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://friction.example"
        ) as client:
            return await client.request(method, path, headers=headers)


@dataclass
class Told:
    """A source of everything that is shown, as the test tells it."""

    numbers: PageModel | None = NUMBERS
    state: Condition = field(default_factory=Condition)
    ledger: Opened = field(default_factory=Opened)
    present: Snapshot = field(
        default_factory=lambda: Snapshot(
            ready=True,
            evaluated_at_ms=NOON,
            business=(Family("friction_stale_items", ((("checkout",), 2.0),)),),
            health=(Family("friction_dead_letters", (((), 0.0),)),),
        )
    )

    def page(self) -> PageModel | None:
        return self.numbers

    def condition(self) -> Condition:
        return self.state

    def snapshot(self) -> Snapshot:
        return self.present

    def browser(self) -> Browser:
        """Asks the routes over this source."""
        meters = Meters(CATALOGUE, Size(teams=2))
        exposition = Exposition(self, meters, lambda: 0.0)
        return Browser(make_app(self, self, exposition, self.ledger))
