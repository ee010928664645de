"""Who is named where ``unknown`` is charged or waited for: by wait, and by time.

An item is judged once more from its facts, so that each wait leads to the facts that
opened it; whom these name may be known at one time and not at another. Which model it
is judged by makes no difference to that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, pairwise
from typing import Final

from monitor.domain.attempts import attempts_of
from monitor.domain.facts import FAILED, RUNS, Fact, Fields, Kind
from monitor.domain.items import ItemFacts
from monitor.domain.keys import repository_by_key
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.opaque import flag_name, team_reference
from monitor.domain.references import (
    Named,
    blocker_named,
    group_named,
    paths_named,
    places_named,
    pool_named,
    references_of,
    repository_named,
    teams_named,
)
from monitor.domain.teams import UNKNOWN, Directory, always
from monitor.domain.timeline import Component
from monitor.indicators.evaluate import sweeps_of
from monitor.indicators.items.owners import OWNING
from monitor.indicators.timelines.sweep import Sweep
from monitor.indicators.waits.asked import asked_by, numbers_told
from monitor.indicators.waits.blocks import flag_spans
from monitor.indicators.waits.intervals import Span, Stretch, covers
from monitor.indicators.waits.pipelines import of_their_pipelines
from monitor.indicators.waits.reviews import taken_back
from monitor.indicators.waits.run_owners import repository_of

OWNER: Final = "owner"
# The facts of another item, by its key; none where it is no item of its own.
FactsOf = Callable[[str], Sequence[Fact]]

_FINISHED: Final = frozenset({Kind.RUN_FINISHED})
_DEPLOYED: Final = frozenset({Kind.DEPLOY_FINISHED, Kind.DEPLOY_ROLLED_BACK})
# The kinds whose facts open a wait of a component at a thing of the item.
_OPENS: Final = {
    Component.REVIEW_WAIT: frozenset({Kind.CHANGE_REVIEW_REQUESTED}),
    Component.DEPLOY_APPROVAL: frozenset({Kind.DEPLOY_APPROVAL_REQUESTED}),
    Component.CI_SHARED_FAILURE: _FINISHED,
    Component.CI_FLAKY: _FINISHED,
    Component.TICKET_BLOCKED: frozenset({Kind.TICKET_BLOCKED}),
    Component.HANDOFF: frozenset({Kind.TICKET_ASSIGNED}),
    Component.DEPLOY_FAILURE: _DEPLOYED,
}
_FLAGS: Final = frozenset({Kind.TICKET_BLOCKED, Kind.TICKET_UNBLOCKED})
# Waits for what another item does: it knows who that is.
_ELSEWHERE: Final = frozenset(
    {Component.DEPENDENCY_LINK, Component.TICKET_REQUEST, Component.DEPLOY_FREEZE}
)


@dataclass(slots=True)
class Naming:
    """What one item's facts name for a role, and nobody claims, from when to when."""

    item: ItemFacts
    directory: Directory
    facts_of: FactsOf
    _sweeps: list[Sweep] | None = None
    _cuts: dict[bool, list[int]] = field(default_factory=dict)
    _known: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)

    def parts(
        self, role: str, start: int, end: int
    ) -> Iterator[tuple[Span, tuple[str, ...]]]:
        """Where in [start, end) which references are meant, sorted; none for nobody."""
        inside = [cut for cut in self._cuts_for(role) if start < cut < end]
        for left, right in pairwise([start, *inside, end]):
            key = (role, left)
            if key not in self._known:
                found = {one.reference for one in self._gaps(role, left)}
                self._known[key] = tuple(sorted(found))
            yield (left, right), self._known[key]

    def _cuts_for(self, role: str) -> list[int]:
        """Where an answer may change; of the owner without judging the item again."""
        is_wait = role != OWNER
        if is_wait not in self._cuts:
            stretches = self._stretches() if is_wait else []
            others = {one.stale_by for one in stretches if one.stale_by}
            told = (self.facts_of(key) for key in sorted(others))
            cuts = {edge for one in stretches for edge in (one.start, one.end)}
            for fact in chain(self.item.facts, *told):
                cuts.add(fact.time)
                paths = paths_named(fact.fields, self.directory)
                for named in chain(references_of(fact, self.directory), paths):
                    cuts.update(start for start, _ in named.schedule)
            self._cuts[is_wait] = sorted(cuts)
        return self._cuts[is_wait]

    def _gaps(self, role: str, instant: int) -> Iterator[Named]:
        for named in self._named(role, instant):
            if named.is_gap(instant):
                yield named

    def _named(self, role: str, instant: int) -> Iterable[Named]:
        if role == OWNER:
            return owner_named(self.item.key, self.item.facts, instant, self.directory)
        if role == Component.INCIDENT:
            own = [one for one in self.item.facts if one.entity == self.item.key]
            return self._teams(_last_causes(own))
        if role == Component.REOPEN:
            modes = [one for sweep in self._judged() for one in sweep.modes]
            begun = [mode.causes for mode in modes if mode.start <= instant]
            return self._teams(begun[-1] if begun else ())
        return chain.from_iterable(
            self._of_wait(one, instant)
            for one in self._stretches()
            if one.component == role
            and UNKNOWN in one.names
            and one.start <= instant < one.end
        )

    def _of_wait(self, wait: Stretch, instant: int) -> Iterator[Named]:
        component = wait.component
        if component in _ELSEWHERE:
            yield from self._of_other(wait, instant)
            return
        facts = self._opening(wait, instant)
        for fact in facts:
            yield from self._of_opening(component, fact)
        if component is Component.CI_SHARED_FAILURE:
            # A cause that is stated later is that of the whole failure.
            for fact in of_their_pipelines(facts, self.item.of(Kind.RUN_FINISHED)):
                if (
                    wait.start < fact.time < wait.end
                    and fact.fields.get("outcome") in FAILED
                    and not any("cause_teams" in one.fields for one in facts)
                ):
                    yield from self._teams(fact.fields.get("cause_teams", ()))

    def _opening(self, wait: Stretch, instant: int) -> list[Fact]:
        """The facts that opened the wait, but for what was taken back since.

        A change is waited for until all who were asked have answered.
        """
        component = wait.component
        own = [fact for fact in self.item.facts if fact.entity == wait.entity]
        if component is Component.CI_QUEUE:
            # The runner is known when one is found, not before.
            runs = [fact for fact in own if fact.kind in RUNS]
            tries = (facts for _, facts in attempts_of(runs))
            of_it = (one for one in tries if any(f.time == wait.start for f in one))
            return [f for f in next(of_it, ()) if f.kind is not Kind.RUN_FINISHED]
        there = [f for f in own if f.kind in _OPENS[component] and f.time <= instant]
        if component is not Component.REVIEW_WAIT:
            last = max((f.time for f in there if f.time <= wait.start), default=None)
            there = [fact for fact in there if fact.time == last]
        if component is Component.TICKET_BLOCKED:
            blocks = [fact for fact in own if fact.kind in _FLAGS]
            stands = flag_spans(blocks, self.directory)
            names = {name for name, _, spans in stands if covers(spans, instant)}
            return [fact for fact in there if flag_name(fact.fields) in names]
        if component is Component.REVIEW_WAIT:
            return _still_asked(own, there, instant)
        return there

    def _of_opening(self, component: Component, fact: Fact) -> Iterator[Named]:
        fields = fact.fields
        match component:
            case Component.TICKET_BLOCKED:
                # A label may hold anybody's name, a person's too.
                name = fields.get("on_team", UNKNOWN)
                if name != UNKNOWN:
                    yield Named(
                        team_reference(name), always(self.directory.listed(name))
                    )
            case Component.HANDOFF:
                if "to_team" in fields:
                    yield from self._teams([fields["to_team"]])
                else:
                    yield from places_named(fact, self.directory)
            case Component.DEPLOY_FAILURE:
                yield from self._teams(fields.get("cause_teams", ()))
            case Component.CI_SHARED_FAILURE | Component.CI_FLAKY:
                yield from self._of_failure(component, fact)
            case _:
                yield from self._of_asked(component, fields)

    def _of_asked(self, component: Component, fields: Fields) -> Iterator[Named]:
        """Of a review, an approval, or a queue for runners."""
        if "on_team" in fields:
            yield from self._teams([fields["on_team"]])
        elif component is Component.CI_QUEUE:
            yield from pool_named(fields, self.directory)
        elif "group" in fields:
            yield from group_named(fields, self.directory)
        elif fields.get("inferred"):
            yield from repository_named(fields.get("repo"), self.directory)

    def _of_failure(self, component: Component, fact: Fact) -> Iterator[Named]:
        """A stated cause; of what broke, or was flaky, the pipeline's owner."""
        fields = fact.fields
        causes = fields.get("cause_teams", ())
        yield from self._teams(causes)
        is_broken = fields.get("outcome") == "error"
        if causes or not (is_broken or component is Component.CI_FLAKY):
            return
        pipeline = fields.get("pipeline", "")
        claimed = self.directory.pipeline(pipeline)
        if "on_team" in fields:
            yield from self._teams([fields["on_team"]])
        elif claimed is not None:
            yield Named(f"pipeline:{pipeline}", claimed)
        else:
            yield from repository_named(repository_of(self.item, fact), self.directory)

    def _of_other(self, wait: Stretch, instant: int) -> Iterator[Named]:
        """Whoever the other item names, else the project that its key tells."""
        key = wait.stale_by or ""
        facts = self.facts_of(key)
        if wait.component is Component.DEPLOY_FREEZE:
            begun = [
                f.fields
                for f in facts
                if f.kind is Kind.FREEZE_STARTED and f.time <= instant
            ]
            yield from self._teams([begun[-1].get("on_team")] if begun else ())
            return
        assigned = [f for f in facts if "to_team" in f.fields and f.time <= instant]
        if wait.component is Component.TICKET_REQUEST and assigned:
            yield from self._teams([assigned[-1].fields["to_team"]])
        if not facts:
            repo = repository_by_key(key, self.item.facts)
            yield from repository_named(repo, self.directory)
        yield from owner_named(key, facts, instant, self.directory)

    def _teams(self, names: Iterable[str | None]) -> Iterator[Named]:
        return teams_named(names, self.directory)

    def _stretches(self) -> list[Stretch]:
        return [one for sweep in self._judged() for one in sweep.stretches]

    def _judged(self) -> list[Sweep]:
        if self._sweeps is None:
            self._sweeps = sweeps_of(self.item, self.directory, DEFAULT_MODEL)
        return self._sweeps


