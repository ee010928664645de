"""What a sample's Jira bodies call things, counted: the ground for ``[decode.jira]``.

Names of fields, statuses and links are the site's, not persons'; no value of a field is
kept. A name counts once an issue. Bodies are looked for inside whatever wraps them;
text inside text is not opened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, TypeVar

from monitor.decode.jira.reading import site_of
from monitor.decode.jira.rules import word
from monitor.decode.same_at import SameAt

Role = Literal["team", "flag"]
_Name = TypeVar("_Name")

MOST_NAMES: Final = 2_000
MOST_SEEN: Final = 500_000
_DEEPEST: Final = 8
_MOST_PARTS: Final = 20
_LONGEST: Final = 120
_CUSTOM: Final = "customfield_"
_TEAM_WORDS: Final = frozenset({"team", "teams", "squad", "tribe", "crew"})
# Words of fields that hold who leads a team, or of numbers about one.
_NO_TEAM_WORDS: Final = frozenset(
    {"lead", "leader", "manager", "member", "members", "owner", "size"}
)
_FLAG_WORDS: Final = frozenset({"flag", "flagged", "impediment"})
_PERSON: Final = frozenset({"accountId", "displayName", "emailAddress"})
# What only the teams of Atlassian's own team field have.
_OF_TEAMS: Final = frozenset({"isShared", "isVisible"})
_IMPEDIMENT: Final = "impediment"


@dataclass(slots=True)
class JiraSample:
    """Grows by JSON bodies, in any order, repeated ones too.

    ``fields`` counts the issues that have a value in a custom field or change it, by
    its id. ``roles`` are fields that look like ones of teams or flags, and ``titles``
    what changelogs call them; what holds a person is no field of teams. ``untold`` are
    statuses that a changelog names, ``told`` every category that a body gives a status.
    ``links`` are types by the words of the outward and the inward end. ``sites`` are
    the addresses at which issues were seen; a webhook's is the site's own.
    """

    fields: Counter[str] = field(default_factory=Counter)
    roles: dict[Role, set[str]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    untold: set[str] = field(default_factory=set)
    told: dict[str, set[str]] = field(default_factory=dict)
    links: Counter[tuple[str, str]] = field(default_factory=Counter)
    sites: SameAt = field(default_factory=SameAt)
    _people: set[str] = field(default_factory=set)
    _once: set[tuple[str, ...]] = field(default_factory=set)

    def add(self, body: object) -> None:
        """Count what one JSON value holds of Jira's."""
        for part in _bodies(body, 0):
            link = _dict(part.get("issueLink"))
            if link:
                self._link(_dict(link.get("issueLinkType")), str(link.get("id")))
            issue = _dict(part.get("issue")) or part
            thing = str(issue.get("id") or issue.get("key") or "")
            if thing:
                self._issue(issue, thing)
                self._site(issue, is_webhook="webhookEvent" in part)
                for item in (*_items(part), *_items(issue)):
                    self._item(item, thing)

    def holding(self, role: Role) -> list[str]:
        """Fields that look like ones of teams or flags, the most often filled first."""
        found = self.roles.get(role, set()) - self._people
        return sorted(found, key=lambda name: (-self.fields[name], name))

    def _issue(self, issue: dict[str, object], thing: str) -> None:
        fields = _dict(issue.get("fields"))
        self._status(_dict(fields.get("status")), thing)
        for name, value in fields.items():
            if value is not None and name.startswith(_CUSTOM):
                self._value(name, value, thing)
        for link in _dicts(fields.get("issuelinks")):
            self._link(_dict(link.get("type")), str(link.get("id") or thing))
            other = _dict(link.get("inwardIssue")) or _dict(link.get("outwardIssue"))
            status = _dict(_dict(other.get("fields")).get("status"))
            self._status(status, str(other.get("id") or other.get("key")))

    def _value(self, name: str, value: object, thing: str) -> None:
        parts = _dicts(value if isinstance(value, list) else [value])[:_MOST_PARTS]
        if not all(_PERSON.isdisjoint(part) for part in parts):
            self._people.add(word(name))
        self._field(name, thing, {_role_of_part(part) for part in parts})

    def _item(self, item: dict[str, object], thing: str) -> None:
        """A change of one field: of a status, or one that may be of teams or flags."""
        title, number = _text(item.get("field")), word(_text(item.get("fieldId")))
        if number == "status" or (not number and word(title) == "status"):
            for side in ("fromString", "toString"):
                self._status({"name": item.get(side)}, thing, untold=True)
            return
        is_custom = number.startswith(_CUSTOM) or item.get("fieldtype") == "custom"
        if is_custom:
            name, role = number or word(title), _role_of_title(title)
            self._field(name, thing, {role})
            if role is not None and name in self.fields:
                self.titles.setdefault(name, title)

    def _field(self, name: str, thing: str, roles: set[Role | None]) -> None:
        name = word(_text(name))
        if name and self._is_new("field", name, thing):
            _count(self.fields, name)
        for role in roles:
            if role is not None and name in self.fields:
                self.roles.setdefault(role, set()).add(name)

    def _site(self, issue: dict[str, object], *, is_webhook: bool) -> None:
        """Another site may have its number, or its key: both are the same of one."""
        address = site_of(_text(issue.get("self")))
        if address:
            thing = f"{issue.get('id')} {issue.get('key')}"
            self.sites.add(thing, address, is_own=is_webhook)

    def _status(
        self, status: dict[str, object], thing: str, *, untold: bool = False
    ) -> None:
        name = _text(status.get("name"))
        if not name:
            return
        if self._is_new("status", name, thing):
            _count(self.statuses, name)
        if name not in self.statuses:
            return
        if untold:
            self.untold.add(name)
        category = _text(_dict(status.get("statusCategory")).get("key"))
        if category:
            self.told.setdefault(name, set()).add(category)

    def _link(self, type_: dict[str, object], thing: str) -> None:
        ends = (
            word(_text(type_.get("outward") or type_.get("outwardName"))),
            word(_text(type_.get("inward") or type_.get("inwardName"))),
        )
        if all(ends) and self._is_new("link", thing):
            _count(self.links, ends)

    def _is_new(self, *key: str) -> bool:
        if key in self._once or len(self._once) >= MOST_SEEN:
            return False
        self._once.add(key)
        return True


