"""The job that makes limits and verdicts, under the names as shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, get_args

from monitor.adapters.prometheus.page_names import renamed
from monitor.domain.model import Model
from monitor.domain.snapshot import Family, Judgement, Sample
from monitor.domain.teams import Directory
from monitor.indicators.totals.moments import Moments
from monitor.indicators.totals.series import WINDOWS
from monitor.indicators.totals.verdict import Word
from monitor.indicators.totals.window_items import WindowItems
from monitor.pipeline.showing.following import read_all, read_changed
from monitor.pipeline.showing.judging import Judged, judged
from monitor.pipeline.showing.refreshing import Pinned, Refreshed
from monitor.pipeline.showing.sums import WINDOW_NAMES

LIMIT: Final = "friction_window_ratio_limit"
VERDICT: Final = "friction_verdict"
# For the first refresh after a start a page waits so long.
FIRST_SECONDS: Final = 5.0
_WORDS: Final[tuple[Word, ...]] = get_args(Word)
# Every name of a team, and the names that stand for some of them.
Names = tuple[Collection[str], Mapping[str, str]]


@dataclass(slots=True)
class Limits:
    """Keeps the items of 28 days, and judges every team with each refresh."""

    directory: Directory
    model: Model
    names: Callable[[], Names]
    _items: WindowItems | None = None
    _known: frozenset[str] = field(default_factory=frozenset)

    def refresh(self, pinned: Pinned) -> Sequence[Family]:
        """The confidence limits of R, and one word a team that is 1."""
        names, merged = self.names()
        items = self._kept(pinned, merged)
        self._known = frozenset(names)
        reading = renamed(pinned.reading, merged)
        pinned.rest()
        moments: dict[str, Moments] = {}
        for team, sums in items.moments():
            pinned.rest()
            moments[team] = sums
        found: dict[str, Judged] = {}
        for team, one in judged(reading, moments, self.directory, self.model, merged):
            pinned.rest()
            found[team] = one
        limits, verdicts = _limits(found), _verdicts(found)
        return (Family(LIMIT, tuple(limits)), Family(VERDICT, tuple(verdicts)))

    def _kept(self, pinned: Pinned, merged: Mapping[str, str]) -> WindowItems:
        """The items as of the instant; read anew where a known team is renamed."""
        items = self._items
        if items is None or pinned.touched is None or self._renamed(items, merged):
            items = read_all(pinned, self.directory, merged, WINDOWS[-1])
            self._items = items
        else:
            items.shown = merged
            # Should it fail half-way, everything counts as touched the next time.
            read_changed(items, pinned)
        return items

    def _renamed(self, items: WindowItems, merged: Mapping[str, str]) -> bool:
        return any(items.shown.get(team) != merged.get(team) for team in self._known)


def judgements_of(refreshed: Refreshed | None) -> dict[str, Judgement]:
    """What is said of every team as shown; nothing before the first refresh."""
    if refreshed is None:
        return {}
    limits = dict(refreshed.family(LIMIT).samples)
    found = {}
    for (team, word), holds in refreshed.family(VERDICT).samples:
        if holds:
            lower = limits.get((WINDOW_NAMES[-1], team, "lower"))
            upper = limits.get((WINDOW_NAMES[-1], team, "upper"))
            if lower is None or upper is None:
                found[team] = Judgement(word)
            else:
                found[team] = Judgement(word, (lower, upper))
    return found


def _limits(found: Mapping[str, Judged]) -> Iterator[Sample]:
    for team, (_, interval) in found.items():
        if interval is not None:
            yield (WINDOW_NAMES[-1], team, "lower"), interval.lower
            yield (WINDOW_NAMES[-1], team, "upper"), interval.upper


def _verdicts(found: Mapping[str, Judged]) -> Iterator[Sample]:
    for team, (found_word, _) in found.items():
        for word in _WORDS:
            yield (team, word), 1.0 if word == found_word else 0.0
