"""What facts say of deploys and freezes: results, lanes, and what may hold up what.

A lane is a service in an environment: deploys follow each other in it. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from monitor.domain.facts import FAILED, Fact, Kind
from monitor.domain.items import FOREVER, EntityType, Turn, entity_type
from monitor.domain.refused_deploys import without_refused
from monitor.domain.repositories import (
    Repository,
    apart,
    repository_of,
    repository_of_word,
)
from monitor.domain.working_time import DAY

_RESULTS: Final = frozenset({Kind.DEPLOY_FINISHED, Kind.DEPLOY_ROLLED_BACK})
_BEGUN: Final = _RESULTS | {Kind.DEPLOY_STARTED}
# A deploy of a tip brings what was merged in so long before it: of what is older nobody
# knows what brought it first.
CONTAINED: Final = 90 * DAY
# In which order the ends of one instant come.
_FAILED, _SUCCEEDED, ROLLED_BACK = range(3)
# A service, or the repository where none is said; and an environment.
LaneName = tuple[str, str]
_REPO: Final = "repo:"


class Waiting(NamedTuple):
    """A deploy that may wait for freezes from when it was ready until it began."""

    ready: int
    begun: int
    services: tuple[str, ...]


class Ended(NamedTuple):
    """How a deploy ended: well, or not, and then because of whom by its latest word.

    ``over`` is when the deploy was rolled back, from when on its failure does no more
    harm. A deploy that is rolled back has failed, from when it ``seemed`` to succeed.
    ``artifact`` is what was deployed, of a state in which a deploy was its service.
    """

    time: int
    is_success: bool
    causes: tuple[str, ...] = ()
    over: int | None = None
    seemed: bool = False
    artifact: str = ""


class Frozen(NamedTuple):
    """What a freeze can hold up: until its end; no services stand for all."""

    start: int
    end: int
    services: tuple[str, ...]

    def may_hold(self, deploy: Waiting) -> bool:
        """Whether deploy and freeze meet in time, and in a service if any is named."""
        if self.start > deploy.begun or deploy.ready > self.end:
            return False
        return not self.services or not set(self.services).isdisjoint(deploy.services)


def results_of(facts: Iterable[Fact]) -> Iterator[tuple[int, bool]]:
    """When the deploy succeeded (True), and when it failed by a stated cause."""
    for fact in facts:
        if fact.kind not in _RESULTS:
            continue
        if is_success(fact):
            yield fact.time, True
        elif is_failure(fact) and fact.fields.get("cause_teams"):
            yield fact.time, False


def failed_by_nobody(facts: Iterable[Fact]) -> Iterator[int]:
    """When the deploy failed without a stated cause."""
    for fact in facts:
        if is_failure(fact) and not fact.fields.get("cause_teams"):
            yield fact.time


def ended_of(facts: Iterable[Fact]) -> list[Ended]:
    """Every end the deploy came to, in order: it may be tried again under its key.

    The same end told twice is one, unless another artifact was deployed the second
    time. At one instant a failure comes before a success, and what is rolled back then
    was there before. What never began has not failed.
    """
    begun = without_refused(facts)
    told = [fact for fact in begun if is_success(fact) or is_failure(fact)]
    ends: list[Ended] = []
    for fact in sorted(told, key=lambda fact: (fact.time, _turn(fact))):
        causes = tuple(fact.fields.get("cause_teams", ()))
        last = ends[-1] if ends else None
        if is_success(fact):
            artifact = fact.fields.get("artifact", "")
            if last is None or not last.is_success or _differ(last.artifact, artifact):
                ends.append(Ended(fact.time, is_success=True, artifact=artifact))
        elif fact.kind is Kind.DEPLOY_ROLLED_BACK and last is not None:
            ends[-1] = last._replace(
                is_success=False,
                causes=causes or last.causes,
                over=fact.time if last.over is None else last.over,
                seemed=last.seemed or last.is_success,
            )
        elif last is not None and not last.is_success and last.over is None:
            ends[-1] = last._replace(causes=causes or last.causes)
        else:
            is_over = fact.kind is Kind.DEPLOY_ROLLED_BACK
            ends.append(Ended(fact.time, False, causes, fact.time if is_over else None))
    return ends


def _differ(one: str, other: str) -> bool:
    """Whether both are known, and not the same."""
    return bool(one and other) and one != other


def _turn(fact: Fact) -> int:
    if fact.kind is Kind.DEPLOY_ROLLED_BACK:
        return ROLLED_BACK
    return _SUCCEEDED if is_success(fact) else _FAILED


def turns_of(facts: Sequence[Fact]) -> tuple[Turn, ...]:
    """The ends and rollbacks of a deploy without a name of its own, in their order."""
    causes: dict[tuple[int, str, int], tuple[str, ...]] = {}
    for fact in facts:
        if "deployed" not in fact.fields or not (is_success(fact) or is_failure(fact)):
            continue
        end = (fact.time, fact.fields["deployed"], _turn(fact))
        named = fact.fields.get("cause_teams", ()) if end[2] == ROLLED_BACK else ()
        causes[end] = max(causes.get(end, ()), tuple(named))
    where = environments_of(facts)[0] if causes else ""
    return tuple(
        Turn(time, deployed, where, rank, causes[time, deployed, rank])
        for time, deployed, rank in sorted(causes)
    )


def environments_of(facts: Iterable[Fact]) -> tuple[str, ...]:
    """Every environment the deploy's facts name, in lower case; one empty for none."""
    named = {
        fact.fields["environment"] for fact in facts if "environment" in fact.fields
    }
    return tuple(sorted({name.strip().casefold() for name in named})) or ("",)


