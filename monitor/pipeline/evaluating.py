"""Evaluate: every touched item anew, and the items that depend on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, NamedTuple

from monitor.domain.facts import digest
from monitor.domain.items import Profile
from monitor.domain.model import Model
from monitor.domain.teams import Directory
from monitor.domain.timeline import Timeline
from monitor.indicators.evaluate import evaluate_each
from monitor.indicators.timelines.profile import Telling
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.rows import Row

# Of so many items one step after the other is done: what it needs of the program and
# of them stays in the caches. One item after the other takes a quarter longer.
AT_ONCE: Final = 50
# In place of a profile's hash, which is never negative: what was known is others'.
_NOTHING: Final = -1


class Replaced(NamedTuple):
    """An item whose timelines were replaced: subtract the old, add the new."""

    item: str
    old: tuple[Timeline, ...]
    new: tuple[Timeline, ...]


def evaluate_touched(
    working: WorkingSet, directory: Directory, model: Model
) -> Iterator[Replaced]:
    """Replace the timelines of every item the batch touched.

    A blocker first sends its profile to its dependents, which touches them; a
    profile depends on the blocker's own facts only, so nothing cascades further.
    """
    tell_dependents(map(working.row, list(working.touched)), working, directory)
    keys = working.to_evaluate()
    working.load_timelines(keys)
    left = iter(keys)
    while some := list(islice(left, AT_ONCE)):
        items = [working.row(key).item(directory) for key in some]
        evaluated = evaluate_each(items, directory, model)
        for key, new in zip(some, evaluated, strict=True):
            old = working.timelines(key)
            if old != new:
                working.set_timelines(key, new)
                yield Replaced(key, old, new)


def tell_dependents(
    rows: Iterable[Row], working: WorkingSet, directory: Directory
) -> None:
    """Send what is new of blockers among the rows to those who depend on them."""
    for row in rows:
        for blocker, sent, profile in news_of(row, directory):
            dependents = row.dependents[blocker]
            # One that is sealed and was told before was evaluated with it.
            never_told = islice(dependents.entities, dependents.told, None)
            if working.any_gone:
                working.told_late += len(working.gone(never_told))
            told = dependents.told if sent == dependents.sent else 0
            working.tell(blocker, profile, islice(dependents.entities, told, None))
            dependents.sent, dependents.told = sent, len(dependents.entities)
            working.touch(row)


def news_of(row: Row, directory: Directory) -> list[tuple[str, int, Profile | None]]:
    """Blockers with a dependent who knows another profile or none: with its hash.

    The profile is ``None`` where what was known of a blocker turned out to be others'.
    """
    found: list[tuple[str, int, Profile | None]] = []
    telling: Telling | None = None
    for blocker, dependents in row.dependents.items():
        if not row.tells_of(blocker):
            if dependents.told and dependents.sent != _NOTHING:
                found.append((blocker, _NOTHING, None))
            continue
        telling = telling or Telling(row.item(directory), directory)
        profile = telling.profile(blocker)
        sent = digest(repr(profile))
        if sent != dependents.sent or dependents.told < len(dependents.entities):
            found.append((blocker, sent, profile))
    return found