def owner_named(
    key: str, facts: Sequence[Fact], instant: int, directory: Directory
) -> Iterator[Named]:
    """The owner's gap: a team that is named and not in the file, else a place.

    Of the places the widest is taken, because one line for it resolves most: the
    ticket's project, the repository, one of its files, then the service.
    """
    root = [fact for fact in facts if fact.entity == key]
    for some in (root, facts):
        stated = [fact for fact in some if "team" in fact.fields]
        owning = [f for f in stated if f.kind in OWNING and f.time <= instant]
        # The latest word on it; before any, and of other kinds, all that is said.
        names = [f.fields["team"] for f in owning[-1:] or stated]
        found = [*teams_named(names, directory)]
        if not any(named.is_gap(instant) for named in found):
            every = (places_named(fact, directory) for fact in some)
            gaps = (one for one in chain(*every) if one.is_gap(instant))
            found = [*islice(gaps, 1)]
        if found:
            yield from found
            return
    yield from blocker_named({"blocker": key}, directory)


def _still_asked(
    facts: Sequence[Fact], requests: Sequence[Fact], instant: int
) -> list[Fact]:
    """The requests of a change, begun by an instant, that nothing took back by it."""
    numbers = numbers_told(facts)
    backs = [*taken_back(facts, requests, numbers)]
    return [
        fact
        for fact in requests
        if not any(
            fact.time < time <= instant and key == asked_by(fact, numbers)
            for key, time in backs
        )
    ]


def _last_causes(facts: Sequence[Fact]) -> Sequence[str]:
    """The causes of an incident: those stated last hold for all of it."""
    stated = [f.fields["cause_teams"] for f in facts if f.fields.get("cause_teams")]
    return stated[-1] if stated else ()
