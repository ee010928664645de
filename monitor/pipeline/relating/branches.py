"""Who looks for its change under a sha or a branch, by day where a branch has many.

What ran on a branch while no pull request from it was open looks for one for good, and
a branch that lives as long as its repository (`develop`) has thousands of such runs.
The first few lie with what is known of the branch, which is stored whole; others under
the days of their first instants, by which they find their change: only those of the
time in which a change was open have to be asked.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import Final

from monitor.domain.working_time import DAY
from monitor.pipeline.relating.by_day import enter
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.code_index import Span, first_time, is_branch
from monitor.relate.lanes import add_sorted
from monitor.relate.rows import Section

# Most branches have fewer, and so one row of the store.
FEW: Final = 32


def follow(key: str, section: Section, working: WorkingSet) -> None:
    """The entity is asked again when other changes are known under the key."""
    node, entity, time = working.node(key), section.entity, first_time(section)
    has_many = is_branch(key) and len(node.followers) >= FEW
    if entity in node.followers:
        if not has_many or len(node.followers) == FEW:
            return
        # Stored before any lay apart; from now on it does.
        del node.followers[entity]
        working.touch_node(key)
    elif not has_many:
        node.followers[entity] = time
        working.touch_node(key)
        return
    day = time // DAY
    if enter(_on(key, day), entity, time, working) and add_sorted(node.days, day):
        working.touch_node(key)


def unfollow(key: str, section: Section, working: WorkingSet) -> None:
    """The entity asks no more."""
    node, entity = working.node(key), section.entity
    if node.followers.pop(entity, None) is not None:
        working.touch_node(key)
    if not node.days:
        return
    # The first instant was, at any time, that of one of its facts.
    days = {fact.time // DAY for fact in section.facts.values()}
    for day in sorted(days.intersection(node.days)):
        known = working.plain(_on(key, day)) or {}
        if known.pop(entity, None) is None:
            continue
        working.put_plain(_on(key, day), known)
        if not known:
            node.days.remove(day)
            working.touch_node(key)


def followers_at(key: str, spans: Iterable[Span], working: WorkingSet) -> Iterator[str]:
    """Who may follow another change now that one is known to be open elsewhere.

    Some of those with other first instants are among them.
    """
    node = working.node(key)
    yield from list(node.followers)
    if not node.days:
        return
    for start, end in spans:
        first = bisect_left(node.days, start // DAY)
        days = node.days[first : bisect_right(node.days, (end - 1) // DAY)]
        working.prefetch_plain([_on(key, day) for day in days])
        for day in days:
            for entity, times in (working.plain(_on(key, day)) or {}).items():
                if any(start <= time < end for time in times):
                    yield entity


def _on(key: str, day: int) -> str:
    return f"{key}\x1f{day}"
