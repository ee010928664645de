"""What names an epic as its parent: an item of its own, until the epic is none.

Nothing belongs to an epic, so nothing else says who would if it became a story; what is
named so rests in the index, under days, as an epic may have thousands. So does a change
that names another one as its ticket, should that turn out to be none.
"""

from __future__ import annotations

from collections.abc import Iterable

from monitor.pipeline.relating.lines import SEPARATOR, Line
from monitor.pipeline.working_set import WorkingSet


def keep_apart(entity: str, epic: str, time: int, working: WorkingSet) -> None:
    """Remember, by an instant of it, that the entity names the epic as its parent."""
    _line(epic, working).enter(time, entity)


def kept_apart(epic: str, working: WorkingSet) -> list[str]:
    """Everything that once named the epic as its parent."""
    return [entity for _, entity in _line(epic, working).all()]


def prefetch_epics(entities: Iterable[str], working: WorkingSet) -> None:
    """Read with one look-up who names each of the entities as an epic."""
    working.prefetch_plain(_line(one, working).key for one in entities)


def rename_epic(alias: str, epic: str, working: WorkingSet) -> None:
    """Whatever named the alias as its parent named the epic."""
    for time, entity in [*_line(alias, working).all()]:
        keep_apart(entity, epic, time, working)


def _line(epic: str, working: WorkingSet) -> Line:
    return Line(SEPARATOR.join(("epic", epic)), working)
