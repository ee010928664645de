"""What any body that carries an issue says about it: created, done, cancelled.

The class of the work holds as of event time. So the opening body's word on it
outranks every later body's about the same creation (its revision counts
milliseconds, theirs seconds), as does the closing body's on the end; other facts
state the class of their time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from monitor.decode.github.models import Issue, PullRequestOfIssue, User
from monitor.decode.github.places import Place, named_place
from monitor.decode.github.reading import (
    Moment,
    Reading,
    label_names,
    newest,
)
from monitor.decode.github.text import tickets_named, work_class
from monitor.domain.facts import Fact, Fields, Kind, People
from monitor.domain.untold import CLOSED, OPEN, REOPENED

# Issue types above a story: they group items and are none.
_ABOVE_STORY: Final = frozenset({"epic", "initiative"})
_TYPING: Final = frozenset({"typed", "untyped"})
_CHANGE_ENDS: Final = frozenset({Kind.CHANGE_MERGED, Kind.CHANGE_CLOSED})
_ADDRESSES: Final = ("url", "html_url", "diff_url", "patch_url")
_DROPPED: Final = frozenset({"not_planned", "duplicate"})


def issue_place(issue: Issue, reading: Reading) -> Place:
    """Where an issue belongs by its own address, else the body's repository."""
    for link in (issue.get("repository_url"), issue.get("html_url")):
        found = named_place(link, reading.place)
        if found is not None:
            return found
    return reading.home()


def _pull_of(issue: Issue) -> PullRequestOfIssue | None:
    """What it says of itself as a pull request; none where no address is of one."""
    pull = issue.get("pull_request")
    if pull is None:
        return None
    named = [pull[name] for name in _ADDRESSES if name in pull]
    return pull if not named or any(named) else None


