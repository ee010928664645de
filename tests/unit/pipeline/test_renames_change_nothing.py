"""A law: whatever happens in repositories, their names are no part of the numbers.

All names are one team's. Histories are drawn, and told with other names, in another
order.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.timeline import Timeline
from tests.unit.pipeline.renamed_repositories import (
    NEW_SHOP,
    SHOP,
    STORE,
    Repository,
    Told,
    at,
    deployed,
    driven,
    job,
    merged,
    pull,
    push,
)

# A body of a repository, at a minute of the day.
Step = Callable[[Repository, str], Told]
NUMBERS = st.integers(7, 8)
SHAS = st.sampled_from(["a" * 40, "b" * 40, "c" * 40])
OUTCOMES = st.sampled_from(["success", "failure"])
BRANCHES = st.sampled_from(["feat", "main", "till"])


def clock(minutes: int) -> str:
    return at(f"{9 + minutes // 60:02}:{minutes % 60:02}")


@st.composite
def pulls(draw: st.DrawFn) -> Step:
    number, branch, sha = draw(NUMBERS), draw(BRANCHES), draw(SHAS)
    is_merged, commit = draw(st.booleans()), draw(SHAS)
    head = {"ref": branch, "sha": sha}

    def told(home: Repository, time: str) -> Told:
        if is_merged:
            return merged(home, time, number=number, head=head, merge_commit_sha=commit)
        return pull(home, time, number=number, head=head)

    return told


@st.composite
def jobs(draw: st.DrawFn) -> Step:
    outcome, sha, branch = draw(OUTCOMES), draw(SHAS), draw(BRANCHES)

    def told(home: Repository, time: str) -> Told:
        return job(home, time, time, outcome, head_sha=sha, head_branch=branch)

    return told


@st.composite
def pushes(draw: st.DrawFn) -> Step:
    sha, branch = draw(SHAS), draw(BRANCHES)
    return lambda home, time: push(home, time, sha, branch)


@st.composite
def deploys(draw: st.DrawFn) -> Step:
    number, state, sha = draw(NUMBERS), draw(OUTCOMES), draw(SHAS)
    return lambda home, time: deployed(home, number, time, state, sha, clock(0))


def timelines(told: Sequence[Told]) -> list[Timeline]:
    return [one for one in driven(told, at("17:00")).timelines() if any(one[1:])]


def elsewhere(told: Told) -> Told:
    """The same of another repository: its commits and deployments are others."""
    event, body = told
    text = json.dumps(body)
    for sha, other in zip("abc", "def", strict=True):
        text = text.replace(sha * 40, other * 40)
    body = json.loads(text)
    if "deployment" in body:
        body["deployment"]["id"] += 100
    return event, body


STEPS = st.one_of(pulls(), jobs(), pushes(), deploys())


@pytest.mark.slow
@settings(max_examples=150)
@given(
    st.lists(st.tuples(STEPS, st.booleans()), min_size=2, max_size=12),
    st.randoms(use_true_random=False),
)
def test_two_repositories_of_one_name_are_as_two_of_different_names(
    steps: list[tuple[Step, bool]], chance: random.Random
) -> None:
    """Sources that tell no id apart: what these tell is of either."""

    def told(other: Repository) -> list[Told]:
        times = [clock(20 * place) for place in range(len(steps))]
        return [
            elsewhere(step(other, time)) if is_other else step(SHOP, time)
            for (step, is_other), time in zip(steps, times, strict=True)
        ]

    alike = told(NEW_SHOP)
    chance.shuffle(alike)
    assert timelines(alike) == timelines(told({**STORE, "id": NEW_SHOP["id"]}))


@pytest.mark.slow
@settings(max_examples=150)
@given(
    st.lists(STEPS, min_size=2, max_size=12),
    st.integers(1, 11),
    st.randoms(use_true_random=False),
)
def test_a_rename_changes_no_timeline(
    steps: list[Step], before: int, chance: random.Random
) -> None:
    times = [clock(20 * place) for place in range(len(steps))]
    pairs = list(zip(steps, times, strict=True))
    named = [step(SHOP, time) for step, time in pairs]
    renamed = [
        step(SHOP if place < before else STORE, time)
        for place, (step, time) in enumerate(pairs)
    ]
    chance.shuffle(renamed)
    assert timelines(renamed) == timelines(named)
