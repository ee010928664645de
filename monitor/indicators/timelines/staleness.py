"""Where waits pause, because nobody has touched them for long (indicators 1.6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from monitor.domain.items import ItemFacts
from monitor.domain.model import Model
from monitor.domain.working_time import Calendar
from monitor.indicators.waits.intervals import Lull, Stretch, lapses_in, lulls, thinned


def stale_spans(
    item: ItemFacts,
    stretches: Iterable[Stretch],
    activity: Sequence[int],
    quiet: Sequence[Lull],
    calendar: Callable[[int], Calendar],
    model: Model,
) -> dict[str, Sequence[tuple[int, int]]]:
    """Where waits pause, by the blocker whose activity also keeps them fresh."""
    spans: dict[str, Sequence[tuple[int, int]]] = {}
    # Of blockers that nothing is known of all share one list.
    alone = lapses_in(quiet, model.stale_ms)
    sparse: Sequence[int] = ()
    for stretch in stretches:
        blocker = stretch.stale_by
        if blocker is None or blocker in spans:
            continue
        spans[blocker] = alone
        if blocker in item.blockers:
            sparse = sparse or thinned(activity, model.stale_ms)
            instants = sorted({*sparse, *item.blockers[blocker].activity})
            heard = lulls(instants, model.stale_ms, calendar)
            spans[blocker] = lapses_in(heard, model.stale_ms)
    return spans
