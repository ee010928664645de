"""Measured beside true, over several worlds: how far off, and what it would say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from statistics import mean, median
from typing import Final, NamedTuple

from monitor.domain.outcomes import Record
from monitor.domain.teams import Directory
from monitor.simulate.settings import ORDERLY, Simulation
from monitor.simulate.world import SimulatedWorld, simulate
from tests.accuracy.damage import Damage
from tests.accuracy.figures import Figures, Measured, Measuring, true_figures
from tests.harness.driving import directory_of

# Words that decline to compare.
_DECLINED: Final = frozenset({"too few items", "withheld", "no feature work"})


class Outcome(NamedTuple):
    """By stream team: what is true, what is measured undamaged, and damaged.

    ``facts`` are the distinct facts of all records, ``facts_left`` those of the rest.
    """

    true: Mapping[str, Figures]
    undamaged: Mapping[str, Measured]
    damaged: Mapping[str, Measured]
    facts: int
    facts_left: int


class Sample:
    """One world, what is true of it, and what is measured of it when undamaged.

    Each record arrives once and at once: so a lost one is lost. With ``hooks`` two,
    every repository has an organisation's hook beside its own.
    """

    def __init__(self, teams: int, days: int, seed: int, hooks: int = 1) -> None:
        """Draw the world and measure it undamaged."""
        disorder = replace(ORDERLY, twin_share=1.0) if hooks > 1 else ORDERLY
        config = Simulation(teams=teams, days=days, seed=seed, disorder=disorder)
        self.world: SimulatedWorld = simulate(config)
        self.records: list[Record] = list(self.world.records())
        self.directory: Directory = directory_of(self.world.teams_yaml)
        ledger = self.world.ledger()
        self.true = true_figures(ledger, self.directory, config.until_ms)
        measuring = self._measuring
        self.undamaged = measuring.read(self.records)
        self.facts = measuring.batch.counts["facts"]
        if figures_of(self.undamaged) != self.true:
            raise AssertionError("measured is not true on complete records")

    @property
    def _measuring(self) -> Measuring:
        return Measuring(self.directory, self.world.config.until_ms)

    @property
    def whole(self) -> Outcome:
        """Nothing is damaged."""
        kept = self.undamaged
        return Outcome(self.true, kept, kept, self.facts, self.facts)

    def under(self, damage: Damage, share: float) -> Outcome:
        """What is measured after the damage.

        What arrives later must make it what it was, to the last fraction.
        """
        config, measuring = self.world.config, self._measuring
        damaged = damage(self.records, share, config.seed, config.until_ms)
        found = measuring.read(damaged.arrived)
        left = measuring.batch.counts["facts"]
        if damaged.later and measuring.read(damaged.later) != self.undamaged:
            raise AssertionError("after the last arrival it is not what it was")
        if measuring.batch.counts["rejected"]:
            raise AssertionError("a damaged record is rejected")
        return Outcome(self.true, self.undamaged, found, self.facts, left)


def figures_of(measured: Mapping[str, Measured]) -> dict[str, Figures]:
    """The figures alone."""
    return {team: one.figures for team, one in measured.items()}


class Compared(NamedTuple):
    """Changes as fractions of what is true: 0.05 is five percent too much.

    ``figures`` are C lower, central and upper, and F of all stream teams of all
    worlds; ``ratio`` is R of them, ``ratios`` R's least and greatest change in one
    world; ``median`` and ``worst`` are over the teams' absolute errors of R. Of
    ``teams`` verdicts ``changed`` have another word, ``declined`` of them one that
    declines to compare; ``inside`` counts the teams whose true R lies between the
    measured bounds of R; ``missing`` is the share of facts that no record that is
    left tells; ``unknown`` is the mean share of waits on `unknown`.
    """

    figures: tuple[float, float, float, float]
    ratio: float
    ratios: tuple[float, float]
    median: float
    worst: float
    teams: int
    changed: int
    declined: int
    inside: int
    missing: float
    unknown: float


def compared(outcomes: Sequence[Outcome]) -> Compared:
    """What is measured of each world, beside what is true of it."""
    wholes = [(_sum(one.true), _sum(figures_of(one.damaged))) for one in outcomes]
    true, measured = _all([t for t, _ in wholes]), _all([m for _, m in wholes])
    by_world = [_change(t.ratio, m.ratio) for t, m in wholes]
    teams = [(one, team) for one in outcomes for team in one.true]
    errors = [
        abs(_change(one.true[team].ratio, one.damaged[team].figures.ratio))
        for one, team in teams
        if one.true[team].ratio
    ]
    changed = [
        one.damaged[team].verdict
        for one, team in teams
        if one.damaged[team].verdict != one.undamaged[team].verdict
    ]
    lower, central, upper, feature = map(_change, true, measured)
    return Compared(
        figures=(lower, central, upper, feature),
        ratio=_change(true.ratio, measured.ratio),
        ratios=(min(by_world), max(by_world)),
        median=median(errors) if errors else 0.0,
        worst=max(errors, default=0.0),
        teams=len(teams),
        changed=len(changed),
        declined=sum(word in _DECLINED for word in changed),
        inside=sum(_is_inside(one.true[t], one.damaged[t].figures) for one, t in teams),
        missing=1 - mean(one.facts_left / one.facts for one in outcomes),
        unknown=mean(float(one.damaged[team].unknown) for one, team in teams),
    )


def _is_inside(true: Figures, measured: Figures) -> bool:
    """Whether the bounds of what is measured hold what is true; of no R, no R."""
    if not measured.feature or true.ratio is None:
        return measured.feature == true.feature
    return measured.lower <= true.ratio * measured.feature <= measured.upper


def _sum(teams: Mapping[str, Figures]) -> Figures:
    return _all(list(teams.values()))


def _all(several: Sequence[Figures]) -> Figures:
    whole = Figures()
    for one in several:
        whole = whole.plus(one)
    return whole


def _change(true: Fraction | None, measured: Fraction | None) -> float:
    """The relative change; a ratio that is not there any more counts as gone."""
    return float((measured or 0) / true) - 1 if true else 0.0
