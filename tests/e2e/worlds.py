"""Simulated worlds that several tests look at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from monitor.simulate.settings import Simulation
from monitor.simulate.troubles.trouble_phases import FEWEST_DAYS, LOAD
from monitor.simulate.world import SimulatedWorld, simulate

# Tests of one troubled world are one group: its records are read once for all of them.
TROUBLED = [pytest.mark.xdist_group(f"troubled-{seed}") for seed in (1, 2)]
TROUBLED_SEEDS = [
    pytest.param(seed, marks=group) for seed, group in enumerate(TROUBLED, start=1)
]


def troubled(seed: int, **more: Any) -> SimulatedWorld:
    """A small troubled world, as short as it can be."""
    config = Simulation(
        teams=6, days=FEWEST_DAYS, load=LOAD, seed=seed, habits="troubled"
    )
    return simulate(replace(config, **more))
