"""Which changes a deploy of a branch's tip contains: what was merged there before it.

A deploy that names no service and no item, but one commit, with which the one change
was merged that has it, contains all that was merged in that repository until then. Of
the deploys that contain a change the first to succeed counts, so each tells those
changes for which it may be the first: whoever comes last, both find each other. So do
those that were told under several names of a repository. Nobody is taken out, and
evaluation decides.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Final, NamedTuple

from monitor.domain.deploys import (
    CONTAINED,
    ended_of,
    environments_of,
    is_told_production,
)
from monitor.domain.facts import Kind
from monitor.domain.items import FOREVER, EntityType
from monitor.domain.working_time import DAY
from monitor.pipeline.relating.finding import candidates
from monitor.pipeline.relating.renames import names_beside
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.lanes import add_sorted
from monitor.relate.rows import Section

# A member of an enumeration costs ten times a global name.
_MERGED: Final = Kind.CHANGE_MERGED
_SEPARATOR: Final = "\x1f"
# Beside environments, whose names are stripped: what is told to be production under
# any name.
_PRODUCTION: Final = " "
# A repository and an environment: deploys of tips follow each other there.
_Line = tuple[str, str]


class Tip(NamedTuple):
    """A deploy of what was merged until ``merged``, which succeeded at ``time``."""

    merged: int
    time: int
    deploy: str


class Merged(NamedTuple):
    """A change was merged in a repository at an instant (ms)."""

    repo: str
    time: int


def merged_of(section: Section) -> Merged | None:
    """Where and when the change was merged; None when it is not known to be."""
    times: list[int] = []
    repos: list[str] = []
    for kind, time, _, _, _, _, fields, _ in section.facts.values():
        if kind is _MERGED:
            times.append(time)
        if "repo" in fields:
            repos.append(fields["repo"])
    return Merged(min(repos), min(times)) if times and repos else None


def repository_of(section: Section) -> str | None:
    """The repository that the entity's facts name."""
    named = {f.fields["repo"] for f in section.facts.values() if "repo" in f.fields}
    return min(named, default=None)


