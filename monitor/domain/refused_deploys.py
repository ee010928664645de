"""Failures of deploys that never began: a gate held them, and nobody opened it.

GitHub says `failure` of a deployment whose approval was rejected, or whose job was
given up before a runner took it. Nothing was deployed then, so nothing failed
(indicators 4). Any of the words may be lost, so each is enough: that it was asked for
and not let go, that it was refused, or that it is refused next. Pure.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from monitor.domain.facts import FAILED, Fact, Kind

# ``decision`` of a gate that is seen to be open: by whom, and since when, is not told.
LET_GO: Final = "let go"
_REFUSALS: Final = frozenset({"rejected", "cancelled"})
_GATED: Final = frozenset(
    {Kind.DEPLOY_APPROVAL_REQUESTED, Kind.DEPLOY_APPROVAL_DECIDED}
)


class _Word(enum.IntEnum):
    """What a fact says of whether the deploy runs; in their order at one instant."""

    ASKED = enum.auto()
    LET_GO = enum.auto()
    REFUSED = enum.auto()
    STARTED = enum.auto()
    FAILED = enum.auto()
    CANCELLED = enum.auto()
    DONE = enum.auto()


_OF_KIND: Final = {
    Kind.DEPLOY_APPROVAL_REQUESTED: _Word.ASKED,
    Kind.DEPLOY_STARTED: _Word.STARTED,
    Kind.DEPLOY_ROLLED_BACK: _Word.DONE,
}
_WITHOUT_SUCCESS: Final = (_Word.FAILED, _Word.CANCELLED)
# An instant, what was said then, and the fact that says it.
_Said = tuple[int, _Word, int]


def without_refused(facts: Iterable[Fact]) -> list[Fact]:
    """The facts of one deploy but the failures of what never began."""
    facts = list(facts)
    if _GATED.isdisjoint({fact.kind for fact in facts}):
        return facts
    said = sorted(
        (fact.time, word, fact.identity)
        for fact in facts
        if (word := _word(fact)) is not None
    )
    refused = set(_refused(said))
    return [fact for fact in facts if fact.identity not in refused]


def _word(fact: Fact) -> _Word | None:
    if fact.kind is Kind.DEPLOY_APPROVAL_DECIDED:
        is_refusal = fact.fields.get("decision") in _REFUSALS
        return _Word.REFUSED if is_refusal else _Word.LET_GO
    if fact.kind is not Kind.DEPLOY_FINISHED:
        return _OF_KIND.get(fact.kind)
    outcome = fact.fields.get("outcome")
    if outcome in FAILED:
        return _Word.FAILED
    return _Word.DONE if outcome == "success" else _Word.CANCELLED


def _refused(said: Sequence[_Said]) -> Iterator[int]:
    """The failures that are none, walked with what the deploy has come to.

    A deploy that runs is refused nothing: a gate on its way makes it fail. How it ends
    uses its start up; what was given up stays refused, however often it is said.
    """
    state: _Word | None = None
    for place, (_, word, identity) in enumerate(said):
        if word is _Word.FAILED and _is_refused(state, said[place + 1 :]):
            yield identity
        elif word in _WITHOUT_SUCCESS:
            state = _Word.DONE if state is _Word.STARTED else state
        elif word is _Word.DONE or state is not _Word.STARTED:
            state = word


def _is_refused(state: _Word | None, later: Sequence[_Said]) -> bool:
    """Whether a failure is of what waits, was refused, or is refused next."""
    if state in (_Word.ASKED, _Word.REFUSED):
        return True
    following = (word for _, word, _ in later if word not in _WITHOUT_SUCCESS)
    return state in (None, _Word.LET_GO) and next(following, None) is _Word.REFUSED
