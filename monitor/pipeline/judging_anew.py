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
    for item, _ in stored_items(state, directory):
        blockers = _told(item.blockers, state, directory)
        told = replace(item, blockers=blockers)
        yield told, evaluate(told, directory, model)


def _told(
    blockers: dict[str, Profile], state: StateReader, directory: Directory
) -> dict[str, Profile]:
    """What blockers tell under this directory; as it is stored of those in others."""
    rows = state.get_many("items", list(blockers)) if blockers else {}
    anew = (
        (key, Telling(unpack(packed).item(directory), directory))
        for key, packed in rows.items()
    )
    return blockers | {key: telling.profile(key) for key, telling in anew}