def containers_of(
    merges: Mapping[str, Merged], working: WorkingSet
) -> Iterator[tuple[str, str]]:
    """Enter merged changes; each with the first deploys, one an environment, of it."""
    by_day: dict[tuple[str, int], dict[str, int]] = {}
    for change, (repo, time) in merges.items():
        by_day.setdefault((repo, time // DAY), {})[change] = time
    keys = {_key("merged", repo, str(day)) for repo, day in by_day}
    working.prefetch_plain(keys | {_key("tips", repo) for repo, _ in by_day})
    for (repo, day), found in by_day.items():
        _enter(repo, day, found, working)
        for name in (repo, *names_beside(repo, working)):
            for environment in working.plain(_key("tips", name)) or ():
                for change, time in found.items():
                    first = _first((name, environment), time, working)
                    if first is not None:
                        yield change, first.deploy


def _enter(repo: str, day: int, found: Mapping[str, int], working: WorkingSet) -> None:
    """Keep what was merged in a repository on a day."""
    key = _key("merged", repo, str(day))
    known = working.plain(key) or {}
    if not known:
        _add_day(_key("merged", repo), day, working)
    if not found.items() <= known.items():
        working.put_plain(key, {**known, **found})


def forget_contained(section: Section, working: WorkingSet) -> None:
    """Nobody tells a sealed change what brings it, nor is a sealed deploy told anew."""
    if section.type is EntityType.DEPLOY:
        key = _key("tip of", section.entity)
        if working.plain(key) is not None:
            working.put_plain(key, None)
        return
    facts = section.facts.values()
    days = {fact.time // DAY for fact in facts if fact.kind is _MERGED}
    repos = {fact.fields["repo"] for fact in facts if "repo" in fact.fields}
    for repo, day in sorted(product(repos, days)):
        key, of_repo = _key("merged", repo, str(day)), _key("merged", repo)
        known = working.plain(key) or {}
        if known.pop(section.entity, None) is None:
            continue
        working.put_plain(key, known)
        if not known:
            left = [one for one in working.plain(of_repo) or () if one != day]
            working.put_plain(of_repo, left)


def contained_in(section: Section, working: WorkingSet) -> Iterator[tuple[str, str]]:
    """Enter a deploy anew; every change that may have to be told, with by whom."""
    tips = dict(_tips_of(section, working))
    key = _key("tip of", section.entity)
    before = {
        (repo, where): Tip(merged, time, section.entity)
        for repo, where, merged, time in working.plain(key) or ()
    }
    if tips == before:
        return
    stored = [[*line, tip.merged, tip.time] for line, tip in tips.items()]
    working.put_plain(key, stored)
    for line, tip in before.items():
        if tips.get(line) != tip:
            yield from _taken_out(line, tip, working)
    for line, tip in tips.items():
        if before.get(line) != tip:
            _keep(line, tip, working)
            for change, _ in _brought(line, tip, working):
                yield change, tip.deploy


def _taken_out(line: _Line, tip: Tip, working: WorkingSet) -> Iterator[tuple[str, str]]:
    """Whoever was told of the tip as the first is told of the next one."""
    brought = list(_brought(line, tip, working))
    _forget(line, tip, working)
    repo, environment = line
    for name in (repo, *names_beside(repo, working)):
        for change, time in brought:
            first = _first((name, environment), time, working)
            if first is not None:
                yield change, first.deploy


def _tips_of(section: Section, working: WorkingSet) -> Iterator[tuple[_Line, Tip]]:
    """Where the deploy brought a tip, by its first success that lasted."""
    said, facts = section.said, tuple(section.told(section.said.type))
    if section.parent is None or "item" in said.latest or said.items:
        return
    # Whoever names several commits says what it brings, of however many items.
    shas = sorted(said.shas)
    if len(shas) != 1 or len(candidates(section, shas, working)) != 1:
        return
    if any("service" in fact.fields for fact in facts):
        return
    change = working.row(working.home(section.parent)).sections.get(section.parent)
    repo = repository_of(change) if change is not None else None
    if change is None or repo is None:
        return
    merged = [
        fact.time
        for fact in change.facts.values()
        if fact.kind is Kind.CHANGE_MERGED
        and f"sha:{fact.fields.get('sha')}" in said.shas
    ]
    good = [end.time for end in ended_of(facts) if end.is_success]
    good = [time for time in good if merged and time >= min(merged)]
    if good:
        told = (_PRODUCTION,) if is_told_production(facts) else ()
        for where in (*environments_of(facts), *told):
            yield (repo, where), Tip(min(merged), min(good), section.entity)


def _brought(line: _Line, tip: Tip, working: WorkingSet) -> Iterator[tuple[str, int]]:
    """What was merged that no other tip brought before."""
    after, until = tip.merged - CONTAINED - 1, tip.merged
    days = working.plain(_key("tips", *line)) or []
    place = bisect_left(days, tip.merged // DAY)
    # A later tip that was there before brought all that is not too old for it.
    later = days[place : bisect_right(days, tip.time // DAY)]
    for other in _on(line, later, working):
        if other.merged >= tip.merged and other[1:] < tip[1:]:
            until = min(until, other.merged - CONTAINED - 1)
    for day in reversed(days[bisect_left(days, after // DAY) : place + 1]):
        earlier = [
            other.merged
            for other in _on(line, [day], working)
            if other.merged < tip.merged and other[1:] < tip[1:]
        ]
        if earlier:
            after = max(*earlier, after)
            break
    for name in (line[0], *names_beside(line[0], working)):
        yield from _merged(name, after, until, working)


def _first(line: _Line, merged: int, working: WorkingSet) -> Tip | None:
    """The first success of a tip that contains what was merged at an instant.

    No tip succeeds before it is merged, so later ones need not be looked at.
    """
    days = working.plain(_key("tips", *line)) or []
    best = Tip(0, FOREVER, "")
    latest = merged + CONTAINED
    first, last = bisect_left(days, merged // DAY), bisect_right(days, latest // DAY)
    for day in days[first:last]:
        if day > best.time // DAY:
            break
        for tip in _on(line, [day], working):
            if merged <= tip.merged <= latest and tip[1:] < best[1:]:
                best = tip
    return best if best.deploy else None


def _on(line: _Line, days: Iterable[int], working: WorkingSet) -> Iterator[Tip]:
    for day in days:
        found = working.plain(_key("tips", *line, str(day))) or {}
        for deploy, (merged, time) in found.items():
            yield Tip(merged, time, deploy)


def _keep(line: _Line, tip: Tip, working: WorkingSet) -> None:
    key = _key("tips", *line, str(tip.merged // DAY))
    known = working.plain(key) or {}
    known[tip.deploy] = (tip.merged, tip.time)
    working.put_plain(key, known)
    _add_day(_key("tips", *line), tip.merged // DAY, working)
    environments = working.plain(_key("tips", line[0])) or []
    if line[1] not in environments:
        working.put_plain(_key("tips", line[0]), [*environments, line[1]])


def _forget(line: _Line, tip: Tip, working: WorkingSet) -> None:
    key = _key("tips", *line, str(tip.merged // DAY))
    known = working.plain(key) or {}
    known.pop(tip.deploy, None)
    working.put_plain(key, known)


def _merged(
    repo: str, after: int, until: int, working: WorkingSet
) -> Iterator[tuple[str, int]]:
    """What was merged in (after, until]."""
    days = working.plain(_key("merged", repo)) or []
    first = bisect_left(days, after // DAY)
    asked = days[first : bisect_right(days, until // DAY)]
    working.prefetch_plain([_key("merged", repo, str(day)) for day in asked])
    for day in asked:
        found = working.plain(_key("merged", repo, str(day))) or {}
        for change, time in found.items():
            if after < time <= until:
                yield change, time


def _add_day(key: str, day: int, working: WorkingSet) -> None:
    days = working.plain(key) or []
    if add_sorted(days, day):
        working.put_plain(key, days)


def _key(*parts: str) -> str:
    return _SEPARATOR.join(parts)
