"""Which field one item of a changelog changed, and its value on either side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from monitor.decode.jira.models import Item
from monitor.decode.jira.rules import USUAL_FLAG, JiraRules, word

Side = Literal["from", "to"]
What = Literal[
    "",
    "status",
    "resolution",
    "type",
    "project",
    "key",
    "component",
    "labels",
    "team",
    "flagged",
    "sprint",
    "rank",
    "due",
    "assignee",
    "link",
    "parent",
]

# Names of system fields, by id where the changelog has ids, else in English: servers
# without ids store the English name.
_SYSTEM: Final[Mapping[str, What]] = {
    "status": "status",
    "resolution": "resolution",
    "issuetype": "type",
    "issue type": "type",
    "project": "project",
    "key": "key",
    "issuekey": "key",
    "component": "component",
    "components": "component",
    "labels": "labels",
    "assignee": "assignee",
    "link": "link",
    "issuelinks": "link",
    "parent": "parent",
    "issueparentassociation": "parent",
    "duedate": "due",
    "sprint": "sprint",
    "rank": "rank",
}
_CUSTOM: Final[Mapping[str, What]] = {
    "sprint": "sprint",
    "rank": "rank",
    "global rank": "rank",
}


def what(item: Item, rules: JiraRules) -> What:
    """Which field changed: by its id, for its name is in the site's language."""
    names = names_in(item)
    if not names.isdisjoint(rules.team_fields):
        return "team"
    if not names.isdisjoint(rules.flagged_fields) and _may_be_flag(item, rules):
        return "flagged"
    by_id = word(item.get("fieldId"))
    if by_id.startswith("customfield_") or item.get("fieldtype") == "custom":
        return _CUSTOM.get(word(item.get("field")), "")
    return _SYSTEM.get(by_id or word(item.get("field")), "")


def _may_be_flag(item: Item, rules: JiraRules) -> bool:
    """Whether a field of the flag's usual number may be it: another one may have that.

    The flag's name is in the site's language, but its value is an option in any; that
    of a sprint is a bare number.
    """
    name = word(item.get("field"))
    if name in rules.flagged_fields or word(item.get("fieldId")) != USUAL_FLAG:
        return True
    ends = (item.get("from"), item.get("to"))
    return name not in _CUSTOM and all(not end or "[" in str(end) for end in ends)


def names_in(item: Item) -> set[str]:
    """What a change calls its field: by id, by name, by both."""
    return {word(item.get("fieldId")), word(item.get("field"))} - {""}


def text_at(item: Item, side: Side) -> str:
    """The name of the value on one side of a change."""
    return (item.get("fromString") if side == "from" else item.get("toString")) or ""


def number_at(item: Item, side: Side) -> str:
    """The id of the value on one side of a change; an option's is in brackets."""
    value = item.get(side)
    return "" if value is None else str(value).strip("[] ")
