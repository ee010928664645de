"""A pipeline with something in nearly every family, and what serves its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.adapters.prometheus.books_ledger import BooksLedger
from monitor.adapters.prometheus.books_snapshots import BooksSnapshots
from monitor.adapters.prometheus.catalogue import CATALOGUE
from monitor.adapters.prometheus.exposition import Exposition
from monitor.adapters.prometheus.meters import Meters
from monitor.adapters.prometheus.metric import Size
from monitor.adapters.prometheus.shown_teams import ShownTeams
from monitor.bootstrap_refreshing import jobs_of
from monitor.decode.recognise import SOURCES
from monitor.domain.snapshot import Family
from monitor.pipeline.showing.refreshing import Refresher
from tests.unit.pipeline.running import HOUR, MONDAY, Process, event

BEYOND = 17
_MANY = [f"counterpart-{number:02}" for number in range(BEYOND)]
_FORMAL = """
version: 1
organisation:
  name: Acme
  engineer_cost_per_hour: 100
  platform: {pms: 1}
teams:
  - {id: checkout, headcount: 4, domain: shop}
  - {id: search, headcount: 3, domain: shop}
  - {id: platform, kind: platform, headcount: 5}
  - {id: tiny, headcount: 2, domain: shop}
"""
TEAMS = _FORMAL + "".join(f"  - {{id: {name}}}\n" for name in _MANY)
# Monday 23 March: three weeks after what nobody touched since, and so is stale.
_BASE = 3 * 7 * 24
_REVIEW = {"item": "CHK-1", "on_team": "search"}
_SHARED = {"item": "SRCH-2", "pipeline": "build", "cause_team": "platform"}
_SEARCH = {"team": "search", "service": "find", "shas": ["merge"]}
_OWN = {"item": "SRCH-2", "pipeline": "lint", "cause_team": "search"}


def on_monday(kind: str, hours: float, entity: str, **fields: Any) -> dict[str, Any]:
    """A native event so many hours after the last Monday, 09:00."""
    return event(kind, _BASE + hours, entity, **fields)


EVENTS = (
    event("ticket.started", 0, "OLD-1", team="search", work_class="feature"),
    event("ticket.blocked", 1, "OLD-1", on_team="platform"),
    on_monday("ticket.started", 0, "CHK-1", team="checkout", work_class="feature"),
    on_monday("ticket.blocked", 1, "CHK-1", on_team="platform"),
    on_monday("ticket.unblocked", 4, "CHK-1", on_team="platform"),
    on_monday("change.review_requested", 5, "PR-7", **_REVIEW),
    on_monday("run.started", 5.5, "run-1", item="CHK-1", on_team="platform"),
    on_monday("run.queued", 6, "run-1", item="CHK-1", on_team="platform"),
    on_monday("ticket.started", 0, "SRCH-2", team="search", work_class="feature"),
    on_monday("run.finished", 1, "run-2", outcome="failure", **_SHARED),
    on_monday("run.finished", 2, "run-3", outcome="success", **_SHARED),
    on_monday("run.finished", 3, "run-4", outcome="failure", **_OWN),
    on_monday("run.finished", 3.5, "run-5", outcome="success", **_OWN),
    on_monday("ticket.started", 0, "T-1", team="tiny"),
    on_monday("ticket.blocked", 1, "T-1", on_team="platform"),
    on_monday("ticket.started", 0, "HAND-1", team="checkout"),
    on_monday("ticket.assigned", 1, "HAND-1", to_team="search"),
    on_monday("ticket.accepted", 2, "HAND-1", team="search"),
    on_monday("ticket.assigned", 2.5, "HAND-1", to_team="checkout"),
    on_monday("ticket.accepted", 3, "HAND-1", team="checkout"),
    on_monday("ticket.started", 0, "PLT-4", team="platform", work_class="request"),
    on_monday("link.added", 1, "CHK-1", blocker="PLT-4"),
    on_monday("ticket.created", 0, "PLT-9", team="platform"),
    on_monday("ticket.done", 5, "SRCH-2"),
    on_monday("ticket.requested", 1, "PLT-5", team="platform", requester_team="search"),
    on_monday("ticket.done", 2, "PLT-5"),
    on_monday("change.opened", 0, "PR-8", team="search", sha="head"),
    on_monday("change.merged", 1, "PR-8", sha="merge"),
    on_monday(
        "deploy.finished", 2, "D-1", outcome="failure", **_SEARCH, unplanned=True
    ),
    on_monday("deploy.finished", 3, "D-2", outcome="success", **_SEARCH),
    # Of the last whole day, so that a signal has a ratio.
    on_monday("finding.opened", -24, "F-1", team="search", **{"class": "CWE-79"}),
)
MANY = tuple(
    found
    for number, name in enumerate(_MANY)
    for found in (
        on_monday("ticket.started", 0, f"MANY-{number}", team="checkout"),
        on_monday("ticket.blocked", 1, f"MANY-{number}", on_team=name),
    )
)
# Told late: CHK-1 was unblocked two hours before, and MANY-1 never was blocked.
CORRECTIONS = (
    on_monday("ticket.unblocked", 2, "CHK-1", on_team="platform"),
    on_monday("ticket.cancelled", 0.5, "MANY-1"),
)
HOSTILE = (
    b"no event",
    {**on_monday("ticket.started", 0, "X-1"), "kind": 'a "kind"\n'},
    {**on_monday("ticket.started", 0, "X-2", team="checkout"), "mood": "bad"},
)


@dataclass
class Serving:
    """A process over memory whose meters, snapshots and scrapes are those of `run`."""

    process: Process = field(default_factory=lambda: Process(teams=TEAMS))
    meters: Meters = field(
        default_factory=lambda: Meters(CATALOGUE, Size(teams=25, topics=1), SOURCES)
    )
    notices: tuple[str, ...] = ()
    snapshots: BooksSnapshots = field(init=False)
    ledger: BooksLedger = field(init=False)
    exposition: Exposition = field(init=False)
    refresher: Refresher = field(init=False)

    def __post_init__(self) -> None:
        self.process.clock.ms = MONDAY + (_BASE + 8) * HOUR
        runner, clock = self.process.runner, self.process.clock
        runner.watch.meter = self.meters
        teams = ShownTeams(runner.books, runner.directory)
        self.snapshots = BooksSnapshots(runner, clock, teams, "1.2.3", self.notices)
        reader, jobs = self.snapshots.reader, jobs_of(runner, teams)
        self.refresher = Refresher(runner, reader, jobs, 30, lambda _: False)
        self.snapshots.refreshed = self.refresher.latest
        self.ledger = BooksLedger(
            runner,
            clock,
            teams,
            "1.2.3",
            self.notices,
            refreshed=self.refresher.latest,
        )
        self.exposition = Exposition(self.snapshots, self.meters, clock.monotonic)

    def send(self, *bodies: bytes | Mapping[str, Any]) -> None:
        """Append records; a live process reads them with its next turn."""
        self.process.send(*bodies)
        if self.process.runner.watch.ready:
            self.process.runner.turn()

    def caught_up(self) -> None:
        """Read everything; then what refreshes the page beside works once.

        Where it never did, whoever asks for a page waits for it.
        """
        self.process.caught_up()
        self.refresher.step()

    def shown(self) -> dict[str, Family]:
        """Every family of the present snapshot."""
        snapshot = self.snapshots.snapshot()
        return {one.name: one for one in (*snapshot.business, *snapshot.health)}

    def scrape(self, accept: str = "") -> str:
        """What a scraper reads."""
        return self.exposition.scrape(accept, "").body.decode()


def busy() -> Serving:
    """Caught up with every kind of event, seen once, and corrected since."""
    serving = Serving()
    serving.send(*EVENTS, *MANY, *HOSTILE)
    serving.process.caught_up()
    serving.scrape()
    serving.send(*CORRECTIONS)
    serving.refresher.step()
    return serving
