"""Start with another teams file or model: every stored item is evaluated anew.

Facts keep the references the directory resolves, so nothing is read from Kafka
again. Until the last chunk is stored the basis says so, and a crash starts over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple
from typing import Final

from monitor.domain.facts import digest
from monitor.domain.model import Model
from monitor.domain.teams import Directory
from monitor.pipeline.books import Books, rebuilt
from monitor.pipeline.evaluating import Replaced, evaluate_touched
from monitor.pipeline.ports import Changes, State
from monitor.pipeline.stored_teams import put_teams
from monitor.pipeline.working_set import WorkingSet

_BASIS: Final = "basis"
_REBUILDING: Final = b"rebuilding"
_CHUNK: Final = 5_000
_EVERY_HOUR: Final = 2**40


def basis_of(directory: Directory, model: Model) -> bytes:
    """What all stored timelines and totals were worked out with."""
    return f"{directory.hash}/{digest(repr(astuple(model)))}".encode()


def restated(state: State, books: Books, directory: Directory, model: Model) -> Books:
    """The books under this directory and model, worked out anew where they differ."""
    basis = basis_of(directory, model)
    stored = state.get_many("meta", [_BASIS]).get(_BASIS)
    if stored not in (None, basis):
        books = _restate(state, books, directory, model)
    books.accounts.directory = directory
    if stored == basis:
        return books
    changes = Changes()
    changes.put("meta", _BASIS, basis)
    put_teams(directory, changes)
    state.commit(changes)
    return books


def _restate(state: State, books: Books, directory: Directory, model: Model) -> Books:
    waits = list(books.open_waits.by_item)
    books = rebuilt(books, directory, state)
    changes = Changes(drop_boundaries_before=_EVERY_HOUR)
    changes.put("meta", _BASIS, _REBUILDING)
    # From here on sums are of the new calendars, also for a start after a crash.
    put_teams(directory, changes)
    books.collect(changes)
    changes.drop_boundaries_before = _EVERY_HOUR
    for item in waits:
        changes.put("series", f"open:{item}", None)
    state.commit(changes)
    keys = [key for key, _ in state.scan("items")]
    for chunk in _chunks(keys):
        _restate_chunk(chunk, state, books, directory, model, profiles_only=True)
    for chunk in _chunks(keys):
        _restate_chunk(chunk, state, books, directory, model, profiles_only=False)
    return books


def _restate_chunk(
    keys: Sequence[str],
    state: State,
    books: Books,
    directory: Directory,
    model: Model,
    *,
    profiles_only: bool,
) -> None:
    """Evaluate some items; first only blockers, so that all profiles are right."""
    working = WorkingSet(state)
    working.load_rows(keys)
    for key in keys:
        row = working.row(key)
        if profiles_only:
            if not row.dependents:
                continue
            for dependents in row.dependents.values():
                dependents.sent = 0
        else:
            # What was accounted under the old basis is gone from the books.
            row.timelines = ()
        working.touch(row)
    replaced = list(evaluate_touched(working, directory, model))
    if not profiles_only:
        books.replace((Replaced(r.item, (), r.new) for r in replaced), directory)
    changes = Changes()
    working.collect(changes)
    if not profiles_only:
        books.collect(changes)
    state.commit(changes)


def _chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]
