"""Every fact of every real Jira webhook, field by field, by a plain reading.

The reading knows what docs/jira.md says and nothing of the decoder: each body gives
the whole list of facts that is expected of it, with whose they are and when.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from monitor.domain.opaque import site_word
from tests.contract.test_real_jira import ENDS, FACTS, RECEIPT, bodies, decoded, ms

Raw = dict[str, Any]
KINDS = [kind for kind, (end, _) in ENDS.items() if end == FACTS]
CLASSES = {
    "Story": "feature",
    "Task": "feature",
    "Improvement": "feature",
    "Bug": "defect",
}
TODO = {"To Do", "Open", "Backlog", "Reopened", "Selected for Development"}
DONE = {"Done", "Resolved", "Closed"}
CATEGORIES = {"new": "todo", "indeterminate": "in progress", "done": "done"}
BLOCKED_BY = {"is blocked by", "depends on"}
BLOCKS = {"blocks"}


class Told(NamedTuple):
    """A fact as it is compared."""

    kind: str
    time: int
    entity: str
    source: str
    fields: Raw
    people: Raw


class Seen(NamedTuple):
    """An issue, with what of it a change may have changed."""

    issue: Raw
    key: str
    project: str
    type: str
    components: frozenset[str]

    @property
    def number(self) -> str:
        """The issue by its number."""
        return f"jira:{self.issue['id']}"

    def said(self) -> Raw:
        """What every fact about it says."""
        said: Raw = {"project": self.project}
        if self.type in CLASSES:
            said["work_class"] = CLASSES[self.type]
        return said | ({"epic": True} if self.type == "Epic" else {})

    def areas(self) -> list[str]:
        """Its components, as what may own it."""
        return [
            f"jira:component:{self.project}/{one}" for one in sorted(self.components)
        ]


def seen(issue: Raw) -> Seen:
    """The issue as the body shows it."""
    fields = issue["fields"]
    project = (fields.get("project") or {}).get("key") or issue["key"].split("-")[0]
    names = frozenset(one["name"] for one in fields.get("components") or [])
    return Seen(issue, issue["key"], project, fields["issuetype"]["name"], names)


def at(end: str, one: Seen, items: list[Raw]) -> Seen:
    """The issue at one end of the change, whatever has become of it since."""
    for item in items:
        ends = (item["fromString"] or "", item["toString"] or "")
        this, that = ends if end == "from" else reversed(ends)
        match item["field"].lower():
            case "issuetype":
                one = one._replace(type=this)
            case "key":
                one = one._replace(project=this.split("-")[0])
            case "component":
                names = (one.components - {that}) | ({this} if this else set())
                one = one._replace(components=names)
    return one


def site(raw: Raw) -> str:
    """The host of the first address in the body."""
    parts = (raw.get(name) or {} for name in ("issue", "comment", "user"))
    return next((p["self"].split("/")[2].lower() for p in parts if "self" in p), "jira")


def keyed(raw: Raw, issue: Raw, time: int) -> Raw:
    """By which keys the body shows numbers of its site: its own as of a time."""
    parts = (raw.get(name) or {} for name in ("issue", "comment", "user"))
    links = (part["self"].split("//")[1] for part in parts if "self" in part)
    address = next((link.split("/rest/")[0].lower() for link in links), None)
    if address is None:
        return {}
    shown = issue["fields"].get("issuelinks") or []
    others = [link.get("outwardIssue", link.get("inwardIssue")) for link in shown]
    keys = {one["id"]: (one["key"], 0) for one in others} | {
        issue["id"]: (issue["key"], time)
    }
    word = site_word(address)
    return {"keyed": {f"jira:{word}/{one}": key for one, key in keys.items()}}


def updated(issue: Raw) -> int:
    """As of when it shows an issue."""
    fields = issue["fields"]
    return ms(fields.get("updated") or fields["created"])


def account(user: Raw) -> str:
    """Cloud has ids; Server names; one server in the data has neither, but keys."""
    names = (user.get(name) for name in ("accountId", "name", "key"))
    return f"jira:{next((name for name in names if name), '')}".lower()


def clock(raw: Raw) -> int:
    """When it happened; what a logger wrote over is the issue's own time."""
    stamp = raw["timestamp"]
    return stamp if isinstance(stamp, int) else ms(raw["issue"]["fields"]["updated"])


