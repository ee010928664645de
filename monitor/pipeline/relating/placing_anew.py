"""What stored facts were placed by, and placing anew those that it matters to.

Which keys of a text were tickets was decided when it was read, and is kept. Those of a
project that the teams file no longer names are none now; named again, they are. And a
state of an older program has things where that one placed them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import Final, NamedTuple

from monitor.domain.deflated import inflated
from monitor.domain.stored_values import reading_stored
from monitor.pipeline.ports import Changes, State, StateReader
from monitor.pipeline.relating.placing import place_all
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.code_index import is_push
from monitor.relate.packed_rows import unpack
from monitor.relate.parents import project_named
from monitor.relate.rows import Section

_PLACED: Final = "placed"
_NAMING: Final = b'"tickets"'
_AT_ONCE: Final = 5_000
_ALL: Final = b""
# Raised where pushes belong elsewhere than before.
_RULES: Final = 1


class Placed(NamedTuple):
    """The projects it was placed by, not all of it of doubtful ones; and the rules."""

    projects: frozenset[str]
    doubtful: frozenset[str] = frozenset()
    rules: int = _RULES

    def put(self, changes: Changes) -> None:
        """Store it."""
        row = [sorted(self.projects), sorted(self.doubtful), self.rules]
        changes.put("meta", _PLACED, json.dumps(row).encode())


def place_by(projects: frozenset[str], state: State) -> None:
    """Place anew whatever names tickets of projects that have come or gone.

    Until all is stored these are doubtful: after a crash any file may be next.
    """
    before = _placed(state)
    moved = (before.projects ^ projects) | before.doubtful
    is_old = before.rules != _RULES
    if not moved and not is_old:
        return
    changes = Changes()
    before._replace(doubtful=moved).put(changes)
    state.commit(changes)
    entities = [
        section.entity
        for section in _sections(state, _ALL if is_old else _NAMING)
        if not moved.isdisjoint(_projects_in(section))
        or (is_old and is_push(section.said))
    ]
    left = iter(entities)
    while some := list(islice(left, _AT_ONCE)):
        _place(some, projects, state)


def _place(entities: list[str], projects: frozenset[str], state: State) -> None:
    working, changes = WorkingSet(state, projects=projects), Changes()
    working.prefetch_homes(entities)
    working.load_rows(dict.fromkeys(map(working.home, entities)))
    place_all(entities, working)
    working.collect(changes)
    state.commit(changes)


def _placed(state: StateReader) -> Placed:
    """What the state says; one of before was placed by every project it names."""
    packed = state.get_many("meta", [_PLACED]).get(_PLACED)
    if packed is None:
        named = chain.from_iterable(map(_projects_in, _sections(state, _NAMING)))
        return Placed(frozenset(named), rules=0)
    with reading_stored("the projects"):
        projects, doubtful, *rules = json.loads(packed)
        # The first to store it had no number yet.
        number = rules[0] if rules else 0
        return Placed(frozenset(projects), frozenset(doubtful), number)


def _sections(state: StateReader, holding: bytes) -> Iterator[Section]:
    """Every entity of the rows whose bytes hold these."""
    for _, packed in state.scan("items"):
        plain = inflated(packed)
        if holding in plain:
            yield from unpack(plain).sections.values()


def _projects_in(section: Section) -> Iterator[str]:
    for fact in section.facts.values():
        for key in fact.fields.get("tickets", ()):
            project = project_named(key)
            if project is not None:
                yield project