def is_told_production(facts: Iterable[Fact]) -> bool:
    """Whether any of the deploy's facts calls its environment production."""
    return any(fact.fields.get("production", False) for fact in facts)


def is_success(fact: Fact) -> bool:
    """Whether the deploy has succeeded."""
    kind = fact.kind is Kind.DEPLOY_FINISHED
    return kind and fact.fields.get("outcome") == "success"


def is_failure(fact: Fact) -> bool:
    """Whether the deploy has failed, or was taken back."""
    if fact.kind is Kind.DEPLOY_ROLLED_BACK:
        return True
    return fact.kind is Kind.DEPLOY_FINISHED and fact.fields.get("outcome") in FAILED


def leaves_broken(fact: Fact) -> bool:
    """Whether nothing that works is there from then on.

    A rollback that was inferred tells a success: that of what came instead.
    """
    return is_failure(fact) and fact.fields.get("outcome") != "success"


def lane_name_of(facts: Iterable[Fact]) -> LaneName | None:
    """The lane of a deploy: of those its facts may mean the first; None of none.

    Without a service the repository stands for it, by its word.
    """
    facts = list(facts)
    said = [fact.fields for fact in facts]
    services = {one["service"].strip().casefold() for one in said if "service" in one}
    if services:
        return min(services), environments_of(facts)[0]
    repo = repository_of(facts)
    return (_REPO + repo.word, environments_of(facts)[0]) if repo is not None else None


def is_same_lane(one: LaneName, other: LaneName) -> bool:
    """Whether deploys of both follow each other, by whichever name of a repository."""
    if one[1] != other[1]:
        return False
    mine, theirs = _repository_of_lane(one), _repository_of_lane(other)
    if mine is None or theirs is None:
        return one == other
    return mine.is_same(theirs)


def lanes_apart(names: Iterable[LaneName]) -> dict[LaneName, LaneName]:
    """What each of several lanes is known by: those that are the same by the same."""
    told = {name: _repository_of_lane(name) for name in names}
    known_by = apart(repo for repo in told.values() if repo is not None)
    return {
        name: name if repo is None else (_REPO + known_by[repo], name[1])
        for name, repo in told.items()
    }


def lanes_met(name: LaneName) -> tuple[LaneName, ...]:
    """By which names a lane is found: of a repository by its id first, and its name.

    Who tells an id meets by the first all that tell it, and by the last all others.
    """
    repo = _repository_of_lane(name)
    if repo is None or not repo.id:
        return (name,)
    return (_REPO + repo.id, name[1]), (_REPO + repo.name, name[1])


def _repository_of_lane(name: LaneName) -> Repository | None:
    place = name[0]
    is_repo = place.startswith(_REPO)
    return repository_of_word(place.removeprefix(_REPO)) if is_repo else None


def waiting_of(facts: Iterable[Fact]) -> Waiting | None:
    """When the deploy was ready and when it began; None when it never was ready."""
    ready, begun = FOREVER, FOREVER
    services: set[str] = set()
    for kind, time, _, _, _, _, fields, _ in facts:
        if kind is Kind.DEPLOY_READY:
            ready = min(ready, time)
        elif kind in _BEGUN:
            begun = min(begun, time)
        if "service" in fields:
            services.add(fields["service"].strip().casefold())
    if ready == FOREVER:
        return None
    return Waiting(ready, max(ready, begun), tuple(sorted(services)))


def frozen_of(facts: Iterable[Fact]) -> Frozen | None:
    """Everything the freeze can hold up; None when it never started.

    A freeze of teams can hold up any service.
    """
    starts: list[int] = []
    ends: list[int] = []
    services: set[str] = set()
    for_all = False
    for fact in facts:
        if entity_type(fact) is not EntityType.FREEZE:
            continue  # its key stands for something else, too
        (starts if fact.kind is Kind.FREEZE_STARTED else ends).append(fact.time)
        services.update(
            name.strip().casefold() for name in fact.fields.get("services", ())
        )
        for_all = for_all or bool(fact.fields.get("teams"))
    if not starts:
        return None
    # What ends and starts at one instant goes on.
    is_over = bool(ends) and max(ends) > max(starts)
    end = max(ends) if is_over else FOREVER
    return Frozen(min(starts), end, () if for_all else tuple(sorted(services)))