def _count(counts: Counter[_Name], name: _Name) -> None:
    if name in counts or len(counts) < MOST_NAMES:
        counts[name] += 1


def _bodies(value: object, depth: int) -> Iterator[dict[str, object]]:
    """The outermost objects that are Jira's, inside envelopes and batches."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _bodies(one, depth + 1)
    elif isinstance(value, dict):
        if _is_jiras(value):
            yield value
            return
        for one in value.values():
            yield from _bodies(one, depth + 1)


def _is_jiras(body: dict[str, object]) -> bool:
    """Whether it is a webhook of an issue or a link, or an issue by itself."""
    issue = body if "key" in body else _dict(body.get("issue"))
    return isinstance(issue.get("fields"), dict) or bool(_dict(body.get("issueLink")))


def _items(holder: dict[str, object]) -> Iterator[dict[str, object]]:
    """The changes of a webhook's changelog, or of a poller's."""
    changelog = _dict(holder.get("changelog"))
    for change in (changelog, *_dicts(changelog.get("histories"))):
        yield from _dicts(change.get("items"))


def _role_of_part(part: dict[str, object]) -> Role | None:
    if not _OF_TEAMS.isdisjoint(part):
        return "team"
    return "flag" if word(_text(part.get("value"))) == _IMPEDIMENT else None


def _role_of_title(title: str) -> Role | None:
    words = set(word(title).replace("-", " ").replace("_", " ").split())
    if not words.isdisjoint(_TEAM_WORDS):
        return "team" if words.isdisjoint(_NO_TEAM_WORDS) else None
    return "flag" if not words.isdisjoint(_FLAG_WORDS) else None


def _text(value: object) -> str:
    """A name that can be written down; empty for anything else."""
    text = value.strip() if isinstance(value, str) else ""
    return text if text.isprintable() and len(text) <= _LONGEST else ""


def _dict(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _dicts(value: object) -> list[dict[str, object]]:
    return (
        [one for one in value if isinstance(one, dict)]
        if isinstance(value, list)
        else []
    )