class IssueLife:
    """One issue as one body shows it; ``where`` is its place in the body."""

    def __init__(  # noqa: D107 - the class says it
        self,
        issue: Issue,
        reading: Reading,
        place: Place,
        *,
        where: str = "issue",
        action: str | None = None,
        sender: User | None = None,
    ) -> None:
        self.issue = issue
        self.sender = sender
        self.reading = reading
        self.place = place
        self.entity = f"{place.prefix}#{issue['number']}"
        at = reading.instant
        self.created = at(f"{where}.created_at", issue.get("created_at"))
        self.updated = at(f"{where}.updated_at", issue.get("updated_at"))
        self.closed = at(f"{where}.closed_at", issue.get("closed_at"))
        pull = _pull_of(issue)
        self.is_pull = pull is not None
        merged = pull.get("merged_at") if pull is not None else None
        self.merged = at(f"{where}.merged_at", merged)
        milliseconds = newest(self.created, self.updated, self.closed)
        self.shown_last = milliseconds
        self.is_opening = action == "opened"
        self.is_closing = action == "closed"
        self.where = where
        self.revision = milliseconds // (1 if self.is_opening else 1_000)
        named = issue.get("type")
        kind = named.get("name") if named is not None else None
        names, title = label_names(issue.get("labels")), issue.get("title")
        self.work_class = work_class(kind, names, title, reading.settings)
        self.labels = reading.settings.signals.known(names)
        self.epic = (kind or "").strip().lower() in _ABOVE_STORY

    def facts(self, aliases: Sequence[str] = ()) -> list[Fact]:
        """The life so far: as a ticket's, or as that of a pull request."""
        opened = self._opening()
        if self.is_pull:
            return self._change_facts(opened)
        facts: list[Fact] = []
        if opened is not None:
            facts.append(self._created(opened, aliases))
            parent = self._parent()
            if parent is not None and not self.is_opening:
                facts.append(self._shown_below(parent, opened))
        if self.closed is not None:
            dropped = self.issue.get("state_reason") in _DROPPED
            kind = Kind.TICKET_CANCELLED if dropped else Kind.TICKET_DONE
            facts.append(self._ended(kind, Moment(self.closed)))
        return facts

    def now(self) -> Moment | None:
        """When the action was: the newest time of the issue."""
        about = self.created, self.closed
        return self.reading.told(f"{self.where}.updated_at", self.updated, *about)

    def _opening(self) -> Moment | None:
        """When it was opened: as it says, or as the body that opens it was made."""
        if self.created is not None:
            return Moment(self.created)
        return self.now() if self.is_opening else None

    def acted(
        self,
        kind: Kind,
        moment: Moment,
        fields: Fields,
        user: User | None,
        *,
        receiver: str | None = None,
        beside: Sequence[str] = (),
    ) -> Fact:
        """What the action says, by whom, with what the issue is as of then."""
        fields.update(self.standing(moment))
        people = self.reading.acted(fields, user)
        if receiver is not None:
            people["receiver"] = receiver
        if beside:
            people["beside"] = list(beside)
        return self.fact(kind, moment, fields, people)

    def joined(
        self, parent: str, moment: Moment, user: User | None, *, removed: bool
    ) -> Fact:
        """It became a part of the parent, or ceased to be.

        Identified by both: what else is done to it in that second is another fact.
        Moved from one to another within a second, it is the new one's.
        """
        # An empty parent takes an earlier one back.
        fields: Fields = {"parent": "" if removed else parent}
        people = self.reading.acted(fields, user)
        said = "removed from" if removed else "added to"
        revision = self.shown_last + (not removed)
        what = f"{said} {parent}"
        return self.fact(Kind.TICKET_UPDATED, moment, fields, people, what, revision)

    def touched(self, action: str, moment: Moment, user: User | None) -> Fact:
        """Somebody changed what it says of itself; of what type it is now is said."""
        if action not in _TYPING:
            return self.acted(Kind.TICKET_UPDATED, moment, {}, user)
        # What was an epic may be an item from now on, so either is said.
        fields: Fields = {"epic": self.epic, **self.standing(moment)}
        people = self.reading.acted(fields, user)
        kind, revision = Kind.TICKET_UPDATED, self.shown_last
        return self.fact(kind, moment, fields, people, "type", revision)

    def standing(self, moment: Moment) -> Fields:
        """What it is as of then: of which class, and whether it is open again.

        Of a pull request it shows only that it is open. The body that opened it again
        may be lost; one of an earlier instant does not know.
        """
        fields: Fields = {}
        if self.work_class is not None:
            fields["work_class"] = self.work_class
        if self.closed is None and self.shown_last >= moment.time:
            if self.is_pull:
                fields["shown"] = OPEN
            elif self.issue.get("state_reason") == REOPENED:
                fields["shown"] = REOPENED
        return fields

    def _shown_below(self, parent: str, created: Moment) -> Fact:
        """Whose part it is by now, since it was created for all that this body tells.

        The newest body's word counts, though the opening one's on the creation does.
        """
        fields: Fields = {"parent": parent, "automation": True}
        what, revision = "shown below", self.shown_last
        fact = self.fact(Kind.TICKET_UPDATED, created, fields, None, what, revision)
        fact.fields.pop("work_class", None)
        return fact

    def fact(
        self,
        kind: Kind,
        moment: Moment,
        fields: Fields,
        people: People | None = None,
        what: str = "",
        revision: int | None = None,
    ) -> Fact:
        """A fact about this issue; ``what`` tells it from others of that instant."""
        if self.place.repo:
            fields["repo"] = self.place.repo
        if self.work_class is not None:
            fields["work_class"] = self.work_class
        if self.labels:
            fields["labels"] = self.labels
        if self.epic:
            fields["epic"] = True
        return self.reading.fact(
            kind,
            moment,
            self.entity,
            fields,
            people,
            revision=self.revision if revision is None else revision,
            what=what,
        )

    def _opened(self, kind: Kind, moment: Moment, aliases: Sequence[str]) -> Fact:
        issue = self.issue
        fields: Fields = {"number": issue["number"]}
        keys = [*self.reading.node_keys(issue.get("node_id")), *aliases]
        if keys:
            fields["aliases"] = keys
        url = issue.get("html_url")
        if url:
            fields["url"] = url
        parent = self._parent()
        if parent is not None:
            fields["parent"] = parent
        people = self.reading.acted(fields, issue.get("user"))
        return self.fact(kind, moment, fields, people)

    def _ended(self, kind: Kind, moment: Moment) -> Fact:
        """The end: its class only by the body of that time, which outranks later ones.

        So is who closed it told by that one alone. Of an issue it says that this, and
        no board, closed it.
        """
        closing = self.is_closing and kind not in _CHANGE_ENDS
        fields: Fields = {} if kind in _CHANGE_ENDS else {"shown": CLOSED}
        people = self.reading.acted(fields, self.sender) if closing else None
        revision = self.shown_last if closing else self.revision
        fact = self.fact(kind, moment, fields, people, revision=revision)
        if not closing:
            fact.fields.pop("work_class", None)
        return fact

    def _parent(self) -> str | None:
        link = self.issue.get("parent_issue_url")
        number = (link or "").rstrip("/").rpartition("/")[2]
        place = named_place(link, self.place)
        if place is None or not (number.isascii() and number.isdigit()):
            return None
        return f"{place.prefix}#{int(number)}"

    def _change_facts(self, opened: Moment | None) -> list[Fact]:
        self.revision = 0
        facts = [] if opened is None else [self._change_opened(opened)]
        if self.merged is not None:
            facts.append(self._ended(Kind.CHANGE_MERGED, Moment(self.merged)))
        elif self.closed is not None:
            facts.append(self._ended(Kind.CHANGE_CLOSED, Moment(self.closed)))
        return facts

    def _created(self, opened: Moment, aliases: Sequence[str]) -> Fact:
        fact = self._opened(Kind.TICKET_CREATED, opened, aliases)
        return fact if self.is_opening else _of_a_later_class(fact)

    def _change_opened(self, opened: Moment) -> Fact:
        fact = _of_a_later_class(self._opened(Kind.CHANGE_OPENED, opened, ()))
        issue = self.issue
        author = fact.people.get("actor")
        if author is not None:
            fact.people["author"] = author
        elif self.reading.automated(issue.get("user")):
            fact.fields["bot"] = True
        settings = self.reading.settings
        place = (self.place.prefix, self.place.repo)
        tickets = tickets_named(
            None, issue.get("title"), issue.get("body"), settings, place
        )
        if tickets:
            fact.fields["tickets"] = tickets
        return fact


def _of_a_later_class(fact: Fact) -> Fact:
    """The beginning by a later body, whose class is only the best known of it."""
    if "work_class" in fact.fields:
        fact.fields["class_shown"] = fact.fields.pop("work_class")
    return fact
