"""What a sample's facts name, and how often: the ground for a first teams file.

Counts are of distinct things: a repository that fifty changes name is seen fifty
times, however many facts each change has. Everything is bounded: names and things
beyond the bounds are passed over and counted. Persons are remembered as digests, only
to keep a name that is a person's from becoming a team's, and never shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from monitor.directory.ids import is_writable
from monitor.directory.patterns import folded
from monitor.domain.facts import (
    COMPONENT_AREA,
    TEAM_AREA,
    Fact,
    Fields,
    Kind,
    digest,
)
from monitor.domain.items import EntityType, entity_type
from monitor.domain.keys import project_of, repository_in, repository_of
from monitor.domain.teams import COMMON_POOL_LABELS, pool_name

# ``area`` is a value of a tracker's team field, by its whole reference.
Subject = Literal[
    "team", "project", "group", "area", "component", "pool", "repo", "service"
]

MOST_NAMES: Final = 10_000
MOST_THINGS: Final = 500_000
# What names tickets of more projects than these names nobody's.
_MOST_PROJECTS: Final = 5

# What a fact says of a team that is no reference, and what a file cannot say.
HOSTED: Final = "runs on a vendor's runners"
PLAIN_POOL: Final = "runs on self-hosted runners that no label tells apart"
LABELLED: Final = "waits on somebody whom only a label names"
UNWRITABLE: Final = "mentions of names that a teams file cannot hold"
CROWDED: Final = "mentions of further names or things, beyond what is counted"

_OWNING: Final = frozenset(
    {
        Kind.TICKET_CREATED,
        Kind.TICKET_STARTED,
        Kind.CHANGE_OPENED,
        Kind.CHANGE_READY,
        Kind.DEPLOY_READY,
        Kind.INCIDENT_OPENED,
    }
)
_ASKING: Final = frozenset(
    {
        Kind.TICKET_BLOCKED,
        Kind.TICKET_ASSIGNED,
        Kind.LINK_ADDED,
        Kind.CHANGE_REVIEW_REQUESTED,
        Kind.RUN_QUEUED,
        Kind.DEPLOY_APPROVAL_REQUESTED,
    }
)


class Seen(NamedTuple):
    """Something a fact names: a team, or a reference that a team may own."""

    subject: Subject
    name: str


@dataclass(slots=True)
class Sightings:
    """Grows by facts, in any order, repeated ones too: the counts stay the same.

    ``things`` counts, for each name, the tickets, changes, runs and so on that name
    it; ``together`` the things that name a place and, as its owner or beside it,
    something else, and those that name an area right before another one;
    ``askers`` holds who asked for somebody's work.
    """

    things: dict[Seen, Counter[str]] = field(default_factory=dict)
    together: defaultdict[Seen, Counter[Seen]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    askers: defaultdict[Seen, set[Seen]] = field(
        default_factory=lambda: defaultdict(set)
    )
    untold: Counter[str] = field(default_factory=Counter)
    first: int | None = None
    last: int | None = None
    _names: Counter[str] = field(default_factory=Counter)
    _once: set[tuple[object, ...]] = field(default_factory=set)
    _people: set[int] = field(default_factory=set)
    _labelled: Counter[int] = field(default_factory=Counter)

    def add(self, fact: Fact, *, explicit: bool) -> None:
        """Count what one fact names; ``explicit``: its teams are stated as teams.

        A team's name that only a label holds (``blocked-by: somebody``) is counted
        and not kept, but for its digest: it may be anything, a person too.
        """
        for role, handle in fact.people.items():
            if role != "named":
                self._people.add(digest(folded(str(handle).partition(":")[2])))
        self.first = fact.time if self.first is None else min(self.first, fact.time)
        self.last = fact.time if self.last is None else max(self.last, fact.time)
        self._count_odd(fact, explicit=explicit)
        teams = _teams(fact.fields) if explicit else ()
        places, areas = _places(fact), _areas(fact.fields.get("areas", ()))
        before = _areas(fact.fields.get("areas_before", ()))
        named = [*places, *_asked(fact), *(Seen("team", folded(t)) for t in teams)]
        for seen in dict.fromkeys([*named, *areas, *before]):
            self._mention(seen, fact)
        for place in [*places, *(one for one in areas if one.subject == "component")]:
            for beside in _beside(place, fact, explicit=explicit):
                self._pair(place, beside, fact)
        for one, following in [*pairwise(areas), *pairwise(before)]:
            if following.subject == "area":
                self._pair(one, following, fact)
        if fact.kind in _ASKING:
            self._ask(fact, places, explicit=explicit)

    def is_person(self, name: str) -> bool:
        """Whether the sample knows somebody by this name."""
        return digest(folded(name)) in self._people

    def labelled(self, but: Iterable[str]) -> int:
        """How many waits are on somebody whom a label names, but for these."""
        known = {digest(folded(name)) for name in but}
        return sum(n for name, n in self._labelled.items() if name not in known)

    def count(self, seen: Seen, thing: str = "") -> int:
        """How many things name it; only those of one type, where that is given."""
        found = self.things.get(seen, Counter[str]())
        return found[thing] if thing else found.total()

    def names(self, subject: Subject) -> list[Seen]:
        """All of a subject, the most often seen first; equals by name."""
        found = [seen for seen in self.things if seen.subject == subject]
        return sorted(found, key=lambda seen: (-self.count(seen), seen.name))

    def _count_odd(self, fact: Fact, *, explicit: bool) -> None:
        fields, thing = fact.fields, (entity_type(fact), fact.entity)
        pool = fields.get("pool")
        if fields.get("hosted"):
            self._odd(HOSTED, thing)
        elif pool and folded(pool_name(pool)) in COMMON_POOL_LABELS:
            self._odd(PLAIN_POOL, thing)
        name = fact.people.get("named", fields.get("on_team"))
        if not explicit and fact.kind is Kind.TICKET_BLOCKED and name is not None:
            named = digest(folded(name))
            self._labelled[named] += self._is_new((LABELLED, named, *thing))

    def _odd(self, what: str, thing: tuple[object, ...]) -> None:
        if self._is_new((what, *thing)):
            self.untold[what] += 1

    def _mention(self, seen: Seen, fact: Fact) -> None:
        if not is_writable(seen.name):
            self.untold[UNWRITABLE] += 1
        elif seen not in self.things and self._names[seen.subject] >= MOST_NAMES:
            self.untold[CROWDED] += 1
        elif self._is_new((seen, fact.entity)):
            if seen not in self.things:
                self.things[seen] = Counter()
                self._names[seen.subject] += 1
            self.things[seen][entity_type(fact)] += 1

    def _pair(self, place: Seen, beside: Seen, fact: Fact) -> None:
        if place in self.things and self._is_new((place, beside, fact.entity)):
            self.together[place][beside] += 1

    def _ask(self, fact: Fact, places: list[Seen], *, explicit: bool) -> None:
        fields, asked = fact.fields, [*_asked(fact), *_blocker(fact.fields)]
        if fact.kind is Kind.TICKET_ASSIGNED:
            asked += _areas(fields.get("areas", ()))
        if explicit:
            named = (fields.get("on_team"), fields.get("to_team"))
            asked += [Seen("team", folded(name)) for name in named if name]
        askers = [seen for seen in places if seen in self.things]
        askers = askers or list(_projects([fields.get("item", "")]))
        for one in asked:
            if one in self.askers or len(self.askers) < MOST_NAMES:
                self.askers[one].update(askers)

    def _is_new(self, key: tuple[object, ...]) -> bool:
        if key in self._once:
            return False
        if len(self._once) >= MOST_THINGS:
            self.untold[CROWDED] += 1
            return False
        self._once.add(key)
        return True


def _places(fact: Fact) -> list[Seen]:
    """Where the thing is: its project if it is a ticket, its repository, service."""
    fields = fact.fields
    places: list[Seen] = []
    if entity_type(fact) is EntityType.TICKET:
        project = fields.get("project") or project_of(fact.entity)
        if project:
            places.append(Seen("project", folded(project).upper()))
    if (repo := repository_in(fact)) is not None:
        places.append(Seen("repo", folded(repo)))
    if "service" in fields:
        places.append(Seen("service", folded(fields["service"])))
    return places


def _asked(fact: Fact) -> Iterator[Seen]:
    """The group and the pool whose work the fact asks for."""
    fields = fact.fields
    if "group" in fields:
        yield _group(fields["group"])
    pool = fields.get("pool")
    if pool and not fields.get("hosted"):
        name = folded(pool_name(pool))
        if name not in COMMON_POOL_LABELS:
            yield Seen("pool", name)


def _group(name: str) -> Seen:
    """One spelling of what the directory takes for one group."""
    key = folded(name).lstrip("@")
    return Seen("group", f"@{key}" if "/" in key and ":" not in key else key)


def _areas(references: Iterable[str]) -> list[Seen]:
    """What of a tracker may own a ticket beside its project, best first."""
    subjects: tuple[tuple[str, Subject], ...] = (
        (TEAM_AREA, "area"),
        (COMPONENT_AREA, "component"),
    )
    return [
        Seen(subject, folded(reference))
        for reference in references
        for start, subject in subjects
        if reference.startswith(start)
    ]


def _blocker(fields: Fields) -> Iterator[Seen]:
    blocker = fields.get("blocker", "")
    project, repo = project_of(blocker), repository_of(blocker)
    if project is not None:
        yield Seen("project", project)
    if repo is not None:
        yield Seen("repo", folded(repo))


def _teams(fields: Fields) -> Iterator[str]:
    """Every team the fact names itself."""
    owners = (fields.get("team"), fields.get("author_team"))
    asked = (fields.get("on_team"), fields.get("to_team"), fields.get("requester_team"))
    yield from (name for name in (*owners, *asked) if name is not None)
    yield from fields.get("by_teams", ())
    yield from fields.get("cause_teams", ())
    yield from fields.get("reviewed_by", ())
    yield from fields.get("teams", ())


def _beside(place: Seen, fact: Fact, *, explicit: bool) -> Iterator[Seen]:
    """What stands on the fact beside a place, and may tell whose the place is."""
    fields, kind = fact.fields, entity_type(fact)
    if explicit and fact.kind in _OWNING:
        for name in {fields.get("team"), fields.get("author_team")} - {None}:
            yield Seen("team", folded(str(name)))
    if fact.kind in _OWNING:
        named = _areas(fields.get("areas", ()))
        yield from (one for one in named if one.subject == "area")
    if place.subject in ("project", "component"):
        return
    if place.subject == "repo" and kind is not EntityType.CHANGE:
        return
    items = [fields.get("item", ""), *fields.get("items", ())]
    yield from _projects(items)
    yield from _projects(fields.get("tickets", ()))
    if place.subject == "service":
        yield from _repositories(fields.get("repo"), items)
    if place.subject == "repo" and "group" in fields:
        yield _group(fields["group"])


def _repositories(stated: str | None, items: Iterable[str]) -> Iterator[Seen]:
    """The repository that is stated, else those of items named after theirs."""
    named = [stated] if stated else map(repository_of, items)
    yield from (Seen("repo", folded(name)) for name in named if name)


def _projects(tickets: Iterable[str]) -> Iterator[Seen]:
    found = {name for ticket in tickets if (name := project_of(ticket)) is not None}
    if len(found) <= _MOST_PROJECTS:
        yield from (Seen("project", name) for name in sorted(found))
