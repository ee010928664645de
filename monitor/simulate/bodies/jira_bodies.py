"""Jira's webhook bodies of what a plan tells about, as large as real ones."""

from __future__ import annotations

from typing import Final

from monitor.simulate.bodies.jira_parts import (
    Json,
    issue_type,
    jira_time,
    link_type,
    priority,
    project,
    rest,
    status,
    user,
)
from monitor.simulate.bodies.jira_things import (
    FLAG_FIELD,
    RANK_FIELD,
    SPRINT_FIELD,
    TEAM_FIELD,
    Item,
    Link,
    Site,
    Ticket,
    Told,
)

_SHORT: Final = ("summary", "issuetype", "project", "assignee", "priority", "status")
# A site's other custom fields stand in every body, most of them empty.
_EMPTY: Final = tuple(f"customfield_{number}" for number in range(10_030, 10_062))
_TEXT: Final = (
    "h2. What\r\n\r\nAs agreed in the planning: see the pages of the team for the "
    "wording, and mind the cases from the last review.\r\n\r\nh2. Done when\r\n\r\n"
    "* it works for the empty case and the usual one\r\n* the board shows it\r\n"
)
_GENERIC: Final = "issue_generic"


def body_of(event: str, told: Told) -> Json:
    """The body of ``event`` about what is told."""
    match event:
        case "comment_created":
            return _comment(event, told)
        case "issuelink_created" | "issuelink_deleted":
            return _link_event(event, told)
        case _:
            return _issue_event(event, told)


def _issue_event(event: str, told: Told) -> Json:
    body: Json = {
        "timestamp": told.time,
        "webhookEvent": event,
        "issue_event_type_name": _type_of(event, told),
        "user": user(told.site, told.actor),
        "issue": _issue(told.site, told.ticket),
    }
    if told.comment:
        body["comment"] = _said(told)
    if told.items:
        items = [_item(told.site, item) for item in told.items]
        body["changelog"] = {"id": str(told.number), "items": items}
    return body


def _type_of(event: str, told: Told) -> str:
    if event != "jira:issue_updated":
        return event.removeprefix("jira:")
    if told.comment:
        return "issue_commented"
    fields = {item.field for item in told.items}
    return "issue_assigned" if fields == {"assignee"} else _GENERIC


def _item(site: Site, item: Item) -> Json:
    custom = item.field_id.startswith("customfield_")
    shown: Json = {
        "field": item.field,
        "fieldtype": "custom" if custom else "jira",
        "fieldId": item.field_id,
        "from": item.before_id or None,
        "fromString": item.before or None,
        "to": item.after_id or None,
        "toString": item.after or None,
    }
    if site == "server" and not custom:
        # Older servers write no ids of system fields.
        del shown["fieldId"]
    return shown


def _issue(site: Site, ticket: Ticket) -> Json:
    return {
        "id": str(ticket.id),
        "self": rest(site, f"issue/{ticket.id}"),
        "key": ticket.key,
        "fields": _fields(site, ticket),
    }


