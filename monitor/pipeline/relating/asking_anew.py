"""Which fresh facts of an entity ask where it belongs, or who it matters to, anew.

Most do not: relating looks at every fact, and places few of the entities again. What
a fact said that is replaced by another word of it has to be asked anew as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from monitor.domain.facts import RUNS, Fact, Kind
from monitor.domain.items import EntityType, entity_type, type_of
from monitor.relate.code_index import first_time, is_opened
from monitor.relate.rows import Section
from monitor.relate.said import CHANGES, SPANNING

_NAMING: Final = frozenset({"item", "parent", "tickets", "change", "changes", "items"})
_FOUND_BY: Final = frozenset({"shas", "sha", "branch", "number"})
_RELATING: Final = _NAMING | _FOUND_BY | {"epic", "deleted", "blocker", "needed_by"}
_WHERE: Final = frozenset({"repo", "default_branch"})
_PLACING: Final = _RELATING | _WHERE
# For which nothing belongs to a ticket that names it.
_APART: Final = frozenset({"epic", "deleted"})
# What brings changes together with the deploys that contain them.
_ENDING: Final = frozenset(
    {Kind.CHANGE_MERGED, Kind.DEPLOY_FINISHED, Kind.DEPLOY_ROLLED_BACK}
)
# Of an incident, what it is: work that names it is none of it.
_INCIDENTS: Final = frozenset(kind for kind in Kind if kind.startswith("incident."))
_TELLING: Final = SPANNING | _INCIDENTS
_REVIEWS: Final = frozenset(kind for kind in Kind if kind.startswith("change.review"))


def is_retyped(section: Section, fresh: Sequence[Fact]) -> bool:
    """Whether the fresh facts make the entity another thing than it was taken for."""
    facts = section.facts.values()
    if len(fresh) == len(facts):
        return False  # nothing is left of what was known
    if type_of(fresh) is entity_type(next(iter(facts))):
        return False
    new = set(map(id, fresh))
    was = type_of(fact for fact in facts if id(fact) not in new)
    return was is not None and was is not section.type


def may_contain(fresh: Iterable[Fact]) -> bool:
    """Whether any fact can tell which deploys contain which changes."""
    for kind, _, _, _, _, _, fields, _ in fresh:
        if kind in _ENDING or (kind in CHANGES and "repo" in fields):
            return True
    return False


def may_relate(fresh: Iterable[Fact], section: Section) -> bool:
    """Whether any fact can change where its entity belongs, or tell it to others.

    A run that names the item it is kept with does neither, nor does a review of a
    change known to be open, and most facts are such.
    """
    parent = section.parent
    for kind, time, _, _, _, _, fields, _ in fresh:
        if _RELATING.isdisjoint(fields):
            # Of a change that was only pushed to, anything else tells that it is one;
            # of an incident anything, that work naming it is none of it.
            if kind in _TELLING or (kind in CHANGES and not is_opened(section)):
                return True
            # A run belongs to the change that was open when it began, on a branch
            # whose repository another fact may tell.
            if kind in RUNS and (
                time == first_time(section) or not _WHERE.isdisjoint(fields)
            ):
                return True
            continue
        if parent is None or fields.get("item") != parent:
            return True
        more = len(_RELATING.intersection(fields)) > 1 or kind not in _REVIEWS
        # What belongs to a change by its text alone is kept apart, until it says so.
        is_run = kind in RUNS and section.type is not EntityType.CHANGE
        if not is_run and (more or not is_opened(section)):
            return True
    return False


def takes_back(replaced: Iterable[Fact], section: Section) -> bool:
    """Whether any of the facts said of its entity's place what counts no more."""
    return any(_differs(fact, section, _PLACING) for fact in replaced)


def lets_in(replaced: Iterable[Fact], section: Section) -> bool:
    """Whether what names the entity may belong to it after all, without these facts."""
    return any(_differs(fact, section, _APART) for fact in replaced)


def _differs(fact: Fact, section: Section, names: frozenset[str]) -> bool:
    """Whether the word that counts instead of the fact says other than it did."""
    said, now = fact.fields, section.facts[fact.identity].fields
    return any(now.get(name) != said.get(name) for name in names.intersection(said))
