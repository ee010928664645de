"""A pull request as a body of GitHub shows it: its life so far, and what it says."""

from __future__ import annotations

from monitor.decode.github.asked import still_asked
from monitor.decode.github.models import Head, PullRequest, User
from monitor.decode.github.reading import (
    Moment,
    Reading,
    label_names,
    newest,
)
from monitor.decode.github.text import tickets_named, work_class
from monitor.domain.facts import Fact, Fields, Kind, People
from monitor.domain.untold import DRAFT, OPEN, READY


class PullSnapshot:
    """A pull request as one body shows it."""

    def __init__(  # noqa: D107 - the class says it
        self,
        pull: PullRequest,
        reading: Reading,
        action: str | None = None,
        sender: User | None = None,
    ) -> None:
        self.pull = pull
        self.sender = sender
        self.reading = reading
        self.place = reading.home()
        self.entity = f"{self.place.prefix}#{pull['number']}"
        at = reading.instant
        self.created = at("pull_request.created_at", pull.get("created_at"))
        self.updated = at("pull_request.updated_at", pull.get("updated_at"))
        self.closed = at("pull_request.closed_at", pull.get("closed_at"))
        self.merged = at("pull_request.merged_at", pull.get("merged_at"))
        self.revision = newest(self.created, self.updated, self.closed, self.merged)
        self.is_closing = action == "closed"
        names = label_names(pull.get("labels"))
        self.work_class = work_class(None, names, pull.get("title"), reading.settings)

    def life(self) -> list[Fact]:
        """Opened, and merged or closed, at the times the body carries."""
        facts: list[Fact] = []
        if self.created is not None:
            facts.append(self.opened(Moment(self.created)))
        if self.merged is not None:
            facts.append(self._merged(Moment(self.merged)))
        elif self.closed is not None:
            facts.append(self._ended(Kind.CHANGE_CLOSED, Moment(self.closed), {}))
        return facts

    def opened(self, moment: Moment) -> Fact:
        """The opening, with everything the body tells about the change.

        The newest body tells it. So its class is none of that time, only the best
        known as long as nothing states one.
        """
        user = self.pull.get("user")
        fields = self._described()
        people: People = {}
        author = self.reading.person(user)
        if author is not None:
            people = {"author": author, "actor": author}
        elif self.reading.automated(user):
            fields["bot"] = True
            fields["automation"] = True
        return self.reading.fact(
            Kind.CHANGE_OPENED,
            moment,
            self.entity,
            fields,
            people,
            revision=self.revision,
        )

    def _described(self) -> Fields:
        pull, settings = self.pull, self.reading.settings
        fields: Fields = {"number": pull["number"]}
        head, title = pull.get("head"), pull.get("title")
        branch = head.get("ref") if head is not None else None
        self.say_head(fields)
        nodes = self.reading.node_keys(pull.get("node_id"))
        url = pull.get("html_url")
        if nodes:
            fields["aliases"] = nodes
        if url:
            fields["url"] = url
        place = (self.place.prefix, self.place.repo)
        tickets = tickets_named(branch, title, pull.get("body"), settings, place)
        if tickets:
            fields["tickets"] = tickets
        if self.work_class is not None:
            fields["class_shown"] = self.work_class
        return fields

    def say_head(self, fields: Fields) -> None:
        """The last commit, and the branch it is on, unless that is a fork's.

        A branch here that is called like one in a fork is of other work.
        """
        head = self.pull.get("head")
        if head is None:
            return
        branch, sha = head.get("ref"), head.get("sha")
        if self._is_from_fork(head):
            fields["fork"] = True
        elif branch:
            fields["branch"] = branch
        if sha:
            fields["sha"] = sha

    def _is_from_fork(self, head: Head) -> bool:
        if "repo" not in head:
            return False
        source = head["repo"]
        if source is None:
            return True
        base = self.pull.get("base")
        target = base.get("repo") if base is not None else None
        ids = source.get("id"), target.get("id") if target is not None else None
        return None not in ids and ids[0] != ids[1]

    def _merged(self, moment: Moment) -> Fact:
        # The commit on the base branch: what deployments and later runs name.
        fields: Fields = {}
        sha = self.pull.get("merge_commit_sha")
        if sha:
            fields["sha"] = sha
        people = self.reading.acted(fields, self.pull.get("merged_by"))
        return self._ended(Kind.CHANGE_MERGED, moment, fields, people)

    def _ended(
        self, kind: Kind, moment: Moment, fields: Fields, people: People | None = None
    ) -> Fact:
        """The end: of the body of that time, which outranks all later ones' words.

        It alone tells who closed it: that is their doing on the item, and a robot's
        clearing up is nobody's activity.
        """
        revision = self.revision // 1_000
        if self.is_closing:
            revision = self.revision
            # Who merged it is told by the pull request itself, also of a program.
            if not people and "automation" not in fields:
                people = self.reading.acted(fields, self.sender)
            if self.work_class is not None:
                fields["work_class"] = self.work_class
        return self.reading.fact(
            kind, moment, self.entity, fields, people, revision=revision
        )

    def reopened(self, moment: Moment) -> Fact:
        """It is open again, and what it is: by who did that, whoever opened it."""
        again = self.opened(moment)
        again.fields.update(self.standing(moment))
        if self.sender is not None:
            again.fields.pop("automation", None)
            again.people.pop("actor", None)
            again.people.update(self.reading.acted(again.fields, self.sender))
        return again

    def stage(self, kind: Kind, moment: Moment) -> Fact:
        """A stage of the change that says nothing more."""
        return self.reading.fact(kind, moment, self.entity, {}, revision=self.revision)

    def classed(self, moment: Moment) -> list[Fact]:
        """Of what class it was opened, which no later body changes.

        It comes before all else of that second, whatever is said of the class there.
        """
        if self.work_class is None:
            return []
        fields: Fields = {"work_class": self.work_class, "automation": True}
        kind = Kind.TICKET_UPDATED
        return [self.reading.fact(kind, moment, self.entity, fields, what="class")]

    def standing(self, moment: Moment) -> Fields:
        """What it is as of then: of which class, and if it is open whether as a draft.

        The bodies that made it so may be lost, or of before the hook was there. One of
        an earlier instant does not know whether it is open.
        """
        fields: Fields = {}
        is_open = self.closed is None and self.merged is None
        if is_open and self.revision >= moment.time:
            draft = self.pull.get("draft")
            fields["shown"] = OPEN if draft is None else DRAFT if draft else READY
        if self.work_class is not None:
            fields["work_class"] = self.work_class
        return fields

    def still_asked(self, moment: Moment) -> Fields:
        """The teams whose reviews are asked as of then, by name and by number."""
        teams = self.pull.get("requested_teams")
        if teams is None or self.revision < moment.time:
            return {}
        told = ((self.reading.group(team), team.get("id")) for team in teams)
        return still_asked(self.entity, told)

    def now(self) -> Moment | None:
        """When the action was: the newest time of the pull request."""
        about = self.created, self.closed, self.merged
        return self.reading.told("pull_request.updated_at", self.updated, *about)