def acted(user: Raw | None, more: Raw) -> tuple[Raw, Raw]:
    """Fields and people of what somebody did."""
    if user is None:
        return more, {}
    name = account(user)
    if user.get("accountType") == "app" or name.startswith("jira:addon_"):
        return more | {"automation": True}, {}
    return more, {"actor": name} if name != "jira:" else {}


def created(first: Seen, source: str, raw: Raw) -> Told:
    fields, issue = first.issue["fields"], first.issue
    said = first.said() | {"areas": first.areas(), "aliases": [first.number]}
    said["url"] = f"{issue['self'].partition('/rest/')[0]}/browse/{first.key}"
    if fields["issuetype"].get("subtask"):
        said["parent"] = fields["parent"]["key"]
    links = fields.get("issuelinks") or []
    others = [link.get("outwardIssue", link.get("inwardIssue")) for link in links]
    if others:
        said["aliased"] = {f"jira:{one['id']}": one["key"] for one in others}
    said |= keyed(raw, issue, updated(issue))
    said, people = acted(fields.get("creator") or fields.get("reporter"), said)
    time = ms(fields["created"])
    return Told("ticket.created", time, first.key, source, said, people)


def commented(raw: Raw, said: Raw, entity: str) -> Told:
    comment = raw["comment"]
    by = comment.get("updateAuthor") or comment.get("author")
    fields, people = acted(by, said)
    time = ms(comment.get("updated") or comment["created"])
    return Told("ticket.commented", time, entity, site(raw), fields, people)


def of_comment(raw: Raw, kind: str) -> Iterator[Told]:
    if "issue" in raw:
        shown = seen(raw["issue"])
        entity, said = shown.key, shown.said() | {"aliases": [shown.number]}
        comment = raw["comment"]
        time = ms(comment.get("updated") or comment["created"])
        if kind == "comment_deleted":
            time = raw["timestamp"]
        if "updated" in shown.issue["fields"]:
            time = updated(shown.issue)
        said |= keyed(raw, shown.issue, time)
    else:
        entity = "jira:" + raw["comment"]["self"].split("/issue/")[1].split("/")[0]
        said = {}
    if kind != "comment_deleted":
        yield commented(raw, said, entity)
        return
    comment = raw["comment"]
    by = raw.get("user") or comment.get("updateAuthor") or comment.get("author")
    fields, people = acted(by, said)
    yield Told("ticket.updated", raw["timestamp"], entity, site(raw), fields, people)


def of_link(raw: Raw, kind: str) -> Told:
    link = raw["issueLink"]
    assert link["issueLinkType"]["outwardName"] in BLOCKS
    ends = [f"jira:{link[f'{end}IssueId']}" for end in ("source", "destination")]
    word = "link.added" if kind == "issuelink_created" else "link.removed"
    # A link's own event names no site, and one logger wrote over its time.
    stamp = raw["timestamp"] if isinstance(raw["timestamp"], int) else RECEIPT
    fields: Raw = {"blocker": ends[0], "request": f"link:{link['id']}"}
    if stamp == RECEIPT:
        fields["receipt"] = True
    return Told(word, stamp, ends[1], "jira", fields, {})


def standing(name: str, issue: Raw) -> str:
    """To do, in progress or done: by the body's own status, else by its name."""
    own = issue["fields"]["status"]
    if own["name"] == name:
        return CATEGORIES[own["statusCategory"]["key"]]
    return "todo" if name in TODO else "done" if name in DONE else "in progress"


def moved(was: str, now: str, raw: Raw) -> list[str]:
    """What a transition means."""
    one, other = standing(was, raw["issue"]), standing(now, raw["issue"])
    if other == "done":
        resolution = (raw["issue"]["fields"].get("resolution") or {}).get("name")
        return ["ticket.cancelled" if resolution == "Won't Do" else "ticket.done"]
    if one == "done":
        return ["ticket.reopened", *(["ticket.parked"] if other == "todo" else [])]
    if other == "in progress":
        return ["ticket.started"]
    return [] if one == "todo" else ["ticket.parked"]


