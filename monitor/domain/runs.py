"""A run as all of its facts tell it: what one of them says is the whole run's. Pure.

Formats ask for the name of a pipeline on one stage only, other sources state a cause
and nothing else, and a retry need not repeat its commit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final, NamedTuple, cast

from monitor.domain.attempts import attempts_of
from monitor.domain.facts import RUNS, Fact, Fields, Kind
from monitor.domain.items import fact_order
from monitor.domain.told_pipelines import names_in_full

# Of these a run has one; of several words the latest counts, for all of its facts.
_LATEST: Final = frozenset({"repo", "repo_id", "pipeline"})
# Of these each fact's own word stands, and only silence is filled.
_FILLED: Final = frozenset({"sha", "branch", "default_branch"})
_JOINED: Final = _LATEST | _FILLED
# The owner of the pipeline; of any other fact it is that of the runners.
_OWNER: Final = frozenset({"on_team"})
# A member of an enumeration costs ten times a global name.
_FINISHED: Final = Kind.RUN_FINISHED

Words = dict[str, Any]


def whole(facts: Collection[Fact]) -> Collection[Fact]:
    """The facts of one run, each with what the others tell of it.

    By its own attempt, else by the run, where that says one thing only of what differs
    between attempts. The facts themselves where none is silent, as most are.
    """
    return facts if _are_alike(facts) else _joined(facts)


def _are_alike(facts: Iterable[Fact]) -> bool:
    """Whether no fact tells anything that another does not; cheap, for every run."""
    told: tuple[object, ...] | None = None
    owned: list[object] = []
    for fact in facts:
        fields = fact[6]
        said = tuple(map(fields.get, _JOINED))
        if told is None:
            told = said
        elif told != said:
            return False
        if fact[0] is _FINISHED:
            owned.append(fields.get("on_team"))
    return len(owned) < 2 or len(set(owned)) == 1


def _joined(facts: Collection[Fact]) -> list[Fact]:
    runs = sorted((fact for fact in facts if fact.kind in RUNS), key=fact_order)
    of_run, of_branches = _words(runs) | _only_words(runs), _defaults(runs)
    of_pipelines = _Names.of(runs)
    found: dict[int, Fact] = {}
    for _, attempt in attempts_of(runs):
        words = of_run | _words(attempt, _JOINED)
        ended = [fact for fact in attempt if fact.kind is _FINISHED]
        owner, defaults = _words(ended, _OWNER), of_branches | _defaults(attempt)
        for fact in attempt:
            more = words | owner if fact.kind is _FINISHED else words
            found[fact.identity] = of_pipelines.named(_with(fact, more, defaults))
    return [found.get(fact.identity, fact) for fact in facts]


class _Names(NamedTuple):
    """What the facts of a run tell of its pipelines' names.

    ``words`` by what is shown of them, ``in_full`` by these words.
    """

    words: dict[str, str]
    in_full: dict[str, str]

    @classmethod
    def of(cls, facts: Collection[Fact]) -> _Names:
        """Of one shown name the smallest word."""
        hiding = [f.fields for f in facts if "pipeline_told" in f.fields]
        if not hiding:
            return _NOTHING_HIDDEN
        told = sorted(
            ((f["pipeline"], f["pipeline_told"]) for f in hiding), reverse=True
        )
        return cls(dict(told), names_in_full(facts))

    def named(self, fact: Fact) -> Fact:
        """The fact with the whole name of its pipeline, else with the word of it."""
        if not self.words or "pipeline" not in fact.fields:
            return fact
        fields: Fields = {**fact.fields}
        fields.pop("pipeline_told", None)
        word = self.words.get(fields["pipeline"])
        if word in self.in_full:
            fields["pipeline"] = self.in_full[word]
        elif word is not None:
            fields["pipeline_told"] = word
        return fact if fields == fact.fields else fact._replace(fields=fields)


_NOTHING_HIDDEN: Final = _Names({}, {})


def _words(facts: Iterable[Fact], names: frozenset[str] = _LATEST) -> Words:
    """The latest word on each name; the facts are in order."""
    words: Words = {}
    for fact in facts:
        said = cast("Words", fact.fields)
        words.update({name: said[name] for name in names.intersection(said)})
    return words


def _only_words(facts: Collection[Fact]) -> Words:
    """What differs between attempts, where all that tell it say the same."""
    words = _words(facts, _FILLED)
    return {
        name: word
        for name, word in words.items()
        if all(cast("Words", fact.fields).get(name, word) == word for fact in facts)
    }


def _defaults(facts: Iterable[Fact]) -> dict[str | None, bool]:
    """Whether each branch is the default one, as whoever named it says.

    Of None, who names none.
    """
    told = (fact.fields for fact in facts)
    return {
        fields.get("branch"): fields["default_branch"]
        for fields in told
        if "default_branch" in fields
    }


def _with(fact: Fact, words: Words, defaults: dict[str | None, bool]) -> Fact:
    latest = {name: words[name] for name in _LATEST.intersection(words)}
    fields = {**words, **fact.fields, **latest}
    branch = fields.get("branch")
    if branch is not None and "default_branch" not in fact.fields:
        # What was said of another branch says nothing of this one.
        is_default = defaults.get(branch, defaults.get(None))
        fields.pop("default_branch", None)
        fields |= {} if is_default is None else {"default_branch": is_default}
    return (
        fact if fields == fact.fields else fact._replace(fields=cast("Fields", fields))
    )
