"""Whose doing a failed run is, where that can be told at once (indicators 1.3).

The foreign-cause rule, first match wins: a cause the event states; the default branch
was already red on that job, by another owner's commit; the result class `error`, which
is the pipeline owner's. What none of them names is settled by what happens afterwards
(``failures``): flaky, or the team's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from monitor.domain.facts import Fact
from monitor.domain.items import FOREVER, ItemFacts, Red
from monitor.domain.jobs import is_red, job_of
from monitor.domain.teams import UNKNOWN, Directory, team_at
from monitor.domain.working_time import WORKING_DAY, CalendarAt
from monitor.indicators.waits.intervals import capped
from monitor.indicators.waits.run_owners import OwnerOf

# A branch that has been red for longer explains nothing: nobody needs the job green.
RED_CAP: Final = 10 * WORKING_DAY
# Something broke that is none of the commit's: a runner, the set-up of a pipeline.
_BROKEN: Final = "error"

Teams = tuple[str, ...]
ChargedAt = Callable[[int], str]


def stated_causes(fact: Fact, directory: Directory) -> Teams:
    """The teams that the event itself names as the cause."""
    return tuple(directory.named(name) for name in fact.fields.get("cause_teams", ()))


def inferred_causes(
    item: ItemFacts,
    fact: Fact,
    charged: ChargedAt,
    calendar: CalendarAt,
    owner: OwnerOf,
) -> Teams:
    """The teams that follow from what else is known; none where nothing does."""
    return _red_by(item, fact, charged, calendar) or _broken_by(fact, owner)


def reds_of(
    facts: Iterable[Fact], charged: ChargedAt, directory: Directory, owner: OwnerOf
) -> tuple[Red, ...]:
    """Where a run failed on the default branch, and by whose doing.

    By a stated cause, else by the pipeline's owner where it broke, else by whoever
    owned the commit: the owner of the run's item then.
    """
    found: list[Red] = []
    for fact in facts:
        if is_red(fact):
            told = stated_causes(fact, directory) or _broken_by(fact, owner)
            teams = sorted({*(told or (charged(fact.time),))})
            found.append(Red(fact.time, tuple(teams)))
    return tuple(found)


def _red_by(
    item: ItemFacts, fact: Fact, charged: ChargedAt, calendar: CalendarAt
) -> Teams:
    """Who had turned the default branch red; none if nobody known, or one's own team.

    Long ago is none, either: ten working days of the team charged then.
    """
    job = job_of(fact)
    if job is None or not item.reds:
        return ()
    since = item.reds.get((fact.entity, fact.time, job))
    profile = item.blockers.get(since.entity) if since is not None else None
    if since is None or profile is None:
        return ()
    teams = next((red.teams for red in profile.reds if red.time == since.time), ())
    if {charged(fact.time), UNKNOWN}.issuperset(teams):
        return ()
    limit = capped(since.time, FOREVER, calendar(since.time), RED_CAP)
    return teams if fact.time < limit else ()


def _broken_by(fact: Fact, owner: OwnerOf) -> Teams:
    """The pipeline's owner, if the run broke instead of failing.

    As of that instant: whose pipeline it becomes later did not break it.
    """
    if fact.fields.get("outcome") != _BROKEN:
        return ()
    return (team_at(owner((fact,)), fact.time),)
