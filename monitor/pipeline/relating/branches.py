"""Who looks for its change under a sha or a branch, by day where it has many.

What ran on a branch while no pull request from it was open looks for one for good, and
a branch that lives as long as its repository (`develop`) has thousands of such runs; so
has a commit that is built or deployed again and again. The first few lie with what is
known of the key, which is stored whole; others under the days of their first instants,
by which they find their change on a branch: only those of the time in which a change
was open have to be asked. Pushes lie apart from runs: those before a change was opened
are asked, too.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from monitor.domain.items import EntityType
from monitor.domain.working_time import DAY
from monitor.pipeline.relating.by_day import enter
from monitor.pipeline.relating.renames import keys_beside
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.code_index import Span, first_time, is_branch, pushes_on
from monitor.relate.lanes import add_sorted
from monitor.relate.rows import Section

# Most branches and shas have fewer, and so one row of the store.
FEW: Final = 32


def follow(key: str, section: Section, working: WorkingSet) -> None:
    """The entity is asked again when other changes are known under the key."""
    if is_branch(key) and section.said.type is EntityType.CHANGE:
        key = pushes_on(key)
    node, entity, time = working.node(key), section.entity, first_time(section)
    has_many = len(node.followers) >= FEW
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
    """The entity asks no more, neither as a push nor otherwise."""
    _leave(key, section, working)
    if is_branch(key):
        _leave(pushes_on(key), section, working)


def _leave(key: str, section: Section, working: WorkingSet) -> None:
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


def askers_at(
    key: str, spans: Sequence[Span], gaps: Iterable[Span], working: WorkingSet
) -> Iterator[str]:
    """Who may follow another change now that one is known to be open elsewhere.

    In the gaps, before it was opened, only pushes to its branch. Some of those with
    other first instants are among them, and of a sha all: it stands for its change at
    any time. Of a branch those who ask by another name of its repository are among
    them, too.
    """
    if not is_branch(key):
        yield from all_followers(key, working)
        return
    names = (key, *keys_beside(key, working))
    for one in names:
        yield from _followers_at(one, spans, working)
    pushes = [pushes_on(one) for one in names]
    # Mostly none lie under days, and nobody has to know where the gaps are.
    if any(working.node(one).days for one in pushes):
        spans = [*spans, *gaps]
    for one in pushes:
        yield from _followers_at(one, spans, working)


def _followers_at(
    key: str, spans: Iterable[Span], working: WorkingSet
) -> Iterator[str]:
    """Of a branch's followers all that do not lie under days, and of those some."""
    node = working.node(key)
    yield from list(node.followers)
    for start, end in spans if node.days else ():
        first = bisect_left(node.days, start // DAY)
        days = node.days[first : bisect_right(node.days, (end - 1) // DAY)]
        for entity, times in _within(key, days, working):
            if any(start <= time < end for time in times):
                yield entity


def all_followers(key: str, working: WorkingSet) -> Iterator[str]:
    """Everybody who looks for its change under the key."""
    node = working.node(key)
    yield from list(node.followers)
    for entity, _ in _within(key, list(node.days), working):
        yield entity


def _within(
    key: str, days: Sequence[int], working: WorkingSet
) -> Iterator[tuple[str, list[int]]]:
    """Who lies under the days, with the first instants it is known for there."""
    working.prefetch_plain([_on(key, day) for day in days])
    for day in days:
        yield from list((working.plain(_on(key, day)) or {}).items())


def _on(key: str, day: int) -> str:
    return f"{key}\x1f{day}"
