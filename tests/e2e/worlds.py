"""Simulated worlds that several tests look at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from monitor.simulate.settings import Simulation
from monitor.simulate.troubles.trouble_phases import FEWEST_DAYS, LOAD
from monitor.simulate.world import SimulatedWorld, simulate


def troubled(seed: int, **more: Any) -> SimulatedWorld:
    """A small troubled world, as short as it can be."""
    config = Simulation(
        teams=6, days=FEWEST_DAYS, load=LOAD, seed=seed, habits="troubled"
    )
    return simulate(replace(config, **more))
