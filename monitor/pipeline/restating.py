"""Start with other teams, model, zones or rules: every stored item is evaluated anew.

Facts keep the references the directory resolves, so nothing is read from Kafka
again. What was accounted is forgotten and every item deferred, so that all are
evaluated before the service is ready, as after any catching up. Until the last
chunk is deferred the basis says so, and a crash starts over.
"""

from __future__ import annotations

from dataclasses import astuple
from itertools import islice
from typing import Final

import structlog

from monitor.domain.facts import digest
from monitor.domain.model import Model
from monitor.domain.renamed_teams import sealed_under
from monitor.domain.sealed import seal, unseal
from monitor.domain.teams import UNKNOWN, Directory
from monitor.indicators.timelines.repricing import repriced
from monitor.pipeline.accounting import accounted
from monitor.pipeline.books import OPEN, Books
from monitor.pipeline.catching_up.deferring import defer
from monitor.pipeline.decoded_before import (
    READ_OTHERWISE,
    is_read_otherwise,
    put_decoding,
)
from monitor.pipeline.evaluating import Replaced
from monitor.pipeline.ports import Changes, State, StateReader
from monitor.pipeline.relating.placing_anew import Placed, place_by
from monitor.pipeline.stored_books import rebuilt
from monitor.pipeline.stored_teams import (
    StoredTeams,
    looked_for,
    put_teams,
    stored_teams,
    zones_of,
)
from monitor.relate.packed_rows import has_dependents

_LOG = structlog.get_logger()

_BASIS: Final = "basis"
_REBUILDING: Final = b"rebuilding"
_CHUNK: Final = 50_000
_EVERY_HOUR: Final = 2**40
_SEALED_AT_ONCE: Final = 5_000
# Raised where the same facts come to other numbers than before: a state of an older
# program is then worked out anew at the first start. Where the same records come to
# other facts, ``decoded_before`` has a number.
_RULES: Final = 23


# Said where the numbers are asked about with a file that they were not made with.
OTHER_TEAMS: Final = (
    "the teams file is not the one that the stored numbers were made with: start the "
    "service again, which attributes all history by this one"
)
# Likewise with another database of time zones.
OTHER_ZONES: Final = (
    "the time zone database has other rules than the one that the stored numbers were "
    "made with: start the service again, which works out all history by those of now"
)
# And with other `[model]` values, or by another version of the program.
OTHER_MODEL: Final = (
    "the cost model, or the version of this program, is not the one that the stored "
    "numbers were made with: start the service again, which works out all history by "
    "this one"
)


def basis_of(directory: Directory, model: Model) -> bytes:
    """What all stored timelines and totals were worked out with."""
    by = (_RULES, astuple(model), zones_of(directory))
    return f"{directory.hash}/{digest(repr(by))}".encode()


def start_due(state: StateReader, directory: Directory, model: Model) -> str:
    """Why the stored numbers are not those of this file and model; empty if they are.

    They were made with another file, other rules of its time zones, another model or
    by another version. Not while they are being made anew: then they are of none.
    Raises StateCorrupt.
    """
    stored = state.get_many("meta", [_BASIS]).get(_BASIS)
    if stored in (None, _REBUILDING):
        return ""
    if stored.partition(b"/")[0] != directory.hash.encode():
        return OTHER_TEAMS
    known = stored_teams(state)
    if known is not None and _changed_zones(known, directory):
        return OTHER_ZONES
    return "" if stored == basis_of(directory, model) else OTHER_MODEL


def restated(state: State, books: Books, directory: Directory, model: Model) -> Books:
    """The books under this directory and model.

    Where the state was worked out with others, they are empty and every item waits
    to be evaluated.
    """
    basis = basis_of(directory, model)
    if is_read_otherwise(state):
        _LOG.warning(READ_OTHERWISE)
    stored = state.get_many("meta", [_BASIS]).get(_BASIS)
    looked = looked_for(state, directory)
    if stored not in (None, basis):
        if (known := stored_teams(state)) is not None:
            _tell_of_projects(looked, directory)
            _tell_of_teams(known, directory)
            _tell_of_zones(known, directory)
        books = _restate(state, books, directory, model, looked)
    books.accounts.directory = directory
    books.find_first(state, directory)
    changes = Changes()
    put_decoding(state, changes)
    if stored != basis:
        changes.put("meta", _BASIS, basis)
        put_teams(directory, looked, state, changes)
        Placed(directory.projects).put(changes)
    if changes.puts:
        state.commit(changes)
    return books


