"""A deploy's share of its lane, beside a walk through all that happened there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.facts import Fact, Kind
from monitor.domain.items import EntityType, ItemFacts, Profile, Result, in_order
from monitor.domain.making import make_fact
from monitor.domain.timeline import Measured
from monitor.domain.working_time import FOREVER
from monitor.indicators.delivery.shipping import deploy_measures
from monitor.indicators.waits.intervals import capped
from monitor.indicators.waits.lanes import FAILURE_CAP, failure_stretches
from monitor.indicators.waits.told import told_of
from tests.unit.indicators.history import DIRECTORY, HOUR, at

OWN = "D-1"
OTHERS = ("D-0", "D-2", OWN)
LANE = ("till", "production")
ALWAYS = DIRECTORY.calendar("always")
# Until when, after it, a result holds the lane: a success not at all.
HELD = (0, 0, 1, 3, 400)


def hour(number: int) -> int:
    return at("Mon 09:00") + number * HOUR


@st.composite
def profiles(draw: st.DrawFn) -> dict[str, Profile]:
    """What deploys have told of the lane, and of another; also the deploy itself."""
    lanes = st.sampled_from((LANE, LANE, LANE, ("till", "test")))
    one = st.tuples(st.integers(0, 9), lanes, st.sampled_from(HELD))
    told = draw(st.dictionaries(st.sampled_from(OTHERS), st.lists(one, max_size=5)))
    return {
        entity: Profile(
            (),
            (),
            (),
            results=tuple(
                Result(hour(begun), *lane, hour(begun + held))
                for begun, lane, held in results
            ),
        )
        for entity, results in told.items()
    }


@st.composite
def own_facts(draw: st.DrawFn) -> tuple[Fact, ...]:
    """How the deploy ended, time after time: well, or by whose doing not."""
    ends = st.tuples(st.integers(0, 9), st.sampled_from(("", "always", "platform")))
    found: list[Fact] = []
    for begun, cause in draw(st.lists(ends, min_size=1, max_size=3)):
        said: Any = {"service": LANE[0], "environment": LANE[1]}
        said |= {"outcome": "failure" if cause else "success"}
        said |= {"cause_teams": [cause]} if cause else {}
        time = hour(begun)
        found.append(make_fact(Kind.DEPLOY_FINISHED, time, OWN, "cd.example", said))
    return in_order(found)


# When, whose, until when it holds the lane, and (of its own) by whose doing.
Step = tuple[int, str, int, tuple[str, ...]]


def happened(facts: Iterable[Fact], blockers: Mapping[str, Profile]) -> Iterator[Step]:
    """Everything in the lane, the deploy's own by its facts alone."""
    for fact in facts:
        causes = tuple(fact.fields.get("cause_teams", ()))
        if fact.fields["outcome"] == "success":
            yield fact.time, OWN, fact.time, ()
        elif causes == ("platform",):
            cap = capped(fact.time, FOREVER, ALWAYS, FAILURE_CAP)
            yield fact.time, OWN, cap, causes
    for entity, profile in blockers.items():
        for time, place, environment, until in profile.results:
            if entity != OWN and (place, environment) == LANE:
                yield time, entity, until, ()


def walked(steps: Sequence[Step]) -> Iterator[tuple[int, int]]:
    """Where the deploy holds the lane: at one instant who held it lets go first."""
    holder: Step | None = None
    for instant in sorted({step[0] for step in steps}):
        now = sorted(step for step in steps if step[0] == instant)
        succeeded = any(until == instant for _, _, until, _ in now)
        if holder is not None and (succeeded or holder[2] <= instant):
            if holder[1] == OWN:
                yield holder[0], min(holder[2], instant)
            succeeded = succeeded and holder[2] <= instant
            holder = None
        failed = [step for step in now if step[2] > instant]
        if holder is None and failed and not succeeded:
            holder = failed[0]
    if holder is not None and holder[1] == OWN:
        yield holder[0], holder[2]


def item_with(blockers: dict[str, Profile], facts: tuple[Fact, ...]) -> ItemFacts:
    return ItemFacts("CHK-1", EntityType.TICKET, facts, blockers=blockers)


@settings(max_examples=500)
@given(profiles(), own_facts())
def test_a_deploy_holds_its_lane_as_a_walk_through_all_of_it_says(
    blockers: dict[str, Profile], facts: tuple[Fact, ...]
) -> None:
    told = told_of(item_with(blockers, facts))
    found = failure_stretches(OWN, facts, told, lambda _: "always", DIRECTORY)
    held = [(one.start, one.end) for one in found]
    assert held == list(walked(list(happened(facts, blockers))))


@given(profiles(), st.integers(0, 9))
def test_a_failure_lasts_until_the_first_success_of_its_lane(
    blockers: dict[str, Profile], begun: int
) -> None:
    said: Any = {"service": LANE[0], "environment": LANE[1], "outcome": "failure"}
    fact = make_fact(Kind.DEPLOY_FINISHED, hour(begun), OWN, "cd.example", said)
    told = told_of(item_with(blockers, (fact,)))
    owner = DIRECTORY.service("till")
    assert owner is not None
    found = deploy_measures(OWN, [fact], told, owner, DIRECTORY)
    lasted = [one.value for one in found if one.name is Measured.RECOVERY]
    successes = [
        time
        for time, entity, until, _ in happened((), blockers)
        if until == time >= fact.time and entity != OWN
    ]
    over = min(successes, default=fact.time)
    assert lasted == ([over - fact.time] if over > fact.time else [])
