"""What a simulated world is made from: size, span, seed, and how disorderly it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final, Literal

from monitor.domain.working_time import DAY, to_ms
from monitor.simulate.bodies.jira_things import Site, Ways

# A fixed end makes the default world the same wherever and whenever it is made.
DEFAULT_END: Final = to_ms(dt.datetime(2026, 3, 27, 12, tzinfo=dt.UTC))
# Whether a platform that nobody looks after makes itself felt for a while.
Habits = Literal["usual", "troubled"]


@dataclass(frozen=True, slots=True)
class Disorder:
    """How records arrive. None of it changes what is true.

    ``jitter_seconds`` bounds the usual delay, so neighbours swap places;
    ``late_share`` of the records arrive up to ``late_days`` late; ``repeated_share``
    are written to the topic twice, ``redelivered_share`` are sent again by the
    provider under a new delivery id; ``twin_share`` is the share of teams whose
    repositories' events also come through an organisation's hook.
    """

    jitter_seconds: int = 20
    late_share: float = 0.01
    late_days: float = 2.0
    repeated_share: float = 0.01
    redelivered_share: float = 0.01
    twin_share: float = 0.1


ORDERLY: Final = Disorder(0, 0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Simulation:
    """One world. Equal values give equal records and an equal ledger.

    ``until_ms`` is the last instant anything happens (milliseconds UTC); the world
    starts ``days`` before it. ``complete`` false drops ``lost_share`` of the
    records, to measure what incompleteness costs; the ledger stays the true one.
    ``load`` is how many items one engineer starts on a working day. ``jira_share`` is
    the share, among the teams whose tickets are no GitHub issues, of those that use
    Jira; ``jira_site`` says whose bodies their one site writes. Of ``jira_ways`` all
    ones are sub-tasks, moves, components of another project's team, deletions, bursts
    of automation and statuses that wait for a team, which the product is to be told.
    Of ``habits`` troubled ones turn each of the seven signals on, and off again: see
    ``trouble_phases``, also for the days that takes.
    """

    teams: int = 12
    days: int = 60
    seed: int = 1
    until_ms: int = DEFAULT_END
    complete: bool = True
    lost_share: float = 0.02
    load: float = 0.18
    partitions: int = 3
    jira_share: float = 0.5
    jira_site: Site = "cloud"
    jira_ways: Ways = "usual"
    habits: Habits = "usual"
    disorder: Disorder = field(default_factory=Disorder)

    @property
    def from_ms(self) -> int:
        """The first instant of the world."""
        return self.until_ms - self.days * DAY
