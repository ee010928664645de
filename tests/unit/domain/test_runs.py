"""What one fact of a run tells is the whole run's."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from monitor.domain.facts import Fact, Kind
from monitor.domain.making import make_fact
from monitor.domain.runs import whole


def fact(kind: str, time: int, **fields: Any) -> Fact:
    return make_fact(Kind(f"run.{kind}"), time, "r-1", "ci.example", fields)  # type: ignore[arg-type]


def told(name: str, facts: list[Fact]) -> list[Any]:
    """What each of the facts says then, the same in any order."""
    found = [
        {fact.identity: fact.fields.get(name) for fact in whole(order)}
        for order in permutations(facts)
    ]
    assert all(one == found[0] for one in found)
    return [found[0][fact.identity] for fact in facts]


def test_facts_that_tell_the_same_are_left_as_they_are() -> None:
    facts = [fact("queued", 1, sha="a"), fact("finished", 3, sha="a", outcome="error")]
    assert whole(facts) is facts


def test_what_one_tells_all_tell() -> None:
    facts = [fact("queued", 1, repo="acme/shop"), fact("finished", 3, sha="a")]
    assert told("repo", facts) == ["acme/shop"] * 2
    assert told("sha", facts) == ["a"] * 2


def test_a_run_has_one_pipeline_the_one_told_last() -> None:
    facts = [fact("queued", 1, pipeline="old"), fact("finished", 3, pipeline="new")]
    assert told("pipeline", facts) == ["new"] * 2


def test_an_attempt_has_its_own() -> None:
    facts = [
        fact("started", 1, pipeline="old", attempt=1),
        fact("finished", 2, attempt=1),
        fact("started", 3, pipeline="new", attempt=2),
        fact("finished", 4, attempt=3),
    ]
    assert told("pipeline", facts) == ["old", "old", "new", "new"]


def test_a_commit_told_stands() -> None:
    """Some sources call every run of a pipeline by one name."""
    facts = [fact("finished", 2, sha="a"), fact("finished", 4, sha="b")]
    assert told("sha", facts) == ["a", "b"]


def test_of_several_commits_silence_means_that_of_its_attempt_or_none() -> None:
    facts = [
        fact("started", 1, sha="a", attempt=1),
        fact("finished", 2, attempt=1),
        fact("started", 3, sha="b", attempt=2),
        fact("finished", 4, attempt=3),
    ]
    assert told("sha", facts) == ["a", "a", "b", None]


def test_who_owns_the_runners_does_not_own_the_pipeline() -> None:
    facts = [
        fact("queued", 1, on_team="search"),
        fact("finished", 3, outcome="error"),
        fact("finished", 4, outcome="error", on_team="platform"),
    ]
    assert told("on_team", facts) == ["search", "platform", "platform"]


def test_that_a_branch_is_the_default_one_says_nothing_of_another() -> None:
    """The names are words made of the branches' names."""
    facts = [
        fact("queued", 1, branch="main", default_branch=True),
        fact("started", 2, branch="main"),
        fact("finished", 3, branch="till"),
    ]
    assert told("default_branch", facts) == [True, True, None]


def test_who_names_no_branch_says_it_of_the_one_that_is_named() -> None:
    facts = [fact("queued", 1, default_branch=True), fact("finished", 3, branch="main")]
    assert told("default_branch", facts) == [True, True]


def test_a_run_is_called_as_one_of_its_facts_tells_it_in_full() -> None:
    """The others told the branch in it, and have a word there."""
    name = "acme/shop/ci/review dev-a-patch"
    facts = [
        fact("queued", 1, pipeline=name, repo="acme/shop"),
        fact("started", 2, pipeline=name, branch="dev-a-patch"),
        fact("finished", 3, pipeline=name, branch="dev-a-patch", repo="acme/shop"),
    ]
    assert told("pipeline", facts) == [name] * 3
    assert told("pipeline_told", facts) == [None] * 3


def test_another_name_told_last_has_no_word_of_the_first() -> None:
    facts = [
        fact("queued", 1, pipeline="review dev-a-patch", branch="dev-a-patch"),
        fact("finished", 3, pipeline="e2e"),
    ]
    assert told("pipeline", facts) == ["e2e"] * 2
    assert told("pipeline_told", facts) == [None] * 2


def test_a_name_with_a_word_keeps_what_tells_it_from_others() -> None:
    facts = [
        fact("queued", 1, sha="a"),
        fact("finished", 3, pipeline="review dev-a-patch", branch="dev-a-patch"),
    ]
    (word,) = set(told("pipeline_told", facts))
    assert word == facts[1].fields["pipeline_told"]
    assert "dev-a" not in repr(facts)
