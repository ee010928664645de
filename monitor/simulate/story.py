"""Stories that are drawn for the world as a whole, not in the course of an hour."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from monitor.simulate.draft import Draft
from monitor.simulate.life import Life
from monitor.simulate.organisation import SimTeam

Recipe = Callable[[Draft], Life]


class Story(NamedTuple):
    """A story of a team, and when it begins, in milliseconds.

    What it names gets its numbers from ``number``: no other story has it.
    """

    start: int
    number: int
    team: SimTeam
    recipe: Recipe
