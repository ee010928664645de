"""A ledger as the test tells it: one team's page and one list of items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from monitor.domain.pages import (
    BadPosition,
    ItemRow,
    Listing,
    NoSuchTeam,
    OpenCount,
    OpenRow,
    OpenRows,
    PageHead,
    PartRow,
    Question,
    SegmentRow,
    ShownTogether,
    TeamPage,
)
from monitor.domain.snapshot import Bounds, TeamRow, TrendStep

NOON = 1_772_452_800_000  # Monday 2 March 2026, 12:00 UTC
HOUR = 3_600_000
DAY = 24 * HOUR
_STARTS = (28, 14, 7, 3, 0)


def _step(number: int, coordination: float, feature: float) -> TrendStep:
    start, end = (NOON - days * DAY for days in _STARTS[number : number + 2])
    bounds = Bounds(coordination / 2, coordination, 2 * coordination)
    ratio = Bounds(*(part / feature for part in bounds)) if feature else None
    working = float((end - start) // DAY * 8 * 3_600)
    return TrendStep(start, end, bounds, feature, ratio, working)


TREND = (
    replace(_step(0, 0.0, 0.0), working_seconds=0.0, known=False),
    _step(1, 50_400.0, 100_800.0),
    _step(2, 57_600.0, 28_800.0),
    _step(3, 21_600.0, 0.0),
)
HEAD = PageHead(NOON, NOON - 300_000, "28d", "Acme", version="1.2.3")
PARTS = (
    PartRow("active", "feature", "", 28_200.0),
    PartRow("ticket_blocked", "chronic", "platform", 17_100.0),
    PartRow("ci_queue", "acute", "platform", 600.0),
    PartRow("ticket_blocked", "acute", "platform", 900.0),
    PartRow("review_wait", "acute", "unknown", 450.0),
    PartRow("own_failure", "acute", "", 1_200.0),
    PartRow("unclassified", "", "", 300.0),
)
ASKED = (PartRow("incident", "response", "search", 5_400.0),)
SEGMENT = SegmentRow(
    "ticket_blocked",
    "acute",
    "platform",
    "CHK-1",
    "https://tracker.example/CHK-1",
    NOON - DAY,
    NOON - DAY + 900_000,
    1.0,
    900.0,
)
ITEM = ItemRow(
    "CHK-1",
    "https://tracker.example/CHK-1",
    900.0,
    (SEGMENT,),
    SEGMENT.start_ms,
    SEGMENT.end_ms,
    2,
)


NOTHING_OPEN = OpenRows(0, ())
# Since 1 January, 12:00; the page is of 2 March, 11:55.
OPEN = OpenRow(
    "review_wait",
    "platform",
    "OLD-1",
    "https://tracker.example/OLD-1",
    NOON - 60 * DAY,
    "stale",
)


@dataclass
class Opened:
    """Opens the numbers of these teams; continues lists at ``more`` only."""

    teams: tuple[str, ...] = ("checkout", "platform")
    ready: bool = True
    asked: list[Question] = field(default_factory=list)
    item: ItemRow = ITEM
    limited: bool = True
    open_now: OpenRows | None = NOTHING_OPEN
    parts: tuple[PartRow, ...] = PARTS
    open_waits: tuple[OpenCount, ...] = ()
    empty: bool = False
    together: Mapping[str, str] = field(default_factory=dict)
    formerly: Mapping[str, str] = field(default_factory=dict)

    def named(self, team: str) -> str:
        return self.formerly.get(team, team)

    def team(self, team: str) -> TeamPage | None:
        if team in self.together:
            raise ShownTogether(team, self.together[team])
        if team not in self.teams:
            raise NoSuchTeam(team)
        row = TeamRow(
            team=team,
            kind="stream",
            verdict="possible",
            ratio=Bounds(0.085106, 0.484043, 1.680851),
            coordination_seconds=Bounds(2_400.0, 13_650.0, 47_400.0),
            feature_seconds=28_200.0,
            share=0.326165,
            items=1,
            limits=(0.2, 0.95) if self.limited else None,
        )
        asked = ASKED if self.parts else ()
        waits = self.open_waits
        page = TeamPage(HEAD, row, self.parts, asked, TREND, waits, waits)
        return page if self.ready else None

    def listing(self, question: Question, after: str = "") -> Listing | None:
        if question.team not in self.teams:
            raise NoSuchTeam(question.team)
        if after not in {"", "more"}:
            raise BadPosition(after)
        self.asked.append(question)
        item = replace(self.item, seconds=17_100.0) if after else self.item
        parts = (PartRow("ticket_blocked", "acute", "platform", 18_000.0),)
        rest = "" if after else "more"
        found = Listing(HEAD, question, 18_000.0, parts, (item,), rest)
        found = replace(found, open_now=None if after else self.open_now)
        if self.empty:
            found = replace(found, total_seconds=0.0, parts=(), items=(), after="")
        return found if self.ready else None
