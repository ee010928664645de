"""The state of one root item: its facts by entity, and whom it depends on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from pydantic_core import to_json

from monitor.domain.current_teams import facts_under
from monitor.domain.facts import KINDS, Fact, Fields, Kind
from monitor.domain.items import (
    EntityType,
    ItemFacts,
    Profile,
    RedSince,
    in_order,
    type_of,
)
from monitor.domain.jobs import JobName
from monitor.domain.making import make_fact
from monitor.domain.renamed_teams import Formerly, profile_under
from monitor.domain.runs import whole
from monitor.domain.teams import Directory
from monitor.domain.unlabelled import with_unlabelled
from monitor.domain.untold import with_untold
from monitor.relate.changes_of import changes_of_runs, placed_with
from monitor.relate.said import (
    CHANGES,
    Said,
    called_before,
    index_keys,
    listen,
    repositories_in,
    shas_in,
)

_OPENED: Final = Kind.CHANGE_OPENED
_CHANGE: Final = EntityType.CHANGE
_KIND_INDEX: Final = {kind: index for index, kind in enumerate(KINDS)}


@dataclass(slots=True)
class Section:
    """The facts of one entity, and the entity it directly belongs to.

    Facts are added at the end. Whoever replaces or removes any calls ``changed``.
    ``reds`` tells of each failure of a run, while the default branch of its job was
    red, since when that was and by which run. ``named`` are keys of the index by which
    a change was known to facts that no longer count, and names of its repository.
    ``undone`` tells when what a deploy did at an instant was taken back, where its tool
    tells no rollbacks.
    """

    entity: str
    parent: str | None = None
    facts: dict[int, Fact] = field(default_factory=dict)
    # None for nothing: most sections have none, and there are very many.
    reds: dict[tuple[int, JobName], RedSince] | None = None
    named: set[str] | None = None
    undone: dict[int, int] | None = None
    _said: Said | None = field(default=None, compare=False, repr=False)
    _heard: int = field(default=0, compare=False, repr=False)
    # The first facts as they are stored, and how many these are.
    _packed: bytes = field(default=b"", compare=False, repr=False)
    _packed_facts: int = field(default=0, compare=False, repr=False)

    @property
    def type(self) -> EntityType | None:
        """What the entity is; ``None`` until a fact is known."""
        return type_of(self.facts.values())

    @property
    def said(self) -> Said:
        """What its facts say of where it belongs."""
        said = self._said
        if said is None:
            said = self._said = Said()
            said.claim(self.named or ())
        if self._heard < len(self.facts):
            listen(said, self.facts.values(), self._heard)
            self._heard = len(self.facts)
        return said

    def changed(self) -> None:
        """The facts are others than before."""
        self._said, self._heard = None, 0
        self._packed, self._packed_facts = b"", 0

    def point(self, time: int, job: JobName, red: RedSince | None) -> bool:
        """Of a failure, by which run the branch had turned red; whether that is new."""
        reds = self.reds if self.reds is not None else {}
        known = reds.pop((time, job), None)
        if red is not None:
            reds[time, job] = red
        self.reds = reds or None
        return known != red

    def take_back(self, time: int, undone: int | None) -> bool:
        """Of a deploy's success, when it was taken back; whether that is new."""
        known = self.undone if self.undone is not None else {}
        before = known.pop(time, None)
        if undone is not None:
            known[time] = undone
        self.undone = known or None
        return before != undone

    def keep_names(self, lost: Fact, kept: Fact) -> bool:
        """Go on by the shas and the branch of a fact in whose place another counts.

        A body tells a change's commit of that time: what ran for it names it still,
        whichever body is read first. So it tells what the repository was called: that
        of after a rename says so of everything before. Whether any of them is new.
        """
        if lost.kind not in CHANGES:
            return False
        names = set(index_keys(lost.fields)).difference(index_keys(kept.fields))
        names.update(called_before(lost, kept))
        if names.issubset(self.named or ()):
            return False
        self.named = names.union(self.named or ())
        if self._said is not None:  # whoever makes it hears of them then
            self._said.claim(names)
        return True

    def packed_facts(self) -> bytes:
        """The facts as items of a JSON list; each is written once."""
        if self._packed_facts < len(self.facts):
            new = islice(self.facts.values(), self._packed_facts, None)
            written = to_json(
                [
                    (_KIND_INDEX[kind], time, identity, revision, fields, word)
                    for kind, time, _, word, identity, revision, fields, _ in new
                ]
            )[1:-1]
            self._packed = self._packed + b"," + written if self._packed else written
            self._packed_facts = len(self.facts)
        return self._packed

    def told(self, kind: EntityType | None) -> Iterable[Fact]:
        """Its facts; of an opening also what its repository was called before.

        Of a deploy also that it was rolled back, where no fact tells it; of a run each
        with what the others tell of it.
        """
        if self.undone is not None:
            return (*self.facts.values(), *self._rolled_back(self.undone.values()))
        if self.named is not None:
            return self._called_otherwise(set(repositories_in(self.named)))
        facts = self.facts.values()
        return whole(facts) if kind is EntityType.RUN else facts

    def _rolled_back(self, instants: Iterable[int]) -> Iterator[Fact]:
        deploy = next(iter(self.facts.values()))
        for time in sorted(set(instants)):
            kind = Kind.DEPLOY_ROLLED_BACK
            fields: Fields = {"automation": True, "outcome": "success"}
            yield make_fact(kind, time, self.entity, deploy.source, fields)

    def _called_otherwise(self, names: set[str]) -> Iterator[Fact]:
        opened = [fact for fact in self.facts.values() if fact.kind is _OPENED]
        names.difference_update(fact.fields.get("repo", "") for fact in opened)
        before: Fields = {"repos_before": sorted(names)}
        for fact in self.facts.values():
            is_told = names and fact.kind is _OPENED
            yield fact._replace(fields={**fact.fields, **before}) if is_told else fact

    def shas(self) -> Iterator[str]:
        """Every sha that a fact of the entity names, or named once."""
        for fact in self.facts.values():
            if "sha" in fact.fields:
                yield fact.fields["sha"]
        yield from shas_in(self.named or ())


