"""The real payloads as Kafka records, and as the lines of a record file."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.harness.reference_data import webhook_bodies
from tests.harness.topics import Record, Topic


def github_records() -> list[Record]:
    """Every webhook body, with the header that names its kind."""
    return [
        Record(path.read_bytes(), headers={"X-GitHub-Event": kind.encode()})
        for kind, path in webhook_bodies("github")
    ]


def cdevents_records() -> list[Record]:
    """Every CDEvent as raw JSON, without headers."""
    return [Record(path.read_bytes()) for _, path in webhook_bodies("cdevents")]


def jira_records() -> list[Record]:
    """Every webhook body; Jira's need no header."""
    return [Record(path.read_bytes()) for _, path in webhook_bodies("jira")]


def produced(
    topic: Topic, records: Sequence[Record], timestamp_ms: int
) -> list[dict[str, Any]]:
    """Append the records to the first partition; their lines of a record file."""
    timed = [
        Record(record.value, record.key, record.headers, 0, timestamp_ms)
        for record in records
    ]
    offsets = topic.produce(timed)
    return [
        line_of(topic.name, offset, record)
        for offset, record in zip(offsets, timed, strict=True)
    ]


def line_of(topic: str, offset: int, record: Record) -> dict[str, Any]:
    """A record as a line of a record file, its bytes as they are."""
    return {
        "topic": topic,
        "partition": record.partition,
        "offset": offset,
        "timestamp": record.timestamp_ms,
        "headers": {name: value.decode() for name, value in record.headers.items()},
        "value_base64": base64.b64encode(record.value or b"").decode(),
    }


# People

_PERSON_KEYS = frozenset({"creator", "reporter", "assignee", "reviewer", "committer"})
_PERSON_LISTS = frozenset({"assignees", "reviewers"})
_NAMES = frozenset(
    {"login", "email", "name", "username", "display_login"}
    | {"accountId", "displayName", "emailAddress", "key"}
)
_BRANCHES = frozenset({"ref", "head_branch"})
_DEFAULT = frozenset({"main", "master", "refs/heads/main", "refs/heads/master"})
# A label that is put on or taken off, the status to which a card is moved, a branch.
_FREELY_NAMED = frozenset({"label", "to", "branches"})
# What whoever is waited for is called by: a handle, with a sign before it, a name.
_WAITING = ("blocked-by:{}", "waiting for {} Surname", "waiting on @{}")
# The ends of a changelog's item that are persons, where the field holds one.
_ENDS = frozenset({"from", "fromString", "to", "toString"})


def with_people(records: Sequence[Record], name: str) -> Iterator[Record]:
    """The records with every person in them called ``name``; no JSON is left out.

    People also stand in what is typed freely: branches, labels, statuses and titles.
    Owners of repositories keep their names: those are part of the repositories'.
    """
    for record in records:
        try:
            body = json.loads(record.value or b"")
        except ValueError:
            continue
        value = json.dumps(_renamed(body, name)).encode()
        yield Record(value, record.key, record.headers)


def _renamed(value: Any, name: str, key: str = "") -> Any:
    match value:
        case {"name": str(text)} if key in _FREELY_NAMED:
            typed = _branch(text, name) if key == "branches" else _waiting(text, name)
            return {**value, "name": typed}
        case list() if key == "branches":
            return [_renamed(each, name, key) for each in value]
        case dict():
            named = _names_of(value, key)
            return {
                each: name if of and each in named else _renamed(of, name, each)
                for each, of in value.items()
            }
        case list():
            inner = "reviewer" if key in _PERSON_LISTS else ""
            return [_renamed(each, name, inner) for each in value]
        case str():
            return _text_of(value, name, key)
    return value


def _text_of(value: str, name: str, key: str) -> str:
    if key in _PERSON_KEYS:
        return name
    if key in _BRANCHES:
        return _branch(value, name)
    if key == "title":
        return f"{value} by {name}"
    if key in ("body", "description"):
        return f"{value} for @{name} <{name}@mail.example>"
    return value


def _branch(branch: str, name: str) -> str:
    """A branch as GitHub calls that of an edit on the web."""
    return branch if branch in _DEFAULT else f"{branch}-{name}-patch-1"


def _waiting(text: str, name: str) -> str:
    """A label, always the same one for the same text."""
    return _WAITING[len(text) % len(_WAITING)].format(name)


def _names_of(value: Mapping[str, Any], key: str) -> frozenset[str]:
    """Which of an object's values name a person."""
    if value.get("field") in _PERSON_KEYS:
        return _ENDS
    return _NAMES if _is_person(value, key) else frozenset()


def _is_person(value: Mapping[str, Any], key: str) -> bool:
    if key in ("owner", "organization"):
        return False
    if "displayName" in value:
        return True
    commits = key in ("author", "committer", "pusher") and "email" in value
    return commits or value.get("type") == "User"
