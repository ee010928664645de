"""The parts Jira repeats in every body: accounts, projects, statuses, types.

Real bodies are big because of these. Nobody in them is real: an account's name is
its handle.
"""

from __future__ import annotations

import datetime as dt
import zlib
from functools import lru_cache
from typing import Final

from monitor.simulate.bodies.jira_things import (
    DONE,
    IN_PROGRESS,
    IN_REVIEW,
    SUB_TASK,
    TO_DO,
    WAITING,
    Site,
)

Json = dict[str, object]

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_HOSTS: Final[dict[Site, str]] = {
    "cloud": "https://acme-simulated.example",
    "server": "https://jira.acme.example",
}
_VERSIONS: Final[dict[Site, str]] = {"cloud": "3", "server": "2"}
_SIZES: Final = ("48x48", "24x24", "16x16", "32x32")
_CATEGORIES: Final = {
    "new": (2, "blue-gray", "To Do"),
    "indeterminate": (4, "yellow", "In Progress"),
    "done": (3, "green", "Done"),
}
# Numbers of an own workflow: none that Jira is delivered with tells a category.
_STATUSES: Final = {
    TO_DO: (10_000, "new"),
    IN_PROGRESS: (10_001, "indeterminate"),
    IN_REVIEW: (10_002, "indeterminate"),
    WAITING: (10_003, "indeterminate"),
    DONE: (10_004, "done"),
}


def _status(name: str) -> tuple[int, str]:
    """A status's number and category; what waits for a team is in progress."""
    named = 20_000 + zlib.crc32(name.encode()) % 10_000
    return _STATUSES.get(name, (named, "indeterminate"))


def jira_time(instant: int) -> str | None:
    """Jira's way to write an instant; its offset has no colon. ``None``: not yet."""
    if not instant:
        return None
    moment = _EPOCH + dt.timedelta(milliseconds=instant)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{instant % 1_000:03}+0000"


def rest(site: Site, path: str) -> str:
    """The address of something at the site's interface."""
    return f"{_HOSTS[site]}/rest/api/{_VERSIONS[site]}/{path}"


def status_id(name: str) -> str:
    """A status's number, as changelogs write it."""
    return str(_status(name)[0])


def category_of(name: str) -> str:
    """The category of a status."""
    return _status(name)[1]


def _pictures(site: Site, what: str) -> Json:
    number = zlib.crc32(what.encode())
    host = _HOSTS[site]
    return {
        size: f"{host}/secure/avatar?avatarId={number}&size={size}" for size in _SIZES
    }


@lru_cache(maxsize=8_192)
def user(site: Site, handle: str) -> Json:
    """An account, or a program's. Shared: copy before changing."""
    shown: Json = {
        "avatarUrls": _pictures(site, handle),
        "displayName": handle,
        "active": True,
        "timeZone": "Etc/UTC",
    }
    if site == "cloud":
        of_app = handle.startswith("addon_")
        return {
            "self": rest(site, f"user?accountId={handle}"),
            "accountId": handle,
            **shown,
            "accountType": "app" if of_app else "atlassian",
        }
    number = 10_000 + zlib.crc32(handle.encode()) % 80_000
    return {
        "self": rest(site, f"user?username={handle}"),
        "name": handle,
        "key": f"JIRAUSER{number}",
        **shown,
    }


@lru_cache(maxsize=2_048)
def project(site: Site, key: str) -> Json:
    """A project. Shared: copy before changing."""
    number = 10_000 + zlib.crc32(key.encode()) % 80_000
    return {
        "self": rest(site, f"project/{number}"),
        "id": str(number),
        "key": key,
        "name": f"{key} (simulated)",
        "projectTypeKey": "software",
        "simplified": False,
        "avatarUrls": _pictures(site, key),
    }


@lru_cache(maxsize=64)
def status(site: Site, name: str) -> Json:
    """A status with its category. Shared: copy before changing."""
    number, category = _status(name)
    its_id, colour, its_name = _CATEGORIES[category]
    return {
        "self": rest(site, f"status/{number}"),
        "description": "",
        "iconUrl": f"{_HOSTS[site]}/images/icons/statuses/generic.png",
        "name": name,
        "id": str(number),
        "statusCategory": {
            "self": rest(site, f"statuscategory/{its_id}"),
            "id": its_id,
            "key": category,
            "colorName": colour,
            "name": its_name,
        },
    }


@lru_cache(maxsize=64)
def issue_type(site: Site, name: str) -> Json:
    """An issue type; its level is told on Cloud only. Shared: copy before changing."""
    number = 10_000 + zlib.crc32(name.encode()) % 1_000
    shown: Json = {
        "self": rest(site, f"issuetype/{number}"),
        "id": str(number),
        "description": "Something that has to be done.",
        "iconUrl": f"{_HOSTS[site]}/images/icons/issuetypes/{number}.svg",
        "name": name,
        "subtask": name == SUB_TASK,
        "avatarId": number,
    }
    level = -1 if name == SUB_TASK else 0
    return {**shown, "hierarchyLevel": level} if site == "cloud" else shown


def priority(site: Site) -> Json:
    """A ticket's priority, which nothing depends on."""
    return {
        "self": rest(site, "priority/3"),
        "iconUrl": f"{_HOSTS[site]}/images/icons/priorities/medium.svg",
        "name": "Medium",
        "id": "3",
    }


def link_type(site: Site) -> Json:
    """Links of the one type that is drawn, as issues show it."""
    return {
        "id": "10000",
        "name": "Blocks",
        "inward": "is blocked by",
        "outward": "blocks",
        "self": rest(site, "issueLinkType/10000"),
    }
