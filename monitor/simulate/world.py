"""A simulated world: its records in arrival order, its teams file, and what is true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from monitor.domain.outcomes import Record
from monitor.simulate.arrival import arrivals
from monitor.simulate.organisation import SimOrganisation, make_organisation
from monitor.simulate.plan import stories
from monitor.simulate.records import partition_of, sent
from monitor.simulate.settings import Simulation
from monitor.simulate.teams_text import teams_yaml
from monitor.simulate.truth import true_signals
from monitor.simulate.truth.costs import Entry
from monitor.simulate.truth.costs import entries as true_entries
from monitor.simulate.truth.true_days import ItemTruth, history_of
from monitor.simulate.truth.true_signals import TrueStanding


@dataclass(frozen=True)
class SimulatedWorld:
    """One world. Records and what is true are drawn anew at each call, and equal."""

    config: Simulation

    @cached_property
    def organisation(self) -> SimOrganisation:
        """The teams, and what they own."""
        return make_organisation(self.config)

    @property
    def teams_yaml(self) -> str:
        """The organisation as the product reads it."""
        return teams_yaml(self.organisation)

    def records(self) -> Iterator[Record]:
        """Every record, in order of arrival; offsets count up in each partition."""
        offsets: defaultdict[tuple[str, int], int] = defaultdict(int)
        told = stories(self.config, self.organisation)
        for arrival in arrivals(told, self.config, self._twins):
            content = sent(arrival.moment, arrival.delivery, arrival.hook)
            number = arrival.number
            partition = partition_of(content.key, number, self.config.partitions)
            place = (content.topic, partition)
            headers = tuple(
                (name, value.encode()) for name, value in content.headers.items()
            )
            key = content.key.encode() or None
            yield Record(
                *place, offsets[place], arrival.time, key, headers, content.value
            )
            offsets[place] += 1

    @property
    def _twins(self) -> frozenset[str]:
        """The repositories whose events an organisation's hook tells too."""
        return frozenset(
            repo
            for team in self.organisation.teams
            if team.twins
            for repo in team.repos
        )

    def ledger(self) -> Iterator[Entry]:
        """What is true, item by item, clipped at ``until_ms``."""
        for told in self.truths():
            yield from told.entries

    def signals(self) -> Iterator[TrueStanding]:
        """The seven signals as they truly stand after each whole day, day by day."""
        history = history_of(self.truths(), self.organisation)
        return true_signals.signals_by_day(history, self.config.until_ms)

    def truths(self, until: int | None = None) -> Iterator[ItemTruth]:
        """What is true of each item as known at an instant; absent: ``until_ms``."""
        at = self.config.until_ms if until is None else until
        calendars = {team.id: team.calendar for team in self.organisation.teams}
        for _, lives in stories(self.config, self.organisation):
            for life in lives:
                costs = life.stretches or life.outage is not None
                entries = true_entries(life, calendars, at) if costs else ()
                yield ItemTruth(entries, life.notes_at(at))


def simulate(config: Simulation) -> SimulatedWorld:
    """The world of a configuration: equal configurations, equal worlds."""
    return SimulatedWorld(config)
