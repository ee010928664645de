"""Stored items as a start with another teams file would judge them.

The stored numbers are of the file that the service was started with. Who asks about
another one before the next start asks what that will come to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from monitor.domain.items import ItemFacts, Profile
from monitor.domain.model import Model
from monitor.domain.teams import Directory
from monitor.domain.timeline import Timeline
from monitor.indicators.evaluate import evaluate
from monitor.indicators.timelines.profile import Telling
from monitor.pipeline.batch import stored_items
from monitor.pipeline.ports import StateReader
from monitor.relate.packed_rows import unpack


def items_under(
    state: StateReader, directory: Directory, model: Model
) -> Iterator[tuple[ItemFacts, tuple[Timeline, ...]]]:
    """Every item that has a timeline, with the one it has under this directory.

    Which items tickets' keys in texts lead to stays as it is stored.
    """
    # Once each, because one may hold up thousands.
    known: dict[str, Profile | None] = {}
    for item, _ in stored_items(state, directory):
        new = [key for key in item.blockers if key not in known]
        rows = state.get_many("items", new) if new else {}
        known |= {key: _told_by(key, rows.get(key), directory) for key in new}
        blockers = {key: known[key] or one for key, one in item.blockers.items()}
        told = replace(item, blockers=blockers)
        yield told, evaluate(told, directory, model)


def _told_by(key: str, packed: bytes | None, directory: Directory) -> Profile | None:
    """What a blocker tells under this directory; of one in another's row it is left."""
    row = unpack(packed) if packed is not None else None
    if row is None or not row.tells_of(key):
        return None
    return Telling(row.item(directory), directory).profile(key)
