"""How an issue looks at an instant, and how it looked before a change was made.

A webhook shows the issue as it was when the body was written, and names both ends
of what changed: so each end is known, whatever has happened to the issue since. A
changelog is read backwards from the issue as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, cast

from monitor.decode.jira.fields import Side, names_in, number_at, text_at, what
from monitor.decode.jira.models import IssueFields, Item, Named, StubFields
from monitor.decode.jira.rules import JiraRules, StatusClass, word
from monitor.decode.jira.teams import (
    Teams,
    names_by_number,
    slots_of,
    team_of,
    team_refs,
    with_teams,
)
from monitor.domain.facts import COMPONENT_AREA

CATEGORIES: Final[Mapping[str, StatusClass]] = {
    "new": "todo",
    "indeterminate": "in_progress",
    "done": "done",
}
# Statuses that every Jira is delivered with keep their number under any name.
_NUMBERS: Final[Mapping[str, StatusClass]] = {
    "1": "todo",
    "3": "in_progress",
    "4": "todo",
    "5": "done",
    "6": "done",
}
# A changelog names statuses without their category: the usual names, in English.
NAMES: Final[Mapping[str, StatusClass]] = {
    "open": "todo",
    "to do": "todo",
    "backlog": "todo",
    "reopened": "todo",
    "selected for development": "todo",
    "ready for development": "todo",
    "in progress": "in_progress",
    "in development": "in_progress",
    "in review": "in_progress",
    "code review": "in_progress",
    "review": "in_progress",
    "in testing": "in_progress",
    "testing": "in_progress",
    "in qa": "in_progress",
    "resolved": "done",
    "closed": "done",
    "done": "done",
}
_NONE: Final = "none"


class Status(NamedTuple):
    """A status, by number and name."""

    number: str
    name: str


class Look(NamedTuple):
    """What of an issue bears on flight, owner and class, at one instant.

    ``teams`` holds, for each name of a team field, the references of its value.
    """

    status: Status
    resolution: str
    type: str
    project: str
    components: frozenset[str]
    labels: tuple[str, ...]
    teams: Teams
    flagged: bool

    @property
    def areas(self) -> list[str]:
        """What may own the issue beside its project, best first."""
        teams = [ref for refs in self.teams for ref in refs]
        components = [
            f"{COMPONENT_AREA}{self.project}/{name}" for name in sorted(self.components)
        ]
        return [*teams, *components]


def look_of(fields: IssueFields, rules: JiraRules) -> Look:
    """The issue as a body shows it."""
    kind = fields.get("issuetype") or {}
    custom = cast("Mapping[str, object]", fields)
    project = fields.get("project") or {}
    return Look(
        _status_of(fields),
        _resolution_of(fields),
        kind.get("name") or "",
        (project.get("key") or "").strip().upper(),
        _component_names(fields.get("components")),
        tuple(fields.get("labels") or ()),
        tuple(team_of(custom.get(name)) for name in rules.team_fields),
        any(_is_flag(custom.get(name)) for name in rules.flagged_fields),
    )


def _status_of(fields: StubFields) -> Status:
    status = fields.get("status") or {}
    number = status.get("id")
    return Status("" if number is None else str(number), status.get("name") or "")


def _resolution_of(fields: IssueFields) -> str:
    """Its name; some senders write that alone, and ``None`` where there is none."""
    told = fields.get("resolution") or ""
    if isinstance(told, str):
        return "" if word(told) == _NONE else told
    return told.get("name") or ""


def _component_names(components: Iterable[Named] | None) -> frozenset[str]:
    names = (component.get("name") for component in components or ())
    return frozenset(name for name in names if name)


def _is_flag(value: object) -> bool:
    """Whether a field holds chosen options, as the flag does."""
    if not isinstance(value, list):
        return False
    return any(isinstance(one, dict) and one.get("value") for one in value)


def named(item: Item, fields: IssueFields, look: Look, rules: JiraRules) -> Item:
    """With the names of components and teams that a changelog gives by number alone.

    What the issue shows tells them, as far as it has them.
    """
    known: dict[str, str] = {}
    match what(item, rules):
        case "component":
            shown = fields.get("components") or ()
            known = {str(one.get("id")): one.get("name") or "" for one in shown}
        case "team":
            known = names_by_number(look.teams)
    before = text_at(item, "from") or known.get(number_at(item, "from"), "")
    after = text_at(item, "to") or known.get(number_at(item, "to"), "")
    return {**item, "fromString": before, "toString": after} if known else item


def seen_from(look: Look, items: Iterable[Item], rules: JiraRules, side: Side) -> Look:
    """The issue right before or right after a change, from how it looks near it."""
    for item in items:
        look = _with(look, item, rules, side)
    return look


def _with(  # noqa: PLR0911 - one a field
    look: Look, item: Item, rules: JiraRules, side: Side
) -> Look:
    text = text_at(item, side)
    match what(item, rules):
        case "status":
            return look._replace(status=Status(number_at(item, side), text))
        case "resolution":
            return look._replace(resolution=text)
        case "type":
            return look._replace(type=text)
        case "key":
            return look._replace(project=text.rpartition("-")[0].upper())
        case "component":
            other = text_at(item, "to" if side == "from" else "from")
            named = (look.components - {other}) | ({text} if text else frozenset())
            return look._replace(components=named)
        case "labels":
            return look._replace(labels=tuple(text.split()))
        case "flagged":
            return look._replace(flagged=bool(text))
        case "team":
            made, refs = (
                team_refs(number_at(item, one), text_at(item, one))
                for one in ("to", side)
            )
            changed = slots_of(names_in(item), made, look.teams, rules.team_fields)
            return look._replace(teams=with_teams(look.teams, changed, refs))
        case _:
            return look


class Meanings(NamedTuple):
    """What statuses mean; the one that an issue shows tells its category."""

    own: Status
    category: str
    rules: JiraRules

    @property
    def of_own(self) -> StatusClass | None:
        """What the status means that the issue shows."""
        return self.of(self.own)

    def of(self, status: Status) -> StatusClass | None:
        """To do, in progress or done; ``None`` when nothing says which."""
        configured = self.rules.statuses.get(word(status.name))
        if configured is not None:
            return configured
        if self._is_own(status) and self.category in CATEGORIES:
            return CATEGORIES[self.category]
        if status.number in _NUMBERS:
            return _NUMBERS[status.number]
        return NAMES.get(word(status.name))

    def _is_own(self, status: Status) -> bool:
        if status.number and self.own.number:
            return status.number == self.own.number
        return word(status.name) == word(self.own.name)

    def holds(self, status: Status) -> str | None:
        """The team a status waits for, empty when it names none; else ``None``."""
        name = word(status.name)
        if name in self.rules.waiting:
            return self.rules.waiting[name]
        return "" if name in self.rules.blocked else None

    def reasons(self, look: Look) -> frozenset[str]:
        """Every team that the issue is held up by; empty text names nobody."""
        held = self.holds(look.status)
        flag = {""} if look.flagged else set()
        return frozenset(flag if held is None else {*flag, held})


def meanings_of(fields: StubFields, rules: JiraRules) -> Meanings:
    """The meanings of statuses, as far as one that an issue shows tells them."""
    category = (fields.get("status") or {}).get("statusCategory") or {}
    return Meanings(_status_of(fields), category.get("key") or "", rules)