def links_shown(raw: Raw, now: Seen, last: int, written: int) -> Iterator[Told]:
    """What the issue shows of links that hold somebody up, or it no longer."""
    for link in raw["issue"]["fields"].get("issuelinks") or []:
        outward = "outwardIssue" in link
        other = link["outwardIssue" if outward else "inwardIssue"]
        word = link["type"]["outward" if outward else "inward"]
        ends = (
            (now.key, other["key"]) if word in BLOCKED_BY else (other["key"], now.key)
        )
        own = raw["issue"]["fields"]["status"]["statusCategory"]["key"]
        if word in BLOCKS and own == "done":
            continue
        if word in BLOCKED_BY | BLOCKS:
            number = {"request": f"link:{link['id']}"}
            fields = {"receipt": True, "blocker": ends[1]} | number
            word, time = "link.added", last
            if other["fields"]["status"]["statusCategory"]["key"] == "done":
                word, time = "link.removed", written
                fields |= {"how": "resolved", "automation": True}
            yield Told(word, time, ends[0], site(raw), fields, {})


def of_change(
    raw: Raw, items: list[Raw], was: Seen, now: Seen
) -> Iterator[tuple[str, Raw, Raw]]:
    """Kind, further fields and further people of what a change means."""
    for item in items:
        if item["field"] == "status":
            begins = standing(item["fromString"], raw["issue"]) != "in progress"
            kinds = moved(item["fromString"], item["toString"], raw)
            more: Raw = {"ticket.started": {"areas": now.areas()} if begins else {}}
            if "ticket.parked" in kinds:
                more["ticket.reopened"] = {"how": "put back"}
            for kind in kinds:
                yield kind, more.get(kind, {}), {}
        else:
            yield from of_item(item, now, raw)
    if (was.areas(), was.project) != (now.areas(), now.project):
        left = {"areas_before": was.areas(), "project_before": was.project}
        yield "ticket.assigned", {"areas": now.areas(), **left}, {}


def handle(item: Raw, side: str, raw: Raw) -> str:
    """The person on one side of a change, as whoever acts is called."""
    shown = (raw["issue"]["fields"].get("assignee"), raw.get("user"))
    for user in filter(None, shown):
        names = {user.get(part) for part in ("accountId", "name", "key")}
        if item[side] in names:
            return f"jira:{(user.get('accountId') or user['name']).lower()}"
    account = item.get(f"tmp{side.title()}AccountId") or item[side]
    return f"jira:{account.lower()}"


def of_item(item: Raw, now: Seen, raw: Raw) -> Iterator[tuple[str, Raw, Raw]]:
    new = item["toString"] or ""
    match item["field"]:
        case "assignee" if item["to"]:
            yield "ticket.assigned", {}, {"receiver": handle(item, "to", raw)}
        case "assignee" if item["from"]:
            had_it = {"receiver": handle(item, "from", raw)}
            yield "ticket.assigned", {"how": "unassigned"}, had_it
        case "Key":
            aliases = [now.number, item["fromString"]]
            keys = keyed(raw, raw["issue"], updated(raw["issue"]))
            yield "ticket.updated", {"aliases": aliases} | keys, {}
        case "issuetype":
            is_epic = now.type == "Epic"
            yield "ticket.updated", {"parent": "", "epic": is_epic}, {}
        case "Sprint" if item["fromString"]:
            yield "ticket.postponed", {"how": "sprint"}, {}
        case "Rank" if new == "Ranked lower":
            yield "ticket.postponed", {"how": "rank"}, {}
        case "duedate" if item["from"] and not item["to"]:
            yield "ticket.postponed", {"how": "date"}, {}
        case "Flagged":
            yield f"ticket.{'blocked' if new else 'unblocked'}", {}, {}
        case "Link" if "is blocked by" in new:
            yield "link.added", {"blocker": item["to"]}, {}


def put_back(raw: Raw, now: Seen, items: list[Raw]) -> Iterator[Told]:
    """Cloud's date of the category, where it is to do and not so from the start."""
    fields = raw["issue"]["fields"]
    if not fields.get("statuscategorychangedate"):
        return
    since = ms(fields["statuscategorychangedate"])
    later = since - ms(fields["created"]) > 60_000
    is_todo = fields["status"]["statusCategory"]["key"] == "new"
    if later and is_todo and all(item["field"] != "status" for item in items):
        said = {"project": now.project}
        yield Told("ticket.parked", since, now.key, site(raw), said, {})


