"""The tracker's projects that stored facts were placed by, and placing them anew.

Which keys of a text were tickets was decided when it was read, and is kept. Those of a
project that the teams file no longer names are none now; named again, they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import Final

from monitor.domain.deflated import inflated
from monitor.domain.stored_values import reading_stored
from monitor.pipeline.ports import Changes, State, StateReader
from monitor.pipeline.relating.placing import place_all
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.packed_rows import unpack
from monitor.relate.parents import project_named
from monitor.relate.rows import Section

_PLACED: Final = "placed"
_NAMING: Final = b'"tickets"'
_AT_ONCE: Final = 5_000


def put_projects(
    projects: frozenset[str], changes: Changes, doubtful: frozenset[str] = frozenset()
) -> None:
    """Store that everything is placed by these; of doubtful ones perhaps not all."""
    rows = [sorted(projects), sorted(doubtful)]
    changes.put("meta", _PLACED, json.dumps(rows).encode())


def place_by(projects: frozenset[str], state: State) -> None:
    """Place anew whatever names tickets of projects that have come or gone.

    Until all is stored these are doubtful: after a crash any file may be next.
    """
    before, doubtful = _placed_by(state)
    moved = (before ^ projects) | doubtful
    if not moved:
        return
    changes = Changes()
    put_projects(before, changes, moved)
    state.commit(changes)
    naming = [
        section.entity
        for section in _naming(state)
        if not moved.isdisjoint(_projects_in(section))
    ]
    entities = iter(naming)
    while some := list(islice(entities, _AT_ONCE)):
        _place(some, projects, state)


def _place(entities: list[str], projects: frozenset[str], state: State) -> None:
    working, changes = WorkingSet(state, projects=projects), Changes()
    working.prefetch_homes(entities)
    working.load_rows(dict.fromkeys(map(working.home, entities)))
    place_all(entities, working)
    working.collect(changes)
    state.commit(changes)


def _placed_by(state: StateReader) -> tuple[frozenset[str], frozenset[str]]:
    """The projects, and the doubtful ones; in a state of before as it was read."""
    packed = state.get_many("meta", [_PLACED]).get(_PLACED)
    if packed is None:
        named = chain.from_iterable(map(_projects_in, _naming(state)))
        return frozenset(named), frozenset()
    with reading_stored("the projects"):
        placed, doubtful = json.loads(packed)
        return frozenset(placed), frozenset(doubtful)


def _naming(state: StateReader) -> Iterator[Section]:
    """Every entity whose text names a ticket."""
    for _, packed in state.scan("items"):
        plain = inflated(packed)
        if _NAMING in plain:
            yield from unpack(plain).sections.values()


def _projects_in(section: Section) -> Iterator[str]:
    for fact in section.facts.values():
        for key in fact.fields.get("tickets", ()):
            project = project_named(key)
            if project is not None:
                yield project
