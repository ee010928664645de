"""The worlds of drawn histories, and the history of one item being drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.harness.plain_calendar import PlainCalendar, instant, text_of
from tests.harness.plain_events import PlainTeam, PlainWorld

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
Body = dict[str, Any]

ONE_ZONE = PlainWorld(
    teams={
        "checkout": PlainTeam("stream", 4),
        "search": PlainTeam("stream", 1),
        "platform": PlainTeam("platform", 5),
    },
    services={"checkout-api": "checkout", "search-api": "search"},
    rate=100,
)
THREE_ZONES = PlainWorld(
    teams={
        "checkout": PlainTeam(
            "stream",
            3,
            # Easter, in which the shortest window fits.
            PlainCalendar("Europe/Berlin", holidays=("2026-04-03", "2026-04-06")),
            absence=15,
        ),
        "search": PlainTeam(
            "stream",
            None,
            PlainCalendar("America/New_York", opens="08:30", closes="17:00"),
        ),
        "platform": PlainTeam(
            "platform",
            6.5,
            PlainCalendar(
                "Asia/Kolkata",
                ("mon", "tue", "wed", "thu", "fri", "sat"),
                "10:00",
                "18:15",
                ("2026-03-30",),
            ),
        ),
        "data": PlainTeam("subsystem", 2, absence=0),
    },
    services={"checkout-api": "checkout", "search-api": "search"},
    rate=80,
    budget=0.25,
)
WORLDS = (ONE_ZONE, THREE_ZONES)
# A Thursday before the European change of clocks, in New York's summer time.
BASE = instant("2026-03-26T00:00:00Z")
GAPS = (
    *(0, 0, MINUTE, 10 * MINUTE, 15 * MINUTE, 20 * MINUTE, HOUR, HOUR, 3 * HOUR),
    *(7 * HOUR, 16 * HOUR, DAY, 2 * DAY, 5 * DAY, 9 * DAY, 20 * DAY),
)


@dataclass
class Draft:
    """The history of one item as it is being drawn; ``now`` only moves on.

    Of one that ``is_machine`` no human ever says a word.
    """

    draw: DrawFn
    world: PlainWorld
    key: str
    others: tuple[str, ...]
    now: int
    events: list[Body] = field(default_factory=list)
    mode: str = "never"
    owner: str = ""
    receiver: str = ""
    is_machine: bool = False
    holders: int = 0
    changes: dict[str, str] = field(default_factory=dict)
    runs: list[Body] = field(default_factory=list)
    deploys: list[str] = field(default_factory=list)

    def team(self) -> str:
        """Any team, sometimes one the directory does not know."""
        names = [*self.world.teams, *self.world.teams, "external", "nobody"]
        return self.draw(st.sampled_from(names))

    def known(self) -> str:
        """A team of the directory."""
        return self.draw(st.sampled_from(sorted(self.world.teams)))

    def chance(self, percent: int) -> bool:
        """Happens in so many of a hundred cases."""
        return self.draw(st.integers(1, 100)) <= percent

    def say(self, kind: str, entity: str | None = None, **fields: Any) -> None:
        """Add one event at the present instant."""
        body = {
            "schema": "friction.event.v1",
            "id": f"{self.key}-{len(self.events)}",
            "source": "tracker.example",
            "kind": kind,
            "time": text_of(self.now),
            "entity": entity or self.key,
        }
        given = {name: value for name, value in fields.items() if value is not None}
        if self.is_machine:
            given["automation"] = True
        self.events.append(body | given)

    def pass_time(self, least: int = 0) -> None:
        """Move on by a drawn gap, nights and weekends included."""
        self.now += max(least, self.draw(st.sampled_from(GAPS)))


Step = Callable[[Draft], None]
