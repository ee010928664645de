"""Who did what tells no more than that somebody did something to a thing.

Times may be whole seconds, and a person and a robot, or people of two teams, may touch
a thing in the same one.
"""

from __future__ import annotations

from typing import Final

from monitor.domain.facts import Fields, Kind, People

# Kinds that tell no more than that somebody did something to the thing.
TOUCHED: Final = frozenset({Kind.TICKET_UPDATED, Kind.TICKET_COMMENTED})


def who_touched(fields: Fields, people: People) -> str:
    """Who did it, as a part of its identity: a person, any program, or a team."""
    if "actor" in people:
        return people["actor"]
    if fields.get("automation"):
        return "a program"
    return "|".join(fields.get("by_teams", ()))
