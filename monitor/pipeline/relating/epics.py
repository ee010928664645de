"""What names an epic as its parent: an item of its own, until the epic is none.

Nothing belongs to an epic, so nothing else says who would if it became a story; what is
named so rests in the index, under days, as an epic may have thousands. So does a change
that names another one as its ticket, should that turn out to be none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.domain.working_time import DAY
from monitor.pipeline.relating.by_day import enter
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.lanes import add_sorted


def keep_apart(entity: str, epic: str, time: int, working: WorkingSet) -> None:
    """Remember, by an instant of it, that the entity names the epic as its parent."""
    if enter(_named_on(epic, time // DAY), entity, time, working):
        days = working.plain(_days(epic)) or []
        if add_sorted(days, time // DAY):
            working.put_plain(_days(epic), days)


def kept_apart(epic: str, working: WorkingSet) -> Iterator[str]:
    """Everything that once named the epic as its parent."""
    for day in working.plain(_days(epic)) or ():
        yield from working.plain(_named_on(epic, day)) or ()


def prefetch_epics(entities: Iterable[str], working: WorkingSet) -> None:
    """Read with one look-up who names each of the entities as an epic."""
    working.prefetch_plain(map(_days, entities))


def rename_epic(alias: str, epic: str, working: WorkingSet) -> None:
    """Whatever named the alias as its parent named the epic."""
    for day in working.plain(_days(alias)) or ():
        for entity, times in (working.plain(_named_on(alias, day)) or {}).items():
            for time in times:
                keep_apart(entity, epic, time, working)


def _days(epic: str) -> str:
    return f"epic\x1f{epic}"


def _named_on(epic: str, day: int) -> str:
    return f"epic\x1f{epic}\x1f{day}"