def _fields(site: Site, ticket: Ticket) -> Json:
    api = rest(site, f"issue/{ticket.key}")
    resolution: Json | None = None
    if ticket.resolution:
        resolution = {"self": rest(site, "resolution/1"), "name": ticket.resolution}
    assignee = user(site, ticket.assignee) if ticket.assignee else None
    fields: Json = {
        "issuetype": issue_type(site, ticket.type_name),
        "project": project(site, ticket.key.partition("-")[0]),
        "summary": ticket.summary,
        "status": status(site, ticket.status),
        "priority": priority(site),
        "assignee": assignee,
        "creator": user(site, ticket.creator),
        "reporter": user(site, ticket.creator),
        "created": jira_time(ticket.created),
        "updated": jira_time(ticket.updated),
        "resolution": resolution,
        "resolutiondate": jira_time(ticket.resolved),
        "labels": list(ticket.labels),
        "components": [{"name": name} for name in ticket.components],
        "fixVersions": [],
        "versions": [],
        "issuelinks": [_link(site, link) for link in ticket.links],
        "subtasks": [],
        "attachment": [],
        "description": _TEXT,
        "environment": None,
        "duedate": None,
        "timespent": None,
        "timeoriginalestimate": None,
        "aggregatetimespent": None,
        "workratio": -1,
        "lastViewed": None,
        "timetracking": {},
        "progress": {"progress": 0, "total": 0},
        "aggregateprogress": {"progress": 0, "total": 0},
        "watches": {"self": f"{api}/watchers", "watchCount": 1, "isWatching": False},
        "votes": {"self": f"{api}/votes", "votes": 0, "hasVoted": False},
        **_custom(site, ticket),
        **dict.fromkeys(_EMPTY),
    }
    if ticket.parent:
        fields["parent"] = _parent(site, ticket)
    if site == "cloud":
        fields["statuscategorychangedate"] = jira_time(ticket.since)
    return fields


def _parent(site: Site, ticket: Ticket) -> Json:
    return {
        "id": str(ticket.parent),
        "key": ticket.parent_key,
        "self": rest(site, f"issue/{ticket.parent}"),
        "fields": {"priority": priority(site)},
    }


def _custom(site: Site, ticket: Ticket) -> Json:
    flag = {
        "self": rest(site, "customFieldOption/10019"),
        "value": "Impediment",
        "id": "10019",
    }
    sprint = {"id": ticket.sprint, "name": f"Sprint {ticket.sprint}", "boardId": 1}
    team = {"id": f"team-{ticket.team}", "name": ticket.team}
    return {
        TEAM_FIELD: team if ticket.team else None,
        SPRINT_FIELD: [sprint] if ticket.sprint else None,
        FLAG_FIELD: [flag] if ticket.flagged else None,
        RANK_FIELD: f"0|i{ticket.id:05x}:",
    }


def _link(site: Site, link: Link) -> Json:
    other: Json = {
        "id": str(link.other),
        "key": link.other_key,
        "self": rest(site, f"issue/{link.other}"),
        "fields": {
            "status": status(site, link.other_status),
            "priority": priority(site),
        },
    }
    end = "outwardIssue" if link.blocks else "inwardIssue"
    return {
        "id": str(link.id),
        "self": rest(site, f"issueLink/{link.id}"),
        "type": link_type(site),
        end: other,
    }


def _said(told: Told) -> Json:
    author = user(told.site, told.actor)
    place = f"issue/{told.ticket.id}/comment/{told.number}"
    return {
        "self": rest(told.site, place),
        "id": str(told.number),
        "author": author,
        "body": "Still on it.",
        "updateAuthor": author,
        "created": jira_time(told.time),
        "updated": jira_time(told.time),
        "jsdPublic": True,
    }


def _comment(event: str, told: Told) -> Json:
    """Cloud embeds a short issue, Server none: the address has its number."""
    body: Json = {
        "timestamp": told.time,
        "webhookEvent": event,
        "comment": _said(told),
    }
    if told.site == "cloud":
        whole = _fields(told.site, told.ticket)
        short = {name: whole[name] for name in _SHORT}
        body["issue"] = _issue(told.site, told.ticket) | {"fields": short}
        body["eventType"] = "primaryAction"
    return body


def _link_event(event: str, told: Told) -> Json:
    """Both ends by number: the source blocks the destination."""
    kind: Json = {
        "id": 10_000,
        "name": "Blocks",
        "outwardName": "blocks",
        "inwardName": "is blocked by",
        "isSubTaskLinkType": False,
        "isSystemLinkType": False,
    }
    return {
        "timestamp": told.time,
        "webhookEvent": event,
        "issueLink": {
            "id": told.number,
            "sourceIssueId": told.other,
            "destinationIssueId": told.ticket.id,
            "issueLinkType": kind,
            "systemLink": False,
            "sequence": 1,
        },
    }
