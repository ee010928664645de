"""What evaluation reads: an item with its facts, and what its blockers told it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, KeysView
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from operator import itemgetter
from typing import Final, NamedTuple

from monitor.domain.facts import KIND_ORDER, Fact, Kind
from monitor.domain.jobs import JobName
from monitor.domain.making import raw_target
from monitor.domain.preference import preferred
from monitor.domain.teams import Schedule
from monitor.domain.working_time import FOREVER as FOREVER  # noqa: PLC0414 - this page's word too


class EntityType(StrEnum):
    """What a thing is; the part of a kind before the point, links being tickets.

    A key of several types is the first of them. What trackers show as an issue, too,
    stands before tickets: incidents, freezes, and pull requests, which are commented on
    and assigned. A finding is found whatever its ticket is.
    """

    INCIDENT = "incident"
    FREEZE = "freeze"
    CHANGE = "change"
    TICKET = "ticket"
    RUN = "run"
    DEPLOY = "deploy"
    FINDING = "finding"


_TYPES: Final = {
    kind: EntityType("ticket" if kind.startswith("link.") else kind.split(".")[0])
    for kind in KIND_ORDER
}
_RANKS: Final = {one: rank for rank, one in enumerate(EntityType)}


def entity_type(fact: Fact) -> EntityType:
    """What kind of thing the fact is about."""
    return _TYPES[fact.kind]


def type_of(
    facts: Iterable[Fact], known: EntityType | None = None
) -> EntityType | None:
    """What an entity is by its facts, or by what was known; ``None`` without any.

    A key that stands for things of several types is taken for the first of them in the
    order of the types, whatever came first.
    """
    for fact in facts:
        told = _TYPES[fact.kind]
        if told is not known and (known is None or _RANKS[told] < _RANKS[known]):
            known = told
    return known


class Need(NamedTuple):
    """A stretch in which an entity needs a request to be resolved."""

    entity: str
    start: int
    end: int


class Result(NamedTuple):
    """A deploy succeeded, or failed by another team: its lane is held ``until`` then.

    A success holds it no longer than its own instant.
    """

    time: int
    place: str
    environment: str
    until: int


class Shipped(NamedTuple):
    """A deploy succeeded and was not rolled back: when, where, and of whose service.

    ``production`` where its source calls the environment so, whatever its name.
    """

    time: int
    environments: tuple[str, ...]
    team: str
    production: bool = False


class Turn(NamedTuple):
    """A deploy without a name of its own ended, or was rolled back, somewhere.

    Those of one instant follow each other by ``rank``: failed, succeeded, rolled back;
    the last tells its ``causes``, as its event names them.
    """

    time: int
    deployed: str
    environment: str
    rank: int
    causes: tuple[str, ...] = ()


class Merge(NamedTuple):
    """What was merged in a repository until an instant is contained in a deploy.

    The repository by its word (``domain.repositories``).
    """

    repo: str
    time: int


class Freeze(NamedTuple):
    """A stretch in which a team holds up deploys of some services or of some teams.

    Where neither is named it holds up all.
    """

    start: int
    end: int
    team: str
    services: tuple[str, ...]
    teams: tuple[str, ...]


class RedSince(NamedTuple):
    """The run that turned the default branch of its job red, and when."""

    time: int
    entity: str


class Red(NamedTuple):
    """A run of the default branch failed at an instant, by the doing of these teams."""

    time: int
    teams: tuple[str, ...]


# ``how`` of a link's removal: the link stands, and its blocker was seen to be resolved.
SEEN_RESOLVED: Final = "resolved"


class Profile(NamedTuple):
    """What a blocker tells its dependents, replaced whole when it changes.

    ``unresolved`` are the stretches in which it was not resolved; the first
    starts at the beginning of time, because a blocker blocks before it is known.
    ``activity`` are the instants of its human events, sorted. A request also tells
    who needs it, and to which team it is assigned; other blockers need not. Of a
    deploy only its results are told, of a freeze what it holds up and its activity, of
    a run where it failed on the default branch. A deploy that succeeded also tells what
    it ``carries``: short hashes of the commits and items it names, and up to when it
    ``contains`` what was merged; one without a name of its own its ``turns``.
    """

    unresolved: tuple[tuple[int, int], ...]
    owner: Schedule
    activity: tuple[int, ...]
    needs: tuple[Need, ...] = ()
    assignee: Schedule = ()
    results: tuple[Result, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    reds: tuple[Red, ...] = ()
    shipped: tuple[Shipped, ...] = ()
    carries: tuple[int, ...] = ()
    contains: tuple[Merge, ...] = ()
    turns: tuple[Turn, ...] = ()

    def renamed(self, canonical: Callable[[str], str]) -> Profile:
        """The profile with who needs it under the keys their entities are kept by."""
        if not self.needs:
            return self
        needs = tuple(
            need._replace(entity=canonical(need.entity)) for need in self.needs
        )
        return self._replace(needs=needs)


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """All facts of one root item and of what hangs on it.

    ``facts`` are in the order of the item (``in_order``), one per identity.
    ``changes_of_runs`` maps a run to the change it runs for, ``placed_with`` a push,
    change or sub-task to the change or sub-task it belongs to, but not to the root.
    ``blockers`` holds a profile for each linked ticket that has been heard of.
    ``reds`` tells of a failure which other run had turned its job's default branch red.
    """

    key: str
    root: EntityType
    facts: tuple[Fact, ...]
    changes_of_runs: dict[str, str] = field(default_factory=dict)
    blockers: dict[str, Profile] = field(default_factory=dict)
    reds: dict[tuple[str, int, JobName], RedSince] = field(default_factory=dict)
    placed_with: dict[str, str] = field(default_factory=dict)
    _of_kind: dict[Kind, list[Fact]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _field_names: set[str] = field(
        init=False, repr=False, compare=False, default_factory=set
    )

    def __post_init__(self) -> None:
        """Sort the facts once: every rule is about a few kinds and fields only."""
        of_kind, names = self._of_kind, self._field_names
        # Fields by their place: by name they take five times as long.
        for fact in self.facts:
            kind = fact[0]
            if kind in of_kind:
                of_kind[kind].append(fact)
            else:
                of_kind[kind] = [fact]
            names.update(fact[6])

    @property
    def kinds(self) -> KeysView[Kind]:
        """The kinds of which the item has any fact."""
        return self._of_kind.keys()

    @property
    def field_names(self) -> AbstractSet[str]:
        """The names of the fields that any fact has: most rules ask for a rare one."""
        return self._field_names

    def of(self, *kinds: Kind) -> list[Fact]:
        """The facts of these kinds, in the order of the item."""
        of_kind = self._of_kind
        found = [of_kind[kind] for kind in kinds if kind in of_kind]
        if len(found) == 1:
            return found[0]
        if not found:
            return []
        return [fact for fact in self.facts if fact.kind in kinds]


# Most facts of an item have an instant of their own: the full order, which looks
# at everything a fact says, is then not needed.
_TIME: Final = itemgetter(1)


def fact_order(fact: Fact) -> tuple[int, int, int, str, int]:
    """Event time, then source revision, kind, raw target and identity."""
    return (
        fact.time,
        fact.revision,
        KIND_ORDER[fact.kind],
        raw_target(fact.fields, fact.people),
        fact.identity,
    )


def in_order(facts: list[Fact]) -> tuple[Fact, ...]:
    """The facts of an item, one per identity, in the order that binds."""
    if len({fact.identity for fact in facts}) < len(facts):
        facts = _unique(facts)
    ordered = sorted(facts, key=_TIME)
    if len({fact[1] for fact in ordered}) < len(ordered):
        _order_ties(ordered)
    return tuple(ordered)


def _order_ties(facts: list[Fact]) -> None:
    """Put those of one instant in order; most have theirs alone."""
    start = 0
    for end in range(1, len(facts) + 1):
        if end < len(facts) and facts[end][1] == facts[start][1]:
            continue
        if end - start > 1:
            facts[start:end] = sorted(facts[start:end], key=fact_order)
        start = end


def _unique(facts: Iterable[Fact]) -> list[Fact]:
    unique: dict[int, Fact] = {}
    for fact in facts:
        known = unique.get(fact.identity)
        unique[fact.identity] = fact if known is None else preferred(known, fact)
    return list(unique.values())


def instants(facts: Iterable[Fact]) -> list[list[Fact]]:
    """The facts, in the order of the item, as one group for each instant."""
    groups: list[list[Fact]] = []
    last: int | None = None
    for fact in facts:
        if fact.time == last:
            groups[-1].append(fact)
        else:
            last = fact.time
            groups.append([fact])
    return groups