def _tell_of_projects(looked: frozenset[str] | None, directory: Directory) -> None:
    """Say which projects nobody looked for in what was read before."""
    if looked is None:
        return
    new = sorted(directory.projects - looked)
    if new:
        _LOG.warning(
            "the teams file names new tracker projects: changes and runs that were "
            "read while it did not are not linked to their tickets, new ones are. To "
            "link them, too: stop, move the state file away and start anew from the "
            "oldest record",
            projects=new,
        )


def _tell_of_teams(known: StoredTeams, directory: Directory) -> None:
    """Say which ids of the last file, now or before, stand for no team in this one."""
    ids = sorted(known.teams.keys() | known.formerly)
    gone = [name for name in ids if directory.listed(name) == UNKNOWN]
    if gone:
        _LOG.warning(
            "the teams file has no teams of these ids any more: where events name "
            "them, nobody is known now. If a team was renamed, or is part of another, "
            "write down the id it had under the one it has: formerly: [ID]",
            teams=gone,
        )


def _tell_of_zones(known: StoredTeams, directory: Directory) -> None:
    """Say which zones mean something else by the database of now."""
    if changed := _changed_zones(known, directory):
        _LOG.warning(
            "the time zone database has other rules than when history was worked out: "
            "it is worked out anew by those of now",
            zones=changed,
        )


def _changed_zones(known: StoredTeams, directory: Directory) -> list[str]:
    """Those whose rules were stored and are others here."""
    now = zones_of(directory)
    return [zone for zone in now if known.zones.get(zone, now[zone]) != now[zone]]


def _restate(
    state: State,
    books: Books,
    directory: Directory,
    model: Model,
    looked: frozenset[str] | None,
) -> Books:
    waits = list(books.open_waits.by_item)
    books = rebuilt(books, directory, state)
    changes = Changes(drop_boundaries_before=_EVERY_HOUR)
    changes.put("meta", _BASIS, _REBUILDING)
    # From here on sums are of the new calendars, also for a start after a crash.
    put_teams(directory, looked, state, changes)
    books.collect(changes)
    changes.drop_boundaries_before = _EVERY_HOUR
    changes.empty_ledger = True
    for item in waits:
        changes.put("series", OPEN + item, None)
    state.commit(changes)
    place_by(directory.projects, state)
    everything = iter(_items(state).items())
    while chunk := dict(islice(everything, _CHUNK)):
        changes = Changes()
        changes.puts["timelines"] = dict.fromkeys(chunk)
        defer(chunk, changes, blockers=[key for key in chunk if chunk[key]])
        state.commit(changes)
    _reenter_sealed(state, books, directory, model)
    return books


def _reenter_sealed(
    state: State, books: Books, directory: Directory, model: Model
) -> None:
    """Book sealed items again, which have no facts to be evaluated.

    Teams, classes and limits stay as they were, but for the ids of teams that were
    renamed; the phases of waits are split anew, and amounts are on the calendars of
    now.
    """
    instant, number = books.accounts.instants[0], 0
    while page := state.page("sealed", number, _SEALED_AT_ONCE):
        number = page[-1].number
        changes, replaced = Changes(), list[Replaced]()
        for _, key, packed in page:
            known = unseal(key, packed)
            named = sealed_under(directory.formerly, known)
            sealed = repriced(named, directory, model.d0_ms)
            replaced.append(Replaced(key, (), sealed.timelines))
            if sealed != known:
                changes.put("sealed", key, seal(key, sealed))
        books.enter([accounted(replaced, directory, instant)], directory)
        books.collect(changes)
        state.commit(changes)


def _items(state: State) -> dict[str, bool]:
    """Every item there is, or was and left a timeline; whether it has dependents."""
    left = {key: False for key, _ in state.scan("timelines")}
    return left | {key: has_dependents(row) for key, row in state.scan("items")}