def of_update(raw: Raw) -> Iterator[Told]:
    shown, source = seen(raw["issue"]), site(raw)
    items = (raw.get("changelog") or {}).get("items") or []
    if "transition" in raw:
        ends = raw["transition"]["from_status"], raw["transition"]["to_status"]
        items = [{"field": "status", "fromString": ends[0], "toString": ends[1]}]
    was, now = at("from", shown, items), at("to", shown, items)
    yield created(was, source, raw)
    yield from put_back(raw, shown, items)
    yield from links_shown(raw, shown, clock(raw), clock(raw))
    told = list(of_change(raw, items, was, now))
    # A handover is no activity by itself, and neither is nothing at all.
    has_comment = isinstance(raw.get("comment"), dict)
    if (items or not has_comment) and only_hands(told):
        told.append(("ticket.updated", {}, {}))
    for kind, more, others in told:
        fields, people = acted(raw.get("user"), now.said() | more)
        yield Told(kind, clock(raw), now.key, source, fields, people | others)
    if has_comment:
        yield commented(raw, shown.said(), shown.key)


def only_hands(told: list[tuple[str, Raw, Raw]]) -> bool:
    return all(
        kind == "ticket.assigned" and more.get("how") != "unassigned"
        for kind, more, _ in told
    )


def changed(
    raw: Raw, time: int, by: Raw | None, items: list[Raw], was: Seen, now: Seen
) -> Iterator[Told]:
    """A change; a handover is no activity by itself, and neither is nothing at all."""
    told = list(of_change(raw, items, was, now))
    if only_hands(told):
        told.append(("ticket.updated", {}, {}))
    for kind, more, others in told:
        # A link says nothing of where its blocked end belongs: it may be the other.
        said = {} if kind == "link.added" else now.said()
        fields, people = acted(by, said | more)
        yield Told(kind, time, now.key, site(raw), fields, people | others)


def of_interface(issue: Raw) -> Iterator[Told]:
    """An issue as the interface shows it: its whole life, read backwards."""
    raw, now = {"issue": issue}, seen(issue)
    comments = (issue["fields"].get("comment") or {}).get("comments") or []
    for comment in comments:
        yield commented(raw | {"comment": comment}, {}, now.key)
    histories = (issue.get("changelog") or {}).get("histories") or []
    for change in sorted(histories, key=lambda one: ms(one["created"]), reverse=True):
        was = at("from", now, change["items"])
        author, time = change.get("author"), ms(change["created"])
        yield from changed(raw, time, author, change["items"], was, now)
        now = was
    yield created(now, site(raw), raw)
    yield from links_shown(raw, seen(issue), ms(issue["fields"]["updated"]), RECEIPT)


def of_deletion(raw: Raw) -> Iterator[Told]:
    shown = seen(raw["issue"])
    yield created(shown, site(raw), raw)
    fields, people = acted(raw.get("user"), shown.said() | {"deleted": True})
    yield Told("ticket.cancelled", clock(raw), shown.key, site(raw), fields, people)


def expected(raw: Raw, kind: str) -> list[Told]:
    """Every fact of the body."""
    if kind.startswith("comment"):
        return list(of_comment(raw, kind))
    if kind.startswith("issuelink"):
        return [of_link(raw, kind)]
    if kind == "api-issue":
        return list(of_interface(raw))
    if kind == "issue_created":
        return [created(seen(raw["issue"]), site(raw), raw)]
    return list(of_deletion(raw) if kind == "issue_deleted" else of_update(raw))


def by_kind(told: list[Told]) -> list[Told]:
    return sorted(told, key=lambda one: (one.kind, json.dumps(one.fields)))


def found(path: Path) -> list[Told]:
    return [
        Told(str(f.kind), f.time, f.entity, f.source, dict(f.fields), dict(f.people))
        for f in decoded(path).facts
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_fact_of_every_body_is_what_its_json_says(kind: str) -> None:
    wrong = {}
    for path in bodies(kind):
        raw = json.loads(path.read_bytes())
        told, read = by_kind(found(path)), by_kind(expected(raw, kind))
        if told != read:
            wrong[path.name] = ([x for x in told if x not in read], read)
    assert wrong == {}
