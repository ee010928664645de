"""What any body that carries an issue says about it: created, and where it stands.

Of several bodies' words on an issue's creation those of the earliest count: who
owned it and what it was then is what they are nearest to. What changed since,
changes say at their own time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from monitor.decode.github.text import work_class
from monitor.decode.jira.looks import CATEGORIES, Look, Meanings, look_of, meanings_of
from monitor.decode.jira.models import Issue, IssueFields
from monitor.decode.jira.reading import Mark, Reading, Ref, page_of, ref_of
from monitor.decode.jira.rules import StatusClass, word
from monitor.domain.facts import Fact, Fields, Kind, People

# Issue types above a story: they group items and are none.
_ABOVE_STORY: Final = frozenset({"epic", "initiative"})
# Beyond every time in milliseconds: an earlier body has the higher revision.
_LAST: Final = 2**53
# What tells whose part an issue is from all else that happened to it.
_BELOW: Final = "shown below"
# A webhook is written up to so long after the change that it tells of.
_SAME: Final = 60_000


@dataclass(slots=True)
class Life:
    """One issue as one body shows it; ``settled``: since when in its category."""

    reading: Reading
    ref: Ref
    link: str
    fields: IssueFields
    shown: Look
    meanings: Meanings
    created: int | None
    updated: int | None
    settled: int | None
    # The body's hash, where the creation is only when the body was received.
    receipt: str = ""

    def stayed(self, time: int) -> bool:
        """Whether what changed then left the category: that is older, as Cloud tells.

        Of a change that made a new one, its time and the category's differ a little.
        """
        return self.settled is not None and self.settled + _SAME < time

    def class_of(self, look: Look) -> str | None:
        """The class of the work: by issue type, else label, else the summary."""
        summary = self.fields.get("summary")
        settings = self.reading.settings
        return work_class(look.type or None, look.labels, summary, settings)

    def is_epic(self, look: Look) -> bool:
        """Whether the type stands above a story: by its level, else by its name."""
        shown = self.fields.get("issuetype") or {}
        level = shown.get("hierarchyLevel")
        if level is not None and shown.get("name") == look.type:
            return level > 0
        return word(look.type) in _ABOVE_STORY

    @property
    def parent(self) -> str | None:
        """The ticket of which this is a sub-task; an epic above a story is none."""
        kind, parent = self.fields.get("issuetype") or {}, self.fields.get("parent")
        level = kind.get("hierarchyLevel")
        is_part = kind.get("subtask") or (level is not None and level < 0)
        return ref_of(parent).entity if parent is not None and is_part else None

    @property
    def linked(self) -> list[Ref]:
        """The issues that this one is linked to, with their numbers and keys.

        A link's own event has the numbers only, and of an issue that nobody reads these
        are the only bodies that tell its key.
        """
        links = self.fields.get("issuelinks") or ()
        stubs = (link.get("outwardIssue") or link.get("inwardIssue") for link in links)
        refs = (ref_of(stub) for stub in stubs if stub is not None)
        return [ref for ref in refs if ref.aliases]

    def keyed(self, time: int) -> dict[str, tuple[str, int]]:
        """By which keys the body shows this issue and those that it is linked to.

        As of when it was last updated, else of ``time``; of the others nothing says it.
        """
        site = self.reading.site
        if not site:
            return {}
        told = {ref.at_site(site): (ref.key, 0) for ref in self.linked}
        if self.ref.aliases:
            shown = time if self.updated is None else self.updated
            told[self.ref.at_site(site)] = self.ref.key, shown
        return told

    def said(self, look: Look) -> Fields:
        """What every fact about the issue says: where it belongs, what it is."""
        fields: Fields = {}
        if look.project:
            fields["project"] = look.project
        class_ = self.class_of(look)
        if class_ is not None:
            fields["work_class"] = class_
        known = self.reading.settings.signals.known(look.labels, look.components)
        if known:
            fields["labels"] = known
        if self.is_epic(look):
            fields["epic"] = True
        # Also later than the creation: of several words the latest holds, and what made
        # it a sub-task may be lost.
        if self.parent is not None:
            fields["parent"] = self.parent
        return fields

    def fact(
        self, kind: Kind, mark: Mark, fields: Fields, people: People | None = None
    ) -> Fact:
        """A fact about this issue."""
        return self.reading.fact(kind, mark, self.ref, fields, people)


def life_of(issue: Issue, reading: Reading) -> Life | None:
    """The issue of a body; ``None`` when it has neither key nor number, as noted."""
    number, key = issue.get("id"), issue.get("key")
    ref = ref_of({"id": number, "key": key})
    if not ref.key and not ref.number:
        reading.missing("issue.key")
        return None
    fields = issue.get("fields") or {}
    look = look_of(fields, reading.rules)
    if not look.project and ref.key:
        look = look._replace(project=ref.key.rpartition("-")[0])
    return Life(
        reading,
        ref,
        issue.get("self") or "",
        fields,
        look,
        meanings_of(fields, reading.rules),
        reading.instant("issue.fields.created", fields.get("created")),
        reading.instant("issue.fields.updated", fields.get("updated")),
        reading.instant(
            "issue.fields.statuscategorychangedate",
            fields.get("statuscategorychangedate"),
        ),
    )


def created(life: Life, first: Look, *, at_first: bool) -> list[Fact]:
    """The creation as ``first`` shows it; ``at_first``: it is how it was created."""
    time = life.created
    if time is None:
        return []
    fields = life.said(first)
    fields["areas"] = first.areas
    aliases = life.ref.aliases
    if aliases:
        fields["aliases"] = aliases
    linked = {ref.by_number: ref.key for ref in life.linked}
    if linked:
        fields["aliased"] = linked
    if keyed := life.keyed(time):
        fields["keyed"] = keyed
    page = page_of(life.link, life.ref.key, life.reading.rules.sites)
    if page:
        fields["url"] = page
    user = life.fields.get("creator") or life.fields.get("reporter")
    people = life.reading.acted(fields, user)
    told = time if at_first else max(time, life.updated or 0)
    mark = Mark(time, revision=_LAST - told, body_hash=life.receipt)
    facts = [life.fact(Kind.TICKET_CREATED, mark, fields, people)]
    if at_first:
        at_once = Mark(time, body_hash=life.receipt)
        facts += _standing_at_first(life, first, at_once)
    if life.parent is not None and not life.receipt:
        facts.append(_shown_below(life, life.parent, time))
    return facts


def _shown_below(life: Life, parent: str, time: int) -> Fact:
    """Whose part it is by now, since it was created for all that this body tells.

    The newest body's word counts, though the earliest one's on the creation does; and
    what a body tells besides may be of another issue, as a link is.
    """
    fields: Fields = {"parent": parent, "automation": True}
    newest = max(time, life.updated or 0)
    mark = Mark(time, _BELOW, revision=_LAST + newest)
    return life.fact(Kind.TICKET_UPDATED, mark, fields)


def _standing_at_first(life: Life, first: Look, mark: Mark) -> Iterator[Fact]:
    """An issue may be created in progress, blocked, or done (an import)."""
    standing = life.meanings.of(first.status)
    if standing == "in_progress":
        yield life.fact(Kind.TICKET_STARTED, mark, life.said(first))
    elif standing == "done":
        yield life.fact(ending(life, first), mark, life.said(first))
    for team in sorted(life.meanings.reasons(first)):
        fields = life.said(first)
        if team:
            fields["on_team"] = team
        yield life.fact(Kind.TICKET_BLOCKED, mark, fields)


def ending(life: Life, look: Look) -> Kind:
    """Done or cancelled: by the status, else by the resolution it has there."""
    rules = life.reading.rules
    dropped = (
        word(look.status.name) in rules.cancelled_statuses
        or word(look.resolution) in rules.cancelled_resolutions
    )
    return Kind.TICKET_CANCELLED if dropped else Kind.TICKET_DONE


def standing_since(life: Life) -> list[Fact]:
    """Since when it stands where it does, where the body knows: events get lost.

    Cloud tells when the category of the status changed, which dates nothing where the
    site means something else by the status; Server when it was resolved, which counts
    only while the status says so too.
    """
    at = life.reading.instant
    resolved = at("issue.fields.resolutiondate", life.fields.get("resolutiondate"))
    standing = life.meanings.of(life.shown.status)
    since = resolved if standing == "done" else None
    if life.settled is not None and _is_meant(life, standing):
        since = life.settled
    if since is None or since < (life.created or 0):
        return []
    fields: Fields = {"project": life.shown.project} if life.shown.project else {}
    if standing == "in_progress":
        return [life.fact(Kind.TICKET_STARTED, Mark(since), fields)]
    if standing == "done":
        return [life.fact(ending(life, life.shown), Mark(since), fields)]
    if standing == "todo" and _is_put_back(life, since):
        return [life.fact(Kind.TICKET_PARKED, Mark(since), fields)]
    return []


def _is_meant(life: Life, standing: StatusClass | None) -> bool:
    """Whether the status means what its category does, whose date it then has.

    Where no category is shown it does, unless the site has a meaning of its own.
    """
    category = CATEGORIES.get(life.meanings.category)
    if category is None:
        return word(life.shown.status.name) not in life.reading.rules.statuses
    return category == standing


def _is_put_back(life: Life, since: int) -> bool:
    """Whether what is to do now was not created so.

    A status that holds it up is none of things to do, whatever its category.
    """
    held = life.meanings.holds(life.shown.status) is not None
    at_first = life.created is not None and since <= life.created + _SAME
    return not held and not at_first