@dataclass(slots=True)
class Dependents:
    """Who waits for a blocker, and the hash of the profile they were last sent.

    Only the first ``told`` of them were: whoever came later is told alone, because
    a failure may hold up thousands.
    """

    entities: dict[str, None] = field(default_factory=dict)
    sent: int = 0
    told: int = 0


_ENDS: Final = frozenset({Kind.TICKET_DONE, Kind.TICKET_CANCELLED})


@dataclass(slots=True)
class Row:
    """A root item: sections by entity, and the profiles of its blockers."""

    key: str
    sections: dict[str, Section] = field(default_factory=dict)
    blockers: dict[str, Profile] = field(default_factory=dict)
    dependents: dict[str, Dependents] = field(default_factory=dict)

    def root_type(self) -> EntityType:
        """What the root is; a ticket as long as only its children are known."""
        section = self.sections.get(self.key)
        return (section.type if section else None) or EntityType.TICKET

    def is_unheard_of(self) -> bool:
        """Whether nothing is known of the item, nor of anything it depends on."""
        return not (self.sections or self.dependents or self.blockers)

    def heard_of(self, blocker: str, profile: Profile | None) -> None:
        """This is what a blocker tells by now; None: it is not known any more."""
        if profile is None:
            self.blockers.pop(blocker, None)
        else:
            self.blockers[blocker] = profile

    def tells_of(self, blocker: str) -> bool:
        """Whether anything is known of it, at least what works for it."""
        if blocker == self.key:
            return any(section.facts for section in self.sections.values())
        section = self.sections.get(blocker)
        return section is not None and bool(section.facts)

    def item(self, directory: Directory) -> ItemFacts:
        """What evaluation reads, under the teams of this directory."""
        facts: list[Fact] = []
        of_type: dict[EntityType | None, list[Section]] = {}
        reds: dict[tuple[str, int, JobName], RedSince] = {}
        for section in self.sections.values():
            kind = section.type
            facts.extend(self._told(section, kind))
            if section.reds:
                for asked, red in section.reds.items():
                    reds[section.entity, *asked] = red
            of_type.setdefault(kind, []).append(section)
        changes = changes_of_runs(of_type, self.key, self.sections)
        placed = placed_with(of_type, self.key)
        told = with_untold(in_order(facts_under(directory, facts)))
        blockers = self._blockers_under(directory.formerly)
        return ItemFacts(
            self.key,
            self.root_type(),
            with_unlabelled(told),
            changes,
            blockers,
            reds,
            placed,
        )

    def _blockers_under(self, formerly: Formerly) -> dict[str, Profile]:
        if not formerly:
            return self.blockers
        return {key: profile_under(formerly, one) for key, one in self.blockers.items()}

    def _told(self, section: Section, kind: EntityType | None) -> Iterable[Fact]:
        """What a section tells; of a deleted sub-task only when it was over.

        It was a mistake with all that it did, and holds nobody up after its end.
        """
        told = section.told(kind)
        is_sub_task = kind is EntityType.TICKET and section.entity != self.key
        known = section.facts.values()
        if not (is_sub_task and any("deleted" in fact.fields for fact in known)):
            return told
        return [f for f in told if "deleted" in f.fields or f.kind in _ENDS]
