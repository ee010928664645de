"""Whose doing a failed run is, where that can be told at once (indicators 1.3).

The foreign-cause rule, first match wins: a cause the event states; the result
class `error`, which is the pipeline owner's. What none of them names is settled by
what happens afterwards (``failures``): flaky, or the team's own.
"""

from __future__ import annotations

from typing import Final

from monitor.domain.facts import Fact
from monitor.domain.teams import Directory, team_at
from monitor.indicators.owners import pipeline_owner

# Something broke that is none of the commit's: a runner, the set-up of a pipeline.
_BROKEN: Final = "error"


def stated_causes(fact: Fact, directory: Directory) -> tuple[str, ...]:
    """The teams that the event itself names as the cause."""
    return tuple(directory.named(name) for name in fact.fields.get("cause_teams", ()))


def inferred_causes(fact: Fact, directory: Directory) -> tuple[str, ...]:
    """The teams that follow from how the run failed; none where nothing does.

    The pipeline's owner is that of the failure's instant: whose pipeline it becomes
    later did not break it.
    """
    if fact.fields.get("outcome") == _BROKEN:
        return (team_at(pipeline_owner((fact,), directory), fact.time),)
    return ()
